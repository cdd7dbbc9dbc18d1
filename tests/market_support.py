"""Records of the wider market for tests, small and with their figures in sight."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from orwatch.domain.apps import App, AppWeek
from orwatch.domain.tasks import Macro, Task, TaskModel, TaskShares
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


def task_shares(day: date, code: float = 0.4) -> TaskShares:
    """Two tasks: debugging, all of code, whose first model is DeepSeek's, and chat, all of the rest, which names none."""
    named = (TaskModel("anthropic/opus", 0.3, 0.2), TaskModel("deepseek/v4", 0.2, 0.5))
    rest = round(1 - code, 3)
    return TaskShares(
        day,
        7,
        (
            Task("conversation", "Conversation", "general", 0.9, rest),
            Task("code:debugging", "Debugging", "code", 0.1, code, models=named),
        ),
        (Macro("code", "Code", 0.1, code), Macro("general", "General", 0.9, rest)),
    )


def put_tasks(cache: Cache, *snapshots: TaskShares) -> None:
    """Keeps snapshots of tasks."""
    for one in snapshots:
        cache.snapshots.put(one, one.as_of.isoformat(), datetime.combine(one.as_of, time(), UTC) + timedelta(days=1))
