"""Shares of tasks, four times a day: a snapshot for each day up to which they are."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Final

from orwatch.api import tasks
from orwatch.core.datasets.dataset import Dataset, DatasetRefresh


async def _fetch(refresh: DatasetRefresh) -> None:
    found, answer = await tasks.fetch(refresh.client)
    shares = found.shares
    refresh.answered(answer, datetime.combine(shares.as_of, time(), UTC))
    seen = answer.date or refresh.now
    if shares.tasks:
        await refresh.put_snapshot(shares, shares.as_of.isoformat(), seen, len(shares.tasks))
    refresh.note_lost(found.lost)
    refresh.note_asked(at=seen)


TASKS: Final = Dataset("tasks", True, timedelta(hours=6), _fetch, share=4)
