"""The screen, in a pseudo-terminal: first paint, keys, memory, idle processor time. Subject and yardstick take turns."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.bench import DASHBOARD_MARKS, EMPTY, MODELS, YEARS, Bench, Row, median
from benchmarks.terminal import Terminal

TYPED = [*"qwen", *["\x7f"] * 4, *"gpt", *["\x7f"] * 3]
"""Keys of a filter, typed and taken back."""
TWO_FRAMES = ("two frames", 1000 / 30)
"""Milliseconds of two frames of a terminal that draws sixty a second."""
GROWTH = ((1, MODELS), (10, MODELS), (YEARS, 50), (YEARS, 5000))


def first_paint(bench: Bench) -> Iterator[Row]:
    """From the start of the process to the end of its first frame."""
    empty: list[float] = []
    found: dict[tuple[int, int], list[float]] = {size: [] for size in ((YEARS, MODELS), *GROWTH)}
    for turn in range(bench.times(12) + 1):
        with Terminal(EMPTY[0], bench.env) as terminal:
            empty.append(terminal.painted(EMPTY[1]) * 1000)
        for (years, models), times in found.items():
            with bench.dashboard(years=years, models=models) as terminal:
                times.append(terminal.painted(DASHBOARD_MARKS) * 1000)
                if turn == 0:
                    terminal.settle(3.0)
        if turn == 0:  # bytecode is written, files are in memory, and what the rules find of the cache is kept
            empty.clear()
            for times in found.values():
                times.clear()
    two = median(found[YEARS, MODELS])
    yield Row("first paint, 2 years, 400 models", two, "ms", "an empty app", median(empty), 1.25)
    for years, models in GROWTH:
        limit = 1.2 if years == 10 else None
        what = f"first paint, {years} year{'s' * (years > 1)}, {models} models"
        yield Row(what, median(found[years, models]), "ms", "2 years, 400 models", two, limit)


def filter_keys(bench: Bench) -> Iterator[Row]:
    """From a key of the filter to the end of what it paints."""
    for rows in (MODELS, 5000):
        with contextlib.ExitStack() as stack:
            four, zoomed = (stack.enter_context(bench.dashboard(models=rows)) for _ in range(2))
            for terminal in (four, zoomed):
                terminal.painted(DASHBOARD_MARKS)
                terminal.settle(1.5)
            four.key("/")
            for key in ("3", "z", "/"):
                zoomed.key(key)
            times: dict[Terminal, list[float]] = {four: [], zoomed: []}
            for turn in range(bench.times(4) + 1):
                for key in TYPED:
                    for terminal, taken in times.items():
                        with contextlib.suppress(TimeoutError):  # a key that changes nothing paints nothing
                            took = terminal.key(key) * 1000
                            if turn:
                                taken.append(took)
        for words, terminal in (("four panes", four), ("prices", zoomed)):
            yield Row(f"filter key, {rows} models, {words}", median(times[terminal]), "ms", *TWO_FRAMES, 1.0)


def period_step(bench: Bench) -> Iterator[Row]:
    """From `[` or `]` to the end of what it paints."""
    for years in (YEARS, 10):
        with bench.dashboard(years=years) as terminal:
            terminal.painted(DASHBOARD_MARKS)
            terminal.settle(1.5)
            times = [terminal.key("[") * 1000 for _ in range(bench.times(24))]
        yield Row(f"period step, {years} years", median(times), "ms", *TWO_FRAMES, 1.0)


def memory(bench: Bench) -> Iterator[Row]:
    """The most memory that a process ever held."""
    with Terminal(EMPTY[0], bench.env) as terminal:
        terminal.painted(EMPTY[1])
        terminal.settle(1.0)
        empty = terminal.peak
    for years, models in ((YEARS, MODELS), *GROWTH):
        # What the rules find of the cache is kept, as by any earlier start.
        with bench.dashboard(years=years, models=models) as terminal:
            terminal.painted(DASHBOARD_MARKS)
            terminal.settle(3.0)
        with bench.dashboard(years=years, models=models) as terminal:
            terminal.painted(DASHBOARD_MARKS)
            terminal.settle(1.0)
            limit = 1.25 if (years, models) == (YEARS, MODELS) else None
            what = f"peak memory, {years} year{'s' * (years > 1)}, {models} models"
            yield Row(what, terminal.peak, "MiB", "an empty app", empty, limit)
    polls = 72 if bench.quick else 288
    folder = Path(__file__).parent
    with subprocess.Popen([sys.executable, str(folder / "server.py")], stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            origin = server.stdout.readline().strip()
            command = [sys.executable, str(folder / "day.py"), str(bench.work / "day.sqlite3"), origin, str(polls)]
            with Terminal(command, bench.env) as terminal:
                terminal.painted([f"poll {polls}"], limit=600)
                yield Row(f"peak memory after {polls} polls", terminal.peak, "MiB", "an empty app", empty, 1.5)
        finally:
            server.terminate()


def idle(bench: Bench) -> Iterator[Row]:
    """Processor time of a screen on which nothing happens, in per cent of one core."""
    seconds = 15.0 if bench.quick else 60.0
    # A terminal that is read too late answers too late, and what was drawn until then is in no frame: the cache is filled first.
    bench.cache()
    with Terminal(EMPTY[0], bench.env) as empty, bench.dashboard() as subject:
        empty.painted(EMPTY[1])
        subject.painted(DASHBOARD_MARKS)
        subject.settle(5.0)
        before, used = subject.cpu_ns, empty.cpu_ns
        began = time.perf_counter()
        drawn = b""
        while time.perf_counter() - began < seconds:
            drawn += subject.settle(0.5)
            empty.settle(0.01)
        passed = time.perf_counter() - began
        mine, its = (subject.cpu_ns - before) / 1e7 / passed, (empty.cpu_ns - used) / 1e7 / passed
    yield Row(f"idle over {seconds:.0f} s", mine, "% of a core", "0.4 % of a core", 0.4, 1.0)
    yield Row(f"idle over {seconds:.0f} s", mine, "% of a core", "an empty app", its)
    frames = drawn.count(b"\x1b[?2026h")
    yield Row("idle frames a second", frames / passed, "", "once a second", 1.0, 1.05)
