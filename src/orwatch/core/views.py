"""From the cache to one frozen snapshot: everything a screen or a command shows of a period, computed once.

Both front ends call this. Rows come from the cache, pass through the domain's definitions and end in records without wording.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from msgspec.structs import replace

from orwatch.core.market import Market
from orwatch.core.snapshots import (
    At,
    Duel,
    FirstVendor,
    Later,
    ModelRow,
    PriceRow,
    PriceRows,
    Query,
    Snapshot,
    Standoff,
    VendorRow,
)
from orwatch.domain.figures import model_figures
from orwatch.domain.leads import Kind, Subject, leader_of
from orwatch.domain.rankings import Lens, Rankings, change, is_free
from orwatch.domain.records import Basis, Grain, Period, State
from orwatch.domain.shares import split, stacks
from orwatch.domain.vendors import is_cloaked

if TYPE_CHECKING:
    from orwatch.domain.alerts.records import Alert
    from orwatch.domain.prices import Gap

__all__ = ["At", "Market", "Query", "Snapshot", "duels", "gaps", "price_rows", "snapshot"]

WEEKS_SHOWN = 52
KEPT = 64
"""Snapshots kept of one state of the cache, so that the way back to what was just seen costs nothing."""


def snapshot(market: Market, query: Query) -> Snapshot:
    """Everything shown for a query, computed once until the cache changes. NoDataError where it holds nothing for it."""
    market.refresh()
    known = market.snapshots.get(query)
    if known is None:
        if len(market.snapshots) >= KEPT:
            market.snapshots.clear()
        known = market.snapshots[query] = _computed(market, query)
    return known


def _computed(market: Market, query: Query) -> Snapshot:
    record = market.record(query.grain)
    period = market.resolve(query.grain, query.at)
    rankings = market.rankings(query.grain, query.lens)
    ranking = rankings.at(period)
    listing = record.listings[period]
    assert ranking is not None
    pair = rankings.compared(period)
    whole = split(rankings, period, market.attribution.country)
    assert whole is not None
    models = model_rows(market, rankings, period)
    free = sum(n for slug, n in zip(*listing.figures, strict=True) if is_free(slug))
    until = market.prices_until(query.at, period)
    return Snapshot(
        source=market.source,
        query=query,
        now=record.now,
        as_of=listing.as_of,
        period=period,
        state=record.state(period),
        composed=listing.composed,
        days=record.days_done(period),
        total=ranking.total,
        total_change=change(pair[0].total, pair[1].total) if pair else None,
        total_grew=rankings.total_streak(period, grew=True),
        total_shrank=rankings.total_streak(period, grew=False),
        models=models,
        named=len(ranking.slugs),
        outside=ranking.outside,
        outside_share=ranking.outside / ranking.total if ranking.total else 0.0,
        outside_change=change(pair[0].outside, pair[1].outside) if pair else None,
        free_share=free / listing.total if listing.total else 0.0,
        split=whole,
        lead=market.leadership(query.grain, query.lens, Subject.versus(*query.versus)).lead(period),
        standoffs=tuple(standoff(market, query, basis, period) for basis in Basis),
        newest=market.resolve(query.grain, "newest"),
        periods=len(record.listings),
        later=_later(market.as_it_is(), query, rankings, period, [row.figures.permaslug for row in models]),
        prices_until=until,
    )


def _later(market: Market, query: Query, rankings: Rankings, period: Period, ranked: Sequence[str]) -> Later:
    """What can wait until it is looked at. market: as it is now, whatever the cache holds by then."""
    until = market.prices_until(query.at, period)
    return Later(
        first_vendors=lambda: tuple(first_vendor(market, query, basis, period) for basis in Basis),
        history=lambda: stacks(rankings, period, WEEKS_SHOWN, market.attribution.country),
        prices=lambda: price_rows(market, query.baseline, ranked, until),
        book=lambda: market.prices_at(until),
        duels=lambda: duels(market, query, period, WEEKS_SHOWN),
        gaps=lambda: gaps(market, query.lens, until),
        alerts=lambda: alerts_until(market, query, period),
        names=lambda alerts: alert_names(market, alerts),
        vendors=lambda: vendor_rows(market, rankings, period),
    )


def model_rows(market: Market, rankings: Rankings, period: Period) -> tuple[ModelRow, ...]:
    """The models table of a period, every row of the basis."""
    lens = rankings.lens
    lead = market.leadership(rankings.record.grain, lens, Subject(Kind.MODEL)).lead(period)
    out = []
    for figures in model_figures(rankings, period, {lead.leader: lead.streak} if lead.leader else {}):
        facts = market.facts(figures.permaslug, free=figures.free)
        cloaked = is_cloaked(figures.vendor)
        out.append(ModelRow(figures, facts.name, facts.country, cloaked, facts.open_weights, facts))
    return tuple(out)


def standoff(market: Market, query: Query, basis: Basis, period: Period) -> Standoff:
    """The query's head to head on another basis, same period."""
    lens = Lens(basis, query.lens.free, query.lens.merged)
    tokens = market.leadership(query.grain, lens, Subject.versus(*query.versus)).tokens(period)
    a, b = query.versus
    return Standoff(basis, tokens[a], tokens[b], True) if tokens else Standoff(basis, 0, 0, False)


def first_vendor(market: Market, query: Query, basis: Basis, period: Period) -> FirstVendor:
    """The first vendor on a basis."""
    lens = Lens(basis, query.lens.free, query.lens.merged)
    leads = market.leadership(query.grain, lens, Subject(Kind.VENDOR))
    tokens = leads.tokens(period)
    first = leader_of(tokens or {}, None)
    if first is None:  # equal totals: who led before decides, and only then is all of the past looked at
        first = leads.leaders.get(period) or leader_of(tokens or {}, leads.leaders.get(period.previous()))
    if not tokens or first is None:
        return FirstVendor(basis, None, None)
    second = max((n for vendor, n in tokens.items() if vendor != first), default=0)
    return FirstVendor(basis, first, tokens[first] / second if second else None)


def duels(market: Market, query: Query, until: Period, count: int | None = None) -> tuple[Duel, ...]:
    """A head to head period by period, newest first, to `until`; a gap in the record comes without figures."""
    leads = market.leadership(query.grain, query.lens, Subject.versus(*query.versus))
    flips = {flip.period for flip in leads.flips}
    a, b = query.versus
    out: list[Duel] = []
    first = leads.record.first
    period = until
    while first is not None and period >= first and (count is None or len(out) < count):
        tokens = leads.tokens(period)
        complete = leads.record.complete(period) is not None
        leader = leads.leaders.get(period)
        if tokens and not complete:
            leader = a if tokens[a] > tokens[b] else b if tokens[b] > tokens[a] else None
        side = (tokens[a], tokens[b]) if tokens else (0, 0)
        out.append(Duel(period, *side, tokens is not None, complete, leader, period in flips))
        period = period.previous()
    return tuple(out)


def price_rows(
    market: Market, baseline: str | None, ranked: Sequence[str], until: datetime | None = None
) -> tuple[PriceRows, str | None]:
    """The prices table: ranked models first, in rank order, then the rest of the catalogue by id; and the baseline's id.

    Entries without a price come after all that have one.

    baseline: an id; None: the first ranked model that has a price. until: the midnight before which the prices were seen.
    """
    from orwatch.domain.prices import unpriced

    present = market.prices_at(until).present
    listed: dict[str, str] = {}
    for slug in ranked:
        entry = market.catalogue.entry(slug)
        if entry is not None and entry.id in present:
            listed.setdefault(entry.id, slug)
    if baseline not in present:
        baseline = next((id_ for id_ in listed if (present[id_].pricing.prompt or 0) > 0), None)

    def row(id_: str) -> PriceRow:
        found = market.price_row(id_, baseline, until)
        slug = listed.get(id_)
        return (
            found if slug is None else replace(found, permaslug=slug, facts=market.facts(slug, free=found.figures.free))
        )

    ids = [*listed, *(id_ for id_ in present if id_ not in listed and not id_.startswith("~"))]
    ids.sort(key=lambda id_: unpriced(present[id_].pricing))
    discounted = any(present[id_].pricing.discount is not None for id_ in ids)
    return PriceRows(ids, row, discounted=discounted), baseline


def gaps(market: Market, lens: Lens, until: datetime | None = None) -> Mapping[str, Gap]:
    """Country gaps over the models of the basis in the newest complete week, or the newest that had ended by a midnight."""
    from orwatch.domain.prices import country_gap

    record = market.record(Grain.WEEK)
    last = None if until is None else Period.of(Grain.WEEK, until.date()).previous()
    week = record.newest_complete(last)
    ranking = market.rankings(Grain.WEEK, lens).at(week) if week else None
    slugs = [row.permaslug for row in ranking.on_basis] if ranking else []
    known = [entry.id for slug in slugs if (entry := market.catalogue.entry(slug)) is not None]
    present = market.prices_at(until).present
    entries = [present[id_] for id_ in known if id_ in present]
    return country_gap(entries, market.attribution.country)


def vendor_rows(market: Market, rankings: Rankings, period: Period) -> tuple[VendorRow, ...]:
    """Vendors of the period's basis by tokens, descending."""
    ranking = rankings.at(period)
    if ranking is None:
        return ()
    ordered = sorted(ranking.vendors.items(), key=lambda item: (-item[1], item[0]))
    return tuple(
        VendorRow(
            market.attribution.vendor(slug), n, n / ranking.total if ranking.total else 0.0, ranking.models_of[slug]
        )
        for slug, n in ordered
    )


def alerts_until(market: Market, query: Query, until: Period) -> tuple[Alert, ...]:
    """Every alert that was known when a period had ended, newest first, at the query's grain and through its lens."""
    from orwatch.core.judging import judge
    from orwatch.domain.alerts.records import Standing

    view = query.grain, query.lens
    found = judge(
        market,
        market.rules.at_grain(query.grain),
        versus=query.versus,
        favourites=market.favourites,
        lens=query.lens,
        grain=query.grain,
        course=market.course.get(view, ()),
    )
    market.course_now[view] = frozenset(alert.id for alert in found if alert.state is Standing.ON_COURSE)
    # What is on course belongs to the present, as does what was known since the newest period ended.
    if query.at == "newest" or market.record(query.grain).state(until) is State.RUNNING:
        return found
    then = datetime.combine(until.end + timedelta(days=1), time(), UTC)
    return tuple(alert for alert in found if alert.state is not Standing.ON_COURSE and alert.fired_at <= then)


def alert_names(market: Market, alerts: Sequence[Alert]) -> dict[str, str]:
    """Names of the models that the alerts speak of, by permaslug."""
    slugs = {str(value) for alert in alerts for value in alert.values.values() if isinstance(value, str)}
    return {slug: market.names.name(slug) for slug in slugs if "/" in slug}
