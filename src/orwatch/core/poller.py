"""When to poll: a generator of what each poll brought, shared by the screen and the headless commands.

Clock, sleep and source are parameters. A failure is an event with a next try, never a crash.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from importlib import import_module

from msgspec import Struct

from orwatch.core.coordination import FIRST_RETRY, backoff
from orwatch.core.source import Source
from orwatch.errors import CacheError, OrwatchError
from orwatch.threads import aside

_log = logging.getLogger(__name__)

EARLY = 0.1
"""A poll may come this part of the interval before it is due: clocks and timers are not exact."""


NAP = 30.0
"""Seconds after which a sleeping poller looks how late it is: timers stand still while the machine is suspended."""


def awake_s() -> float:
    """Seconds since some moment, those in which the machine was suspended among them, where the system counts them."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


async def sleep_through(
    seconds: float,
    *,
    clock: Callable[[], float] = awake_s,
    nap: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> None:
    """Sleep so many seconds; those in which the machine is suspended count."""
    until = clock() + seconds
    while (left := until - clock()) > 0:
        await nap(min(left, NAP))


class Synced(Struct, frozen=True):
    """A poll that succeeded. next_s: seconds to the next. shared: another process made it."""

    next_s: float
    shared: bool = False


class Failed(Struct, frozen=True):
    """A poll that failed: why, and in how many seconds it is tried again."""

    reason: str
    retry_in: float


class Wake:
    """Ends the poller's sleep: `now()` asks for a poll at once; `pause()` and `resume()` hold it."""

    def __init__(self) -> None:
        self._event = asyncio.Event()
        self.forced = False
        self.paused = False

    def now(self) -> None:
        """Poll at once, whatever the schedule."""
        self.forced = True
        self._event.set()

    def pause(self) -> None:
        """Hold polling."""
        self.paused = True

    def resume(self) -> None:
        """Poll on."""
        self.paused = False
        self._event.set()

    def reschedule(self) -> None:
        """The pace has changed: what is due is looked at anew."""
        self._event.set()

    async def wait(self, seconds: float, sleep: Callable[[float], Awaitable[None]]) -> None:
        """Sleeps until the time is over or something wakes it; as long as it is paused, only that."""
        while True:
            self._event.clear()
            if self.forced:
                return
            waker = asyncio.ensure_future(self._event.wait())
            sleeper = asyncio.ensure_future(sleep(seconds if not self.paused else 3600.0))
            try:
                await asyncio.wait({waker, sleeper}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                waker.cancel()
                sleeper.cancel()
            if self.forced or not self.paused:
                return


async def poll(
    source: Source,
    wake: Wake,
    *,
    sleep: Callable[[float], Awaitable[None]] = sleep_through,
    chance: Callable[[], float] = random.random,
    grown: Callable[[], Awaitable[None]] | None = None,
) -> AsyncIterator[Synced | Failed]:
    """Polls for ever: what is due at once, then at the source's interval; a failure is retried with growing pauses.

    Every process on a cache keeps to its one pace: where another has polled meanwhile, the next poll is put off, and what
    that one failed of is told here too. chance: a number from 0 to 1, for the pauses. grown: called when what stands beside the
    rankings has come, which is asked for once the poll has been told.
    """
    failures = 0  # of the cache, which then cannot keep count itself
    pause = _until_due(source)
    while True:
        if pause > 0 or wake.paused:
            await wake.wait(pause, sleep)
        # httpx comes with it: neither the first paint nor a key should wait for that.
        await aside(import_module, "orwatch.core.refresh")
        from orwatch.core import refresh  # which are there now

        forced, wake.forced = wake.forced, False
        left = 0.0 if forced or failures else _until_due(source)
        if left > EARLY * min(source.interval, pause or source.interval):
            pause = left
            yield _shared(source, pause)
            continue
        try:
            report = await refresh.refresh_ranked(source, force=forced, chance=chance)
        except OrwatchError as problem:  # the cache: a full disk or a locked file may pass
            failures += 1
            pause = backoff(failures, problem, chance())
            _log.info("poll: %s", problem)
            yield Failed(str(problem), pause)
            continue
        failures = 0
        _log.info("poll: %s", report.error or ("another process polls" if report.shared else "done"))
        if report.shared:
            pause = _until_due(source) or min(FIRST_RETRY, source.interval)
            yield _shared(source, pause)
        elif report.error is not None:
            pause = report.retry_in or FIRST_RETRY
            yield Failed(str(report.error), pause)
        else:
            yield Synced(_until_due(source))
        if source.demo_clock is None and not report.shared:
            try:
                news = await refresh.refresh_beside(source, report)
            except OrwatchError:
                news = False  # the cache: the next poll says why
            if news and grown is not None:
                await grown()
        if report.error is None and not report.shared:
            pause = _until_due(source)  # a demo's clock may have been let run on meanwhile
        # What a poll leaves lies in cycles, failures with all that they came of among them. The collector's own turn would come
        # hours later, and this one passes over what outlives it.
        del report
        gc.collect(1)


def _shared(source: Source, pause: float) -> Synced | Failed:
    """What another process's poll came to."""
    try:
        reason = source.coordination.last_error if source.coordination.failures else None
    except CacheError as error:
        reason = str(error)
    return Synced(pause, shared=True) if reason is None else Failed(reason, pause)


def _until_due(source: Source) -> float:
    """Seconds until the next poll is due; 0 where the cache cannot be read, for the poll itself then says why."""
    try:
        return source.next_poll_s()
    except CacheError:
        return 0.0
