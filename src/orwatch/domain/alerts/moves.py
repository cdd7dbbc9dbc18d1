"""`surge` and `plunge`: a model's tokens change by a large part of what they were."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from orwatch.domain.alerts.alert import Alert, Value
from orwatch.domain.alerts.ranks import model_alert, neighbours
from orwatch.domain.alerts.rule import BasisRule, Observed, fraction


class Surge(BasisRule, frozen=True):
    """A model on the basis grew by the fraction or more, with the share of all tokens in this period."""

    change: Annotated[
        float,
        fraction("The smallest growth on the period before.", 0.01, 20, "a fraction from 0.01 to 20 (0.5 is 50 %)"),
    ] = 0.5
    share: Annotated[float, fraction("The smallest share of all tokens, in this period.")] = 0.005

    def find(self, observed: Observed) -> Iterator[Alert]:
        """Oldest first."""
        return _moves(observed, self, up=True)


class Plunge(BasisRule, frozen=True):
    """A model that was on the basis shrank by the fraction or more, with the share of all tokens in the period before."""

    change: Annotated[float, fraction("The smallest loss on the period before.", 0.01)] = 0.5
    share: Annotated[float, fraction("The smallest share of all tokens, in the period before.")] = 0.005

    def find(self, observed: Observed) -> Iterator[Alert]:
        """Oldest first."""
        return _moves(observed, self, up=False)


def _moves(observed: Observed, rule: Surge | Plunge, *, up: bool) -> Iterator[Alert]:
    """Of the rows that both of two neighbouring complete periods name: one that is not named in one of them has no change."""
    rankings = observed.rankings(rule)
    name, direction, sign = ("surge", "up", 1) if up else ("plunge", "down", -1)
    for period, now, before in neighbours(rankings):
        larger, smaller = (now, before) if up else (before, now)
        for row in larger.on_basis:
            other = smaller.row(row.permaslug)
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
            yield model_alert(name, rankings, period, row.permaslug, values, f"{rule.change:g}", direction)
