"""A period as the figures of a briefing: what a journalist prints of it, and what must stand beside that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from msgspec import Struct

from orwatch.domain.alerts.alert import Alert
from orwatch.domain.leads import Flip, Kind, Lead
from orwatch.domain.overview import BasisLead, Snapshot, Standoff
from orwatch.domain.periods import Period, Streak
from orwatch.domain.prices import Gap
from orwatch.domain.series import Series


class Total(Struct, frozen=True):
    """All tokens of a period. change: fraction, on the period before; None where unknown."""

    period: Period
    tokens: int
    change: float | None


class PriceNews(Struct, frozen=True):
    """Prices of a period. since, until: the days on which they were first and last seen, None where none were.

    known: they were seen while the period lasted. changes: of the models on the basis, by rank. gaps: of countries, by `input`
    and `output`.
    """

    since: date | None
    until: date | None
    known: bool
    changes: tuple[Alert, ...]
    gaps: Mapping[str, Gap]


class Discounted(Struct, frozen=True):
    """Tokens of the paid rows on the basis that were sold below their list price, of which it is known, and of which it is not.

    names: of the models with a discount.
    """

    tokens: int
    known: int
    unknown: int
    names: tuple[str, ...]


class Brief(Struct, frozen=True):
    """A period, read through one lens, with what came before it.

    before: the period before, None where it is not whole. since: the first day of the record. largest: its total is above
    that of every earlier complete one; None for the first. here, there: the head to head of the period on the basis, and of the
    one before. widest: the ratio is above that of every earlier complete period in which the same side led; None where it led in
    none. leads: who leads, by kind; led: who led the period before; level: those with the most tokens where they are equal and none
    leads. flips: of the head to head, to the period, oldest first. turns: alerts of the leads that changed hands in it, or are on
    course to. stays: periods in a row on the basis, by permaslug. ahead: country and number of the first places that one country's
    models hold. left: names of the models that left the basis, None where that is unknown. known_from: the first complete period
    that is known on every basis; example: the newest, with the head to head on each. others: of the period on the other bases.
    past: the head to head over time. names: of the models that alerts
    speak of.
    """

    snapshot: Snapshot
    before: Total | None
    since: date
    largest: bool | None
    here: Standoff
    there: Standoff
    widest: bool | None
    leads: Mapping[Kind, Lead]
    led: Mapping[Kind, str | None]
    level: Mapping[Kind, Sequence[str]]
    flips: tuple[Flip, ...]
    turns: tuple[Alert, ...]
    stays: Mapping[str, Streak]
    ahead: tuple[str, int] | None
    left: tuple[str, ...] | None
    known_from: Period | None
    example: tuple[Period, tuple[Standoff, ...]] | None
    others: tuple[BasisLead, ...]
    prices: PriceNews
    discounted: Discounted
    past: Series
    names: Mapping[str, str]
