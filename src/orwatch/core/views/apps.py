"""The apps of a week, read of a market."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from orwatch.core.apps import app_record
from orwatch.core.market import Market
from orwatch.domain.apps import AppCategory, AppFigures, AppLine, AppRecord, Apps, Overtaking, PlacesRow
from orwatch.domain.periods import Grain, Period
from orwatch.domain.query import Between, Query
from orwatch.domain.rankings import change
from orwatch.errors import NoDataError, UsageError

TREND: Final = 8
"""Weeks of the trend."""
PLACES: Final = 7
"""Weeks in which the places are shown."""
FIRST: Final = 6
"""Who passed whom is told of this many of the largest."""
SINCE: Final = Period(Grain.WEEK, date(2025, 1, 6))
"""The first whole week of the source."""


def apps(market: Market, query: Query) -> Apps:
    """The apps of the week that a query asks for, or that holds its day. NoDataError where the cache has none of it."""
    record = app_record(market)
    period = _week(record, query)
    week, figures = record.weeks[period], record.figures(period)
    named = sum(app.tokens for app in week.apps)
    complete, before = record.record.complete(period) is not None, record.weeks.get(period.previous())
    total = record.totals.get(period) if complete else None
    earlier = record.totals.get(period.previous())
    outside = None if total is None else total - named
    known = None not in (outside, earlier) and before is not None
    past = (
        earlier - sum(app.tokens for app in before.apps)
        if known and before is not None and earlier is not None
        else None
    )
    lead = record.leadership.lead(period)
    weeks = tuple(record.weeks)
    shown = tuple(week for week in weeks if week <= period)[-PLACES:]
    return Apps(
        period=period,
        state=record.record.state(period),
        as_of=week.as_of,
        end=week.end,
        rows=tuple(
            AppLine(app, _trend(record, period, app.app_id), record.gain(period, app.app_id)) for app in figures
        ),
        asked=len(week.apps),
        total=total,
        ranked_at=market.now,
        outside=outside,
        outside_change=None if outside is None or past is None else change(outside, past),
        lead=lead,
        leader=None if lead.leader is None else record.names[int(lead.leader)],
        weeks=weeks,
        wanting=max(0, SINCE.steps_to(record.asked[0])),
        passes=tuple(
            Overtaking(one.period, record.names[one.app_id], record.names[one.passed_id], one.tokens, one.passed_tokens)
            for then in reversed(shown)
            for one in record.passes(then, FIRST)
        ),
        places=tuple(_places(record, shown, app) for app in figures),
        shown_weeks=shown,
    )


def categories(market: Market) -> Mapping[str, frozenset[int]]:
    """Ids of the apps of every category and subcategory that the cache has; an app can be in several. NoDataError without one."""
    known = market.cache.snapshots.read_by(AppCategory)
    if not known:
        raise NoDataError("The cache holds no categories of apps yet: polls with a key bring six a day.")
    return {name: frozenset(found.app_ids) for name, found in known.items()}


def _week(record: AppRecord, query: Query) -> Period:
    """The week that is asked for: the newest complete one, the one in progress, or that which holds a day."""
    at, complete = query.at, record.record.complete_periods
    if isinstance(at, Between):
        raise UsageError("Apps are of one week: --at names a day of it.")
    if at == "newest":
        return complete[-1] if complete else next(reversed(record.weeks))
    if at == "now":
        running = record.record.running
        if running is None:
            raise NoDataError("The cache holds no apps of the week in progress; leave --at out for the newest.")
        return running
    period = Period.of(Grain.WEEK, at)
    if period not in record.weeks:
        first, last = next(iter(record.weeks)), next(reversed(record.weeks))
        who = "The source gives" if period in record.asked else "The cache holds"
        more = "; `orwatch poll` asks for more of them each day" if period < record.asked[0] else ""
        raise NoDataError(
            f"{who} no apps of the week of {period.start}: there are weeks from {first.start} to {last.end}{more}."
        )
    return period


def _tokens(record: AppRecord, period: Period, app_id: int) -> int | None:
    week = record.weeks.get(period)
    return None if week is None else next((app.tokens for app in week.apps if app.app_id == app_id), None)


def _trend(record: AppRecord, period: Period, app_id: int) -> tuple[int | None, ...]:
    return tuple(_tokens(record, period.back(n), app_id) for n in range(TREND - 1, -1, -1))


def _places(record: AppRecord, weeks: tuple[Period, ...], app: AppFigures) -> PlacesRow:
    first = _tokens(record, weeks[0], app.app_id) if len(weeks) > 1 else None
    ranks = tuple(record.places(week).get(app.app_id) for week in weeks)
    return PlacesRow(app.app_id, app.name, ranks, app.tokens, None if first is None else change(app.tokens, first))
