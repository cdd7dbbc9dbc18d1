"""All orwatch processes on a machine ask as one: one poller at a time, one budget, one back-off."""

from __future__ import annotations

import asyncio
import heapq
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import httpx
import pytest

import core_world
from core_world import World, fails_at, problem
from faults.front_ends import Scene
from faults.server import FaultServer
from faults.table import error, moved_to
from orwatch.config import Settings
from orwatch.core.coordination import Budget
from orwatch.core.datasets.registry import RANKED
from orwatch.core.poller import Failed, Synced, Wake, poll
from orwatch.core.refresh import refresh, refresh_patiently
from orwatch.core.source import Source
from orwatch.errors import BudgetSpentError, RateLimitError
from orwatch.store.cache import Cache
from orwatch.store.lease import new_holder

TEN = 10


class Time:
    """Time for several pollers: it moves on when all of them sleep, to when the first wakes."""

    def __init__(self, pollers: int, later: Callable[[float], None]) -> None:
        self.pollers = pollers
        self.later = later
        self.passed = 0.0
        self._sleeping: list[tuple[float, int, asyncio.Future[None]]] = []
        self._count = 0

    async def sleep(self, seconds: float) -> None:
        """Sleeps in this time."""
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._count += 1
        heapq.heappush(self._sleeping, (self.passed + seconds, self._count, woken))
        self._move_on()
        await woken

    def leave(self) -> None:
        """One poller fewer: the others go on without it."""
        self.pollers -= 1
        self._move_on()

    def _move_on(self) -> None:
        while self._sleeping and len(self._sleeping) >= self.pollers:
            at, _, first = heapq.heappop(self._sleeping)
            if first.cancelled():
                continue
            self.later(at - self.passed)
            self.passed = at
            first.set_result(None)


async def poll_for(hours: float, sources: list[Source], later: Callable[[float], None]) -> list[list[Synced | Failed]]:
    """What each source's poller tells in that time."""
    time = Time(len(sources), later)
    told: list[list[Synced | Failed]] = [[] for _ in sources]

    async def run(source: Source, events: list[Synced | Failed]) -> None:
        running = cast(
            AsyncGenerator[Synced | Failed, None], poll(source, Wake(), sleep=time.sleep, chance=lambda: 0.0)
        )
        async with aclosing(running):
            async for event in running:
                events.append(event)
                if time.passed >= hours * 3600:
                    time.leave()
                    return

    await asyncio.gather(*(run(source, events) for source, events in zip(sources, told, strict=True)))
    return told


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with FaultServer() as running:
        yield running


async def asked(
    dashboards: int, tmp_path: Path, *, failing: bool, hours: float
) -> tuple[int, list[list[Synced | Failed]]]:
    """How many requests so many dashboards make on one cache file, and what they are told."""
    with FaultServer() as server:
        scene = Scene(server, path=tmp_path / f"{dashboards}-{failing}.sqlite3")
        assert (await refresh(scene.source)).error is None
        scene.later(seconds=301)
        others = [scene.open() for _ in range(dashboards - 1)]
        server.asked.clear()
        if failing:
            server.fault = error(500)
        told = await poll_for(hours, [scene.source, *others], lambda seconds: scene.later(seconds=seconds))
        for source in (scene.source, *others):
            source.close()
        return len(server.asked), told


@pytest.mark.parametrize(("failing", "hours"), [(False, 1.0), (True, 1.0)])
async def test_ten_dashboards_ask_no_more_than_one(tmp_path: Path, failing: bool, hours: float) -> None:
    one, _ = await asked(1, tmp_path, failing=failing, hours=hours)
    ten, told = await asked(TEN, tmp_path, failing=failing, hours=hours)
    assert 0 < ten <= one
    assert all(events for events in told), "every one of them is told"
    if failing:
        for events in told:
            assert all(isinstance(event, Failed) for event in events[1:])
            assert "trouble of its own (HTTP 500" in cast(Failed, events[-1]).reason


async def test_a_failure_is_followed_by_growing_pauses_also_across_restarts(server: FaultServer) -> None:
    scene = Scene(server)
    with scene.source:
        await refresh(scene.source)
        server.fault = error(503)
        pauses = []
        for _ in range(8):
            scene.later(seconds=3600)
            report = await refresh(scene.open(scene.source.cache), force=True)
            assert report.retry_in is not None
            pauses.append(report.retry_in)
        for n, pause in enumerate(pauses):
            whole = min(15 * 2**n, 600)
            assert 0.75 * whole <= pause <= whole
        assert len(set(pauses)) == 8, "chance is in each of them"
        told = await anext(aiter(poll(scene.open(scene.source.cache), Wake(), sleep=_never_longer_than(pauses[-1]))))
        assert isinstance(told, Failed), (
            "one more that starts in this moment waits for its turn, then tells the failure"
        )


def _never_longer_than(pause: float) -> Callable[[float], asyncio.Future[None]]:
    def sleep(seconds: float) -> asyncio.Future[None]:
        assert 0.0 < seconds <= pause + 0.01
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        done.set_result(None)
        return done

    return sleep


async def test_what_a_server_asked_for_is_kept_by_every_process_and_the_key_r(server: FaultServer) -> None:
    scene = Scene(server)
    with scene.source:
        await refresh(scene.source)
        scene.later(seconds=301)
        with server.misbehaving(error(429, retry_after="77"), "rankings-daily") as seen:
            first = await refresh(scene.source, force=True)
            assert isinstance(first.error, RateLimitError)
            assert len(seen) == 1
        for waited in (1, 30, 45):
            scene.later(seconds=waited)
            server.asked.clear()
            again = await refresh(scene.open(scene.source.cache), force=True)
            assert (str(again.error), server.asked) == (
                f"127.0.0.1:{server.port} asked orwatch to wait; nothing is asked before 12:06Z.",
                [],
            )
        scene.later(seconds=2)
        assert (await refresh(scene.source, force=True)).error is None


async def test_a_finger_on_the_key_r_makes_no_storm() -> None:
    """Three hundred polls in half a minute, without a key, for which nobody documents a limit."""
    world = World(key=None)
    told = set()
    for _ in range(300):
        report = await refresh(world.open(None), force=True)
        told.add(str(report.error))
        world.later(seconds=0.1)
    assert 120 <= len(world.server.asked) <= 123
    assert told == {"None", "orwatch has asked openrouter.ai 120 times within a minute; it waits."}
    world.later(seconds=62)
    assert (await refresh(world.source)).error is None


# The budget


async def test_the_budget_of_a_day_holds_in_haste_over_restarts_and_midnight() -> None:
    """A poll every twenty seconds, by a new process each time, from half past ten in the evening on; the API fails at times."""
    world = World(now=datetime(2026, 6, 9, 22, 30, tzinfo=UTC))
    sent: list[datetime] = []

    def hook(request: httpx.Request) -> httpx.Response | None:
        if core_world.needs_key(str(request.url)):
            sent.append(world.server.now)
        return problem(500, "no") if len(sent) % 7 == 3 else None

    world.server.hook = hook
    refused = 0
    for _ in range(3 * 180):
        process = world.open()
        process.coordination.budget = Budget(per_minute=30, per_day=50)
        report = await refresh(process, force=True)
        refused += isinstance(report.error, BudgetSpentError)
        assert process.coordination.keyed_requests_today() <= 50
        world.later(seconds=20)
    assert Counter(at.date().day for at in sent) == {9: 50, 10: 50}, "all of it is used, and no more"
    assert refused > 300


async def test_a_minute_has_thirty_requests_and_no_more() -> None:
    world = World()
    sent: list[datetime] = []

    def hook(request: httpx.Request) -> None:
        if core_world.needs_key(str(request.url)):
            sent.append(world.server.now)

    world.server.hook = hook
    for _ in range(200):
        await refresh(world.open(), force=True)
        world.later(seconds=0.7)
    assert len(sent) > 60
    for n in range(len(sent) - 30):
        assert sent[n + 30] - sent[n] > timedelta(seconds=60)


async def test_a_command_that_runs_once_waits_for_the_next_minutes_requests_and_not_for_the_next_days() -> None:
    world = World()
    waited: list[float] = []

    async def wait(seconds: float) -> None:
        waited.append(seconds)
        world.later(seconds=seconds)

    reports = [await refresh_patiently(world.source, sleep=wait) for _ in range(8)]
    assert [report.error for report in reports] == [None] * 8
    assert [50 < seconds <= 61 for seconds in waited] == [True]
    assert {done.error for report in reports for done in report.datasets} == {None}
    world.source.coordination.budget = Budget(per_day=40)
    with_room = [(await refresh_patiently(world.source, sleep=wait)).error for _ in range(20)]
    assert isinstance(with_room[-1], BudgetSpentError)
    assert max(waited) <= 61


def test_of_many_that_spend_at_once_no_more_than_the_budget_get_through(tmp_path: Path) -> None:
    path = tmp_path / "cache.sqlite3"
    world = World()

    def spend(_: int) -> int:
        with Cache.open(path, core_world.ORIGIN) as cache:
            source = core_world.Wired(Settings(), cache, core_world.BASE_URL, core_world.KEY, machine=world.machine)
            source.coordination.budget = Budget(per_minute=30, per_day=37)
            through = 0
            for _ in range(10):
                with suppress(BudgetSpentError):
                    source.coordination.spend("rankings-day")
                    through += 1
            return through

    with ThreadPoolExecutor(6) as threads:
        assert sum(threads.map(spend, range(6))) == 30


async def test_redirects_count_too(server: FaultServer) -> None:
    scene = Scene(server)
    with scene.source:
        await refresh(scene.source, datasets=RANKED)
        used = scene.source.coordination.keyed_requests_today()
        scene.later(seconds=301)
        target = "rankings-daily?period=day&start_date=2026-06-09&end_date=2026-06-09"
        with server.misbehaving(moved_to(target), "rankings-daily?") as seen:
            await refresh(scene.source, force=True, datasets=RANKED)
            keyed = sum(one.keyed for one in seen)
        assert keyed == 4
        assert scene.source.coordination.keyed_requests_today() == used + keyed


# The lease

HOLDS_THE_LEASE = """
import datetime, pathlib, sys
from orwatch.store.lease import new_holder
from orwatch.store.cache import Cache

cache = Cache.open(pathlib.Path(sys.argv[1]), "https://openrouter.ai")
assert cache.leases.acquire("poll", new_holder(), datetime.datetime.fromisoformat(sys.argv[2]), 130)
print("held", flush=True)
sys.stdin.read()
"""


def _open(world: World, path: Path) -> core_world.Wired:
    source = core_world.Wired(
        Settings(),
        Cache.open(path, core_world.ORIGIN),
        core_world.BASE_URL,
        core_world.KEY,
        machine=world.machine,
    )
    source.server = world.server
    return source


async def test_a_holder_that_was_killed_is_followed_at_once_and_one_that_sleeps_after_its_time(tmp_path: Path) -> None:
    path, world = tmp_path / "cache.sqlite3", World()
    holder = subprocess.Popen(  # noqa: ASYNC220 - it only sleeps, and is killed
        [sys.executable, "-c", HOLDS_THE_LEASE, str(path), world.machine().isoformat()],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with holder, _open(world, path) as source:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        assert (await refresh(source)).shared
        holder.send_signal(signal.SIGSTOP)
        world.later(seconds=129)
        assert (await refresh(source)).shared, "it may be asking just now"
        world.later(seconds=2)
        assert not (await refresh(source)).shared
        world.later(seconds=301)
        assert source.cache.leases.acquire("poll", _holder_of(holder.pid), world.machine(), 130)
        holder.send_signal(signal.SIGCONT)
        holder.kill()
        # It has ended, and its parent has not asked for that yet.
        os.waitid(os.P_PID, holder.pid, os.WEXITED | os.WNOWAIT)  # noqa: ASYNC222 - at once
        assert not source.cache.leases.held("poll", world.machine())
        assert not (await refresh(source)).shared, "it was killed a moment ago"


def _holder_of(pid: int) -> str:
    """The name that a process of this machine would take."""
    place, own, rest = new_holder().rsplit("/", 2)
    assert own == str(os.getpid())
    return "/".join((place, str(pid), rest))


@pytest.mark.parametrize("jump", [timedelta(days=1), timedelta(days=-1), timedelta(days=-400)])
async def test_a_clock_that_jumps_leaves_no_lease_for_ever(jump: timedelta) -> None:
    world = World()
    assert world.cache.leases.acquire("poll", "a process of another machine", world.machine(), 130)
    world.machine.now += jump
    assert not (await world.refresh()).shared


async def test_a_poller_that_overslept_stops_when_another_has_taken_over() -> None:
    world = World()
    other: list[bool] = []

    def hook(request: httpx.Request) -> None:
        if "period=day" in str(request.url) and not other:
            world.later(seconds=200)  # the lid was closed
            other.append(world.cache.leases.acquire("poll", "the other", world.machine(), 130))

    world.server.hook = hook
    report = await world.refresh()
    assert other == [True]
    assert report.shared
    assert [path for path in world.server.paths() if path in ("day", "week", "month")] == ["day"]
    assert not world.cache.leases.acquire("poll", "a third", world.machine(), 130), "the other one still holds it"


async def test_a_failing_poll_gives_its_lease_back() -> None:
    world = World()
    world.server.hook = fails_at("/models")
    await world.refresh()
    assert world.cache.leases.acquire("poll", "another", world.machine(), 130)
