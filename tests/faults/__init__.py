"""What orwatch promises when the network, the API, the machine or the cache file fail, and the proof of it.

server      an OpenRouter on loopback that misbehaves on demand
table       the faults: what the server does, and what a person is told
front_ends  those that are told: the poller, `orwatch poll`, `orwatch watch`, the dashboard
PROMISES.md the promises, each with the test that holds it
"""
