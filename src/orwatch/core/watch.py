"""Watching without a screen: polls, judges and delivers, each in a task of its own, and yields what happens."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Mapping
from typing import Any, Final

from msgspec import Struct

from orwatch.core.alerting import AlertService
from orwatch.core.outbox import Outcome, deliver
from orwatch.core.poller import EARLY, Failed, Synced, Wake, poll, sleep_through
from orwatch.core.refresh import refresh
from orwatch.core.source import Source
from orwatch.domain.alerts.memory import KnownAlert
from orwatch.errors import CacheError, OrwatchError
from orwatch.threads import aside

LOOK_EVERY: Final = 1.0
"""Seconds between looks at what other processes have put into the cache."""

LOOKS: Final = 15
"""How often a single run looks again while another process polls."""

SINCE_ONCE: Final = "watch:once"
"""The note that holds the number up to which single runs have told."""


class Fired(Struct, frozen=True):
    """An alert that fired just now, whichever process saw it first. names: of the models it speaks of."""

    known: KnownAlert
    names: Mapping[str, str]


class Ended(Struct, frozen=True):
    """The demo's record has come to its end."""


Happening = Fired | Synced | Failed | Outcome | Ended


async def watch(
    service: AlertService,
    *,
    offline: bool = False,
    sleep: Callable[[float], Awaitable[None]] = sleep_through,
    looked: Callable[[], None] = lambda: None,
) -> AsyncGenerator[Happening, None]:
    """Polls, judges and delivers for ever, or until the demo ends; yields what happens.

    offline: only what other processes put into the cache is judged. looked: called in a thread after each look at
    the cache; it may raise CacheError. What a demo has at its start is history, however fast it runs.
    """
    source = service.source
    happenings: asyncio.Queue[Happening | Exception] = asyncio.Queue()
    told = await aside(service.memory.newest)  # what fired before is not told
    problem: str | None = None

    def judged() -> list[Fired]:
        nonlocal told
        service.look()
        looked()
        newest = service.memory.newest()  # a cache that has begun anew counts its news from 1 on
        fired = [] if newest == told else since(service, min(told, newest))
        told = max((one.known.number or 0 for one in fired), default=newest)
        return fired

    async def look() -> None:
        """Judges and tells; a cache that cannot be used is said once, and tried again."""
        nonlocal problem
        try:
            for fired in await aside(judged):
                happenings.put_nowait(fired)
            problem = None
        except CacheError as error:
            if str(error) != problem:
                problem = str(error)
                happenings.put_nowait(Failed(problem, LOOK_EVERY))

    async def polling() -> None:
        async for event in poll(source, Wake(), sleep=sleep):
            happenings.put_nowait(event)
            await look()
            if source.demo_clock is not None and source.demo_clock.at_end and source.at_rest:
                happenings.put_nowait(Ended())
                return

    async def looking() -> None:
        while True:
            await look()
            await sleep(LOOK_EVERY)

    async def delivering() -> None:
        async for event in deliver(source, service.sinks, sleep=sleep):
            happenings.put_nowait(event)

    async def working(work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except Exception as error:  # only a fault of the program ends one: it is not kept quiet
            happenings.put_nowait(error)

    works = [looking(), delivering()] if offline else [polling(), looking(), delivering()]
    tasks = [asyncio.create_task(working(work)) for work in works]
    try:
        while True:
            happening = await happenings.get()
            if isinstance(happening, Exception):
                raise happening
            yield happening
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def since(service: AlertService, number: int) -> list[Fired]:
    """What fired after a number, oldest first."""
    known = service.known(after=number).values()
    names = service.names(*(one.alert for one in known)) if known else {}
    return [Fired(one, names) for one in known]


class SingleRun(Struct, frozen=True):
    """What a single run found.

    fired: since the last single run. number: up to which has been told then. error: why the poll failed, if it did.
    """

    fired: tuple[Fired, ...]
    number: int
    error: OrwatchError | None


async def look_once(
    service: AlertService, *, offline: bool = False, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
) -> SingleRun:
    """Polls if it is due, judges, and gives what fired since the last single run; `note_told` is to be called once it is said.

    Where another process polls just then, that is waited for, for a while: what it brings would be told by the next run only.
    """
    source = service.source
    note = source.cache.journal.get(SINCE_ONCE)
    number = int(note) if note is not None and note.isdigit() else service.memory.newest()
    service.look()
    error: OrwatchError | None = None if offline else source.coordination.pausing()
    if not offline and error is None and source.next_poll_s() <= EARLY * source.interval:
        error = (await refresh(source, force=True)).error
        service.look()
    for _ in range(LOOKS):
        if not service.waiting:
            break
        await sleep(LOOK_EVERY)
        service.look()
    fired = tuple(since(service, number))
    return SingleRun(fired, max((one.known.number or 0 for one in fired), default=number), error)


def note_told(source: Source, run: SingleRun) -> None:
    """Notes what a single run has told."""
    source.cache.journal.set(SINCE_ONCE, str(run.number))
