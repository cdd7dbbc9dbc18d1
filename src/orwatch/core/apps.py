"""The weeks of public apps that a cache holds."""

from __future__ import annotations

from orwatch.core.market import Market
from orwatch.domain.apps import AppRecord, AppWeek
from orwatch.domain.periods import Grain
from orwatch.errors import NoDataError


def app_record(market: Market) -> AppRecord:
    """All weeks of apps in the cache. NoDataError where there is none, saying what would bring them."""
    weeks = market.cache.snapshots.read(AppWeek)
    if not any(week.apps for week in weeks):
        if market.source == "demo":
            raise NoDataError("The demo has no apps: they come from OpenRouter, with a key.")
        if weeks:
            raise NoDataError("OpenRouter had no apps of the weeks that were asked for; `orwatch poll` asks for more.")
        raise NoDataError("The cache holds no apps yet: set a key (`orwatch key set`) and run `orwatch poll`.")
    record = market.record(Grain.WEEK)
    totals = {
        period: found.total for period in record.complete_periods if (found := record.complete(period)) is not None
    }
    return AppRecord(weeks, totals, market.now)
