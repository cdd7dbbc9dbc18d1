"""Watching without a screen: polls, judges, and delivers, each apart from the others; tells what happens as events."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from msgspec import Struct

from orwatch.core.alerting import Alerting
from orwatch.core.delivery import Event, Sink, deliver, deliver_once
from orwatch.core.poller import EARLY, Failed, Synced, Wake, next_poll_s, poll
from orwatch.core.refresh import refresh
from orwatch.core.source import Source
from orwatch.domain.alerts.memory import KnownAlert
from orwatch.errors import CacheError, OrwatchError

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


Happening = Fired | Synced | Failed | Event | Ended


async def watch(
    source: Source,
    alerting: Alerting,
    sinks: Sequence[Sink],
    *,
    offline: bool = False,
    local: Callable[[], datetime] | None = None,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> AsyncIterator[Happening]:
    """Polls, judges and delivers for ever, or until the demo ends; yields what happens.

    sinks: as `starting_now` gives them. offline: only what other processes put into the cache is judged. The demo's clock
    runs from its first answer on: what is there at its start is history, however fast it runs.
    """
    happenings: asyncio.Queue[Happening] = asyncio.Queue()
    polled = asyncio.Event()
    looker = _Looker(source, alerting, happenings)
    demo = source.demo_clock
    if demo is not None:
        demo.pause()

    async def polling() -> None:
        over = False
        async for event in poll(source, Wake(), sleep=sleep):
            happenings.put_nowait(event)
            polled.set()
            if demo is not None and demo.at_end:
                if over:
                    await looker.look()
                    happenings.put_nowait(Ended())
                    return
                over = True  # this answer may have been given a moment before the end

    async def looking() -> None:
        while True:
            answered = polled.is_set()
            polled.clear()
            await looker.look()
            if demo is not None and demo.paused and answered and alerting.judged:
                demo.resume()
            waits = {asyncio.ensure_future(polled.wait()), asyncio.ensure_future(sleep(LOOK_EVERY))}
            try:
                await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for wait in waits:
                    wait.cancel()

    async def delivering() -> None:
        async for event in deliver(source, sinks, local=local, sleep=sleep):
            happenings.put_nowait(event)

    await looker.begin()
    work = [looking(), delivering()] if offline else [polling(), looking(), delivering()]
    tasks = [asyncio.create_task(one) for one in work]
    told = asyncio.create_task(happenings.get())
    try:
        while True:
            await asyncio.wait({told, *tasks}, return_when=asyncio.FIRST_COMPLETED)
            for task in [task for task in tasks if task.done()]:
                tasks.remove(task)
                task.result()  # only a fault of the program ends one with an error: it is not kept quiet
            if told.done():
                yield told.result()
                told = asyncio.create_task(happenings.get())
    finally:
        left: list[asyncio.Task[Any]] = [told, *tasks]
        for task_left in left:
            task_left.cancel()
        await asyncio.gather(*left, return_exceptions=True)


class _Looker:
    """Judges when the cache has changed, and tells what fired since it began."""

    def __init__(self, source: Source, alerting: Alerting, happenings: asyncio.Queue[Happening]) -> None:
        self.source = source
        self.alerting = alerting
        self.happenings = happenings
        self.told = 0
        self._seen: int | None = None
        self._problem: str | None = None
        self._turn = asyncio.Lock()

    async def begin(self) -> None:
        """What fired before is not told."""
        self.told = await asyncio.to_thread(self.alerting.ledger.newest)

    async def look(self) -> None:
        """Judges and tells; a cache that cannot be used is said once, and tried again."""
        async with self._turn:
            try:
                await asyncio.to_thread(self.alerting.look)
                revision = await asyncio.to_thread(self.alerting.ledger.revision)
                if revision != self._seen:
                    # A cache that has begun anew counts its news from 1 on.
                    self.told = min(self.told, await asyncio.to_thread(self.alerting.ledger.newest))
                    for fired in await asyncio.to_thread(since, self.alerting, self.told):
                        self.happenings.put_nowait(fired)
                        self.told = fired.known.number or self.told
                    self._seen = revision
                self._problem = None
            except CacheError as error:
                if str(error) != self._problem:
                    self._problem = str(error)
                    self.happenings.put_nowait(Failed(str(error), LOOK_EVERY))


def since(alerting: Alerting, number: int) -> list[Fired]:
    """What fired after a number, oldest first."""
    known = alerting.known(after=number)
    names = alerting.names(*(one.alert for one in known)) if known else {}
    return [Fired(one, names) for one in known]


class Once(Struct, frozen=True):
    """What a single run found. fired: since the last single run. error: why the poll failed, if it did."""

    fired: tuple[Fired, ...]
    number: int
    error: OrwatchError | None


async def look_once(
    source: Source,
    alerting: Alerting,
    *,
    offline: bool = False,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> Once:
    """Polls if it is due, judges, and gives what fired since the last single run; `told` is to be called once it is said.

    Where another process polls just then, that is waited for, for a while: what it brings would be told by the next run only.
    """
    cache = source.cache
    note = cache.journal.get(SINCE_ONCE)
    number = int(note) if note is not None and note.isdigit() else alerting.ledger.newest()
    alerting.look()
    error: OrwatchError | None = None
    if not offline and next_poll_s(source) <= EARLY * source.interval:
        error = (await refresh(source, force=True)).error
        alerting.look()
    for _ in range(LOOKS):
        if not alerting.waiting:
            break
        await sleep(LOOK_EVERY)
        alerting.look()
    fired = tuple(since(alerting, number))
    return Once(fired, max((one.known.number or 0 for one in fired), default=number), error)


def told(source: Source, once: Once) -> None:
    """Notes what a single run has told."""
    source.cache.journal.set(SINCE_ONCE, str(once.number))


__all__ = ["Ended", "Fired", "Happening", "Once", "deliver_once", "look_once", "told", "watch"]
