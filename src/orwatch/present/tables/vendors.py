"""Whose models they are: company, country, evidence and tokens of each vendor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from orwatch.domain.filters import Facts
from orwatch.domain.overview import Snapshot
from orwatch.domain.vendors import Vendor
from orwatch.present import cells, formats
from orwatch.present.report import Report, View, bare_meta, credit, headline, meta_of
from orwatch.present.table import Column, Pieces, Table
from orwatch.present.terms import country_words


class VendorLine(Struct, frozen=True):
    """A vendor, and what its rows on the basis carry: None where it has none of them."""

    vendor: Vendor
    tokens: int | None = None
    share: float | None = None
    models: int | None = None


def _facts(row: VendorLine) -> Mapping[str, Any]:
    vendor = row.vendor
    return {
        "vendor": vendor.slug,
        "company": vendor.company,
        "country": vendor.country,
        "evidence": vendor.evidence,
        "assigned": vendor.assigned,
        "tokens": row.tokens,
        "share": row.share,
        "models": row.models,
    }


def asked(vendor: Vendor) -> Facts:
    """What filters can ask of a vendor."""
    return Facts(f"{vendor.slug}/", vendor.company or "", vendor.country, country_words(vendor.country))


def _cut(text: str | None, width: int, role: str) -> Pieces:
    return [(formats.middle_cut(text, width), role)] if text else cells.NO_DATA


def _evidence(row: VendorLine, width: int) -> Pieces:
    return _cut(row.vendor.evidence, width, "dim")


_C = Column[VendorLine]

VENDORS: Table[VendorLine, tuple[int, str]] = Table(
    key="vendors",
    title="Vendors",
    noun="vendor",
    facts=_facts,
    row_id=lambda row: row.vendor.slug,
    asked=lambda row: asked(row.vendor),
    scale=(1, ""),
    columns=lambda unit: (
        _C("vendor", "Vendor", 12, lambda row, _: [(row.vendor.slug, "text")], right=False, gap=0),
        _C("country", "CC", 2, lambda row, _: cells.code(row.vendor.country), right=False),
        _C("company", "Company", 20, lambda row, w: _cut(row.vendor.company, w, "text"), right=False, grow=True),
        _C("tokens", cells.tokens_head(unit[1]), 8, lambda row, _: [(formats.tokens_in(row.tokens, unit[0]), "text")]),
        _C("share", cells.SHARE_HEAD, 8, lambda row, _: cells.percent(row.share)),
        _C("models", "Models", 6, lambda row, _: cells.known(row.models), give_up=2),
        _C("assigned", "Country by", 10, lambda row, _: cells.known(row.vendor.assigned), right=False, give_up=3),
        _C("evidence", "Evidence", 20, _evidence, right=False, grow=True, give_up=1),
    ),
)
"""Its scale is the unit of the tokens."""


def report(view: View, snap: Snapshot, rows: Sequence[VendorLine]) -> Report:
    """The vendors of a period. rows: those to show, in order."""
    return Report(
        VENDORS,
        rows,
        scale=formats.unit_of([row.tokens for row in rows if row.tokens is not None]),
        meta=meta_of(view, snap),
        title=headline(VENDORS.title, snap),
        sums={"tokens": ""},
        credit=credit(view, snap, computed=True),
    )


def assigned(view: View, vendor: Vendor, title: str) -> Report:
    """One vendor whose country was changed."""
    return Report(VENDORS, [VendorLine(vendor)], scale=VENDORS.scale, meta=bare_meta(view, None), title=title)
