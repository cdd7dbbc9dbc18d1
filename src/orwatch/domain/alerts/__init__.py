"""Alerts: what happened to leads, ranks, shares and prices, as pure functions of the record, one family of rules a module.

A rule is a struct: its settings, and `find`, which gives its alerts. A new one is such a struct, its field in `registry`, and its
words in `orwatch.present.alerts`.

alert      the record of an alert          rule       what every rule has, and what it may look at
registry   all rules
memory     what is remembered of alerts    repeats    what is told already, and what folds in a list
leads      lead-flip, streak               ranks      new-entrant, rank-jump, surge, plunge
crossings  share-crosses, ratio-crosses    prices     price-change, price-crosses, discount, free
listings   new-model, expiring             totals     growth-streak, brief, stale
apps       app-flip, app-entrant           benchmarks benchmark-leader
"""
