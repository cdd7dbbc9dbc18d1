"""The rankings: the record of listings by day, week and month from 2025-01-01 on, which needs a key."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Final

import msgspec
from msgspec import Struct

from orwatch.api import decode
from orwatch.api.client import Answer, Client
from orwatch.domain.periods import Grain, Period
from orwatch.domain.records import OTHER, Listing, Origin

PATH: Final = "/datasets/rankings-daily"
FIRST_DAY: Final = date(2025, 1, 1)
"""Where the dataset begins; an earlier start is moved up by the API, an earlier end refused."""
LONGEST_SPAN: Final = 366
"""Days that one request may ask for, first and last included."""

Figure = tuple[str, str, object]
"""Date, permaslug and tokens of one row, as the source wrote them."""


class RankingsAnswer(Struct, frozen=True):
    """What one answer knows of the rankings.

    as_of: when the source took the figures (UTC, whole seconds). listings: by period, oldest first.
    spoiled: periods of which a row's permaslug or tokens could not be read, or next to a row that could not be read at all: they
    would be wrong, and are not among the listings.
    lost: rows that could not be read at all; where nothing can be believed, all of them.
    """

    as_of: datetime
    listings: tuple[Listing, ...]
    spoiled: tuple[Period, ...] = ()
    lost: int = 0


class _Row(msgspec.Struct):
    date: str
    model_permaslug: str
    total_tokens: Any


_ROW = decode.decoder(_Row)


async def fetch(
    client: Client, grain: Grain, start: date, end: date, use_case: str | None = None
) -> tuple[RankingsAnswer, Answer]:
    """The listings of the periods from `start` to `end`, inclusive (UTC), of a use case alone (sampled, and scaled up) or of all.

    The API may refuse the running day as `end`: an AnswerError with status 400. Raises KeyMissingError without a key,
    and the SourceError family.
    """
    window = {"start_date": start.isoformat(), "end_date": end.isoformat(), "period": grain.value}
    answer = await client.get(PATH, window | ({"category": use_case} if use_case else {}), keyed=True)
    return read(answer.body, grain), answer


def read(body: bytes, grain: Grain) -> RankingsAnswer:
    """The answer of `/datasets/rankings-daily`, asked for in this grain.

    Left out: rows whose date is no first day of a period of the grain or lies after `as_of`; of two rows for one model and period
    the smaller.
    """
    data, _, as_of = decode.figures(body, "rankings")
    rows = (decode.item(raw, _ROW) for raw in data)
    figures = ((row.date, row.model_permaslug, row.total_tokens) if row is not None else None for row in rows)
    return gather(figures, grain, as_of)


def gather(
    figures: Iterable[Figure | None], grain: Grain, as_of: datetime, origin: Origin = Origin.API
) -> RankingsAnswer:
    """Listings from rows in any order; None: a row that could not be read. origin: whence they came."""
    periods: dict[str, Period | None] = {}
    tokens: defaultdict[Period, dict[str, int]] = defaultdict(dict)
    spoiled: set[Period] = set()
    skipped = lost = 0
    before: Period | None = None
    torn = False
    for start, slug, written in (figure or ("", "", None) for figure in figures):
        if start not in periods:
            periods[start] = _period(start, grain, as_of)
        period, number = periods[start], decode.count(written)
        if period is None:
            skipped += 1
            if not _later(start, as_of):
                # Rows are in the order of their dates: it belonged to the period of the row before it, or to that after it.
                lost, torn = lost + 1, True
            continue
        if torn:
            spoiled |= {period} if before is None else {before, period}
        before, torn = period, False
        if number is None or not (slug == OTHER or decode.is_slug(slug)):
            skipped += 1
            spoiled.add(period)
            continue
        known = tokens[period].get(slug)
        if known is not None:
            # Two totals of one model must not be added: the larger is the later state of a count that only grows.
            skipped += 1
            number = max(known, number)
        tokens[period][slug] = number
    if torn and before is not None:
        spoiled.add(before)
    whole = sorted(period for period in tokens if period not in spoiled)
    listings = tuple(Listing.build(period, as_of, tokens[period].items(), origin) for period in whole)
    if not listings and not spoiled:
        lost = skipped
    return RankingsAnswer(as_of, listings, tuple(sorted(spoiled)), lost)


def _later(start: str, as_of: datetime) -> bool:
    """Whether the date is one after `as_of`: such a row is no damage, its period has not begun for this answer."""
    day = decode.day(start)
    return day is not None and day > as_of.date()


def _period(start: str, grain: Grain, as_of: datetime) -> Period | None:
    """The period that begins on this date, or None where none of the grain does or it has not begun by `as_of`."""
    day = decode.day(start)
    if day is None or day > as_of.date():
        return None
    period = Period.of(grain, day)
    return period if period.start == day else None
