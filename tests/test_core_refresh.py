"""One refresh of the cache with a key: windows, restatements, the running day, wrong clocks, budget and failures."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import httpx
import pytest

from core_world import KEY, NOON, World, fails_at, problem
from orwatch.core.coordination import Budget
from orwatch.core.datasets.rankings import first_start, window_end
from orwatch.core.source import Source
from orwatch.domain.periods import Grain, Period
from orwatch.errors import AnswerError, CacheError, KeyRefusedError, NetworkError, RateLimitError

WHOLE = {"lab/a": 1000, "lab/b": 500, "other": 100}
WEEK = {"lab/a": 7000, "lab/b": 3500, "other": 700}


async def filled(key: str | None = KEY, now: datetime = NOON) -> World:
    """A world whose cache has had its first refresh."""
    world = World(key, now)
    report = await world.refresh()
    assert report.error is None
    return world


def day(text: str) -> date:
    return date.fromisoformat(text)


# The first fill


async def test_an_empty_cache_is_filled_in_windows_cut_where_periods_end() -> None:
    world = await filled()
    assert world.server.windows("day") == [("2025-01-01", "2026-01-01"), ("2026-01-02", "2026-06-10")]
    assert world.server.windows("week") == [("2025-01-06", "2026-01-04"), ("2026-01-05", "2026-06-10")]
    assert world.server.windows("month") == [("2025-01-01", "2025-12-31"), ("2026-01-01", "2026-06-10")]
    assert world.cache.rankings.coverage(Grain.DAY) == (day("2025-01-01"), day("2026-06-10"), 526)
    assert world.cache.rankings.coverage(Grain.WEEK) == (day("2025-01-06"), day("2026-06-08"), 75)
    assert world.cache.rankings.coverage(Grain.MONTH) == (day("2025-01-01"), day("2026-06-01"), 18)
    weeks = world.figures(Grain.WEEK)
    assert all(tokens == WEEK for week, tokens in weeks.items() if week != "2026-06-08")
    assert weeks["2026-06-08"] == {"lab/a": 2500, "lab/b": 1250, "other": 250}


async def test_the_first_fill_says_what_it_did() -> None:
    world = World()
    report = await world.refresh()
    rows = {done.dataset: (done.requests, done.rows_new, done.rows_restated, done.error) for done in report.datasets}
    assert rows == {
        "models": (1, 2, 0, None),
        "providers": (1, 1, 0, None),
        "rankings-day": (2, 526 * 3, 0, None),
        "rankings-week": (2, 75 * 3, 0, None),
        "rankings-month": (2, 18 * 3, 0, None),
    }
    assert all(done.bytes > 0 for done in report.datasets)
    assert world.source.coordination.last_success == NOON
    assert world.source.coordination.keyed_requests_today() == 6


@pytest.mark.parametrize(
    ("grain", "start", "end"),
    [
        (Grain.DAY, "2025-01-01", "2026-01-01"),
        (Grain.DAY, "2027-06-01", "2028-05-31"),
        (Grain.WEEK, "2025-01-06", "2026-01-04"),
        (Grain.MONTH, "2025-01-01", "2025-12-31"),
        (Grain.MONTH, "2028-01-01", "2028-12-31"),
        (Grain.MONTH, "2027-03-01", "2028-02-29"),
    ],
)
def test_a_window_has_at_most_366_days_and_halves_no_period(grain: Grain, start: str, end: str) -> None:
    assert window_end(grain, day(start)) == day(end)
    assert (day(end) - day(start)).days <= 365


@pytest.mark.parametrize(("grain", "start"), [("day", "2025-01-01"), ("week", "2025-01-06"), ("month", "2025-01-01")])
def test_the_record_begins_with_its_first_whole_period(grain: str, start: str) -> None:
    assert first_start(Grain(grain)) == day(start)


@pytest.mark.parametrize("grain", ["day", "week", "month"])
async def test_an_interrupted_fill_is_completed_by_the_next_refresh(grain: str) -> None:
    world = World()
    world.server.hook = fails_at(f"period={grain}", after=1)
    report = await world.refresh()
    assert isinstance(report.error, NetworkError)
    assert world.source.coordination.last_error == str(report.error)
    world.server.hook = None
    world.later(minutes=1)
    assert (await world.refresh()).error is None
    fresh = await filled(now=world.server.now)
    assert world.figures(Grain(grain)) == fresh.figures(Grain(grain))
    assert world.source.coordination.last_error is None


# Later refreshes


async def test_a_second_refresh_asks_for_the_recent_days_alone() -> None:
    world = await filled()
    before = world.figures()
    world.later(minutes=5)
    report = await world.refresh()
    assert world.server.asked == [
        ("/datasets/rankings-daily", {"start_date": "2026-06-07", "end_date": "2026-06-10", "period": "day"}, 200)
    ]
    (days,) = report.datasets
    assert (days.rows_new, days.rows_restated) == (0, 2)
    after = world.figures()
    assert {d: t for d, t in after.items() if d != "2026-06-10"} == {
        d: t for d, t in before.items() if d != "2026-06-10"
    }


async def test_a_refresh_that_comes_too_early_asks_for_nothing() -> None:
    world = await filled()
    world.later(seconds=30)
    report = await world.refresh()
    assert (world.server.asked, report.datasets, report.error) == ([], (), None)


async def test_a_forced_refresh_asks_for_the_days_at_once() -> None:
    world = await filled()
    world.later(seconds=30)
    await world.refresh(force=True)
    assert world.server.paths() == ["day"]


@pytest.mark.parametrize(
    ("hours", "asked"),
    [
        (0.5, ["day"]),
        (1, ["/models", "day", "week", "month"]),
        (11.9, ["/models", "day", "week", "month"]),
    ],
)
async def test_weeks_and_months_are_asked_for_hourly(hours: float, asked: list[str]) -> None:
    world = await filled()
    world.later(hours=hours)
    await world.refresh()
    assert [path.lstrip("~") for path in world.server.paths()] == asked


async def test_weeks_and_months_are_asked_for_when_a_day_has_ended() -> None:
    world = await filled(now=datetime(2026, 6, 7, 23, 50, tzinfo=UTC))
    assert world.figures(Grain.WEEK)["2026-06-01"] != WEEK
    world.later(minutes=15)
    await world.refresh()
    assert world.server.paths() == ["day", "week", "month"]
    assert world.figures(Grain.WEEK)["2026-06-01"] == WEEK
    assert world.server.windows("week") == [("2026-05-25", "2026-06-08")]
    world.later(minutes=5)
    await world.refresh()
    assert world.server.paths() == ["day"]


async def test_weeks_whose_as_of_stays_behind_that_of_the_days_are_still_hourly() -> None:
    world = World()
    stale = NOON - timedelta(days=1)

    def hook(request: httpx.Request) -> None:
        world.server.as_of = stale if request.url.params.get("period") in ("week", "month") else None

    world.server.hook = hook
    await world.refresh()
    world.later(minutes=5)
    await world.refresh()
    assert world.server.paths() == ["day"]


async def test_restated_days_replace_what_was_stored() -> None:
    world = await filled()
    world.later(minutes=5)
    world.server.days = {day("2026-06-08"): {"lab/a": 999, "lab/c": 7, "other": 100}}
    (days,) = (await world.refresh()).datasets
    assert world.figures()["2026-06-08"] == {"lab/a": 999, "lab/c": 7, "other": 100}
    assert (days.rows_new, days.rows_restated) == (1, 2 + 2)


async def test_an_answer_with_an_older_as_of_wins_nothing() -> None:
    world = await filled()
    before = world.figures()
    world.later(minutes=5)
    world.server.as_of = NOON - timedelta(minutes=10)
    world.server.days = {day("2026-06-08"): {"lab/a": 1}}
    (days,) = (await world.refresh()).datasets
    assert (days.rows_new, days.rows_restated, days.error) == (0, 0, None)
    assert world.figures() == before


async def test_an_as_of_of_the_day_before_does_not_unsettle_a_day() -> None:
    world = await filled()
    world.later(minutes=5)
    world.server.as_of = datetime(2026, 6, 9, 12, tzinfo=UTC)
    world.server.days = {day("2026-06-09"): {"lab/a": 1}}
    assert (await world.refresh()).error is None
    assert world.figures()["2026-06-09"] == WHOLE
    world.later(minutes=5)
    world.server.as_of = None
    world.server.days = {}
    await world.refresh()
    assert world.server.windows() == [("2026-06-07", "2026-06-10")]


async def test_periods_that_an_answer_lacks_stay() -> None:
    world = await filled()
    world.later(minutes=5)
    world.server.days = dict.fromkeys((day("2026-06-08"), day("2026-06-09")))
    await world.refresh()
    assert world.figures()["2026-06-08"] == WHOLE
    assert world.figures()["2026-06-09"] == WHOLE


async def test_a_day_that_comes_late_is_taken_when_it_comes() -> None:
    world = World()
    world.server.days = {day("2026-06-09"): None}
    await world.refresh()
    assert "2026-06-09" not in world.figures()
    world.later(minutes=5)
    world.server.days = {}
    await world.refresh()
    assert world.figures()["2026-06-09"] == WHOLE


async def test_empty_answers_change_nothing() -> None:
    world = await filled()
    before = {grain: world.figures(grain) for grain in Grain}
    world.later(days=1)
    world.server.hook = lambda request: (
        httpx.Response(200, json={"data": [], "meta": {"as_of": world.server.now.isoformat()}})
        if "period" in request.url.params
        else None
    )
    assert (await world.refresh()).error is None
    assert {grain: world.figures(grain) for grain in Grain} == before


async def test_days_missed_while_nothing_polled_are_caught_up() -> None:
    world = await filled()
    world.later(days=400)
    assert (await world.refresh()).error is None
    assert world.server.windows("day")[:2] == [("2026-06-07", "2027-06-07"), ("2027-06-08", "2027-07-15")]
    fresh = await filled(now=world.server.now)
    for grain in Grain:
        assert world.figures(grain) == fresh.figures(grain)


# The whole record again

OLD: dict[date, dict[str, int] | None] = {day("2025-03-03"): {"lab/a": 900, "lab/b": 600, "other": 100}}
"""A restated Monday, more than a year back."""


async def passes(world: World, times: int, source: Source | None = None, **by: float) -> list[tuple[str, str, str]]:
    """What older windows are asked for while time passes: the grain, the first and the last day."""
    older: list[tuple[str, str, str]] = []
    for _ in range(times):
        world.later(**by)
        assert (await world.refresh(source=source)).error is None
        older += [
            (grain, *window)
            for grain in ("day", "week", "month")
            for window in world.server.windows(grain)
            if date.fromisoformat(window[1]) < world.server.now.date() - timedelta(days=1)
        ]
    return older


async def test_an_old_period_that_is_restated_arrives_about_a_week_later() -> None:
    world = await filled()
    world.server.days = OLD
    assert await passes(world, 6, days=1) == []
    assert world.figures()["2025-03-03"] == WHOLE
    older = await passes(world, 4, hours=12)
    assert sorted(older) == [
        ("day", "2025-01-01", "2026-01-01"),
        ("day", "2026-01-02", "2026-06-13"),
        ("month", "2025-01-01", "2025-12-31"),
        ("month", "2026-01-01", "2026-04-30"),
        ("week", "2025-01-06", "2026-01-04"),
        ("week", "2026-01-05", "2026-06-07"),
    ]
    fresh = World(now=world.server.now)
    fresh.server.days = OLD
    await fresh.refresh()
    for grain in Grain:
        assert world.figures(grain) == fresh.figures(grain)


async def test_a_process_of_every_day_asks_for_the_whole_record_weekly_too() -> None:
    world = await filled()
    windows = Counter[tuple[str, str, str]]()
    for _ in range(30):
        windows.update(await passes(world, 1, source=world.open(), days=1))
    assert windows["day", "2025-01-01", "2026-01-01"] == 4
    assert windows["week", "2025-01-06", "2026-01-04"] == 4


async def test_processes_on_a_cache_share_the_walk_through_the_whole_record() -> None:
    world = await filled()
    world.later(days=7)
    older = []
    for source in (world.source, world.open(), world.open()):
        older += await passes(world, 1, source=source, minutes=5)
    assert [window for grain, *window in older if grain == "day"] == [
        ["2025-01-01", "2026-01-01"],
        ["2026-01-02", "2026-06-13"],
    ]


async def test_an_interrupted_walk_goes_on_where_it_was() -> None:
    world = await filled()
    world.server.days = OLD
    world.later(days=7)
    await world.refresh()
    world.later(minutes=5)
    world.server.hook = fails_at("end_date=2026-06-13&period=day")
    assert isinstance((await world.refresh()).error, NetworkError)
    world.server.hook = None
    world.later(minutes=5)
    await world.refresh(source=world.open())
    assert world.server.windows("day") == [("2026-06-14", "2026-06-17"), ("2026-01-02", "2026-06-13")]
    assert world.figures()["2025-03-03"] == OLD[day("2025-03-03")]


async def test_a_window_that_cannot_be_had_is_told_and_holds_up_no_other() -> None:
    world = await filled()
    world.later(days=7)
    world.server.hook = fails_at("start_date=2025-01-01&end_date=2026-01-01&period=day", with_=problem(500, "no"))
    assert isinstance((await world.refresh()).error, AnswerError)
    world.server.hook = None
    older = await passes(world, 3, minutes=5)
    assert [window for grain, *window in older if grain == "day"] == [["2026-01-02", "2026-06-13"]]
    world.server.days = OLD
    await passes(world, 3, days=4)
    assert world.figures()["2025-03-03"] == OLD[day("2025-03-03")]


@pytest.mark.parametrize("pace", ["usual", "shortest"])
async def test_the_whole_record_again_stays_within_the_budget(pace: str) -> None:
    world = await filled()
    seconds = 300.0 if pace == "usual" else world.source.shortest_interval
    world.source.interval = seconds
    world.later(days=6, hours=11.9)
    times = []

    def note(request: httpx.Request) -> None:
        if "period" in request.url.params:
            times.append(world.server.now)

    world.server.hook = note
    await passes(world, int(87_000 / seconds), seconds=seconds)
    days = Counter(time.date() for time in times)
    assert max(days.values()) <= (336 + 12 if pace == "usual" else 500)
    assert max(Counter(time.replace(second=0) for time in times).values()) <= 30


# The running day


async def test_a_refused_running_day_is_left_out_and_that_is_remembered() -> None:
    world = World()
    world.server.refuses_running_day = True
    assert (await world.refresh()).error is None
    assert world.server.windows("day", 400) == [("2026-01-02", "2026-06-10")]
    assert world.server.windows("day")[-1] == ("2026-01-02", "2026-06-09")
    assert world.server.windows("week", 400) == world.server.windows("month", 400) == []
    assert world.figures()["2026-06-09"] == WHOLE
    world.later(minutes=5)
    await world.refresh()
    assert [(query["end_date"], code) for _, query, code in world.server.asked] == [("2026-06-09", 200)]


async def test_the_running_day_is_asked_for_again_when_the_next_has_begun() -> None:
    world = World()
    world.server.refuses_running_day = True
    await world.refresh()
    world.later(days=1)
    world.server.refuses_running_day = False
    await world.refresh()
    assert world.server.windows("day") == [("2026-06-07", "2026-06-11")]
    assert world.server.windows("day", 400) == []


@pytest.mark.parametrize(
    ("grain", "now"),
    [("day", "2026-01-02"), ("week", "2026-01-05"), ("month", "2026-01-01")],
)
async def test_a_window_of_nothing_but_the_refused_day_is_no_failure(grain: str, now: str) -> None:
    world = World(now=datetime.fromisoformat(f"{now}T12:00:00+00:00"))
    world.server.refuses_running_day = True
    assert (await world.refresh()).error is None
    assert all(end < now for _, end in world.server.windows(grain))
    world.later(minutes=5)
    assert (await world.refresh()).error is None


async def test_a_400_for_a_window_of_the_past_is_an_error() -> None:
    world = World()
    world.server.hook = fails_at("end_date=2026-01-01", with_=problem(400, "No."))
    report = await world.refresh()
    assert isinstance(report.error, AnswerError)
    assert world.cache.journal.get("running_day_refused") is None


# Clocks


async def test_how_fresh_the_cache_is_by_both_clocks() -> None:
    world = World(machine_is_off=timedelta(hours=3))
    await world.refresh()
    world.later(hours=5)
    fresh = world.source.freshness
    assert fresh.last_success is not None
    assert fresh.as_of is not None
    assert fresh.now - fresh.last_success == timedelta(hours=5)
    assert fresh.server_now - fresh.as_of == timedelta(hours=5)


@pytest.mark.parametrize("off", [timedelta(days=-4000), timedelta(days=-2), timedelta(days=2), timedelta(days=4000)])
async def test_with_a_wrong_machine_clock_the_date_header_decides(off: timedelta) -> None:
    world = World(machine_is_off=off)
    assert (await world.refresh()).error is None
    # A machine's clock that lies behind is the wrong one where the record has the day before its answers.
    proof = [("2026-06-09", "2026-06-09")] if off < timedelta() else []
    assert world.server.windows("day") == [("2025-01-01", "2026-01-01"), *proof, ("2026-01-02", "2026-06-10")]
    assert world.source.coordination.server_now == NOON
    world.later(minutes=5)
    await world.refresh()
    assert world.server.windows("day") == [("2026-06-07", "2026-06-10")]


@pytest.mark.parametrize("off", [timedelta(days=-4000), timedelta(days=-40), timedelta(days=2), timedelta(days=4000)])
async def test_without_a_date_header_the_answers_as_of_decides(off: timedelta) -> None:
    world = World(machine_is_off=off)
    world.server.tells_time = False
    assert (await world.refresh()).error is None
    fresh = await filled()
    for grain in Grain:
        assert world.figures(grain) == fresh.figures(grain)
    assert all((day(end) - day(start)).days <= 365 for start, end in world.server.windows("day"))
    assert len(world.server.windows("day")) <= 4


async def test_a_machine_clock_that_is_set_right_again_does_no_harm() -> None:
    world = World(machine_is_off=timedelta(days=900))
    await world.refresh()
    world.machine.now = world.server.now
    world.later(minutes=5)
    assert (await world.refresh(force=True)).error is None
    assert world.server.windows("day") == [("2026-06-07", "2026-06-10")]
    assert world.source.coordination.server_now == world.server.now


async def test_requests_of_a_clock_that_was_ahead_do_not_use_up_the_budget_for_ever() -> None:
    world = World()
    for _ in range(600):
        world.cache.journal.log_request(NOON + timedelta(days=900), "rankings-day", True, 0, 0)
    assert (await world.refresh()).error is None
    assert world.source.coordination.budget_wait() == 0
    assert world.source.coordination.keyed_requests_today() == 6


@pytest.mark.parametrize("year", [1970, 9999])
async def test_an_absurd_date_header_is_not_believed(year: int) -> None:
    world = World()
    world.server.tells_time = False
    headers = {"Date": f"Thu, 30 Dec {year} 23:59:59 GMT"}
    world.server.hook = lambda request: (
        httpx.Response(200, json={"data": []}, headers=headers) if "providers" in str(request.url) else None
    )
    assert (await world.refresh()).error is None
    assert world.source.coordination.server_now == NOON


async def test_a_day_that_ends_during_the_refresh_is_whole_afterwards() -> None:
    world = World(now=datetime(2026, 6, 7, 23, 50, tzinfo=UTC))  # a Sunday
    world.server.takes = timedelta(minutes=4)
    assert (await world.refresh()).error is None
    assert world.figures()["2026-06-07"] == WHOLE
    assert world.figures(Grain.WEEK)["2026-06-01"] == WEEK
    assert "2026-06-08" in world.figures(Grain.WEEK)


@pytest.mark.parametrize("weekday", ["2026-06-06", "2026-06-07", "2026-06-10"])
async def test_a_day_that_ends_between_question_and_answer_halves_no_period(weekday: str) -> None:
    """The question names yesterday as its end, the answer is of today: what the end cut is asked for again."""
    world = World(now=datetime.fromisoformat(f"{weekday}T23:59:59+00:00"))
    world.server.refuses_running_day = True

    def hook(request: httpx.Request) -> None:
        if request.url.params.get("period") == "week" and world.server.now.hour == 23:
            world.server.now += timedelta(seconds=2)

    world.server.hook = hook
    await world.refresh()
    world.server.hook = None
    world.later(minutes=5)
    await world.refresh()
    whole = [tokens for week, tokens in world.figures(Grain.WEEK).items() if week < "2026-06-08"]
    settled = [found for found in world.cache.rankings.read(Grain.WEEK) if found.period.settled_by(found.as_of)]
    assert all(found.total == 11_200 for found in settled)
    assert whole[:-1] == [WEEK] * (len(whole) - 1)


async def test_figures_of_the_future_are_refused() -> None:
    world = await filled()
    world.later(minutes=5)
    world.server.as_of = NOON + timedelta(days=900)
    report = await world.refresh()
    assert isinstance(report.error, AnswerError)
    assert "2028-11-26" in str(report.error)
    assert world.cache.rankings.newest_as_of() == NOON


# Budget and failures


async def test_without_budget_no_request_goes_out() -> None:
    world = await filled()
    world.later(minutes=5)
    world.source.coordination.budget = Budget(per_minute=30, per_day=6)
    report = await world.refresh()
    assert world.server.asked == []
    assert isinstance(report.error, RateLimitError)
    assert report.error.retry_after == pytest.approx(12 * 3600 - 300, abs=2)


async def test_the_budget_holds_within_a_minute_too() -> None:
    world = World()
    world.source.coordination.budget = Budget(per_minute=3, per_day=500)
    report = await world.refresh()
    assert len(world.server.windows("day") + world.server.windows("week")) == 3
    assert isinstance(report.error, RateLimitError)
    assert report.error.retry_after == pytest.approx(61, abs=1)
    world.later(seconds=62)
    world.source.coordination.budget = Budget()
    assert (await world.refresh()).error is None


async def test_a_request_that_fails_has_used_budget_all_the_same() -> None:
    world = World()
    world.server.hook = fails_at("rankings-daily")
    await world.refresh()
    assert world.server.ranked() == ["/models", "/providers"]
    assert world.source.coordination.keyed_requests_today() == 2


async def test_a_429_ends_the_refresh_with_the_wait_that_was_asked_for() -> None:
    world = await filled()
    world.later(hours=2)
    world.server.hook = fails_at("rankings-daily", with_=problem(429, "Rate limit exceeded", Retry_After="77"))
    report = await world.refresh()
    assert isinstance(report.error, RateLimitError)
    assert report.error.retry_after == 77
    assert [code for _, _, code in world.server.asked].count(429) == 1


async def test_a_refused_key_is_an_error_of_its_own_and_the_catalogue_comes_anyway() -> None:
    world = World(key="sk-or-revoked")
    report = await world.refresh()
    assert isinstance(report.error, KeyRefusedError)
    assert report.error.exit_code == 4
    assert [model.id for model in world.cache.catalogue.models()] == ["lab/a", "lab/b"]
    assert [code for _, _, code in world.server.asked] == [200, 200, 401]


@pytest.mark.parametrize("key", [KEY, None])
async def test_without_a_network_one_request_fails_and_no_more(key: str | None) -> None:
    world = World(key)
    tried = []

    def hook(request: httpx.Request) -> None:
        tried.append(request.url)
        raise httpx.ConnectTimeout("timed out")

    world.server.hook = hook
    report = await world.refresh()
    assert isinstance(report.error, NetworkError)
    assert len(tried) == len(report.datasets) == 1
    assert world.source.coordination.last_success is None


async def test_trouble_with_one_dataset_leaves_the_others() -> None:
    world = World()
    world.server.hook = fails_at("/models", with_=problem(500, "Oops"))
    report = await world.refresh()
    assert isinstance(report.error, AnswerError)
    assert [(done.dataset, done.error is None) for done in report.datasets] == [
        ("models", False),
        ("providers", True),
        ("rankings-day", True),
        ("rankings-week", True),
        ("rankings-month", True),
    ]
    assert world.cache.rankings.newest_as_of() == NOON


# Processes beside each other


async def test_while_one_process_polls_another_shares_what_it_brings() -> None:
    world = World()
    assert world.cache.leases.acquire("poll", "another process", world.machine(), 180)
    report = await world.refresh()
    assert report.shared
    assert world.server.asked == []
    world.cache.leases.release("poll", "another process")
    assert not (await world.refresh()).shared


@pytest.mark.parametrize("failure", [httpx.ConnectError("refused"), RuntimeError("a bug")])
async def test_the_lease_is_given_back_after_a_failure(failure: Exception) -> None:
    world = World()
    world.server.hook = fails_at("/models", with_=failure)
    try:
        await world.refresh()
    except RuntimeError:
        assert isinstance(failure, RuntimeError)
    assert world.cache.leases.acquire("poll", "another process", world.machine(), 180)


async def test_a_refresh_that_takes_long_keeps_its_lease() -> None:
    world = World()
    taken = []

    def hook(request: httpx.Request) -> None:
        world.later(seconds=100)
        taken.append(world.cache.leases.acquire("poll", "another process", world.machine(), 180))

    world.server.hook = hook
    assert (await world.refresh()).error is None
    assert taken == [False] * 8


async def test_two_processes_ask_for_the_days_once() -> None:
    world = await filled()
    other = world.open()
    world.later(minutes=5)
    await world.refresh()
    assert world.server.paths() == ["day"]
    world.later(seconds=100)
    await world.refresh(source=other)
    assert world.server.paths() == []


async def test_a_cache_that_fails_is_no_failure_of_the_source() -> None:
    world = World()
    world.server.hook = lambda request: world.cache.close() if "period=week" in str(request.url) else None
    with pytest.raises(CacheError):
        await world.refresh()


# Catalogue and providers


async def test_the_catalogue_is_asked_for_hourly_and_the_providers_daily_by_etag() -> None:
    world = await filled()
    world.later(minutes=59)
    await world.refresh()
    assert "~/models" not in world.server.paths()
    world.later(minutes=1)
    report = await world.refresh()
    assert world.server.paths()[0] == "~/models"
    assert report.datasets[0].not_modified == 1
    world.later(hours=23)
    await world.refresh()
    assert world.server.paths()[:2] == ["~/models", "~/providers"]


async def test_a_catalogue_that_has_not_changed_is_seen_afresh() -> None:
    world = await filled()
    world.later(hours=2)
    await world.refresh()
    assert world.cache.catalogue.seen_at() == NOON + timedelta(hours=2)
    assert len(world.cache.catalogue.prices()) == 2


async def test_a_price_change_is_recorded_once() -> None:
    world = await filled()
    world.later(hours=2)
    world.server.prices["lab/b"] = "0.0000015"
    report = await world.refresh()
    assert report.datasets[0].rows_restated == 1
    for _ in range(3):
        world.later(hours=2)
        assert (await world.refresh()).datasets[0].rows_restated == 0
    seen = [(str(price.prompt), price.observed_at) for price in world.cache.catalogue.prices("lab/b")]
    assert seen == [("0.000002", NOON), ("0.0000015", NOON + timedelta(hours=2))]


async def test_a_model_that_leaves_the_catalogue_is_kept_but_not_present() -> None:
    world = await filled()
    world.later(hours=2)
    del world.server.prices["lab/b"]
    await world.refresh()
    world.later(hours=2)
    await world.refresh()
    assert [model.id for model in world.cache.catalogue.models()] == ["lab/a", "lab/b"]
    assert [model.id for model in world.cache.catalogue.models(present=True)] == ["lab/a"]


async def test_the_etag_of_a_catalogue_that_could_not_be_stored_is_not_kept() -> None:
    world = World()
    world.server.hook = fails_at("/models", with_=httpx.Response(200, json={"data": [{}]}, headers={"ETag": '"x"'}))
    report = await world.refresh()
    assert isinstance(report.error, AnswerError)
    assert world.cache.journal.etag("/models") is None
    world.server.hook = None
    await world.refresh()
    assert world.server.paths() == ["/models", "day"]


async def test_a_try_after_a_failure_asks_and_only_an_answer_is_a_success() -> None:
    world = await filled()
    shared, began = world.source.coordination, world.machine()
    world.later(seconds=60)
    world.server.hook = fails_at("/", with_=problem(500, "Oops"))
    assert (await world.refresh(force=True)).error is not None
    for _ in range(3):
        world.later(seconds=15)
        assert (await world.refresh()).error is not None
        assert world.server.asked
        assert (shared.last_success, shared.failures > 0, shared.last_error is not None) == (began, True, True)
    world.server.hook = None
    world.later(seconds=15)
    assert (await world.refresh()).error is None
    assert (shared.last_success, shared.last_error) == (world.machine(), None)
    world.later(seconds=5)
    assert (await world.refresh()).datasets == ()
    assert shared.last_success == world.machine() - timedelta(seconds=5)


# A key that comes and goes


async def test_a_week_taken_in_its_middle_is_composed_from_days_once_the_key_is_gone() -> None:
    world = await filled()
    assert world.figures(Grain.WEEK)["2026-06-08"] == {"lab/a": 2500, "lab/b": 1250, "other": 250}
    keyless = world.open(key=None)
    world.later(days=8)
    assert (await world.refresh(source=keyless)).error is None
    record = keyless.market().record(Grain.WEEK)
    week = record.complete(Period(Grain.WEEK, day("2026-06-08")))
    assert week is not None
    assert (week.total, week.composed) == (11_200, True)


async def test_a_key_that_comes_later_fills_in_what_the_exports_do_not_have() -> None:
    world = await filled(key=None)
    before = world.figures()
    keyed = world.open()
    world.later(minutes=20)
    assert (await world.refresh(source=keyed)).error is None
    assert world.cache.rankings.coverage(Grain.DAY) == (day("2025-01-01"), day("2026-06-10"), 526)
    assert before.items() <= world.figures().items()


async def test_a_gap_between_two_times_with_a_key_is_filled() -> None:
    world = await filled()
    world.later(days=60)
    await world.refresh(source=world.open(key=None))
    world.later(days=3)
    assert (await world.refresh()).error is None
    fresh = await filled(now=world.server.now)
    for grain in Grain:
        assert world.figures(grain) == fresh.figures(grain)
