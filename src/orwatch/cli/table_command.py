"""`top`, `share`, `versus`, `history`, `prices` and `vendors`: a table of the record each, as it is asked for.

What they work with is imported when one is run: `--help` reads the docstrings of them all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from orwatch.errors import NoDataError, UsageError

if TYPE_CHECKING:
    from datetime import datetime

    from orwatch.cli.session import Session
    from orwatch.domain.vendors import Vendor
    from orwatch.present.report import Report
    from orwatch.present.table import Table


def top(session: Session) -> Report:
    """The models of a period by tokens: rank, share, change, periods in the top 10.

    A table shows the first 20; --limit and the other formats show more. Shares are of all tokens, so the line `other`
    stands for everything outside the rows. Filters hide rows and change no figure. --columns chooses among rank, moved,
    country, model, vendor, tokens, share, change and streak, in tables, Markdown and CSV; JSON has every field.
    """
    from orwatch.present.tables import models

    columns = _columns(session, models.MODELS, session.settings.view.columns.models)
    snap = session.snapshot()
    return models.report(session.view, snap, (row for row in snap.models if session.shows(row.facts)), columns)


def share(session: Session) -> Report:
    """The tokens of a period by country: shares, changes, and who leads.

    Shares are of all tokens, and of those whose country is known. The split speaks of the rows of --basis. `??` are
    rows of the basis whose country is not known, `other` is everything outside the basis; the rows add up to the total."""
    from orwatch.domain.leads import Kind, Subject
    from orwatch.present.tables import countries

    snap = session.snapshot()
    lead = session.market.leadership(snap.period.grain, snap.lens, Subject(Kind.COUNTRY)).lead(snap.period)
    shown = {row.country for row in snap.models if session.shows(row.facts)}
    if not (session.filter.vendors or session.filter.countries):
        shown.add("other")
    return countries.report(session.view, snap, lead, shown)


def versus(session: Session) -> Report:
    """A head to head, period by period: two countries (`versus CN US`) or vendors.

    The newest row is the period that --at asks for. A flip is confirmed on complete periods only; the leader of a
    running period is on course.
    """
    from msgspec.structs import replace

    from orwatch.core.views.versus import duels
    from orwatch.domain.leads import Subject
    from orwatch.present.tables import versus

    a, b = _sides(session)
    session.query = query = replace(session.query, versus=(a, b))
    snap = session.snapshot()
    leads = session.market.leadership(query.grain, query.lens, Subject.versus(a, b))
    return versus.report(session.view, snap, leads, duels(session.market, query, snap.period))


def history(session: Session) -> Report:
    """One model, period by period: rank, tokens, share and change.

    The newest period comes first. MODEL is a permaslug, an id, or a part of a name or slug that fits one model alone. A
    period in which the record does not name the model has neither rank nor tokens: it may have had some."""
    from orwatch.cli.models import find_model
    from orwatch.present.tables import history

    snap = session.snapshot()
    ranked = session.market.rankings(snap.period.grain, snap.lens)
    slug = find_model(session.market, ranked, session.given("model"))
    return history.model_report(session.view, snap, ranked, slug, session.market.catalogue.name(slug))


def prices(session: Session) -> Report:
    """What a million tokens costs: input, output, cached input; CN against US.

    Prices are in USD; ratios are to the price of --baseline. Ranked models come first, in the order of the period, then
    the rest of the catalogue. A table shows the first 20. The gap is of the models of --basis in the newest complete
    week: medians of CN and of US. With --at a past date, the prices are those that the cache had seen by the end of that
    period, and the gap is of the newest week that was complete then. --columns chooses among country, model, vendor, in,
    out, cached, discount, ratio, ratio_out and context, in tables, Markdown and CSV; JSON has every field."""
    from msgspec.structs import replace

    from orwatch.core.views.prices import price_list
    from orwatch.present.sentences import no_prices_then
    from orwatch.present.tables import prices

    columns = _columns(session, prices.PRICES, session.settings.view.columns.prices)
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
    shown = [row for row in found.rows if session.shows(row.facts) and (lens.free or not row.figures.free)]
    then = until is not None
    return prices.report(session.view, book.seen_at, shown, found.baseline, found.gaps, then=then, columns=columns)


def vendors(session: Session) -> Report:
    """Whose models they are: company, country, evidence and tokens of each vendor.

    `vendors assign AUTHOR CC` gives a vendor a country of your own, over the shipped table; `vendors unassign AUTHOR` takes it
    back. Both write config.toml. Cloaked models are never attributed.
    """
    from orwatch.domain.filters import Facts
    from orwatch.present.tables import vendors

    if words := session.given("words", []):
        return _assign(session, words)

    def shows(vendor: Vendor) -> bool:
        return session.shows(Facts(permaslug=f"{vendor.slug}/", country=vendor.country))

    snap = session.snapshot()
    rows = [
        vendors.VendorLine(row.vendor, row.tokens, row.share, row.models) for row in snap.vendors if shows(row.vendor)
    ]
    there, asked = {row.vendor.slug for row in rows}, session.filter.vendors
    # Vendors without a row on the basis are listed where somebody asks for them by name, or gave them a country.
    rows += [
        vendors.VendorLine(vendor)
        for vendor in session.market.attribution.known()
        if vendor.slug not in there
        and shows(vendor)
        and (vendor.slug in asked or (vendor.assigned == "user" and not asked))
    ]
    return vendors.report(session.view, snap, rows)


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
    from orwatch.cli.session import check_country
    from orwatch.config import sides
    from orwatch.domain.leads import is_country_pair

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
    from orwatch.cli.parser import near

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
    from orwatch.config import assign_vendor, load, unassign_vendor
    from orwatch.domain.vendors import Attribution
    from orwatch.present.tables import vendors

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
    return vendors.assigned(session.view, vendor, f"Written to {path}.")
