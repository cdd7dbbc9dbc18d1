"""The records every figure is computed from: grains, periods, rows and listings.

Definitions of row, grain, complete, partial and `other`: "What every number means" in the README.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import cached_property

from msgspec import Struct

OTHER = "other"
"""Reserved permaslug: everything outside a period's top 50. Never a model, never attributed."""

_SEVEN_DAYS = timedelta(days=7)


class Grain(StrEnum):
    """The length of a period. Weeks are ISO weeks, Monday to Sunday; days and months are UTC."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class Basis(StrEnum):
    """Which rows of a period are attributed to vendors and countries: the nine or ten largest, or every named row."""

    CHART = "chart"
    TOP10 = "top10"
    TOP50 = "top50"

    @property
    def size(self) -> int:
        """The number of rows the basis asks for."""
        return {"chart": 9, "top10": 10, "top50": 50}[self.value]


class State(StrEnum):
    """What is known of a period: all of it, a part because it runs, or a part because days are missing."""

    COMPLETE = "complete"
    RUNNING = "running"
    PARTIAL = "partial"


class Period(Struct, frozen=True, order=True):
    """A day, ISO week or month, named by its first day (UTC)."""

    grain: Grain
    start: date

    def __hash__(self) -> int:
        # Periods of one grain are what is looked up: the day tells them apart, and remembers its own hash.
        return hash(self.start)

    @classmethod
    def of(cls, grain: Grain, day: date) -> Period:
        """The period of this grain that holds the day."""
        if grain is Grain.WEEK:
            return cls(grain, day - timedelta(days=day.weekday()))
        if grain is Grain.MONTH:
            return cls(grain, day.replace(day=1))
        return cls(grain, day)

    @property
    def end(self) -> date:
        """The last day, inclusive."""
        if self.grain is Grain.WEEK:
            return self.start + timedelta(days=6)
        if self.grain is Grain.MONTH:
            return (self.start + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        return self.start

    @property
    def length(self) -> int:
        """The number of days."""
        return (self.end - self.start).days + 1

    def days(self) -> Iterator[date]:
        """Every day, oldest first."""
        return (self.start + timedelta(days=n) for n in range(self.length))

    def previous(self) -> Period:
        """The period before."""
        if self.grain is Grain.WEEK:
            return Period(self.grain, self.start - _SEVEN_DAYS)
        return Period.of(self.grain, self.start - timedelta(days=1))

    def next(self) -> Period:
        """The period after."""
        if self.grain is Grain.WEEK:
            return Period(self.grain, self.start + _SEVEN_DAYS)
        return Period.of(self.grain, self.end + timedelta(days=1))

    def settled_by(self, as_of: datetime) -> bool:
        """Whether the period ended before the UTC day of `as_of`."""
        return self.end < as_of.astimezone(UTC).date()


class Row(Struct, frozen=True):
    """One model's tokens in one period: prompt and completion together, the upstream tokenizer's own count."""

    permaslug: str
    tokens: int

    @property
    def vendor(self) -> str:
        """The author part of the permaslug."""
        return self.permaslug.partition("/")[0]

    @property
    def model(self) -> str:
        """`author/slug` without the variant."""
        return self.permaslug.partition(":")[0]

    @property
    def variant(self) -> str | None:
        """`free`, `thinking` …, or None."""
        return self.permaslug.partition(":")[2] or None

    @property
    def free(self) -> bool:
        """Whether the row is a `:free` variant."""
        return self.variant == "free"


Figures = tuple[tuple[str, ...], tuple[int, ...]]
"""Permaslugs and their tokens, in the same order."""


class Listing(Struct, frozen=True, dict=True):
    """One period's record: named rows, largest first (ties by permaslug), and the tail outside them.

    as_of: when the source took the figures. other: tokens outside the named rows. composed: added up from days.
    days: the days whose figures are in it, for composed listings; None for one asked of the API in its own grain.
    """

    period: Period
    as_of: datetime
    rows: tuple[Row, ...]
    other: int = 0
    composed: bool = False
    days: frozenset[date] | None = None

    @classmethod
    def build(cls, period: Period, as_of: datetime, tokens: Iterable[tuple[str, int]]) -> Listing:
        """A listing from `(permaslug, tokens)` pairs as the API gives them, `other` among them."""
        pairs = list(tokens)
        rows = sorted((Row(slug, n) for slug, n in pairs if slug != OTHER), key=rank_key)
        return cls(period, as_of, tuple(rows), sum(n for slug, n in pairs if slug == OTHER))

    @cached_property
    def figures(self) -> Figures:
        """Permaslugs of the named rows in rank order, and their tokens."""
        return tuple(row.permaslug for row in self.rows), tuple(row.tokens for row in self.rows)

    @cached_property
    def total(self) -> int:
        """All tokens of the period, free rows and `other` included."""
        return self.other + sum(self.figures[1])


def rank_key(row: Row) -> tuple[int, str]:
    """Sort key of a ranking: tokens descending, ties by permaslug ascending (the API's own order)."""
    return (-row.tokens, row.permaslug)
