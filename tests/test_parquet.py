"""`export --format parquet`: typed files by month, what changes them, and their sums in DuckDB and PostgreSQL beside `share`'s."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from cli_market import AS_OF, BILLION, ORIGIN, WEEKS, Cli
from orwatch.core.export import RANKINGS, datasets
from orwatch.domain.apps import App, AppCategory, AppWeek
from orwatch.domain.catalogue import Pricing
from orwatch.domain.habit import SessionCell, SessionCosts
from orwatch.domain.hosts import Host, HostLists
from orwatch.domain.periods import Grain, Period
from orwatch.domain.records import Listing
from orwatch.domain.scores import OwnScores, Score
from orwatch.domain.tasks import Macro, ProgrammingWeek, Task, TaskModel, TaskShares
from orwatch.store.cache import Cache

core = pytest.importorskip("arro3.core", reason="the extra `parquet` is not installed")
io = pytest.importorskip("arro3.io", reason="the extra `parquet` is not installed")

SQL = Path(__file__).parents[1] / "contrib" / "sql"
MONTH = "rankings/month=2026-06/rankings.parquet"

Query = Callable[[str], list[tuple[Any, ...]]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "warehouse"


def export(cli: Cli, folder: Path, *argv: str, code: int = 0) -> str:
    """What an export of Parquet files says."""
    found, out, err = cli("export", "--offline", "--format", "parquet", "-o", str(folder), *argv)
    assert (found, out) == (code, ""), err
    return err


def contents(folder: Path) -> dict[str, list[dict[str, Any]]]:
    """The rows of every file below a folder, by its path."""
    return {str(path.relative_to(folder)): rows_of(path) for path in folder.rglob("*") if path.is_file()}


def rows_of(path: Path) -> list[dict[str, Any]]:
    table = io.read_parquet(path).read_all()
    columns = [table.column(name).to_pylist() for name in table.column_names]
    return [dict(zip(table.column_names, row, strict=True)) for row in zip(*columns, strict=True)]


def restate(cli: Cli) -> None:
    """The first week has another figure now."""
    rows = WEEKS[date(2026, 6, 1)] | {"anthropic/opus": 101}
    listing = Listing.build(
        Period(Grain.WEEK, date(2026, 6, 1)),
        AS_OF + timedelta(hours=1),
        [(slug, n * BILLION) for slug, n in rows.items()],
    )
    with Cache.open(cli.cache, ORIGIN) as cache:
        cache.rankings.put([listing])


def test_files_are_typed_and_carry_their_source(cli: Cli, folder: Path) -> None:
    export(cli, folder)
    assert sorted(contents(folder)) == [
        "models/models.parquet", "prices/month=2026-06/prices.parquet", MONTH, "vendors/vendors.parquet",
    ]  # fmt: skip
    rankings, prices = rows_of(folder / MONTH), rows_of(folder / "prices/month=2026-06/prices.parquet")
    first = rankings[0]
    assert (first["grain"], first["start"], first["end"]) == ("week", date(2026, 6, 1), date(2026, 6, 7))
    assert (first["permaslug"], first["tokens"], first["rank"]) == ("anthropic/opus", 100 * BILLION, 1)
    assert (first["chart"], first["top50"], first["period_tokens"]) == (True, True, 600 * BILLION)
    assert first["as_of"] == AS_OF
    assert len([row for row in rankings if row["chart"]]) == 3 * 9
    assert [row["rank"] for row in rankings if row["permaslug"] == "other"] == [None] * 3
    assert {row["id"]: row["cache_read"] for row in prices}["deepseek/v4"] == Decimal("0.00000002")
    assert {row["id"]: row["cache_read"] for row in prices}["qwen/max"] is None
    facts = {key.decode(): value.decode() for key, value in io.read_parquet(folder / MONTH).schema.metadata.items()}
    assert facts["citation"] == (
        "Source: OpenRouter (openrouter.ai/rankings), as of 2026-06-22T02:00:00Z. Licensed under CC BY 4.0."
    )
    assert (facts["as_of"], facts["license"], facts["origin"]) == ("2026-06-22T02:00:00Z", "CC BY 4.0", ORIGIN)


def test_since_last_writes_what_has_changed_and_nothing_twice(cli: Cli, folder: Path) -> None:
    export(cli, folder)
    before = contents(folder)
    times = {path: path.stat().st_mtime_ns for path in folder.rglob("*.parquet")}
    assert "4 files had not changed" in export(cli, folder, "--since", "last")
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*.parquet")} == times
    restate(cli)
    assert "1 file, " in export(cli, folder, "--since", "last")
    after = contents(folder)
    assert [name for name in after if after[name] != before[name]] == [MONTH]
    found = [row["tokens"] for row in rows_of(folder / MONTH) if row["permaslug"] == "anthropic/opus"]
    assert found == [101 * BILLION, 100 * BILLION, 110 * BILLION]
    (folder / MONTH).unlink()
    (folder / "vendors/vendors.parquet").write_bytes(b"PAR1 cut short")
    assert "2 files, " in export(cli, folder, "--since", "last")
    assert contents(folder) == after


def test_an_export_that_is_cut_short_loses_nothing(cli: Cli, folder: Path) -> None:
    export(cli, folder)
    restate(cli)
    blocked = folder / "prices/month=2026-06/prices.parquet"
    blocked.unlink()
    blocked.mkdir()
    code, _, err = cli("export", "--offline", "--format", "parquet", "--since", "last", "-o", str(folder))
    assert (code, err) == (1, f"orwatch: {blocked} cannot be written: Is a directory.\n")
    blocked.rmdir()
    export(cli, folder, "--since", "last")
    whole = folder.with_name("whole")
    export(cli, whole)
    assert contents(folder) == contents(whole)


def test_since_and_until_choose_whole_months(cli: Cli, folder: Path) -> None:
    export(cli, folder, "rankings", "--since", "2026-06-15", "--until", "2026-06-15")
    assert len({row["start"] for row in rows_of(folder / MONTH)}) == 3
    assert export(cli, folder, "rankings", "--since", "2026-07-01", code=3)


def test_each_dataset_has_the_rows_of_the_other_formats(cli: Cli, folder: Path) -> None:
    monday, at = date(2026, 6, 15), datetime(2026, 6, 21, 5, tzinfo=UTC)
    score = Score("lab/a", "A", "gpqa_diamond", 0.5, cost=Decimal("0.125"), tasks=7)
    task = Task("code:debug", "Debug", "code", 0.25, 0.5, models=(TaskModel("lab/a", 0.5, 0.125),))
    records: dict[type, Any] = {
        AppWeek: AppWeek(monday, monday, at, 10, (App(1, 7, "Ex=ample", 2**53 + 1, 3),)),
        AppCategory: AppCategory("coding", monday, at, (7, 8)),
        TaskShares: TaskShares(monday, 7, (task,), (Macro("code", "Code", 0.25, 0.5),)),
        SessionCosts: SessionCosts(
            monday, 30, at, (SessionCell("codex", "Codex", "1-turn", "lab/a", Decimal("0.36")),)
        ),
        OwnScores: OwnScores(at, "Source: Lab.", 1, (score,)),
        ProgrammingWeek: ProgrammingWeek(monday, at, ("lab/a",), (5,), 6),
        HostLists: HostLists(monday, {"lab/a": (Host("Lab", "lab", Pricing(Decimal("0.0000001"))),)}),
    }
    with Cache.open(cli.cache, ORIGIN) as cache:
        for record in records.values():
            cache.snapshots.put(record, "coding" if isinstance(record, AppCategory) else monday.isoformat(), at)
    export(cli, folder)
    names = datasets().keys() - {RANKINGS}
    assert {path.parts[-3 if "month=" in str(path) else -2] for path in folder.rglob("*.parquet")} == names | {
        "rankings"
    }
    for name in names:
        _, told = cli.json("export", name, "--offline")
        (path,) = folder.glob(f"{name}/**/*.parquet")
        assert [{key: _told(value) for key, value in row.items()} for row in rows_of(path)] == [
            {key: _told(value) for key, value in row.items()} for row in told
        ]


def _told(value: object) -> object:
    """A value as JSON has it; decimals without the zeros at their end."""
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    text = format(value, "f") if isinstance(value, Decimal) else value
    return text.rstrip("0").rstrip(".") if isinstance(text, str) and text.startswith(("0.", "-")) else text


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        ((), "a folder of files: name it with -o FOLDER"),
        (("-o", "{cache}"), "is no folder"),
        (("-o", "{folder}", "--at", "2026-06-10"), "--at is for the other formats"),
        (("-o", "{folder}", "hots"), "nearest: hosts"),
        (("-o", "{folder}", "--demo"), "holds figures of https://openrouter.ai, not of"),
    ],
)
def test_what_cannot_be_written_is_told_in_a_sentence(
    cli: Cli, folder: Path, argv: tuple[str, ...], words: str
) -> None:
    export(cli, folder)
    before = contents(folder)
    given = [word.format(cache=cli.cache, folder=folder) for word in argv]
    code, out, err = cli("export", "--offline", "--format", "parquet", *given)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert words in err
    assert contents(folder) == before


def test_without_the_extra_the_mend_is_named(cli: Cli, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "arro3.core", None)  # as if it were not installed
    monkeypatch.delitem(sys.modules, "orwatch.present.writers.parquet", raising=False)
    err = export(cli, folder, code=2)
    assert "pip install 'orwatch[parquet]'" in err
    assert err.count("\n") == 1


# Their sums


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's record as Parquet files."""
    folder = tmp_path_factory.mktemp("demo")
    argv = [sys.executable, "-m", "orwatch", "export", "--demo", "--format", "parquet", "-o", str(folder)]
    subprocess.run(argv, check=True, capture_output=True)
    return folder


@pytest.fixture
def duckdb_of(demo: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Query]:
    duckdb = pytest.importorskip("duckdb", reason="duckdb is not installed; .ci/run installs it")
    monkeypatch.chdir(demo)
    with duckdb.connect() as connection:
        for name in ("duckdb.sql", "views.sql"):
            connection.execute((SQL / name).read_text(encoding="utf-8"))
        yield lambda query: connection.execute(query).fetchall()


@pytest.fixture(scope="module")
def postgres_of(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Query]:
    """A cluster of its own, on a socket in a folder, that is thrown away; the files loaded twice."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    programs = found[-1].parent if found else Path(shutil.which("initdb") or "").parent
    psql = shutil.which("psql")
    if psql is None or not (programs / "pg_ctl").exists():
        pytest.skip("PostgreSQL is not installed; .ci/run installs it")
    place = Path(
        subprocess.check_output(["mktemp", "-d", "/tmp/orwatch.XXXXXX"], text=True).strip()
    )  # sockets: short paths
    user: dict[str, Any] = {}
    if os.geteuid() == 0:  # as whom it does not run
        user = {"user": "nobody", "group": "nogroup", "extra_groups": []}
        shutil.chown(place, "nobody")
    settings = f"-k {place} -c listen_addresses='' -c fsync=off"
    start = ["start", "-w", "-l", str(place / "log"), "-o", settings]
    make = ["initdb", "-D", str(place / "data"), "-A", "trust", "-U", "tester", "--no-sync", "-E", "UTF8", "--locale=C"]

    def server(name: str, *argv: str) -> None:
        subprocess.run(
            [programs / name, *argv], check=True, stdout=subprocess.DEVNULL, cwd=place, env={"HOME": "/"}, **user
        )

    def run(text: str) -> str:
        argv = [
            psql,
            "-h",
            str(place),
            "-U",
            "tester",
            "-v",
            "ON_ERROR_STOP=1",
            "-qAt",
            "-F",
            "\t",
            "--single-transaction",
            "postgres",
        ]
        return subprocess.run(argv, input=text, check=True, capture_output=True, text=True).stdout

    try:
        server(*make)
        server("pg_ctl", "-D", str(place / "data"), *start)
        try:
            text = subprocess.check_output([sys.executable, str(SQL / "postgres.py"), str(demo)], text=True)
            run(text)
            run(text)
            yield lambda query: [
                tuple(line.split("\t")) for line in run(f"SET search_path TO orwatch; {query}").splitlines()
            ]
        finally:
            server("pg_ctl", "-D", str(place / "data"), "stop", "-m", "immediate")
    finally:
        shutil.rmtree(place)


SHARE = "SELECT coalesce(country, '??'), tokens, share_of_all FROM share WHERE grain = 'week' AND start = '{}' AND basis = '{}'"


@pytest.mark.parametrize("program", ["duckdb_of", "postgres_of"])
def test_sums_are_those_of_share_on_each_basis(program: str, cli: Cli, request: pytest.FixtureRequest) -> None:
    ask: Query = request.getfixturevalue(program)
    for start, basis in (
        ("2026-08-10", "chart"),
        ("2026-08-10", "top50"),
        ("2026-07-06", "chart"),  # its own nine rows
        ("2026-07-06", "top50"),  # its days added up
        ("2025-12-29", "chart"),
        ("2026-02-09", "top50"),  # not filled: unknown
    ):
        _, rows = cli.json("share", "--demo", "--at", start, "--basis", basis)
        told = {row["country"] or "??": (row["tokens"], row["share_of_all"]) for row in rows}
        found = {
            country: (int(tokens), pytest.approx(float(share))) if tokens else (None, None)
            for country, tokens, share in ask(SHARE.format(start, basis))
        }
        assert found == told, (start, basis)
    ((rows_, months),) = ask("SELECT count(*), count(DISTINCT month) FROM rankings")
    assert (int(rows_), int(months)) == (4344, 14)
    ((price,),) = ask("SELECT output FROM price_now WHERE id = 'anthropic/claude-fable-5'")
    assert Decimal(price) == 50
