"""`prices`: what a million tokens costs."""

from __future__ import annotations

from msgspec.structs import replace

from orwatch.cli.session import Session
from orwatch.core.views.prices import price_list
from orwatch.domain.nearest import near
from orwatch.errors import NoDataError, UsageError
from orwatch.present.report import Report
from orwatch.present.tables.prices import PRICES, report
from orwatch.present.terms import no_prices_then


def prices(session: Session) -> Report:
    """What a million tokens costs: ranked models first, in the order of the period, then the rest of the catalogue."""
    columns = session.columns(PRICES)
    market, lens = session.market, session.query.lens
    if market.cache.catalogue.seen_at() is None:
        raise NoDataError("The cache holds no prices yet: run `orwatch poll`.")
    until = session.prices_until
    book = market.prices(until)
    if book.seen_at is None:
        assert book.since is not None
        raise NoDataError(no_prices_then(book.since))
    session.check_filter()
    found = price_list(market, replace(session.query, baseline=_baseline(session)), _ranked(session), until)
    shown = PRICES.ordered(
        session.select([row for row in found.rows if lens.free or not row.figures.free], PRICES.asked)
    )
    then, gap = until is not None, found.gaps
    return report(session.view, book.seen_at, shown, found.baseline, gap, then=then, columns=columns)


def _ranked(session: Session) -> list[str]:
    """The permaslugs of the period in rank order; none where the cache has catalogue alone."""
    query, market = session.query, session.market
    try:
        ranking = market.rankings(query.grain, query.lens).at(market.resolve(query.grain, query.at))
    except NoDataError:
        if query.at != "newest":
            raise
        return []
    return [row.permaslug for row in ranking.rows] if ranking else []


def _baseline(session: Session) -> str | None:
    """The id of the baseline that was asked for, None for the default. A permaslug serves as well.

    Raises UsageError for one that the newest catalogue does not have.
    """
    text = session.settings.prices.baseline
    if text is None:
        return None
    present = session.market.prices().present
    entry = session.market.catalogue.entry(text)
    if entry is not None and entry.id in present:
        return entry.id
    raise UsageError(
        f"{text!r} is no id of the catalogue to take as baseline; {near(text, present, 'see `orwatch prices`')}."
    )
