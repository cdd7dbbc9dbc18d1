"""The demo at its start: the record up to its clock, and what had happened by then."""

from __future__ import annotations

from datetime import datetime, timedelta

from orwatch.core.alerting import AlertService
from orwatch.core.source import Source
from orwatch.demo import record
from orwatch.store.cache import Cache


def fill(cache: Cache, now: datetime) -> None:
    """Puts everything that was known at a moment (UTC) into a cache: rankings, and the prices of each recorded day."""
    for moment, models in record.sightings(now):
        cache.catalogue.put_models(models, moment)
    cache.rankings.put(record.listings(now))


def begin(source: Source) -> None:
    """Fills a demo to its clock. What had happened by the day before is history, what that day brought is news."""
    assert source.demo_clock is not None
    now = source.demo_clock.now()
    service = AlertService(source)
    for moment in (now - timedelta(days=1), now):
        fill(source.cache, moment)
        service.look()
