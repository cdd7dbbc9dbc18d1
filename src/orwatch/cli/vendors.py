"""`vendors`: whose models they are, and the countries that the user gives them."""

from __future__ import annotations

from orwatch.cli.session import Session
from orwatch.config import assign_vendor, load, unassign_vendor
from orwatch.domain.vendors import Attribution
from orwatch.errors import UsageError
from orwatch.present.report import Report
from orwatch.present.tables.vendors import VENDORS, VendorLine, assigned, report
from orwatch.present.tables.vendors import asked as facts


def vendors(session: Session) -> Report:
    """Whose models they are; `assign` and `unassign` write a country of the user's own to config.toml."""
    if words := session.given("words", []):
        return _assign(session, words)

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
    return assigned(session.view, vendor, f"Written to {path}.")
