"""The apps of a week, with what the weeks before say of them."""

from __future__ import annotations

from datetime import date, datetime

from msgspec import Struct

from orwatch.domain.apps import AppFigures
from orwatch.domain.leads import Lead
from orwatch.domain.periods import Period, State


class AppLine(Struct, frozen=True):
    """An app. trend: its tokens in the eight weeks to this one; None where they are not known.

    gain: its tokens above the mean of the three weeks before; None where one of the four is not complete or does not name it.
    """

    figures: AppFigures
    trend: tuple[int | None, ...] = ()
    gain: float | None = None


class Overtaking(Struct, frozen=True):
    """Who passed whom in a complete week, with the tokens of both then."""

    period: Period
    name: str
    passed: str
    tokens: int
    passed_tokens: int


class PlacesRow(Struct, frozen=True):
    """An app's rank in the weeks that are shown, oldest first; None: below the ranks that were asked for, or not known.

    growth: fraction on its tokens of the first of these weeks; None where that does not name it.
    """

    app_id: int
    name: str
    ranks: tuple[int | None, ...]
    tokens: int
    growth: float | None


class Apps(Struct, frozen=True):
    """The apps of a week with the most tokens.

    as_of: when its figures were taken. end: the last day that is in them. total: all tokens of the week, by the rankings as of
    `ranked_at`; None where it is not complete, or not in them. outside, outside_change: tokens of all else, as far as they are
    known. lead: as of the last complete week; leader: its name; runner: that of the second, with the tokens of both in this week
    as `ratio`. weeks: those that the cache has, oldest first. wanting: how many before the first that was asked for can still be.
    places: by week.
    """

    period: Period
    state: State
    as_of: datetime
    end: date
    rows: tuple[AppLine, ...]
    asked: int
    total: int | None
    ranked_at: datetime
    outside: int | None
    outside_change: float | None
    lead: Lead
    leader: str | None
    weeks: tuple[Period, ...]
    wanting: int
    passes: tuple[Overtaking, ...]
    places: tuple[PlacesRow, ...]
    shown_weeks: tuple[Period, ...]
