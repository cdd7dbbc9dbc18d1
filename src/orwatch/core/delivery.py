"""Alerts to channels: each has its own queue and task, and none waits for another, nor the poller for any.

What is due lies in the cache; a claim there lets one of several processes send it.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from orwatch.core.judge import alert_names
from orwatch.core.source import Source
from orwatch.domain.alerts.memory import KnownAlert
from orwatch.domain.foreign_text import line
from orwatch.errors import CacheError
from orwatch.notify.message import Channel, DeliveryError, Message
from orwatch.present.alerts import facts_of, notices
from orwatch.present.citation import citation
from orwatch.store.deliveries import Claim, Terms
from orwatch.store.lease import may_run, new_holder

TICK = 2.0
"""Seconds between looks at what other processes did to the alerts."""

RETRIES = (2.0, 10.0, 60.0, 300.0, 600.0)
"""Seconds before the next try after one, two, … failures; the last one from there on."""

GRACE = 0.2
"""Seconds that quitting leaves to a delivery in flight."""

SOON = timedelta(seconds=20)
"""A single run waits for what is due within this time."""

CACHE_PAUSE = 5.0
LONGEST = 45.0
"""Seconds after which a send is given up, whatever the channel says; less than a claim lasts."""


class Sink(Struct, frozen=True):
    """A channel and how it takes alerts. held: whether it keeps silent just now (quiet hours), by local time."""

    channel: Channel
    terms: Terms
    held: Callable[[datetime], bool] = lambda local: False


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


Event = Sent | Undelivered


def compose(source: Source, known: Sequence[KnownAlert], *, again: bool = False) -> Message:
    """One message about alerts, with their source."""
    market = source.market()
    alerts = [one.alert for one in known]
    names = alert_names(market, alerts)
    return Message(
        title=notices.title(alerts, names),
        lines=notices.lines(alerts, names),
        severity=notices.gravest(alerts).value,
        alerts=tuple(_cleaned(facts_of(alert, names) | {"source": source.kind}) for alert in alerts),
        citation=citation(source.kind, market.now),
        again=again,
        subjects=notices.subjects(alerts, names),
    )


def _cleaned(value: Any) -> Any:
    """Facts without the control characters and bidi marks that a name from outside might hold."""
    if isinstance(value, dict):
        return {key: _cleaned(item) for key, item in value.items()}
    return line(value) if isinstance(value, str) else value


def retry_in(failures: int) -> float:
    """Seconds before the next try."""
    return RETRIES[min(failures, len(RETRIES)) - 1]


class _Served:
    """One channel's task. due: wakes it. next_at: when it wants to be woken anyway. idle: there is nothing to send soon."""

    def __init__(self, delivery: _Delivery, sink: Sink) -> None:
        self.delivery = delivery
        self.sink = sink
        self.due = asyncio.Event()
        self.next_at: datetime | None = None
        self.idle = False

    async def run(self) -> None:
        """Claims and sends for ever."""
        delivery, sink = self.delivery, self.sink
        deliveries = delivery.source.cache.deliveries
        while True:
            self.due.clear()
            if sink.held(delivery.local()):
                claim = Claim(next_at=delivery.source.machine() + timedelta(seconds=60))
            else:
                try:
                    at = delivery.source.machine()
                    claim = await asyncio.to_thread(deliveries.claim, sink.terms, delivery.holder, at, may_run)
                except CacheError as error:
                    delivery.events.put_nowait(Undelivered(sink.channel.name, (), str(error), None))
                    claim = Claim(next_at=delivery.source.machine() + timedelta(seconds=CACHE_PAUSE))
            if claim.ids:
                self.idle = False
                await self._send(claim)
                continue
            self.next_at = claim.next_at
            self.idle = self.next_at is None or self.next_at > delivery.source.machine() + SOON
            delivery.looked.set()
            await self.due.wait()

    async def _send(self, claim: Claim) -> None:
        delivery, name = self.delivery, self.sink.channel.name
        cause: str | None = None
        try:
            known = await asyncio.to_thread(delivery.known, claim.ids)
            message = await asyncio.to_thread(compose, delivery.source, known, again=claim.again)
            async with asyncio.timeout(LONGEST):
                await self.sink.channel.send(message)
        except DeliveryError as error:
            cause = str(error)
        except TimeoutError:
            cause = f"it took longer than {LONGEST:g} s"
        except Exception as error:  # a channel's fault ends neither the other channels nor the program
            cause = f"unexpected {type(error).__name__}"
        retry_at = await self._settle(claim, cause)
        event = Sent(name, claim.ids) if cause is None else Undelivered(name, claim.ids, cause, retry_at)
        delivery.events.put_nowait(event)

    async def _settle(self, claim: Claim, cause: str | None) -> datetime | None:
        """Note what came of it. Where the cache cannot be written it is tried for a while: it would be sent again otherwise."""
        delivery, deliveries = self.delivery, self.delivery.source.cache.deliveries
        for attempt in range(10):
            try:
                at = delivery.source.machine()
                return await asyncio.to_thread(
                    deliveries.settle, self.sink.terms, delivery.holder, claim.ids, at, cause, retry_in
                )
            except CacheError as error:
                if attempt == 0:
                    delivery.events.put_nowait(Undelivered(self.sink.channel.name, (), str(error), None))
                await delivery.sleep(CACHE_PAUSE)
        return None


class _Delivery:
    def __init__(
        self,
        source: Source,
        sinks: Sequence[Sink],
        local: Callable[[], datetime] | None,
        sleep: Callable[[float], Awaitable[None]],
    ) -> None:
        self.source = source
        self.local = local or (lambda: source.machine().astimezone())
        self.sleep = sleep
        self.holder = new_holder()
        self.events: asyncio.Queue[Event] = asyncio.Queue()
        self.looked = asyncio.Event()
        self.served = [_Served(self, sink) for sink in sinks]

    def known(self, ids: Sequence[str]) -> tuple[KnownAlert, ...]:
        return self.source.cache.alerts.known(self.source.machine(), ids=ids)

    async def pulse(self) -> None:
        """Wakes the channels where the alerts have changed, by this process or another, and where one's time has come."""
        seen: int | None = None
        revision, stamp = 0, None
        while True:
            with contextlib.suppress(CacheError):
                # The revision is read where something was written at all: a thread each second would be felt by an idle screen.
                written = self.source.cache.stamp()
                if written != stamp:
                    revision = await asyncio.to_thread(self.source.cache.alerts.revision)
                    stamp = written
            now = self.source.machine()
            for served in self.served:
                if revision != seen or (served.next_at is not None and now >= served.next_at):
                    served.due.set()
            seen = revision
            await self.sleep(TICK)

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncGenerator[None]:
        tasks = [asyncio.create_task(served.run()) for served in self.served]
        tasks.append(asyncio.create_task(self.pulse()))
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks, timeout=GRACE)


def starting_now(source: Source, sinks: Sequence[Sink]) -> tuple[Sink, ...]:
    """The sinks with their beginnings: fleeting channels (a bell) start now, lasting ones where they were first served.

    To be called before anything is judged. Raises CacheError.
    """
    cache = source.cache
    out = []
    for sink in sinks:
        since = cache.alerts.newest() if sink.terms.since is not None else None
        if since is None:
            cache.deliveries.serve(sink.terms.channel)
        out.append(replace(sink, terms=replace(sink.terms, since=since)))
    return tuple(out)


async def deliver(
    source: Source,
    sinks: Sequence[Sink],
    *,
    local: Callable[[], datetime] | None = None,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> AsyncIterator[Event]:
    """Sends what is due to every channel, for ever; yields what came of it. Closing it takes no longer than GRACE.

    sinks: as `starting_now` gives them. local: the user's time, for quiet hours.
    """
    delivery = _Delivery(source, sinks, local, sleep)
    async with delivery.running():
        while True:
            yield await delivery.events.get()


async def deliver_once(
    source: Source,
    sinks: Sequence[Sink],
    *,
    local: Callable[[], datetime] | None = None,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    at_most: float = 60.0,
) -> list[Event]:
    """Sends what is due now, with the tries that come soon after a failure; what came of it. at_most: seconds."""
    terms = [replace(sink, terms=replace(sink.terms, group_s=0.0)) for sink in sinks]
    delivery = _Delivery(source, terms, local, sleep)
    events: list[Event] = []
    async with delivery.running():
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(at_most):
                while not all(served.idle for served in delivery.served):
                    await delivery.looked.wait()
                    delivery.looked.clear()
    while not delivery.events.empty():
        events.append(delivery.events.get_nowait())
    return events
