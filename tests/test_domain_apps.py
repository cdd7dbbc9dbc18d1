"""Apps over weeks: places, changes, shares and streaks in complete weeks, who passed whom; and the recorded summer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cache

import pytest

from orwatch.domain.alerts.apps import AppEntrant, AppFlip
from orwatch.domain.apps import App, AppFigures, AppRecord, AppWeek
from orwatch.domain.periods import Grain, Period
from recorded import DATA, NOW, chart_weeks
from rule_support import observed

MONDAY = date(2026, 6, 1)
MIDDAY = datetime(2026, 6, 24, 12, tzinfo=UTC)
"""A Wednesday: three weeks are complete, the fourth runs."""
T = 10**12


def period(n: int) -> Period:
    """A week of the test, from 0."""
    return Period.of(Grain.WEEK, MONDAY + timedelta(weeks=n))


def record(
    *weeks: Mapping[int, int], totals: Mapping[int, int] | None = None, names: Mapping[int, str] | None = None
) -> AppRecord:
    """Tokens by app id, week by week; two requests a token. totals: by week."""
    found = []
    for n, tokens in enumerate(weeks):
        ordered = sorted(tokens.items(), key=lambda item: -item[1])
        name = (names or {}).get(n)
        apps = tuple(
            App(rank, id_, name or str(id_), count, count // 2) for rank, (id_, count) in enumerate(ordered, 1)
        )
        start = period(n).start
        taken = min(datetime.combine(start + timedelta(days=8), datetime.min.time(), UTC), MIDDAY)
        found.append(AppWeek(start, start + timedelta(days=6), taken, 100, apps))
    return AppRecord(found, {period(n): total for n, total in (totals or {}).items()}, MIDDAY)


def row(apps: AppRecord, n: int, app_id: int) -> AppFigures:
    return next(app for app in apps.figures(period(n)) if app.app_id == app_id)


def test_a_share_is_of_all_tokens_of_the_same_week() -> None:
    apps = record({1: 60, 2: 30}, {1: 60, 2: 30}, totals={0: 200})
    assert row(apps, 0, 2).share == 0.15
    assert row(apps, 1, 2).share is None
    assert row(apps, 0, 1).tokens_per_request == 2.0


def test_change_and_place_are_on_the_week_before() -> None:
    apps = record({1: 60, 2: 30, 3: 10}, {1: 30, 2: 45})
    found = row(apps, 1, 2)
    assert (found.rank, found.rank_change, found.change) == (1, 1, 0.5)
    assert row(apps, 1, 1).rank_change == -1
    assert row(apps, 0, 1).change is None


def test_an_app_that_was_not_among_those_asked_for_has_no_change() -> None:
    apps = record({1: 60}, {1: 60, 2: 30})
    found = row(apps, 1, 2)
    assert (found.rank_change, found.change) == (None, None)


def test_the_week_in_progress_is_compared_with_nothing() -> None:
    apps = record({1: 60, 2: 30}, {1: 60, 2: 30}, {1: 60, 2: 30}, {2: 40, 1: 20}, totals={3: 100})
    found = row(apps, 3, 2)
    assert (found.rank, found.rank_change, found.change, found.share) == (1, None, None, None)
    assert apps.passes(period(3)) == ()


def test_an_app_keeps_its_id_and_has_its_newest_name() -> None:
    apps = record({1: 60}, {1: 60}, names={0: "Clawdbot", 1: "OpenClaw"})
    assert row(apps, 0, 1).name == "OpenClaw"


def test_leader_flip_and_weeks_first() -> None:
    apps = record({1: 60, 2: 30}, {2: 60, 1: 30}, {2: 60, 1: 30})
    (flip,) = apps.leadership.flips
    assert (flip.period, flip.before, flip.after, flip.tokens) == (period(1), "1", "2", {"1": 30, "2": 60})
    assert (row(apps, 2, 2).lead_streak.length, row(apps, 2, 2).lead_streak.is_floor) == (2, False)
    assert row(apps, 2, 1).lead_streak.length == 0
    assert (row(apps, 2, 1).streak.length, row(apps, 2, 1).streak.is_floor) == (3, True)


def test_a_week_of_which_the_source_has_nothing_is_a_gap() -> None:
    apps = record({1: 60}, {}, {1: 60})
    assert apps.figures(period(1)) == ()
    assert (row(apps, 2, 1).change, row(apps, 2, 1).lead_streak.is_floor) == (None, True)


def test_who_passed_whom() -> None:
    apps = record({1: 60, 2: 50, 3: 40, 4: 1}, {3: 70, 1: 60, 2: 50, 5: 1})
    assert [(each.name, each.passed, each.tokens, each.passed_tokens) for each in apps.passes(period(1))] == [
        ("3", "1", 70, 60),
        ("3", "2", 70, 50),
    ]


def test_what_gained_most_is_held_against_three_weeks() -> None:
    apps = record({1: 10, 2: 5}, {1: 20}, {1: 30, 2: 5})
    assert row(apps, 2, 1).gain is None
    longer = record({1: 10}, {1: 20}, {1: 30}, {1: 99})
    assert row(longer, 3, 1).gain is None


# The recorded summer


@cache
def summer() -> AppRecord:
    path = DATA / "market" / "apps-by-window.json"
    if not path.exists():
        pytest.skip(f"no recorded data: {path} is absent")
    weeks = []
    for window in json.loads(path.read_text())["windows"]:
        start, end = date.fromisoformat(window["start_date"]), date.fromisoformat(window["end_date"])
        if start.weekday() == 0 and end - start == timedelta(days=6):
            apps = tuple(App(rank, id_, name, int(n), requests) for rank, id_, name, n, requests in window["rows"])
            weeks.append(AppWeek(start, end, datetime.fromisoformat(window["as_of"]), 20, apps))
    totals = {week: listing.total for week, listing in chart_weeks().listings.items()}
    return AppRecord(weeks, totals, NOW)


WEEK_33 = Period.of(Grain.WEEK, date(2026, 8, 10))


@pytest.mark.recorded
def test_recorded_week_33() -> None:
    found = summer().figures(WEEK_33)
    assert [(app.name, round(app.tokens / T, 3)) for app in found[:5]] == [
        ("Hermes Agent", 9.873),
        ("Claude Code", 2.807),
        ("Kilo Code", 1.815),
        ("Cline", 1.344),
        ("OpenClaw", 1.078),
    ]
    hermes, claude = found[:2]
    assert (round(hermes.share or 0, 3), round(hermes.change or 0, 3)) == (0.131, -0.010)
    assert (round(claude.change or 0, 3), round((claude.tokens_per_request or 0) / 1000)) == (0.298, 98)
    assert (hermes.lead_streak.length, hermes.lead_streak.is_floor) == (7, True)


@pytest.mark.recorded
def test_recorded_places_and_who_passed_whom() -> None:
    apps = summer()
    zazen = next(app for app in apps.figures(WEEK_33) if app.name.startswith("Zazen"))
    assert (zazen.rank, zazen.rank_change, zazen.streak.length, zazen.streak.is_floor) == (8, 4, 1, False)
    passes = [(p.name, p.passed) for p in apps.passes(WEEK_33.previous(), 6)]
    assert ("Cline", "OpenClaw") in passes
    assert ("Cline", "pi") in passes
    (first,) = apps.passes(WEEK_33.back(2), 3)
    assert (first.name, first.passed) == ("Claude Code", "Kilo Code")
    assert (round(first.tokens / T, 2), round(first.passed_tokens / T, 2)) == (1.78, 1.74)


def test_another_first_app_is_told_once_for_its_week() -> None:
    apps = record({1: 60, 2: 30}, {2: 60, 1: 30}, {2: 60, 1: 30}, {1: 9, 2: 1})
    (alert,) = AppFlip().find(observed(apps=apps))
    assert (alert.id, alert.values["from_tokens"], alert.values["to_tokens"]) == (
        "app-flip|app|2|week|||2|2026-06-08",
        30,
        60,
    )
    assert alert.fired_at == datetime(2026, 6, 15, tzinfo=UTC)
    assert list(AppFlip().find(observed())) == []


def test_an_app_that_enters_the_largest_is_told_where_the_week_before_names_as_many() -> None:
    apps = record({1: 60, 2: 30, 3: 10}, {1: 60, 3: 30, 2: 10}, {1: 60, 4: 30, 3: 10})
    found = list(AppEntrant(top=2).find(observed(apps=apps)))
    assert [(alert.subject, alert.period, alert.values["rank_before"]) for alert in found] == [
        ("3", period(1), 3),
        ("4", period(2), None),
    ]
    assert list(AppEntrant(top=4).find(observed(apps=apps))) == []


def test_of_a_week_that_lacks_a_row_an_app_enters_at_the_place_that_the_source_gives_it() -> None:
    rows = [(1, 1), (2, 2), (3, 3)], [(1, 1), (3, 4), (4, 5)]
    weeks = [
        AppWeek(week.start, week.end, MIDDAY, 100, tuple(App(rank, id_, str(id_), 100 - rank, 1) for rank, id_ in apps))
        for week, apps in zip(map(period, range(2)), rows, strict=True)
    ]
    (alert,) = AppEntrant(top=3).find(observed(apps=AppRecord(weeks, {}, MIDDAY)))
    assert (alert.subject, alert.values["rank"], alert.values["rank_before"]) == ("4", 3, None)
