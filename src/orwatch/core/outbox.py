"""Delivers alerts to the channels. Each has its own task, so that a slow one holds up neither the others nor the poller.

What is due is kept in the cache. A process claims it there before it sends, so that of several processes one sends.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from orwatch.core.source import Source
from orwatch.errors import CacheError
from orwatch.notify.channel import DeliveryError, Message, Quiet, Send, Write
from orwatch.notify.registry import CHANNELS, NotifySettings
from orwatch.store.deliveries import Claim, Terms
from orwatch.store.lease import new_holder
from orwatch.threads import aside

_log = logging.getLogger(__name__)

TICK = 2.0
"""Seconds between looks whether the alerts have changed, by this process or another."""

GRACE = 0.2
"""Seconds that quitting leaves to a delivery in flight."""

SOON = timedelta(seconds=20)
"""A single run waits for what is due within this time."""

QUIET_LOOK = timedelta(seconds=60)
"""Between looks whether the quiet hours are over."""

CACHE_PAUSE = 5.0
"""Seconds before the next try of a cache that fails."""

SETTLE_TRIES = 10
"""How often it is tried to note what came of a delivery."""

LONGEST = 45.0
"""Seconds after which a send is given up, whatever the channel says; less than a claim lasts."""

TRIES = 3
"""Failures after which a message is given up, but for one that must arrive, or that is of one screen."""

BURST = 100
"""Alerts in one message at most."""


class Sink(Struct, frozen=True):
    """A channel: how it sends, and how it takes alerts. quiet: hours in which it keeps silent, None: none."""

    send: Send
    terms: Terms
    quiet: Quiet | None = None


def sink(notify: NotifySettings, name: str, send: Send) -> Sink:
    """A channel as the settings of its name have it."""
    settings = notify.channel(name)
    terms = Terms(
        channel=name,
        severities=settings.takes,
        group_s=0.0 if settings.record else float(notify.group),
        limit=1 if settings.record else BURST,
        tries=0 if settings.ends or settings.record else 1 if settings.fleeting else TRIES,
        again=settings.again,
        heeds=not settings.record,
        since=0 if settings.fleeting else None,
        briefs=name in notify.brief.to,
        ends=settings.ends,
    )
    return Sink(send, terms, None if settings.record else notify.quiet)


def open_sinks(
    notify: NotifySettings, env: Mapping[str, str], write: Write | None, *, demo: bool = False
) -> list[Sink]:
    """The channels that are on and can be opened here.

    env: the environment, which names the terminal. write: writes to it, None without one. demo: leaves out channels that get no
    replay of the past. Raises UsageError for an address that must not be posted to.
    """
    served = [(name, notify.channel(name)) for name in CHANNELS]
    opened = [(name, kind.open(env, write)) for name, kind in served if kind.on and (kind.in_demo or not demo)]
    return [sink(notify, name, send) for name, send in opened if send is not None]


class Sent(Struct, frozen=True):
    """A message that arrived. ids: of its alerts."""

    channel: str
    ids: tuple[str, ...]


class Undelivered(Struct, frozen=True):
    """A message that did not arrive. cause: in words. retry_at: when it is tried again, None: never."""

    channel: str
    ids: tuple[str, ...]
    cause: str
    retry_at: datetime | None


Outcome = Sent | Undelivered
"""What came of a message."""


def _compose(source: Source, claim: Claim) -> Message:
    """One message about what was claimed."""
    # The sentences of alerts and briefings, once there is something to send.
    from orwatch.core.messages import compose

    return compose(source, claim.ids, again=claim.again, ended=claim.ended)


class _Sender:
    """One channel's task, and where it puts what comes of its messages.

    holder: this process's name in claims. local: the user's time. wake: set to make it look again. next_at: when the next delivery
    may be due.
    """

    def __init__(
        self,
        source: Source,
        sink: Sink,
        holder: str,
        events: asyncio.Queue[Outcome],
        local: Callable[[], datetime] | None,
        sleep: Callable[[float], Awaitable[None]],
    ) -> None:
        self.source = source
        self.sink = sink
        self.holder = holder
        self.events = events
        self.local = local or (lambda: source.machine().astimezone())
        self.sleep = sleep
        self.wake = asyncio.Event()
        self.next_at: datetime | None = None

    async def run(self, *, once: bool) -> None:
        """Claims and sends, for ever or until nothing more is due soon."""
        while True:
            self.wake.clear()
            claim = await self._claim()
            if claim.ids:
                await self._send(claim)
                continue
            self.next_at = claim.next_at
            if once and (self.next_at is None or self.next_at > self.source.machine() + SOON):
                return
            await self.wake.wait()

    async def _claim(self) -> Claim:
        """What may be sent now: nothing in quiet hours."""
        source, now = self.source, self.source.machine()
        if self.sink.quiet is not None and self.sink.quiet.holds(self.local()):
            return Claim(next_at=now + QUIET_LOOK)
        try:
            return await aside(source.cache.deliveries.claim, self.sink.terms, self.holder, now)
        except CacheError as error:
            self._failed(error)
            return Claim(next_at=source.machine() + timedelta(seconds=CACHE_PAUSE))

    async def _send(self, claim: Claim) -> None:
        name = self.sink.terms.channel
        cause: str | None = None
        try:
            message = await aside(_compose, self.source, claim)
            async with asyncio.timeout(LONGEST):
                await self.sink.send(message)
        except DeliveryError as error:
            cause = str(error)
        except TimeoutError:
            cause = f"it took longer than {LONGEST:g} s"
        except Exception as error:  # a channel's fault ends neither the other channels nor the program
            cause = f"unexpected {type(error).__name__}"
        _log.info("%s: %s: %s", name, ", ".join(claim.ids), cause or "sent")
        retry_at = await self._settle(claim, cause)
        self.events.put_nowait(
            Sent(name, claim.ids) if cause is None else Undelivered(name, claim.ids, cause, retry_at)
        )

    async def _settle(self, claim: Claim, cause: str | None) -> datetime | None:
        """Note what came of it. Where the cache cannot be written it is tried for a while: it would be sent again otherwise."""
        source, terms = self.source, self.sink.terms
        settle = partial(source.cache.deliveries.settle, terms, self.holder, claim.ids, cause=cause, ended=claim.ended)
        for attempt in range(SETTLE_TRIES):
            try:
                return await aside(settle, at=source.machine())
            except CacheError as error:
                if attempt == 0:
                    self._failed(error)
                await self.sleep(CACHE_PAUSE)
        return None

    def _failed(self, error: CacheError) -> None:
        self.events.put_nowait(Undelivered(self.sink.terms.channel, (), str(error), None))


@contextlib.asynccontextmanager
async def _sending(
    source: Source,
    sinks: Sequence[Sink],
    local: Callable[[], datetime] | None,
    sleep: Callable[[float], Awaitable[None]],
    *,
    once: bool,
) -> AsyncGenerator[tuple[asyncio.Queue[Outcome], list[asyncio.Task[None]]]]:
    """The outcomes of what is sent, and the task of each sender; leaving takes no longer than GRACE."""
    holder, events = new_holder(), asyncio.Queue[Outcome]()
    senders = [_Sender(source, sink, holder, events, local, sleep) for sink in sinks]
    sending = [asyncio.create_task(sender.run(once=once)) for sender in senders]
    tasks = [*sending, asyncio.create_task(_pulse(source, senders, sleep))]
    try:
        yield events, sending
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks, timeout=GRACE)


async def _pulse(source: Source, senders: Sequence[_Sender], sleep: Callable[[float], Awaitable[None]]) -> None:
    """Wakes the senders where the alerts have changed, by this process or another, and where one's time has come."""
    seen: int | None = None
    while True:
        revision = seen
        with contextlib.suppress(CacheError):
            revision = await aside(source.cache.alerts.revision)
        for sender in senders:
            if revision != seen or (sender.next_at is not None and source.machine() >= sender.next_at):
                sender.wake.set()
        seen = revision
        await sleep(TICK)


def starting_now(source: Source, sinks: Sequence[Sink]) -> tuple[Sink, ...]:
    """The sinks, each with the number after which news are its own: now for a fleeting channel (a bell), else when first served.

    To be called before anything is judged. Raises CacheError.
    """
    out = []
    for sink in sinks:
        since = source.cache.alerts.newest() if sink.terms.since is not None else None
        if since is None:
            source.cache.deliveries.serve(sink.terms.channel)
        out.append(replace(sink, terms=replace(sink.terms, since=since)))
    return tuple(out)


async def deliver(
    source: Source,
    sinks: Sequence[Sink],
    *,
    local: Callable[[], datetime] | None = None,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> AsyncIterator[Outcome]:
    """Sends what is due to every channel, for ever; yields the outcomes. Closing it takes no longer than GRACE.

    sinks: as `starting_now` gives them. local: the user's time, for quiet hours.
    """
    async with _sending(source, sinks, local, sleep, once=False) as (events, _):
        while True:
            yield await events.get()


async def deliver_once(
    source: Source,
    sinks: Sequence[Sink],
    *,
    local: Callable[[], datetime] | None = None,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    at_most: float = 60.0,
) -> list[Outcome]:
    """Sends what is due now, with the retries that are due soon; the outcomes. at_most: seconds."""
    prompt = [replace(sink, terms=replace(sink.terms, group_s=0.0)) for sink in sinks]
    async with _sending(source, prompt, local, sleep, once=True) as (events, senders):
        if senders:
            await asyncio.wait(senders, timeout=at_most)
    return [events.get_nowait() for _ in range(events.qsize())]
