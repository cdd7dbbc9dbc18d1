"""The dashboard with a day's polls one after the other: `python day.py CACHE ORIGIN POLLS`."""

from __future__ import annotations

import sys
from pathlib import Path

from orwatch.config import Settings
from orwatch.core.source import Source
from orwatch.core.views import Query
from orwatch.store.cache import Cache
from orwatch.tui.app import OrwatchApp


class Polling(OrwatchApp):
    """The dashboard, which polls as often as it is told and then says so on the terminal."""

    polls = 0

    async def _poll(self) -> None:
        from orwatch.core.sync import refresh

        for _ in range(self.polls):
            report = await refresh(self.source, force=True)
            if report.error is not None:
                raise report.error
            await self._renew()
        self.notify(f"poll {self.polls}")


if __name__ == "__main__":
    origin = sys.argv[2]
    with Cache.open(Path(sys.argv[1]), origin) as cache:
        source = Source(Settings(), cache, f"{origin}/api/v1", "sk-or-benchmark")
        source.budget = type(source.budget)(10**9, 10**9)
        app = Polling(source, Query())
        app.polls = int(sys.argv[3])
        app.run()
