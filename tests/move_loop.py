"""The move of a cache to the folder for data, killed at any moment while others write: what is there in the end.

`python tests/move_loop.py 50 [FOLDER]` kills it before each of its lines, and fifty times at random; the same again where FOLDER is
on another file system than that for temporary files. It prints what was lost, and ends with 1 where anything was.
"""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import count
from pathlib import Path
from types import FrameType
from typing import Any

from orwatch.domain.periods import Grain, Period
from orwatch.domain.records import Listing
from orwatch.errors import CacheError
from orwatch.store import move
from orwatch.store.cache import Cache

ORIGIN = "https://openrouter.ai"
NOW = datetime(2026, 8, 22, 2, tzinfo=UTC)
DAYS = [Period(Grain.DAY, date(2026, 6, 1) + timedelta(days=n)) for n in range(60)]
FIGURES = [Listing.build(day, NOW, [(f"lab/model-{n}", 1000 + n) for n in range(50)]) for day in DAYS]
PAUSE = 0.002


@cache
def a_cache(days: int = len(FIGURES)) -> bytes:
    """A cache with the figures of so many days, as a file."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "cache.sqlite3"
        with Cache.open(path, ORIGIN) as found:
            found.rankings.put(FIGURES[:days])
        return path.read_bytes()


class Round:
    """A cache in its former folder, and processes on it. data: the folder to which it is to move. Both are made."""

    def __init__(self, former: Path, data: Path) -> None:
        former.mkdir(parents=True)
        data.mkdir(parents=True)
        self.former, self.path = former / "cache.sqlite3", data / "cache.sqlite3"
        self.told = former / "told"
        self.told.touch()
        self.former.write_bytes(a_cache())

    def settle(self) -> Path:
        """The move, as every start of orwatch makes it."""
        return move.settle(self.former, self.path, ORIGIN, NOW.date())[0]

    def move(self) -> None:
        """A process of this orwatch: moves the cache and writes into it."""
        with Cache.open(self.settle(), ORIGIN) as opened:
            for n in range(3):
                self.write(opened, f"new-{os.getpid()}-{n}")

    def keep_open(self) -> None:
        """An older orwatch that has had the cache open since before the move, and writes on."""
        with suppress(CacheError), Cache.open(self.former, ORIGIN) as opened:
            for n in range(10**6):
                self.write(opened, f"open-{n}")
                time.sleep(PAUSE)

    def open_again(self) -> None:
        """One older orwatch after the other: opens the cache where it knows it, writes, and ends."""
        for n in range(10**6):
            with suppress(CacheError), Cache.open(self.former, ORIGIN) as opened:
                self.write(opened, f"again-{n}")
            time.sleep(PAUSE)

    def write(self, opened: Cache, word: str) -> None:
        """Writes something that every cache takes over, and tells when it is written."""
        opened.journal.log_request(NOW, word, keyed=False, status=200, bytes_=0)
        with self.told.open("a") as file:
            file.write(f"{word}\n")

    def finished(self) -> list[str]:
        """What is lost or wrong after one more start: what was written and is not in the moved cache, among others."""
        wrong = ["the next start failed"] if ended(started(self.move)) else []
        if not self.former.is_symlink():
            wrong.append("the former path is no link")
        with Cache.open(self.path, ORIGIN) as opened:
            if opened.rankings.read(Grain.DAY) != tuple(FIGURES):
                wrong.append("figures")
        with closing(sqlite3.connect(self.path)) as connection:
            if connection.execute("PRAGMA integrity_check").fetchone() != ("ok",):
                wrong.append("the file is damaged")
            there = {word for (word,) in connection.execute("SELECT dataset FROM request")}
        left = {file.name for file in self.path.parent.iterdir()} - {
            "cache.sqlite3",
            "cache.sqlite3-wal",
            "cache.sqlite3-shm",
        }
        return wrong + sorted(left) + sorted(set(self.told.read_text().split()) - there)


def started(work: Callable[[], None]) -> int:
    """A process that does some work, and ends."""
    pid = os.fork()
    if pid:
        return pid
    try:
        work()
    except BaseException as error:  # the process must not go on as its parent
        sys.stderr.write(f"{error!r}\n")
        os._exit(1)
    os._exit(0)


def ended(pid: int) -> int:
    """The exit code of a process, negative for the signal that ended it."""
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def killed(pid: int) -> None:
    """Ends a process at once."""
    os.kill(pid, signal.SIGKILL)
    ended(pid)


def at_random(times: int, place: Path, data: Path, chance: random.Random) -> list[str]:
    """What was lost where so many times one of two movers was killed, while an older orwatch wrote."""
    lost: list[str] = []
    usual = 0.0
    for number in range(times + 1):
        scene = Round(place / f"random-{number}", data / f"random-{number}")
        older = started(scene.open_again if number % 2 else scene.keep_open)
        time.sleep(chance.uniform(0, 0.02))
        begin = time.monotonic()
        movers = [started(scene.move), started(scene.move)]
        if usual:
            time.sleep(chance.uniform(0, usual))
            killed(movers.pop(chance.randrange(2)))
        lost += [f"kill {number}: a mover ended with {code}" for code in map(ended, movers) if code]
        usual = usual or time.monotonic() - begin
        killed(older)
        lost += [f"kill {number}: {word}" for word in scene.finished()]
    return lost


def at_each_line(place: Path, data: Path, held: int = 0) -> tuple[int, list[str]]:
    """How many lines the move has, and what was lost where it was killed before one of them.

    held: days that a cache in the new folder holds already, which takes in what the former one has beside them.
    """
    lost: list[str] = []
    for line in count(1):
        scene = Round(place / f"line-{held}-{line}", data / f"line-{held}-{line}")
        if held:
            scene.path.write_bytes(a_cache(held))
        if ended(started(lambda: killed_at(line, scene.move))) == 0:  # noqa: B023 - the process begins at once
            return line - 1, lost
        lost += [f"line {line}: {word}" for word in scene.finished()]
    raise AssertionError


def killed_at(line: int, work: Callable[[], None]) -> None:
    """Does some work, and is killed before that line of the move."""
    left = line

    def trace(frame: FrameType, event: str, _: object) -> Callable[..., Any] | None:
        nonlocal left
        if frame.f_code.co_filename != move.__file__:
            return None
        if event == "line":
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
        return trace

    sys.settrace(trace)
    work()


def loop(times: int, where: str, place: Path, data: Path) -> int:
    """Kills at each line and at random, and tells what was lost; how much that was."""
    lines, lost = at_each_line(place, data)
    lost += at_random(times, place, data, random.Random(times))
    sys.stdout.write("\n".join([f"{lines} lines and {times} kills {where}: {len(lost)} lost or wrong", *lost, ""]))
    return len(lost)


def main(times: int, other: str | None) -> int:
    """On one file system, and between it and another; the exit code."""
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        lost = loop(times, "on one file system", place / "former", place / "data")
        if other is not None:
            with tempfile.TemporaryDirectory(dir=other) as elsewhere:
                lost += loop(times, "between two", place / "other", Path(elsewhere))
        lines, both = at_each_line(place / "former", place / "data", held=30)
        sys.stdout.write(
            "\n".join([f"{lines} lines where both folders hold a cache: {len(both)} lost or wrong", *both, ""])
        )
    return min(lost + len(both), 1)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 50, sys.argv[2] if len(sys.argv) > 2 else None))
