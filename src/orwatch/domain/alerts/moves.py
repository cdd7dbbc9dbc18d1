"""`surge` and `plunge`: a model's tokens change by a large part of what they were."""

from __future__ import annotations

from orwatch.domain.alerts.ranks import neighbours
from orwatch.domain.alerts.records import Alert, Severity, Standing, Value
from orwatch.domain.alerts.rules import Plunge, Surge
from orwatch.domain.rankings import Rankings


def move_alerts(rankings: Rankings, rule: Surge | Plunge, *, up: bool) -> list[Alert]:
    """Every model that grew (or, `up` false, shrank) by the rule's fraction or more against the complete period before.

    Oldest first. Of the rows of the basis: now for a surge, before for a plunge, each with the rule's share of all tokens in that
    period. A model that one of the periods does not name has no change.
    """
    name, sign = ("surge", 1) if up else ("plunge", -1)
    alerts = []
    for period, now, before in neighbours(rankings):
        larger, smaller = (now, before) if up else (before, now)
        for row in larger.on_basis:
            other = smaller.by_slug.get(row.permaslug)
            if other is None or not larger.total or row.tokens < rule.share * larger.total:
                continue
            new, old = (row, other) if up else (other, row)
            if not old.tokens or sign * (change := (new.tokens - old.tokens) / old.tokens) < rule.change:
                continue
            values: dict[str, Value] = {
                "model": row.permaslug,
                "change": change,
                "tokens": new.tokens,
                "tokens_before": old.tokens,
                "share": row.tokens / larger.total,
            }
            alerts.append(
                Alert(
                    name,
                    Severity.NOTABLE,
                    "model",
                    row.permaslug,
                    rankings.lens.basis,
                    period,
                    Standing.CONFIRMED,
                    values,
                    f"{rule.change:g}",
                    "up" if up else "down",
                )
            )
    return alerts
