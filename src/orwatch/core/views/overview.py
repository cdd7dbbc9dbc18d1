"""The period that a query asks for: its total, its models, how it splits, who leads, and how much of it was free or discounted."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date

from msgspec.structs import replace

from orwatch.core.market import Market
from orwatch.domain.leads import Kind, leader_of
from orwatch.domain.names import vendor_of
from orwatch.domain.now import Headline, Now, first_day_of, outlook
from orwatch.domain.overview import (
    BasisLead,
    FirstVendor,
    Snapshot,
    Standoff,
    VendorRow,
    split,
)
from orwatch.domain.periods import Grain, Period, State
from orwatch.domain.query import Query
from orwatch.domain.rankings import Rankings
from orwatch.domain.records import NAMED_ROWS, Basis
from orwatch.domain.spend import Row, Skew, skew
from orwatch.errors import NoDataError, UsageError


def snapshot(market: Market, query: Query) -> Snapshot:
    """The period that a query asks for.

    NoDataError where the cache holds nothing for it, UsageError where several periods would be compared with some of themselves.
    """
    period = market.resolve(query.grain, query.at)
    if query.back is not None and query.back < period.count:
        raise UsageError(
            f"--change {query.back} compares {period.count} {query.grain}s with some of themselves;"
            f" give {period.count} or more, or leave it out for those just before."
        )
    rankings = market.rankings(query.grain, query.lens, query.back)
    record = rankings.record
    ranking, before = rankings.at(period), rankings.before(period)
    whole = split(rankings, period, market.attribution.country)
    assert ranking is not None
    assert whole is not None
    listing = ranking.listing
    return Snapshot(
        source=market.source,
        query=query,
        now=record.now,
        as_of=listing.as_of,
        period=period,
        state=record.state(period),
        composed=listing.composed,
        origin=listing.origin,
        days=record.days_done(period),
        compared=len(record.compared_days(period, before)),
        before=before,
        missing=tuple(part for part in period.parts() if record.complete(part) is None) if period.count > 1 else (),
        unfilled=tuple(part.listing.period for part in ranking.parts if not part.fills_basis),
        total=ranking.total,
        total_change=rankings.total_change(period),
        total_grew=rankings.total_streak(period, grew=True),
        total_shrank=rankings.total_streak(period, grew=False),
        models=market.model_rows(rankings, period),
        named=len(ranking.slugs),
        split=whole,
        lead=market.leads(query).lead(period),
        standoffs=tuple(standoff(market, query, basis, period) for basis in Basis),
        first_vendors=tuple(first_vendor(market, query, basis, period) for basis in Basis),
        vendors=vendor_rows(market, rankings, period),
        newest=market.resolve(query.grain, "newest"),
        periods=len(record.listings),
        prices_until=market.prices_until(query.at, period),
    )


def near_snapshot(market: Market, query: Query) -> Snapshot:
    """The rankings of a query, or the newest where they lack its period: what stands beside them has days of its own."""
    try:
        return snapshot(market, query)
    except NoDataError:
        return snapshot(market, replace(query, at="newest"))


def standoff(market: Market, query: Query, basis: Basis, period: Period) -> Standoff:
    """The query's head to head on another basis, same period."""
    tokens = market.leads(query, basis=basis).tokens(period)
    a, b = query.versus
    return Standoff(basis, tokens[a], tokens[b], True) if tokens else Standoff(basis, 0, 0, False)


def basis_lead(market: Market, query: Query, basis: Basis, period: Period) -> BasisLead:
    """The same, with who leads there."""
    return BasisLead(standoff(market, query, basis, period), market.leads(query, basis=basis).lead(period))


def first_vendor(market: Market, query: Query, basis: Basis, period: Period) -> FirstVendor:
    """The first vendor on a basis."""
    leads = market.leads(query, Kind.VENDOR, basis)
    tokens = leads.tokens(period)
    first = leader_of(tokens or {}, None)
    if first is None:  # equal totals: who led before decides, and only then is all of the past looked at
        first = leads.leader(period) or leader_of(tokens or {}, leads.leader(period.previous()))
    if not tokens or first is None:
        return FirstVendor(basis, None, None)
    second = max((n for vendor, n in tokens.items() if vendor != first), default=0)
    return FirstVendor(basis, first, tokens[first] / second if second else None)


def vendor_rows(market: Market, rankings: Rankings, period: Period) -> tuple[VendorRow, ...]:
    """Vendors of the period's basis by tokens, descending."""
    ranking = rankings.at(period)
    if ranking is None:
        return ()
    models = Counter(map(vendor_of, ranking.slugs_on_basis))
    ordered = sorted(ranking.by_key(vendor_of).items(), key=lambda item: (-item[1], item[0]))
    return tuple(
        VendorRow(market.attribution.vendor(slug), n, n / ranking.total if ranking.total else 0.0, models[slug])
        for slug, n in ordered
    )


def skewed(market: Market, snapshot: Snapshot) -> Skew | None:
    """Free and discounted shares of all tokens of a period; None where too few rows are named, and of several added up.

    Prices and hosts are those of the period, as the prices on screen are.
    """
    ranking = market.rankings(snapshot.period.grain, snapshot.lens).at(snapshot.period)
    if ranking is None or ranking.parts or not ranking.listing.names(NAMED_ROWS):
        return None
    until, rows = snapshot.prices_until, []
    for slug, tokens in ranking.listing.rows:
        offer = market.offer(slug, until)
        rows.append(Row(slug, tokens, offer.pricing if offer else None, market.hosts_of(slug, until)))
    return skew(rows, ranking.total, market.prices(until).seen_at)


def headline(market: Market, query: Query, period: Period) -> Headline:
    """A period of the record through the lens of a query, with the figures that its snapshot has."""
    rankings = market.rankings(period.grain, query.lens)
    record, ranking = rankings.record, rankings.at(period)
    assert ranking is not None
    return Headline(
        period=period,
        state=record.state(period),
        days=record.days_done(period),
        total=ranking.total,
        total_change=rankings.total_change(period),
        versus=query.versus,
        standoff=standoff(market, query, query.lens.basis, period),
    )


def beside(market: Market, query: Query) -> Headline | None:
    """The period that a query asks for by date, else the newest complete one, None where there is none.

    NoDataError where the cache holds nothing of the grain, or of that date.
    """
    period = market.resolve(query.grain, "newest" if query.at == "now" else query.at)
    found = headline(market, query, period)
    return found if isinstance(query.at, date) or found.state is State.COMPLETE else None


def now(market: Market, query: Query) -> Now:
    """The period in progress through the lens of a query: that of its grain, beside trailing weeks the week.

    NoDataError on an empty cache.
    """
    query = replace(query, grain=Grain.WEEK) if query.grain.trailing else query
    record, today = market.record(query.grain, query.lens), market.now.astimezone(UTC).date()
    period = Period.of(query.grain, today)
    begun = period.start < today
    if record.running is None:
        return Now(period, begun, None)
    contests = (market.leads(query, kind) for kind in (Kind.VERSUS, Kind.COUNTRY, Kind.MODEL, Kind.VENDOR))
    turns = ((leads.subject, flip) for leads in contests if (flip := leads.on_course()) is not None)
    subject, flip = next(turns, (None, None))
    models = (flip.after, flip.before) if flip and subject and subject.kind is Kind.MODEL else ()
    totals = market.cache.rankings.day_totals(first_day_of(period)) if begun else {}
    return Now(
        period,
        begun,
        headline(market, query, period),
        outlook(record, period, totals) if begun else None,
        flip,
        subject,
        {slug: market.catalogue.name(slug) for slug in models},
    )
