"""What the measurements share: the programs, the caches, and a row of the table."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.market import make
from benchmarks.terminal import Terminal
from benchmarks.yardsticks import EMPTY_MARK

ORIGIN = "http://127.0.0.1:9"
"""Nothing listens there, and nothing is asked: the caches have just been polled."""
DASHBOARD_MARKS = ("Models", "Countries", "Prices", "Alerts", "help")
MODELS, YEARS = 400, 2


@dataclass(frozen=True)
class Row:
    """One figure. of: what it is measured beside, with that one's figure. limit: of the ratio; None where there is none."""

    what: str
    value: float
    unit: str
    of: str
    beside: float
    limit: float | None = None

    @property
    def ratio(self) -> float:
        """The figure as a multiple of its yardstick."""
        return self.value / self.beside if self.beside else 0.0


@dataclass
class Bench:
    """A run. work: the folder of the caches. quick: few repetitions."""

    work: Path
    quick: bool
    env: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        kept = {key: value for key, value in os.environ.items() if key in ("PATH", "HOME", "LANG", "LC_ALL")}
        self.env = kept | {
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            "ORWATCH_CONFIG": str(self.work / "config.toml"),
            "ORWATCH_STATE": str(self.work / "state.toml"),
            "OPENROUTER_API_KEY": "sk-or-benchmark",
            "ORWATCH_POLL_INTERVAL": "3600",  # none is due, however long a run takes
        }

    def cache(self, years: int = YEARS, models: int = MODELS) -> Path:
        """A cache of some years of history and a catalogue of some models."""
        return make(self.work / f"{years}-{models}.sqlite3", ORIGIN, years, models)

    def orwatch(self, *words: str, years: int = YEARS, models: int = MODELS) -> list[str]:
        """A command line on such a cache."""
        cache = str(self.cache(years, models))
        return [*PROGRAM, *words, "--base-url", f"{ORIGIN}/api/v1", "--cache", cache]

    def dashboard(self, *, years: int = YEARS, models: int = MODELS) -> Terminal:
        """The dashboard on such a cache, started as people start it: without an option."""
        cache = {"ORWATCH_CACHE": str(self.cache(years, models)), "ORWATCH_BASE_URL": f"{ORIGIN}/api/v1"}
        return Terminal(PROGRAM, self.env | cache)

    def times(self, often: int) -> int:
        """How often a thing is measured."""
        return max(3, often // 4) if self.quick else often

    def process(self, command: Sequence[str]) -> float:
        """Milliseconds of a whole process."""
        began = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True, env=self.env)
        return (time.perf_counter() - began) * 1000


_SCRIPT = Path(sys.executable).with_name("orwatch")
PROGRAM = [str(_SCRIPT)] if _SCRIPT.exists() else [sys.executable, "-m", "orwatch"]
PASS = [sys.executable, "-c", "pass"]
_YARDSTICKS = str(Path(__file__).with_name("yardsticks.py"))
EMPTY = ([sys.executable, _YARDSTICKS], (EMPTY_MARK,))
"""The command of the empty app, and what it shows once it has painted."""


median = statistics.median
