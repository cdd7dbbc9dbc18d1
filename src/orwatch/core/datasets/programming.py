"""Weekly tokens of programming, twice a day: all weeks once, then those that may still be restated."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from orwatch.api import rankings
from orwatch.core.datasets.dataset import Dataset, DatasetRefresh
from orwatch.core.datasets.rankings import first_start, window_end
from orwatch.domain.periods import Grain, Period
from orwatch.domain.tasks import ProgrammingWeek

USE_CASE: Final = "programming"
RESTATED: Final = timedelta(weeks=8)
"""How far back weeks are asked for again."""


async def _fetch(refresh: DatasetRefresh) -> None:
    """Windows of at most a year, the oldest first, so that what is known has no gap."""
    today = refresh.now.date()
    kept = list(refresh.cache.snapshots.taken(ProgrammingWeek))
    start = first_start(Grain.WEEK)
    if kept:
        start = max(start, Period.of(Grain.WEEK, date.fromisoformat(kept[-1]) - RESTATED).start)
    while start <= today:
        end = min(window_end(Grain.WEEK, start), today)
        found, answer = await rankings.fetch(refresh.client, Grain.WEEK, start, end, USE_CASE)
        refresh.answered(answer, found.as_of)
        for one in found.listings:
            week = ProgrammingWeek(one.period.start, one.as_of, one.slugs, one.tokens, one.other)
            await refresh.put_snapshot(week, week.start.isoformat(), week.as_of, len(week.slugs))
        refresh.note_unread(found)
        start = end + timedelta(days=1)
    refresh.note_asked()


PROGRAMMING: Final = Dataset("programming", True, timedelta(hours=12), _fetch, share=2)
