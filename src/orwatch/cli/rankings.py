"""`share`, `versus`, `history`, `vendors`, `apps` and `tasks`: who leads, whose the models are, who uses them, and what for."""

from __future__ import annotations

from msgspec.structs import replace

from orwatch.cli.session import Session, check_country
from orwatch.config import VENDORS as OWN
from orwatch.config import assign, config_path, load, sides, unassign
from orwatch.core.market import Market, one_model
from orwatch.core.views import apps as app_views
from orwatch.core.views.overview import skewed
from orwatch.core.views.series import duel, duels
from orwatch.core.views.tasks import tasks as shares
from orwatch.domain.leads import Kind, Subject, is_country_pair
from orwatch.domain.names import near, slug_name, variant_of
from orwatch.domain.overview import openness
from orwatch.domain.rankings import Rankings
from orwatch.domain.vendors import Attribution
from orwatch.errors import NoDataError, UsageError
from orwatch.present.report import Report
from orwatch.present.tables import apps as app_tables
from orwatch.present.tables import countries
from orwatch.present.tables import tasks as task_tables
from orwatch.present.tables.history import model_report, versus_report
from orwatch.present.tables.models import MODELS
from orwatch.present.tables.openness import report as openness_report
from orwatch.present.tables.vendors import VENDORS, VendorLine, assigned, report
from orwatch.present.tables.vendors import asked as facts


def share(session: Session) -> Report:
    by_openness = session.given("by") == "openness"
    snap = session.snapshot()
    if by_openness:
        return openness_report(session.view, snap, openness(snap))
    lead = session.market.leadership(snap.period.grain, snap.lens, Subject(Kind.COUNTRY)).lead(snap.period)
    shown = {row.country for row in session.select(snap.models, MODELS.asked)}
    by = session.filter
    if not (by.vendors.shown or by.countries.shown or any(not word.exclude for word in by.words)):
        shown.add("other")
    return countries.report(session.view, snap, lead, shown, skewed(session.market, snap))


def versus(session: Session) -> Report:
    """A head to head, period by period: two countries or two vendors."""
    a, b = sides_of(session, (session.given("a"), session.given("b")))
    session.query = query = replace(session.query, versus=(a, b))
    snap = session.snapshot()
    leads = session.market.leadership(query.grain, query.lens, Subject.versus(a, b))
    added_up = duel(session.market, query, snap.period) if snap.period.count > 1 else None
    return versus_report(session.view, snap, leads, duels(session.market, query, snap.period), added_up)


def sides_of(session: Session, given: tuple[str, str]) -> tuple[str, str]:
    """The two sides of a head to head as asked for. Raises UsageError where one is not known, or both are the same."""
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


def history(session: Session) -> Report:
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
        slug: market.catalogue.name(slug)
        for period in rankings.record.listings
        if (ranking := rankings.at(period)) is not None
        for slug in ranking.slugs
    }
    entry = market.catalogue.by_id.get(text.strip())
    if entry is not None:
        variant = "" if rankings.lens.merged else variant_of(entry.id)
        wanted = f"{entry.canonical_slug}:{variant}".rstrip(":").casefold()
    tiers = (
        [slug for slug in names if slug.casefold() == wanted],
        [slug for slug, name in names.items() if name.casefold() == wanted and ":" not in slug],
        [slug for slug in names if slug_name(slug).casefold() == wanted and ":" not in slug],
        [slug for slug, name in names.items() if wanted in slug.casefold() or wanted in name.casefold()],
    )
    if (slug := one_model(text, tiers)) is not None:
        return slug
    if entry is not None:
        raise NoDataError(
            f"{entry.id} is in the catalogue, but the record has never named it among the largest models."
        )
    known = (*names, *names.values())
    raise UsageError(f"{text!r} is no model of the record; {near(wanted, known, '`orwatch top` lists them')}.")


def vendors(session: Session) -> Report:
    snap = session.snapshot()
    every = [
        VendorLine(row.vendor, row.tokens, row.share, row.models) if snap.split.known else VendorLine(row.vendor)
        for row in snap.vendors
    ]
    rows = session.select(every, VENDORS.asked)
    there, asked = {row.vendor.slug for row in rows}, session.filter.vendors.shown
    # Vendors without a row on the basis are listed where somebody asks for them by name, or gave them a country.
    rows += [
        VendorLine(vendor)
        for vendor in session.market.attribution.known()
        if vendor.slug not in there
        and session.shows(facts(vendor))
        and (vendor.slug in asked or (vendor.assigned == "user" and not asked))
    ]
    return report(session.view, snap, rows)


def vendors_assign(session: Session) -> Report:
    slug, _ = assign(config_path(session.env), OWN, session.given("author"), session.given("country_code"))
    return _written(session, slug)


def vendors_unassign(session: Session) -> Report:
    path, author = config_path(session.env), session.given("author")
    if not unassign(path, OWN, author):
        raise UsageError(f"{author!r} has no country of your own in {path}.")
    return _written(session, author.strip().lower())


def _written(session: Session, slug: str) -> Report:
    vendor = Attribution(load(session.env).settings.vendors).vendor(slug)
    return assigned(session.view, vendor, f"Written to {config_path(session.env)}.")


def apps(session: Session) -> Report:
    found, trending = app_views.apps(session.market, session.query), session.given("trending", False)
    rows, asked = session.select(found.rows, app_tables.APPS.asked), session.given("category")
    if asked is not None:
        known = app_views.categories(session.market)
        if asked not in known:
            raise UsageError(f"{asked!r} is no category of apps that the cache knows; {near(asked, known)}.")
        rows = [row for row in rows if row.app_id in known[asked]]
    ordered = app_tables.APPS.ordered(rows, "gain" if trending else None)
    return app_tables.report(session.view, found, ordered, category=asked, trending=trending)


def tasks(session: Session) -> Report:
    """The shares of tasks; with --period week those of programming, week by week."""
    found = shares(session.market, session.query)
    if session.given("view.period") is None:
        rows = session.select([*found.macros, *found.tasks], task_tables.TASKS.asked)
        return task_tables.report(session.view, found, rows)
    if not found.programming:
        raise NoDataError("The cache holds no week of programming yet: run `orwatch poll` with a key.")
    return task_tables.programming_report(session.view, found)
