"""The dashboard on a cache, with a day's polls one after the other, asked of the demo's API: `python day.py CACHE POLLS`."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from orwatch.api.client import Client
from orwatch.config import Settings
from orwatch.core.source import Source
from orwatch.core.sync import refresh
from orwatch.core.views import Query
from orwatch.demo import DEMO_END
from orwatch.demo.clock import DemoClock
from orwatch.demo.transport import transport
from orwatch.store.cache import Cache
from orwatch.tui.app import OrwatchApp

ORIGIN = "http://127.0.0.1:9"


class Asking(Source):
    """A source whose client asks the demo's API in this process."""

    def client(self) -> Client:
        """A new client."""
        return Client(self.base_url, self._key, transport=transport(DemoClock(DEMO_END, 0.0)))


class Polling(OrwatchApp):
    """The dashboard, which polls as often as it is told and then says so on the terminal."""

    polls = 0

    async def _poll(self) -> None:
        for _ in range(self.polls):
            await refresh(self.source, force=True)
            await self._renew()
            await asyncio.sleep(0.01)
        self.notify(f"poll {self.polls}")


if __name__ == "__main__":
    with Cache.open(Path(sys.argv[1]), ORIGIN) as cache:
        app = Polling(Asking(Settings(), cache, f"{ORIGIN}/api/v1", "sk-or-benchmark"), Query())
        app.polls = int(sys.argv[2])
        app.run()
