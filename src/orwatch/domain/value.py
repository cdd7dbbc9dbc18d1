"""Quality beside price: which models give the most for theirs, by one score of one source at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from msgspec import Struct

from orwatch.domain.catalogue import Pricing
from orwatch.domain.prices import per_million


def blend(pricing: Pricing, input_share: Decimal) -> Decimal | None:
    """USD per million tokens of which so many are input (0 to 1) and the rest output; None where a price is unknown or varies."""
    given, out = per_million(pricing.prompt), per_million(pricing.completion)
    return None if given is None or out is None else given * input_share + out * (1 - input_share)


def cost_of_correct(cost: Decimal | None, accuracy: float | None) -> Decimal | None:
    """USD of a right answer: those of a task ÷ the fraction of right answers; None where one is unknown, or none was right."""
    return cost / Decimal(str(accuracy)) if cost is not None and accuracy else None


class Rated(Struct, frozen=True):
    """A model with a score of one source, of which more is better, and its price: USD per million tokens, above zero."""

    id: str
    score: float
    price: Decimal


class Placing(Struct, frozen=True):
    """Where a model stands among the others.

    best: no other is as good and no dearer. beaten_by: the cheapest of those that are as good; None for the best. over: the next
    cheaper of the best ones, points: by how much it is better than that, factor: how many times as dear; None for the cheapest.
    """

    best: bool
    beaten_by: str | None = None
    over: str | None = None
    points: float | None = None
    factor: Decimal | None = None


def placings(models: Iterable[Rated]) -> Mapping[str, Placing]:
    """Where each model stands, by its id. Models of one score and one price beat each other not."""
    best: list[Rated] = []
    out: dict[str, Placing] = {}
    ordered = sorted(models, key=lambda model: (model.price, -model.score, model.id))
    for model in ordered:
        last = best[-1] if best else None
        if last is None or model.score > last.score or (model.score, model.price) == (last.score, last.price):
            best.append(model)
        else:
            out[model.id] = Placing(False, beaten_by=next(m.id for m in best if m.score >= model.score))
    for model in best:
        cheaper = [other for other in best if other.price < model.price]
        over = cheaper[-1] if cheaper else None
        out[model.id] = (
            Placing(True)
            if over is None
            else Placing(True, over=over.id, points=model.score - over.score, factor=model.price / over.price)
        )
    return out


class ScoreGap(Struct, frozen=True):
    """The best of two countries by one score. a, b: their ids; place_a, place_b: among all that have the score, 1 is best."""

    a: str
    b: str
    score_a: float
    score_b: float
    place_a: int
    place_b: int


def score_gap(scores: Sequence[tuple[str, str | None, float]], a: str, b: str) -> ScoreGap | None:
    """The gap between two countries, over (id, country, score); None where one of them has no model."""
    tops = [max((row for row in scores if row[1] == side), key=lambda row: row[2], default=None) for side in (a, b)]
    first, second = tops
    if first is None or second is None:
        return None
    places = [1 + sum(row[2] > top[2] for row in scores) for top in (first, second)]
    return ScoreGap(first[0], second[0], first[2], second[2], *places)
