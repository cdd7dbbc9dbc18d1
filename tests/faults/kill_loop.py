"""`python -m tests.faults.kill_loop 500`: kills a writer with -9 so many times, each time in the middle of something.

The writer puts generation after generation into one cache, as polls do, and says of each what it has shown. After each kill the
file must open, be whole (`integrity_check`), and hold the newest generation that was shown, or the one after it: never
an older one, never a mixture of two.
"""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import struct
import sys
import tempfile
import time
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from orwatch.domain.catalogue import CatalogueModel, Pricing
from orwatch.domain.periods import Grain, Period
from orwatch.domain.records import Listing
from orwatch.store.cache import Cache

ORIGIN = "https://openrouter.ai"
NOON = datetime(2026, 6, 10, 12, tzinfo=UTC)
DAYS = [Period(Grain.DAY, date(2026, 5, 1) + timedelta(days=n)) for n in range(30)]
MODELS = [f"lab/m{n:02}" for n in range(50)]
LONGEST = 0.03
"""Seconds after its first word within which the writer is killed."""


def write(path: Path, generation: int, out: int) -> None:
    """Writes generations from this one on, for ever; `out` is told each that is shown."""
    with Cache.open(path, ORIGIN) as cache:
        while True:
            generation += 1
            moment = NOON + timedelta(seconds=generation)
            cache.leases.acquire("poll", "writer", moment, 130)
            cache.journal.log_request(moment, "rankings-day", True, 200, generation)
            cache.rankings.put(Listing.build(day, moment, [(slug, generation) for slug in MODELS]) for day in DAYS)
            prices = Pricing(Decimal(generation), Decimal(generation), None)
            cache.catalogue.put_models(
                [CatalogueModel(id=slug, canonical_slug=slug, name=slug, pricing=prices) for slug in MODELS], moment
            )
            cache.journal.set("note", str(generation))
            shown = {n for listing in cache.rankings.read(Grain.DAY) for n in listing.tokens}
            assert shown == {generation}
            os.write(out, struct.pack("q", generation))


def kill_one(path: Path, generation: int, chance: random.Random) -> int:
    """Starts a writer, kills it, and gives the newest generation that it has shown (or the one before, if none)."""
    reads, writes = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(reads)
            write(path, generation, writes)
        finally:
            os._exit(1)
    os.close(writes)
    with open(reads, "rb") as said:
        shown = said.read(8)  # it is at work
        time.sleep(chance.random() * LONGEST)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        shown += said.read()
    if len(shown) < 8:
        raise AssertionError("the writer ended by itself")
    return int(struct.unpack("q", shown[-8:] if len(shown) % 8 == 0 else shown[-8 - len(shown) % 8 :][:8])[0])


def check(path: Path, shown: int) -> int:
    """Raises AssertionError where the cache is not as it must be; the generation it holds."""
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)], "the file is not whole"
    with Cache.open(path, ORIGIN) as cache:
        listings = cache.rankings.read(Grain.DAY)
        assert [listing.period for listing in listings] == DAYS, "a period was lost"
        held = {n for listing in listings for n in listing.tokens}
        assert len(held) == 1, f"generations are mixed: {held}"
        (figures,) = held
        assert all(len(listing.rows) == len(MODELS) for listing in listings), "a row was lost"
        prices = {model.pricing.prompt for model in cache.catalogue.models(present=True)}
        assert len(cache.catalogue.models(present=True)) == len(MODELS), "a model was lost"
        assert len(prices) == 1, f"prices are mixed: {prices}"
        assert figures in (shown, shown + 1), f"shown was {shown}, held is {figures}"
        assert prices <= {Decimal(shown), Decimal(shown + 1)}
        assert int(cache.journal.get("note") or 0) in (shown, shown + 1)
    return figures


def run(count: int, folder: Path, seed: int = 0) -> int:
    """Kills so many writers; the number of generations that were written."""
    path, chance = folder / "cache.sqlite3", random.Random(seed)
    generation = 0
    for _ in range(count):
        generation = check(path, kill_one(path, generation, chance))
    return generation


def main() -> None:
    """The command."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        generations = run(count, Path(folder))
    print(f"{count} kills, {generations} generations written, none lost, {time.monotonic() - began:.0f} s")  # noqa: T201


if __name__ == "__main__":
    main()
