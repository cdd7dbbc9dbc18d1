"""Prints start-up and filter timings of an installed orwatch, medians of one run; it judges nothing.

Usage: python timings.py PATH_OF_ORWATCH
"""

import asyncio
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Coroutine
from typing import Any

from rich.segment import Segment
from textual.app import App, ComposeResult
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widgets import DataTable

from orwatch.config import Settings
from orwatch.core.snapshots import Query
from orwatch.core.source import DemoOptions, open_source
from orwatch.core.sync import refresh
from orwatch.tui.app import OrwatchApp

RUNS = 7


def whole(*command: str) -> float:
    """Milliseconds of a whole process, median."""
    times = []
    for _ in range(RUNS):
        began = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)


class Empty(App[None]):
    """An app with one table, to compare with."""

    def compose(self) -> ComposeResult:
        yield DataTable()

    def on_mount(self) -> None:
        table = self.query_one(DataTable)
        table.add_columns("a", "b", "c")
        table.add_rows([("x", "y", "z")] * 50)


class Lines(ScrollView):
    """A bare table by the Line API: it filters its rows and draws them, and nothing else."""

    def __init__(self, names: list[str]) -> None:
        super().__init__()
        self.names = names
        self.rows = list(range(len(names)))
        self.virtual_size = Size(80, len(names))

    def keep(self, text: str) -> None:
        self.rows = [n for n, name in enumerate(self.names) if text in name]
        self.refresh()

    def render_line(self, y: int) -> Strip:
        text = f"{self.names[self.rows[y]]:<40}" if y < len(self.rows) else ""
        return Strip([Segment(text.ljust(self.size.width)[: self.size.width])], self.size.width)


class Bare(App[None]):
    def __init__(self, names: list[str]) -> None:
        super().__init__()
        self.lines = Lines(names)

    def compose(self) -> ComposeResult:
        yield self.lines

    def on_key(self, event: Any) -> None:
        self.lines.keep(event.key if event.key != "backspace" else "")


async def first_paint(make: Callable[[], App[Any]]) -> float:
    """Milliseconds from making the app to its first painted screen, without a terminal."""
    began = time.perf_counter()
    app = make()
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        return (time.perf_counter() - began) * 1000


async def keys(app: App[Any], opening: str | None, press: list[str]) -> float:
    """Milliseconds from a key to the idle screen after it, median."""
    times = []
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        if opening:
            await pilot.press(opening)
        for key in press:
            began = time.perf_counter()
            await pilot.press(key)
            times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)


def median_of(make: Callable[[], Coroutine[Any, Any, float]]) -> float:
    """Median of some runs of a measurement."""
    return statistics.median(asyncio.run(make()) for _ in range(RUNS))


def main() -> None:
    orwatch = sys.argv[1]
    python = sys.executable
    source = open_source(Settings(), demo=DemoOptions())
    asyncio.run(refresh(source, force=True))
    names = [f"vendor/model-{n}" for n in range(400)]
    press = ["m", "backspace"] * 25
    rows = [
        ("python -c pass, process", whole(python, "-c", "pass")),
        ("orwatch --help, process", whole(orwatch, "--help")),
        ("orwatch --version, process", whole(orwatch, "--version")),
        ("import textual.app, process", whole(python, "-c", "import textual.app")),
        ("orwatch top --demo, process", whole(orwatch, "top", "--demo")),
        ("first paint, empty app with a table", median_of(lambda: first_paint(Empty))),
        (
            "first paint, dashboard from a cache",
            median_of(lambda: first_paint(lambda: OrwatchApp(source, Query(), offline=True))),
        ),
        ("key to idle, bare table of 400 rows", median_of(lambda: keys(Bare(names), None, press))),
        (
            "key to idle, dashboard's filter",
            median_of(lambda: keys(OrwatchApp(source, Query(), offline=True), "slash", press)),
        ),
    ]
    width = max(len(name) for name, _ in rows)
    print(f"{'what':<{width}}  median ms")
    for name, value in rows:
        print(f"{name:<{width}}  {value:9.1f}")


main()
