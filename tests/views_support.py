"""What a query finds in a market beside the snapshot: a head to head, alerts by the default rules."""

from __future__ import annotations

from orwatch.core.judge import judge_view, known_then
from orwatch.core.market import Market
from orwatch.core.views.overview import snapshot
from orwatch.core.views.series import PERIODS_SHOWN, duels
from orwatch.domain.alerts.alert import Alert
from orwatch.domain.alerts.registry import AlertRules
from orwatch.domain.query import Query
from orwatch.domain.series import Duel


def duels_of(market: Market, query: Query) -> tuple[Duel, ...]:
    """The head to head as the screen shows it, newest first."""
    return duels(market, query, snapshot(market, query).period, PERIODS_SHOWN)


def alerts_of(market: Market, query: Query) -> tuple[Alert, ...]:
    """The alerts that were known by the end of the period, newest first."""
    return known_then(judge_view(market, AlertRules(), query), snapshot(market, query))
