"""The columns of a report in their places, and the cells of its rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from orwatch.present.report import Report
from orwatch.present.table import WIDE, Column, Pieces, Placed, cut, fields_table, measured, place, tidy, width_of

FACTS = fields_table("facts", "", "field", "value")
"""A row that is read downwards, a fact a line."""


def grid(report: Report, rows: Sequence[Any], width: int | None = None) -> tuple[list[Placed[Any]], list[list[Pieces]]]:
    """The columns that fit into `width` cells (None: any), and the cells of these rows and of what follows them."""
    columns = report.shown
    if report.upright:
        columns = FACTS.columns(None)
        rows = [{"field": name, "value": value} for row in rows for name, value in report.table.facts(row).items()]
    tails = [_tail(tail, columns) for tail in report.tail]
    sized = [_widened(column, [tail.get(column.key, ()) for tail in tails]) for column in measured(columns, rows)]
    placed = place(sized, width or WIDE * len(sized), start=0)
    body = [[cut(tidy(p.column.cell(row, p.width)), p.width) for p in placed] for row in rows]
    return placed, [*body, *([tail.get(p.column.key, ()) for p in placed] for tail in tails)]


def _tail(tail: Mapping[str, Pieces], columns: Sequence[Column[Any]]) -> Mapping[str, Pieces]:
    """What follows the rows; where names are not shown, its first column says what it is."""
    if "model" not in tail or any(column.key == "model" for column in columns):
        return tail
    return {**tail, columns[0].key: tail["model"]}


def _widened(column: Column[Any], cells: Sequence[Pieces]) -> Column[Any]:
    widest = max(map(width_of, cells), default=0)
    return replace(column, width=max(column.width, widest), most=max(column.most, widest))
