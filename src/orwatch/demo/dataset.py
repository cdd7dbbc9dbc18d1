"""The demo's dataset: tokens per UTC day and model, from Monday 2026-01-26 to Sunday 2026-06-28.

Every published figure of `figures` is met exactly; what lies between is interpolated by the rules of `series` (weekly sums),
`chart` (the nine largest rows) and `tail` (the rows below, and `other`). A week's rows are spread over its days by fixed
weights, to the token: the seven days of a row add up to its week, and each day names the same 50 models.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import cache
from itertools import accumulate

from orwatch.demo.chart import nine
from orwatch.demo.figures import FIRST_WEEK, LAST_WEEK, WEEKS
from orwatch.demo.series import weekly
from orwatch.demo.tail import tail
from orwatch.domain.periods import Grain, Period
from orwatch.domain.records import OTHER

FIRST_DAY = FIRST_WEEK
LAST_DAY = LAST_WEEK + timedelta(days=6)

WEEKDAYS = (149, 153, 154, 153, 149, 121, 121)
"""Parts of a week's tokens from Monday to Sunday, in thousandths: at weekends people and their agents work less."""

_UNTIL = (0, *accumulate(WEEKDAYS))

Rows = tuple[tuple[str, int], ...]
"""`(permaslug, tokens)`, largest first, ties by permaslug, `other` last."""


@cache
def week(monday: date) -> Rows:
    """The 50 named rows of a week, largest first, then `other`; empty outside the dataset."""
    if monday not in WEEKS:
        return ()
    named = nine(monday) + tail(monday)
    return (*named, (OTHER, weekly("total")[monday] - sum(tokens for _, tokens in named)))


@cache
def day(day: date) -> Rows:
    """The rows of one whole day; empty outside the dataset."""
    from_, to = _UNTIL[day.weekday()], _UNTIL[day.weekday() + 1]
    rows = week(day - timedelta(days=day.weekday()))
    return _ranked((slug, tokens * to // 1000 - tokens * from_ // 1000) for slug, tokens in rows)


def until(day_: date, now: datetime) -> Rows:
    """The rows of a day as they stand at `now` (UTC): whole if it is over, in proportion while it runs, else none."""
    if day_ > now.date():
        return ()
    if day_ < now.date():
        return day(day_)
    seconds = now.hour * 3600 + now.minute * 60 + now.second
    return _ranked((slug, tokens * seconds // 86400) for slug, tokens in day(day_))


def period(period: Period, now: datetime) -> Rows:
    """The rows of a period as they stand at `now` (UTC): its days added up, the 50 largest named.

    Empty for a week or month that the dataset does not cover from its first day.
    """
    if period.grain is Grain.DAY:
        return until(period.start, now)
    if period.start < FIRST_DAY:
        return ()
    total: Counter[str] = Counter()
    for day_ in period.days():
        total.update(dict(until(day_, now)))
    rest = total.pop(OTHER, 0)
    named = sorted(total.items(), key=lambda row: (-row[1], row[0]))
    return _ranked([*named[:50], (OTHER, rest + sum(tokens for _, tokens in named[50:]))])


def _ranked(rows: Iterable[tuple[str, int]]) -> Rows:
    """The rows that have tokens, in the API's order."""
    return tuple(sorted((row for row in rows if row[1]), key=lambda row: (row[0] == OTHER, -row[1], row[0])))
