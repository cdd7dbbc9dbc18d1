"""`vendors`: whose models they are, and the user's own countries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from orwatch.errors import UsageError
from orwatch.report.result import Result

if TYPE_CHECKING:
    from orwatch.cli.session import Session
    from orwatch.domain.vendors import Vendor


def vendors(session: Session) -> Result:
    """Whose models they are: company, country, evidence and tokens of each vendor.

    `vendors assign AUTHOR CC` gives a vendor a country of your own, over the shipped table; `vendors unassign AUTHOR` takes it
    back. Both write config.toml. Cloaked models are never attributed.
    """
    from orwatch.report.layout import headline, vendor_columns
    from orwatch.report.meta import credit, meta_of

    words = session.given("words", [])
    if words:
        return _assign(session, words)
    snap = session.snapshot()
    rows = [
        _vendor_row(row.vendor, row.tokens, row.share, row.models)
        for row in snap.vendors
        if _vendor_shown(session, row.vendor)
    ]
    there = {row["vendor"] for row in rows}
    asked = session.filter.vendors
    # Vendors without a row on the basis are listed where somebody asks for them by name, or gave them a country.
    rows += [
        _vendor_row(vendor, None, None, None)
        for vendor in session.market.attribution.known()
        if vendor.slug not in there
        and _vendor_shown(session, vendor)
        and (vendor.slug in asked or (vendor.assigned == "user" and not asked))
    ]
    return Result(
        meta_of(session.view, snap),
        rows,
        vendor_columns(rows),
        title=headline("Vendors", snap),
        credit=credit(session.view, snap, computed=True),
    )


def _vendor_shown(session: Session, vendor: Vendor) -> bool:
    from orwatch.domain.filters import Facts

    return session.shows(Facts(permaslug=f"{vendor.slug}/", country=vendor.country))


def _vendor_row(vendor: Vendor, tokens: int | None, part: float | None, models: int | None) -> dict[str, Any]:
    return {
        "vendor": vendor.slug,
        "company": vendor.company,
        "country": vendor.country,
        "evidence": vendor.evidence,
        "assigned": vendor.assigned,
        "tokens": tokens,
        "share": part,
        "models": models,
    }


def _assign(session: Session, words: list[str]) -> Result:
    from orwatch.config import assign_vendor, load, unassign_vendor
    from orwatch.domain.vendors import Attribution
    from orwatch.report.layout import vendor_columns
    from orwatch.report.meta import bare_meta

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
    rows = [_vendor_row(vendor, None, None, None)]
    return Result(bare_meta(session.view, None), rows, vendor_columns(rows), title=f"Written to {path}.")
