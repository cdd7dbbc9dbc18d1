"""What was known at a moment of the recorded year: rankings and catalogue, from the archive alone."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import cache

from orwatch import archive
from orwatch.archive import PriceSeen
from orwatch.domain.catalogue import CatalogueModel, Pricing
from orwatch.domain.periods import Grain, Period
from orwatch.domain.records import NAMED_ROWS, OTHER, Listing

MILLION = 6
"""Prices are recorded per million tokens: ten to this power."""


def tokens(period: Period, now: datetime) -> list[tuple[str, int]]:
    """`(permaslug, tokens)` of a period as known at `now` (UTC), largest first, `other` last; none where nothing is known.

    A day once it is over; a week as it was recorded once it is over; a running week, and a month, from its days, where none of
    those that are over is missing.
    """
    if period.grain is Grain.DAY:
        known = _days().get(period.start) if period.start < now.date() else None
        return _pairs(known) if known else []
    if period.grain is Grain.WEEK and period.end < now.date():
        week = _weeks().get(period.start)
        return _pairs(week) if week else []
    over = [day for day in period.days() if day < now.date()]
    if not over or any(day not in _days() for day in over):
        return []
    total: Counter[str] = Counter()
    for day in over:
        total.update(dict(_pairs(_days()[day])))
    rest = total.pop(OTHER, 0)
    named = sorted(total.items(), key=lambda row: (-row[1], row[0]))
    return [*named[:NAMED_ROWS], (OTHER, rest + sum(tokens for _, tokens in named[NAMED_ROWS:]))]


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


def _pairs(listing: Listing) -> list[tuple[str, int]]:
    return [*zip(listing.slugs, listing.tokens, strict=True), (OTHER, listing.other)]
