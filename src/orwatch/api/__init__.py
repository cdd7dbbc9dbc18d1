"""OpenRouter's API: the only package that knows HTTP. It keeps nothing and draws nothing.

client, failures, origin                    one GET at a time: keys, redirects, limits, failures as sentences
decode, pricing                             what the datasets have in common when they are read
one module a dataset                        `fetch` asks, `read` makes a body the domain's records
"""
