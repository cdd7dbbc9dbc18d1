"""One period through one lens: its total, its models, how it splits, who leads, and the periods before it."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from orwatch.core.market import Market
from orwatch.core.query import Query
from orwatch.domain.figures import ModelFigures, model_figures
from orwatch.domain.filters import Facts
from orwatch.domain.leads import Kind, Lead, Subject, leader_of
from orwatch.domain.rankings import Lens, Rankings, change, is_free
from orwatch.domain.records import Basis, Period, State
from orwatch.domain.shares import Split, Stack, split, stacks
from orwatch.domain.streaks import Streak
from orwatch.domain.vendors import Vendor, is_cloaked

PERIODS_SHOWN = 52
"""Periods of the history and of a head to head."""


class ModelRow(Struct, frozen=True):
    """A row of the models table: its figures, and what the catalogue and the vendors table say of it."""

    figures: ModelFigures
    name: str
    country: str | None
    cloaked: bool
    open_weights: bool | None
    facts: Facts


class Standoff(Struct, frozen=True):
    """A head to head on one basis: tokens of both sides, and whether the split is known there."""

    basis: Basis
    a: int
    b: int
    known: bool

    @property
    def ratio(self) -> float | None:
        """Tokens of a ÷ tokens of b; None where b has none or the split is unknown."""
        return self.a / self.b if self.known and self.b else None


class FirstVendor(Struct, frozen=True):
    """The first vendor on one basis, with the lead over the second as a ratio (None where there is no second)."""

    basis: Basis
    vendor: str | None
    ratio: float | None


class VendorRow(Struct, frozen=True):
    """A vendor and what its rows on the basis carry."""

    vendor: Vendor
    tokens: int
    share: float
    models: int


class Snapshot(Struct, frozen=True):
    """One period, read through one lens.

    as_of: the source's time of this period's figures; now: the newest of the cache. total: tokens. total_change: fraction, like
    for like in a running period. days: complete days and length. named: rows of the period; outside: tokens outside the basis.
    newest: the newest complete period; periods: of the record. first_vendors, standoffs: one a basis. vendors: of the basis, by
    tokens. history: the last periods, oldest first; None for a gap. prices_until: the midnight (UTC) before which the prices of
    a past period were seen; None: the newest.
    """

    source: str
    query: Query
    now: datetime
    as_of: datetime
    period: Period
    state: State
    composed: bool
    days: tuple[int, int]
    total: int
    total_change: float | None
    total_grew: Streak
    total_shrank: Streak
    models: tuple[ModelRow, ...]
    named: int
    outside: int
    outside_share: float
    outside_change: float | None
    free_share: float
    split: Split
    lead: Lead
    standoffs: tuple[Standoff, ...]
    first_vendors: tuple[FirstVendor, ...]
    vendors: tuple[VendorRow, ...]
    history: tuple[Stack | None, ...]
    newest: Period
    periods: int
    prices_until: datetime | None

    @property
    def lens(self) -> Lens:
        """How the listing was read."""
        return self.query.lens

    @property
    def bases_disagree(self) -> bool:
        """Whether two bases name different leaders of the head to head."""
        leading = {s.a > s.b for s in self.standoffs if s.known and s.a != s.b}
        return len(leading) > 1

    @property
    def vendors_disagree(self) -> bool:
        """Whether two bases name different first vendors."""
        return len({v.vendor for v in self.first_vendors if v.vendor}) > 1


def snapshot(market: Market, query: Query) -> Snapshot:
    """The period that a query asks for. NoDataError where the cache holds nothing for it."""
    record = market.record(query.grain)
    period = market.resolve(query.grain, query.at)
    rankings = market.rankings(query.grain, query.lens)
    ranking = rankings.at(period)
    listing = record.listings[period]
    pair = rankings.compared(period)
    whole = split(rankings, period, market.attribution.country)
    assert ranking is not None
    assert whole is not None
    free = sum(n for slug, n in zip(*listing.figures, strict=True) if is_free(slug))
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
        models=model_rows(market, rankings, period),
        named=len(ranking.slugs),
        outside=ranking.outside,
        outside_share=ranking.outside / ranking.total if ranking.total else 0.0,
        outside_change=change(pair[0].outside, pair[1].outside) if pair else None,
        free_share=free / listing.total if listing.total else 0.0,
        split=whole,
        lead=market.leadership(query.grain, query.lens, Subject.versus(*query.versus)).lead(period),
        standoffs=tuple(standoff(market, query, basis, period) for basis in Basis),
        first_vendors=tuple(first_vendor(market, query, basis, period) for basis in Basis),
        vendors=vendor_rows(market, rankings, period),
        history=stacks(rankings, period, PERIODS_SHOWN, market.attribution.country),
        newest=market.resolve(query.grain, "newest"),
        periods=len(record.listings),
        prices_until=market.prices_until(query.at, period),
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
