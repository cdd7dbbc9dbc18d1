"""`surge` and `plunge`: a model's tokens change by a large part of what they were."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from orwatch.domain.alerts.ranks import neighbours
from orwatch.domain.alerts.records import Alert, Severity, Standing, Value
from orwatch.domain.alerts.rule import BasisRule, Observed, fraction
from orwatch.domain.rankings import Rankings


class Surge(BasisRule, frozen=True):
    """`surge`: a model's tokens grow by a large fraction of what they were."""

    change: Annotated[
        float,
        fraction("The smallest growth on the period before.", 0.01, 20, "a fraction from 0.01 to 20 (0.5 is 50 %)"),
    ] = 0.5
    share: Annotated[float, fraction("The smallest share of all tokens, in this period.")] = 0.005

    def find(self, observed: Observed) -> Iterable[Alert]:
        """Every surge."""
        return move_alerts(observed.rankings(self), self, up=True)


class Plunge(BasisRule, frozen=True):
    """`plunge`: a model loses a large fraction of its tokens."""

    change: Annotated[float, fraction("The smallest loss on the period before.", 0.01)] = 0.5
    share: Annotated[float, fraction("The smallest share of all tokens, in the period before.")] = 0.005

    def find(self, observed: Observed) -> Iterable[Alert]:
        """Every plunge."""
        return move_alerts(observed.rankings(self), self, up=False)


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
