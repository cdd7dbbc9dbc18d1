"""A figure of the screen with what it is computed from, read of a market through its own lens and others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from msgspec.structs import replace

from orwatch.core.market import Market
from orwatch.core.views.detail import group_detail, model_detail
from orwatch.core.views.overview import snapshot
from orwatch.core.views.prices import gap_week, gaps, price_list
from orwatch.domain.detail import Detail
from orwatch.domain.explain import (
    Explained,
    ExplainedGap,
    ExplainedPrice,
    Figure,
    Listed,
    Reading,
    Run,
    Value,
)
from orwatch.domain.leads import Kind, is_country_pair
from orwatch.domain.names import vendor_of, without_variant
from orwatch.domain.overview import ModelRow, ShareRow, Snapshot
from orwatch.domain.periods import Grain, Period, Streak
from orwatch.domain.prices import held_before
from orwatch.domain.query import Query
from orwatch.domain.rankings import Lens, Ranking, Rankings, Status, rank
from orwatch.domain.records import OTHER, Basis
from orwatch.domain.vendors import UNATTRIBUTED
from orwatch.errors import NoDataError

STREAKS: Final = ("top_ten", "leads", "grew", "shrank")
COMPARED: Final = ("change", "moved")
"""Terms of figures on the period before."""
SPLIT: Final = ("lead", "share", "attributed")
"""Terms of figures of a country or vendor that what is unknown could change."""

OF_TOTAL: Final = {
    "total": "total", "tokens": "total", "change": "total_change", "grew": "total_grew", "shrank": "total_shrank",
}  # fmt: skip
OF_MODEL: Final = {
    "rank": "rank", "moved": "rank_change", "tokens": "tokens", "share": "share", "change": "change",
    "top_ten": "streak", "leads": "lead_streak", "periods": "periods",
}  # fmt: skip
OF_GROUP: Final = {
    "tokens": "tokens", "share": "share_of_all", "attributed": "share_of_attributed", "change": "change", "models": "models",
}  # fmt: skip
OF_DETAIL: Final = {
    "rank": "place", "tokens": "tokens", "share": "share", "change": "change", "leads": "lead", "top_ten": "top_ten",
    "grew": "grew", "shrank": "shrank", "models": "count",
}  # fmt: skip
"""Where each term stands: in a snapshot, in a row of it, in the detail of a row."""


def explained(market: Market, query: Query, figure: Figure) -> Explained:
    """A figure of the rankings in the period of a query. NoDataError where the cache holds nothing for it."""
    snap = snapshot(market, query)
    rankings = market.rankings(query.grain, query.lens, query.back)
    here = _reading(market, snap, figure)
    unattributed = next((row.tokens for row in snap.split.rows if row.key is None), 0)
    by_country = figure.kind is Kind.COUNTRY or (figure.kind is Kind.VERSUS and is_country_pair(*figure.id.split(":")))
    unknown = snap.other.tokens + (unattributed if by_country else 0)
    absent = () if figure.term != "change" or figure.kind is not Kind.MODEL else _absent(rankings, snap, figure.id)
    return Explained(
        figure,
        snap,
        market.catalogue.name(figure.id) if figure.kind is Kind.MODEL and figure.id != OTHER else figure.id,
        here,
        tuple(_reading(market, snapshot(market, other), figure) for other in _others(query, figure)),
        tuple(_assumed(snap, figure, here, unknown)) if figure.term in SPLIT else (),
        _status(snap, figure),
        _listed(rankings, snap.before) if figure.term in COMPARED else None,
        snap.compared,
        absent,
        _run(market, rankings, snap, figure, here.value) if isinstance(here.value, Streak) else None,
    )


def _others(query: Query, figure: Figure) -> Iterator[Query]:
    """The same query through the lenses under which the figure can be another."""
    lens = query.lens
    if figure.kind is None or figure.id == OTHER:
        return
    yield from (replace(query, lens=replace(lens, basis=basis)) for basis in Basis if basis is not lens.basis)
    if figure.kind is not Kind.MODEL or figure.term in ("rank", "moved", *STREAKS):
        yield replace(query, lens=replace(lens, free=not lens.free))
    if figure.kind is Kind.MODEL:
        yield replace(query, lens=replace(lens, merged=not lens.merged))


def _reading(market: Market, snap: Snapshot, figure: Figure) -> Reading:
    """The figure as a snapshot has it, with its parts."""
    if snap.lens.merged and figure.kind is Kind.MODEL:
        figure = replace(figure, id=without_variant(figure.id))
    value = _value(market, snap, figure)
    parts: tuple[int | None, ...] = ()
    match figure.term:
        case "share":
            parts = (_own(market, snap, figure), snap.total)
        case "attributed":
            known = sum(row.tokens for row in snap.split.rows if row.key not in (None, OTHER))
            parts = (_own(market, snap, figure), known)
        case "lead":
            here = snap.standoff
            parts = (here.a, here.b) if here.known else (None, None)
        case "change":
            pair = market.rankings(snap.query.grain, snap.lens, snap.query.back).compared(snap.period)
            parts = (None, None) if pair is None else tuple(_tokens(market, side, figure) for side in pair)
        case "first_vendor":
            first = next(found for found in snap.first_vendors if found.basis is snap.lens.basis)
            ordered = sorted((row.tokens for row in snap.vendors), reverse=True)
            return Reading(snap.lens, first.ratio, tuple(ordered[:2]), first.vendor or "")
        case "moved":
            rankings = market.rankings(snap.query.grain, snap.lens, snap.query.back)
            before, now_ = rankings.complete(snap.before), rankings.at(snap.period)
            parts = tuple(side.places.get(figure.id) if side else None for side in (before, now_))
    return Reading(snap.lens, value, parts)


def _own(market: Market, snap: Snapshot, figure: Figure) -> int | None:
    """The tokens of the same row."""
    tokens = _value(market, snap, replace(figure, term="tokens"))
    return tokens if isinstance(tokens, int) else None


def _tokens(market: Market, ranking: Ranking | None, figure: Figure) -> int | None:
    """Tokens of the row of a figure in a ranking; None where they are not known there."""
    if ranking is None or figure.kind is None:
        return ranking.total if ranking else None
    if figure.id == OTHER:
        return ranking.outside
    if figure.kind is Kind.MODEL:
        return ranking.named.get(figure.id)
    if not ranking.fills_basis:
        return None
    if figure.kind is Kind.VENDOR:
        return ranking.by_key(vendor_of).get(figure.id, 0)
    return ranking.by_key(market.attribution.country).get(None if figure.id == UNATTRIBUTED else figure.id, 0)


def _value(market: Market, snap: Snapshot, figure: Figure) -> Value:
    """The figure of a snapshot, or of the detail of its row where the snapshot has none."""
    term, kind = figure.term, figure.kind
    if kind is None:
        return _told(snap, OF_TOTAL, term)
    if term == "first_vendor":
        return None
    if kind is Kind.VERSUS:
        here = snap.standoff
        return {"lead": here.ratio, "leads": snap.lead.streak if snap.lead.leader else None}.get(term)
    if kind is Kind.MODEL and figure.id != OTHER:
        model = next((row for row in snap.models if row.permaslug == figure.id), None)
        if model is not None and term in OF_MODEL:
            return _told(model, OF_MODEL, term)
        return _told(model_detail(market, snap, (), figure.id), OF_DETAIL, term)
    key = None if figure.id == UNATTRIBUTED else figure.id
    group = next((row for row in snap.split.rows if row.key == key), None)
    if group is not None and term in OF_GROUP:
        return None if snap.unfilled and kind is not Kind.MODEL else _told(group, OF_GROUP, term)
    return None if figure.id == OTHER else _told(group_detail(market, snap, (), kind, figure.id), OF_DETAIL, term)


def _told(whole: Snapshot | ModelRow | ShareRow | Detail, fields: Mapping[str, str], term: str) -> Value:
    found: Value = getattr(whole, fields[term]) if term in fields else None
    return found


def _status(snap: Snapshot, figure: Figure) -> Status | None:
    """Why a row has no change: it is new, or back."""
    if figure.kind is Kind.MODEL:
        return next((row.status for row in snap.models if row.permaslug == figure.id), None)
    key = None if figure.id == UNATTRIBUTED else figure.id
    return next((row.status for row in snap.split.rows if row.key == key), None)


def _assumed(snap: Snapshot, figure: Figure, here: Reading, unknown: int) -> Iterator[tuple[str, Reading]]:
    """The figure if everything unknown belonged to a side: to each of a head to head; to the row itself for a share."""
    if not here.parts or None in here.parts or not unknown or figure.id in (OTHER, UNATTRIBUTED):
        return
    own, whole = (part or 0 for part in here.parts)
    if figure.kind is Kind.VERSUS:
        a, b = figure.id.split(":")
        if own:
            yield b, _over(snap.lens, own, whole + unknown)
        if whole:
            yield a, _over(snap.lens, own + unknown, whole)
    elif figure.kind in (Kind.COUNTRY, Kind.VENDOR):
        yield figure.id, _over(snap.lens, own + unknown, whole + (unknown if figure.term == "attributed" else 0))
        if figure.term == "attributed":
            yield "", _over(snap.lens, own, whole + unknown)


def _over(lens: Lens, a: int, b: int) -> Reading:
    return Reading(lens, a / b if b else None, (a, b))


def _listed(rankings: Rankings, period: Period) -> Listed:
    record, ranking = rankings.record, rankings.at(period)
    there = ranking is not None
    return Listed(
        period,
        record.state(period) if there else None,
        ranking.listing.as_of if ranking else None,
        record.days_done(period),
        len(ranking.slugs) if ranking else 0,
        ranking is not None and ranking.fills_basis,
    )


def _absent(rankings: Rankings, snap: Snapshot, slug: str) -> tuple[date, ...]:
    """The days that a running period is compared by and that do not name a model."""
    record = rankings.record
    days = [day for pair in record.compared_days(snap.period, snap.before) for day in pair]
    return tuple(day for day in sorted(days) if slug not in rank(record.days[day], rankings.lens).slugs)


def _run(market: Market, rankings: Rankings, snap: Snapshot, figure: Figure, value: Streak) -> Run | None:
    """What lies before a streak, or in the newest complete period where there is none."""
    newest = rankings.record.newest_complete(snap.period)
    if newest is None or not value.counted:
        return None
    before = newest.back(value.length)
    ranking = rankings.at(before)
    place = ranking.places.get(figure.id) if ranking and figure.kind is Kind.MODEL else None
    leader = None
    if figure.term == "leads" and figure.kind is not None:
        sides = figure.id.split(":") if figure.kind is Kind.VERSUS else snap.query.versus
        leader = market.leads(replace(snap.query, versus=(sides[0], sides[1])), figure.kind).leader(before)
    since = newest.back(value.length - 1) if value.length else None
    return Run(since, _listed(rankings, before), place, leader)


def explained_price(market: Market, query: Query, figure: Figure) -> ExplainedPrice:
    """A figure of the prices table, by an id of the catalogue or a permaslug. NoDataError where no price was seen."""
    snap = snapshot(market, query)
    listed = price_list(market, query)
    row = next((row for row in listed.rows if figure.id in (row.id, row.permaslug)), None)
    if row is None:
        raise NoDataError(f"No price of {figure.id} is known of that time; `orwatch prices` lists those that are.")
    held = None
    if figure.term == "price_change" and listed.seen_at is not None:
        observed = market.cache.catalogue.prices(row.id, snap.prices_until)
        held = held_before(observed, listed.seen_at)
    return ExplainedPrice(figure, snap, row, held, listed.seen_at, listed.until)


def explained_gap(market: Market, query: Query, figure: Figure) -> ExplainedGap:
    """The medians of CN and US of one price, `input` or `output`."""
    snap = snapshot(market, query)
    until, lens = snap.prices_until, query.lens
    lenses = [replace(lens, basis=basis) for basis in Basis if basis is not lens.basis]
    lenses.append(replace(lens, free=not lens.free))
    here = gaps(market, lens, until)[figure.id]
    return ExplainedGap(
        figure,
        snap,
        here,
        gap_week(market.record(Grain.WEEK), until),
        tuple((other, gaps(market, other, until)[figure.id]) for other in lenses),
        market.prices(until).seen_at,
    )
