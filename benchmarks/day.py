"""The dashboard with a day's polls one after the other: `python day.py CACHE ORIGIN POLLS`."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from orwatch.config import Settings
from orwatch.core.poller import Failed, poll
from orwatch.core.source import Source
from orwatch.domain.query import Query
from orwatch.store.cache import Cache
from orwatch.tui.app import OrwatchApp


class Clock:
    """A clock on which five minutes pass between two polls."""

    def __init__(self) -> None:
        self.passed = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.passed


async def poll_all(app: OrwatchApp, clock: Clock, polls: int) -> None:
    """Polls as the dashboard does, but that the time between two polls passes at once; then says so on the terminal."""

    async def pass_time(seconds: float) -> None:
        clock.passed += timedelta(seconds=seconds)

    done = 0
    async for event in poll(app.source, app.live.wake, sleep=pass_time):
        if isinstance(event, Failed):
            app.notify(f"failed: {event.reason}", timeout=60)
            return
        await app.live.renew()
        done += 1
        if done == polls:
            break
    app.notify(f"poll {polls}", timeout=60)


if __name__ == "__main__":
    origin = sys.argv[2]
    with Cache.open(Path(sys.argv[1]), origin) as cache:
        clock = Clock()
        source = Source(Settings(), cache, f"{origin}/api/v1", "sk-or-benchmark", machine=clock)
        app = OrwatchApp(source, Query())
        app.live.poll = partial(poll_all, app, clock, int(sys.argv[3]))  # type: ignore[method-assign]
        app.run()
