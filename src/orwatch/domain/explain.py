"""A figure of the screen with what it is computed from, what is not in it, and what it would be through other lenses."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final, Literal

from msgspec import Struct

from orwatch.domain.catalogue import ObservedPrice
from orwatch.domain.leads import Kind
from orwatch.domain.overview import Snapshot
from orwatch.domain.periods import Period, State, Streak
from orwatch.domain.prices import Gap, PriceRow
from orwatch.domain.rankings import Lens, Status

PRICED: Final = ("in", "out", "cached", "discount", "base", "price_change", "context", "range")
"""Figures of the prices table, by the keys of their definitions."""

EXPLAINED: Final = frozenset(
    {
        "rank",
        "moved",
        "tokens",
        "share",
        "attributed",
        "change",
        "models",
        "top_ten",
        "leads",
        "periods",
        "value",
        *PRICED,
    }
)
"""Figures of the columns that can be explained, by the keys of their definitions."""


class Figure(Struct, frozen=True):
    """One figure: the term that it stands under, and whose it is.

    term: a key of the definitions. kind, id: a permaslug, an author slug, a country, `UNATTRIBUTED`, `OTHER`, two sides (`CN:US`);
    for prices an id of the catalogue, for their medians `input` or `output`, of an alert its id. kind None: of all tokens, or of
    what is no row of the rankings. at: its period, where that is not the one on screen. said: of a table whose figures are
    explained by their definition alone, the name of the row, what stands in the cell, and the head.
    """

    term: str
    kind: Kind | None = None
    id: str = ""
    at: date | Literal["now"] | None = None
    said: tuple[str, str, str] | None = None


Value = int | float | Streak | None


class Reading(Struct, frozen=True):
    """A figure through one lens. parts: what it is computed from, in the order of its formula; None: unknown.

    who: whose it is, where that depends on the lens.
    """

    lens: Lens
    value: Value
    parts: tuple[int | None, ...] = ()
    who: str = ""


class Listed(Struct, frozen=True):
    """What the record has of a period. state, as_of: None where it lacks the period.

    days: those that are complete and in the record, and all. named: rows. fills: as many as the basis asks for.
    """

    period: Period
    state: State | None
    as_of: datetime | None
    days: tuple[int, int]
    named: int
    fills: bool


class Run(Struct, frozen=True):
    """What ends a streak at its far end. since: the first of its periods, None where there is none. before: the period before them.

    rank: the place of the row then, None where it had none or has none. leader: who led then.
    """

    since: Period | None
    before: Listed
    rank: int | None
    leader: str | None


class Explained(Struct, frozen=True):
    """A figure of the rankings.

    name: of its row. others: through other lenses. assumed: by side, if everything of which the country (or vendor) is unknown were
    of it. status: why there is no change, `new` or `back`. before: the period that a change is on. days: the days of a running
    period that are compared. absent: those of them that do not name the model. run: of a streak.
    """

    figure: Figure
    snapshot: Snapshot
    name: str
    here: Reading
    others: tuple[Reading, ...]
    assumed: tuple[tuple[str, Reading], ...]
    status: Status | None
    before: Listed | None
    days: int
    absent: tuple[date, ...]
    run: Run | None


class ExplainedPrice(Struct, frozen=True):
    """A figure of the prices table. held: the price that its change is on.

    seen_at: when prices were seen; until: the midnight before which, of a past period.
    """

    figure: Figure
    snapshot: Snapshot
    row: PriceRow
    held: ObservedPrice | None
    seen_at: datetime | None
    until: datetime | None


class ExplainedGap(Struct, frozen=True):
    """The gap between countries of one price. week: whose basis counts.

    others: on other lenses.
    """

    figure: Figure
    snapshot: Snapshot
    gap: Gap
    week: Period | None
    others: tuple[tuple[Lens, Gap], ...]
    seen_at: datetime | None
