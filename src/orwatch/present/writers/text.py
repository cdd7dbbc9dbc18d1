"""A report as a table for people: figures to the right, columns given up by rank where there is no room, the citation last."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from msgspec.structs import replace

from orwatch.domain.foreign_text import safe
from orwatch.present.report import Report
from orwatch.present.table import WIDE, Piece, Pieces, Placed, cut, fields_table, measured, place, tidy, width_of

FACTS = fields_table("facts", "", "field", "value")
"""A row that is read downwards, a fact a line."""


def grid(report: Report, rows: Sequence[Any], width: int | None = None) -> tuple[list[Placed[Any]], list[list[Pieces]]]:
    """The columns that fit into `width` cells (None: any), and the cells of these rows and of what follows them."""
    columns = report.shown
    if report.upright:
        columns = FACTS.columns(None)
        rows = [{"field": name, "value": value} for row in rows for name, value in report.table.facts(row).items()]
    tails = [dict(tail) for tail in report.tail]
    for tail in tails:
        if "model" in tail and all(column.key != "model" for column in columns):
            tail[columns[0].key] = tail["model"]  # where names are not shown, its first column says what it is
    sized = []
    for column in measured(columns, rows):
        widest = max((width_of(tail.get(column.key, ())) for tail in tails), default=0)
        sized.append(replace(column, width=max(column.width, widest), most=max(column.most, widest)))
    placed = place(sized, width or WIDE * len(sized), start=0)
    body = [[cut(tidy(p.column.cell(row, p.width)), p.width) for p in placed] for row in rows]
    return placed, [*body, *([tail.get(p.column.key, ()) for p in placed] for tail in tails)]


def text_table(report: Report, limit: int | None, width: int | None, codes: Mapping[str, str]) -> Iterator[str]:
    """The lines of a table. width: of the terminal, None for any. codes: SGR parameters by role, none for no escape at all."""
    rows = list(report.rows)
    shown = list(islice(rows, limit or report.first))
    placed, cells = grid(report, shown, width)
    if report.title:
        yield f"{safe(report.title)}\n\n"
    if placed and cells:
        head: list[Pieces] = [[(p.column.head, "dim")] for p in placed]
        yield from (f"{row_line(row, placed, codes)}\n" for row in (head, *cells))
    elif report.shown:
        yield "No rows match.\n"
    notes = [safe(note) for note in report.notes]
    count = report.counted(shown, len(rows))
    if len(rows) > len(shown):
        notes.append(f"{count}; --limit shows more.")
    elif report.sums and shown:
        notes.append(f"{count}.")
    kept = {p.column.key for p in placed}
    heads = [column.head.strip() for column in report.shown if column.key not in kept]
    if not report.upright and (given_up := [head for head in heads if head]):
        notes.append(f"Not shown for want of width: {', '.join(given_up)}.")
    notes += [f"! {safe(warning)}" for warning in report.warnings]
    if notes:
        yield "\n"
        yield from (f"{note}\n" for note in notes)
    if report.meta.get("citation"):
        yield f"\n{_coloured((safe(report.meta['citation']), 'dim'), codes)}\n"


def row_line(row: Sequence[Pieces], placed: Sequence[Placed[Any]], codes: Mapping[str, str] | None = None) -> str:
    """Cells in their places, as a line without its end. codes: SGR parameters by role."""
    line, at = "", 0
    for pieces, p in zip(row, placed, strict=True):
        blanks = p.width - width_of(pieces) if p.column.right else 0
        line += " " * (p.at + blanks - at) + "".join(_coloured(piece, codes or {}) for piece in pieces)
        at = p.at + blanks + width_of(pieces)
    return line.rstrip()


def _coloured(piece: Piece, codes: Mapping[str, str]) -> str:
    text, role = piece
    code = codes.get(role)
    return f"\x1b[{code}m{text}\x1b[0m" if code and text else text
