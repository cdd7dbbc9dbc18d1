"""Renames that the record tells by itself. The case of the week of 30 March 2026 is the published one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

import pytest

import recorded
from orwatch.domain.detail import Rename, goes_on_as, renamed
from orwatch.domain.periods import Grain, Period
from orwatch.domain.rankings import Lens, Rankings
from orwatch.domain.records import Listing, Record

OLD, NEW = "qwen/qwen3.6-plus-preview:free", "qwen/qwen3.6-plus-04-02:free"
FIRST = date(2026, 3, 23)


def rankings(*weeks: Mapping[str, int]) -> Rankings:
    periods = [Period(Grain.WEEK, FIRST + timedelta(weeks=n)) for n in range(len(weeks))]
    as_of = datetime(2026, 6, 1, tzinfo=UTC)
    listings = [Listing.build(period, as_of, row.items()) for period, row in zip(periods, weeks, strict=True)]
    return Rankings(Record.build(Grain.WEEK, as_of, listings, ()), Lens())


def week(n: int) -> Period:
    return Period(Grain.WEEK, FIRST + timedelta(weeks=n))


@pytest.mark.parametrize(
    ("before", "after", "same"),
    [
        (OLD, NEW, True),
        ("tencent/hy3-preview-20260421", "tencent/hy3-20260706", True),
        ("google/gemini-2.5-flash-lite-preview-06-17", "google/gemini-2.5-flash-lite", True),
        ("lab/a-beta", "lab/a", True),
        (NEW, OLD, False),
        (OLD, "qwen/qwen3.6-plus-04-02", False),
        (OLD, "other/qwen3.6-plus-04-02:free", False),
        ("lab/a-20250514", "lab/a-20250929", False),
        ("lab/a-preview", "lab/b", False),
        ("lab/a-previews", "lab/a", False),
    ],
)
def test_a_preview_and_its_release_by_name(before: str, after: str, same: bool) -> None:
    assert goes_on_as(before, after) is same


def test_a_row_that_ends_where_its_release_begins_was_renamed() -> None:
    found = rankings({"lab/x": 9}, {OLD: 5, NEW: 4}, {NEW: 8})
    assert renamed(found, NEW, week(2)) == renamed(found, OLD, week(2)) == Rename(OLD, NEW, week(1))
    assert renamed(found, "lab/x", week(2)) is None


@pytest.mark.parametrize(
    "weeks",
    [
        ({OLD: 5}, {NEW: 4}, {NEW: 8}),
        ({OLD: 5}, {OLD: 5, NEW: 4}, {NEW: 8, OLD: 1}),
        ({OLD: 5, NEW: 4}, {NEW: 8}, {NEW: 8}),
        ({OLD: 5}, {OLD: 5}, {OLD: 5, NEW: 4}),
    ],
    ids=["no week has both", "both go on", "the record begins there", "it is not over yet"],
)
def test_what_the_record_does_not_tell_is_not_guessed(weeks: tuple[Mapping[str, int], ...]) -> None:
    found = rankings(*weeks)
    assert (renamed(found, OLD, week(2)), renamed(found, NEW, week(2))) == (None, None)


def test_then_it_was_not_known_yet() -> None:
    found = rankings({"lab/x": 9}, {OLD: 5, NEW: 4}, {NEW: 8})
    assert renamed(found, OLD, week(1)) is None


@pytest.mark.recorded
def test_the_rename_of_the_week_of_30_march_2026() -> None:
    found = Rankings(recorded.chart_weeks(), Lens())
    april = Period(Grain.WEEK, date(2026, 4, 6))
    assert renamed(found, NEW, april) == Rename(OLD, NEW, Period(Grain.WEEK, date(2026, 3, 30)))
