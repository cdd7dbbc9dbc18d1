"""The apps of a week, read of a market."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from orwatch.core.market import Market
from orwatch.domain.apps import AppCategory, AppRecord, Apps
from orwatch.domain.periods import Grain, Period
from orwatch.domain.query import Between, Query
from orwatch.domain.rankings import change
from orwatch.errors import NoDataError, UsageError

FIRST: Final = 6
"""Who passed whom is told of this many of the largest."""
SINCE: Final = Period(Grain.WEEK, date(2025, 1, 6))
"""The first whole week of the source."""


def apps(market: Market, query: Query) -> Apps:
    """The apps of the week that a query asks for, or that holds its day. NoDataError where the cache has none of it."""
    record = market.apps()
    period = _week(record, query)
    week, before = record.weeks[period], record.weeks.get(period.previous())
    total = record.totals.get(period) if record.record.complete(period) is not None else None
    outside = None if total is None else total - week.tokens
    earlier = record.totals.get(period.previous())
    past = None if earlier is None or before is None else earlier - before.tokens
    lead, shown = record.leadership.lead(period), record.shown(period)
    return Apps(
        period=period,
        state=record.record.state(period),
        as_of=week.as_of,
        end=week.end,
        rows=record.figures(period),
        asked=len(week.apps),
        total=total,
        ranked_at=market.now,
        outside=outside,
        outside_change=change(outside, past),
        lead=lead,
        leader=None if lead.leader is None else record.names[int(lead.leader)],
        weeks=tuple(record.weeks),
        wanting=max(0, SINCE.steps_to(record.asked[0])),
        passes=tuple(one for then in reversed(shown) for one in record.passes(then, FIRST)),
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
