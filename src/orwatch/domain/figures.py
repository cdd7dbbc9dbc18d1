"""What a figure is, and the figures of the models table: a period's rows with rank, change, streaks and trend."""

from __future__ import annotations

from datetime import date
from typing import Final, Literal

from msgspec import Struct

from orwatch.domain.leads import Kind
from orwatch.domain.periods import Period, State
from orwatch.domain.rankings import Ranking, Rankings, Status
from orwatch.domain.streaks import UNCOUNTED, Streak

TREND_PERIODS = 8

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


class ModelFigures(Struct, frozen=True):
    """What the models table says of one row.

    rank, rank_change: places among all named rows; against the period before, positive is up. status: new or back.
    tokens. share: fraction of all tokens. change: fraction, on the period before (like days for a running period).
    streak: periods in the top 10. lead_streak: periods in first place. periods: of several added up, in how many it is on the
    basis; None of one. trend: tokens of the last eight periods, oldest first,
    None where unknown.
    """

    rank: int
    rank_change: int | None
    status: Status | None
    permaslug: str
    vendor: str
    tokens: int
    share: float
    change: float | None
    streak: Streak
    lead_streak: Streak
    free: bool
    periods: int | None
    trend: tuple[int | None, ...]


def model_figures(rankings: Rankings, period: Period, leads: dict[str, Streak]) -> tuple[ModelFigures, ...]:
    """Every named row of a period with its figures, in rank order.

    leads: the streak of the first model at this period; others lead for no period.
    On a basis of nine or ten rows the list stops there.
    """
    ranking = rankings.at(period)
    if ranking is None:
        return ()
    whole = rankings.record.state(period) is not State.PARTIAL
    previous = rankings.complete(rankings.before(period)) if whole else None
    changes = rankings.model_changes(period)
    past: list[Ranking | None] = [ranking]
    then = period
    for _ in range(TREND_PERIODS - 1 if period.count == 1 else 0):
        then = then.previous()
        past.insert(0, rankings.complete(then))
    out = []
    for row in ranking.on_basis:
        before = previous.row(row.permaslug) if previous else None
        out.append(
            ModelFigures(
                rank=row.rank,
                rank_change=None if before is None else before.rank - row.rank,
                status=rankings.model_status(row.permaslug, period),
                permaslug=row.permaslug,
                vendor=row.vendor,
                tokens=row.tokens,
                share=row.tokens / ranking.total if ranking.total else 0.0,
                change=changes.get(row.permaslug),
                streak=rankings.top_ten_streak(row.permaslug, period),
                lead_streak=leads.get(row.permaslug, Streak(0) if period.has_streaks else UNCOUNTED),
                free=row.free,
                periods=sum(row.permaslug in part.slugs[: part.size] for part in ranking.parts) or None,
                trend=tuple(None if then is None else then.tokens_of(row.permaslug) for then in past),
            )
        )
    return tuple(out)
