"""The published checks, on recorded figures: what the press printed about these weeks must come out of the definitions.

Tokens in T (10¹²). Weeks by their Monday. Basis `chart` unless said otherwise.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache

import pytest

import recorded
from orwatch.domain.alerts.alert import Standing
from orwatch.domain.alerts.leads import LeadFlip, LeadStreak
from orwatch.domain.filters import Facts
from orwatch.domain.leads import NOBODY, Kind, Leadership, Subject
from orwatch.domain.overview import ModelRow, ShareRow, Split, model_rows, split
from orwatch.domain.periods import Grain, Period, State, Streak
from orwatch.domain.rankings import Lens, Rankings, change
from orwatch.domain.records import Basis, Record
from orwatch.domain.vendors import Attribution

pytestmark = pytest.mark.recorded

CN_US = Subject.versus("CN", "US")
V4_FLASH = "deepseek/deepseek-v4-flash-20260423"
T = 10**12


@cache
def country_of() -> Callable[[str], str | None]:
    """The shipped table."""
    return Attribution().country


def week(monday: str) -> Period:
    return Period(Grain.WEEK, date.fromisoformat(monday))


@cache
def chart() -> Rankings:
    return Rankings(recorded.chart_weeks(), Lens(Basis.CHART))


@cache
def leadership(subject: Subject = CN_US) -> Leadership:
    return Leadership(chart(), subject, country_of())


def split_of(rankings: Rankings, monday: str) -> tuple[Split, dict[str | None, ShareRow]]:
    found = split(rankings, week(monday), country_of())
    assert found is not None
    return found, {row.key: row for row in found.rows}


def first_three(monday: str) -> list[ModelRow]:
    return [*model_rows(chart(), week(monday), NOBODY, lambda row: Facts(row.permaslug))[:3]]


def in_t(tokens: int) -> float:
    return round(tokens / T, 3)


# Weeks


@pytest.mark.parametrize(
    ("monday", "total", "cn", "us", "first"),
    [
        ("2026-02-09", 13.015, 4.119, 2.933, "minimax-m2.5"),
        ("2026-04-13", 20.469, 4.437, 4.908, "claude-4.6-sonnet"),
        ("2026-05-18", 28.920, 9.214, 4.924, "deepseek-v4-flash"),
        ("2026-06-01", 36.126, 14.179, 3.196, "deepseek-v4-flash"),
        ("2026-08-10", 75.341, 36.820, 10.262, "deepseek-v4-flash-20260731"),
    ],
)
def test_the_published_weeks(monday: str, total: float, cn: float, us: float, first: str) -> None:
    found, rows = split_of(chart(), monday)
    assert (in_t(found.total), in_t(rows["CN"].tokens), in_t(rows["US"].tokens)) == (total, cn, us)
    assert sum(row.tokens for row in found.rows) == found.total
    assert first_three(monday)[0].permaslug.partition("/")[2].startswith(first)


def test_the_fifty_largest_of_10_august() -> None:
    found, rows = split_of(Rankings(recorded.composed_weeks(), Lens(Basis.TOP50)), "2026-08-10")
    assert found.known
    figures = {key: in_t(rows[key].tokens) for key in ("CN", "US", "other")}
    assert figures == {"CN": 42.846, "US": 26.422, "other": 5.568}
    assert in_t(found.total) == 75.341
    assert sum(row.tokens for row in found.rows) == found.total


def test_composed_weeks_have_the_totals_of_the_weekly_rows_to_the_token() -> None:
    weekly, composed = recorded.chart_weeks(), recorded.composed_weeks()
    both = [*composed.complete_periods]
    assert [period.start.isoformat() for period in (both[0], both[-1])] == ["2026-06-22", "2026-08-10"]
    assert [composed.listings[period].total for period in both] == [weekly.listings[period].total for period in both]


def test_the_week_that_has_only_its_sunday_is_partial_and_the_last_one_runs() -> None:
    composed = recorded.composed_weeks()
    assert composed.state(week("2026-06-15")) is State.PARTIAL
    assert composed.state(week("2026-08-17")) is State.RUNNING
    assert composed.days_done(week("2026-08-17")) == (5, 7)


@pytest.mark.parametrize("basis", [Basis.TOP10, Basis.TOP50])
def test_no_other_basis_can_be_had_of_nine_rows(basis: Basis) -> None:
    rankings = Rankings(recorded.chart_weeks(), Lens(basis))
    assert not split_of(rankings, "2026-06-01")[0].known
    assert Leadership(rankings, CN_US, country_of()).flips == ()


# Flips and streaks


def test_the_flips_between_china_and_the_us_up_to_june() -> None:
    assert [(flip.start.isoformat(), flip.after) for flip in leadership().flips_until(week("2026-06-22"))] == [
        ("2026-02-09", "CN"),
        ("2026-02-23", "US"),
        ("2026-03-02", "CN"),
        ("2026-04-13", "US"),
        ("2026-04-27", "CN"),
    ]


@pytest.mark.parametrize(
    ("monday", "to", "streak"),
    [
        ("2026-03-09", "15 March", 2),
        ("2026-03-30", "5 April", 5),
        ("2026-05-18", "24 May", 4),
        ("2026-06-01", "7 June", 6),
    ],
)
def test_the_streaks_of_china_over_the_us(monday: str, to: str, streak: int) -> None:
    lead = leadership().lead(week(monday))
    assert (lead.leader, lead.streak) == ("CN", Streak(streak)), to


@pytest.mark.parametrize(("monday", "to", "streak"), [("2026-05-18", "24 May", 5), ("2026-06-01", "7 June", 7)])
def test_the_streaks_of_growth_of_the_total(monday: str, to: str, streak: int) -> None:
    assert chart().total_streak(week(monday), grew=True) == Streak(streak), to


@pytest.mark.parametrize(("monday", "streak"), [("2026-05-18", 1), ("2026-05-25", 2), ("2026-06-01", 3)])
def test_v4_flash_is_first_for_three_weeks_to_7_june(monday: str, streak: int) -> None:
    lead = leadership(Subject(Kind.MODEL)).lead(week(monday))
    assert (lead.leader, lead.streak) == (V4_FLASH, Streak(streak))
    assert lead.since == date(2026, 5, 18)


def test_the_three_largest_of_1_june_as_printed() -> None:
    v4, hy3, m3 = first_three("2026-06-01")
    assert [row.tokens / T for row in (v4, hy3, m3)] == pytest.approx([3.69, 2.94, 2.5], rel=0.005)
    assert [row.permaslug.partition("/")[0] for row in (v4, hy3, m3)] == ["deepseek", "tencent", "minimax"]
    assert [v4.change, hy3.change] == pytest.approx([0.19, -0.03], abs=0.005)
    assert (m3.status, m3.change) == ("new", None)


def test_alerts_of_the_spring_fire_on_the_monday_after() -> None:
    found = [*LeadFlip().of_lead(leadership()), *LeadStreak().of_lead(leadership())]
    assert all(alert.state is Standing.CONFIRMED for alert in found)
    found = sorted(found, key=lambda alert: (alert.fired_at, alert.rule))
    spring = [
        (alert.fired_at.date().isoformat(), alert.rule, alert.threshold or alert.direction)
        for alert in found
        if alert.period.start.year == 2026
    ]
    assert spring == [
        ("2026-02-16", "lead-flip", "CN"),
        ("2026-02-16", "streak", "ended"),
        ("2026-03-02", "lead-flip", "US"),
        ("2026-03-02", "streak", "ended"),
        ("2026-03-09", "lead-flip", "CN"),
        ("2026-03-30", "streak", "4"),
        ("2026-04-20", "lead-flip", "US"),
        ("2026-04-20", "streak", "ended"),
        ("2026-05-04", "lead-flip", "CN"),
        ("2026-05-04", "streak", "ended"),
        ("2026-05-25", "streak", "4"),
        ("2026-06-22", "streak", "8"),
        ("2026-07-27", "streak", "13"),
    ]


# Two bases, two leaders


def vendor_leaders(record: Record, basis: Basis) -> dict[Period, str | None]:
    return Leadership(Rankings(record, Lens(basis)), Subject(Kind.VENDOR), country_of()).leaders


def test_chart_and_top50_name_different_first_vendors_on_five_days() -> None:
    of_nine, of_fifty = (vendor_leaders(recorded.days(), basis) for basis in (Basis.CHART, Basis.TOP50))
    assert len(of_nine) == len(of_fifty) == 62
    assert [period.start.isoformat() for period in of_nine if of_nine[period] != of_fifty[period]] == [
        "2026-06-23",
        "2026-06-24",
        "2026-07-10",
        "2026-07-26",
        "2026-07-27",
    ]


# The running week


def test_the_running_week_is_compared_by_its_five_days() -> None:
    composed = recorded.composed_weeks()
    pair = composed.like_for_like(week("2026-08-17"))
    assert pair is not None
    by_day = {one.period.start: one.total for one in recorded.listings(Grain.DAY)}
    assert pair[0].total == sum(by_day[date(2026, 8, n)] for n in range(17, 22))
    assert pair[1].total == sum(by_day[date(2026, 8, n)] for n in range(10, 15))
    assert change(pair[0].total, pair[1].total) == pytest.approx(0.158, abs=0.0005)


def test_nobody_overtakes_china_in_the_running_week() -> None:
    assert leadership().on_course() is None
