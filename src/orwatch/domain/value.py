"""Quality beside price: which models give the most for theirs, by one score of one source at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from msgspec import Struct

from orwatch.domain.catalogue import CatalogueModel, Pricing, per_million
from orwatch.domain.filters import Facts
from orwatch.domain.habit import Habit
from orwatch.domain.scores import Scores


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


class ScoreKey(Struct, frozen=True):
    """One score, of which more is better: its source, and its name there."""

    source: str
    name: str


class SessionWindow(Struct, frozen=True):
    """The snapshot that costs of sessions are of. harness, turns: of the cell. as_of: when it was answered."""

    harness: str
    harness_name: str
    turns: str
    window_end: date
    days: int
    as_of: datetime


class ValueRow(Struct, frozen=True):
    """A model with the score that was asked for.

    permaslug: without variant. scores: all that are known of it, by source and name. pricing: of the catalogue. blend: USD per
    million tokens; own_price: it is what the source of the score states, since the catalogue has none. free: it costs nothing.
    placing: among the priced ones, None for the others. beaten_by: the name of the one that its placing tells of. ratio: of its
    blend to the base's. accuracy: a fraction, of the benchmark whose tasks are priced; cost_per_task, cost_per_correct,
    session_cost: USD. None: unknown.
    """

    permaslug: str
    name: str
    country: str | None
    facts: Facts
    scores: Mapping[str, Mapping[str, float]]
    score: float
    pricing: Pricing | None
    blend: Decimal | None
    own_price: bool
    free: bool
    placing: Placing | None
    beaten_by: str | None
    ratio: Decimal | None
    accuracy: float | None
    cost_per_task: Decimal | None
    cost_per_correct: Decimal | None
    session_cost: Decimal | None

    @property
    def best(self) -> bool:
        """Whether no other is as good and no dearer."""
        return self.placing is not None and self.placing.best


class ValueList(Struct, frozen=True):
    """Models by one score beside their prices: the best, then those that are beaten, then those without a price, then free ones;
    each from the highest score down.

    key: the score. choices: all there are. sources: of the scores that are shown, the chosen one's first. task: the benchmark whose
    tasks are priced, None where there is none. sessions: None where none are kept. input: the part of the blend that is input.
    unmatched: models of the source that are not in the catalogue. also_free: rows that have a free variant too. gap: between CN and
    US. base: permaslug of the base, base_name its name. until: the midnight (UTC) before which all of it was seen; None: the
    newest. prices_seen: None where none were.
    """

    rows: tuple[ValueRow, ...]
    key: ScoreKey
    choices: tuple[ScoreKey, ...]
    sources: tuple[Scores, ...]
    task: str | None
    sessions: SessionWindow | None
    input: float
    unmatched: int
    also_free: tuple[ValueRow, ...]
    gap: ScoreGap | None
    base: str | None
    base_name: str | None
    until: datetime | None
    prices_seen: datetime | None

    @property
    def priced(self) -> tuple[ValueRow, ...]:
        """Those that have a place among the others."""
        return tuple(row for row in self.rows if row.placing is not None)


class HabitRow(Struct, frozen=True):
    """What a habit costs with a model. each: USD of a call or session; monthly: of all days; ratio: to the base's; or None."""

    entry: CatalogueModel
    permaslug: str
    name: str
    country: str | None
    facts: Facts
    each: Decimal | None
    monthly: Decimal | None
    ratio: Decimal | None


class HabitList(Struct, frozen=True):
    """What a habit costs by model: ranked ones first, those whose cost is unknown last.

    sessions: the snapshot, where the habit is one of sessions. base: permaslug of the base. until, prices_seen: as in `ValueList`.
    """

    habit: Habit
    rows: tuple[HabitRow, ...]
    sessions: SessionWindow | None
    base: str | None
    base_name: str | None
    until: datetime | None
    prices_seen: datetime | None


class MixRow(Struct, frozen=True):
    """A part of a mix; of the whole mix `cost` is None.

    share: of the sessions or calls (0 to 1). input, output, blend: USD per million tokens; monthly: of the habit, for the model
    alone. share_of_bill: of what all parts together cost, by the habit, or by the blend where that is unknown. None: unknown.
    """

    cost: HabitRow | None
    share: Decimal
    input: Decimal | None
    output: Decimal | None
    blend: Decimal | None
    monthly: Decimal | None
    share_of_bill: Decimal | None


class Mix(Struct, frozen=True):
    """Models mixed, the dear one first. rows: the parts; whole: all of them together.

    costs: what the habit costs with each, None without one. until, prices_seen: as in `ValueList`. budget: USD for the days of the
    habit, allowed: the greatest part of the dear one that it allows, None where it is unknown or the budget is too small. by_habit:
    whether the bill is that of the habit; else it is by the blend.
    """

    rows: tuple[MixRow, ...]
    whole: MixRow
    costs: HabitList | None
    until: datetime | None
    prices_seen: datetime | None
    budget: Decimal | None
    allowed: Decimal | None
    by_habit: bool
