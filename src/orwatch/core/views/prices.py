"""What a million tokens costs: the price of each model of the catalogue, and the gap between countries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from orwatch.core.market import Market, Prices
from orwatch.core.query import Query
from orwatch.domain.filters import Facts
from orwatch.domain.names import variant_of
from orwatch.domain.periods import Record
from orwatch.domain.prices import Gap, PriceFigures, country_gap, price_figures, unpriced
from orwatch.domain.rankings import Lens
from orwatch.domain.records import Grain, Period


class PriceRow(Struct, frozen=True):
    """A row of the prices table. permaslug: the ranked row it belongs to, None where it is not among them."""

    figures: PriceFigures
    name: str
    country: str | None
    permaslug: str | None
    facts: Facts


class PriceList(Struct, frozen=True):
    """The prices table, as they are or as they had been seen by a midnight.

    rows: ranked models first, in rank order, then the rest of the catalogue by id; those without a price come last. baseline: the
    id whose price is 1, None where no ranked model has one. gaps: of countries, by `input` and `output`. until: the midnight
    (UTC) before which the prices were seen; None: the newest. seen_at: when they were last seen, None where none were. since:
    when the cache first saw any. span: days that the recent price change looks back (up to 21).
    """

    rows: tuple[PriceRow, ...]
    baseline: str | None
    gaps: Mapping[str, Gap]
    until: datetime | None
    seen_at: datetime | None
    since: datetime | None
    span: int

    @property
    def discounted(self) -> bool:
        """Whether a discount is known of any of them."""
        return any(row.figures.discount is not None for row in self.rows)

    def name_of(self, id_: str | None) -> str | None:
        """The name of one of its models."""
        return next((row.name for row in self.rows if row.figures.id == id_), None)


def price_list(market: Market, query: Query, ranked: Sequence[str], until: datetime | None = None) -> PriceList:
    """The prices of a catalogue beside a ranking. ranked: its permaslugs in rank order.

    query.baseline: an id; where it is None or not there, the first ranked model that has a price.
    """
    prices = market.prices(until)
    present = prices.present
    listed: dict[str, str] = {}
    for slug in ranked:
        entry = market.catalogue.entry(slug)
        if entry is not None and entry.id in present:
            listed.setdefault(entry.id, slug)
    baseline = query.baseline
    if baseline not in present:
        baseline = next((id_ for id_ in listed if (present[id_].pricing.prompt or 0) > 0), None)
    ids = [*listed, *(id_ for id_ in present if id_ not in listed and not id_.startswith("~"))]
    ids.sort(key=lambda id_: unpriced(present[id_].pricing))
    return PriceList(
        rows=_rows(market, prices, ids, listed, baseline),
        baseline=baseline,
        gaps=gaps(market, query.lens, until),
        until=until,
        seen_at=prices.seen_at,
        since=prices.since,
        span=prices.span,
    )


def _rows(
    market: Market, prices: Prices, ids: Iterable[str], listed: Mapping[str, str], baseline: str | None
) -> tuple[PriceRow, ...]:
    base = prices.present[baseline] if baseline else None
    out = []
    for id_ in ids:
        entry = prices.present[id_]
        figures = price_figures(entry, base, prices.moved.get(id_))
        variant = variant_of(id_)
        name = market.catalogue.name(f"{entry.canonical_slug}:{variant}" if variant else entry.canonical_slug)
        slug = listed.get(id_)
        facts = market.facts(slug or id_, free=figures.free)
        out.append(PriceRow(figures, name, facts.country, slug, facts))
    return tuple(out)


def gaps(market: Market, lens: Lens, until: datetime | None = None) -> Mapping[str, Gap]:
    """Country gaps over the models of the basis in the newest complete week, or the newest that had ended by a midnight."""
    week = _gap_week(market.record(Grain.WEEK), until)
    ranking = market.rankings(Grain.WEEK, lens).at(week) if week else None
    slugs = [row.permaslug for row in ranking.on_basis] if ranking else []
    known = [entry.id for slug in slugs if (entry := market.catalogue.entry(slug)) is not None]
    present = market.prices(until).present
    entries = [present[id_] for id_ in known if id_ in present]
    return country_gap(entries, market.attribution.country)


def _gap_week(record: Record, until: datetime | None) -> Period | None:
    last = None if until is None else Period.of(Grain.WEEK, until.date()).previous()
    return record.newest_complete(last)
