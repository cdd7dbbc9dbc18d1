"""Starts the dashboard of the installed package without a terminal, on the demo, and looks whether it drew the market."""

import asyncio

import orwatch
from orwatch.config import Config
from orwatch.core.replay import begin
from orwatch.core.source import DemoOptions, open_source
from orwatch.domain.query import Query
from orwatch.tui.app import OrwatchApp


async def main() -> None:
    with open_source(Config(), demo=DemoOptions(replay=True, speed=0.0)) as source:
        begin(source)
        app = OrwatchApp(source, Query())
        async with app.run_test(size=(120, 36)) as pilot:
            async with asyncio.timeout(30):
                while app.dashboard.view.snapshot is None:
                    await pilot.pause(0.05)
            await pilot.press("p", "b", "slash", "c", "n", "escape", "question_mark", "escape")
            shown = app.dashboard.view.snapshot
        assert shown is not None
        assert shown.models, "the dashboard shows no models"
    print(f"orwatch {orwatch.__version__} from {orwatch.__file__}: {shown.period.start}, {len(shown.models)} models")


asyncio.run(main())
