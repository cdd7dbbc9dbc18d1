"""Records of the wider market for tests, small and with their figures in sight."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from orwatch.domain.apps import App, AppWeek
from orwatch.store.cache import Cache

BILLION = 10**9


def app_week(start: date, as_of: datetime, tokens: dict[str, int], asked: int = 100) -> AppWeek:
    """Billions of tokens by name; an app's id is the number of letters of its name, and it has two requests a thousand tokens."""
    ordered = sorted(tokens.items(), key=lambda item: -item[1])
    apps = tuple(
        App(rank, len(name), name, count * BILLION, count * BILLION // 500)
        for rank, (name, count) in enumerate(ordered, 1)
    )
    return AppWeek(start, start + timedelta(days=6), as_of, asked, apps)


def put_apps(cache: Cache, *weeks: AppWeek) -> None:
    """Keeps weeks of apps."""
    for week in weeks:
        cache.snapshots.put(week, week.start.isoformat(), week.as_of)
