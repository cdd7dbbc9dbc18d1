"""Series over time: tokens, shares and ranks of models, vendors, countries or two sides by period, who led, and every flip.

Unknown stays unknown: a period that the record lacks, or whose split is not known on the basis, has no figures, never zero.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from orwatch.domain.filters import Facts
from orwatch.domain.leads import Flip, Subject
from orwatch.domain.periods import Period, State, Streak
from orwatch.domain.query import Query


class Point(Struct, frozen=True):
    """A model, vendor, country or side in one period.

    state: of the period; partial where the record lacks it. tokens: None where unknown (for a model: not among the named rows);
    0 where no row on the basis is its own. rank: among all models, vendors or countries. share: fraction of all tokens. change:
    fraction on the period before, on like days while the period runs. first: whether it led the (complete) period.
    """

    period: Period
    state: State
    tokens: int | None = None
    rank: int | None = None
    share: float | None = None
    change: float | None = None
    first: bool = False


class Contender(Struct, frozen=True):
    """A permaslug, author slug or country code, with a point a period. facts: what filters ask of the rows that were its own."""

    id: str
    name: str
    country: str | None
    free: bool
    facts: tuple[Facts, ...]
    points: tuple[Point, ...]

    @property
    def led(self) -> int:
        """Complete periods of the series that it led."""
        return sum(point.first for point in self.points)


class SeriesPeriod(Struct, frozen=True):
    """One period of a series.

    state: None where the record lacks the period. known: whether the split on the basis is known. days: complete ones and length.
    total, outside (the basis), unattributed (rows of the basis without a country): tokens, None where unknown. leader: of a
    complete period, or the one on course. streak: complete periods it has led in a row, to this one. flip: confirmed on a
    complete period, on course on the running one. number: the confirmed flip's, counted from the oldest of the series.
    """

    period: Period
    state: State | None
    composed: bool
    days: tuple[int, int]
    known: bool
    total: int | None
    change: float | None
    outside: int | None
    unattributed: int | None
    leader: str | None
    streak: Streak
    flip: Flip | None
    number: int | None

    @property
    def partial(self) -> bool:
        """Whether it lacks days of the record that have ended."""
        return self.state is State.PARTIAL


class Series(Struct, frozen=True):
    """Contenders over periods, oldest period first; contenders by rank in the newest, then earlier leaders, latest first.

    newest: how many of the contenders are of the newest known period.
    """

    subject: Subject
    query: Query
    periods: tuple[SeriesPeriod, ...]
    contenders: tuple[Contender, ...]
    newest: int

    def index(self, period: Period) -> int | None:
        return next((n for n, each in enumerate(self.periods) if each.period == period), None)


class Stack(Struct, frozen=True):
    """How the tokens of a period split by country, for a chart of many periods.

    state, total: None where the record lacks the period. known: whether the split on the basis is known. tokens: by country (None:
    rows without one), of the basis; where that is not known, of the nine largest, if these are.
    """

    period: Period
    state: State | None
    known: bool
    total: int | None
    tokens: Mapping[str | None, int]

    @property
    def partial(self) -> bool:
        """Whether it lacks days of the record that have ended."""
        return self.state is State.PARTIAL

    @property
    def nine(self) -> bool:
        """Whether the tokens are those of the nine largest, because the split on the basis is not known."""
        return not self.known and bool(self.tokens)

    @property
    def outside(self) -> int:
        """Tokens of no row that counts."""
        return (self.total or 0) - sum(self.tokens.values())


class Duel(Struct, frozen=True):
    """One period of a head to head.

    state, composed: of its listing. a, b: tokens of both sides. known: whether they are. a_change, b_change: fractions, None where
    unknown. leader: of the two; flip: it changed with this period.
    """

    period: Period
    state: State
    composed: bool
    a: int
    b: int
    known: bool
    a_change: float | None
    b_change: float | None
    leader: str | None
    flip: bool
