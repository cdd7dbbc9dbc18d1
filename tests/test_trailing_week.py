"""The seven days that end with any day, `--period 7d`: what the public page calls "This week"."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

import recorded
from cli_market import BILLION, ORIGIN, Cli
from orwatch.core.judge import judge_view
from orwatch.core.market import Market
from orwatch.domain.alerts.registry import AlertRules
from orwatch.domain.periods import Grain, Period
from orwatch.domain.query import Query
from orwatch.domain.rankings import Lens, Rankings
from orwatch.domain.records import Listing, Record
from orwatch.domain.vendors import Attribution
from orwatch.store.cache import Cache

NOW = datetime(2026, 6, 17, 2, tzinfo=UTC)
NINE = ("qwen/max", "z-ai/glm", "google/flash", "x-ai/grok", "mistralai/large", "moonshotai/kimi", "minimax/m")


def one_day(day: date) -> dict[str, int]:
    """1 to 16 June, in thousand millions: China 10 a day, from the 10th on 30; the United States 20; seven more of 1; `other` 3."""
    china = 30 if day >= date(2026, 6, 10) else 10
    return {"deepseek/v4": china, "anthropic/opus": 20, **dict.fromkeys(NINE, 1), "other": 3}


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Cli:
    cli = Cli(tmp_path, monkeypatch, capsys, filled=False)
    days = [date(2026, 6, 1) + timedelta(days=n) for n in range(16)]
    with Cache.open(cli.cache, ORIGIN) as cache:
        cache.rankings.put(
            Listing.build(Period(Grain.DAY, day), NOW, [(slug, n * BILLION) for slug, n in one_day(day).items()])
            for day in days
        )
    return cli


def test_top_of_the_last_seven_complete_days(cli: Cli) -> None:
    """10 to 16 June, against 3 to 9 June."""
    meta, rows = cli.json("top", "--period", "7d", "--basis", "chart", "--limit", "2")
    assert meta["period"] | {"complete": True} == meta["period"]
    assert [meta["period"][name] for name in ("grain", "start", "end")] == ["7d", "2026-06-10", "2026-06-16"]
    assert (meta["composed"], meta["total_tokens"]) == (True, 420 * BILLION)
    assert meta["total_change"] == pytest.approx((420 - 280) / 280)
    assert (meta["total_streak"], meta["total_streak_is_floor"]) == (None, None)
    assert [(row["permaslug"], row["tokens"] // BILLION, row["rank_change"]) for row in rows] == [
        ("deepseek/v4", 210, 1),
        ("anthropic/opus", 140, -1),
    ]
    assert [row["change"] for row in rows] == [pytest.approx(2.0), pytest.approx(0.0)]
    assert {row[name] for row in rows for name in ("streak", "lead_streak", "lead_streak_is_floor")} == {None}


def test_at_names_the_day_that_it_ends_with(cli: Cli) -> None:
    """8 to 14 June: two days of 10, five of 30."""
    meta, rows = cli.json("share", "--period", "7d", "--basis", "chart", "--at", "2026-06-14")
    assert (meta["period"]["start"], meta["period"]["end"]) == ("2026-06-08", "2026-06-14")
    tokens = {row["country"]: row["tokens"] // BILLION for row in rows}
    assert (tokens["CN"], tokens["US"]) == (2 * 10 + 5 * 30 + 4 * 7, 20 * 7 + 2 * 7)
    assert sum(row["tokens"] for row in rows) == meta["total_tokens"]
    assert meta["total_change"] == pytest.approx((380 - 280) / 280)


def test_a_head_to_head_goes_back_day_by_day_without_flips(cli: Cli) -> None:
    meta, rows = cli.json("versus", "CN", "US", "--period", "7d", "--basis", "chart")
    assert [row["end"] for row in rows[:3]] == ["2026-06-16", "2026-06-15", "2026-06-14"]
    assert {row["leader"] for row in rows if row["complete"]} == {"CN", "US"}
    assert not any(row["flip"] for row in rows)
    assert (meta["leader"], meta["streak"], meta["since"], meta["flips"]) == ("CN", None, None, [])


def test_the_history_of_a_model_goes_back_day_by_day(cli: Cli) -> None:
    _, rows = cli.json("history", "deepseek/v4", "--period", "7d", "--limit", "3")
    assert [(row["start"], row["tokens"] // BILLION) for row in rows] == [
        ("2026-06-10", 210),
        ("2026-06-09", 190),
        ("2026-06-08", 170),
    ]
    assert rows[1]["change"] == pytest.approx((190 - 70) / 70)


def test_rows_that_share_days_are_not_added_up(cli: Cli) -> None:
    assert cli.json("top", "--period", "7d", "--basis", "chart")[0]["shown_tokens"] == 399 * BILLION
    assert "shown_tokens" not in cli.json("history", "deepseek/v4", "--period", "7d")[0]
    assert "\n3 of 16 rows; --limit shows more.\n" in cli("versus", "CN", "US", "--period", "7d", "--limit", "3")[1]


def test_the_tables_of_a_terminal_have_no_streaks(cli: Cli) -> None:
    _, out, _ = cli("top", "--period", "7d", "--basis", "chart")
    assert out.startswith("Models · 7d 10–16 Jun 2026 ✓ +d · total 420B +50.0 % · basis chart")
    assert "WoW %" in out
    assert "Wks" not in out
    assert "leads for" not in cli("share", "--period", "7d", "--basis", "chart")[1]


@pytest.mark.parametrize(
    ("at", "words"),
    [
        ("now", "No trailing week is in progress: it has complete days; leave --at out for the newest."),
        ("0001-01-03", "no figures of the trailing week to 0001-01-03: it has 2026-06-01 to 2026-06-16."),
        ("9999-12-31", "no figures of the trailing week to 9999-12-31: it has 2026-06-01 to 2026-06-16."),
        ("2026-06-17", "no figures of the trailing week to 2026-06-17: it has 2026-06-01 to 2026-06-16."),
    ],
)
def test_one_that_is_not_over_is_no_trailing_week(cli: Cli, at: str, words: str) -> None:
    code, out, err = cli("top", "--period", "7d", "--at", at)
    assert (code, out, err.count("\n")) == (3, "", 1)
    assert words in err


def test_one_whose_days_the_record_lacks_says_so(cli: Cli) -> None:
    code, out, _ = cli("top", "--period", "7d", "--basis", "chart", "--at", "2026-06-03")
    assert code == 0
    assert "7d 28 May–3 Jun 2026 partial" in out
    assert "! The record lacks days of this trailing week: its figures are partial and compared with nothing." in out


def test_no_rule_judges_it(cli: Cli) -> None:
    """From day to day the lead of the trailing weeks flips on 11 June; that of the weeks does as well, which is an alert."""
    with Cache.open(cli.cache, ORIGIN) as cache:
        market = Market(cache, Attribution())
        of_days = judge_view(market, AlertRules(), Query(Grain.DAY))
        assert any(alert.rule == "lead-flip" for alert in of_days)
        assert judge_view(market, AlertRules(), Query(Grain.TRAILING)) == ()
    assert "\nNo rule judges a trailing week.\n" in cli("alerts", "--period", "7d")[1]
    cli.config.write_text('[alerts.surge]\ngrain = "7d"\n', encoding="utf-8")
    code, _, err = cli("top")
    assert code == 2
    assert "alerts.surge.grain is '7d'; it takes day, week, month or view." in err


def test_it_can_be_the_period_of_the_settings(cli: Cli) -> None:
    cli.config.write_text('[view]\nperiod = "7d"\n', encoding="utf-8")
    assert cli.json("top")[0]["period"]["grain"] == "7d"


def test_an_export_of_every_grain_leaves_it_out(cli: Cli) -> None:
    def grains(*argv: str) -> set[str]:
        return {line.partition(",")[0] for line in cli("export", *argv)[1].splitlines()[1:]}

    assert grains() == {"day", "week", "month"}
    assert grains("--period", "7d") == {"7d"}


@pytest.mark.recorded
def test_the_recorded_seven_days_to_a_sunday_are_the_composed_week() -> None:
    days = recorded.listings(Grain.DAY)
    trailing = Record.build(Grain.TRAILING, recorded.NOW, (), days)
    week = recorded.composed_weeks().listings[Period(Grain.WEEK, date(2026, 8, 10))]
    same = trailing.listings[Period.of(Grain.TRAILING, date(2026, 8, 16))]
    assert (same.rows, same.other) == (week.rows, week.other)


@pytest.mark.recorded
def test_the_recorded_last_seven_days() -> None:
    """15 to 21 August, added up here day by day."""
    rankings = Rankings(Record.build(Grain.TRAILING, recorded.NOW, (), recorded.listings(Grain.DAY)), Lens())
    newest = rankings.record.newest_complete()
    assert newest == Period(Grain.TRAILING, date(2026, 8, 15))
    totals = {listing.period.start: listing.total for listing in recorded.listings(Grain.DAY)}
    last, before = (sum(totals[date(2026, 8, first + n)] for n in range(7)) for first in (15, 8))
    pair = rankings.compared(newest)
    assert pair is not None
    assert (pair[0].total, pair[1].total) == (last, before)
    assert last / 1e12 == pytest.approx(84.094, abs=5e-4)
    assert pair[0].slugs[0] == "deepseek/deepseek-v4-flash-20260731"
