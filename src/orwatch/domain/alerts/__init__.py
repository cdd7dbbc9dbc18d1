"""Alerts: what happened to leads, ranks, shares and prices, as pure functions of the record, one family of rules a module.

A rule is a struct: its settings, and `find`, which gives its alerts. A new one is such a struct, its field in `registry`, and its
words in `orwatch.present.alerts`.

rule        what every rule has, and what it may look at; those about listed models have a scope
registry    all rules
alert       the record of an alert, the same for every rule
leads       lead-flip, streak, growth-streak
ranks       new-entrant, rank-jump, surge, plunge
crossings   share-crosses, ratio-crosses
prices      price-change, price-crosses, discount, free
listings    new-model, expiring
apps        app-flip, app-entrant
benchmarks  benchmark-leader
freshness   stale
briefs      brief
memory      what is remembered of alerts
repeats     what is told already
entries     the rows of a list of alerts
"""
