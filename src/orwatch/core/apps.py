"""The weeks of public apps that a cache holds."""

from __future__ import annotations

from orwatch.core.market import Market
from orwatch.domain.apps import AppRecord, AppWeek
from orwatch.domain.periods import Grain


def app_record(market: Market) -> AppRecord:
    """All weeks of apps in the cache. NoDataError or KeyMissingError where there is none, saying what would bring them."""
    weeks = market.cache.snapshots.read(AppWeek)
    if not any(week.apps for week in weeks):
        raise market.lacking("apps")
    record = market.record(Grain.WEEK)
    totals = {
        period: found.total for period in record.complete_periods if (found := record.complete(period)) is not None
    }
    return AppRecord(weeks, totals, market.now)
