"""Whatever happens to the cache's file: a sentence, a way on, and nothing lost. What was damaged is set aside, never deleted."""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

import core_world
import orwatch
from cli_market import ORIGIN, Cli, fill
from core_world import World
from faults.table import is_one_sentence
from orwatch import archive
from orwatch.config import Config, Settings, key_for, key_path, store_key
from orwatch.config.schema import SourceSettings
from orwatch.core.datasets.registry import RANKED
from orwatch.core.poller import Failed, Synced, Wake, poll
from orwatch.core.refresh import refresh
from orwatch.core.source import DemoOptions, open_source
from orwatch.domain.periods import Grain, Period
from orwatch.domain.records import Listing
from orwatch.errors import CacheError, DamagedCacheError, UsageError
from orwatch.store.cache import Cache
from orwatch.store.database import Database, upgrade
from orwatch.store.migrations import MIGRATIONS
from orwatch.store.rankings import FOLD
from orwatch.store.recovery import mend, open_cache
from tui_support import running

PAGE = 4096
TODAY = date(2026, 6, 22)
WEEKS = 3
ASIDE = "cache.sqlite3.damaged-"


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Cli:
    return Cli(tmp_path, monkeypatch, capsys)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    found = tmp_path / "cache.sqlite3"
    fill(found)
    return found


def root_of(path: Path, table: str) -> int:
    """Where a table begins in the file."""
    with closing(sqlite3.connect(path)) as connection:
        (root,) = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (table,)).fetchone()
    return (int(root) - 1) * PAGE


def spoil(path: Path, begin: int, end: int, byte: bytes = b"\xff") -> None:
    """Overwrites a part of the file."""
    with path.open("r+b") as file:
        file.seek(begin)
        file.write(byte * (end - begin))


def spoil_table(path: Path, table: str) -> None:
    """Overwrites the page where a table begins."""
    begin = root_of(path, table)
    spoil(path, begin, begin + PAGE)


DAMAGE: dict[str, Callable[[Path], None]] = {
    "the rankings": lambda path: spoil_table(path, "listing"),
    "the notes": lambda path: spoil_table(path, "meta"),
    "the leases": lambda path: spoil_table(path, "lease"),
    "the schema": lambda path: spoil(path, 100, PAGE),
    "everything but the header": lambda path: spoil(path, 100, path.stat().st_size),
    "cut after a page": lambda path: os.truncate(path, PAGE),
    "cut within a page": lambda path: os.truncate(path, 5000),
    "half of it": lambda path: os.truncate(path, path.stat().st_size // 2),
    "a page of zeros": lambda path: spoil(path, root_of(path, "listing"), root_of(path, "listing") + PAGE, b"\0"),
    "a date that is none": lambda path: run_sql(path, "UPDATE listing SET start = 'soon' WHERE start = '2026-06-08'"),
}


def run_sql(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


def aside(folder: Path) -> list[Path]:
    """The files that were set aside, without their logs."""
    return sorted(file for file in folder.glob(f"{ASIDE}*") if not file.name.endswith(("-wal", "-shm")))


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_cache_is_set_aside_and_every_command_goes_on(cli: Cli, damage: str) -> None:
    DAMAGE[damage](cli.cache)
    before = cli.cache.read_bytes()
    said = []
    for argv in (("top", "--period", "week"), ("status",), ("prices", "--period", "week")):
        code, _, err = cli(*argv, "--offline")
        assert code in (0, 3), err
        said += err.splitlines()
    kept = aside(cli.folder)
    told = [line for line in said if "was damaged" in line]
    if damage == "the leases":
        # Nothing has looked there yet; the first poll does.
        assert (told, kept) == ([], [])
        return
    assert [file.read_bytes() for file in kept] == [before]
    assert told == [
        f"orwatch: The cache {cli.cache} was damaged: it is kept as {kept[0].name}, and a new one has begun "
        "with what could be read of it."
    ]
    with closing(sqlite3.connect(cli.cache)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def change(path: Path, text: bytes, other: bytes) -> None:
    """Puts other bytes in the place of the first of a text in the file."""
    held = path.read_bytes()
    assert text in held
    path.write_bytes(held.replace(text, other, 1))


ABSURD: dict[str, Callable[[Path], None] | str] = {
    "a name that is no text": lambda path: change(path, b"deepseek/", b"deep\xffeek/"),
    "a table whose name is no text": lambda path: change(path, b"tablesightingsighting", b"tables\xa0\xfftingsighting"),
    "a column whose type is no text": lambda path: change(path, b"observed_at INTEGER", b"observed_at INT\xa0\xffER"),
    "figures taken beyond the calendar": "UPDATE listing SET as_of = 9000000000000000000",
    "figures taken in the year 275760": "UPDATE listing SET as_of = 8640000000000",
    "a period in the year 9999": "UPDATE listing SET start = '9999-12-27' WHERE start = '2026-06-08'",
    "a model made before the calendar": "UPDATE catalogue SET created = -9000000000000000000",
    "a price that is no number": "UPDATE catalogue SET prompt = 'NaN'",
    "a price that signals": "UPDATE catalogue SET completion = 'sNaN'",
    "a price without end": "UPDATE catalogue SET completion = 'Infinity'",
    "a price of a million digits": "UPDATE catalogue SET prompt = '1e999999'",
    "a discount that is no number": "INSERT INTO discount VALUES ('openai/gpt-4o-mini', 1780000000, '-NaN')",
    "conditions nested deep": "UPDATE catalogue SET overrides = replace(hex(zeroblob(50000)), '00', '[')",
    "an expiry that is no date": "UPDATE catalogue SET expires = 'soon'",
    "judged until no date": "INSERT INTO judged VALUES ('x', 'week', 'x', 1, 1780000000)",
    "judged by no clock": "INSERT INTO judged VALUES ('x', 'eon', '2026-06-08', 1, 1780000000)",
    "a count that is none": "INSERT OR REPLACE INTO meta VALUES ('revision', 'many')",
    "a trigger that refuses": "CREATE TRIGGER no BEFORE INSERT ON judged BEGIN SELECT raise(ABORT, 'no'); END",
}
"""What no orwatch writes, by the statement or the bytes that bring it into the file."""


@pytest.mark.parametrize("what", ABSURD)
def test_whatever_the_file_holds_commands_go_on(cli: Cli, what: str) -> None:
    damage = ABSURD[what]
    run_sql(cli.cache, damage) if isinstance(damage, str) else damage(cli.cache)
    said: list[str] = []
    for argv in (("top", "--period", "week"), ("prices",), ("alerts",), ("status",)):
        code, _, err = cli(*argv, "--offline")
        assert code in (0, 3), err
        said += err.splitlines()
    kept = aside(cli.folder)
    assert sum("was damaged: it is kept as" in line for line in said) == len(kept) == 1
    assert not [line for line in said if "SELECT" in line or "this is a bug" in line]


def test_a_name_that_is_no_text_costs_its_own_period(path: Path) -> None:
    with Cache.open(path, ORIGIN) as cache:
        before = cache.rankings.read(Grain.WEEK)
    change(path, b"moonshotai/", b"moon\xffhotai/")
    with Cache.open(path, ORIGIN) as cache:
        with pytest.raises(DamagedCacheError, match="a text in it is none"):
            cache.rankings.read(Grain.WEEK)
        assert mend(cache, TODAY) is not None
        left = cache.rankings.read(Grain.WEEK)
    assert left == tuple(listing for listing in before if listing.period.start != date(2026, 6, 15))


@pytest.mark.parametrize(
    ("damaged", "left"),
    [
        ("listing", (0, 6, 6)),
        ("catalogue", (WEEKS, 0, 6)),
        ("price", (WEEKS, 6, 0)),
        ("etag", (WEEKS, 6, 6)),
    ],
)
def test_what_can_be_read_whole_is_taken_along_and_no_half_of_it(
    path: Path, damaged: str, left: tuple[int, int, int]
) -> None:
    spoil_table(path, damaged)
    with Cache.open(path, ORIGIN) as cache:
        for read in (
            lambda: cache.rankings.read(Grain.WEEK),
            cache.catalogue.models,
            cache.catalogue.prices,
            lambda: cache.journal.etag("x"),
        ):
            try:
                read()
            except DamagedCacheError:
                assert mend(cache, TODAY) is not None
        assert (
            len(cache.rankings.read(Grain.WEEK)),
            len(cache.catalogue.models()),
            len(cache.catalogue.prices()),
        ) == left
        assert [file.name for file in aside(path.parent)] == [f"{ASIDE}2026-06-22"]
        assert mend(cache, TODAY) is None


@pytest.mark.parametrize(
    "damage",
    [
        "slugs = 'lab/a'",
        "slugs = substr(slugs, 1, 60)",
        "slugs = '{}'",
        "slugs = '[]', tokens = '[]', other = 0",
        "slugs = json_remove(slugs, '$[1]')",
        "slugs = json_set(slugs, '$[1]', json_extract(slugs, '$[0]'))",
        "slugs = json_set(slugs, '$[1]', 'other')",
        "slugs = json_set(slugs, '$[1]', 7)",
        "tokens = json_remove(tokens, '$[1]')",
        "tokens = json_set(tokens, '$[1]', 1.5)",
        "tokens = json_set(tokens, '$[1]', '7')",
        "tokens = json_set(tokens, '$[#-1]', 9000000000000)",
    ],
)
def test_a_listing_that_none_wrote_is_no_figure_and_costs_its_own_period(path: Path, damage: str) -> None:
    with Cache.open(path, ORIGIN) as cache:
        before = cache.rankings.read(Grain.WEEK)
    run_sql(path, f"UPDATE listing SET {damage} WHERE start = '2026-06-08'")
    with Cache.open(path, ORIGIN) as cache:
        with pytest.raises(DamagedCacheError):
            cache.rankings.read(Grain.WEEK)
        assert mend(cache, TODAY) is not None
        left = cache.rankings.read(Grain.WEEK)
    assert left == tuple(listing for listing in before if listing.period.start != date(2026, 6, 8))


def test_a_second_damaged_file_of_a_day_has_a_name_of_its_own(path: Path) -> None:
    for _ in range(3):
        os.truncate(path, 5000)
        cache, notice = open_cache(path, ORIGIN, own=False, day=TODAY)
        cache.close()
        assert is_one_sentence(notice or "")
    assert [file.name.removeprefix(ASIDE) for file in aside(path.parent)] == [
        "2026-06-22",
        "2026-06-22-2",
        "2026-06-22-3",
    ]


def test_a_file_that_lost_its_header_is_orwatchs_only_where_orwatch_chose_the_name(path: Path) -> None:
    spoil(path, 0, 200, b"\0")
    before = path.read_bytes()
    with pytest.raises(
        CacheError, match=r"is not a cache of orwatch: move it aside, or name another file with --cache"
    ):
        open_cache(path, ORIGIN, own=False, day=TODAY)
    assert path.read_bytes() == before
    cache, notice = open_cache(path, ORIGIN, own=True, day=TODAY)
    cache.close()
    assert "was damaged" in (notice or "")
    assert [file.read_bytes() for file in aside(path.parent)] == [before]


def test_many_processes_that_find_the_damage_at_once_set_one_file_aside(path: Path) -> None:
    caches = [Cache.open(path, ORIGIN) for _ in range(6)]
    spoil_table(path, "listing")

    def find(cache: Cache) -> str | None:
        with pytest.raises(DamagedCacheError):
            cache.rankings.read(Grain.WEEK)
        return mend(cache, TODAY)

    with ThreadPoolExecutor(6) as threads:
        told = list(threads.map(find, caches))
    assert sum(sentence is not None for sentence in told) == 1
    assert len(aside(path.parent)) == 1
    week = Listing.build(Period(Grain.WEEK, TODAY), datetime(2026, 6, 29, tzinfo=UTC), [("lab/a", 1)])
    caches[0].rankings.put([week])
    for cache in caches:
        assert cache.rankings.read(Grain.WEEK) == (week,)
        assert len(cache.catalogue.prices()) == 6
        cache.close()


# Files that are not to be touched


def foreign(path: Path) -> None:
    """A database of another program in its place."""
    path.unlink()
    run_sql(path, "CREATE TABLE notes (a)")


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda path: path.write_text("Buy milk.\n" * 1000), "is not a cache of orwatch: move it aside"),
        (lambda path: foreign(path), "is a database of another program: move it aside"),
        (lambda path: run_sql(path, "PRAGMA user_version = 99"), "was written by a newer orwatch: upgrade it"),
        (lambda path: run_sql(path, "UPDATE meta SET value = 'https://else.example' WHERE key = 'origin'"), "holds figures of"),
    ],
)  # fmt: skip
def test_a_file_that_is_not_ours_is_never_moved_nor_changed(
    cli: Cli, make: Callable[[Path], object], says: str
) -> None:
    for log in cli.folder.glob("cache.sqlite3-*"):
        log.unlink()
    make(cli.cache)
    before = cli.cache.read_bytes()
    for argv in (("top",), ("poll",), ("status",)):
        code, out, err = cli(*argv)
        assert (code, out) == (1, "")
        assert says in err
        assert "--cache" in err
        assert is_one_sentence(err.removeprefix("orwatch: ").strip())
    assert cli.cache.read_bytes() == before
    assert aside(cli.folder) == []


def swapped(path: Path, one: int, two: int) -> None:
    """Puts two pages of the file in each other's place."""
    data = path.read_bytes()
    pages = [data[at : at + PAGE] for at in range(0, len(data), PAGE)]
    pages[one], pages[two] = pages[two], pages[one]
    path.write_bytes(b"".join(pages))


def test_pages_of_listings_in_each_others_place_show_no_other_figures(tmp_path: Path) -> None:
    path = tmp_path / "cache.sqlite3"
    weeks = [
        Listing.build(
            Period.of(Grain.WEEK, day), datetime(2026, 6, 29, tzinfo=UTC), [(f"lab/{day}-{n}", n) for n in range(50)]
        )
        for day in (date(2026, 1, 5) + timedelta(weeks=n) for n in range(20))
    ]
    with Cache.open(path, ORIGIN) as cache:
        cache.rankings.put(weeks)
    data = path.read_bytes()
    leaves = [
        n for n in range(len(data) // PAGE) if data[n * PAGE] == 13 and b"week2026" in data[n * PAGE : n * PAGE + PAGE]
    ]
    assert len(leaves) > 5
    for one, two in pairwise(leaves):
        path.write_bytes(data)
        swapped(path, one, two)
        with Cache.open(path, ORIGIN) as cache, pytest.raises(DamagedCacheError):
            cache.rankings.read(Grain.WEEK)


async def test_a_page_in_anothers_place_is_found_by_the_next_poll(tmp_path: Path) -> None:
    world, path = World(), tmp_path / "cache.sqlite3"
    with Cache.open(path, core_world.ORIGIN) as world.cache:
        await refresh(world.open(core_world.KEY), datasets=RANKED)
        figures = world.figures()
    data = path.read_bytes()
    pages = [data[at : at + PAGE] for at in range(0, len(data), PAGE)]
    leaves = [n for n, page in enumerate(pages) if page[:1] == b"\n" and page.count(b"day2025") > 20]
    swapped(path, leaves[0], leaves[-1])
    world.later(minutes=5)
    with Cache.open(path, core_world.ORIGIN) as world.cache:
        source = world.open(core_world.KEY)
        assert (await refresh(source, datasets=RANKED)).error is None
        (told,) = source.coordination.take_notices()
        assert "was damaged" in told
        assert len(aside(tmp_path)) == 1
        running = "2026-06-10"
        assert {**world.figures(), running: {}} == {**figures, running: {}}


# Versions


@pytest.mark.parametrize("had", [1, MIGRATIONS.index(FOLD)])
def test_rankings_of_an_earlier_version_outlive_damage_beside_them(tmp_path: Path, had: int) -> None:
    path = tmp_path / "cache.sqlite3"
    with closing(sqlite3.connect(path, isolation_level=None)) as old:
        upgrade(old, "The cache", MIGRATIONS[:had])
        old.execute("INSERT INTO listing (grain, start, as_of) VALUES ('week', '2026-06-01', 1780884000)")
        old.execute("INSERT INTO tokens VALUES ('week', '2026-06-01', 'lab/a', 7)")
    spoil_table(path, "meta")
    cache, notice = open_cache(path, ORIGIN, own=True, day=TODAY)
    with cache:
        assert is_one_sentence(notice or "")
        assert [n for listing in cache.rankings.read(Grain.WEEK) for n in listing.tokens] == [7]


@pytest.mark.parametrize("had", [1, MIGRATIONS.index(FOLD)])
@pytest.mark.parametrize("swap", [False, True])
def test_rankings_of_an_earlier_version_that_are_damaged_are_not_taken_for_whole(
    tmp_path: Path, had: int, swap: bool
) -> None:
    path = tmp_path / "cache.sqlite3"
    with closing(sqlite3.connect(path, isolation_level=None)) as old:
        upgrade(old, "The cache", MIGRATIONS[:had])
        old.execute("BEGIN")
        for n in range(1, 6):
            old.execute(f"INSERT INTO listing (grain, start, as_of) VALUES ('week', '2026-06-0{n}', 1780884000)")
            rows = [("week", f"2026-06-0{n}", f"lab/{m}", m) for m in range(100)]
            old.executemany("INSERT INTO tokens VALUES (?, ?, ?, ?)", rows)
        old.execute("INSERT INTO price VALUES ('lab/a', 1780884000, '0.1', '0.2', NULL)")
        old.execute("COMMIT")
    data = path.read_bytes()
    leaves = [n for n in range(len(data) // PAGE) if data[n * PAGE : (n + 1) * PAGE].count(b"lab/") > 20]
    swapped(path, leaves[0], leaves[2]) if swap else spoil(path, leaves[1] * PAGE, leaves[1] * PAGE + PAGE)
    cache, notice = open_cache(path, ORIGIN, own=True, day=TODAY)
    with cache:
        assert "was damaged: it is kept as" in (notice or "")
        assert cache.rankings.read(Grain.WEEK) == ()
        assert len(cache.catalogue.prices()) == 1


@pytest.mark.parametrize("older", range(1, len(MIGRATIONS)))
def test_an_older_orwatch_leaves_a_newer_file_as_it_is(path: Path, older: int) -> None:
    before = path.read_bytes()
    with (
        closing(sqlite3.connect(path, isolation_level=None)) as connection,
        pytest.raises(
            CacheError, match="was written by a newer orwatch: upgrade it, or name another file with --cache"
        ),
    ):
        upgrade(connection, "The cache", MIGRATIONS[:older])
    assert path.read_bytes() == before


# Files that cannot be written to


@pytest.fixture
def bound() -> Iterator[None]:
    """A user whom permissions bind: root, who may write anywhere, becomes `nobody` for the test.

    All modules are loaded before: where the packages are installed, `nobody` may not be able to read.
    """
    for module in pkgutil.walk_packages(orwatch.__path__, "orwatch."):
        if module.name != "orwatch.__main__":
            importlib.import_module(module.name)
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    yield
    if root:
        os.seteuid(0)


@pytest.mark.parametrize("what", ["file", "folder", "both", "hidden", "missing"])
@pytest.mark.usefixtures("bound")
async def test_where_nothing_may_be_written_orwatch_works_in_memory(what: str) -> None:
    with tempfile.TemporaryDirectory(dir="/tmp") as place:
        folder, path = Path(place), Path(place) / "cache.sqlite3"
        if what != "missing":
            fill(path)
            run_sql(path, "PRAGMA wal_checkpoint(TRUNCATE)")
        if what in ("file", "both"):
            path.chmod(0o400)
        if what == "hidden":
            path.chmod(0o000)
        if what in ("folder", "both", "missing"):
            os.chmod(folder, 0o500)
        world = World()
        cache, notice = open_cache(path, ORIGIN, own=True, day=TODAY)
        with cache:
            source = core_world.Wired(Settings(), cache, core_world.BASE_URL, core_world.KEY, machine=world.machine)
            source.server = world.server
            if what not in ("hidden", "missing"):
                assert len(cache.rankings.read(Grain.WEEK)) == WEEKS
            report = await refresh(source)
            assert report.error is None
            notices = [*source.coordination.take_notices(), *([notice] if notice else [])]
            assert len(notices) == 1
            assert is_one_sentence(notices[0])
            assert (
                "orwatch works in memory and keeps nothing new when it ends; make it writable or use --cache"
                in notices[0]
            )
            assert cache.path is None
            assert len(cache.rankings.read(Grain.WEEK)) > 50
            if what not in ("hidden", "missing"):
                assert {listing.period.start for listing in cache.rankings.read(Grain.WEEK)} >= {
                    date(2026, 6, 1),
                    date(2026, 6, 15),
                }
            world.later(seconds=301)
            assert (await refresh(source)).error is None
            assert source.coordination.take_notices() == []
        os.chmod(folder, 0o700)
        if what != "missing":
            path.chmod(0o600)
            with Cache.open(path, ORIGIN) as again:
                assert len(again.rankings.read(Grain.WEEK)) == WEEKS, "the file is as it was"


@pytest.fixture
def opened_archive(monkeypatch: pytest.MonkeyPatch) -> None:
    """The archive, read before `bound` takes the rights from root: an environment of root's may be closed to others."""
    weeks, days = archive.weeks(), archive.days()
    monkeypatch.setattr(archive, "weeks", lambda: weeks)
    monkeypatch.setattr(archive, "days", lambda: days)


@pytest.mark.usefixtures("opened_archive", "bound")
def test_a_read_only_cache_that_lacks_the_archive_is_shown_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    with tempfile.TemporaryDirectory(dir="/tmp") as place:
        path = Path(place) / "cache.sqlite3"
        monkeypatch.setenv("ORWATCH_CONFIG", f"{place}/config.toml")
        fill(path)
        run_sql(path, "PRAGMA wal_checkpoint(TRUNCATE)")
        path.chmod(0o400)
        with open_source(Config(Settings(source=SourceSettings(cache=path)))) as source:
            assert len(source.cache.rankings.read(Grain.WEEK)) == WEEKS


def test_without_a_home_folder_commands_work_in_memory(tmp_path: Path) -> None:
    code = (
        "import os, sys, pwd\n"
        "def nobody(*_):\n    raise KeyError('uid not found')\n"
        "pwd.getpwuid = nobody\n"
        "from orwatch.__main__ import main\n"
        "sys.exit(main(sys.argv[1:]))\n"
    )
    env = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("XDG_", "ORWATCH_", "OPENROUTER_", "HOME"))
    }
    run = [sys.executable, "-c", code]
    status = subprocess.run([*run, "status"], env=env, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert status.returncode == 0, status.stderr
    assert status.stderr == (
        "orwatch: No home folder is known for the cache: orwatch works in memory and keeps nothing new when it ends; "
        "set HOME or use --cache.\n"
    )
    kept = subprocess.run(
        [*run, "config", "set", "view.basis", "chart"],
        env=env,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (kept.returncode, kept.stderr) == (
        1,
        "orwatch: ~/config.toml cannot be written: no home folder is known; set HOME.\n",
    )
    assert list(tmp_path.iterdir()) == [], "no folder is called ~"


def test_a_locked_cache_is_a_sentence_and_is_used_when_it_is_free(path: Path) -> None:
    with closing(Database.open(path, MIGRATIONS)) as other, Cache.open(path, ORIGIN, busy_timeout=0.01) as cache:
        with (
            other.write(),
            pytest.raises(CacheError, match=r"is locked by another process: try again when that has ended"),
        ):
            cache.journal.set("note", "x")
        assert len(cache.rankings.read(Grain.WEEK)) == WEEKS
        cache.journal.set("note", "x")


async def test_a_full_disk_is_told_and_the_poll_comes_again_when_there_is_room(path: Path) -> None:
    world = World()
    with Cache(database := Database.open(path, MIGRATIONS), ORIGIN) as cache:
        (pages,) = database.connection.execute("PRAGMA page_count").fetchone()
        database.connection.execute(f"PRAGMA max_page_count = {pages + 3}")
        source = core_world.Wired(Settings(), cache, core_world.BASE_URL, core_world.KEY, machine=world.machine)
        source.server = world.server
        slept: list[float] = []

        async def sleep(seconds: float) -> None:
            slept.append(seconds)
            world.later(seconds=seconds)

        events = poll(source, Wake(), sleep=sleep, chance=lambda: 0.0)
        for pause in (15, 30):
            told = await anext(events)
            assert isinstance(told, Failed)
            assert "cannot grow, the disk is full: free some space; what it held is kept" in told.reason
            assert told.retry_in == pause
            assert len(cache.rankings.read(Grain.WEEK)) == WEEKS
        database.connection.execute("PRAGMA max_page_count = 100000")
        assert isinstance(await anext(events), Synced)
        assert slept == [15, 30]


def test_without_room_the_file_is_read_on_and_written_again_when_there_is_some(path: Path) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, before[1]))
    try:
        cache, said = open_cache(path, ORIGIN, own=True, day=TODAY)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    with cache:
        assert (cache.path, len(cache.rankings.read(Grain.WEEK))) == (None, WEEKS)
    assert said is not None
    assert said.endswith("orwatch works in memory and keeps nothing new when it ends; check the disk or use --cache.")
    cache, said = open_cache(path, ORIGIN, own=True, day=TODAY)
    with cache:
        assert (cache.path, said) == (path, None)
        cache.journal.set("note", "kept")
    assert aside(path.parent) == []


NO_SHARED_MAPS = """
    #define _GNU_SOURCE
    #include <errno.h>
    #include <sys/mman.h>
    #include <sys/syscall.h>
    #include <unistd.h>
    void *mmap(void *at, size_t size, int access, int flags, int file, off_t from) {
        if (file >= 0 && (flags & MAP_SHARED) && (access & PROT_WRITE)) { errno = ENODEV; return MAP_FAILED; }
        return (void *)syscall(SYS_mmap, at, size, access, flags, file, from);
    }
    void *mmap64(void *at, size_t size, int access, int flags, int file, off_t from) {
        return mmap(at, size, access, flags, file, from);
    }
"""
"""Files that cannot be mapped by several processes, as on many network and container file systems."""


@pytest.mark.skipif(shutil.which("cc") is None, reason="it needs a C compiler")
@pytest.mark.parametrize("begun", ["here", "elsewhere"])
def test_where_memory_cannot_be_shared_there_is_another_journal(path: Path, begun: str) -> None:
    library = path.with_name("maps.so")
    subprocess.run(["cc", "-shared", "-fPIC", "-o", library, "-xc", "-"], input=NO_SHARED_MAPS, text=True, check=True)
    if begun == "here":
        path.unlink()
    look = f"""
        from pathlib import Path
        from orwatch.domain.periods import Grain
        from orwatch.store.cache import Cache
        for number in range(2):
            with Cache.open(Path({str(path)!r}), {ORIGIN!r}) as cache, Cache.open(cache.path, {ORIGIN!r}) as other:
                cache.journal.set("note", str(number))
                print(len(cache.rankings.read(Grain.WEEK)), other.journal.get("note"))
    """
    env = os.environ | {"LD_PRELOAD": str(library)}
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(look)], env=env, capture_output=True, text=True, check=False
    )
    weeks = 0 if begun == "here" else WEEKS
    assert (done.stdout, done.stderr) == (f"{weeks} 0\n{weeks} 1\n", "")


NO_LOCKS = """
    #define _GNU_SOURCE
    #include <errno.h>
    #include <fcntl.h>
    #include <stdarg.h>
    #include <sys/syscall.h>
    #include <unistd.h>
    int fcntl64(int file, int what, ...) {
        va_list more; va_start(more, what); void *with = va_arg(more, void *); va_end(more);
        if (what == F_SETLK || what == F_SETLKW || what == F_GETLK) { errno = ENOLCK; return -1; }
        return syscall(SYS_fcntl, file, what, with);
    }
    int fcntl(int file, int what, ...) {
        va_list more; va_start(more, what); void *with = va_arg(more, void *); va_end(more);
        return fcntl64(file, what, with);
    }
"""
"""Files that cannot be locked, as on network file systems whose server has no locks."""


@pytest.mark.skipif(shutil.which("cc") is None, reason="it needs a C compiler")
@pytest.mark.parametrize("begun", ["here", "elsewhere"])
def test_without_locks_the_cause_is_told_and_figures_are_shown(cli: Cli, begun: str) -> None:
    library = cli.folder / "locks.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-o", library, "-xc", "-"], input=NO_LOCKS, text=True, check=True)
    if begun == "here":
        cli.cache.unlink()
    argv = [sys.executable, "-m", "orwatch", "top", "--offline", "--period", "week", "--format", "json"]
    done = subprocess.run(
        argv, env=os.environ | {"LD_PRELOAD": str(library)}, capture_output=True, text=True, check=False
    )
    assert done.stderr.startswith(
        f"orwatch: The cache {cli.cache} lies on a file system without locks: orwatch works in memory and keeps nothing new"
        " when it ends; mount it with locks or use --cache.\n"
    )
    assert done.returncode == (3 if begun == "here" else 0)
    assert begun == "here" or len(json.loads(done.stdout)["rows"]) > 5


# While orwatch runs


async def test_a_file_that_vanishes_is_written_anew_by_one_and_followed_by_all(path: Path) -> None:
    world = World()

    def process() -> core_world.Wired:
        cache = Cache.open(path, ORIGIN)
        source = core_world.Wired(Settings(), cache, core_world.BASE_URL, core_world.KEY, machine=world.machine)
        source.server = world.server
        return source

    one, two = process(), process()
    await refresh(one)
    before = one.cache.rankings.read(Grain.WEEK)
    seen = two.cache.revision()
    used = one.coordination.keyed_requests_today()
    for file in path.parent.glob("cache.sqlite3*"):
        file.unlink()
    assert one.cache.rankings.read(Grain.WEEK) == before, "what is on the screen stays there"
    world.later(seconds=301)
    assert (await refresh(one)).error is None
    assert one.coordination.take_notices() == [f"The cache {path} had vanished; what was known is written anew."]
    with Cache.open(path, ORIGIN) as another:
        weeks = {listing.period: listing for listing in another.rankings.read(Grain.WEEK)}
        assert all(listing.period in weeks for listing in before)
        assert len(another.catalogue.prices()) >= 6
    assert one.coordination.keyed_requests_today() >= used, "the budget of the day holds on"
    world.later(seconds=301)
    await refresh(two)
    assert two.coordination.take_notices() == []
    assert two.cache.revision() > seen
    two.cache.journal.set("note", "from the other")
    assert one.cache.journal.get("note") == "from the other", "they share one file again"
    one.close()
    two.close()


async def test_the_dashboard_on_a_damaged_cache_keeps_its_rows_and_says_what_was_done(path: Path) -> None:
    world = World()
    with Cache.open(path, ORIGIN) as cache:
        source = core_world.Wired(Settings(), cache, core_world.BASE_URL, None, machine=world.machine)
        source.server = world.server
        async with running(source, toasts=True, size=(160, 45)) as tui:
            assert "15–21 Jun" in tui.header
            rows = tui.shown()
            run_sql(path, "PRAGMA wal_checkpoint(TRUNCATE)")
            spoil_table(path, "listing")
            spoil_table(path, "meta")
            cache.database.connection.execute("PRAGMA shrink_memory")
            tui.app.live.tick()
            await tui.press("j", "p", "[", "v", "escape", "z", "z")
            assert tui.app.is_running, "no key ends the program"
            assert set(tui.shown()) <= set(rows)
            assert tui.shown()
            await refresh(source)
            tui.app.live.tell_notices()
            await tui.settle()
            assert "was damaged: it is kept as" in " ".join(note.message for note in tui.app.toasts.shown)
        assert len(aside(path.parent)) == 1


async def test_the_dashboard_opens_on_a_damaged_cache(path: Path) -> None:
    spoil_table(path, "listing")
    with Cache.open(path, ORIGIN) as cache:
        world = World()
        source = core_world.Wired(Settings(), cache, core_world.BASE_URL, None, machine=world.machine)
        source.server = world.server
        async with running(source, toasts=True) as tui:
            assert "empty" in tui.text
            assert "was damaged" in " ".join(note.message for note in tui.app.toasts.shown)
        assert len(aside(path.parent)) == 1


async def test_that_nothing_is_kept_stands_on_screen_as_long_as_it_is_so(path: Path) -> None:
    with Cache.open(path, ORIGIN) as cache:
        world = World()
        source = core_world.Wired(Settings(), cache, core_world.BASE_URL, None, machine=world.machine)
        async with running(source, size=(160, 45)) as tui:
            assert "in memory" not in tui.text
            source.coordination.detach()  # as a poll does that finds the file read-only
            for (width, height), words in {
                (160, 45): "! in memory, nothing is kept · Source: OpenRouter (openrouter.ai/rankings)",
                (100, 31): "! in memory · Source: ",
                (80, 24): "! in memory · 22–28 Jun ~ 0 of 7",
                (40, 12): "! in memory",
            }.items():
                await tui.resize(width, height)
                tui.app.live.tick()
                await tui.settle()
                row = tui.lines()[-2] if height > 30 else tui.lines()[-1]
                assert row.strip().startswith(words), (width, row)
                assert "? help" in tui.footer
            await tui.resize(80, 24)
            tui.app.live.problem = "openrouter.ai refuses the connection; check the network."
            tui.app.dashboard.note(problem=tui.app.live.problem)
            await tui.settle()
            assert tui.footer.startswith("! in memory · ! openrouter.ai refuses the connection")
            await tui.resize(40, 12)
            assert tui.footer.startswith("! openrouter.ai")


def test_a_source_knows_that_its_file_was_not_to_be_had(path: Path) -> None:
    with open_source(Config(Settings(source=SourceSettings(cache=Path("/proc/nowhere/cache.sqlite3"))))) as source:
        assert (source.coordination.unkept, len(source.coordination.take_notices())) == (True, 1)
    with open_source(Config(Settings(source=SourceSettings(cache=path)))) as source:
        assert (source.coordination.unkept, source.coordination.take_notices()) == (False, [])
    with open_source(Config(), demo=DemoOptions()) as source:
        assert source.coordination.unkept is False


# Keys


def test_a_broken_file_of_keys_is_kept_aside_when_a_key_is_set(tmp_path: Path) -> None:
    env = {"ORWATCH_CONFIG": str(tmp_path / "config.toml")}
    file = key_path(env)
    for number, text in enumerate(("keys = [", "keys = 7\n", "\xff")):
        file.write_text(text, encoding="latin-1")
        with pytest.raises(
            UsageError, match=r"key\.toml .*: correct it, or run `orwatch key set`, which keeps it aside"
        ) as caught:
            key_for(ORIGIN, env)
        assert is_one_sentence(str(caught.value))
        kept = store_key(ORIGIN, "sk-or-new", env)
        assert kept == tmp_path / ("key.toml.damaged" + (f"-{number + 1}" if number else ""))
        assert kept.read_text(encoding="latin-1") == text
        assert kept.stat().st_mode & 0o077 == 0
        assert store_key(ORIGIN, "sk-or-newer", env) is None
