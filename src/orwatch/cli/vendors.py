"""`vendors`: whose models they are, and the countries that the user gives them."""

from __future__ import annotations

from orwatch.cli.session import Session
from orwatch.config import VENDORS as OWN
from orwatch.config import assign, config_path, load, unassign
from orwatch.domain.vendors import Attribution
from orwatch.errors import UsageError
from orwatch.present.report import Report
from orwatch.present.tables.vendors import VENDORS, VendorLine, assigned, report
from orwatch.present.tables.vendors import asked as facts


def vendors(session: Session) -> Report:
    """Whose models they are."""
    snap = session.snapshot()
    every = [
        VendorLine(row.vendor, row.tokens, row.share, row.models) if snap.split.known else VendorLine(row.vendor)
        for row in snap.vendors
    ]
    rows = session.select(every, VENDORS.asked)
    there, asked = {row.vendor.slug for row in rows}, session.filter.vendors
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
    """Writes a country of the user's own to config.toml."""
    slug, _ = assign(config_path(session.env), OWN, session.given("author"), session.given("country_code"))
    return _written(session, slug)


def vendors_unassign(session: Session) -> Report:
    """Takes it out again."""
    path, author = config_path(session.env), session.given("author")
    if not unassign(path, OWN, author):
        raise UsageError(f"{author!r} has no country of your own in {path}.")
    return _written(session, author.strip().lower())


def _written(session: Session, slug: str) -> Report:
    vendor = Attribution(load(session.env).settings.vendors).vendor(slug)
    return assigned(session.view, vendor, f"Written to {config_path(session.env)}.")
