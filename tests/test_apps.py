"""`orwatch apps`: on figures in sight, then the recorded week of 10 August 2026 over the stand-in."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

import standin as recorded
from cli_market import AS_OF, ORIGIN, Cli
from market_support import app_week, put_apps
from orwatch.domain.apps import AppCategory
from orwatch.store.cache import Cache

MONDAYS = [date(2026, 6, day) for day in (1, 8, 15)]


@pytest.fixture
def filled(cli: Cli) -> Cli:
    """Three complete weeks, and the one in progress: in the last complete one `claw` has passed `agents`."""
    assert cli("top", "--offline")[0] == 0
    weeks = ({"agents": 90, "claw": 30}, {"agents": 80, "claw": 60, "ide": 1}, {"agents": 70, "claw": 90, "ide": 2})
    kept = [app_week(monday, AS_OF, tokens) for monday, tokens in zip(MONDAYS, weeks, strict=True)]
    with Cache.open(cli.cache, ORIGIN) as cache:
        put_apps(cache, *kept, app_week(date(2026, 6, 22), AS_OF, {"claw": 3}))
    return cli


def test_apps_of_the_newest_week(filled: Cli) -> None:
    meta, rows = filled.json("apps", "--offline")
    total = meta["total_tokens"]
    assert (meta["period"]["start"], meta["leader"], meta["weeks"]) == ("2026-06-15", "claw", 4)
    assert rows[0] == {
        "rank": 1, "rank_change": 1, "status": None, "app_id": 4, "name": "claw", "tokens": 90 * 10**9, "share": 90e9 / total,
        "change": 0.5, "gain": None, "requests": 180_000_000, "tokens_per_request": 500.0, "streak": 3, "streak_is_floor": True,
        "lead_streak": 1, "lead_streak_is_floor": False,
    }  # fmt: skip
    assert meta["other_tokens"] == total - 162 * 10**9
    assert meta["flips"] == [{"start": "2026-06-15", "app": "claw", "passes": "agents"}]
    assert meta["citation"] == "Source: OpenRouter (openrouter.ai/apps), as of 2026-06-22T02:00:00Z."


def test_files_cite_the_rankings_too_that_the_shares_are_of(filled: Cli) -> None:
    credit = filled("apps", "--offline", "--format", "csv")[1].splitlines()[1].partition('"')[2]
    assert credit == (
        "Source: OpenRouter (openrouter.ai/apps), as of 2026-06-22T02:00:00Z. Licensed under CC BY 4.0."
        " Source: OpenRouter (openrouter.ai/rankings), as of 2026-06-22T02:00:00Z. Licensed under CC BY 4.0. Aggregated by orwatch."
        '"'
    )


def test_a_day_names_its_week_whatever_the_period(filled: Cli) -> None:
    filled.config.write_text('[view]\nperiod = "day"\n')
    meta, rows = filled.json("apps", "--offline", "--at", "2026-06-10")
    assert (meta["period"]["start"], [row["name"] for row in rows]) == ("2026-06-08", ["agents", "claw", "ide"])


def test_the_week_in_progress_has_no_share_and_no_change(filled: Cli) -> None:
    meta, (row,) = filled.json("apps", "--offline", "--at", "now")
    assert (meta["period"]["complete"], row["share"], row["change"], row["rank_change"]) == (False, None, None, None)
    assert "not complete" in meta["warnings"][1]


def test_a_filter_hides_rows_and_changes_no_rank(filled: Cli) -> None:
    _, rows = filled.json("apps", "--offline", "--filter", "agents")
    assert [(row["rank"], row["name"]) for row in rows] == [(2, "agents")]


def test_a_category_hides_rows_and_changes_no_rank(filled: Cli) -> None:
    argv = ("apps", "--offline", "--category")
    assert "polls with a key bring six a day" in filled(*argv, "coding")[2]
    with Cache.open(filled.cache, ORIGIN) as cache:
        cache.snapshots.put(AppCategory("cli-agent", MONDAYS[2], AS_OF, (6, 9)), "cli-agent", AS_OF)
    meta, rows = filled.json(*argv, "cli-agent")
    assert ([(row["rank"], row["name"]) for row in rows], meta["category"]) == ([(2, "agents")], "cli-agent")
    code, _, err = filled(*argv, "cli-agents")
    assert (code, err) == (
        2,
        "orwatch: 'cli-agents' is no category of apps that the cache knows; nearest: cli-agent.\n",
    )


@pytest.mark.parametrize(
    ("argv", "code", "said"),
    [
        (
            ("--at", "2025-06-10"),
            3,
            "holds no apps of the week of 2025-06-09: there are weeks from 2026-06-01 to 2026-06-28; `orwatch poll` asks",
        ),
        (("--from", "2026-06-01"), 2, "--from"),
    ],
)
def test_what_is_not_there_is_said(filled: Cli, argv: tuple[str, ...], code: int, said: str) -> None:
    found, _, err = filled("apps", "--offline", *argv)
    assert found == code
    assert said in err


def test_a_week_that_was_asked_for_in_vain_is_not_said_to_be_asked_for_yet(filled: Cli) -> None:
    wanting = filled.json("apps", "--offline")[0]["weeks_wanting"]
    with Cache.open(filled.cache, ORIGIN) as cache:
        put_apps(cache, app_week(date(2026, 5, 18), AS_OF, {}))
    assert filled.json("apps", "--offline")[0]["weeks_wanting"] == wanting - 2
    for day, said in (
        ("2026-05-20", "The source gives no apps of the week of 2026-05-18"),
        ("2027-05-20", "The cache holds no apps of the week of 2027-05-17"),
    ):
        code, _, err = filled("apps", "--offline", "--at", day)
        assert (code, err) == (3, f"orwatch: {said}: there are weeks from 2026-06-01 to 2026-06-28.\n")


def test_without_a_record_what_would_bring_one_is_said(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    code, _, err = cli("apps", "--offline")
    assert (code, err) == (
        4,
        "orwatch: The cache holds no apps: they need an OpenRouter key; set one (`orwatch key set`) and run `orwatch poll`.\n",
    )
    monkeypatch.setenv("OPENROUTER_API_KEY", "sk-or-v1-of-the-tests")
    code, _, err = cli("apps", "--offline")
    assert (code, err) == (3, "orwatch: The cache holds no apps yet: run `orwatch poll`.\n")
    code, _, err = cli("apps", "--demo")
    assert (code, "The demo has no apps" in err) == (3, True)


@pytest.mark.recorded
def test_the_recorded_week_of_10_august(
    standin: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    cli = Cli(tmp_path, monkeypatch, capsys, filled=False)
    monkeypatch.setenv("ORWATCH_BASE_URL", standin)
    monkeypatch.setenv("OPENROUTER_API_KEY", recorded.KEY)
    assert cli("poll")[0] == 0
    meta, rows = cli.json("apps", "--at", "2026-08-12")
    assert [(row["name"], round(row["tokens"] / 1e12, 3)) for row in rows[:5]] == [
        ("Hermes Agent", 9.873),
        ("Claude Code", 2.807),
        ("Kilo Code", 1.815),
        ("Cline", 1.344),
        ("OpenClaw", 1.078),
    ]
    assert (round(rows[0]["share"], 3), round(rows[1]["change"], 3)) == (0.131, 0.298)
    assert (meta["total_tokens"] // 10**9, len(rows)) == (75_340, 20)
    assert datetime.fromisoformat(meta["as_of"]) >= datetime(2026, 8, 22, tzinfo=UTC)
