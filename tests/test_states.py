"""What the commands say of a period that runs, lacks a day, or is missing: marks, fields, and what is compared with what.

June 2026 begins on a Monday. A hundred tokens a day of `deepseek/v4`, fifty of `openai/gpt`, seven small French models, and ten
in `other`.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from cli_market import ORIGIN, Cli
from orwatch.domain.periods import Grain, Period
from orwatch.domain.records import Listing
from orwatch.store.cache import Cache

ROWS = [("deepseek/v4", 100), ("openai/gpt", 50), *((f"mistralai/m{n}", 9 - n) for n in range(7)), ("other", 10)]


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Cli:
    return Cli(tmp_path, monkeypatch, capsys, filled=False)


def days(first: str, last: str, *lacking: str) -> list[date]:
    """Days of 2026 from one to another, `06-08`, but those that are lacking."""
    start, end = (date.fromisoformat(f"2026-{text}") for text in (first, last))
    every = (start + timedelta(n) for n in range((end - start).days + 1))
    return [day for day in every if f"{day:%m-%d}" not in lacking]


def fill(cli: Cli, now: str, known: Iterable[date], *weeks: date) -> None:
    """A cache of days, and of weeks of their own grain, all taken at `06-18 02:00`."""
    as_of = datetime.fromisoformat(f"2026-{now}").replace(tzinfo=UTC)
    periods = [*(Period(Grain.DAY, day) for day in known), *(Period(Grain.WEEK, day) for day in weeks)]
    with Cache.open(cli.cache, ORIGIN) as cache:
        cache.rankings.put(Listing.build(period, as_of, [*ROWS]) for period in periods)


CHART = ("--basis", "chart", "--offline")


@pytest.mark.parametrize("lacking", ["06-15", "06-16", "06-18"])
def test_a_running_week_that_lacks_a_day_is_partial_and_compared_with_nothing(cli: Cli, lacking: str) -> None:
    fill(cli, "06-19 02:00", days("06-01", "06-18", lacking))
    meta, rows = cli.json("top", "--at", "now", *CHART)
    assert (meta["period"]["start"], meta["period"]["complete"], meta["period"]["partial"]) == (
        "2026-06-15",
        False,
        True,
    )
    assert (meta["total_change"], meta["other_change"]) == (None, None)
    assert {(row["change"], row["rank_change"], row["status"]) for row in rows} == {(None, None, None)}
    assert meta["warnings"] == [
        "The record lacks days of this week, which is in progress (3 of 7 days are complete): its figures are partial and"
        " compared with nothing."
    ]
    assert {row["change"] for row in cli.json("share", "--at", "now", *CHART)[1]} == {None}
    meta, _ = cli.json("versus", "CN", "US", "--at", "now", *CHART)
    assert (meta["leader"], meta["streak"], meta["streak_is_floor"]) == ("CN", 2, True), "of the last whole week"


def test_with_its_days_the_same_week_is_in_progress_and_compared(cli: Cli) -> None:
    fill(cli, "06-19 02:00", days("06-01", "06-18"))
    meta, rows = cli.json("top", "--at", "now", *CHART)
    assert (meta["period"]["partial"], meta["total_change"]) == (False, 0.0)
    assert {(row["change"], row["rank_change"], row["status"]) for row in rows} == {(0.0, 0, None)}
    head = cli("top", "--at", "now", *CHART)[1].splitlines()[2]
    assert "~ Δ" in head, "ranks are compared with the whole week before"
    assert "~ WoW %" in head


@pytest.mark.parametrize(
    ("period", "now", "known", "words"),
    [
        ("week", "06-15 02:00", days("06-01", "06-15"), "0 of 7 days are complete."),
        (
            "week", "06-18 02:00", days("06-01", "06-17"),
            "3 of 7 days are complete, and changes compare these days with the same days of the week before.",
        ),
        (
            "week", "06-18 02:00", days("06-15", "06-17"),
            "3 of 7 days are complete, but the record lacks days to compare them with.",
        ),
        (
            "month", "03-31 02:00", days("02-01", "03-30"),
            "30 of 31 days are complete, and changes compare the first 28 days with the same days of the month before.",
        ),
    ],
)  # fmt: skip
def test_the_days_that_are_said_to_be_compared_are_those_that_are(
    cli: Cli, period: str, now: str, known: list[date], words: str
) -> None:
    fill(cli, now, known)
    meta, _ = cli.json("top", "--period", period, "--at", "now", *CHART)
    assert meta["warnings"] == [f"The {period} is in progress: {words}"]
    assert (meta["total_change"] is None) is ("compare" not in words or "lacks" in words)


def test_with_a_key_a_week_whose_newest_days_are_missing_counts_those_that_it_compares(cli: Cli) -> None:
    fill(cli, "06-19 02:00", days("06-01", "06-16"), date(2026, 6, 8), date(2026, 6, 15))
    meta, _ = cli.json("top", "--at", "now", *CHART)
    assert meta["warnings"] == [
        "The week is in progress: 2 of 7 days are complete, and changes compare these days with the same days of the week before."
    ]
    assert "~ day 2 of 7" in cli("top", "--at", "now", *CHART)[1]


STATES = {
    "2026-06-22": (False, False),
    "2026-06-15": (True, False),
    "2026-06-08": (False, True),
    "2026-06-01": (True, False),
}
"""Complete and partial, by week: that of 8 June lacks a day, that of 22 June runs."""


@pytest.fixture
def four(cli: Cli) -> Cli:
    fill(cli, "06-24 02:00", days("06-01", "06-23", "06-10"))
    return cli


@pytest.mark.parametrize("command", [("history", "deepseek/v4"), ("versus", "CN", "US")])
def test_every_row_of_a_period_says_its_state(four: Cli, command: tuple[str, ...]) -> None:
    _, rows = four.json(*command, "--at", "now", *CHART)
    assert {row["start"]: (row["complete"], row["partial"]) for row in rows} == STATES
    assert {row["composed"] for row in rows} == {True}
    lines = list(csv.DictReader(io.StringIO(four(*command, "--at", "now", *CHART, "--format", "csv")[1])))
    told = {line["start"]: (line["complete"] == "true", line["partial"] == "true") for line in lines}
    assert told == STATES
    assert {(line["composed"], line["free"], line["merged"]) for line in lines} == {("true", "true", "false")}


@pytest.mark.parametrize("command", [("history", "deepseek/v4"), ("versus", "CN", "US")])
@pytest.mark.parametrize("form", [(), ("--format", "md")])
def test_the_running_row_is_marked_with_a_tilde_and_no_other(
    four: Cli, command: tuple[str, ...], form: tuple[str, ...]
) -> None:
    text = four(*command, "--at", "now", *CHART, *form)[1].replace("\\", "")
    marks = {day: text.partition(day)[2][:2].strip(" |") for day in STATES}
    assert marks == {"2026-06-22": "~", "2026-06-15": "", "2026-06-08": "*", "2026-06-01": ""}


@pytest.mark.parametrize("command", [("history", "deepseek/v4"), ("versus", "CN", "US")])
def test_a_running_row_that_lacks_a_day_has_both_marks(cli: Cli, command: tuple[str, ...]) -> None:
    fill(cli, "06-19 02:00", days("06-01", "06-18", "06-16"))
    assert "2026-06-15 ~*" in cli(*command, "--at", "now", *CHART)[1]


def test_a_week_that_the_record_lacks_is_partial_and_has_no_figures(cli: Cli) -> None:
    fill(cli, "06-22 02:00", [], date(2026, 6, 1), date(2026, 6, 15))
    _, rows = cli.json("history", "deepseek/v4", *CHART)
    assert [(row["start"], row["complete"], row["partial"], row["tokens"]) for row in rows] == [
        ("2026-06-15", True, False, 100),
        ("2026-06-08", False, True, None),
        ("2026-06-01", True, False, 100),
    ]


def test_a_row_that_is_free_itself_keeps_that_name_in_csv(cli: Cli) -> None:
    fill(cli, "06-22 02:00", [], date(2026, 6, 15))
    (line, *_) = csv.DictReader(io.StringIO(cli("top", *CHART, "--no-free", "--merge-variants", "--format", "csv")[1]))
    assert (line["free"], line["free_counted"], line["merged"]) == ("false", "false", "true")


def test_a_day_that_the_record_lacks_is_said_to_be_a_gap(four: Cli) -> None:
    code, _, err = four("top", "--period", "day", "--at", "2026-06-10")
    assert (code, err) == (
        3,
        "orwatch: The cache holds no figures of the day of 2026-06-10: it has 2026-06-01 to 2026-06-23, with gaps.\n",
    )


def test_where_a_week_is_heading_is_unknown_before_its_first_day_ends(cli: Cli) -> None:
    fill(cli, "06-15 02:00", days("06-01", "06-15"))
    code, out, _ = cli("explain", "heading", "--offline")
    assert (code, "heading for ≈ —" in out, "0 of 7 days" in out) == (0, True, True)
