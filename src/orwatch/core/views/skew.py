"""How much of a period's tokens was free or discounted, and what a ranked row costs."""

from __future__ import annotations

from orwatch.core.market import Market, Prices
from orwatch.domain.catalogue import Pricing
from orwatch.domain.records import NAMED_ROWS
from orwatch.domain.spend import Row, Skew, skew
from orwatch.domain.views.overview import Snapshot


def pricing_of(market: Market, prices: Prices, permaslug: str) -> Pricing | None:
    """The prices of a ranked row, by its own id; None where it is not listed."""
    entry = market.catalogue.entry(permaslug)
    listed = None if entry is None else prices.present.get(entry.id)
    return None if listed is None else listed.pricing


def skewed(market: Market, snapshot: Snapshot) -> Skew | None:
    """Free and discounted shares of all tokens of a period; None where too few rows are named, and of several added up.

    Prices and hosts are those of the period, as the prices on screen are.
    """
    ranking = market.rankings(snapshot.period.grain, snapshot.lens).at(snapshot.period)
    if ranking is None or ranking.parts or not ranking.listing.names(NAMED_ROWS):
        return None
    prices = market.prices(snapshot.prices_until)
    rows = []
    for slug, tokens in ranking.listing.rows:
        entry = market.catalogue.entry(slug)
        hosts = () if entry is None else prices.hosts.get(entry.id, ())
        rows.append(Row(slug, tokens, pricing_of(market, prices, slug), hosts))
    return skew(rows, ranking.total, prices.seen_at)
