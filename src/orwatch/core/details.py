"""Everything known of one model, vendor or country, as of the period on screen: its periods, ranks, streaks, prices, alerts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from msgspec import Struct, field

from orwatch.core.caveats import group_caveats, model_caveats
from orwatch.core.market import Market
from orwatch.core.price_moves import PriceMove, observed_until, price_moves, priced_entry
from orwatch.domain.alerts.records import Alert, Standing
from orwatch.domain.alerts.repeats import told_once
from orwatch.domain.benchmarks import Benchmarks
from orwatch.domain.catalogue import CatalogueModel, ObservedPrice, Override
from orwatch.domain.caveats import Caveat
from orwatch.domain.countries import UNATTRIBUTED
from orwatch.domain.leads import Kind, Leadership, Subject
from orwatch.domain.names import variant_of
from orwatch.domain.periods import Period, State
from orwatch.domain.prices import PriceFigures, price_figures
from orwatch.domain.rankings import TOP_TEN, Ranking, Rankings, change
from orwatch.domain.streaks import Streak, streak_of
from orwatch.domain.vendors import Vendor
from orwatch.domain.views.overview import ModelRow, Snapshot, VendorRow


class Point(Struct, frozen=True):
    """One period. tokens, rank: None where it is not known or not there. first: it led that period. state: of the period."""

    period: Period
    tokens: int | None
    rank: int | None
    first: bool
    state: State


class Part(Struct, frozen=True):
    """One model of a vendor or country. share: of the vendor's or country's tokens; change: fraction, None where unknown."""

    permaslug: str
    name: str
    tokens: int
    share: float
    change: float | None


class VendorPart(Struct, frozen=True):
    """One vendor of a country. share: of the country's tokens; change: fraction, None where unknown."""

    row: VendorRow
    share: float
    change: float | None


class Detail(Struct, frozen=True):
    """What the detail of a row shows. kind, id: a permaslug, an author slug, a country code or `UNATTRIBUTED`.

    points: oldest first, from the first period that has it. place, of: its rank now and among how many. tokens, share: of the
    period on screen, of all tokens. lead, top_ten, grew, shrank: streaks as of that period; top_ten None where it has none.
    entry: the catalogue's, for models, or another variant's; listed_as: the id of its own, None where it has none.
    price: None where it has none (then). moves: prices and what they were before. observed: its price history until then,
    oldest first. hosts_at: when its hosts were last seen. parts, vendors: of a vendor or country. alerts: newest first.
    """

    kind: Kind
    id: str
    name: str
    country: str | None
    vendor: Vendor | None
    points: tuple[Point, ...]
    place: int | None
    of: int
    tokens: int | None
    share: float | None
    lead: Streak
    top_ten: Streak | None
    grew: Streak
    shrank: Streak
    alerts: tuple[Alert, ...]
    caveats: tuple[Caveat, ...]
    entry: CatalogueModel | None = None
    listed_as: str | None = None
    price: PriceFigures | None = None
    moves: tuple[PriceMove, ...] = ()
    observed: tuple[ObservedPrice, ...] = ()
    overrides: tuple[Override, ...] = ()
    benchmarks: Benchmarks = field(default_factory=Benchmarks)
    hosts_at: datetime | None = None
    parts: tuple[Part, ...] = ()
    vendors: tuple[VendorPart, ...] = ()

    @property
    def times_first(self) -> int:
        """Known periods in first place."""
        return sum(point.first for point in self.points)

    @property
    def best(self) -> int | None:
        """The best rank of its known periods."""
        return min((point.rank for point in self.points if point.rank), default=None)


def model_detail(market: Market, snapshot: Snapshot, alerts: Iterable[Alert], permaslug: str) -> Detail:
    """The detail of a model, as of the snapshot's period and lens. alerts: known by then.

    permaslug: the id of a catalogue entry serves as well.
    """
    permaslug = _ranked_as(market, permaslug)
    rankings = market.rankings(snapshot.query.grain, snapshot.lens)
    leads = market.leadership(snapshot.query.grain, snapshot.lens, Subject(Kind.MODEL))

    def figures(_: Period, ranking: Ranking) -> tuple[int | None, int | None]:
        row = ranking.by_slug.get(permaslug)
        return (row.tokens, row.rank) if row else (None, None)

    points = _points(rankings, snapshot.period, figures, leads, permaslug)
    ranking = rankings.at(snapshot.period)
    row = ranking.by_slug.get(permaslug) if ranking else None
    own, entry = market.catalogue.entry(permaslug), market.catalogue.kin(permaslug)
    listed = priced_entry(market, snapshot, own)
    observed = observed_until(market, snapshot, own)
    facts = market.facts(permaslug, free=permaslug.endswith(":free"))
    names = {permaslug, *([own.id] if own else [])}
    return Detail(
        kind=Kind.MODEL,
        id=permaslug,
        name=facts.name,
        country=facts.country,
        vendor=market.attribution.vendor(facts.vendor),
        points=points,
        place=row.rank if row else None,
        of=len(ranking.rows) if ranking else 0,
        tokens=row.tokens if row else None,
        share=row.tokens / ranking.total if row and ranking and ranking.total else None,
        lead=_lead(leads, snapshot.period, permaslug),
        top_ten=rankings.top_ten_streak(permaslug, snapshot.period),
        grew=_moved(rankings, points, snapshot.period, grew=True),
        shrank=_moved(rankings, points, snapshot.period, grew=False),
        alerts=_listed(a for a in alerts if a.subject_kind == "model" and _speaks_of(a, names)),
        caveats=model_caveats(market, snapshot, permaslug, points, listed, observed),
        entry=entry,
        listed_as=own.id if own else None,
        price=price_figures(listed) if listed else None,
        moves=price_moves(observed, listed.pricing.discount if listed else None),
        observed=observed,
        overrides=listed.pricing.overrides if listed else (),
        benchmarks=market.cache.catalogue.benchmarks(entry.id) if entry else Benchmarks(),
        hosts_at=market.cache.hosts.seen_at(own.id) if own else None,
    )


def group_detail(market: Market, snapshot: Snapshot, alerts: Iterable[Alert], kind: Kind, key: str) -> Detail:
    """The detail of a vendor or a country: its rows of the basis, added up. `UNATTRIBUTED` is a country that has no rank.

    alerts: known by the end of the period.
    """
    rankings = market.rankings(snapshot.query.grain, snapshot.lens)
    leads = market.leadership(snapshot.query.grain, snapshot.lens, Subject(kind))

    def figures(period: Period, ranking: Ranking) -> tuple[int | None, int | None]:
        if key == UNATTRIBUTED:
            return (
                (ranking.by_key(market.attribution.country).get(None, 0), None) if ranking.fills_basis else (None, None)
            )
        tokens = leads.tokens(period)
        if tokens is None:
            return None, None
        order = sorted(tokens, key=lambda name: (-tokens[name], name))
        return tokens.get(key, 0), order.index(key) + 1 if key in order else None

    points = _points(rankings, snapshot.period, figures, leads, key)
    here = points[-1] if points and points[-1].period == snapshot.period else None
    tokens = here.tokens if here else None
    vendor = market.attribution.vendor(key) if kind is Kind.VENDOR else None
    country = vendor.country if vendor else None if key == UNATTRIBUTED else key
    return Detail(
        kind=kind,
        id=key,
        name=key,
        country=country,
        vendor=vendor,
        points=points,
        place=here.rank if here else None,
        of=len(leads.tokens(snapshot.period) or ()),
        tokens=tokens,
        share=tokens / snapshot.total if tokens is not None and snapshot.total else None,
        lead=_lead(leads, snapshot.period, key),
        top_ten=_top_ten(rankings, points, snapshot.period) if kind is Kind.VENDOR else None,
        grew=_moved(rankings, points, snapshot.period, grew=True),
        shrank=_moved(rankings, points, snapshot.period, grew=False),
        alerts=_listed(a for a in alerts if a.subject_kind in (kind, "versus") and _speaks_of(a, {key})),
        caveats=group_caveats(market, snapshot, kind, key, points),
        parts=_models(snapshot, kind, key),
        vendors=_vendors(market, rankings, snapshot, key) if kind is Kind.COUNTRY else (),
    )


def _ranked_as(market: Market, slug: str) -> str:
    """The permaslug that the rankings have for an id: of its entry, with the variant of the id."""
    entry = market.catalogue.by_id.get(slug)
    if entry is None or slug.startswith("~"):
        return slug
    variant = variant_of(slug)
    return f"{entry.canonical_slug}:{variant}" if variant else entry.canonical_slug


def _points(
    rankings: Rankings,
    until: Period,
    figures: Callable[[Period, Ranking], tuple[int | None, int | None]],
    leads: Leadership,
    key: str,
) -> tuple[Point, ...]:
    """Every period to `until`, oldest first, from the first that has it; gaps of the record among them."""
    record = rankings.record
    out: list[Point] = []
    period = until
    while record.first is not None and period >= record.first:
        ranking = rankings.at(period)
        tokens, rank = figures(period, ranking) if ranking else (None, None)
        out.append(Point(period, tokens, rank, leads.leaders.get(period) == key, record.state(period)))
        period = period.previous()
    start = max((n for n, point in enumerate(out) if point.tokens), default=-1)
    return tuple(out[start::-1]) if start >= 0 else ()


def _lead(leads: Leadership, period: Period, key: str) -> Streak:
    """The streak in first place; a floor of none where the leader is not known."""
    lead = leads.lead(period)
    return lead.streak if lead.leader == key else Streak(0, lead.leader is None and lead.streak.is_floor)


def _moved(rankings: Rankings, points: Sequence[Point], until: Period, *, grew: bool) -> Streak:
    """Complete periods in a row, to the judged one, in which its tokens grew (or shrank)."""
    record = rankings.record
    at = record.newest_complete(until)
    tokens = {point.period: point.tokens for point in points if record.complete(point.period) is not None}

    def held(period: Period) -> bool | None:
        now, before = tokens.get(period), tokens.get(period.previous())
        if now is None or before is None:
            return None
        return now > before if grew else now < before

    return streak_of(held(period) for period, _ in record.back_from(at)) if at else Streak(0, True)


def _top_ten(rankings: Rankings, points: Sequence[Point], until: Period) -> Streak:
    """Complete periods in a row, to the judged one, among the ten largest of its kind."""
    record = rankings.record
    at = record.newest_complete(until)
    ranks = {point.period: (point.rank or TOP_TEN + 1) for point in points if point.tokens is not None}

    def held(period: Period) -> bool | None:
        return (
            ranks[period] <= TOP_TEN if period in ranks else None if not points or period >= points[0].period else False
        )

    return streak_of(held(period) for period, _ in record.back_from(at)) if at else Streak(0, True)


def _models(snapshot: Snapshot, kind: Kind, key: str) -> tuple[Part, ...]:
    def mine(row: ModelRow) -> bool:
        if kind is Kind.VENDOR:
            return row.figures.vendor.lower() == key.lower()
        return row.country == (None if key == UNATTRIBUTED else key)

    rows = [row for row in snapshot.models if mine(row)]
    total = sum(row.figures.tokens for row in rows)
    return tuple(
        Part(
            m.figures.permaslug, m.name, m.figures.tokens, m.figures.tokens / total if total else 0.0, m.figures.change
        )
        for m in rows
    )


def _vendors(market: Market, rankings: Rankings, snapshot: Snapshot, key: str) -> tuple[VendorPart, ...]:
    """A country's vendors by tokens; changes where both sides fill the basis."""
    wanted = None if key == UNATTRIBUTED else key
    rows = [row for row in snapshot.vendors if row.vendor.country == wanted]
    total = sum(row.tokens for row in rows)
    pair = rankings.compared(snapshot.period)
    now, before = (
        (_by_vendor(pair[0]), _by_vendor(pair[1])) if pair and all(side.fills_basis for side in pair) else ({}, {})
    )
    return tuple(
        VendorPart(row, row.tokens / total if total else 0.0, change(now.get(slug), before.get(slug)))
        for row in rows
        if (slug := row.vendor.slug)
    )


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
