"""Alerts: what happened to leads, ranks, shares and prices, as pure functions of the record, one family of rules a module.

rules      the settings of each rule, with their defaults
records    the record of an alert, the same for every rule
leads      lead-flip, streak            growth     growth-streak
ranks      new-entrant, rank-jump       moves      surge, plunge
crossings  share-crosses, ratio-crosses prices     price-change, discount, free
listings   new-model, expiring          freshness  stale
choice     which subjects a rule speaks of
"""
