"""`orwatch tasks`: on figures in sight, then the recorded shares over the stand-in."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import standin as recorded
from cli_market import AS_OF, ORIGIN, Cli
from market_support import put_tasks, task_shares
from orwatch.domain.tasks import ProgrammingWeek
from orwatch.store.cache import Cache

CITED = "Source: OpenRouter (openrouter.ai/rankings), as of 2026-06-20."


@pytest.fixture
def filled(cli: Cli) -> Cli:
    """Snapshots to 10, 18 and 20 June, and programming in the week of 15 June, in which 900 thousand million tokens were used."""
    with Cache.open(cli.cache, ORIGIN) as cache:
        put_tasks(cache, *(task_shares(date(2026, 6, day), code) for day, code in ((10, 0.35), (18, 0.5), (20, 0.4))))
        week = ProgrammingWeek(date(2026, 6, 15), AS_OF, ("a/b",), (300 * 10**9,), 60 * 10**9)
        cache.snapshots.put(week, "2026-06-15", AS_OF)
    return cli


def test_shares_of_tokens_and_requests_with_changes_on_a_snapshot_a_week_before(filled: Cli) -> None:
    meta, rows = filled.json("tasks", "--offline")
    assert [(row["macro"], row["tag"]) for row in rows] == [
        ("general", None), ("code", None), ("general", "conversation"), ("code", "code:debugging"),
    ]  # fmt: skip
    code = rows[3]
    assert (code["token_share"], code["request_share"]) == (0.4, 0.1)
    assert (code["token_change_points"], code["request_change_points"]) == (5.0, 0.0)
    assert [(model["name"], model["country"], model["token_share"]) for model in code["leaders"]] == [
        ("DeepSeek V4", "CN", 0.5),
        ("Claude Opus", "US", 0.2),
    ]
    assert (meta["as_of"], meta["compared_with"], meta["citation"]) == ("2026-06-20", "2026-06-10", CITED)


def test_a_day_gives_the_newest_snapshot_to_it(filled: Cli) -> None:
    assert filled.json("tasks", "--offline", "--at", "2026-06-19")[0]["as_of"] == "2026-06-18"
    meta, _ = filled.json("tasks", "--offline", "--at", "2026-06-10")
    assert (meta["as_of"], meta["compared_with"]) == ("2026-06-10", None)
    assert meta["warnings"] == ["No snapshot that is seven days older is in the cache: there are no changes yet."]
    code, _, err = filled("tasks", "--offline", "--at", "2026-06-01")
    assert (code, "its record begins with 2026-06-10" in err) == (3, True)


def test_programming_by_week_is_of_all_tokens_and_sampled(filled: Cli) -> None:
    meta, rows = filled.json("tasks", "--offline", "--period", "week")
    assert rows == [{"start": "2026-06-15", "programming_share": 0.4, "sampled": True}]
    assert meta["sampled"] is True
    assert filled("tasks", "--offline", "--period", "day")[0] == 2


def test_a_filter_finds_tags_and_names(filled: Cli) -> None:
    _, rows = filled.json("tasks", "--offline", "--filter", "debug")
    assert [row["tag"] for row in rows] == ["code:debugging"]


def test_without_a_record_what_would_bring_one_is_said(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    code, _, err = cli("tasks", "--offline")
    assert (code, err) == (
        4,
        "orwatch: The cache holds no tasks: they need an OpenRouter key; set one (`orwatch key set`) and run `orwatch poll`.\n",
    )
    monkeypatch.setenv("OPENROUTER_API_KEY", "sk-or-v1-of-the-tests")
    code, _, err = cli("tasks", "--offline")
    assert (code, err) == (3, "orwatch: The cache holds no tasks yet: run `orwatch poll`.\n")


@pytest.mark.recorded
def test_recorded_tasks_and_programming(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    if (reason := recorded.absent()) is not None:
        pytest.skip(reason)
    with recorded.serve("2026-04-21T09:00:00Z") as url:
        cli = Cli(tmp_path, monkeypatch, capsys, filled=False)
        monkeypatch.setenv("ORWATCH_BASE_URL", url)
        monkeypatch.setenv("OPENROUTER_API_KEY", recorded.KEY)
        assert cli("poll")[0] == 0
        _, rows = cli.json("tasks")
        shares = {row["macro"]: (row["token_share"], row["request_share"]) for row in rows if row["tag"] is None}
        assert (shares["code"], shares["general"]) == ((0.373, 0.122), (0.225, 0.544))
        _, weeks = cli.json("tasks", "--period", "week")
        by_week = {row["start"]: round(100 * row["programming_share"], 1) for row in weeks}
        assert (by_week["2025-07-14"], by_week["2025-11-10"], by_week["2026-02-09"]) == (42.4, 58.1, 47.1)
        assert by_week["2026-04-13"] == 32.3
