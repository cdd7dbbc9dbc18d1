"""The prices of the catalogue beside a ranking, and the gap between countries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from orwatch.core.market import Market, Prices
from orwatch.domain.catalogue import CatalogueModel
from orwatch.domain.filters import Offers
from orwatch.domain.names import near, variant_of, vendor_of
from orwatch.domain.periods import Grain, Period
from orwatch.domain.prices import Gap, PriceList, PriceRow, costs_nothing, country_gap, unpriced
from orwatch.domain.query import Query
from orwatch.domain.rankings import Lens, Ranking
from orwatch.domain.records import Record
from orwatch.errors import NoDataError, UsageError


def offers(market: Market, until: datetime | None) -> Offers:
    """What gives the entry of a permaslug or id, at the newest prices or those seen before a midnight (UTC)."""

    def offer(permaslug: str) -> CatalogueModel | None:
        entry = market.catalogue.entry(permaslug)
        return None if entry is None else market.prices(until).present.get(entry.id)

    return offer


def price_list(market: Market, query: Query) -> PriceList:
    """The prices of a catalogue, as they are or as they had been seen by the end of a past period.

    query.baseline: an id or a permaslug; where it is None or not there, the first ranked model that has a price. Raises
    NoDataError where the record does not have the period that is asked for by date.
    """
    ranking, until = _ranking(market, query)
    prices = market.prices(until)
    present = prices.present
    listed = _listed(market, prices, ranking.slugs if ranking else ())
    entry = market.catalogue.entry(query.baseline) if query.baseline else None
    baseline = entry.id if entry and entry.id in present else None
    if baseline is None:
        baseline = next((id_ for id_ in listed if (present[id_].pricing.prompt or 0) > 0), None)
    last = _listed(market, prices, _newest_day(market, until))
    places = {id_: n for n, id_ in enumerate(dict.fromkeys([*listed, *last]))}
    ids = dict.fromkeys([*places, *(id_ for id_ in present if not id_.startswith("~"))])
    rows = sorted(
        _rows(market, prices, ids, listed, baseline),
        key=lambda row: (unpriced(row.entry.pricing), places.get(row.id, len(places)), row.name.casefold(), row.id),
    )
    return PriceList(
        rows=tuple(row for row in rows if query.lens.free or not costs_nothing(row.entry)),
        baseline=baseline,
        gaps=gaps(market, query.lens, until),
        until=until,
        seen_at=prices.seen_at,
        since=prices.since,
        span=prices.span,
    )


def base_of(market: Market, text: str, until: datetime | None = None) -> str:
    """The id of an entry that prices can be set against. text: an id or a permaslug. until: as of the prices.

    Raises UsageError for one that the catalogue does not have, or that has no price.
    """
    present = market.prices(until).present
    entry = market.catalogue.entry(text)
    if entry is None or entry.id not in present:
        raise UsageError(
            f"{text!r} is no id of the catalogue to take as baseline; {near(text, present, 'see `orwatch prices`')}."
        )
    if (present[entry.id].pricing.prompt or 0) <= 0:
        raise UsageError(f"{entry.id} has no price above zero to set others against; take another as baseline.")
    return entry.id


def _ranking(market: Market, query: Query) -> tuple[Ranking | None, datetime | None]:
    """The ranking of the period, and the midnight before which its prices were seen; none where there is a catalogue alone."""
    try:
        period = market.resolve(query.grain, query.at)
    except NoDataError:
        if query.at != "newest":
            raise
        return None, None
    return market.rankings(query.grain, query.lens).at(period), market.prices_until(query.at, period)


def _listed(market: Market, prices: Prices, slugs: Iterable[str]) -> dict[str, str]:
    """Permaslugs by the id that they have in the catalogue, in their order; those without one are passed over."""
    out: dict[str, str] = {}
    for slug in slugs:
        entry = market.catalogue.entry(slug)
        if entry is not None and entry.id in prices.present:
            out.setdefault(entry.id, slug)
    return out


def _newest_day(market: Market, until: datetime | None) -> Sequence[str]:
    """The permaslugs of the newest day that is over, or of the last before a midnight, in rank order."""
    covered = market.cache.rankings.coverage(Grain.DAY)
    if covered is None:
        return ()
    last = covered[1] if until is None else until.date() - timedelta(days=1)
    days = market.cache.rankings.read(Grain.DAY, since=last - timedelta(days=1), until=last)
    return next((day.slugs for day in reversed(days) if day.period.settled_by(day.as_of)), ())


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
        country = market.attribution.country(vendor_of((slug or id_).lstrip("~")))
        out.append(PriceRow(entry, base, prices.moved.get(id_), name, country, slug))
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
