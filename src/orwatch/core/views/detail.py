"""The details of models, vendors and countries, made of a market as of the period on screen, with their caveats."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise

from msgspec.structs import replace

from orwatch.core.market import Market
from orwatch.core.views.series import points
from orwatch.domain.alerts.alert import Alert, Standing
from orwatch.domain.alerts.repeats import told_once
from orwatch.domain.catalogue import CatalogueModel, ObservedPrice, per_million
from orwatch.domain.detail import Caveat, CaveatKind, Detail, Part, PriceMove, renamed
from orwatch.domain.hosts import HostRow, Seats, by_input_price, with_discounts
from orwatch.domain.leads import Kind, Leadership
from orwatch.domain.names import is_free, vendor_of
from orwatch.domain.overview import ModelRow, Snapshot
from orwatch.domain.periods import UNCOUNTED, Period, State, Streak, grown, streak_of
from orwatch.domain.prices import list_price, price_figures, rotation
from orwatch.domain.rankings import TOP_TEN, Rankings, change
from orwatch.domain.records import Basis, Origin
from orwatch.domain.scores import Benchmarks
from orwatch.domain.series import Point
from orwatch.domain.vendors import UNATTRIBUTED, is_cloaked


def model_detail(market: Market, snapshot: Snapshot, alerts: Iterable[Alert], permaslug: str) -> Detail:
    """The detail of a model, as of the snapshot's period and lens. alerts: known by then.

    permaslug: the id of a catalogue entry serves as well.
    """
    if (known := market.catalogue.by_id.get(permaslug)) is not None and not permaslug.startswith("~"):
        permaslug = known.permaslug
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
        of=len(ranking.slugs) if ranking else 0,
        lead=_lead(leads, snapshot.period, permaslug),
        top_ten=rankings.largest_streaks([permaslug], snapshot.period)[permaslug],
        grew=_moved(past, grew=True),
        shrank=_moved(past, grew=False),
        alerts=_listed(a for a in alerts if a.subject_kind == "model" and _speaks_of(a, names)),
        caveats=(
            *_of_vendor(market, vendor_of(permaslug.lstrip("~"))),
            *_of_entry(market, snapshot, permaslug),
            *([Caveat(CaveatKind.FREE_COUNTED if snapshot.lens.free else CaveatKind.FREE_OUT)] if facts.free else ()),
            *([Caveat(CaveatKind.MERGED)] if snapshot.lens.merged else ()),
            *_of_record(market, snapshot, past, CaveatKind.ABSENT),
            *_of_price(listed, observed),
        ),
        entry=entry,
        listed_as=own.id if own else None,
        price=price_figures(listed) if listed else None,
        moves=_price_moves(observed, listed.pricing.discount if listed else None),
        observed=observed,
        overrides=listed.pricing.overrides if listed else (),
        benchmarks=market.cache.catalogue.benchmarks(entry.id) if entry else Benchmarks(),
        hosts_at=market.cache.hosts.seen_at(own.id) if own else None,
        status=rankings.model_statuses([permaslug], snapshot.period).get(permaslug)
        if past and past[-1].tokens
        else None,
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
    key_of = market.attribution.country if kind is Kind.COUNTRY else _vendor
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
        caveats=(
            *(_of_vendor(market, key) if kind is Kind.VENDOR else ()),
            *([Caveat(CaveatKind.UNATTRIBUTED)] if key == UNATTRIBUTED else ()),
            *([Caveat(CaveatKind.OUTSIDE_BASIS)] if snapshot.lens.basis is not Basis.TOP50 else ()),
            *_of_record(market, snapshot, past, CaveatKind.SPLIT_UNKNOWN),
        ),
        models=_models(snapshot, kind, key),
        vendors=_vendors(rankings, snapshot, key) if kind is Kind.COUNTRY and snapshot.split.known else (),
        status=rankings.group_statuses([group], key_of, snapshot.period).get(group)
        if past and past[-1].tokens
        else None,
    )


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
    judged = reversed(_judged(past))
    return grown((point.tokens if point.state is State.COMPLETE else None for point in judged), up=grew)


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
            return row.vendor.lower() == key.lower()
        return row.country == (None if key == UNATTRIBUTED else key)

    rows = filter(mine, snapshot.models)
    parts = (Part(row.permaslug, row.name, row.tokens, None, row.change, status=row.status) for row in rows)
    return _shared(parts) if snapshot.split.known else tuple(parts)


def _vendors(rankings: Rankings, snapshot: Snapshot, key: str) -> tuple[Part, ...]:
    """A country's vendors by tokens; changes where both sides fill the basis."""
    pair = rankings.filled(snapshot.period)
    now, before = (side.by_key(_vendor) for side in pair) if pair else ({}, {})
    wanted = None if key == UNATTRIBUTED else key
    statuses = rankings.group_statuses([row.vendor.slug for row in snapshot.vendors], _vendor, snapshot.period)
    return _shared(
        Part(
            slug,
            row.vendor.company or slug,
            row.tokens,
            None,
            change(now.get(slug), before.get(slug)),
            row.models,
            statuses.get(slug),
        )
        for row in snapshot.vendors
        if row.vendor.country == wanted and (slug := row.vendor.slug)
    )


def _shared(given: Iterable[Part]) -> tuple[Part, ...]:
    """Parts with their shares of all of them."""
    found = tuple(given)
    total = sum(part.tokens for part in found)
    return tuple(replace(part, share=part.tokens / total if total else 0.0) for part in found)


def _vendor(permaslug: str) -> str:
    """As vendors are known: in lower case."""
    return vendor_of(permaslug).lower()


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


# Caveats

RESTATED = timedelta(days=3)
"""How long the newest days of the record are restated."""
ANNOUNCED = timedelta(days=5 * 366)
"""An end further away than this is a placeholder of the catalogue."""


def _of_vendor(market: Market, slug: str) -> Iterator[Caveat]:
    vendor = market.attribution.vendor(slug)
    if is_cloaked(slug):
        yield Caveat(CaveatKind.CLOAKED)
    elif vendor.country is None:
        yield Caveat(CaveatKind.COUNTRY_UNKNOWN, text=vendor.company or vendor.slug)
    elif vendor.assigned == "user":
        yield Caveat(CaveatKind.COUNTRY_ASSIGNED, text=vendor.country)


def _of_entry(market: Market, snapshot: Snapshot, permaslug: str) -> Iterator[Caveat]:
    """What it is called, and until when."""
    known = market.catalogue.kin(permaslug)
    own = market.catalogue.entry(permaslug)
    if known is None:
        yield Caveat(CaveatKind.SLUG_NAMED)
    elif own is None:
        yield Caveat(CaveatKind.VARIANT_UNLISTED, text=known.id)
    elif snapshot.prices_until is None and own.id not in market.prices().present:
        yield Caveat(CaveatKind.LEFT_CATALOGUE)
    rankings = market.rankings(snapshot.query.grain, snapshot.lens)
    rename = renamed(rankings, permaslug, snapshot.period)
    if rename is not None:
        after = rename.after == permaslug
        kind, other = (CaveatKind.RENAMED_FROM, rename.before) if after else (CaveatKind.RENAMED_TO, rename.after)
        yield Caveat(kind, day=rename.period.start, text=other)
    if own is not None and own.expires is not None and own.expires <= snapshot.now.date() + ANNOUNCED:
        yield Caveat(CaveatKind.EXPIRES, day=own.expires)
    if snapshot.prices_until is not None and known is not None:
        yield Caveat(CaveatKind.FACTS_OF_NOW)


def _of_record(market: Market, snapshot: Snapshot, points: Sequence[Point], unknown: CaveatKind) -> Iterator[Caveat]:
    """How its figures came about. unknown: what a period means that the record has and that has no figure of it."""
    record = market.record(snapshot.query.grain, snapshot.query.lens)
    if snapshot.state is State.RUNNING:
        yield Caveat(CaveatKind.RUNNING, *snapshot.days)
    elif snapshot.period.end >= snapshot.now.date() - RESTATED:
        yield Caveat(CaveatKind.RESTATED)
    there = [point for point in points if point.period in record.listings]
    counts = (
        (CaveatKind.COMPOSED, sum(record.listings[point.period].composed for point in there)),
        (CaveatKind.ARCHIVED, sum(record.listings[point.period].origin is Origin.ARCHIVE for point in there)),
        (CaveatKind.PARTIAL, sum(point.state is State.PARTIAL for point in there)),
        (CaveatKind.GAPS, len(points) - len(there)),
        (unknown, sum(point.tokens is None for point in there)),
    )
    for kind, count in counts:
        if count:
            yield Caveat(kind, count, len(points))


def _of_price(listed: CatalogueModel | None, observed: Sequence[ObservedPrice]) -> Iterator[Caveat]:
    if listed is None:
        return
    if listed.pricing.varies:
        yield Caveat(CaveatKind.PRICE_VARIES)
    elif (moved := rotation(observed)) is not None:
        yield Caveat(CaveatKind.PRICE_ROTATES, moved.moves, moved.days, moved.last)


def seats_of(market: Market) -> Seats:
    """The seats of hosts, with those that the user has assigned."""
    providers = market.cache.catalogue.providers()
    # A name counts before a slug: one provider's slug can be another's name.
    stated = {provider.slug.casefold(): provider.headquarters for provider in providers}
    stated |= {provider.name.casefold(): provider.headquarters for provider in providers}
    return Seats(stated, market.settings.seats)


def host_rows(market: Market, model_id: str) -> tuple[HostRow, ...]:
    """The hosts of a model in the cache, the cheapest input first, each with its provider's country."""
    seats = seats_of(market)
    return tuple(HostRow(host, seats.of(host)) for host in by_input_price(market.cache.hosts.read(model_id)))
