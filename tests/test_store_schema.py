"""The cache file: its versions, its marks, whose it is, and how it is made."""

from __future__ import annotations

import os
import resource
import sqlite3
import stat
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from orwatch.domain.periods import SOURCE_GRAINS, Grain, Period
from orwatch.domain.records import Listing, Origin
from orwatch.errors import CacheError
from orwatch.store.cache import Cache
from orwatch.store.database import APPLICATION_ID, Database, upgrade, version
from orwatch.store.migrations import MIGRATIONS
from orwatch.store.rankings import ADD_ORIGIN, FOLD
from orwatch.store.recovery import open_cache

ORIGIN = "https://openrouter.ai"
WEEK = Period(Grain.WEEK, date(2026, 6, 1))
AS_OF = datetime(2026, 6, 8, 2, tzinfo=UTC)
LISTING = Listing.build(WEEK, AS_OF, [("deepseek/v4-flash", 7_140_000), ("other", 3_000)])


@pytest.fixture
def unprivileged() -> Iterator[Path]:
    """A folder of a user whom permissions bind: root, who may write anywhere, becomes `nobody` for the test."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        with tempfile.TemporaryDirectory(dir="/tmp") as folder:
            yield Path(folder)
            Path(folder).chmod(0o700)
    finally:
        if root:
            os.seteuid(0)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def in_rows(old: sqlite3.Connection, listings: list[Listing]) -> None:
    """Puts listings into a file in which each of their rows lay for itself, the last row first."""
    old.execute("BEGIN")
    old.execute("INSERT INTO meta VALUES ('origin', ?)", (ORIGIN,))
    for listing in listings:
        period = listing.period.grain.value, listing.period.start.isoformat()
        old.execute(
            "INSERT INTO listing (grain, start, as_of) VALUES (?, ?, ?)", (*period, int(listing.as_of.timestamp()))
        )
        rows = [*listing.rows, *([("other", listing.other)] if listing.other else [])]
        old.executemany("INSERT INTO tokens VALUES (?, ?, ?, ?)", [(*period, *row) for row in reversed(rows)])
    old.execute("COMMIT")


@pytest.mark.parametrize("had", range(len(MIGRATIONS)))
def test_a_file_of_any_earlier_version_is_brought_to_the_newest_and_keeps_its_data(tmp_path: Path, had: int) -> None:
    path = tmp_path / "cache.db"
    weeks = [
        LISTING,
        Listing.build(WEEK.next(), AS_OF, [("lab/b", 7), ("lab/a", 7), ("lab/c", 70), ("lab/d", 2**63 - 1)]),
        Listing.build(WEEK.next().next(), AS_OF, [(f"lab/{n * 37 % 100}", n * n) for n in range(100)]),
        Listing.build(Period(Grain.WEEK, date(2026, 6, 22)), AS_OF, [('la"b\\/é\n\x00', 1), ("other", 3_000)]),
        Listing.build(Period(Grain.WEEK, date(2026, 6, 29)), AS_OF, [("other", 3_000)]),
    ]
    days = [Listing.build(Period(Grain.DAY, WEEK.start), AS_OF, [("lab/a", 0)])]
    with closing(sqlite3.connect(path, isolation_level=None)) as old:
        upgrade(old, "The cache", MIGRATIONS[:had])
        if had:
            in_rows(old, [*reversed(weeks), *days])
            old.execute("INSERT INTO price VALUES ('lab/a', 1780884000, '0.1', '0.2', NULL)")

    cache, notice = open_cache(path, ORIGIN, own=False, day=AS_OF.date())
    with cache:
        assert notice is None
        assert cache.rankings.read(Grain.WEEK) == (tuple(weeks) if had else ())
        assert cache.rankings.read(Grain.DAY) == (tuple(days) if had else ())
        assert cache.rankings.read(Grain.MONTH) == ()
        assert len(cache.catalogue.prices()) == bool(had)
        assert cache.leases.acquire("poll", "me", AS_OF, 60)
        cache.journal.log_request(AS_OF, "models", False, 200, 0)
    with closing(sqlite3.connect(path)) as now:
        assert now.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)
        assert now.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert now.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'tokens'").fetchone() == (0,)


def test_without_room_for_the_newest_version_a_file_stays_as_it_is_and_is_shown(tmp_path: Path) -> None:
    path = tmp_path / "cache.db"
    weeks = [
        Listing.build(period, AS_OF, [(f"a-laboratory/a-model-{n}", 10**9 + n) for n in range(50)])
        for period in (Period.of(Grain.WEEK, date(2025, 1, 6) + timedelta(weeks=n)) for n in range(60))
    ]
    with closing(sqlite3.connect(path, isolation_level=None)) as old:
        upgrade(old, "The cache", MIGRATIONS[: MIGRATIONS.index(FOLD)])
        in_rows(old, weeks)
    before, limits = path.read_bytes(), resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) // 2, limits[1]))
    try:
        cache, notice = open_cache(path, ORIGIN, own=True, day=AS_OF.date())
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert (notice or "").startswith(
        f"The cache {path} cannot be read or written (disk I/O error): orwatch works in memory and keeps nothing new"
    )
    with cache:
        assert cache.rankings.read(Grain.WEEK) == tuple(weeks)
    with closing(sqlite3.connect(path)) as still:
        assert still.execute("PRAGMA user_version").fetchone() == (MIGRATIONS.index(FOLD),)
        assert still.execute("SELECT count(*) FROM tokens").fetchone() == (50 * len(weeks),)
    with Cache.open(path, ORIGIN) as cache:
        assert cache.rankings.read(Grain.WEEK) == tuple(weeks)


@pytest.mark.parametrize(
    ("notes", "days"),
    [
        (["exports_walked_until"], Origin.EXPORT),
        (["filled:day"], Origin.API),
        (["exports_walked_until", "filled:day"], Origin.API),
        ([], Origin.API),
    ],
)
def test_days_of_an_earlier_file_are_of_the_exports_where_it_never_had_the_keyed_record(
    tmp_path: Path, notes: list[str], days: Origin
) -> None:
    path = tmp_path / "cache.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as old:
        upgrade(old, "The cache", MIGRATIONS[: MIGRATIONS.index(ADD_ORIGIN)])
        old.executemany("INSERT INTO meta VALUES (?, '1')", [(note,) for note in notes])
        for grain in SOURCE_GRAINS:
            old.execute("INSERT INTO listing VALUES (?, '2026-06-01', 1780884000)", (grain.value,))
            old.execute("INSERT INTO tokens VALUES (?, '2026-06-01', 'lab/a', 1)", (grain.value,))
    with Cache.open(path, ORIGIN) as cache:
        found = {grain: [listing.origin for listing in cache.rankings.read(grain)] for grain in SOURCE_GRAINS}
    assert found == {Grain.DAY: [days], Grain.WEEK: [Origin.API], Grain.MONTH: [Origin.API]}


def test_a_migration_that_fails_leaves_the_version_before_it() -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        upgrade(connection, "The cache", MIGRATIONS)
        broken = (*MIGRATIONS, ("CREATE TABLE fresh (a TEXT) STRICT", "CREATE TABLE meta (a TEXT) STRICT"))
        with pytest.raises(sqlite3.OperationalError, match="meta already exists"):
            upgrade(connection, "The cache", broken)
        assert version(connection, "The cache", len(MIGRATIONS)) == len(MIGRATIONS)
        assert connection.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'fresh'").fetchone() == (0,)


def test_a_cache_of_a_newer_orwatch_is_refused_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "cache.db"
    Cache.open(path, ORIGIN).close()
    with closing(sqlite3.connect(path)) as newer:
        newer.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    before = path.read_bytes()
    with pytest.raises(CacheError, match=r"cache\.db was written by a newer orwatch: upgrade it, or .* --cache"):
        Cache.open(path, ORIGIN)
    assert path.read_bytes() == before


def test_a_cache_of_another_origin_is_refused_naming_both(tmp_path: Path) -> None:
    path = tmp_path / "cache.db"
    Cache.open(path, ORIGIN).close()
    with pytest.raises(CacheError, match=r"holds figures of https://openrouter\.ai, not of http://localhost:8000"):
        Cache.open(path, "http://localhost:8000")
    Cache.open(path, ORIGIN).close()


@pytest.mark.parametrize(
    "statement", ["CREATE TABLE notes (a)", "PRAGMA user_version = 1", "PRAGMA application_id = 7"]
)
def test_a_database_of_another_program_is_refused_and_kept(tmp_path: Path, statement: str) -> None:
    path = tmp_path / "notes.db"
    with closing(sqlite3.connect(path)) as other:
        other.execute(statement)
    before = path.read_bytes()
    with pytest.raises(CacheError, match=r"notes\.db is a database of another program: move it aside, or .* --cache"):
        Cache.open(path, ORIGIN)
    assert path.read_bytes() == before


def test_a_file_that_is_no_database_is_refused_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("Buy milk.\n" * 1000)
    with pytest.raises(CacheError, match=r"notes\.txt is not a cache of orwatch: move it aside, or .* --cache"):
        Cache.open(path, ORIGIN)
    assert path.read_text() == "Buy milk.\n" * 1000


def test_a_damaged_cache_is_named_with_the_mend_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "cache.db"
    with Cache.open(path, ORIGIN) as cache:
        cache.rankings.put([LISTING])
    damaged = path.read_bytes()[:4096] + b"\xff" * (path.stat().st_size - 4096)
    path.write_bytes(damaged)
    with pytest.raises(CacheError, match=r"cache\.db is damaged .*: move it aside, or name another file with --cache"):
        Cache.open(path, ORIGIN)
    assert path.read_bytes() == damaged


def test_a_cache_cut_short_is_named_with_the_mend(tmp_path: Path) -> None:
    path = tmp_path / "cache.db"
    Cache.open(path, ORIGIN).close()
    os.truncate(path, 5000)
    with pytest.raises(CacheError, match=r"cache\.db is damaged .*: move it aside"):
        Cache.open(path, ORIGIN)


def test_the_file_carries_the_mark_of_orwatch(tmp_path: Path) -> None:
    path = tmp_path / "cache.db"
    Cache.open(path, ORIGIN).close()
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert APPLICATION_ID.to_bytes(4, "big") == b"orwt"


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_folders_and_files_are_the_owners_alone_whatever_the_umask(tmp_path: Path, umask: int) -> None:
    path = tmp_path / "cache" / "orwatch" / "openrouter.db"
    before = os.umask(umask)
    try:
        with Cache.open(path, ORIGIN) as cache:
            cache.rankings.put([LISTING])
            files = {file.name: mode(file) for file in path.parent.iterdir()}
    finally:
        os.umask(before)
    assert files == dict.fromkeys(["openrouter.db", "openrouter.db-wal", "openrouter.db-shm"], 0o600)
    assert mode(path.parent) == mode(path.parent.parent) == 0o700


def test_a_file_reached_by_a_link_is_the_owners_alone_too(tmp_path: Path) -> None:
    (tmp_path / "link.db").symlink_to(tmp_path / "elsewhere" / "cache.db")
    Cache.open(tmp_path / "link.db", ORIGIN).close()
    assert mode(tmp_path / "elsewhere" / "cache.db") == 0o600


def test_a_relative_name_is_a_file_even_where_sqlite_has_a_meaning_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with Cache.open(Path(":memory:"), ORIGIN) as cache:
        cache.journal.set("note", "kept")
    with Cache.open(Path(":memory:"), ORIGIN) as cache:
        assert cache.journal.get("note") == "kept"


def test_an_empty_file_becomes_a_cache(tmp_path: Path) -> None:
    path = tmp_path / "cache.db"
    path.touch()
    with Cache.open(path, ORIGIN) as cache:
        assert cache.origin == ORIGIN


def test_a_folder_that_may_not_be_written_to(unprivileged: Path) -> None:
    unprivileged.chmod(0o500)
    for path in (unprivileged / "cache.db", unprivileged / "orwatch" / "cache.db"):
        with pytest.raises(CacheError, match=r"cache\.db cannot be made \(Permission denied\): .* --cache"):
            Cache.open(path, ORIGIN)


def test_a_cache_in_a_folder_that_may_not_be_written_to(unprivileged: Path) -> None:
    path = unprivileged / "cache.db"
    Cache.open(path, ORIGIN).close()
    unprivileged.chmod(0o500)
    with pytest.raises(CacheError, match=r"cache\.db (is read-only|cannot be opened): .* --cache"):
        Cache.open(path, ORIGIN)


def test_a_read_only_file_is_read_and_not_written(unprivileged: Path) -> None:
    path = unprivileged / "cache.db"
    with Cache.open(path, ORIGIN) as cache:
        cache.rankings.put([LISTING])
    path.chmod(0o400)
    with Cache.open(path, ORIGIN) as cache:
        assert cache.rankings.read(Grain.WEEK) == (LISTING,)
        with pytest.raises(CacheError, match=r"cache\.db is read-only: make the file and its folder writable"):
            cache.journal.set("note", "x")
        assert cache.rankings.read(Grain.WEEK) == (LISTING,)


def test_a_folder_is_no_cache(tmp_path: Path) -> None:
    with pytest.raises(CacheError, match="cannot be opened: it must be a file in a folder that you may write to"):
        Cache.open(tmp_path, ORIGIN)


def test_a_file_where_a_folder_should_be(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CacheError, match=r"cannot be made \(Not a directory\)"):
        Cache.open(tmp_path / "file" / "cache.db", ORIGIN)


def test_many_make_the_same_file_at_once(tmp_path: Path) -> None:
    def make(path: Path) -> int:
        with Cache.open(path, ORIGIN) as cache:
            cache.rankings.put([LISTING])
            return len(cache.rankings.read(Grain.WEEK))

    with ThreadPoolExecutor(8) as threads:
        for attempt in range(20):
            assert list(threads.map(make, [tmp_path / f"{attempt}.db"] * 8)) == [1] * 8


def test_a_database_outlives_neither_its_closing_nor_a_refusal(tmp_path: Path) -> None:
    database = Database.open(tmp_path / "cache.db", MIGRATIONS)
    with Cache(database, ORIGIN) as cache:
        assert cache.revision() == 0
    cache.close()
    with pytest.raises(CacheError, match=r"cache\.db is closed"):
        cache.revision()
    assert sorted(file.name for file in tmp_path.iterdir()) == ["cache.db"]
