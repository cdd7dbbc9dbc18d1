"""What a quoted sentence is made from, read of a market."""

from __future__ import annotations

from msgspec.structs import replace

from orwatch.core.judge import alert_names
from orwatch.core.market import Market
from orwatch.core.views.detail import group_detail, model_detail
from orwatch.core.views.evidence import evidence
from orwatch.core.views.overview import basis_lead, near_snapshot, snapshot
from orwatch.core.views.prices import price_list
from orwatch.core.views.series import duel
from orwatch.domain.alerts.alert import Alert
from orwatch.domain.detail import Detail
from orwatch.domain.leads import Kind
from orwatch.domain.overview import Snapshot
from orwatch.domain.periods import Period
from orwatch.domain.query import Query
from orwatch.domain.quote import AlertQuote, OnBasis, PairQuote, PriceQuote, RankedQuote
from orwatch.domain.records import Basis
from orwatch.errors import NoDataError
from orwatch.present.sentences import named


def pair_quote(market: Market, query: Query, sides: tuple[str, str]) -> PairQuote:
    """A head to head of two countries or two vendors. NoDataError where the cache holds nothing for the query."""
    query = replace(query, versus=sides)
    snap = snapshot(market, query)
    found = {basis: basis_lead(market, query, basis, snap.period) for basis in Basis}
    here = found.pop(query.lens.basis)
    others = tuple(other for other in found.values() if other.standoff.known)
    return PairQuote(snap, duel(market, query, snap.period), here, others)


def ranked_quote(market: Market, query: Query, kind: Kind, key: str) -> RankedQuote:
    """A model, a vendor or a country among all; the two latter with what they have on the other bases."""
    snap = snapshot(market, query)
    if kind is Kind.MODEL:
        detail, bases = model_detail(market, snap, (), key), []
    else:
        detail = group_detail(market, snap, (), kind, key)
        bases = [basis for basis in Basis if basis is not query.lens.basis]
    others = tuple(_on_basis(market, query, kind, key, basis, snap.period) for basis in bases)
    return RankedQuote(snap, detail, _passed(market, snap, detail), others)


def price_quote(market: Market, query: Query, id_: str) -> PriceQuote:
    """The price of a model, by permaslug or id. NoDataError where none was seen."""
    snap = snapshot(market, query)
    detail = model_detail(market, snap, (), id_)
    listed = price_list(market, replace(query, lens=replace(query.lens, free=True)))
    found = next((row.figures for row in listed.rows if row.figures.id == detail.listed_as), None)
    if found is None or detail.price is None:
        raise NoDataError(f"No price of {detail.name} is known of that time; `orwatch prices` lists those that are.")
    # The detail's own price has the discount of its hosts, the list the ratio to the baseline.
    price = replace(detail.price, input_ratio=found.input_ratio, output_ratio=found.output_ratio)
    return PriceQuote(snap, detail, price, listed.seen_at, listed.base.short_name if listed.base else None)


def alert_quote(market: Market, query: Query, alert: Alert) -> AlertQuote:
    """An alert with what it rests on, at the period that it is about where the record has that."""
    grain = alert.period.grain if alert.at is None else query.grain
    own = replace(query, grain=grain, at=alert.period.day)
    own = replace(own, lens=replace(query.lens, basis=alert.basis or query.lens.basis))
    snap, found = near_snapshot(market, own), evidence(market, query, alert)
    led = [turn.leader for turn in found.flips] if found and alert.subject_kind == "model" else []
    return AlertQuote(
        snap, alert, found, alert_names(market, [alert]) | {slug: market.catalogue.name(slug) for slug in led}
    )


def _passed(market: Market, snap: Snapshot, detail: Detail) -> str | None:
    flip = market.leads(snap.query, detail.kind).flip(snap.period)
    if flip is None or flip.after != detail.id:
        return None
    return named(market.catalogue.name(flip.before), flip.before) if detail.kind is Kind.MODEL else flip.before


def _on_basis(market: Market, query: Query, kind: Kind, key: str, basis: Basis, period: Period) -> OnBasis:
    tokens = market.leads(query, kind, basis).tokens(period)
    if tokens is None:
        return OnBasis(basis, None, None)
    ranks = sorted(tokens, key=lambda name: (-tokens[name], name))
    return OnBasis(basis, tokens.get(key, 0), ranks.index(key) + 1 if key in ranks else None)
