"""What was known at a moment of the recorded year: rankings and catalogue, from the archive alone."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import cache

from orwatch import archive
from orwatch.archive import PriceSeen
from orwatch.domain.catalogue import CatalogueModel, Pricing
from orwatch.domain.periods import Grain, Period
from orwatch.domain.records import Listing, compose

MILLION = 6
"""Prices are recorded per million tokens: ten to this power."""


def listing(period: Period, now: datetime) -> Listing | None:
    """A period as known at `now` (UTC); None where nothing is known.

    A day once it is over; a week as it was recorded once it is over; a running week, and a month, from its days, where none of
    those that are over is missing.
    """
    if period.grain is Grain.DAY:
        return _days().get(period.start) if period.start < now.date() else None
    if period.grain is Grain.WEEK and period.end < now.date():
        return _weeks().get(period.start)
    over = [day for day in period.days() if day < now.date()]
    known = {day: _days()[day] for day in over if day in _days()}
    return compose(period, known, now) if len(known) == len(over) else None


def catalogue(day: date) -> list[CatalogueModel]:
    """Every entry that had been seen by a day, at its price of then; none before the first day of recorded prices."""
    return [_model(entry) for entry in {one.id: one for one in archive.prices() if one.seen_on <= day}.values()]


def _model(entry: PriceSeen) -> CatalogueModel:
    return CatalogueModel(
        id=entry.id,
        canonical_slug=entry.permaslug,
        name=entry.name,
        context=entry.context,
        open_weights=entry.open_weights,
        pricing=Pricing(_per_token(entry.input), _per_token(entry.output), _per_token(entry.cached_input)),
    )


def _per_token(per_million: Decimal | None) -> Decimal | None:
    return None if per_million is None else per_million.scaleb(-MILLION)


@cache
def changes() -> tuple[datetime, ...]:
    """The midnights (UTC) at which more becomes known: a day or a week is over, or prices were seen. In order."""
    over = [listing.period.after for listing in (*_days().values(), *_weeks().values())]
    days = {*over, *(entry.seen_on for entry in archive.prices())}
    return tuple(datetime.combine(day, time(), UTC) for day in sorted(days))


@cache
def _days() -> dict[date, Listing]:
    return {listing.period.start: listing for listing in archive.days()}


@cache
def _weeks() -> dict[date, Listing]:
    return {listing.period.start: listing for listing in archive.weeks()}
