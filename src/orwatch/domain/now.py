"""A complete period in a few figures, and the one in progress: where it stands, where it is heading, what it may turn."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from msgspec import Struct

from orwatch.domain.leads import Flip, Subject
from orwatch.domain.overview import Standoff
from orwatch.domain.periods import Period, State
from orwatch.domain.records import Record

MOST_PERIODS = 8
"""Periods before the running one that tell where it is heading."""


class Outlook(Struct, frozen=True):
    """The lowest and the highest total (tokens) that a running period is heading for.

    periods: how many before it tell it. so_far: tokens of its complete days. told: by each of these, newest first, where it heads.
    """

    low: int
    high: int
    periods: int
    so_far: int = 0
    told: tuple[tuple[Period, int], ...] = ()


def first_day_of(period: Period) -> date:
    """The first day whose total an outlook of a running period needs."""
    return period.back(MOST_PERIODS).start


def outlook(record: Record, running: Period, totals: Mapping[date, int]) -> Outlook | None:
    """So far ÷ the share that these days had, for each of the eight periods before that is complete, lowest to highest.

    The days that were not over have then as much weight as there are such days now: months differ in length. totals: tokens by
    day, of days that were over when their figures were taken. None where the running period lacks such a day or has none yet,
    and where no period before tells it.
    """
    done = record.days_done(running)[0]
    days = [day for day in running.days() if day in totals]
    if record.state(running) is not State.RUNNING or not days or len(days) != done:
        return None
    found: list[tuple[Period, int]] = []
    so_far = sum(totals[day] for day in days)
    for before in map(running.back, range(1, MOST_PERIODS + 1)):
        whole, pairs = record.complete(before), running.like_days(days[-1], before)
        left = before.length - len(pairs)
        if whole is None or not left or any(then not in totals for _, then in pairs):
            continue
        mine, same = (sum(totals[day] for day in side) for side in zip(*pairs, strict=True))
        if same:
            rest = (whole.total - same) / left * (running.length - len(pairs))
            found.append((before, round(mine * (same + rest) / same)))
    ends = [total for _, total in found]
    return Outlook(min(ends), max(ends), len(ends), so_far, tuple(found)) if ends else None


class Headline(Struct, frozen=True):
    """A period in a few figures, as its snapshot has them.

    total: tokens. total_change: fraction, like for like in a running period. days: complete days and length. standoff: of the
    two sides of versus, on the basis of the query.
    """

    period: Period
    state: State
    days: tuple[int, int]
    total: int
    total_change: float | None
    versus: tuple[str, str]
    standoff: Standoff


class Now(Struct, frozen=True):
    """The period in progress.

    headline: None where the record has nothing of it. begun: whether a day of it is over. outlook: None where it cannot be told.
    flip: the first lead that its complete days would turn, if they do, and subject: whose. names: of its models, by permaslug.
    """

    period: Period
    begun: bool
    headline: Headline | None
    outlook: Outlook | None = None
    flip: Flip | None = None
    subject: Subject | None = None
    names: Mapping[str, str] = {}
