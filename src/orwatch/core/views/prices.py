"""The prices of the catalogue beside a ranking, and the gap between countries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from orwatch.core.market import Market
from orwatch.domain.filters import Offers
from orwatch.domain.names import near
from orwatch.domain.periods import Grain, Period
from orwatch.domain.prices import Gap, PriceList, PriceRow, costs_nothing, country_gap, unpriced
from orwatch.domain.query import Query
from orwatch.domain.rankings import Lens, Ranking
from orwatch.domain.records import Record
from orwatch.errors import NoDataError, UsageError


def offers(market: Market, until: datetime | None) -> Offers:
    """What gives the entry of a permaslug or id, at the newest prices or those seen before a midnight (UTC)."""
    return lambda permaslug: market.offer(permaslug, until)


def price_list(market: Market, query: Query) -> PriceList:
    """The prices of a catalogue, as they are or as they had been seen by the end of a past period.

    query.baseline: an id or a permaslug; where it is None or not there, the first ranked model that has a price. Raises
    NoDataError where the record does not have the period that is asked for by date.
    """
    ranking, until = _ranking(market, query)
    prices, country_of = market.prices(until), market.attribution.country
    present = prices.present
    listed = _listed(market, until, ranking.slugs if ranking else ())
    base = market.offer(query.baseline, until) if query.baseline else None
    if base is None:
        base = next((present[id_] for id_ in listed if (present[id_].pricing.prompt or 0) > 0), None)
    used = dict.fromkeys([*listed, *_listed(market, until, _newest_day(market, until))])
    others = (id_ for id_ in present if id_ not in used and not id_.startswith("~"))

    def row(id_: str) -> PriceRow:
        entry, slug = present[id_], listed.get(id_)
        return PriceRow(entry, base, prices.moved.get(id_), entry.short_name, country_of(slug or id_), slug)

    rows = [*map(row, used), *sorted(map(row, others), key=lambda row: row.name.casefold())]
    rows.sort(key=lambda row: unpriced(row.entry.pricing))
    return PriceList(
        rows=tuple(row for row in rows if query.lens.free or not costs_nothing(row.entry)),
        base=base,
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
    entry = market.offer(text, until)
    if entry is None:
        hint = near(text, market.prices(until).present, "see `orwatch prices`")
        raise UsageError(f"{text!r} is no id of the catalogue to take as baseline; {hint}.")
    if (entry.pricing.prompt or 0) <= 0:
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


def _listed(market: Market, until: datetime | None, slugs: Iterable[str]) -> dict[str, str]:
    """Permaslugs by the id that they have in the catalogue, in their order; those without one are passed over."""
    out: dict[str, str] = {}
    for slug in slugs:
        if (entry := market.offer(slug, until)) is not None:
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


def gaps(market: Market, lens: Lens, until: datetime | None = None) -> Mapping[str, Gap]:
    """Country gaps over the models of the basis in the newest complete week, or the newest that had ended by a midnight."""
    week = gap_week(market.record(Grain.WEEK), until)
    ranking = market.rankings(Grain.WEEK, lens).at(week) if week else None
    offered = (market.offer(slug, until) for slug in (ranking.slugs_on_basis if ranking else ()))
    return country_gap([entry for entry in offered if entry is not None], market.attribution.country)


def gap_week(record: Record, until: datetime | None) -> Period | None:
    """The week whose models the gap is of: the newest complete one, or the newest that had ended by a midnight."""
    last = None if until is None else Period.of(Grain.WEEK, until.date()).previous()
    return record.newest_complete(last)
