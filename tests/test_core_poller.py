"""When to poll: the schedule, the pace that processes share, pauses after failures, pause, resume and "now"."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from datetime import timedelta
from functools import partial
from typing import cast

import pytest

from core_world import World, fails_at, problem
from orwatch.core import poller
from orwatch.core.coordination import backoff
from orwatch.core.poller import Failed, Synced, Wake, sleep_through
from orwatch.errors import AnswerError, NetworkError, OrwatchError, RateLimitError

Event = Synced | Failed
poll = partial(poller.poll, chance=lambda: 0.0)
"""Without chance in its pauses."""


class Sleep:
    """A sleep that takes no time: world and machine are that much later when it returns. slept: every pause, seconds."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.slept: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.slept.append(round(seconds))
        self.world.later(seconds=seconds)


class Night:
    """A sleep that never ends by itself; whoever tests it wakes the poller. slept: every pause, seconds."""

    def __init__(self) -> None:
        self.slept: list[float] = []
        self.begun = asyncio.Event()

    async def __call__(self, seconds: float) -> None:
        self.slept.append(round(seconds))
        self.begun.set()
        await asyncio.Event().wait()


def closing(events: AsyncIterator[Event]) -> aclosing[AsyncGenerator[Event, None]]:
    return aclosing(cast(AsyncGenerator[Event, None], events))


async def take(events: AsyncIterator[Event], count: int) -> list[Event]:
    out = []
    async with closing(events) as running:
        async for event in running:
            out.append(event)
            if len(out) == count:
                break
    return out


def shape(events: list[Event]) -> list[tuple[str, int]]:
    """`("synced", seconds to the next)`, `("shared", …)` or `("failed", seconds to the next try)`."""
    return [
        ("failed", round(event.retry_in))
        if isinstance(event, Failed)
        else ("shared" if event.shared else "synced", round(event.next_s))
        for event in events
    ]


async def test_polls_at_once_and_then_at_the_interval() -> None:
    world = World()
    sleep = Sleep(world)
    assert shape(await take(poll(world.source, Wake(), sleep=sleep), 3)) == [("synced", 300)] * 3
    assert sleep.slept == [300, 300]
    assert [path for path in world.server.paths() if path == "day"] == ["day"] * 4


async def test_a_cache_that_was_polled_a_moment_ago_is_left_alone_until_it_is_due() -> None:
    world = World()
    await world.refresh()
    world.later(seconds=100)
    assert world.source.next_poll_s() == 200
    sleep = Sleep(world)
    assert shape(await take(poll(world.open(), Wake(), sleep=sleep), 1)) == [("synced", 300)]
    assert sleep.slept == [200]


async def test_a_clock_that_was_set_back_makes_a_poll_due() -> None:
    world = World()
    await world.refresh()
    world.machine.now -= timedelta(days=900)
    assert world.source.next_poll_s() == 0


async def test_processes_on_one_cache_keep_to_one_pace() -> None:
    world = World(key=None)
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) == 1:  # meanwhile another process polls
            world.later(seconds=400)
            assert not (await world.refresh(source=world.open(key=None))).shared
            seconds -= 400
        world.later(seconds=seconds)

    events = await take(poll(world.source, Wake(), sleep=sleep), 3)
    assert shape(events) == [("synced", 900), ("shared", 400), ("synced", 900)]
    assert slept == [900, 400]
    assert world.server.paths().count("~latest.manifest.json") == 2


async def test_while_another_process_polls_the_next_poll_is_when_that_ones_is_due() -> None:
    world = World()
    assert world.cache.leases.acquire("poll", "another process", world.machine(), 180)
    assert shape(await take(poll(world.source, Wake(), sleep=Sleep(world)), 1)) == [("shared", 15)]

    wake = Wake()
    wake.now()
    world.source.coordination.note_moment("last_try", world.machine())
    assert shape(await take(poll(world.source, wake, sleep=Sleep(world)), 1)) == [("shared", 300)]


@pytest.mark.parametrize(
    ("failures", "error", "seconds"),
    [
        (1, NetworkError(""), 15),
        (2, NetworkError(""), 30),
        (3, AnswerError("", 500), 60),
        (6, NetworkError(""), 480),
        (7, NetworkError(""), 600),
        (500, NetworkError(""), 600),
        (1, RateLimitError("", 77), 77),
        (9, RateLimitError("", 77), 77),
        (1, RateLimitError("", 0), 1),
        (1, RateLimitError("", 80_000), 3600),
        (2, RateLimitError(""), 30),
        (1, None, 15),
    ],
)
def test_pauses_after_failures(failures: int, error: OrwatchError | None, seconds: float) -> None:
    assert backoff(failures, error) == seconds


async def test_failures_are_events_whose_pauses_double_until_one_poll_succeeds() -> None:
    world = World()
    world.server.hook = fails_at("/models")
    wake, sleep = Wake(), Sleep(world)
    async with closing(poll(world.source, wake, sleep=sleep)) as running:
        events = [await anext(running) for _ in range(4)]
        assert shape(events) == [("failed", 15), ("failed", 30), ("failed", 60), ("failed", 120)]
        assert all(isinstance(event, Failed) and event.reason.endswith(".") for event in events)
        world.server.hook = None
        assert shape([await anext(running)]) == [("synced", 300)]
        world.server.hook = fails_at("rankings-daily")
        assert shape([await anext(running)]) == [("failed", 15)]


async def test_the_wait_a_server_asks_for_is_kept() -> None:
    world = World()
    world.server.hook = fails_at("rankings-daily", with_=problem(429, "Slow down", Retry_After="77"))
    sleep = Sleep(world)
    assert shape(await take(poll(world.source, Wake(), sleep=sleep), 2)) == [("failed", 77)] * 2
    assert sleep.slept == [77]


async def test_a_cache_that_fails_is_an_event_too() -> None:
    world = World()
    world.cache.close()
    events = await take(poll(world.source, Wake(), sleep=Sleep(world)), 2)
    assert shape(events) == [("failed", 15), ("failed", 30)]
    assert "closed" in events[0].reason  # type: ignore[union-attr]


# Waking


async def asleep(world: World, wake: Wake, night: Night, act: Callable[[], None]) -> list[tuple[str, int]]:
    """The events up to the first that follows `act`, which is done while the poller sleeps after its first poll."""
    async with closing(poll(world.source, wake, sleep=night)) as running:
        first = await anext(running)
        following = asyncio.ensure_future(anext(running))
        await night.begun.wait()
        night.begun.clear()
        act()
        return shape([first, await following])


async def test_now_polls_at_once() -> None:
    world, wake, night = World(), Wake(), Night()
    assert await asleep(world, wake, night, wake.now) == [("synced", 300), ("synced", 300)]
    assert world.server.paths()[-1] == "day"
    assert len(world.server.ranked()) == 9


async def test_now_is_heard_while_a_poll_runs() -> None:
    world, wake, night = World(), Wake(), Night()

    def hook(_: object) -> None:
        if len(world.server.asked) == 3:
            wake.now()

    world.server.hook = hook
    assert shape(await take(poll(world.source, wake, sleep=night), 2)) == [("synced", 300), ("synced", 300)]
    assert night.slept == []


async def test_paused_no_poll_comes_however_long() -> None:
    world, wake = World(), Wake()
    sleep = Sleep(world)
    polled = 0

    async def counted(seconds: float) -> None:
        await sleep(seconds)
        if len(sleep.slept) > 30:
            wake.resume()

    wake.pause()
    async for _ in poll(world.source, wake, sleep=counted):
        polled += 1
        break
    assert polled == 1
    assert len(sleep.slept) > 30
    assert set(sleep.slept) == {3600}


async def test_pausing_in_the_middle_of_a_pause_holds_the_next_poll() -> None:
    world, wake = World(), Wake()
    sleep = Sleep(world)

    async def pausing(seconds: float) -> None:
        if not sleep.slept:
            wake.pause()
        await sleep(seconds)
        if len(sleep.slept) == 5:
            wake.resume()

    assert shape(await take(poll(world.source, wake, sleep=pausing), 2)) == [("synced", 300)] * 2
    assert sleep.slept == [300, 3600, 3600, 3600, 3600]


async def test_now_polls_once_even_while_paused() -> None:
    world, wake, night = World(), Wake(), Night()

    def act() -> None:
        wake.pause()
        wake.now()

    assert await asleep(world, wake, night, act) == [("synced", 300), ("synced", 300)]
    assert wake.paused


async def test_resuming_before_the_next_poll_is_due_does_not_bring_it_forward() -> None:
    world, wake, night = World(), Wake(), Night()

    def act() -> None:
        wake.pause()
        world.later(seconds=100)
        wake.resume()

    assert await asleep(world, wake, night, act) == [("synced", 300), ("shared", 200)]
    assert len(world.server.ranked()) == 8


async def test_what_stands_beside_the_rankings_is_asked_for_once_the_poll_has_been_told() -> None:
    world = World()
    grown: list[int] = []

    async def note() -> None:
        grown.append(len(world.server.asked))

    async with closing(poll(world.source, Wake(), sleep=Sleep(world), grown=note)) as running:
        assert shape([await anext(running)]) == [("synced", 300)]
        ranked = len(world.server.asked)
        assert len(world.server.ranked()) == ranked
        assert shape([await anext(running)]) == [("synced", 300)]
    assert len(grown) == 1
    assert ranked < grown[0]
    assert world.cache.snapshots.held().keys() >= {"tasks", "apps", "hosts"}


async def test_trouble_beside_the_rankings_changes_no_schedule() -> None:
    world = World()
    world.server.hook = fails_at("/classifications/task", with_=problem(500, "no"))
    sleep = Sleep(world)
    assert shape(await take(poll(world.source, Wake(), sleep=sleep), 3)) == [("synced", 300)] * 3
    assert sleep.slept == [300, 300]


async def test_where_the_key_is_refused_only_what_needs_none_is_asked_for_beside() -> None:
    world = World(key="sk-or-other")
    events = await take(poll(world.source, Wake(), sleep=Sleep(world)), 2)
    assert [type(event) for event in events] == [Failed, Failed]
    assert world.source.coordination.failures == 2
    assert not [path for path, *_ in world.server.asked if path.startswith(("/classifications", "/benchmarks"))]


async def test_after_the_machine_was_suspended_a_poll_is_no_later_than_half_a_minute() -> None:
    """Timers stand still meanwhile; the clock of `sleep_through` goes on."""
    world, naps = World(), list[float]()

    async def nap(seconds: float) -> None:
        naps.append(seconds)
        world.later(seconds=seconds)
        if len(naps) == 4:
            world.later(hours=8)

    began = world.machine()
    sleep = partial(sleep_through, clock=lambda: (world.machine() - began).total_seconds(), nap=nap)
    assert shape(await take(poll(world.source, Wake(), sleep=sleep), 2)) == [("synced", 300)] * 2
    assert naps == [30.0] * 4
    assert world.machine() == began + timedelta(hours=8, minutes=2)
