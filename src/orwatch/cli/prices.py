"""`prices`: what a million tokens costs."""

from __future__ import annotations

from orwatch.cli.session import Session
from orwatch.core.views.prices import base_of, price_list
from orwatch.present.report import Report
from orwatch.present.tables.prices import PRICES, report


def prices(session: Session) -> Report:
    """What a million tokens costs: ranked models first, in the order of the period, then the rest of the catalogue."""
    columns = session.columns(PRICES)
    market, query = session.market, session.query
    session.check_prices()
    found = price_list(market, query)
    assert found.seen_at is not None
    session.check_filter()
    if query.baseline is not None:
        base_of(market, query.baseline)
    shown = PRICES.ordered(session.select(found.rows, PRICES.asked))
    then, gap = found.until is not None, found.gaps
    return report(session.view, found.seen_at, shown, found.baseline, gap, then=then, columns=columns)
