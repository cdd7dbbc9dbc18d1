"""The figures of a briefing, read of a market."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import inf

from msgspec.structs import replace

from orwatch.core.judge import RuleSet, alert_names, judge
from orwatch.core.market import Market
from orwatch.core.views.overview import basis_lead, snapshot, standoff
from orwatch.core.views.prices import gaps
from orwatch.core.views.series import series
from orwatch.domain.alerts.alert import Alert
from orwatch.domain.alerts.registry import AlertRules
from orwatch.domain.alerts.repeats import told_once
from orwatch.domain.brief import Brief, Discounted, PriceNews, Total
from orwatch.domain.leads import Kind, Leadership
from orwatch.domain.overview import Snapshot, Standoff
from orwatch.domain.periods import Period
from orwatch.domain.query import Query
from orwatch.domain.rankings import Rankings
from orwatch.domain.records import Basis
from orwatch.present.sentences import named

PAST = 52
"""Periods of the head to head over time."""

TOLD = ("lead-flip", "price-change", "discount", "free")
"""The rules whose alerts of the period are told."""


def brief(market: Market, query: Query) -> Brief:
    """The briefing of the period that a query asks for. NoDataError where the cache holds nothing for it.

    Prices and discounts are those that were seen by its end, whether the period was named by a day of it or as the newest.
    """
    if query.at == "newest":
        query = replace(query, at=market.resolve(query.grain, query.at).day)
    snap = snapshot(market, query)
    period, grain, lens = snap.period, query.grain, snap.lens
    rankings = market.rankings(grain, lens)
    leads = {kind: market.leads(query, kind) for kind in (Kind.COUNTRY, Kind.VENDOR, Kind.MODEL, Kind.VERSUS)}
    versus, before = leads[Kind.VERSUS], period.previous()
    here, there = (standoff(market, query, lens.basis, when) for when in (period, before))
    told, known = _told(market, query, snap), _known_on_all(market, query)
    return Brief(
        snapshot=snap,
        before=_total(rankings, before),
        since=rankings.record.first_day,
        largest=_is_largest(rankings, period),
        here=here,
        there=there if rankings.complete(before) else replace(there, known=False),
        widest=_is_widest(versus, here, period),
        leads={kind: each.lead(period) for kind, each in leads.items()},
        level={kind: _level(each, period) for kind, each in leads.items() if each.lead(period).leader is None},
        led={kind: each.leader(before) for kind, each in leads.items()},
        flips=versus.flips_until(period),
        turns=tuple(alert for alert in told if alert.at is None),
        stays=rankings.largest_streaks([row.permaslug for row in snap.models], period, lens.basis.size),
        ahead=_ahead(snap),
        left=_left(market, rankings, period),
        known_from=min(known, default=None),
        example=(max(known), tuple(standoff(market, query, basis, max(known)) for basis in Basis)) if known else None,
        others=tuple(basis_lead(market, query, basis, period) for basis in Basis if basis is not lens.basis),
        prices=_prices(market, snap, [alert for alert in told if alert.at is not None]),
        discounted=_discounted(market, snap),
        past=series(market, replace(query, at=period.day), Kind.VERSUS, PAST),
        names=alert_names(market, told),
    )


def _total(rankings: Rankings, period: Period) -> Total | None:
    here = rankings.record.complete(period)
    return None if here is None else Total(period, here.total, rankings.total_change(period))


def _level(leads: Leadership, period: Period) -> Sequence[str]:
    tokens = leads.tokens(period) or {}
    most = max(tokens.values(), default=0)
    first = [who for who, count in tokens.items() if count == most > 0]
    return first if len(first) > 1 else ()


def _is_largest(rankings: Rankings, period: Period) -> bool | None:
    """Whether the total of a complete period is above all before it; None where there is none before, or it is not complete."""
    record = rankings.record
    here = record.complete(period)
    earlier = [record.listings[then].total for then in record.complete_periods if then < period]
    return here.total > max(earlier) if here and earlier else None


def _is_widest(leads: Leadership, here: Standoff, period: Period) -> bool | None:
    """Whether the ratio of a complete period is above all before it in which the same side led; None where it led in none."""
    sides, leader = leads.subject.sides, leads.leader(period)
    if sides is None or leader is None or here.ratio is None:
        return None
    other = sides[1] if leader == sides[0] else sides[0]

    def ratio(tokens: Mapping[str, int]) -> float:
        return tokens[leader] / tokens[other] if tokens[other] else inf

    past = [leads.tokens(then) or {} for then, who in leads.leaders.items() if who == leader and then < period]
    return ratio(dict(zip(sides, (here.a, here.b), strict=True))) > max(map(ratio, past)) if past else None


def _ahead(snap: Snapshot) -> tuple[str, int] | None:
    first = snap.models[0].country if snap.models else None
    if first is None:
        return None
    places = next((n for n, row in enumerate(snap.models) if row.country != first), len(snap.models))
    return first, places


def _left(market: Market, rankings: Rankings, period: Period) -> tuple[str, ...] | None:
    """The models of the basis of the period before that are not on it any more, the largest first."""
    before, here = rankings.certain_before(period), rankings.at(period)
    if before is None or here is None or not here.fills_basis:
        return None
    left = (slug for slug in before.slugs_on_basis if slug not in here.slugs_on_basis)
    return tuple(named(market.catalogue.name(slug), slug) for slug in left)


def _known_on_all(market: Market, query: Query) -> list[Period]:
    """The complete periods whose split is known on every basis, oldest first."""
    widest = replace(query.lens, basis=Basis.TOP50)
    rankings = market.rankings(query.grain, widest)
    periods = market.record(query.grain, widest).complete_periods
    return [when for when in periods if (ranking := rankings.at(when)) is not None and ranking.fills_basis]


def _told(market: Market, query: Query, snap: Snapshot) -> list[Alert]:
    """The flips of the period, each once, and what changed among the prices of the models on the basis while it lasted."""
    period, rules = snap.period, AlertRules().only(TOLD).at_grain(query.grain)
    listed = {row.permaslug for row in snap.models}
    entries = {entry.id for slug in listed if (entry := market.catalogue.entry(slug)) is not None}
    found = [
        alert
        for alert in judge(market, RuleSet(rules, query.versus, lens=query.lens, grain=query.grain))
        if (alert.at is None and alert.period == period)
        or (alert.at is not None and period.start <= alert.at.date() <= period.end and alert.subject in entries)
    ]
    return sorted(told_once(found), key=lambda alert: alert.dated)


def _prices(market: Market, snap: Snapshot, changes: Sequence[Alert]) -> PriceNews:
    """Prices of the period. changes: of the models on the basis while it lasted."""
    period, prices = snap.period, market.prices(snap.prices_until)
    since, until = (None if when is None else when.date() for when in (prices.since, prices.seen_at))
    watched = since is not None and since <= period.end and until is not None and until >= period.start
    ranks = {entry.id: n for n, row in enumerate(snap.models) if (entry := market.catalogue.entry(row.permaslug))}
    by_rank = sorted(changes, key=lambda alert: ranks[alert.subject])
    return PriceNews(
        since, until, watched, tuple(by_rank), gaps(market, snap.lens, snap.prices_until) if watched else {}
    )


def _discounted(market: Market, snap: Snapshot) -> Discounted:
    """Discounts of the models on the basis, as they were seen by the end of the period."""
    tokens = known = unknown = 0
    names = []
    for row in snap.models:
        if row.free:
            continue
        offer = market.offer(row.permaslug, snap.prices_until)
        off = offer.pricing.discount if offer else None
        if off is None:
            unknown += row.tokens
        else:
            known += row.tokens
        if off:
            tokens += row.tokens
            names.append(named(row.name, row.permaslug))
    return Discounted(tokens, known, unknown, tuple(names))
