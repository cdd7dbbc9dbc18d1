"""The commands on the recorded figures, over real HTTP: what a newcomer, a key and a second poll bring."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import standin as recorded
from cli_market import Cli

pytestmark = pytest.mark.recorded
TRILLION = 1e12


@pytest.fixture
def cli(standin: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Cli:
    cli = Cli(tmp_path, monkeypatch, capsys, filled=False)
    monkeypatch.setenv("ORWATCH_BASE_URL", standin)
    return cli


_polled: dict[str, bytes] = {}
"""The cache file that a first poll with a key leaves, by the server."""


@pytest.fixture
def keyed(cli: Cli, standin: str, monkeypatch: pytest.MonkeyPatch) -> Cli:
    monkeypatch.setenv("OPENROUTER_API_KEY", recorded.KEY)
    if standin in _polled:
        cli.cache.write_bytes(_polled[standin])
    else:
        assert cli("poll")[0] == 0
        _polled[standin] = cli.cache.read_bytes()
    return cli


def test_a_newcomer_without_a_key_gets_the_rankings_at_once(cli: Cli) -> None:
    code, out, err = cli("top", "--format", "json")
    assert code == 0
    assert err.count("\n") == 1
    assert "The cache is empty" in err
    answer = json.loads(out)
    assert answer["meta"]["composed"] is True
    assert answer["rows"][0]["permaslug"] == "deepseek/deepseek-v4-flash-20260731"
    assert cli("top")[2] == ""


@pytest.mark.parametrize(
    ("day", "total", "cn", "us", "leader"),
    [
        ("2026-02-09", 13.015, 4.119, 2.933, "CN"),
        ("2026-04-13", 20.469, 4.437, 4.908, "US"),
        ("2026-05-18", 28.920, 9.214, 4.924, "CN"),
        ("2026-06-01", 36.126, 14.179, 3.196, "CN"),
        ("2026-08-10", 75.341, 36.820, 10.262, "CN"),
    ],
)
def test_share_meets_the_published_weeks(keyed: Cli, day: str, total: float, cn: float, us: float, leader: str) -> None:
    meta, rows = keyed.json("share", "--basis", "chart", "--at", day)
    tokens = {row["country"]: row["tokens"] / TRILLION for row in rows}
    assert meta["total_tokens"] / TRILLION == pytest.approx(total, abs=5e-4)
    assert (tokens["CN"], tokens["US"]) == (pytest.approx(cn, abs=5e-4), pytest.approx(us, abs=5e-4))
    assert meta["leader"] == leader
    assert sum(row["tokens"] for row in rows) == meta["total_tokens"]


def test_versus_tells_the_flips_of_the_spring(keyed: Cli) -> None:
    meta, rows = keyed.json("versus", "CN", "US", "--basis", "chart", "--at", "2026-06-07")
    assert [(flip["start"], flip["to"]) for flip in meta["flips"]] == [
        ("2026-02-09", "CN"),
        ("2026-02-23", "US"),
        ("2026-03-02", "CN"),
        ("2026-04-13", "US"),
        ("2026-04-27", "CN"),
    ]
    assert (meta["streak"], meta["since"], meta["total_streak"]) == (6, "2026-04-27", 7)
    assert [row["start"] for row in rows if row["flip"]] == [flip["start"] for flip in reversed(meta["flips"])]


def test_top50_is_not_judged_where_nine_models_are_named(keyed: Cli) -> None:
    meta, rows = keyed.json("share", "--basis", "top50", "--at", "2026-05-18")
    assert (meta["leader"], rows[-1]["country"]) == (None, "other")
    assert {row["tokens"] for row in rows} == {row["share_of_all"] for row in rows} == {None}, (
        "fifty rows would be needed"
    )
    _, rows = keyed.json("versus", "CN", "US", "--basis", "top50", "--at", "2026-05-18", "--limit", "1")
    assert (rows[0]["a_tokens"], rows[0]["leader"]) == (None, None)


def test_the_running_week_is_marked_and_compares_like_days(keyed: Cli) -> None:
    meta, rows = keyed.json("top", "--at", "now", "--basis", "chart")
    assert (meta["period"]["start"], meta["period"]["complete"], meta["period"]["partial"]) == (
        "2026-08-17",
        False,
        False,
    )
    assert "5 of 7 days" in meta["warnings"][0]
    assert rows[0]["streak"] == 2


def test_poll_tells_what_it_asked_for_and_what_changed(cli: Cli) -> None:
    _, rows = cli.json("poll")
    by_name = {row["dataset"]: row for row in rows}
    assert set(rows[0]) == {"dataset", "requests", "not_modified", "bytes", "rows_new", "rows_restated", "error"}
    assert by_name["exports"]["rows_new"] == 51 * 62
    again = {row["dataset"]: row for row in cli.json("poll")[1]}
    assert again["exports"]["not_modified"] == 1


def test_a_variable_that_holds_no_key_is_refused_and_not_repeated(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENROUTER_API_KEY", "hunter2 hunter2")
    code, out, err = cli("poll")
    assert (code, out) == (2, "")
    assert "OPENROUTER_API_KEY is no OpenRouter key" in err
    assert "hunter2" not in err


def test_status_knows_the_cache_and_the_budget(keyed: Cli) -> None:
    _, rows = keyed.json("status")
    (row,) = rows
    assert list(row)[:9] == [
        "source", "as_of", "age_s", "next_poll_s", "requests_today", "cache_path", "cache_bytes", "periods", "last_error",
    ]  # fmt: skip
    assert (row["source"], row["cache_path"], row["last_error"]) == ("openrouter", str(keyed.cache), None)
    assert row["periods"]["day"] == 62
    assert row["requests_today"] >= 3
    assert 0 <= row["next_poll_s"] <= 300
    assert row["age_s"] >= 0
    assert (row["datasets"]["tasks"], row["datasets_until"]["tasks"]) == (1, "2026-08-21")
    assert "app-categories" in row["datasets"]
    assert "app-categories" not in row["datasets_since"], "categories are of no day"
    assert (row["datasets_since"]["programming"], row["datasets_failing"]) == ("2025-07-14", {})


@pytest.mark.parametrize(
    ("dataset", "argv", "rows", "row"),
    [
        ("apps", ("--since", "2026-08-10", "--until", "2026-08-10"), 20, {
            "start": "2026-08-10", "end": "2026-08-16", "rank": 1, "app_id": 3067167, "name": "Hermes Agent",
            "tokens": 9_872_891_846_532,
        }),
        ("tasks", (), 4 + 29 + 290, {"as_of": "2026-08-21", "macro": "code", "tag": None, "token_share": 0.373}),
        ("session-cost", (), 242, {"window_end": "2026-08-16", "app": "claude-code", "median": "0.36341736"}),
        ("programming", ("--since", "2026-02-09", "--until", "2026-02-09"), 10, {"tokens": 2_022_037_317_600}),
    ],
)  # fmt: skip
def test_export_gives_what_is_kept_beside_the_rankings_by_its_name(
    keyed: Cli, dataset: str, argv: tuple[str, ...], rows: int, row: dict[str, object]
) -> None:
    meta, found = keyed.json("export", dataset, *argv)
    assert len(found) == rows
    assert row.items() <= found[0].items()
    assert "Licensed under CC BY 4.0" in meta["citation"]


def test_each_source_of_benchmarks_has_its_citation_and_hosts_no_licence(keyed: Cli) -> None:
    _, out, _ = keyed("export", "benchmarks", "--format", "jsonl")
    cited = {row["source"]: row["citation"] for row in map(json.loads, out.splitlines())}
    assert cited["design-arena"].startswith("Source: Design Arena (www.designarena.ai) via OpenRouter")
    assert cited["openrouter"].startswith("Source: OpenRouter evals (openrouter.ai) via OpenRouter")
    meta, rows = keyed.json("export", "hosts")
    assert meta["citation"].startswith("Source: OpenRouter (openrouter.ai/models), seen 2026-08-22T")
    assert "Licensed" not in meta["citation"]
    assert rows[0]["prompt"].startswith("0.0")


def test_a_dataset_that_is_none_is_named_with_the_nearest_one(keyed: Cli) -> None:
    assert keyed("export", "tsks")[::2] == (2, "orwatch: There is no dataset 'tsks'; nearest: tasks.\n")


def test_doctor_finds_a_clock_that_differs(keyed: Cli) -> None:
    code, out, _ = keyed("doctor", "--format", "json")
    found = {row["check"]: row["ok"] for row in json.loads(out)["rows"]}
    assert (found["network"], found["key accepted"], found["cache"]) == (True, True, True)
    assert (code, found["clock"]) == (1, False)  # the stand-in's clock stands in August 2026
