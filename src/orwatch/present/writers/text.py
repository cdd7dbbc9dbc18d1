"""A report as a table for people: figures to the right, columns given up by rank where there is no room, the citation last."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from orwatch.domain.foreign_text import safe
from orwatch.present.report import Report
from orwatch.present.table import Piece, Pieces, Placed, width_of
from orwatch.present.writers.grid import grid


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
