"""OpenRouter's API: the only package that knows HTTP. It keeps nothing and draws nothing.

client     one GET at a time: keys, redirects, limits, failures as sentences
decode     bodies to the domain's records, foreign text cleaned
exports    the public snapshots, no key needed
rankings   the keyed record, by day, week and month
catalogue  models and providers
budget     how long to wait before the next keyed request
"""

import sys

# Where click happens to be installed, httpx would load its own command line with it: 45 ms and 3 MB that no request needs.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]
