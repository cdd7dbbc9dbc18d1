"""The dashboard with a day's polls one after the other: `python day.py CACHE ORIGIN POLLS`."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from orwatch.config import Settings
from orwatch.core.source import Source
from orwatch.core.views import Query
from orwatch.store.cache import Cache
from orwatch.tui.app import OrwatchApp


class Clock:
    """A clock on which five minutes pass between two polls."""

    def __init__(self) -> None:
        self.passed = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.passed


class Polling(OrwatchApp):
    """The dashboard, which polls as often as it is told and then says so on the terminal."""

    polls = 0
    clock: Clock

    async def _poll(self) -> None:
        from orwatch.core.sync import refresh

        for _ in range(self.polls):
            report = await refresh(self.source, force=True)
            if report.error is not None:
                self.notify(f"failed: {report.error}", timeout=60)
                return
            await self._renew()
            self.clock.passed += timedelta(minutes=5)
        self.notify(f"poll {self.polls}", timeout=60)


if __name__ == "__main__":
    origin = sys.argv[2]
    with Cache.open(Path(sys.argv[1]), origin) as cache:
        clock = Clock()
        source = Source(Settings(), cache, f"{origin}/api/v1", "sk-or-benchmark", machine=clock)
        app = Polling(source, Query())
        app.clock = clock
        app.polls = int(sys.argv[3])
        app.run()
