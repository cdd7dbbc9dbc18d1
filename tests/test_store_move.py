"""The move of a cache from the folder of caches to the user's data: once, whole, whoever is killed and whoever has it open."""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from alerts_support import NOON, mark, with_news
from faults.table import is_one_sentence
from forked import run, run_all
from orwatch.domain.catalogue import CatalogueModel, Pricing
from orwatch.domain.periods import Grain, Period
from orwatch.domain.records import Listing
from orwatch.store.cache import Cache
from orwatch.store.database import upgrade
from orwatch.store.deliveries import Terms
from orwatch.store.migrations import MIGRATIONS
from orwatch.store.move import settle
from orwatch.store.rankings import FOLD
from orwatch.store.recovery import open_cache
from pseudo_terminal import environment

ORIGIN = "https://openrouter.ai"
NAME = "openrouter.ai.sqlite3"
DAY = Period(Grain.DAY, date(2026, 8, 1))
NOW = datetime(2026, 8, 22, 2, tzinfo=UTC)
TODAY = date(2026, 8, 22)
PLACES = ("/dev/shm", "/var/tmp", "/tmp")
"""Folders of which one may be on another file system than that of temporary files."""


def other_systems(place: Path) -> list[str]:
    """Folders on other file systems than this one."""
    return [name for name in PLACES if os.access(name, os.W_OK) and os.stat(name).st_dev != place.stat().st_dev]


class Folders:
    """A user's folders of caches and of data. former, path: the cache in each."""

    def __init__(self, caches: Path, data: Path) -> None:
        self.former, self.path = caches / "orwatch" / NAME, data / "orwatch" / NAME
        caches.mkdir()

    def settle(self) -> tuple[Path, str | None]:
        return settle(self.former, self.path, ORIGIN, TODAY)

    def told(self) -> str:
        """What is told; it is one sentence."""
        _, sentence = self.settle()
        assert sentence is not None
        assert is_one_sentence(sentence.replace(str(self.former.parents[2]), "~"))
        return sentence


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    return Folders(tmp_path / "caches", tmp_path / "data")


@pytest.fixture
def apart(tmp_path: Path) -> Iterator[Folders]:
    """Folders on two file systems."""
    systems = other_systems(tmp_path)
    if not systems:
        pytest.skip("there is no second file system here")
    with tempfile.TemporaryDirectory(dir=systems[0]) as data:
        yield Folders(tmp_path / "caches", Path(data))


def put(path: Path, tokens: int = 5, as_of: datetime = NOW, period: Period = DAY) -> None:
    """Figures of a day."""
    with Cache.open(path, ORIGIN) as cache:
        cache.rankings.put([Listing.build(period, as_of, [("lab/a", tokens)])])


def tokens(path: Path) -> dict[date, int]:
    """Figures by day."""
    with Cache.open(path, ORIGIN) as cache:
        return {listing.period.start: listing.total for listing in cache.rankings.read(Grain.DAY)}


def names(folder: Path) -> set[str]:
    """The files of a folder, without SQLite's own."""
    return {file.name for file in folder.iterdir() if not file.name.endswith(("-wal", "-shm"))}


def test_a_cache_moves_once_and_one_sentence_tells_it(folders: Folders) -> None:
    put(folders.former)
    assert folders.settle() == (
        folders.path,
        f"The cache {NAME} has moved from {folders.former.parent} to {folders.path.parent}: "
        "systems empty the folder of caches.",
    )
    assert tokens(folders.path) == {DAY.start: 5}
    assert folders.settle() == (folders.path, None)
    assert names(folders.path.parent) == {NAME}


def test_who_opens_it_by_the_former_path_finds_the_same_file(folders: Folders) -> None:
    put(folders.former)
    folders.settle()
    put(folders.former, 7, NOW + timedelta(hours=1))
    assert tokens(folders.path) == {DAY.start: 7}
    assert folders.settle() == (folders.path, None)


def test_it_stays_readable_by_its_owner_only(folders: Folders) -> None:
    put(folders.former)
    folders.settle()
    assert stat.S_IMODE(folders.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(folders.path.parent.stat().st_mode) == 0o700


def test_without_a_former_cache_there_is_nothing_to_tell(folders: Folders) -> None:
    assert folders.settle() == (folders.path, None)
    put(folders.path)
    assert folders.settle() == (folders.path, None)


def test_where_caches_and_data_are_one_folder_nothing_is_done(tmp_path: Path) -> None:
    one = Folders(tmp_path / "one", tmp_path / "one")
    put(one.path)
    assert one.settle() == (one.path, None)
    assert tokens(one.path) == {DAY.start: 5}
    (tmp_path / "two").symlink_to(tmp_path / "one")
    assert settle(tmp_path / "two" / "orwatch" / NAME, one.path, ORIGIN, TODAY) == (one.path, None)
    assert not one.path.is_symlink()


# Others who have it open


def test_who_has_it_open_goes_on_with_the_file_that_moved(folders: Folders) -> None:
    put(folders.former)
    with Cache.open(folders.former, ORIGIN) as older:
        assert "has moved from" in folders.told()
        with Cache.open(folders.path, ORIGIN) as newer:
            older.rankings.put([Listing.build(DAY.next(), NOW, [("lab/a", 6)])])
            assert len(newer.rankings.read(Grain.DAY)) == 2
            newer.rankings.put([Listing.build(DAY.next().next(), NOW, [("lab/a", 7)])])
            assert len(older.rankings.read(Grain.DAY)) == 3
        older.rankings.put([Listing.build(DAY.previous(), NOW, [("lab/a", 4)])])
    assert sorted(tokens(folders.path).values()) == [4, 5, 6, 7]


def test_who_is_opening_it_as_it_moves_begins_no_log_of_its_own(folders: Folders) -> None:
    """Of which nobody else would ever read: another start comes before it has opened the log."""
    put(folders.former)
    with closing(sqlite3.connect(folders.former)) as older:
        for _ in range(2):
            folders.settle()
        with pytest.raises(sqlite3.OperationalError, match="unable to open database file"):
            older.execute("DELETE FROM request")
    put(folders.former, 7, NOW + timedelta(hours=1))
    assert tokens(folders.path) == {DAY.start: 7}


def test_the_link_that_stands_in_for_its_log_goes_after_an_hour(folders: Folders) -> None:
    put(folders.former)
    folders.settle()
    os.utime(f"{folders.former}-wal", (0, 0), follow_symlinks=False)
    folders.settle()
    assert sorted(folders.former.parent.iterdir()) == [folders.former]


def test_where_a_killed_move_has_given_it_a_second_name_it_is_opened_by_the_first(folders: Folders) -> None:
    """By the second one it would have another log than who has it open."""
    put(folders.former)
    folders.path.parent.mkdir(parents=True)
    with Cache.open(folders.former, ORIGIN) as older:
        os.link(folders.former, folders.path)
        with older.database.write():
            assert folders.settle()[0] == folders.former
    assert "has moved from" in folders.told()
    assert tokens(folders.path) == {DAY.start: 5}


def test_where_another_process_takes_the_former_one_away_meanwhile_the_new_one_is_used(
    folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(folders.path)
    put(folders.former, 6)

    def taken_away(former: Path, *_: object) -> None:
        former.unlink()
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("orwatch.store.move._move", taken_away)
    assert folders.settle()[0] == folders.path


def test_across_file_systems_it_is_copied_whole(apart: Folders) -> None:
    put(apart.former)
    assert "has moved from" in apart.told()
    assert tokens(apart.path) == {DAY.start: 5}
    assert stat.S_IMODE(apart.path.stat().st_mode) == 0o600
    assert names(apart.path.parent) == {NAME}
    put(apart.former, 7, NOW + timedelta(hours=1))
    assert tokens(apart.path) == {DAY.start: 7}


def test_across_file_systems_it_stays_while_another_has_it_open(apart: Folders) -> None:
    put(apart.former)
    with Cache.open(apart.former, ORIGIN) as older:
        path, sentence = apart.settle()
        assert path == apart.former
        assert sentence == (
            f"The cache stays in {apart.former.parent} for now and moves to {apart.path.parent} at a later start: "
            "another orwatch has it open."
        )
        older.rankings.put([Listing.build(DAY.next(), NOW, [("lab/a", 6)])])
    assert "has moved from" in apart.told()
    assert sorted(tokens(apart.path).values()) == [5, 6]


@pytest.mark.parametrize("name", [f".{NAME}.link", f".{NAME}-wal.link"])
def test_a_link_that_cannot_be_made_loses_nothing(folders: Folders, name: str) -> None:
    put(folders.former)
    (folders.former.parent / name / "in the way").mkdir(parents=True)
    for _ in range(2):
        path, _ = folders.settle()
        assert tokens(path) == {DAY.start: 5}


# Both folders hold a cache


def test_what_an_older_orwatch_kept_since_is_taken_over(folders: Folders) -> None:
    later = NOW + timedelta(hours=1)
    put(folders.path, 7, later)
    put(folders.path, 8, NOW, DAY.next())
    put(folders.former, 5)
    put(folders.former, 9, later, DAY.next())
    put(folders.former, 4, NOW, DAY.previous())
    with Cache.open(folders.former, ORIGIN) as older:
        priced = CatalogueModel("lab/a", "lab/a", "A", pricing=Pricing(Decimal("0.000001"), Decimal("0.000002")))
        older.catalogue.put_models([priced], NOW)
        older.alerts.snooze("rule:streak", later, NOW)
    assert folders.told() == f"What an older orwatch has kept in {folders.former} is now in {folders.path} too."
    assert tokens(folders.path) == {DAY.previous().start: 4, DAY.start: 7, DAY.next().start: 9}
    with Cache.open(folders.path, ORIGIN) as cache:
        assert [price.prompt for price in cache.catalogue.prices()] == [Decimal("0.000001")]
        assert cache.alerts.snoozes(NOW) == {"rule:streak": later}
    assert folders.settle() == (folders.path, None)
    assert folders.former.is_symlink()


def test_alerts_that_an_older_orwatch_found_since_are_sent_once(folders: Folders) -> None:
    soon = NOON + timedelta(minutes=1)
    for path, lengths, sent in ((folders.path, (4, 13), 13), (folders.former, (4, 8), 4)):
        with Cache.open(path, ORIGIN) as cache:
            cache.deliveries.serve("file")
            with_news(cache, *(mark(length=length) for length in lengths))
            cache.deliveries.claim(Terms("file"), "one", soon)
            cache.deliveries.settle(Terms("file"), "one", [mark(length=sent).id], soon)
    folders.settle()
    with Cache.open(folders.path, ORIGIN) as cache:
        assert {known.alert.values["length"] for known in cache.alerts.known(soon).values() if known.unread} == {
            4,
            8,
            13,
        }
        claim = cache.deliveries.claim(Terms("file"), "another", soon + timedelta(minutes=1))
    assert claim.ids == (mark(length=8).id,)


def test_it_is_taken_over_once_nobody_has_it_open(folders: Folders) -> None:
    put(folders.path)
    put(folders.former, 6, NOW, DAY.next())
    with Cache.open(folders.former, ORIGIN):
        assert folders.settle()[0] == folders.path
        assert "is taken over at a later start: another orwatch has it open." in folders.told()
        assert tokens(folders.path) == {DAY.start: 5}
    folders.settle()
    assert tokens(folders.path) == {DAY.start: 5, DAY.next().start: 6}


@pytest.mark.parametrize("older", [False, True])
def test_what_can_be_read_of_a_damaged_one_is_taken_over_and_the_file_kept(folders: Folders, older: bool) -> None:
    put(folders.path)
    if older:
        folders.former.parent.mkdir()
        with closing(sqlite3.connect(folders.former, isolation_level=None)) as connection:
            upgrade(connection, "The cache", MIGRATIONS[: MIGRATIONS.index(FOLD)])
            connection.execute("INSERT INTO listing VALUES ('day', '2026-08-02', 1787364000, 'api')")
            connection.execute("INSERT INTO tokens VALUES ('day', '2026-08-02', 'lab/a', 6)")
    else:
        put(folders.former, 6, NOW, DAY.next())
    with closing(sqlite3.connect(folders.former)) as connection:
        (root,) = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'price'").fetchone()
    with folders.former.open("r+b") as file:
        file.seek((root - 1) * 4096)
        file.write(b"\xff" * 4096)
    folders.told()
    assert tokens(folders.path) == {DAY.start: 5, DAY.next().start: 6}
    assert names(folders.former.parent) == {NAME, f"{NAME}.damaged-2026-08-22"}


def test_one_of_a_newer_orwatch_is_left_and_named(folders: Folders) -> None:
    put(folders.path)
    put(folders.former, 6)
    with closing(sqlite3.connect(folders.former)) as connection:
        connection.execute("PRAGMA user_version = 99")
    assert f"{folders.former} was written by a newer orwatch" in folders.told()
    assert folders.settle()[0] == folders.path
    assert not folders.former.is_symlink()


# Links, rights, room


def test_a_link_of_the_users_own_stays_what_it_is(folders: Folders, tmp_path: Path) -> None:
    kept = tmp_path / "disk" / "record.sqlite3"
    put(kept)
    folders.former.parent.mkdir()
    folders.former.symlink_to(kept)
    assert "has moved from" in folders.told()
    assert tokens(folders.path) == {DAY.start: 5}
    assert folders.path.resolve() == folders.former.resolve() == kept
    assert folders.settle() == (folders.path, None)


def test_where_the_folder_for_data_cannot_be_made_the_cache_stays(folders: Folders) -> None:
    put(folders.former)
    folders.path.parent.parent.write_text("a file where a folder should be")
    path, sentence = folders.settle()
    assert path == folders.former
    assert sentence == (
        f"The cache stays in {folders.former.parent} for now and moves to {folders.path.parent} at a later start: "
        "that folder cannot be written to (Not a directory)."
    )
    assert tokens(path) == {DAY.start: 5}


@pytest.fixture
def bound() -> Iterator[Folders]:
    """Folders of a user whom permissions bind."""
    root = os.geteuid() == 0
    with tempfile.TemporaryDirectory(dir="/tmp") as place:  # which everybody may enter
        if root:
            os.chown(place, 65534, -1)
            os.seteuid(65534)
        yield Folders(Path(place) / "caches", Path(place) / "data")
        if root:
            os.seteuid(0)


def test_without_rights_to_the_folder_for_data_the_cache_stays(bound: Folders) -> None:
    put(bound.former)
    bound.path.parent.parent.mkdir(mode=0o500)
    path, sentence = bound.settle()
    assert path == bound.former
    assert sentence is not None
    assert "Permission denied" in sentence
    assert tokens(path) == {DAY.start: 5}
    bound.path.parent.parent.chmod(0o700)
    assert "has moved from" in bound.told()


def test_a_cache_that_may_only_be_read_is_copied_and_left(bound: Folders) -> None:
    put(bound.former)
    bound.former.parent.chmod(0o500)
    assert f"the one in {bound.former.parent}, which cannot be written to, is left there." in bound.told()
    assert tokens(bound.path) == {DAY.start: 5}
    assert bound.settle() == (bound.path, None)
    bound.former.parent.chmod(0o700)


def test_without_room_for_a_copy_the_cache_stays(apart: Folders) -> None:
    put(apart.former)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, before[1]))
    try:
        path, sentence = apart.settle()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)
    assert path == apart.former
    assert sentence is not None
    assert "the disk cannot be read or written." in sentence
    assert list(apart.path.parent.iterdir()) == []
    assert "has moved from" in apart.told()


@pytest.mark.parametrize("first", [0, 100])
def test_a_damaged_cache_is_set_aside_as_ever(folders: Folders, first: int) -> None:
    put(folders.former)
    with folders.former.open("r+b") as file:
        file.seek(first)
        file.write(b"\xff" * 4000)
    notices = []
    for _ in range(2):
        path, _ = folders.settle()
        cache, notice = open_cache(path, ORIGIN, own=True, day=TODAY)
        cache.close()
        notices += [notice] if notice else []
    assert path == folders.path
    assert [notice.partition(": ")[2][:10] for notice in notices] == ["it is kept"]
    kept = names(folders.former.parent) | names(folders.path.parent)
    assert kept == {NAME, f"{NAME}.damaged-2026-08-22"}


# Killed


def test_a_move_killed_at_any_moment_loses_nothing(tmp_path: Path) -> None:
    """Before each of its lines, and at random while an older orwatch writes: in one file system, and from one to another."""
    done = subprocess.run(
        [sys.executable, Path(__file__).with_name("move_loop.py"), "5", *other_systems(tmp_path)[:1]],
        env={**os.environ, "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stdout


# The program


def test_two_commands_at_once_move_the_cache_once_and_other_files_are_left(tmp_path: Path) -> None:
    env = environment(tmp_path)
    del env["ORWATCH_CACHE"]
    former, path = tmp_path / "cache" / "orwatch" / NAME, tmp_path / "data" / "orwatch" / NAME
    put(former)
    answers = run_all([["status", "--offline", "--format", "json"]] * 2, env)
    assert [json.loads(done.stdout)["rows"][0]["periods"]["day"] for done in answers] == [1, 1]
    assert [json.loads(done.stdout)["rows"][0]["cache_path"] for done in answers] == [str(path)] * 2
    assert sum("has moved from" in done.stderr for done in answers) == 1
    assert sum(len(done.stderr.splitlines()) for done in answers) == 1


def test_a_cache_that_is_named_is_where_it_is_named(tmp_path: Path) -> None:
    env = environment(tmp_path)
    former = tmp_path / "cache" / "orwatch" / NAME
    put(former)
    named = tmp_path / "named.sqlite3"
    shutil.copy(former, named)
    for argv, more in ((["--cache", str(named)], {}), ([], {"ORWATCH_CACHE": str(former)})):
        done = run(["export", "--offline", *argv], {**env, **more})
        assert "lab/a" in done.stdout
        assert done.stderr == ""
    assert not former.is_symlink()


@pytest.mark.parametrize(
    ("blocked", "told"),
    [
        ("data", "is in the folder of caches, which systems empty: it moves to"),
        ("cache data", "It is in memory, as its file cannot be written to: what comes is lost when orwatch ends."),
        ("", None),
    ],
)
def test_doctor_tells_a_cache_that_may_be_lost(tmp_path: Path, blocked: str, told: str | None) -> None:
    env = environment(tmp_path)
    del env["ORWATCH_CACHE"]
    if "cache" not in blocked:
        put(tmp_path / "cache" / "orwatch" / NAME)
    for folder in blocked.split():
        (tmp_path / folder).write_text("a file where a folder should be")
    done = run(["doctor", "--offline", "--format", "json"], env)
    (row,) = [row for row in json.loads(done.stdout)["rows"] if row["check"] == "cache"]
    assert row["ok"] is (told is None)
    assert (told or str(tmp_path / "data" / "orwatch" / NAME)) in row["detail"]
    assert done.returncode == (1 if told else 0)
