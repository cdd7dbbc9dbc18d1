"""What processes on a cache share: how the requests of a day are counted, and how long the server is left alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from core_world import NOON, ORIGIN, Clock, World
from orwatch.core.coordination import Budget, Coordination
from orwatch.core.datasets.dataset import believe
from orwatch.domain.periods import Grain
from orwatch.errors import AnswerError, BudgetSpentError
from orwatch.store.cache import Cache

MIDNIGHT = datetime(2026, 6, 11, tzinfo=UTC)
SECOND = timedelta(seconds=1)


class Shared(Coordination):
    """A coordination over a cache in memory, with a clock that is set."""

    def __init__(self, per_day: int = 500) -> None:
        self.clock = Clock(NOON)
        super().__init__(Cache.open(None, ORIGIN), self.clock, Budget(per_day=per_day))

    def sent(self, *at: datetime, keyed: bool = True) -> None:
        """Requests of this or another process."""
        for each in at:
            self.cache.journal.log_request(each, "rankings-day", keyed, 0, 0)

    def used_at(self, now: datetime) -> int:
        """Keyed requests that count for the day at this time."""
        self.clock.now = now
        return self.keyed_requests_today()


@pytest.mark.parametrize(
    ("sent", "now", "counted"),
    [
        (MIDNIGHT - SECOND, MIDNIGHT + 5 * SECOND, 1),  # the server may have had it after midnight
        (MIDNIGHT - 2 * SECOND, MIDNIGHT + 5 * SECOND, 0),
        (NOON, MIDNIGHT - SECOND, 1),
        (NOON, MIDNIGHT, 1),  # by the server's clock the day before may not be over
        (NOON, MIDNIGHT + SECOND, 0),
        (MIDNIGHT, MIDNIGHT + timedelta(hours=23), 1),
    ],
)
def test_a_second_around_midnight_counts_for_both_days(sent: datetime, now: datetime, counted: int) -> None:
    shared = Shared()
    shared.sent(sent)
    assert shared.used_at(now) == counted


@pytest.mark.parametrize(
    ("ahead", "counted"),
    [
        (timedelta(hours=20), 1),
        (timedelta(hours=36), 1),
        (timedelta(hours=36) + SECOND, 0),  # it would count for days
    ],
)
def test_a_request_of_a_clock_that_was_ahead_counts_up_to_the_end_of_the_next_day(
    ahead: timedelta, counted: int
) -> None:
    shared = Shared()
    shared.sent(NOON + ahead)
    assert shared.used_at(NOON) == counted


def test_requests_without_the_key_do_not_count() -> None:
    shared = Shared()
    shared.sent(NOON, NOON, keyed=False)
    shared.sent(NOON)
    assert shared.used_at(NOON + SECOND) == 1


@pytest.mark.parametrize(
    ("now", "wait"),
    [
        (NOON + timedelta(hours=11), 3601.0),
        (MIDNIGHT - SECOND, 2.0),
        (MIDNIGHT, 1.0),
        (MIDNIGHT + SECOND, 0.0),
    ],
)
def test_a_budget_that_is_used_up_is_whole_again_a_second_after_midnight(now: datetime, wait: float) -> None:
    shared = Shared(per_day=2)
    shared.sent(NOON, NOON)
    shared.clock.now = now
    assert shared.budget_wait() == wait
    if wait:
        with pytest.raises(BudgetSpentError) as refused:
            shared.spend("rankings-day")
        assert refused.value.retry_after == wait
        assert len(shared.cache.journal.requests(NOON, keyed=True)) == 2
    else:
        shared.spend("rankings-day")
        assert shared.keyed_requests_today() == 1


class Raced(Shared):
    """Another process sends a request after this one has looked at the budget."""

    def budget_wait(self) -> float:
        wait = super().budget_wait()
        self.sent(NOON)
        return wait


def test_what_another_process_sends_after_the_look_at_the_budget_is_counted() -> None:
    raced = Raced(per_day=2)
    raced.sent(NOON)
    with pytest.raises(BudgetSpentError):
        raced.spend("rankings-day")
    # One before, and one of the other process at each of two looks; none of this one.
    assert raced.keyed_requests_today() == 3


def test_a_server_that_asked_to_wait_is_left_alone_until_the_time_that_is_told() -> None:
    shared = Shared()
    shared.hold(90)
    waits = shared.asked_to_wait("openrouter.ai")
    assert waits is not None
    assert str(waits) == "openrouter.ai asked orwatch to wait; nothing is asked before 12:01Z."
    assert waits.retry_after == 90
    shared.clock.now += timedelta(seconds=90)
    assert shared.asked_to_wait("openrouter.ai") is None


@pytest.mark.parametrize(("ahead", "believed"), [(timedelta(days=1), True), (timedelta(days=1) + SECOND, False)])
async def test_figures_are_believed_up_to_a_day_after_the_servers_clock(ahead: timedelta, believed: bool) -> None:
    world = World()
    world.server.as_of = NOON + ahead
    report = await world.refresh()
    assert (report.error is None) is believed
    assert (world.cache.rankings.coverage(Grain.DAY) is not None) is believed
    if not believed:
        assert isinstance(report.error, AnswerError)
        assert (
            str(report.error) == "The source dates its figures 2026-06-11, in the future; nothing is kept, try later."
        )


def test_figures_of_a_server_that_tells_no_time_are_believed() -> None:
    believe(NOON + timedelta(days=400), None)


@pytest.mark.parametrize(
    ("minute_count", "day_count", "age", "to_midnight", "seconds"),
    [
        (0, 0, 0.0, 86_400.0, 0.0),
        (29, 499, 5.0, 100.0, 0.0),
        (30, 30, 10.0, 100.0, 51.0),
        (30, 30, 59.5, 100.0, 1.5),
        (30, 30, -3.0, 100.0, 61.0),
        (0, 500, 0.0, 3600.0, 3601.0),
        (30, 500, 10.0, 20.0, 51.0),
        (30, 500, 10.0, 7200.0, 7201.0),
    ],
)
def test_waits_for_the_minute_and_the_day_with_a_second_to_spare(
    minute_count: int, day_count: int, age: float, to_midnight: float, seconds: float
) -> None:
    assert Budget().wait(minute_count, day_count, age, to_midnight) == seconds


def test_limits_can_be_set_lower() -> None:
    assert Budget(per_minute=2, per_day=10).wait(2, 2, 0.0, 100.0) == 61.0
