"""`top`, `share`, `versus`, `history`, `prices` and `vendors`: a table of the record each, as it is asked for."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec.structs import replace

from orwatch.cli.models import find_model
from orwatch.cli.parser import near
from orwatch.cli.session import Session, check_country
from orwatch.config import assign_vendor, load, sides, unassign_vendor
from orwatch.core.views.prices import price_list
from orwatch.core.views.series import duels
from orwatch.domain.filters import Facts
from orwatch.domain.leads import Kind, Subject, is_country_pair
from orwatch.domain.vendors import Attribution, Vendor
from orwatch.errors import NoDataError, UsageError
from orwatch.present.report import Report
from orwatch.present.sentences import no_prices_then
from orwatch.present.table import Table
from orwatch.present.tables import countries as countries_table
from orwatch.present.tables import history as history_table
from orwatch.present.tables import models as models_table
from orwatch.present.tables import prices as prices_table
from orwatch.present.tables import vendors as vendors_table
from orwatch.present.tables import versus as versus_table


def top(session: Session) -> Report:
    """The models of a period by tokens."""
    columns = _columns(session, models_table.MODELS, session.settings.view.columns.models)
    snap = session.snapshot()
    shown = [row for row in snap.models if session.shows(row.facts)]
    return models_table.report(session.view, snap, models_table.MODELS.ordered(shown), columns)


def share(session: Session) -> Report:
    """The tokens of a period by country."""
    snap = session.snapshot()
    lead = session.market.leadership(snap.period.grain, snap.lens, Subject(Kind.COUNTRY)).lead(snap.period)
    shown = {row.country for row in snap.models if session.shows(row.facts)}
    if not (session.filter.vendors or session.filter.countries):
        shown.add("other")
    return countries_table.report(session.view, snap, lead, shown)


def versus(session: Session) -> Report:
    """A head to head, period by period: two countries or two vendors."""
    a, b = _sides(session)
    session.query = query = replace(session.query, versus=(a, b))
    snap = session.snapshot()
    leads = session.market.leadership(query.grain, query.lens, Subject.versus(a, b))
    return versus_table.report(session.view, snap, leads, duels(session.market, query, snap.period))


def history(session: Session) -> Report:
    """One model, period by period, newest first."""
    snap = session.snapshot()
    ranked = session.market.rankings(snap.period.grain, snap.lens)
    slug = find_model(session.market, ranked, session.given("model"))
    return history_table.model_report(session.view, snap, ranked, slug, session.market.catalogue.name(slug))


def prices(session: Session) -> Report:
    """What a million tokens costs: ranked models first, in the order of the period, then the rest of the catalogue."""
    columns = _columns(session, prices_table.PRICES, session.settings.view.columns.prices)
    market, lens = session.market, session.query.lens
    if market.cache.catalogue.seen_at() is None:
        raise NoDataError("The cache holds no prices yet: run `orwatch poll`.")
    until = _until(session)
    book = market.prices(until)
    if book.seen_at is None:
        assert book.since is not None
        raise NoDataError(no_prices_then(book.since))
    session.check_filter()
    found = price_list(market, replace(session.query, baseline=_baseline(session)), _ranked(session), until)
    left = [row for row in found.rows if session.shows(row.facts) and (lens.free or not row.figures.free)]
    shown = prices_table.PRICES.ordered(left)
    then, gap = until is not None, found.gaps
    return prices_table.report(session.view, book.seen_at, shown, found.baseline, gap, then=then, columns=columns)


def vendors(session: Session) -> Report:
    """Whose models they are; `assign` and `unassign` write a country of the user's own to config.toml."""
    if words := session.given("words", []):
        return _assign(session, words)

    def shows(vendor: Vendor) -> bool:
        return session.shows(Facts(permaslug=f"{vendor.slug}/", country=vendor.country))

    snap = session.snapshot()
    rows = [
        vendors_table.VendorLine(row.vendor, row.tokens, row.share, row.models)
        for row in snap.vendors
        if shows(row.vendor)
    ]
    there, asked = {row.vendor.slug for row in rows}, session.filter.vendors
    # Vendors without a row on the basis are listed where somebody asks for them by name, or gave them a country.
    rows += [
        vendors_table.VendorLine(vendor)
        for vendor in session.market.attribution.known()
        if vendor.slug not in there
        and shows(vendor)
        and (vendor.slug in asked or (vendor.assigned == "user" and not asked))
    ]
    return vendors_table.report(session.view, snap, rows)


def _columns(session: Session, table: Table[Any, Any], names: tuple[str, ...]) -> tuple[str, ...]:
    """The columns that were chosen. A setting may name some that only the screen draws, the command line may not.

    Raises UsageError for one that is not written."""
    have = [column.key for column in table.written]
    if session.told(f"view.columns.{table.key}"):
        for name in names:
            if name not in have:
                raise UsageError(f"--columns: {name!r} is drawn on the screen alone; a table has {', '.join(have)}.")
    return names


def _sides(session: Session) -> tuple[str, str]:
    """The two sides as asked for. Raises UsageError where one is not known, or both are the same."""
    given = (session.given("a"), session.given("b"))
    try:
        a, b = sides(given)
    except ValueError:
        raise UsageError(f"A head to head needs two different sides, not {given[0]!r} twice.") from None
    if is_country_pair(a, b):
        check_country(a)
        check_country(b)
        return a, b
    if all(len(side) == 2 for side in given) or any(side.isupper() and len(side) == 2 for side in given):
        raise UsageError(
            f"{given[0]!r} and {given[1]!r} are neither two countries nor two vendors; write two codes in capitals, as in"
            " `orwatch versus CN US`, or two vendors."
        )
    session.check_vendor(a)
    session.check_vendor(b)
    return a, b


def _until(session: Session) -> datetime | None:
    """The midnight before which the prices of a past period were seen; None: the newest prices count."""
    query, market = session.query, session.market
    return None if query.at == "newest" else market.prices_until(query.at, market.resolve(query.grain, query.at))


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


def _assign(session: Session, words: list[str]) -> Report:

    path = session.config.path
    match words:
        case ["assign", author, code]:
            slug, _ = assign_vendor(path, author, code)
        case ["unassign", author]:
            slug = author.strip().lower()
            if not unassign_vendor(path, author):
                raise UsageError(f"{author!r} has no country of your own in {path}.")
        case _:
            raise UsageError("vendors takes `assign AUTHOR CC`, `unassign AUTHOR`, or nothing.")
    vendor = Attribution(load(session.env).settings.vendors).vendor(slug)
    return vendors_table.assigned(session.view, vendor, f"Written to {path}.")
