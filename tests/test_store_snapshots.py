"""Records of the wider market: what is kept of the same, in which order they come, and that they outlive damage and travel."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from orwatch.domain.apps import App, AppWeek
from orwatch.domain.catalogue import Pricing
from orwatch.domain.habit import SessionCell, SessionCosts
from orwatch.domain.hosts import Host, HostLists
from orwatch.domain.scores import AnalysisScores, OwnScores, Score
from orwatch.domain.tasks import Macro, Task, TaskModel, TaskShares
from orwatch.errors import DamagedCacheError
from orwatch.store.cache import Cache
from orwatch.store.merge import merge_from_elsewhere, salvage
from orwatch.store.snapshots import Held

ORIGIN = "https://openrouter.ai"
NOON = datetime(2026, 6, 10, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def week(day: str, tokens: int = 5, as_of: datetime = NOON) -> AppWeek:
    start = date.fromisoformat(day)
    return AppWeek(start, start + timedelta(days=6), as_of, 100, (App(1, 7, "Cli", tokens, 2),))


def put(cache: Cache, record: AppWeek) -> tuple[int, int]:
    return cache.snapshots.put(record, record.start.isoformat(), record.as_of)


@pytest.mark.parametrize(
    "record",
    [
        week("2026-06-01"),
        TaskShares(
            date(2026, 6, 9), 7, (Task("code:x", "X", "code", 0.1, 0.2, None, 0.3, (TaskModel("a/b:free", 0.5, 0.25),)),),
            (Macro("code", "Code", 0.1, 0.2),),
        ),
        SessionCosts(date(2026, 6, 7), 30, NOON, (SessionCell("cli", "Cli", "1-turn", "a/b", Decimal("0.04076688")),)),
        OwnScores(NOON, "Source: Lab.", 1, (Score("a/b", "B", "gpqa_diamond", 0.5, 0.01, None, Decimal("0.0062"), 198),)),
        HostLists(date(2026, 6, 9), {"a/b": (Host("Lab", "lab/fast", Pricing(Decimal("0.0000001"), discount=Decimal("0.2"))),)}),
    ],
)  # fmt: skip
def test_a_record_comes_back_as_it_was_put(record: AppWeek) -> None:
    with Cache.open(None, ORIGIN) as cache:
        cache.snapshots.put(record, "2026-06-09", NOON)
        assert cache.snapshots.newest(type(record)) == record


def test_of_the_same_the_later_figures_count_and_only_a_change_is_news() -> None:
    with Cache.open(None, ORIGIN) as cache:
        before = cache.revision()
        assert put(cache, week("2026-06-01", 5)) == (1, 0)
        assert put(cache, week("2026-06-01", 5)) == (0, 0)
        assert cache.revision() == before + 1
        assert put(cache, week("2026-06-01", 6, NOON + HOUR)) == (0, 1)
        assert put(cache, week("2026-06-01", 4, NOON - HOUR)) == (0, 0)
        assert [found.apps[0].tokens for found in cache.snapshots.read(AppWeek)] == [6]


def test_records_come_in_the_order_of_what_they_are_of() -> None:
    with Cache.open(None, ORIGIN) as cache:
        for day in ("2026-06-08", "2025-12-29", "2026-06-01"):
            put(cache, week(day))
        cache.snapshots.put(AnalysisScores(NOON, None, 0, ()), "2026-07-01", NOON)
        starts = [str(found.start) for found in cache.snapshots.read(AppWeek)]
        assert starts == ["2025-12-29", "2026-06-01", "2026-06-08"]
        assert [str(found.start) for found in cache.snapshots.read(AppWeek, "2026-01-01", "2026-06-01")] == starts[1:2]
        newest = cache.snapshots.newest(AppWeek, "2026-06-07")
        assert newest is not None
        assert str(newest.start) == "2026-06-01"
        assert cache.snapshots.newest(AppWeek, "2025-01-01") is None
        assert cache.snapshots.held()["apps"] == Held(3, "2025-12-29", "2026-06-08", NOON)


def test_a_damaged_record_is_damage_of_the_cache(tmp_path: Path) -> None:
    path = tmp_path / "cache.sqlite3"
    with Cache.open(path, ORIGIN) as cache:
        put(cache, week("2026-06-01"))
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute("UPDATE snapshot SET record = x'00'")
    with Cache.open(path, ORIGIN) as cache, pytest.raises(DamagedCacheError):
        cache.snapshots.read(AppWeek)


def test_records_outlive_damage_beside_them_and_come_along_from_another_machine() -> None:
    with Cache.open(None, ORIGIN) as old, Cache.open(None, ORIGIN) as fresh, Cache.open(None, ORIGIN) as third:
        put(old, week("2026-06-01", 5))
        put(old, week("2026-06-08", 5))
        put(fresh, week("2026-06-01", 6, NOON + HOUR))
        put(fresh, week("2026-06-08", 4, NOON - HOUR))
        merge_from_elsewhere(old.database, fresh.database)
        assert [found.apps[0].tokens for found in fresh.snapshots.read(AppWeek)] == [6, 5]
        salvage(old.database, third.database)
        assert third.snapshots.read(AppWeek) == old.snapshots.read(AppWeek)
