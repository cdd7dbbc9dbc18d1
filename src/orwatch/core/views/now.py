"""The period in progress beside the newest complete one, in a few figures each."""

from __future__ import annotations

from datetime import UTC, date

from msgspec.structs import replace

from orwatch.core.market import Market
from orwatch.core.views.overview import standoff
from orwatch.domain.leads import Flip, Kind, Subject
from orwatch.domain.now import Headline, Now, Outlook, first_day_of, outlook
from orwatch.domain.periods import Grain, Period, State
from orwatch.domain.query import Query


def headline(market: Market, query: Query, period: Period) -> Headline:
    """A period of the record through the lens of a query, with the figures that its snapshot has."""
    rankings = market.rankings(period.grain, query.lens)
    record, ranking = rankings.record, rankings.at(period)
    assert ranking is not None
    return Headline(
        period=period,
        state=record.state(period),
        days=record.days_done(period),
        total=ranking.total,
        total_change=rankings.total_change(period),
        versus=query.versus,
        standoff=standoff(market, replace(query, grain=period.grain), query.lens.basis, period),
    )


def beside(market: Market, query: Query) -> Headline | None:
    """The period that a query asks for by date, else the newest complete one, None where there is none.

    NoDataError where the cache holds nothing of the grain, or of that date.
    """
    period = market.resolve(query.grain, "newest" if query.at == "now" else query.at)
    found = headline(market, query, period)
    asked = isinstance(query.at, date)
    return found if asked or found.state is State.COMPLETE else None


def now(market: Market, query: Query) -> Now:
    """The period in progress through the lens of a query: that of its grain, beside trailing weeks the week.

    NoDataError on an empty cache.
    """
    grain = Grain.WEEK if query.grain.trailing else query.grain
    today = market.now.astimezone(UTC).date()
    record, period = market.record(grain, query.lens), Period.of(grain, today)
    begun = period.start < today
    if record.running is None:
        return Now(period, begun, None)
    course = _on_course(market, query, grain)
    subject, flip = course or (None, None)
    models = (flip.after, flip.before) if flip and subject and subject.kind is Kind.MODEL else ()
    return Now(
        period,
        begun,
        headline(market, query, period),
        _outlook(market, query, period) if begun else None,
        flip,
        subject,
        {slug: market.catalogue.name(slug) for slug in models},
    )


def _outlook(market: Market, query: Query, period: Period) -> Outlook | None:
    totals = market.cache.rankings.day_totals(first_day_of(period))
    return outlook(market.record(period.grain, query.lens), period, totals)


def _on_course(market: Market, query: Query, grain: Grain) -> tuple[Subject, Flip] | None:
    """The first lead that the running period would turn: of the head to head, of countries, models, vendors."""
    for kind in (Kind.VERSUS, Kind.COUNTRY, Kind.MODEL, Kind.VENDOR):
        leads = market.leads(replace(query, grain=grain), kind)
        if (flip := leads.on_course()) is not None:
            return leads.subject, flip
    return None
