"""Which windows of the keyed record to ask for: all of it once, then from the newest settled period on."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from orwatch.api.decode.values import moment
from orwatch.api.rankings import FIRST_DAY, LONGEST_SPAN
from orwatch.domain.records import Grain, Period
from orwatch.store.cache import Cache

COARSE_EVERY = timedelta(hours=1)
RESTATED_DAYS = 3
"""The newest settled days that are asked for again: the record restates them."""
LOOK_BACK = timedelta(days=70)
"""How far before the newest period the newest settled one is looked for: more than any running period is long."""


def first_start(grain: Grain) -> date:
    """The first whole period of the record, which begins on 2025-01-01."""
    period = Period.of(grain, FIRST_DAY)
    return (period if period.start >= FIRST_DAY else period.next()).start


def window_end(grain: Grain, start: date) -> date:
    """The last day of a window of at most 366 days, cut where a period of the grain ends, so that none is halved."""
    last = Period.of(grain, start + timedelta(days=LONGEST_SPAN - 1))
    return last.end if (last.end - start).days < LONGEST_SPAN else last.previous().end


def recent(cache: Cache, grain: Grain) -> date:
    """Where the recent window begins: with the newest settled period, and before it what may be restated."""
    coverage = cache.rankings.coverage(grain)
    if coverage is None:
        return first_start(grain)
    last = cache.rankings.read(grain, since=coverage[1] - LOOK_BACK)
    settled = [listing.period.start for listing in last if listing.period.settled_by(listing.as_of)]
    if not settled:
        return coverage[0]
    return max(coverage[0], settled[-1] - timedelta(days=RESTATED_DAYS - 1) if grain is Grain.DAY else settled[-1])


def coarse_due(cache: Cache, grain: Grain) -> bool:
    """Weeks and months: hourly by the source's own time, and when a day (so perhaps a period) has ended."""
    last, newest = moment(cache.journal.get(_note(grain))), cache.rankings.newest_as_of()
    if last is None or newest is None:
        return True
    return newest - last >= COARSE_EVERY or newest.date() != last.date()


def asked(cache: Cache, grain: Grain, now: datetime | None) -> None:
    """Notes that a grain was asked for when the newest `as_of` was `now`."""
    cache.journal.set(_note(grain), now.isoformat() if now else None)


def _note(grain: Grain) -> str:
    return f"asked_at:{grain}"
