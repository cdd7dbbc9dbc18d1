"""Apps by ISO week: the running week and the last one, the weeks back to 2025 spread over days, and categories of apps."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from orwatch.api import apps
from orwatch.api.apps import CATEGORIES, MOST_ROWS, AppsAnswer
from orwatch.core.datasets.dataset import Dataset, DatasetRefresh
from orwatch.core.datasets.rankings import first_start
from orwatch.domain.apps import AppCategory, AppWeek
from orwatch.domain.periods import Grain, Period
from orwatch.errors import AnswerError

A_POLL: Final = 3
"""Weeks of the past, and categories, that one poll asks for."""
PACE: Final = timedelta(minutes=4)
"""Between two polls that ask for more of them, of whichever process."""
WEEK: Final = timedelta(days=7)
REFUSED: Final = "running_day_of_apps_refused"
"""The note of the running day that the API would not give."""
ALL_CATEGORIES: Final = tuple(name for group, within in CATEGORIES.items() for name in (group, *within))


async def _fetch(refresh: DatasetRefresh) -> None:
    """The running week, and once a day the one before, which may be restated."""
    today = refresh.now.date()
    running = Period.of(Grain.WEEK, today)
    before = refresh.cache.snapshots.taken(AppWeek).get(running.previous().start.isoformat())
    if before is None or before.date() < today:
        await _keep_week(refresh, running.previous(), running.previous().end)
    if refresh.cache.journal.get(REFUSED) != today.isoformat():
        try:
            await _keep_week(refresh, running, today)
        except AnswerError as error:
            if error.status != 400:
                raise
            refresh.cache.journal.set(REFUSED, today.isoformat())
    if refresh.cache.journal.get(REFUSED) == today.isoformat() and running.start < today:
        await _keep_week(refresh, running, today - timedelta(days=1))
    refresh.note_asked()


async def _fetch_weeks(refresh: DatasetRefresh) -> None:
    """The newest weeks of the past that the cache has not got whole."""
    refresh.note_asked()
    for week in list(_missing(refresh))[:A_POLL]:
        await _keep_week(refresh, week, week.end)


def _missing(refresh: DatasetRefresh) -> Iterator[Period]:
    """Weeks before the last one whose figures were not taken after their end, newest first."""
    taken = refresh.cache.snapshots.taken(AppWeek)
    week = Period.of(Grain.WEEK, refresh.now.date()).back(2)
    while week.start >= first_start(Grain.WEEK):
        as_of = taken.get(week.start.isoformat())
        if as_of is None or not week.settled_by(as_of):
            yield week
        week = week.previous()


async def _fetch_categories(refresh: DatasetRefresh) -> None:
    """The apps of each category in the last whole week; those that are known of an older one come first."""
    taken, now = refresh.cache.snapshots.taken(AppCategory), refresh.now
    refresh.note_asked()
    week = Period.of(Grain.WEEK, now.date()).previous()
    due = [name for name in ALL_CATEGORIES if name not in taken or taken[name] < now - WEEK]
    for name in sorted(due, key=lambda name: taken[name].timestamp() if name in taken else 0.0)[:A_POLL]:
        found = await _ask(refresh, week.start, week.end, name)
        ids = tuple(app.app_id for app in found.apps)
        await refresh.put_snapshot(AppCategory(name, week.start, found.as_of, ids), name, found.as_of, len(ids))


async def _keep_week(refresh: DatasetRefresh, week: Period, end: date) -> None:
    found = await _ask(refresh, week.start, end)
    record = AppWeek(week.start, end, found.as_of, MOST_ROWS, found.apps)
    await refresh.put_snapshot(record, week.start.isoformat(), found.as_of, len(found.apps))


async def _ask(refresh: DatasetRefresh, start: date, end: date, category: str | None = None) -> AppsAnswer:
    found, answer = await apps.fetch(refresh.client, start, end, category)
    refresh.answered(answer, found.as_of)
    refresh.note_lost(found.lost)
    return found


APPS: Final = (
    Dataset("apps", True, timedelta(hours=3), _fetch, share=10),
    Dataset("app-categories", True, PACE, _fetch_categories, share=6),
    Dataset("app-weeks", True, PACE, _fetch_weeks, share=12),
)
