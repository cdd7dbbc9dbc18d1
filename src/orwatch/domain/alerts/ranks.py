"""Alerts about models: `new-entrant` (one enters the largest), `rank-jump` (it moves by places), `surge` and `plunge`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from orwatch.domain.alerts.alert import Alert, Severity, Value
from orwatch.domain.alerts.rule import BasisRule, Observed, fraction
from orwatch.domain.periods import Period
from orwatch.domain.rankings import Ranked, Rankings
from orwatch.domain.setting import setting


class NewEntrant(BasisRule, frozen=True):
    """A model is among the largest and was not in the complete period before.

    On a basis of fewer rows than `top` the largest are those of the basis. Where the period before names fewer rows, or is a gap,
    absence is unknown and nobody enters.
    """

    top: Annotated[
        int,
        setting("How many models are the largest; at most the rows of the basis.", "a number of models", ge=1, le=50),
    ] = 10

    def find(self, observed: Observed) -> Iterator[Alert]:
        rankings = observed.rankings(self)
        top = min(self.top, rankings.lens.basis.size)
        for period, row, then in entrants(rankings, top):
            values: dict[str, Value] = {
                "model": row.permaslug,
                "rank": row.rank,
                "rank_before": then,
                "status": None if then else "new" if rankings.unseen([row.permaslug], period) else "back",
                "tokens": row.tokens,
                "top": top,
            }
            yield model_alert("new-entrant", rankings, period, values, str(top), "up")


class RankJump(BasisRule, frozen=True):
    """A model that is or was on the basis moved by several places against the complete period before."""

    on: Annotated[bool, setting("Whether the rule fires.")] = False
    places: Annotated[
        int,
        setting("The smallest move, up or down.", "a number of places", ge=1, le=49),
    ] = 5

    def find(self, observed: Observed) -> Iterator[Alert]:
        rankings = observed.rankings(self)
        for period, now, before in rankings.neighbours():
            here, there = now.places, before.places
            for slug in dict.fromkeys((*now.slugs_on_basis, *before.slugs_on_basis)):
                rank, then = here.get(slug), there.get(slug)
                if rank is None or then is None or abs(places := then - rank) < self.places:
                    continue
                values: dict[str, Value] = {"model": slug, "rank": rank, "rank_before": then, "places": places}
                direction = "up" if places > 0 else "down"
                yield model_alert("rank-jump", rankings, period, values, str(self.places), direction)


class Surge(BasisRule, frozen=True):
    """A model on the basis grew by the fraction or more, with the share of all tokens in this period."""

    change: Annotated[
        float,
        fraction("The smallest growth on the period before.", 0.01, 20, "a fraction from 0.01 to 20 (0.5 is 50 %)"),
    ] = 0.5
    share: Annotated[float, fraction("The smallest share of all tokens, in this period.")] = 0.005

    def find(self, observed: Observed) -> Iterator[Alert]:
        return _moves(observed, self, up=True)


class Plunge(BasisRule, frozen=True):
    """A model that was on the basis shrank by the fraction or more, with the share of all tokens in the period before."""

    change: Annotated[float, fraction("The smallest loss on the period before.", 0.01)] = 0.5
    share: Annotated[float, fraction("The smallest share of all tokens, in the period before.")] = 0.005

    def find(self, observed: Observed) -> Iterator[Alert]:
        return _moves(observed, self, up=False)


def _moves(observed: Observed, rule: Surge | Plunge, *, up: bool) -> Iterator[Alert]:
    """Of the rows that both of two neighbouring complete periods name: one that is not named in one of them has no change."""
    rankings = observed.rankings(rule)
    name, direction, sign = ("surge", "up", 1) if up else ("plunge", "down", -1)
    for period, now, before in rankings.neighbours():
        larger, smaller = (now, before) if up else (before, now)
        others = smaller.named
        for row in larger.on_basis:
            other = others.get(row.permaslug)
            if other is None or not larger.total or row.tokens < rule.share * larger.total:
                continue
            new, old = (row.tokens, other) if up else (other, row.tokens)
            if not old or sign * (change := (new - old) / old) < rule.change:
                continue
            values: dict[str, Value] = {
                "model": row.permaslug,
                "change": change,
                "tokens": new,
                "tokens_before": old,
                "share": row.tokens / larger.total,
            }
            yield model_alert(name, rankings, period, values, f"{rule.change:g}", direction)


def entrants(rankings: Rankings, top: int) -> Iterator[tuple[Period, Ranked, int | None]]:
    """The `top` largest of each complete period that were not so in the one before, which names as many, with their rank there."""
    for period, now, before in rankings.neighbours():
        for row in now.rows[:top] if before.names(top) else ():
            then = before.places.get(row.permaslug)
            if then is None or then > top:
                yield period, row, then


def model_alert(
    rule: str, rankings: Rankings, period: Period, values: dict[str, Value], threshold: str, direction: str
) -> Alert:
    """A confirmed alert about a row of the basis in a complete period: the `model` of its values."""
    slug, basis = str(values["model"]), rankings.lens.basis
    return Alert(rule, Severity.NOTABLE, "model", slug, period, values, threshold, direction, basis)
