"""The demo at its start: the record up to its clock, and what had happened by then."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from orwatch import archive
from orwatch.core.alerting import AlertService
from orwatch.core.source import Source, demo_source
from orwatch.demo import DEMO_END, DEMO_FIRST, DEMO_START, record
from orwatch.domain.periods import SOURCE_GRAINS, Period
from orwatch.domain.records import Listing
from orwatch.store.cache import Cache
from orwatch.store.lease import new_holder

PATIENCE: Final = 60.0
"""Seconds for which no poll may begin while a demo begins anew."""


def fill(cache: Cache, now: datetime) -> None:
    """Puts everything that was known at a moment (UTC) into a cache: rankings, and the prices of each recorded day."""
    days = sorted({entry.seen_on for entry in archive.prices() if entry.seen_on < now.date()})
    for moment in (*(datetime.combine(day, DEMO_START.timetz()) for day in days), now):
        if models := record.catalogue(moment.date()):
            cache.catalogue.put_models(models, moment)
    cache.rankings.put(_listings(now))


def _listings(now: datetime) -> Iterator[Listing]:
    """Every listing that was known at a moment (UTC), taken then."""
    for grain in SOURCE_GRAINS:
        period = Period.of(grain, DEMO_FIRST.date() - timedelta(days=7))
        while period.start <= now.date():
            if known := record.listing(period, now):
                yield Listing(period, now, known.slugs, known.tokens, known.other)
            period = period.next()


def restart(source: Source, moment: datetime) -> bool:
    """Has a demo begin anew at a moment (UTC), in the same cache: what came after it is forgotten. False: not while a poll runs.

    What that poll brings would be of the future.
    """
    clock, leases = source.demo_clock, source.cache.leases
    assert clock is not None
    if not leases.acquire("poll", new_holder(), source.machine(), PATIENCE):
        return False
    clock.restart(min(max(moment, DEMO_FIRST), DEMO_END))
    source.cache.database.take(demo_source(source.settings, clock).cache.database)
    begin(source)
    return True


def begin(source: Source) -> None:
    """Fills a demo to its clock. What had happened by the day before is history, what that day brought is news."""
    assert source.demo_clock is not None
    now = source.demo_clock.now()
    service = AlertService(source)
    for moment in (now - timedelta(days=1), now):
        fill(source.cache, moment)
        service.look()
