"""`prices`: what a million tokens costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orwatch.errors import NoDataError, UsageError

if TYPE_CHECKING:
    from datetime import datetime

    from orwatch.cli.session import Session
    from orwatch.core.market import Market
    from orwatch.report.result import Result


def prices(session: Session) -> Result:
    """What a million tokens costs: input, output, cached input; CN against US.

    Prices are in USD; ratios are to the price of --baseline. Ranked models come first, in the order of the period, then
    the rest of the catalogue. A table shows the first 20. The gap is of the models of --basis in the newest complete
    week: medians of CN and of US. With --at a past date, the prices are those that the cache had seen by the end of that
    period, and the gap is of the newest week that was complete then. --columns chooses among country, model, vendor, in,
    out, cached, discount, ratio, ratio_out and context, in tables, Markdown and CSV; JSON has every field."""
    from msgspec.structs import replace

    from orwatch.core.views.prices import price_list
    from orwatch.present.sentences import no_prices_then
    from orwatch.report import prices as report
    from orwatch.report.columns import chosen

    market = session.market
    if market.cache.models_seen_at() is None:
        raise NoDataError("The cache holds no prices yet: run `orwatch poll`.")
    until = _until(session, market)
    known = market.prices(until)
    if known.seen_at is None:
        assert known.since is not None
        raise NoDataError(no_prices_then(known.since))
    session.check_filter()
    query = replace(session.query, baseline=_baseline(session, market))
    found = price_list(market, query, _ranked(session, market), until)
    shown = [row for row in found.rows if session.shows(row.facts) and (query.lens.free or not row.figures.free)]
    result = report.prices(session.view, known.seen_at, shown, found.baseline, found.gaps, then=until is not None)
    return chosen(result, session.settings.price_columns, told=session.told("view.columns.prices"))


def _until(session: Session, market: Market) -> datetime | None:
    """The midnight before which the prices of a past period were seen; None: the newest prices count."""
    query = session.query
    return None if query.at == "newest" else market.prices_until(query.at, market.resolve(query.grain, query.at))


def _ranked(session: Session, market: Market) -> list[str]:
    """The permaslugs of the period in rank order; none where the cache has catalogue alone."""
    try:
        ranking = market.rankings(session.query.grain, session.query.lens).at(
            market.resolve(session.query.grain, session.query.at)
        )
    except NoDataError:
        if session.query.at != "newest":
            raise
        return []
    return [row.permaslug for row in ranking.rows] if ranking else []


def _baseline(session: Session, market: Market) -> str | None:
    """The id of the baseline that was asked for, None for the default. A permaslug serves as well.

    Raises UsageError for one that the newest catalogue does not have.
    """
    from orwatch.cli.parser import near

    text = session.settings.baseline
    if text is None:
        return None
    present = market.cache.listed_ids()
    entry = market.catalogue.entry(text)
    if entry is not None and entry.id in present:
        return entry.id
    raise UsageError(
        f"{text!r} is no id of the catalogue to take as baseline; {near(text, present, 'see `orwatch prices`')}."
    )
