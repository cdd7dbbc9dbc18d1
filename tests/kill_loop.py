"""Real `orwatch watch` processes on one cache, killed at any moment: what reaches the file of alerts.

`python tests/kill_loop.py 50` kills fifty times and prints what was lost and what was doubled.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from alerts_support import LAST, ORIGIN, judged, mark, weeks
from forked import Forked
from orwatch.domain.periods import Period
from orwatch.domain.records import Listing
from orwatch.store.cache import Cache

PATIENCE = 30.0
"""Seconds after which what is waited for will not come."""


class Scene:
    """A cache, a config file with a file channel, and processes that watch. env: of the processes."""

    def __init__(self, folder: Path) -> None:
        self.cache = folder / "cache.sqlite3"
        self.file = folder / "alerts.jsonl"
        config = folder / "config.toml"
        config.write_text(
            f'[view]\nbasis = "chart"\n[notify]\ngroup = 0\n[notify.toast]\non = false\n[notify.file]\npath = "{self.file}"\n'
        )
        self.env = {
            **os.environ,
            "ORWATCH_CONFIG": str(config),
            "ORWATCH_CACHE": str(self.cache),
            "ORWATCH_ARCHIVE": "off",
        }
        for name in ("OPENROUTER_API_KEY", "ORWATCH_BASE_URL"):
            self.env.pop(name, None)
        with Cache.open(self.cache, ORIGIN) as cache:
            cache.rankings.put([listing(LAST.previous().previous(), 9, 1), listing(LAST.previous(), 1, 9)])

    def start(self) -> Forked:
        """One more process that watches, once it has begun."""
        with tempfile.TemporaryFile() as said, open(os.devnull, "r+") as nothing:
            process = Forked(["watch", "--offline"], self.env, nothing.fileno(), nothing.fileno(), said.fileno())
            until(lambda: b"watching" in os.pread(said.fileno(), 1000, 0))
        return process

    def ids(self) -> list[str]:
        """Ids of the lines of the file; a line that was cut short raises ValueError."""
        return [json.loads(line)["id"] for line in self.file.read_text().splitlines()] if self.file.exists() else []


def listing(week: Period, cn: int, us: int) -> Listing:
    """Figures of a week: CN and US in thousands, and a tail that fills the chart."""
    rows = {"deepseek/v4": 1000 * cn, "openai/gpt": 1000 * us} | {f"google/tiny-{n}": 1 for n in range(8)}
    as_of = datetime(LAST.end.year, LAST.end.month, LAST.end.day + 1, 2, tzinfo=UTC)
    return Listing.build(week, as_of, list(rows.items()))


def until(holds: Callable[[], bool]) -> None:
    """Waits for something that other processes do."""
    end = time.monotonic() + PATIENCE
    while not holds():
        if time.monotonic() > end:
            raise AssertionError("it has not come")
        time.sleep(0.005)


def kill_loop(folder: Path, kills: int, alerts: int, seed: int = 1) -> Counter[str]:
    """How often each alert stands in the file after so many `kill -9` of processes that were sending them."""
    scene, chance = Scene(folder), random.Random(seed)
    expected = [mark(length=n) for n in range(1, alerts + 1)]
    with Cache.open(scene.cache, ORIGIN) as cache:
        cache.deliveries.serve("file")
        now = datetime.now(UTC)
        cache.alerts.record(judged(cache, [], weeks(LAST.previous(), 8)), now)
        cache.alerts.record(judged(cache, expected), now)
    running = [scene.start()]
    for _ in range(kills):
        running.append(scene.start())
        time.sleep(chance.uniform(0, 0.03))
        victim = running.pop(0)
        victim.kill()
        victim.wait()
    until(lambda: len(set(scene.ids())) == alerts)
    for process in running:
        process.send_signal(signal.SIGTERM)
        assert process.wait() == 0
    return Counter({alert.id: 0 for alert in expected}) + Counter(scene.ids())


if __name__ == "__main__":
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    with tempfile.TemporaryDirectory() as place:
        found = kill_loop(Path(place), times, 40 * times)
    doubled = sum(count - 1 for count in found.values())
    sys.stdout.write(f"{times} kills: {40 * times - len(found)} of {40 * times} alerts lost, {doubled} doubled\n")
