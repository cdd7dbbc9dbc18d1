"""The cost of sessions: a snapshot for each window of days, which ends on a Sunday. One look says whether there is a new one."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from orwatch.api import session_cost
from orwatch.api.session_cost import LAST_OFFSET, MOST_ROWS, SessionPage
from orwatch.core.datasets.dataset import Dataset, DatasetRefresh
from orwatch.domain.habit import TURN_RANGES, SessionCell, SessionCosts
from orwatch.errors import AnswerError


async def _fetch(refresh: DatasetRefresh) -> None:
    """All pages of all ranges of turns, which must be of one window."""
    latest = await _page(refresh, None, 1)
    kept = refresh.cache.snapshots.taken(SessionCosts)
    if latest.window_end is not None and latest.window_end.isoformat() not in kept:
        cells: list[SessionCell] = []
        for turns in TURN_RANGES:
            for offset in range(0, LAST_OFFSET + 1, MOST_ROWS):
                page = await _page(refresh, turns, MOST_ROWS, offset)
                if page.window_end != latest.window_end:
                    raise AnswerError(
                        "The cost of sessions was published anew while it was asked for; it is asked for again."
                    )
                cells += page.cells
                refresh.note_lost(page.lost)
                if page.rows < MOST_ROWS:
                    break
        costs = SessionCosts(latest.window_end, latest.days, latest.as_of, tuple(cells))
        if cells:
            await refresh.put_snapshot(costs, latest.window_end.isoformat(), latest.as_of, len(cells))
    refresh.note_asked()


async def _page(refresh: DatasetRefresh, turns: str | None, limit: int, offset: int = 0) -> SessionPage:
    page, answer = await session_cost.fetch(refresh.client, turns, limit, offset)
    refresh.answered(answer, page.as_of)
    return page


SESSION_COST: Final = Dataset("session-cost", True, timedelta(hours=6), _fetch, share=8)
