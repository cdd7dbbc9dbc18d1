"""A record from machine to machine: `export --format jsonl`, `backup` and `import`; what is damaged or foreign changes nothing."""

from __future__ import annotations

import json
import resource
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from alerts_support import LAST, judged, mark, weeks
from cli_market import AS_OF, ORIGIN, Cli
from faults.table import is_one_sentence
from orwatch.domain.catalogue import CatalogueModel, Pricing
from orwatch.domain.periods import Grain, Period
from orwatch.domain.records import Listing
from orwatch.store.cache import Cache
from orwatch.store.database import Database
from orwatch.store.deliveries import Terms
from orwatch.store.migrations import MIGRATIONS
from orwatch.store.rankings import ADD_ORIGIN
from pseudo_terminal import environment

WEEK = Period(Grain.WEEK, date(2026, 6, 1))
Lines = list[dict[str, Any]]


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """The cache of another machine, still empty."""
    return tmp_path / "other.sqlite3"


def exported(cli: Cli, *argv: str) -> str:
    """The record as JSON lines."""
    code, out, err = cli("export", "--offline", "--format", "jsonl", *argv)
    assert (code, err) == (0, "")
    return out


def written(cli: Cli, text: str) -> str:
    """A file with that text."""
    path = cli.folder / "record.jsonl"
    path.write_text(text, encoding="utf-8")
    return str(path)


def backed_up(cli: Cli, *argv: str) -> str:
    """A file with a backup."""
    path = str(cli.folder / "backup.sqlite3")
    code, out, err = cli("backup", path, *argv)
    assert (code, out) == (0, ""), err
    return path


def brought(cli: Cli, file: str, cache: Path) -> tuple[int, int, int]:
    """What an import says that it brought: periods, new rows, restated rows."""
    _, (row,) = cli.json("import", file, "--cache", str(cache))
    return row["periods"], row["rows_new"], row["rows_restated"]


def refused(cli: Cli, file: str, cache: Path, *argv: str) -> str:
    """The sentence with which an import is refused, which leaves the cache as it was."""
    with Cache.open(cache, ORIGIN) as opened:
        before = (opened.rankings.read(Grain.WEEK), opened.catalogue.prices(), opened.revision())
    code, out, err = cli("import", file, "--cache", str(cache), *argv)
    assert (code, out) == (1, "")
    with Cache.open(cache, ORIGIN) as opened:
        assert (opened.rankings.read(Grain.WEEK), opened.catalogue.prices(), opened.revision()) == before
    sentence = err.removeprefix("orwatch: ").rstrip("\n")
    assert is_one_sentence(sentence.replace(str(cli.folder), "~").replace("~", "A", 1))
    assert sentence.endswith("nothing is imported.")
    return sentence


def put(path: Path, tokens: int, as_of: datetime, week: Period = WEEK, named: int = 1) -> None:
    """Figures of a week into a cache."""
    with Cache.open(path, ORIGIN) as cache:
        cache.rankings.put([Listing.build(week, as_of, [(f"lab/model-{n}", tokens + n) for n in range(named)])])


# JSON lines


def test_a_record_goes_to_another_machine_as_json_lines(cli: Cli, other: Path) -> None:
    text = exported(cli)
    assert brought(cli, written(cli, text), other) == (3, 33, 0)
    assert exported(cli, "--cache", str(other)) == text
    assert brought(cli, written(cli, text), other) == (3, 0, 0)


def test_json_lines_are_read_from_standard_input(cli: Cli, tmp_path: Path, other: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "orwatch", "import", "-", "--cache", str(other), "--format", "json"],
        input=exported(cli),
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(done.stdout)["rows"] == [
        {"file": "standard input", "periods": 3, "rows_new": 33, "rows_restated": 0}
    ]


@pytest.mark.parametrize(("hours", "total"), [(-1, 5), (0, 600), (1, 600)])
def test_of_each_period_the_newest_as_of_wins(cli: Cli, other: Path, hours: int, total: int) -> None:
    put(other, 5, AS_OF - timedelta(hours=hours))
    brought(cli, written(cli, exported(cli)), other)
    with Cache.open(other, ORIGIN) as cache:
        (week, *_) = cache.rankings.read(Grain.WEEK)
    assert week.total == (total * 10**9 if total == 600 else total)


def test_what_is_composed_is_not_taken_for_what_the_source_gave(cli: Cli, other: Path, tmp_path: Path) -> None:
    days = tmp_path / "days.sqlite3"
    with Cache.open(days, ORIGIN) as cache:
        cache.rankings.put(
            Listing.build(Period(Grain.DAY, day), AS_OF, [(f"lab/model-{n}", 9 - n) for n in range(9)])
            for day in WEEK.days()
        )
    text = exported(cli, "--cache", str(days))
    assert '"grain": "week"' in text
    brought(cli, written(cli, text), other)
    with Cache.open(other, ORIGIN) as cache:
        assert (cache.rankings.coverage(Grain.DAY), cache.rankings.coverage(Grain.WEEK)) == (
            (WEEK.start, WEEK.end, 7),
            None,
        )
    assert exported(cli, "--cache", str(other)) == text


@pytest.mark.parametrize("form", ["lines", "backup"])
def test_an_own_week_that_names_more_than_the_archive_is_taken_over_it(
    cli: Cli, other: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    own = tmp_path / "own.sqlite3"
    put(own, 7, AS_OF, named=50)
    put(own, 7, AS_OF, WEEK.next(), named=5)
    file = backed_up(cli, "--cache", str(own)) if form == "backup" else written(cli, exported(cli, "--cache", str(own)))
    monkeypatch.setenv("ORWATCH_ARCHIVE", "auto")
    with Cache.open(own, ORIGIN) as cache:
        (ours, _) = cache.rankings.read(Grain.WEEK)
    assert brought(cli, file, other)[0] == 2
    with Cache.open(other, ORIGIN) as cache:
        listings = {listing.period: listing for listing in cache.rankings.read(Grain.WEEK)}
    assert len(listings) == 57
    assert listings[WEEK] == ours
    assert listings[WEEK.next()].origin == "archive"
    assert brought(cli, file, other) == (2, 0, 0)


def edited(change: Callable[[Lines], object]) -> Callable[[str], str]:
    """A damage to single rows."""

    def damage(text: str) -> str:
        rows = [json.loads(line) for line in text.splitlines()]
        change(rows)
        return "".join(f"{json.dumps(row)}\n" for row in rows)

    return damage


DAMAGE: dict[str, tuple[Callable[[str], str], str]] = {
    "no JSON": (lambda text: text.replace("{", "[", 1), "Line 1 of {} cannot be read"),
    "cut within a line": (lambda text: text[: len(text) // 2], "cannot be read"),
    "cut within a period": (
        lambda text: "".join(text.splitlines(True)[:18]),
        "Line 18 of {} ends the week of 2026-06-08",
    ),
    "a line is missing": (edited(lambda rows: rows.pop(3)), "Line 10 of {} ends the week of 2026-06-01"),
    "a digit": (edited(lambda rows: rows[4].update(tokens=1)), "Line 11 of {} ends the week of 2026-06-01"),
    "no tokens": (edited(lambda rows: rows[4].pop("tokens")), "Line 5 of {} cannot be read"),
    "no number": (edited(lambda rows: rows[4].update(tokens="many")), "Line 5 of {} cannot be read"),
    "a negative number": (edited(lambda rows: rows[4].update(tokens=-1)), "Line 5 of {} cannot be read"),
    "more than 64 bits": (edited(lambda rows: rows[4].update(tokens=2**63)), "Line 5 of {} cannot be read"),
    "a time without a zone": (edited(lambda rows: rows[4].update(as_of="2026-06-22T02:00:00")), "Line 5 of {} cannot"),
    "no permaslug": (edited(lambda rows: rows[4].update(permaslug="opus\x1b[2J")), "Line 5 of {} has a permaslug"),
    "a row twice": (edited(lambda rows: rows.insert(2, rows[1])), "Line 3 of {} gives deepseek/v4 a second time"),
    "two times": (
        edited(lambda rows: rows[4].update(as_of=f"{AS_OF:%Y-%m-%d}T03:00:00Z")),
        "Line 5 of {} does not agree",
    ),
    "a week from Tuesday": (edited(lambda rows: rows[4].update(start="2026-06-02")), "Line 5 of {} has 2026-06-02"),
    "before it began": (
        edited(lambda rows: rows[0].update(as_of="2026-05-01T02:00:00Z")),
        "Line 1 of {} has figures of",
    ),
    "the future": (
        edited(lambda rows: rows[0].update(as_of="2126-05-01T02:00:00Z")),
        "dated 2126-05-01, in the future",
    ),
    "another server": (
        edited(lambda rows: rows[9].update(source_url="https://example.org")),
        "In {} are figures of https://example.org, not of https://openrouter.ai",
    ),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_file_names_its_line_and_changes_nothing(cli: Cli, other: Path, damage: str) -> None:
    put(other, 5, AS_OF - timedelta(days=1))
    spoil, expected = DAMAGE[damage]
    file = written(cli, spoil(exported(cli)))
    assert expected.format(file) in refused(cli, file, other)


@pytest.mark.parametrize("argv", [["--vendor", "deepseek"], ["--no-free"], ["--limit", "5"]])
def test_an_export_that_leaves_rows_out_is_refused(cli: Cli, other: Path, argv: list[str]) -> None:
    assert "exported with a filter" in refused(cli, written(cli, exported(cli, *argv)), other)


def test_a_part_of_the_record_is_a_record(cli: Cli, other: Path) -> None:
    assert brought(cli, written(cli, exported(cli, "--since", "2026-06-08")), other) == (2, 22, 0)


@pytest.mark.parametrize("text", ["", "\n\n"])
def test_a_file_without_figures_is_no_data(cli: Cli, other: Path, text: str) -> None:
    code, _, err = cli("import", written(cli, text), "--cache", str(other))
    assert code == 3
    assert "there are no figures that could be imported" in err


@pytest.mark.parametrize("argv", [(), ("--period", "week")])
def test_rows_that_every_orwatch_has_are_no_import(
    cli: Cli, other: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, argv: tuple[str, ...]
) -> None:
    monkeypatch.setenv("ORWATCH_ARCHIVE", "auto")
    file = written(cli, exported(cli, "--cache", str(tmp_path / "archive.sqlite3"), *argv))
    code, out, err = cli("import", file, "--cache", str(other))
    assert (code, out) == (3, "")
    assert f"{file} has only rows of the archive, which every orwatch has, or composed ones" in err


@pytest.mark.parametrize(("form", "encoding"), [("csv", "utf-8"), ("json", "utf-8"), ("jsonl", "utf-16")])
def test_a_file_of_another_form_is_refused_with_the_form_that_is_taken(
    cli: Cli, other: Path, form: str, encoding: str
) -> None:
    code, out, _ = cli("export", "--offline", "--format", form)
    assert code == 0
    path = cli.folder / "record"
    path.write_text(out, encoding=encoding)
    assert "import takes what `orwatch export --format jsonl` or `orwatch backup` wrote" in refused(
        cli, str(path), other
    )


def test_a_file_that_cannot_be_read_is_named(cli: Cli, other: Path) -> None:
    missing = cli.folder / "missing.jsonl"
    assert cli("import", str(missing), "--cache", str(other))[::2] == (
        1,
        f"orwatch: {missing} cannot be read: No such file or directory.\n",
    )


@pytest.mark.parametrize("command", ["import", "backup"])
def test_the_demo_keeps_nothing(cli: Cli, command: str) -> None:
    code, _, err = cli(command, written(cli, ""), "--demo")
    assert code == 2
    assert f"--demo is no option of `orwatch {command}`" in err


# Backups


def test_a_backup_opens_as_a_cache_and_is_its_owners_only(cli: Cli) -> None:
    file = backed_up(cli)
    assert exported(cli, "--cache", file) == exported(cli)
    assert stat.S_IMODE(Path(file).stat().st_mode) == 0o600
    assert sorted(path.name for path in cli.folder.glob("*backup*")) == ["backup.sqlite3"]


def test_a_backup_replaces_a_file_only_when_told_to(cli: Cli) -> None:
    file = Path(written(cli, "something else"))
    code, _, err = cli("backup", str(file))
    assert (code, file.read_text()) == (2, "something else")
    assert f"{file} exists and is left as it is: name another file, or give --force." in err
    assert cli("backup", str(file), "--force")[0] == 0
    assert exported(cli, "--cache", str(file)) == exported(cli)


def test_a_backup_is_no_stream(cli: Cli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    code, _, err = cli("backup", "-")
    assert (code, err) == (2, "orwatch: A backup is written to a file: `orwatch backup FILE`.\n")
    assert not Path("-").exists()


def test_a_backup_never_replaces_the_cache(cli: Cli) -> None:
    link = cli.folder / "link"
    link.symlink_to(cli.cache)
    before = cli.cache.read_bytes()
    for path in (cli.cache, link):
        code, _, err = cli("backup", str(path), "--force")
        assert (code, cli.cache.read_bytes()) == (2, before)
        assert "is the cache itself" in err


def test_a_backup_that_cannot_be_written_is_a_sentence(cli: Cli) -> None:
    code, _, err = cli("backup", str(cli.cache / "below" / "a" / "file"))
    assert code == 1
    assert "cannot be written: Not a directory." in err
    code, _, err = cli("backup", str(cli.folder))
    assert (code, "is no file" in err) == (2, True)


def test_without_room_for_a_backup_what_was_there_is_kept(cli: Cli) -> None:
    file = Path(written(cli, "something else"))
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (65_536, before[1]))
    try:
        code, _, err = cli("backup", str(file), "--force")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert (code, file.read_text()) == (1, "something else")
    assert f"orwatch: {file} cannot be written (disk I/O error): what was there is kept." in err
    assert [path.name for path in cli.folder.iterdir() if path.name.startswith(".")] == []


WRITES = """
import pathlib, sys
from orwatch.store.cache import Cache

with Cache.open(pathlib.Path(sys.argv[1]), "https://openrouter.ai") as cache:
    for n in range(10**6):
        with cache.database.write() as connection:
            connection.execute("INSERT INTO request VALUES (?, 'one', 0, 200, 0)", (n,))
            connection.execute("INSERT INTO request VALUES (?, 'two', 0, 200, 0)", (n,))
        if n == 20:
            print("writing", flush=True)
"""


def test_a_backup_holds_one_moment_while_others_write(cli: Cli) -> None:
    with subprocess.Popen([sys.executable, "-c", WRITES, str(cli.cache)], stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        writer.stdout.readline()
        for _ in range(5):
            file = backed_up(cli, "--force")
            with closing(sqlite3.connect(file)) as connection:
                counts = dict(connection.execute("SELECT dataset, count(*) FROM request GROUP BY dataset"))
                assert counts["one"] == counts["two"] > 20
                assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            time.sleep(0.01)
        assert writer.poll() is None
        writer.kill()


def test_a_damaged_cache_is_not_backed_up(cli: Cli) -> None:
    with closing(sqlite3.connect(cli.cache)) as connection:
        (root,) = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'host'").fetchone()
    with cli.cache.open("r+b") as file:
        file.seek((root - 1) * 4096)
        file.write(b"\xff" * 4096)
    code, _, err = cli("backup", str(cli.folder / "backup.sqlite3"))
    assert code == 1
    assert "is damaged" in err
    assert not list(cli.folder.glob("*backup*"))


# What a backup brings


def priced(cache: Cache, price: str, at: datetime) -> None:
    """A catalogue with one model."""
    pricing = Pricing(Decimal(price), Decimal(price))
    cache.catalogue.put_models([CatalogueModel("lab/a", "lab/a", "A", pricing=pricing)], at)


def remembered(path: Path, *lengths: int) -> None:
    """News of streaks, the first of them acknowledged."""
    with Cache.open(path, ORIGIN) as cache:
        now = datetime(2026, 6, 8, 12, tzinfo=UTC)
        cache.alerts.record(judged(cache, [], weeks(LAST.previous(), 8)), now)
        alerts = [mark(length=length) for length in lengths]
        cache.alerts.record(judged(cache, alerts), now)
        cache.alerts.acknowledge([alerts[0].id], now)


def unread(path: Path) -> dict[str, bool]:
    """Whether each alert is unread, by the length of the streak."""
    with Cache.open(path, ORIGIN) as cache:
        return {str(known.alert.values["length"]): known.unread for known in cache.alerts.known(AS_OF).values()}


def test_a_backup_brings_rankings_prices_and_alerts_to_another_machine(cli: Cli, other: Path) -> None:
    remembered(cli.cache, 4, 8)
    file = backed_up(cli)
    assert brought(cli, file, other) == (3, 33, 0)
    assert exported(cli, "--cache", str(other)) == exported(cli)
    assert unread(other) == {"4": False, "8": True}
    with Cache.open(other, ORIGIN) as there, Cache.open(cli.cache, ORIGIN) as here:
        assert there.catalogue.prices() == here.catalogue.prices()
        assert there.catalogue.sightings() == here.catalogue.sightings()
        there.deliveries.serve("file")
        assert there.deliveries.claim(Terms("file"), "me", AS_OF).ids == ()
    assert brought(cli, file, other) == (3, 0, 0)
    assert unread(other) == {"4": False, "8": True}


def test_alerts_that_were_told_on_another_machine_are_history_where_a_channel_is_served(cli: Cli, other: Path) -> None:
    remembered(cli.cache, 4, 8)
    with Cache.open(other, ORIGIN) as cache:
        cache.deliveries.serve("file")
    remembered(other, 4, 13)
    brought(cli, backed_up(cli), other)
    assert unread(other) == {"4": False, "8": False, "13": True}
    with Cache.open(other, ORIGIN) as cache:
        claim = cache.deliveries.claim(Terms("file", heeds=False), "me", AS_OF.replace(day=8, hour=13))
        assert set(claim.ids) == {mark(length=4).id, mark(length=13).id}


def test_a_price_change_that_two_machines_saw_is_one_change(cli: Cli, tmp_path: Path) -> None:
    one, two = tmp_path / "one.sqlite3", tmp_path / "two.sqlite3"
    hour = timedelta(hours=1)
    for path, late in ((one, 0), (two, 1)):
        with Cache.open(path, ORIGIN) as cache:
            priced(cache, "0.000001", AS_OF + late * hour)
            priced(cache, "0.000002", AS_OF + 10 * hour + late * hour)
    with Cache.open(two, ORIGIN) as cache:
        priced(cache, "0.000003", AS_OF + 20 * hour)
    brought(cli, backed_up(cli, "--cache", str(two)), one)
    with Cache.open(one, ORIGIN) as cache:
        assert [(price.observed_at, price.prompt) for price in cache.catalogue.prices()] == [
            (AS_OF, Decimal("0.000001")),
            (AS_OF + 10 * hour, Decimal("0.000002")),
            (AS_OF + 20 * hour, Decimal("0.000003")),
        ]


def test_a_backup_of_another_server_is_refused(cli: Cli, other: Path) -> None:
    foreign = cli.folder / "foreign.sqlite3"
    with Cache.open(foreign, "https://example.org"):
        pass
    assert f"The file {foreign} holds figures of https://example.org, not of {ORIGIN}" in refused(
        cli, str(foreign), other
    )


@pytest.mark.parametrize("table", ["listing", "price", "alert", "sqlite_schema"])
def test_a_damaged_backup_changes_nothing_and_leaves_the_cache_in_its_place(cli: Cli, other: Path, table: str) -> None:
    put(other, 5, AS_OF - timedelta(days=1))
    file = backed_up(cli)
    with closing(sqlite3.connect(file)) as connection:
        found = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (table,)).fetchone()
    begin = (found[0] - 1) * 4096 if found else 100
    with Path(file).open("r+b") as opened:
        opened.seek(begin)
        opened.write(b"\xff" * 3900)
    assert f"The file {file} is damaged" in refused(cli, file, other)
    assert not list(cli.folder.glob("*.damaged-*"))


@pytest.mark.parametrize(
    "statement",
    ["UPDATE price SET prompt = 'dear'", "UPDATE listing SET slugs = '[\"lab/a\",\"lab/a\"]', tokens = '[2,1]'"],
)
def test_a_value_that_is_none_is_found_before_anything_is_imported(cli: Cli, other: Path, statement: str) -> None:
    file = backed_up(cli)
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute(statement)
    assert f"The file {file} is damaged" in refused(cli, file, other)


def test_a_backup_with_figures_of_the_future_is_refused(cli: Cli, other: Path, tmp_path: Path) -> None:
    ahead = tmp_path / "ahead.sqlite3"
    put(ahead, 5, datetime(2126, 6, 8, tzinfo=UTC))
    assert "dated 2126-06-08" in refused(cli, str(ahead), other)


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("UPDATE listing SET slugs = '[\"lab/a\"]', tokens = '[-5]'", "a number of tokens that is none"),
        ("UPDATE listing SET other = -1", "a number of tokens that is none"),
        (
            "UPDATE listing SET slugs = '[\"lab/a\"]', tokens = '[9223372036854775807]', other = 1",
            "a number of tokens that is none",
        ),
        (
            f"UPDATE listing SET slugs = '[\"lab/a\"]', tokens = '[{10**30}]'",
            "a number of tokens that is none",
        ),
        (
            r"UPDATE listing SET slugs = replace(slugs, 'deepseek/v4', 'deepseek/\u001b[2J')",
            "a permaslug that is none",
        ),
        (
            "INSERT INTO listing VALUES ('week', '2026-06-09', 1782093600, 'api', 0, '[\"lab/a\"]', '[5]')",
            "2026-06-09, with which no week begins",
        ),
        ("UPDATE listing SET as_of = 0", "figures of 2026-06-01 that were taken before it, on 1970-01-01"),
    ],
)
def test_a_backup_is_held_to_what_lines_are_held_to(cli: Cli, other: Path, statement: str, expected: str) -> None:
    put(other, 5, AS_OF - timedelta(days=1))
    file = backed_up(cli)
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        assert connection.execute(statement).rowcount > 0
    assert f"The file {file} has {expected}" in refused(cli, file, other)


def test_a_backup_with_the_archive_below_it_is_taken_in(
    cli: Cli, other: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ORWATCH_ARCHIVE", "auto")
    archive = tmp_path / "archive.sqlite3"
    exported(cli, "--cache", str(archive))
    _, new, restated = brought(cli, backed_up(cli, "--cache", str(archive)), other)
    assert (new, restated) == (0, 0)
    assert exported(cli, "--cache", str(other)) == exported(cli, "--cache", str(archive))


def test_a_backup_that_names_no_server_is_refused(cli: Cli, other: Path) -> None:
    file = backed_up(cli)
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("DELETE FROM meta WHERE key = 'origin'")
    assert f"The file {file} does not say of which server its figures are" in refused(cli, file, other)


def of_an_older(path: Path, *statements: str) -> str:
    """A backup of an orwatch that kept each row of a listing for itself."""
    with closing(Database.open(path, MIGRATIONS[: MIGRATIONS.index(ADD_ORIGIN)])) as older, older.write() as connection:
        connection.execute("INSERT INTO meta VALUES ('origin', ?)", (ORIGIN,))
        connection.execute("INSERT INTO listing VALUES ('week', '2026-06-01', 1782093600)")
        connection.execute(
            "INSERT INTO tokens VALUES ('week', '2026-06-01', 'lab/a', 5), ('week', '2026-06-01', 'other', 3)"
        )
        for statement in statements:
            connection.execute(statement)
    return str(path)


def test_a_backup_of_an_older_orwatch_is_brought_up_to_date(cli: Cli, other: Path, tmp_path: Path) -> None:
    older = of_an_older(tmp_path / "older.sqlite3")
    before = Path(older).read_bytes()
    assert brought(cli, older, other) == (1, 2, 0)
    assert Path(older).read_bytes() == before


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("UPDATE tokens SET tokens = -tokens", "has a number of tokens that is none in the week of 2026-06-01"),
        ("UPDATE tokens SET tokens = -1 WHERE permaslug = 'other'", "has a number of tokens that is none"),
        ("UPDATE tokens SET tokens = 9223372036854775807", "has a number of tokens that is none"),
        ("UPDATE tokens SET permaslug = 'lab/\x1b[2J' WHERE tokens = 5", "has a permaslug that is none in the week"),
        ("UPDATE listing SET start = '2026-06-02'", "is damaged"),
        ("INSERT INTO tokens VALUES ('week', '2026-06-01', 'lab/a', 6)", "is damaged"),
    ],
)
def test_a_backup_of_an_older_orwatch_is_held_to_the_same(
    cli: Cli, other: Path, tmp_path: Path, statement: str, expected: str
) -> None:
    file = of_an_older(tmp_path / "older.sqlite3", statement)
    assert f"The file {file} {expected}" in refused(cli, file, other)


def test_nothing_is_imported_into_a_cache_that_is_not_kept(cli: Cli, tmp_path: Path) -> None:
    file = written(cli, exported(cli))
    code, _, err = cli("import", file, "--cache", str(tmp_path / "record.jsonl" / "cache.sqlite3"))
    assert code == 1
    assert "The cache is in memory, where an import would be lost: nothing is imported." in err
