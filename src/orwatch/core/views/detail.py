"""The details of models, vendors and countries, made of a market as of the period on screen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import pairwise

from msgspec.structs import replace

from orwatch.core.caveats import group_caveats, model_caveats
from orwatch.core.market import Market
from orwatch.core.views.series import points
from orwatch.domain.alerts.alert import Alert, Standing
from orwatch.domain.alerts.repeats import told_once
from orwatch.domain.catalogue import CatalogueModel, ObservedPrice, per_million
from orwatch.domain.detail import Detail, Part, PriceMove
from orwatch.domain.hosts import with_discounts
from orwatch.domain.leads import Kind, Leadership
from orwatch.domain.names import is_free
from orwatch.domain.overview import ModelRow, Snapshot
from orwatch.domain.periods import UNCOUNTED, Period, State, Streak, streak_of
from orwatch.domain.prices import list_price, price_figures
from orwatch.domain.rankings import TOP_TEN, Ranking, Rankings, change
from orwatch.domain.scores import Benchmarks
from orwatch.domain.series import Point
from orwatch.domain.vendors import UNATTRIBUTED


def model_detail(market: Market, snapshot: Snapshot, alerts: Iterable[Alert], permaslug: str) -> Detail:
    """The detail of a model, as of the snapshot's period and lens. alerts: known by then.

    permaslug: the id of a catalogue entry serves as well.
    """
    permaslug = _ranked_as(market, permaslug)
    query = snapshot.query
    rankings = market.rankings(query.grain, snapshot.lens)
    leads = market.leads(query, Kind.MODEL)
    past = points(market, query, leads.subject, snapshot.period, permaslug)
    ranking = rankings.at(snapshot.period)
    own, entry = market.catalogue.entry(permaslug), market.catalogue.kin(permaslug)
    listed = _priced(market, snapshot, own)
    observed = market.cache.catalogue.prices(own.id, snapshot.prices_until) if own else ()
    facts = market.facts(permaslug, free=is_free(permaslug))
    names = {permaslug, *([own.id] if own else [])}
    return Detail(
        kind=Kind.MODEL,
        id=permaslug,
        name=facts.name,
        country=facts.country,
        vendor=market.attribution.vendor(facts.vendor),
        points=past,
        of=len(ranking.rows) if ranking else 0,
        lead=_lead(leads, snapshot.period, permaslug),
        top_ten=rankings.largest_streak(permaslug, snapshot.period),
        grew=_moved(past, grew=True),
        shrank=_moved(past, grew=False),
        alerts=_listed(a for a in alerts if a.subject_kind == "model" and _speaks_of(a, names)),
        caveats=model_caveats(market, snapshot, permaslug, past, listed, observed),
        entry=entry,
        listed_as=own.id if own else None,
        price=price_figures(listed) if listed else None,
        moves=_price_moves(observed, listed.pricing.discount if listed else None),
        observed=observed,
        overrides=listed.pricing.overrides if listed else (),
        benchmarks=market.cache.catalogue.benchmarks(entry.id) if entry else Benchmarks(),
        hosts_at=market.cache.hosts.seen_at(own.id) if own else None,
        status=rankings.model_status(permaslug, snapshot.period) if past and past[-1].tokens else None,
    )


def group_detail(market: Market, snapshot: Snapshot, alerts: Iterable[Alert], kind: Kind, key: str) -> Detail:
    """The detail of a vendor or a country: its rows of the basis, added up. `UNATTRIBUTED` is a country that has no rank.

    alerts: known by the end of the period.
    """
    query = snapshot.query
    rankings = market.rankings(query.grain, snapshot.lens)
    leads = market.leads(query, kind)
    past = points(market, query, leads.subject, snapshot.period, key)
    vendor = market.attribution.vendor(key) if kind is Kind.VENDOR else None
    key_of = market.attribution.country if kind is Kind.COUNTRY else str.lower
    group = None if key == UNATTRIBUTED else key if kind is Kind.COUNTRY else key.lower()
    return Detail(
        kind=kind,
        id=key,
        name=key,
        country=vendor.country if vendor else None if key == UNATTRIBUTED else key,
        vendor=vendor,
        points=past,
        of=len(leads.tokens(snapshot.period) or ()),
        lead=_lead(leads, snapshot.period, key),
        top_ten=_top_ten(leads, past) if kind is Kind.VENDOR else None,
        grew=_moved(past, grew=True),
        shrank=_moved(past, grew=False),
        alerts=_listed(a for a in alerts if a.subject_kind in (kind, "versus") and _speaks_of(a, {key})),
        caveats=group_caveats(market, snapshot, kind, key, past),
        models=_models(snapshot, kind, key),
        vendors=_vendors(rankings, snapshot, key) if kind is Kind.COUNTRY and snapshot.split.known else (),
        status=rankings.group_status(group, key_of, snapshot.period) if past and past[-1].tokens else None,
    )


def _ranked_as(market: Market, slug: str) -> str:
    """The permaslug that the rankings have for an id: of its entry, with the variant of the id."""
    entry = market.catalogue.by_id.get(slug)
    return slug if entry is None or slug.startswith("~") else entry.permaslug


def _lead(leads: Leadership, period: Period, key: str) -> Streak | None:
    """The streak in first place; None where the leader is not known."""
    lead = leads.lead(period)
    return lead.streak if lead.leader == key else Streak(0) if leads.known(period) else None


def _judged(past: Sequence[Point]) -> Sequence[Point]:
    """The points to the last complete period: streaks are judged there."""
    end = next((n for n in range(len(past), 0, -1) if past[n - 1].state is State.COMPLETE), 0)
    return past[:end]


def _moved(past: Sequence[Point], *, grew: bool) -> Streak:
    """Complete periods in a row, to the judged one, in which its tokens grew (or shrank); trailing ones have none."""
    if past and past[0].period.grain.trailing:
        return UNCOUNTED
    tokens = [point.tokens if point.state is State.COMPLETE else None for point in _judged(past)]

    def held(now: int | None, before: int | None) -> bool | None:
        if now is None or before is None:
            return None
        return now > before if grew else now < before

    return streak_of(held(now, before) for now, before in zip(tokens[:0:-1], tokens[-2::-1], strict=True))


def _top_ten(leads: Leadership, past: Sequence[Point]) -> Streak:
    """Complete periods in a row, to the judged one, among the ten largest of its kind.

    Before its first period it was none, where that one's split is known. Trailing periods have none.
    """
    if leads.record.grain.trailing:
        return UNCOUNTED
    held: list[bool | None] = [
        (point.rank or TOP_TEN + 1) <= TOP_TEN if point.tokens is not None and point.state is State.COMPLETE else None
        for point in reversed(_judged(past))
    ]
    return streak_of([*held, *([False] if past and past[0].period.previous() in leads.leaders else [])])


def _models(snapshot: Snapshot, kind: Kind, key: str) -> tuple[Part, ...]:
    def mine(row: ModelRow) -> bool:
        if kind is Kind.VENDOR:
            return row.figures.vendor.lower() == key.lower()
        return row.country == (None if key == UNATTRIBUTED else key)

    rows = [(row.name, row.figures) for row in snapshot.models if mine(row)]
    parts = (Part(each.permaslug, name, each.tokens, None, each.change, status=each.status) for name, each in rows)
    return _shared(parts) if snapshot.split.known else tuple(parts)


def _vendors(rankings: Rankings, snapshot: Snapshot, key: str) -> tuple[Part, ...]:
    """A country's vendors by tokens; changes where both sides fill the basis."""
    pair = rankings.filled(snapshot.period)
    now, before = map(_by_vendor, pair) if pair else ({}, {})
    wanted = None if key == UNATTRIBUTED else key
    return _shared(
        Part(
            slug,
            row.vendor.company or slug,
            row.tokens,
            None,
            change(now.get(slug), before.get(slug)),
            row.models,
            rankings.group_status(slug, str.lower, snapshot.period),
        )
        for row in snapshot.vendors
        if row.vendor.country == wanted and (slug := row.vendor.slug)
    )


def _shared(given: Iterable[Part]) -> tuple[Part, ...]:
    """Parts with their shares of all of them."""
    found = tuple(given)
    total = sum(part.tokens for part in found)
    return tuple(replace(part, share=part.tokens / total if total else 0.0) for part in found)


def _by_vendor(ranking: Ranking) -> dict[str, int]:
    return {vendor.lower(): n for vendor, n in ranking.vendors.items()}


def _speaks_of(alert: Alert, names: set[str]) -> bool:
    """Whether it is about one of the names, or its figures name one; whose lead ended is told there, not where it ended it."""
    named = alert.subject in names or any(value in names for value in alert.values.values() if isinstance(value, str))
    return named and (alert.rule != "streak" or alert.values["leader"] in names)


def _listed(alerts: Iterable[Alert]) -> tuple[Alert, ...]:
    """Each told once; on course first."""
    return told_once(
        sorted(alerts, key=lambda alert: (alert.state is not Standing.ON_COURSE, -alert.dated.timestamp()))
    )


def _priced(market: Market, snapshot: Snapshot, entry: CatalogueModel | None) -> CatalogueModel | None:
    """The entry at the price of the period on screen, with the discount that its hosts tell; None where it had none then."""
    if entry is None:
        return None
    if snapshot.prices_until is not None:
        return market.prices(snapshot.prices_until).present.get(entry.id)
    # The hosts are read anew: they can have come since the prices were read.
    return replace(entry, pricing=with_discounts(entry.pricing, market.cache.hosts.read(entry.id)))


def _price_moves(observed: Sequence[ObservedPrice], discount: Decimal | None) -> tuple[PriceMove, ...]:
    """Input, output and cached input, each with what it was before. observed: of one id, oldest first."""
    out = []
    for name, field in (("input", "prompt"), ("output", "completion"), ("cached input", "cache_read")):
        prices = [(price.observed_at, getattr(price, field)) for price in observed]
        moves = [(at, before) for (_, before), (at, now) in pairwise(prices) if now != before]
        changed_at, before = moves[-1] if moves else (None, None)
        price = per_million(prices[-1][1]) if prices else None
        out.append(PriceMove(name, price, per_million(before), changed_at, list_price(price, discount)))
    return tuple(out)
