"""The prices of the catalogue beside a ranking, and the gap between countries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from orwatch.core.market import Market, Prices
from orwatch.domain.names import variant_of
from orwatch.domain.periods import Grain, Period
from orwatch.domain.prices import Gap, costs_nothing, country_gap, unpriced
from orwatch.domain.query import Query
from orwatch.domain.rankings import Lens
from orwatch.domain.records import Record
from orwatch.domain.views.prices import PriceList, PriceRow


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
        variant = variant_of(id_)
        name = market.catalogue.name(f"{entry.canonical_slug}:{variant}" if variant else entry.canonical_slug)
        slug = listed.get(id_)
        facts = market.facts(slug or id_, free=costs_nothing(entry))
        out.append(PriceRow(entry, base, prices.moved.get(id_), name, facts.country, slug, facts))
    return tuple(out)


def gaps(market: Market, lens: Lens, until: datetime | None = None) -> Mapping[str, Gap]:
    """Country gaps over the models of the basis in the newest complete week, or the newest that had ended by a midnight."""
    week = gap_week(market.record(Grain.WEEK), until)
    ranking = market.rankings(Grain.WEEK, lens).at(week) if week else None
    slugs = [row.permaslug for row in ranking.on_basis] if ranking else []
    known = [entry.id for slug in slugs if (entry := market.catalogue.entry(slug)) is not None]
    present = market.prices(until).present
    entries = [present[id_] for id_ in known if id_ in present]
    return country_gap(entries, market.attribution.country)


def gap_week(record: Record, until: datetime | None) -> Period | None:
    """The week whose models the gap is of: the newest complete one, or the newest that had ended by a midnight."""
    last = None if until is None else Period.of(Grain.WEEK, until.date()).previous()
    return record.newest_complete(last)
