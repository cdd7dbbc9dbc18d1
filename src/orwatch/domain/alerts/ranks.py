"""Alerts about places: `new-entrant` (a model enters the largest) and `rank-jump` (it moves by several places)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from msgspec import Meta

from orwatch.domain.alerts.records import Alert, Severity, Standing, Value
from orwatch.domain.alerts.rule import BasisRule, Observed
from orwatch.domain.periods import Period
from orwatch.domain.rankings import Ranked, Ranking, Rankings


class NewEntrant(BasisRule, frozen=True):
    """`new-entrant`: a model enters the largest."""

    top: Annotated[
        int,
        Meta(
            description="How many models are the largest; at most the rows of the basis.",
            ge=1,
            le=50,
            extra={"accepts": "a number of models"},
        ),
    ] = 10

    def find(self, observed: Observed) -> Iterable[Alert]:
        """Every model that entered."""
        return entrant_alerts(observed.rankings(self), self)


class RankJump(BasisRule, frozen=True):
    """`rank-jump`: a model moves by several places."""

    on: Annotated[bool, Meta(description="Whether the rule fires.")] = False
    places: Annotated[
        int,
        Meta(description="The smallest move, up or down.", ge=1, le=49, extra={"accepts": "a number of places"}),
    ] = 5

    def find(self, observed: Observed) -> Iterable[Alert]:
        """Every model that moved so far."""
        return jump_alerts(observed.rankings(self), self)


def entrant_alerts(rankings: Rankings, rule: NewEntrant) -> list[Alert]:
    """Every model that is among the largest and was not in the complete period before, oldest first.

    On a basis of fewer rows than `top` the largest are those of the basis. Where the period before names fewer rows, or is a gap,
    absence is unknown and nobody enters.
    """
    top = min(rule.top, rankings.lens.basis.size)
    alerts = []
    seen: set[str] = set()
    for period in rankings.record.listings:
        now = rankings.at(period)
        assert now is not None
        before = rankings.complete(period.previous()) if rankings.complete(period) is not None else None
        if before is not None and before.names(top):
            for row in now.rows[:top]:
                then = before.by_slug.get(row.permaslug)
                if then is None or then.rank > top:
                    alerts.append(_entrant(rankings, period, row, then, row.permaslug in seen, top))
        seen |= now.by_slug.keys()
    return alerts


def _entrant(rankings: Rankings, period: Period, row: Ranked, then: Ranked | None, seen: bool, top: int) -> Alert:
    values: dict[str, Value] = {
        "model": row.permaslug,
        "rank": row.rank,
        "rank_before": then.rank if then else None,
        "status": None if then else "back" if seen else "new",
        "tokens": row.tokens,
        "top": top,
    }
    return _alert("new-entrant", rankings, period, row.permaslug, values, str(top), "up")


def jump_alerts(rankings: Rankings, rule: RankJump) -> list[Alert]:
    """Every model of the basis that moved by the rule's places or more against the complete period before, oldest first."""
    alerts = []
    for period, now, before in neighbours(rankings):
        for row, then in _of_basis(now, before):
            places = then.rank - row.rank
            if abs(places) >= rule.places:
                values: dict[str, Value] = {
                    "model": row.permaslug,
                    "rank": row.rank,
                    "rank_before": then.rank,
                    "places": places,
                }
                direction = "up" if places > 0 else "down"
                alerts.append(_alert("rank-jump", rankings, period, row.permaslug, values, str(rule.places), direction))
    return alerts


def neighbours(rankings: Rankings) -> list[tuple[Period, Ranking, Ranking]]:
    """Every complete period whose predecessor is complete too, with both rankings, oldest first."""
    out = []
    for period in rankings.record.complete_periods:
        now, before = rankings.complete(period), rankings.complete(period.previous())
        if now is not None and before is not None:
            out.append((period, now, before))
    return out


def _of_basis(now: Ranking, before: Ranking) -> list[tuple[Ranked, Ranked]]:
    """Rows that both periods name, of those that are or were on the basis."""
    slugs = dict.fromkeys([row.permaslug for row in (*now.on_basis, *before.on_basis)])
    return [(now.by_slug[s], before.by_slug[s]) for s in slugs if s in now.by_slug and s in before.by_slug]


def _alert(
    rule: str, rankings: Rankings, period: Period, slug: str, values: dict[str, Value], threshold: str, direction: str
) -> Alert:
    basis, confirmed = rankings.lens.basis, Standing.CONFIRMED
    return Alert(rule, Severity.NOTABLE, "model", slug, basis, period, confirmed, values, threshold, direction)
