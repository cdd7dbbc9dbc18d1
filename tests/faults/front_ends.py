"""Those that poll and tell people: the poller, `orwatch poll` and `watch`, and the dashboard. One more is one more class here."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

import core_world
from faults.server import FaultServer
from orwatch.api.client import Client
from orwatch.cli import data
from orwatch.cli.parser import parse
from orwatch.cli.session import Session
from orwatch.config import Settings
from orwatch.core.alerting import AlertService
from orwatch.core.outbox import TICK
from orwatch.core.poller import Failed, Synced, Wake, poll
from orwatch.core.source import Source
from orwatch.core.watch import LOOK_EVERY, watch
from orwatch.domain.periods import Grain
from orwatch.domain.query import Query
from orwatch.store.cache import Cache
from tui_support import Tui, running


class FaultySource(Source):
    """A source whose server is the misbehaving one. patience, whole: seconds without progress, and for an answer, that it waits."""

    patience = 20.0
    whole = 120.0

    def client(self) -> Client:
        """A client that gives up when told."""
        return Client(self.base_url, self._key, timeout=self.patience, whole=self.whole)


class Scene:
    """A server, a machine's clock and a cache that is filled. machine_is_off: how far that clock is ahead of the server's."""

    def __init__(
        self,
        server: FaultServer,
        *,
        keyed: bool = True,
        path: Path | None = None,
        machine_is_off: timedelta = timedelta(),
    ) -> None:
        self.server = server
        self.keyed = keyed
        self.path = path
        self._off = machine_is_off
        self._cache = Cache.open(path, server.base_url.removesuffix("/api/v1"))
        self.source = self.open(self._cache)

    def open(self, cache: Cache | None = None) -> FaultySource:
        """A source: one more process on the cache, where none is given."""
        key = core_world.KEY if self.keyed else None
        cache = cache or Cache.open(self.path, self.server.base_url.removesuffix("/api/v1"))
        return FaultySource(Settings(), cache, self.server.base_url, key, machine=self.now)

    def now(self) -> datetime:
        """The machine's clock."""
        return self.server.world.now + self._off

    def later(self, **by: float) -> None:
        """Time passes, for server and machine."""
        self.server.world.now += timedelta(**by)

    def figures(self, days: int = 1000) -> dict[str, dict[str, int]]:
        """Every figure of the settled periods of so many days in the cache: what must never be lost."""
        since = self.server.world.now.date() - timedelta(days=days)
        return {
            f"{grain} {found.period.start}": dict(found.rows) | {"other": found.other}
            for grain in Grain
            for found in self.source.cache.rankings.read(grain, since=since)
            if found.period.settled_by(found.as_of)
        }


@dataclass(frozen=True)
class Told:
    """What a poll told. reason: why it failed, None where it did not. retry_in: seconds to the next. shown: what is on screen."""

    reason: str | None
    retry_in: float
    shown: str


class FrontEnd(Protocol):
    """Something that polls when it is told to, and tells what came of it."""

    async def poll(self) -> Told:
        """One poll."""


class Poller:
    """The generator that every front end runs."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.wake = Wake()
        self.events = poll(source, self.wake)

    async def poll(self) -> Told:
        """One poll, at once."""
        self.wake.now()
        event = await anext(self.events)
        if isinstance(event, Failed):
            return Told(event.reason, event.retry_in, _figures(self.source))
        return Told(None, event.next_s, _figures(self.source))


class Command:
    """`orwatch poll`, then `orwatch top`."""

    def __init__(self, source: Source, said: Callable[[], str]) -> None:
        self.source = source
        self.said = said

    async def poll(self) -> Told:
        """One run."""
        command, options = parse(["poll"])
        session = Session(command, options, {})
        session.source = self.source
        self.said()
        result = await asyncio.to_thread(data.poll, session)
        said = self.said()
        assert "Traceback" not in said
        reason = said.removeprefix("orwatch: ").strip() or None
        assert (result.code != 0) == (reason is not None), (
            "the exit code tells a program what the sentence tells people"
        )
        return Told(reason, self.source.next_poll_s(), _figures(self.source))


class Dashboard:
    """The screen."""

    def __init__(self, tui: Tui) -> None:
        self.tui = tui

    async def poll(self) -> Told:
        """Presses `r`, and waits until the screen tells what came of it."""
        app = self.tui.app
        app.live.next_at, app.live.problem = None, "not told yet"
        await self.tui.press("r")
        await until(lambda: app.live.next_at is not None and app.live.problem != "not told yet")
        app.live.tick()
        await self.tui.settle()
        text = self.tui.text
        if app.live.problem is not None:
            assert f"! {app.live.problem}"[:90] in text, "the cause stands on the screen"
            assert "next try in" in text
        return Told(app.live.problem, (app.live.next_at or 0.0) - app.live.clock(), text)


async def until(holds: Callable[[], bool]) -> None:
    """Waits for what comes over a socket, and leaves the processor to the server meanwhile."""
    async with asyncio.timeout(20):
        while not holds():  # noqa: ASYNC110 - what comes is on a socket of another thread, and sets no event
            await asyncio.sleep(0.005)


class Watcher:
    """`orwatch watch`: polls, judges and delivers, to nobody here."""

    def __init__(self, source: Source) -> None:
        self.source = source
        source.interval = 60.0
        self._due = asyncio.Event()
        self._begun = False
        self.happenings = watch(AlertService(source), sleep=self._sleep)

    async def _sleep(self, seconds: float) -> None:
        """Polls are due when they are asked for; looks into the cache and the pulse of deliveries come by themselves."""
        if seconds in (LOOK_EVERY, TICK):
            await asyncio.sleep(0.02)
            return
        await self._due.wait()
        self._due.clear()

    async def poll(self) -> Told:
        """The next poll; the first comes by itself."""
        if self._begun:
            self._due.set()
        self._begun = True
        async for event in self.happenings:
            if isinstance(event, Failed):
                return Told(event.reason, event.retry_in, _figures(self.source))
            if isinstance(event, Synced):
                return Told(None, event.next_s, _figures(self.source))
        raise AssertionError("it has ended")


def _figures(source: Source) -> str:
    """What `orwatch top` would show."""
    found = source.cache.rankings.read(Grain.DAY, since=source.coordination.server_now.date() - timedelta(days=3))
    return "\n".join(f"{slug} {n}" for slug, n in found[-2].rows) if len(found) > 1 else ""


Opened = AbstractAsyncContextManager[FrontEnd]


@asynccontextmanager
async def poller(scene: Scene, _: Callable[[], str]) -> AsyncIterator[FrontEnd]:
    """The poller."""
    front = Poller(scene.source)
    try:
        yield front
    finally:
        await front.events.aclose()  # type: ignore[attr-defined]


@asynccontextmanager
async def command(scene: Scene, said: Callable[[], str]) -> AsyncIterator[FrontEnd]:
    """`orwatch poll`."""
    yield Command(scene.source, said)


@asynccontextmanager
async def watcher(scene: Scene, _: Callable[[], str]) -> AsyncIterator[FrontEnd]:
    """`orwatch watch`."""
    front = Watcher(scene.source)
    try:
        yield front
    finally:
        await front.happenings.aclose()


@asynccontextmanager
async def dashboard(scene: Scene, _: Callable[[], str]) -> AsyncIterator[FrontEnd]:
    """The dashboard, as wide as its sentences."""
    async with running(scene.source, Query(grain=Grain.DAY), size=(240, 31), offline=False) as tui:
        await until(lambda: tui.app.live.next_at is not None)
        yield Dashboard(tui)


FRONT_ENDS: dict[str, Callable[[Scene, Callable[[], str]], Opened]] = {
    "poller": poller,
    "command": command,
    "watch": watcher,
    "dashboard": dashboard,
}
"""By name; each is opened on a scene, with a function that gives what was said on standard error since."""

__all__ = ["FRONT_ENDS", "FaultySource", "FrontEnd", "Scene", "Told"]
