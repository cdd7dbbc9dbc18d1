"""One file under several users of it, and what it survives: locks, full disks, damage, a process that is killed."""

from __future__ import annotations

import resource
import signal
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from orwatch.domain.catalogue import CatalogueModel
from orwatch.domain.periods import Grain, Period
from orwatch.domain.records import Listing
from orwatch.errors import CacheError
from orwatch.store.cache import Cache
from orwatch.store.database import Database
from orwatch.store.migrations import MIGRATIONS

ORIGIN = "https://openrouter.ai"
JUNE_1 = Period(Grain.WEEK, date(2026, 6, 1))
JUNE_8 = JUNE_1.next()
MONDAY = datetime(2026, 6, 8, 2, tzinfo=UTC)
LATER = MONDAY + timedelta(hours=1)


WRITES_WITHOUT_END = """
import pathlib, sys
from orwatch.store.database import Database
from orwatch.store.migrations import MIGRATIONS

database = Database.open(pathlib.Path(sys.argv[1]), MIGRATIONS)
with database.write() as connection:
    # With a cache this small the changed pages reach the file's log before the transaction ends.
    connection.execute("PRAGMA cache_size = 1")
    connection.execute("DELETE FROM listing")
    rows = (("day", str(n), 1, "api", 1, "[]", "[]") for n in range(20_000))
    connection.executemany("INSERT INTO listing VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
    print("writing", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "openrouter.db"


def listing(period: Period = JUNE_1, as_of: datetime = MONDAY, **tokens: int) -> Listing:
    """`a=5` is 5 tokens of `lab/a`; `other=5` is the tail."""
    return Listing.build(period, as_of, [(f"lab/{name}" if name != "other" else name, n) for name, n in tokens.items()])


def test_a_cache_is_there_after_it_was_closed(path: Path) -> None:
    with Cache.open(path, ORIGIN) as cache:
        cache.rankings.put([listing(a=5)])
        cache.catalogue.put_models([CatalogueModel("lab/a", "lab/a", "A")], MONDAY)
        assert (cache.path, cache.origin) == (path, ORIGIN)
    with Cache.open(path, ORIGIN) as cache:
        assert cache.rankings.read(Grain.WEEK) == (listing(a=5),)
        assert cache.catalogue.models() == (CatalogueModel("lab/a", "lab/a", "A"),)


def test_the_size_counts_the_write_ahead_log(path: Path) -> None:
    with Cache.open(path, ORIGIN) as cache:
        cache.rankings.put([listing(a=5)])
        wal = path.with_name("openrouter.db-wal").stat().st_size
        assert wal > 0
        assert cache.database.size() == path.stat().st_size + wal
    with Cache.open(None, ORIGIN) as cache:
        assert cache.path is None
        assert cache.database.size() >= 4096


def test_two_share_a_file(path: Path) -> None:
    with Cache.open(path, ORIGIN) as writer, Cache.open(path, ORIGIN) as reader:
        seen = reader.revision()
        writer.rankings.put([listing(a=5)])
        assert reader.revision() > seen
        assert reader.rankings.read(Grain.WEEK) == (listing(a=5),)
        reader.rankings.put([listing(as_of=LATER, a=6)])
        assert writer.rankings.put([listing(a=5)]) == (0, 0)
        assert writer.rankings.read(Grain.WEEK) == (listing(as_of=LATER, a=6),)


def test_many_that_write_at_once_wait_for_each_other(path: Path) -> None:
    days = [Period(Grain.DAY, date(2026, 1, 1) + timedelta(days=n)) for n in range(80)]

    def put(some: list[Period]) -> None:
        with Cache.open(path, ORIGIN) as cache:
            for day in some:
                cache.rankings.put([listing(day, a=1)])

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(put, [days[n::4] for n in range(4)]))
    with Cache.open(path, ORIGIN) as cache:
        assert [day.period for day in cache.rankings.read(Grain.DAY)] == days
        assert cache.revision() == 80


def test_threads_share_a_cache(path: Path) -> None:
    with Cache.open(path, ORIGIN) as cache, ThreadPoolExecutor(4) as threads:
        days = [Period(Grain.DAY, date(2026, 1, 1) + timedelta(days=n)) for n in range(40)]
        puts = [threads.submit(cache.rankings.put, [listing(day, a=1, b=2)]) for day in days]
        reads = [threads.submit(cache.rankings.read, Grain.DAY) for _ in days]
        assert [put.result()[0] for put in puts] == [2] * 40
        assert all(day.total == 3 for read in reads for day in read.result())


def test_a_reader_reads_on_while_another_process_writes(path: Path) -> None:
    with Cache.open(path, ORIGIN) as cache, closing(Database.open(path, MIGRATIONS)) as other:
        cache.rankings.put([listing(a=5)])
        with other.write() as connection:
            connection.execute("DELETE FROM listing")
            assert cache.rankings.read(Grain.WEEK) == (listing(a=5),)


def test_a_cache_that_stays_locked_says_so(path: Path) -> None:
    with Cache.open(path, ORIGIN, busy_timeout=0.01) as cache, closing(Database.open(path, MIGRATIONS)) as other:
        with (
            other.write(),
            pytest.raises(CacheError, match=r"openrouter\.db is locked by another process: try again"),
        ):
            cache.rankings.put([listing(a=5)])
        assert cache.rankings.put([listing(a=5)])[0] == 1


def test_while_one_thread_waits_to_write_others_read_on(path: Path) -> None:
    with (
        Cache.open(path, ORIGIN, busy_timeout=5) as cache,
        closing(Database.open(path, MIGRATIONS)) as other,
        ThreadPoolExecutor(1) as threads,
    ):
        cache.rankings.put([listing(a=5)])
        with other.write():
            waiting = threads.submit(cache.rankings.put, [listing(as_of=LATER, a=6)])
            assert all(cache.rankings.read(Grain.WEEK) == (listing(a=5),) for _ in range(20))
            assert not waiting.done()
        assert waiting.result() == (0, 1)


def test_a_full_disk_leaves_what_was_there(path: Path) -> None:
    database = Database.open(path, MIGRATIONS)
    with Cache(database, ORIGIN) as cache:
        cache.rankings.put([listing(a=5)])
        (pages,) = database.connection.execute("PRAGMA page_count").fetchone()
        database.connection.execute(f"PRAGMA max_page_count = {pages + 1}")
        many = [(f"lab/model-{n}", n + 1) for n in range(2000)]
        with pytest.raises(CacheError, match=r"openrouter\.db cannot grow, the disk is full: free some space"):
            cache.rankings.put([listing(as_of=LATER, a=9), Listing.build(JUNE_8, LATER, many)])
        assert cache.rankings.read(Grain.WEEK) == (listing(a=5),)
        assert cache.revision() == 1
        assert cache.rankings.put([listing(as_of=LATER, a=6)])[1] == 1


def test_without_room_to_open_it_the_cause_is_told(path: Path) -> None:
    with Cache.open(path, ORIGIN) as cache:
        cache.rankings.put([listing(a=5)])
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, before[1]))
    try:
        with pytest.raises(
            CacheError, match=r"openrouter\.db cannot be read or written \(disk I/O error\): check the disk"
        ):
            Cache.open(path, ORIGIN)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    with Cache.open(path, ORIGIN) as cache:
        assert cache.rankings.read(Grain.WEEK) == (listing(a=5),)


def test_damage_found_while_reading_is_named_with_the_mend(path: Path) -> None:
    with Cache.open(path, ORIGIN) as cache:
        cache.rankings.put([Listing.build(JUNE_1, MONDAY, [(f"lab/model-{n}", n) for n in range(2000)])])
    with closing(sqlite3.connect(path)) as connection:
        (root,) = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'listing'").fetchone()
    pages = bytearray(path.read_bytes())
    pages[(root - 1) * 4096 : root * 4096] = b"\xff" * 4096
    path.write_bytes(pages)
    with (
        Cache.open(path, ORIGIN) as cache,
        pytest.raises(CacheError, match=r"openrouter\.db is damaged .*: move it aside, or name another .* --cache"),
    ):
        cache.rankings.read(Grain.WEEK)
    assert path.read_bytes() == pages


def test_a_process_killed_in_a_write_leaves_what_was_there(path: Path) -> None:
    with Cache.open(path, ORIGIN) as cache:
        cache.rankings.put([listing(a=5)])
    with subprocess.Popen(
        [sys.executable, "-c", WRITES_WITHOUT_END, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"writing\n"
        process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    with Cache.open(path, ORIGIN) as cache:
        assert cache.rankings.read(Grain.WEEK) == (listing(a=5),)
        assert cache.rankings.put([listing(as_of=LATER, a=6)])[1] == 1
