"""Everything known of one model, vendor or country: its periods, ranks, leads, prices and alerts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from orwatch.core.market import Market
from orwatch.core.snapshots import Query, Snapshot
from orwatch.dataclass import dataclass, replace
from orwatch.domain.alerts.records import Alert, Standing
from orwatch.domain.catalogue import CatalogueModel, ObservedPrice, Override
from orwatch.domain.hosts import with_discounts
from orwatch.domain.leads import Kind, Subject
from orwatch.domain.prices import PriceFigures, per_million, price_figures
from orwatch.domain.rankings import Rankings
from orwatch.domain.records import Period, State
from orwatch.domain.streaks import Streak
from orwatch.domain.vendors import Vendor

PERIODS_SHOWN = 104


@dataclass(frozen=True, slots=True)
class Point:
    """One period. tokens, rank: None where it is not known or not there. first: it led that period. state: of the period."""

    period: Period
    tokens: int | None
    rank: int | None
    first: bool
    state: State


@dataclass(frozen=True, slots=True)
class PriceMove:
    """One price and what it was before. now, before: USD per million; changed_at: when the change was observed, if one was."""

    name: str
    now: Decimal | None
    before: Decimal | None
    changed_at: datetime | None

    @property
    def change(self) -> Decimal | None:
        """The change as a fraction."""
        return None if self.now is None or not self.before else (self.now - self.before) / self.before


@dataclass(frozen=True)
class Detail:
    """What the detail of a row shows. kind, id: a permaslug, an author slug or a country code.

    points: oldest first. place, of: its rank now and among how many. lead, top_ten: streaks as of the period on screen.
    entry, price: the catalogue's, for models. moves: prices and what they were before. observed: input price history, oldest first.
    parts: permaslugs of a vendor's or country's rows with their tokens. alerts: newest first.
    """

    kind: Kind
    id: str
    name: str
    country: str | None
    vendor: Vendor | None
    points: tuple[Point, ...]
    place: int | None
    of: int
    lead: Streak
    top_ten: Streak | None
    entry: CatalogueModel | None
    price: PriceFigures | None
    moves: tuple[PriceMove, ...]
    observed: tuple[ObservedPrice, ...]
    overrides: tuple[Override, ...]
    parts: tuple[tuple[str, str, int], ...]
    alerts: tuple[Alert, ...]

    @property
    def times_first(self) -> int:
        """Known periods in first place."""
        return sum(point.first for point in self.points)


def model_detail(market: Market, snapshot: Snapshot, permaslug: str) -> Detail:
    """The detail of a model, as of the snapshot's period and lens."""
    rankings = market.rankings(snapshot.query.grain, snapshot.lens)
    leads = market.leadership(snapshot.query.grain, snapshot.lens, Subject(Kind.MODEL))
    points = []
    for period in _periods(rankings, snapshot.period):
        ranking = rankings.at(period)
        row = ranking.by_slug.get(permaslug) if ranking else None
        first = leads.leaders.get(period) == permaslug
        state = rankings.record.state(period)
        points.append(Point(period, row.tokens if row else None, row.rank if row else None, first, state))
    ranking = rankings.at(snapshot.period)
    row = ranking.by_slug.get(permaslug) if ranking else None
    entry = market.catalogue.entry(permaslug)
    if entry is not None:
        entry = replace(entry, pricing=with_discounts(entry.pricing, market.cache.hosts(entry.id)))
    lead = leads.lead(snapshot.period)
    observed = market.cache.prices(entry.id) if entry else ()
    facts = market.facts(permaslug, free=permaslug.endswith(":free"))
    return Detail(
        kind=Kind.MODEL,
        id=permaslug,
        name=facts.name,
        country=facts.country,
        vendor=market.attribution.vendor(facts.vendor),
        points=_trimmed(points),
        place=row.rank if row else None,
        of=len(ranking.rows) if ranking else 0,
        lead=lead.streak if lead.leader == permaslug else Streak(0),
        top_ten=rankings.top_ten_streak(permaslug, snapshot.period),
        entry=entry or market.catalogue.kin(permaslug),
        price=price_figures(entry) if entry else None,
        moves=_moves(observed),
        observed=observed,
        overrides=entry.pricing.overrides if entry else (),
        parts=(),
        alerts=_told_once(a for a in snapshot.alerts if a.subject_kind == "model" and permaslug in a.values.values()),
    )


def group_detail(market: Market, snapshot: Snapshot, kind: Kind, key: str) -> Detail:
    """The detail of a vendor or a country: its rows of the basis, added up."""
    query: Query = snapshot.query
    rankings = market.rankings(query.grain, snapshot.lens)
    subject = Subject(kind)
    leads = market.leadership(query.grain, snapshot.lens, subject)
    points = []
    place, of = None, 0
    for period in _periods(rankings, snapshot.period):
        tokens = leads.tokens(period)
        order = sorted(tokens, key=lambda name: (-tokens[name], name)) if tokens else []
        rank = order.index(key) + 1 if key in order else None
        if period == snapshot.period:
            place, of = rank, len(order)
        known = tokens.get(key, 0) if tokens is not None else None
        points.append(Point(period, known, rank, leads.leaders.get(period) == key, rankings.record.state(period)))
    lead = leads.lead(snapshot.period)
    rows = [m for m in snapshot.models if (m.country if kind is Kind.COUNTRY else m.figures.vendor) == key]
    vendor = market.attribution.vendor(key) if kind is Kind.VENDOR else None
    return Detail(
        kind=kind,
        id=key,
        name=key,
        country=key if kind is Kind.COUNTRY else vendor.country if vendor else None,
        vendor=vendor,
        points=_trimmed(points),
        place=place,
        of=of,
        lead=lead.streak if lead.leader == key else Streak(0),
        top_ten=None,
        entry=None,
        price=None,
        moves=(),
        observed=(),
        overrides=(),
        parts=tuple((m.figures.permaslug, m.name, m.figures.tokens) for m in rows),
        alerts=_told_once(
            a for a in snapshot.alerts if a.subject_kind in (kind, "versus") and key in a.values.values()
        ),
    )


def _told_once(alerts: Iterable[Alert]) -> tuple[Alert, ...]:
    """Without the alerts of first place that a head to head of the same period tells already; on course first."""
    found = sorted(alerts, key=lambda alert: (alert.state is not Standing.ON_COURSE, -alert.fired_at.timestamp()))
    duels = {(a.rule, a.period, a.direction, a.threshold) for a in found if a.subject_kind == "versus"}
    return tuple(
        a for a in found if a.subject_kind == "versus" or (a.rule, a.period, a.direction, a.threshold) not in duels
    )


def _periods(rankings: Rankings, until: Period) -> list[Period]:
    """The last periods to `until`, oldest first, gaps of the record among them."""
    first = rankings.record.first
    out: list[Period] = []
    period = until
    while first is not None and period >= first and len(out) < PERIODS_SHOWN:
        out.append(period)
        period = period.previous()
    return out[::-1]


def _trimmed(points: list[Point]) -> tuple[Point, ...]:
    """Without the periods before it was first seen."""
    start = next((n for n, point in enumerate(points) if point.tokens), len(points))
    return tuple(points[start:])


def _moves(observed: tuple[ObservedPrice, ...]) -> tuple[PriceMove, ...]:
    out = []
    for name, pick in (("input", 0), ("output", 1), ("cached input", 2)):
        prices = [(p.observed_at, (p.prompt, p.completion, p.cache_read)[pick]) for p in observed]
        now = prices[-1][1] if prices else None
        before, changed = None, None
        for n in range(len(prices) - 1, 0, -1):
            if prices[n][1] != prices[n - 1][1]:
                before, changed = prices[n - 1][1], prices[n][0]
                break
        out.append(PriceMove(name, per_million(now), per_million(before), changed))
    return tuple(out)
