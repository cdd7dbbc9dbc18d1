"""Whose models they are: company, country, evidence and tokens of each vendor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from orwatch.domain.filters import Facts
from orwatch.domain.overview import Snapshot
from orwatch.domain.vendors import Vendor
from orwatch.present import cells, formats
from orwatch.present.report import Report, View, bare_meta, of_period
from orwatch.present.table import Column, Pieces, Table, fields


class VendorLine(Struct, frozen=True):
    """A vendor, and what its rows on the basis carry: None where it has none of them."""

    vendor: Vendor
    tokens: int | None = None
    share: float | None = None
    models: int | None = None


def _facts(row: VendorLine) -> Mapping[str, Any]:
    return {
        "vendor": row.vendor.slug,
        **fields(row.vendor, "company", "country", "evidence", "assigned"),
        **fields(row, "tokens", "share", "models"),
    }


def asked(vendor: Vendor) -> Facts:
    """What filters can ask of a vendor."""
    return Facts(f"{vendor.slug}/", vendor.company or "", vendor.country)


def _cut(text: str | None, width: int, role: str) -> Pieces:
    return [(formats.middle_cut(text, width), role)] if text else cells.NO_DATA


VENDORS: Table[VendorLine, formats.Unit] = Table(
    key="vendors",
    title="Vendors",
    facts=_facts,
    asked=lambda row: (asked(row.vendor),),
    scale=formats.ONE,
    columns=lambda unit: (
        Column("vendor", "Vendor", 12, lambda row, _: [(row.vendor.slug, "text")], right=False, gap=0),
        cells.country_column(lambda row: row.vendor.country, gap=2),
        Column("company", "Company", 20, lambda row, w: _cut(row.vendor.company, w, "text"), right=False, grow=True),
        cells.tokens_column(unit, lambda row: row.tokens),
        Column("share", cells.SHARE_HEAD, 8, lambda row, _: cells.percent(row.share)),
        Column("models", "Models", 6, lambda row, _: cells.known(row.models), give_up=2),
        Column("assigned", "Country by", 10, lambda row, _: cells.known(row.vendor.assigned), right=False, give_up=3),
        Column(
            "evidence", "Evidence", 20, lambda row, w: _cut(row.vendor.evidence, w, "dim"),
            right=False, grow=True, give_up=1,
        ),
    ),
)  # fmt: skip


def report(view: View, snap: Snapshot, rows: Sequence[VendorLine]) -> Report:
    """The vendors of a period. rows: those to show, in order."""
    unit = formats.unit_of([row.tokens for row in rows if row.tokens is not None])
    return of_period(view, snap, VENDORS, rows, scale=unit, sums={"tokens": ""})


def assigned(view: View, vendor: Vendor, title: str) -> Report:
    """One vendor whose country was changed."""
    return Report(VENDORS, [VendorLine(vendor)], scale=VENDORS.scale, meta=bare_meta(view, None), title=title)
