"""What a period's tokens cost, at the prices that were seen by its end or at those of now."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from msgspec.structs import replace

from orwatch.core.market import Market, Prices
from orwatch.domain.names import is_free, without_variant
from orwatch.domain.overview import ModelRow
from orwatch.domain.periods import Period
from orwatch.domain.query import Query
from orwatch.domain.spend import FREE, Spend, SpendRow, added, estimate, is_priceless
from orwatch.domain.value import blend
from orwatch.domain.vendors import country_name


def spend(market: Market, query: Query, *, today: bool = False) -> Spend:
    """What the rows of the basis cost in the period that a query asks for. Raises NoDataError where there is none.

    today: at the prices of now. They also hold where none were seen by the end of the newest period.
    """
    period = market.resolve(query.grain, query.at)
    rankings = market.rankings(query.grain, query.lens)
    ranking = rankings.at(period)
    assert ranking is not None
    prices, late = _prices(market, query, period, today=today)
    variants: dict[str, list[tuple[str, int]]] = {}
    for slug, tokens in ranking.listing.rows:
        if query.lens.free or not is_free(slug):
            variants.setdefault(without_variant(slug) if query.lens.merged else slug, []).append((slug, tokens))
    rows = [_row(market, prices, row, variants[row.permaslug]) for row in market.model_rows(rankings, period)]
    return Spend(
        period=period,
        settings=market.settings.spend,
        today=late,
        seen_at=prices.seen_at,
        input=market.settings.value.input,
        total=ranking.total,
        named=sum(row.tokens for row in rows),
        rows=_ordered(rows),
        countries=_ordered([_country(key, rows) for key in dict.fromkeys(row.country for row in rows)]),
    )


def spend_by_period(market: Market, query: Query, count: int, *, today: bool = False) -> tuple[Spend, ...]:
    """The estimates of at most `count` periods to that which a query asks for, newest first, as far back as prices were seen.

    Each at the prices that were seen by its end; today: as far as the record goes, at those of now. Gaps of it are passed over.
    """
    period, since = market.resolve(query.grain, query.at), market.cache.catalogue.first_seen()
    listings, out = market.record(query.grain, query.lens).listings, [spend(market, query, today=today)]
    first = min(listings) if today else None
    period = period.earlier()
    while since is not None and (period >= first if first else period.end >= since.date()) and len(out) < count:
        if period in listings:
            out.append(spend(market, replace(query, at=period.day), today=today))
        period = period.earlier()
    return tuple(out)


def _prices(market: Market, query: Query, period: Period, *, today: bool) -> tuple[Prices, bool]:
    """The prices, and whether they were seen only after the period had ended."""
    end = period.ends_at
    newest = market.prices()
    if end > market.now or (newest.seen_at is not None and newest.seen_at < end):
        return newest, False
    own = market.prices(end)
    if today or (own.seen_at is None and query.at == "newest"):
        return newest, newest.seen_at is not None
    return own, False


def _row(market: Market, prices: Prices, row: ModelRow, variants: Sequence[tuple[str, int]]) -> SpendRow:
    """variants: the rows of the source that it is made of, with their tokens."""
    settings = market.settings.spend
    offers = {slug: market.offer(slug, prices.until) for slug, _ in variants}
    pricing = {slug: None if offer is None else offer.pricing for slug, offer in offers.items()}
    costs = [(tokens, estimate(slug, tokens, pricing[slug], settings)) for slug, tokens in variants]
    known = [band for _, band in costs if band is not None]
    own = next((found for found in pricing.values() if found is not None), None)
    return SpendRow(
        key=row.permaslug,
        name=row.name,
        country=row.country,
        token_rank=row.rank,
        tokens=row.tokens,
        share=row.share,
        band=added(known) if known else None,
        covered=sum(tokens for tokens, band in costs if band is not None),
        free=all(is_priceless(slug, found) for slug, found in pricing.items()),
        blend=None if own is None else blend(own, Decimal(str(market.settings.value.input))),
        pricing=own,
        model=row,
    )


def _ordered(rows: Sequence[SpendRow]) -> tuple[SpendRow, ...]:
    """The dearest first, those without a price last, each with its place and its part of the whole."""
    whole = added(row.band for row in rows if row.band is not None)
    ordered = sorted(rows, key=lambda row: (row.band is None, -(row.band or FREE).high, -row.tokens, row.key or ""))
    out = []
    for n, row in enumerate(ordered, 1):
        low, high = (None, None) if row.band is None else row.band.of(whole)
        out.append(replace(row, rank=n, share_low=low, share_high=high))
    return tuple(out)


def _country(key: str | None, all_rows: Sequence[SpendRow]) -> SpendRow:
    rows = [row for row in all_rows if row.country == key]
    known = [row.band for row in rows if row.band is not None]
    return SpendRow(
        key=key,
        name=country_name(key) if key else "unattributed",
        country=key,
        tokens=sum(row.tokens for row in rows),
        share=sum(row.share for row in rows),
        band=added(known) if known else None,
        covered=sum(row.covered for row in rows),
        free=all(row.free for row in rows),
    )
