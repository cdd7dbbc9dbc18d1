"""Two models side by side: their prices, and their figures in the period, in the digits of the tables they are from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from orwatch.domain.overview import ModelRow, Snapshot
from orwatch.domain.prices import PriceRow
from orwatch.present import cells, formats
from orwatch.present.report import Report, View, of_period
from orwatch.present.table import WIDE, Column, Pieces, Table
from orwatch.present.tables import models, prices

TIMES = {"in": "input", "out": "output", "cached": "cached_input", "tokens": "tokens"}
"""The facts by column of which the larger is told as a multiple of the smaller."""


class PairSide(Struct, frozen=True):
    """One of the two. price, model: its rows, None where the catalogue or the period does not have it."""

    name: str
    price: PriceRow | None
    model: ModelRow | None


class PairRow(Struct, frozen=True):
    """One fact of both: what it is, and their cells. times: the larger ÷ the smaller, with the number of the larger."""

    what: str
    cells: tuple[Pieces, Pieces]
    times: tuple[int, Decimal] | None = None


class PairScale(Struct, frozen=True):
    """What the columns are called, and the cells of each side."""

    names: tuple[str, str] = ("", "")
    width: int = 22


def _columns(scale: PairScale) -> tuple[Column[PairRow], ...]:
    def times(side: int) -> Column[PairRow]:
        def cell(row: PairRow, _: int) -> Pieces:
            return [(f"{formats.multiple(row.times[1])} ×", "dim")] if row.times and row.times[0] == side else []

        return Column(f"times_{side}", "", 8, cell, right=False, gap=1, give_up=side)

    def figure(side: int) -> Column[PairRow]:
        head = formats.middle_cut(scale.names[side], scale.width)
        return Column(f"side_{side}", head, scale.width, lambda row, _: row.cells[side])

    what = Column[PairRow]("what", "", 10, lambda row, _: [(row.what, "dim")], right=False, gap=0, grow=True, most=16)
    return (what, figure(0), times(0), figure(1), times(1))


PAIR: Table[PairRow, PairScale] = Table("pair", "Side by side", _columns, PairScale())


def rows(sides: Sequence[PairSide], snap: Snapshot, span: int) -> list[PairRow]:
    """The facts of two models. span: days that the change of prices looks back."""
    scales = models.scale(snap), prices.PricesScale(span=span)
    return [
        *_facts_of(models.MODELS, scales[0], [side.model for side in sides]),
        *_facts_of(prices.PRICES, scales[1], [side.price for side in sides]),
    ]


SHOWN = {
    "models": ("country", "vendor", "rank", "tokens", "share", "change", "streak"),
    "prices": ("in", "out", "cached", "discount", "change", "context"),
}
"""The columns of each table whose cells are facts here."""


def _facts_of(table: Table[Any, Any], scale: Any, found: Sequence[Any]) -> Iterator[PairRow]:
    facts = [None if row is None else table.facts(row) for row in found]
    for column in table.columns(scale):
        if column.key in SHOWN[table.key] and column.shown:
            both = [cells.NO_DATA if row is None else _bare(column.cell(row, WIDE)) for row in found]
            what = f"{column.head.strip('○● ')}{' $' if column.key in ('in', 'out', 'cached') else ''}"
            yield PairRow(what, (both[0], both[1]), _times(facts, TIMES.get(column.key)))


def _bare(pieces: Pieces) -> Pieces:
    """A cell without the blanks that keep decimal points in line."""
    return [(text.rstrip(), role) for text, role in pieces]


def _times(facts: Sequence[Mapping[str, Any] | None], field: str | None) -> tuple[int, Decimal] | None:
    one, two = (Decimal(each[field] or 0) if each and field else Decimal(0) for each in facts)
    if one <= 0 or two <= 0 or one == two:
        return None
    return (0, one / two) if one > two else (1, two / one)


def report(view: View, snap: Snapshot, sides: tuple[PairSide, PairSide], span: int, seen: datetime | None) -> Report:
    """Two models side by side. seen: when the catalogue was."""
    as_of = "" if seen is None else f" · prices seen {formats.day(seen.date(), year=True)}"
    one, two = (side.name for side in sides)
    title, found = f"{one} beside {two}", rows(sides, snap, span)
    told = of_period(view, snap, PAIR, found, title=title, scale=PairScale((one, two)), computed=False)
    return replace(told, title=f"{told.title}{as_of}")
