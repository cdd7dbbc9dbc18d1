"""The prices of one model as of the period on screen, and how they moved."""

from __future__ import annotations

from decimal import Decimal

from msgspec.structs import replace

from orwatch.core.market import Market
from orwatch.domain.catalogue import CatalogueModel, ObservedPrice
from orwatch.domain.hosts import with_discounts
from orwatch.domain.prices import list_price, per_million
from orwatch.domain.views.detail import PriceMove
from orwatch.domain.views.overview import Snapshot


def priced_entry(market: Market, snapshot: Snapshot, entry: CatalogueModel | None) -> CatalogueModel | None:
    """The entry at the price of the period on screen, with the discount that its hosts tell; None where it had none then."""
    if entry is None:
        return None
    if snapshot.prices_until is not None:
        return market.prices(snapshot.prices_until).present.get(entry.id)
    # The hosts are read anew: they can have come since the prices were read.
    return replace(entry, pricing=with_discounts(entry.pricing, market.cache.hosts.read(entry.id)))


def observed_until(market: Market, snapshot: Snapshot, entry: CatalogueModel | None) -> tuple[ObservedPrice, ...]:
    """The prices of an entry that had been seen by the end of the period on screen, oldest first."""
    if entry is None:
        return ()
    return market.cache.catalogue.prices(entry.id, snapshot.prices_until)


def price_moves(observed: tuple[ObservedPrice, ...], discount: Decimal | None) -> tuple[PriceMove, ...]:
    """Input, output and cached input, each with what it was before. observed: of one id, oldest first."""
    out = []
    for name, pick in (("input", 0), ("output", 1), ("cached input", 2)):
        prices = [(p.observed_at, (p.prompt, p.completion, p.cache_read)[pick]) for p in observed]
        now = per_million(prices[-1][1]) if prices else None
        before, changed = None, None
        for n in range(len(prices) - 1, 0, -1):
            if prices[n][1] != prices[n - 1][1]:
                before, changed = prices[n - 1][1], prices[n][0]
                break
        out.append(PriceMove(name, now, per_million(before), changed, list_price(now, discount)))
    return tuple(out)
