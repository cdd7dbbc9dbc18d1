"""Rows of a table on the screen: the head, a row, what the filter looks for lit in it, the cursor.

Figures right, text left, heads aligned as their column. The cursor is a bar at the left and a tinted row.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from textual.strip import Strip

from orwatch.present.formats import cell_width
from orwatch.present.table import Column, Piece, Pieces, Placed, cut, place, spread, width_of
from orwatch.tui.themes import Ink
from orwatch.tui.widgets.paint import Line, lit

STRONG = (
    "model", "tokens", "in", "out", "subject", "country",
    "app", "task", "task_tokens", "host", "could", "score", "blend", "spend", "of_spend",
)  # fmt: skip
"""Columns that are bright in the cursor's row."""

LIT = ("model", "vendor", "subject", "name", "words", "country", "app", "task", "host")
"""Columns in which a filter's words are lit; its country codes are in `country` alone."""


def draw_table(ink: Ink, width: int, columns: Sequence[Column[Any]], rows: Iterable[Any]) -> list[Strip]:
    """Heads and rows without a cursor, over the whole width."""
    placed = spread(place(columns, width), width)
    return [draw_head(ink, width, placed), *(draw_row(ink, width, placed, row) for row in rows)]


def draw_head(ink: Ink, width: int, placed: Sequence[Placed[Any]], sort: str = "", reverse: bool = False) -> Strip:
    """The row of heads; the column that is sorted by is bright and carries an arrow."""
    line = Line(ink, width)
    for p in placed:
        by = bool(sort) and p.column.sort == sort
        text = f"{'↑' if reverse else '↓'} {p.column.head}" if by and p.column.head else p.column.head
        text = text if not p.column.right or cell_width(text) < p.end - line.at else p.column.head
        piece: Piece = (text, "text" if by else "dim")
        if p.column.right:
            line.right([piece], p.end)
        else:
            line.to(p.at).pieces([piece])
    return line.strip()


def draw_row(
    ink: Ink,
    width: int,
    placed: Sequence[Placed[Any]],
    row: Any,
    *,
    cursor: bool = False,
    pinned: bool = False,
    needles: Sequence[str] = (),
) -> Strip:
    """One row. cursor: the bar, the tint, and name and value in bold. pinned: a star before it. needles: texts to be lit."""
    line = Line(ink, width)
    if cursor:
        line.put("▌", "accent")
    elif pinned:
        line.put("*", "accent+")
    for n, p in enumerate(placed):
        room = p.width
        if p.column.reach and n + 1 < len(placed):
            after = placed[n + 1]
            room = max(1, after.end - width_of(after.column.cell(row, after.width)) - after.column.gap - p.at)
        pieces: Pieces = p.column.cell(row, room)
        if needles and p.column.key in LIT:
            names = p.column.key != "country"
            pieces = lit(pieces, [n for n in needles if not (names and len(n) == 2 and n.isupper())])
        if cursor and p.column.key in STRONG:
            pieces = [(text, "bright" if role == "text" else role) for text, role in pieces]
        if p.column.right:
            line.right(pieces, p.end)
        else:
            line.to(p.at).pieces(cut(pieces, room))
    return line.strip(ink.selected if cursor else None)
