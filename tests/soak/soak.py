"""Months of polling in minutes: the real poller, cache and alerts on a clock that runs fast, with faults sprinkled in.

    python tests/soak/soak.py --days 92

Prints what it measured, and ends with 1 where a promise is broken: memory, objects and file descriptors flat after the first day
(memory in a run of more than a week: after the eighth, as the whole record has been asked for again by then),
keyed requests within the budget of every day, and every day of the record in the cache at the end.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import os
import random
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

import httpx

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from core_world import KEY, NOON, ORIGIN, World, needs_key, problem
from orwatch.core.alerting import AlertService
from orwatch.core.poller import Failed, Synced, Wake, poll
from orwatch.domain.periods import Grain
from orwatch.store.cache import Cache

FAULTS = 0.3
"""Part of the requests that fail."""

GROWTH = 0.05
"""By how much memory may grow once it has settled."""

WHOLE_AGAIN = 7
"""Days after which the whole record is asked for again, which takes more memory than any poll before."""

MORE_OBJECTS = 1000
"""By how many the objects in memory may grow after the first day: those of a few failures that are kept are more."""

PER_DAY = 500


@dataclass
class Found:
    """What a run measured. rss: bytes at the end of each day; objects, files: those that the collector knows, and open
    descriptors, likewise. keyed: requests a UTC day."""

    rss: list[int] = field(default_factory=list)
    objects: list[int] = field(default_factory=list)
    files: list[int] = field(default_factory=list)
    keyed: Counter[date] = field(default_factory=Counter)
    polls: int = 0
    failures: int = 0
    missing: list[date] = field(default_factory=list)

    def broken(self) -> list[str]:
        """The promises that were not kept."""
        settled = self.rss[WHOLE_AGAIN:] or self.rss
        first, most = settled[0], max(settled)
        grown = f"memory grew from {first / 2**20:.1f} to {most / 2**20:.1f} MiB"
        return [
            said
            for said, wrong in (
                (grown, most > first * (1 + GROWTH)),
                (f"objects grew: {self.objects}", max(self.objects) > self.objects[0] + MORE_OBJECTS),
                (f"file descriptors grew from {self.files[0]} to {max(self.files)}", max(self.files) > self.files[0]),
                (f"{max(self.keyed.values())} keyed requests on a day", max(self.keyed.values()) > PER_DAY),
                (f"the record lacks {self.missing}", bool(self.missing)),
                ("no fault was met", self.failures == 0),
            )
            if wrong
        ]


def resident() -> int:
    """Bytes of this process in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def faulty(chance: random.Random, world: World, found: Found) -> None:
    """Sprinkles faults over a world's server, and counts what reaches it with a key."""

    def hook(request: httpx.Request) -> httpx.Response | None:
        if needs_key(str(request.url)):
            found.keyed[world.server.now.date()] += 1
        if chance.random() >= FAULTS:
            return None
        match chance.randrange(6):
            case 0:
                raise httpx.ConnectError("refused", request=request)
            case 1:
                raise httpx.ReadTimeout("slow", request=request)
            case 2:
                return problem(429, "Rate limit exceeded", Retry_After="120")
            case 3:
                return httpx.Response(200, content=b"<html>sign in</html>", headers={"Content-Type": "text/html"})
            case 4:
                return httpx.Response(200, content=b'{"data": [{"date"')
        return problem(500, "Internal error")

    world.server.hook = hook


async def soak(days: int, cache: Path, seed: int = 1) -> Found:
    """Polls so many simulated days with a key, at the default pace."""
    found, world = Found(), World()
    world.cache = Cache.open(cache, ORIGIN)
    source = world.open(KEY)
    faulty(random.Random(seed), world, found)
    alerting = AlertService(source)
    end = NOON + timedelta(days=days)

    async def pass_time(seconds: float) -> None:
        world.later(seconds=seconds)

    next_day = NOON + timedelta(days=1)
    async for event in poll(source, Wake(), sleep=pass_time):
        found.polls += isinstance(event, Synced)
        found.failures += isinstance(event, Failed)
        world.server.asked.clear()  # the server's own notes are no part of what is measured
        if world.machine.now >= next_day:
            alerting.look()
            found.rss.append(resident())
            found.objects.append(len(gc.get_objects()))
            found.files.append(len(os.listdir("/proc/self/fd")))
            next_day += timedelta(days=1)
        if world.machine.now >= end:
            break
    kept = {listing.period.start for listing in world.cache.rankings.read(Grain.DAY)}
    last = newest_complete(world.machine.now)
    found.missing = [day for day in every_day(date(2025, 1, 1), last) if day not in kept]
    world.cache.close()
    return found


def newest_complete(now: datetime) -> date:
    """The last day that is over."""
    return now.date() - timedelta(days=1)


def every_day(first: date, last: date) -> list[date]:
    """The days from one to another."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def main() -> int:
    """Runs, prints, and gives the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=int, default=92)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    gc.set_threshold(200_000)  # as the program does
    with tempfile.TemporaryDirectory() as folder:
        found = asyncio.run(soak(given.days, Path(folder) / "cache.sqlite3", given.seed))
    mib = [f"{size / 2**20:.1f}" for size in (found.rss[0], max(found.rss), found.rss[-1])]
    sys.stdout.write(
        f"{given.days} days: {found.polls} polls, {found.failures} failures; memory {mib[0]} MiB after the first day, at most "
        f"{mib[1]}, {mib[2]} at the end; {found.objects[0]} to {max(found.objects)} "
        f"objects; {found.files[0]} to {max(found.files)} file descriptors; at most "
        f"{max(found.keyed.values())} keyed requests a day; {len(found.missing)} days missing\n"
    )
    for said in found.broken():
        sys.stdout.write(f"broken: {said}\n")
    return 1 if found.broken() else 0


if __name__ == "__main__":
    sys.exit(main())
