"""`history`: one model, period by period."""

from __future__ import annotations

from orwatch.cli.session import Session
from orwatch.core.market import Market
from orwatch.domain.names import near, variant_of
from orwatch.domain.rankings import Rankings
from orwatch.errors import NoDataError, UsageError
from orwatch.present.report import Report
from orwatch.present.tables.history import model_report

SHOWN_MODELS = 6
"""Models that an ambiguous part of a name is answered with."""


def history(session: Session) -> Report:
    """One model, period by period, newest first."""
    snap = session.snapshot()
    ranked = session.market.rankings(snap.period.grain, snap.lens, snap.query.back)
    slug = find_model(session.market, ranked, session.given("model"))
    return model_report(session.view, snap, ranked, slug, session.market.catalogue.name(slug))


def find_model(market: Market, rankings: Rankings, text: str) -> str:
    """The permaslug that a permaslug, an id, a name, or a part of one stands for among the models of the record.

    Raises UsageError where none or more than one fits, NoDataError for one that only the catalogue has.
    """
    wanted = text.strip().casefold()
    names = {
        row.permaslug: market.catalogue.name(row.permaslug)
        for period in rankings.record.listings
        if (ranking := rankings.at(period)) is not None
        for row in ranking.rows
    }
    entry = market.catalogue.by_id.get(text.strip())
    if entry is not None:
        variant = "" if rankings.lens.merged else variant_of(entry.id)
        wanted = f"{entry.canonical_slug}:{variant}".rstrip(":").casefold()
    for fits in (
        [slug for slug in names if slug.casefold() == wanted],
        [slug for slug, name in names.items() if name.casefold() == wanted and ":" not in slug],
        [slug for slug, name in names.items() if wanted in slug.casefold() or wanted in name.casefold()],
    ):
        if len(fits) == 1 and wanted:
            return fits[0]
        if fits and wanted:
            more = f" and {len(fits) - SHOWN_MODELS} more" if len(fits) > SHOWN_MODELS else ""
            raise UsageError(f"{text!r} fits several models: {', '.join(fits[:SHOWN_MODELS])}{more}; give one of them.")
    if entry is not None:
        raise NoDataError(
            f"{entry.id} is in the catalogue, but the record has never named it among the largest models."
        )
    known = (*names, *names.values())
    raise UsageError(f"{text!r} is no model of the record; {near(wanted, known, '`orwatch top` lists them')}.")
