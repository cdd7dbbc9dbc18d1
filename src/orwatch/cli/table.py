"""A table for people: figures to the right, columns given up by rank where the terminal is narrow, the citation last."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import islice

from orwatch.domain.foreign import safe
from orwatch.present.formats import middle_cut
from orwatch.report.result import Cell, Column, Result

GUTTER = "  "
NARROWEST_NAME = 12

_SIXTEEN = {"CN": "33", "US": "94", "elsewhere": "35", "unattributed": "37", "accent": "36", "trouble": "91"}
_DARK = {
    "CN": "#ee9548",
    "US": "#4f91ee",
    "elsewhere": "#e6e0a0",
    "unattributed": "#a4acb5",
    "accent": "#57d3bd",
    "trouble": "#ff6f90",
}
_LIGHT = {
    "CN": "#b65200",
    "US": "#1c5fc4",
    "elsewhere": "#7d2079",
    "unattributed": "#6b6f75",
    "accent": "#00766a",
    "trouble": "#c0164a",
}
_PLAIN = {"dim": "2", "bold": "1"}


def table(result: Result, limit: int | None, width: int | None, theme: str | None) -> Iterator[str]:
    """The lines of a table. width: of the terminal, None for any. theme: its colours, None for no escape at all."""
    rows = list(result.lines or result.rows)
    shown = [*islice(rows, limit or result.first), *result.tail]
    cells = [[_tidy(column.cell(row)) for column in result.columns] for row in shown]
    columns, cells, given_up = fit(result.columns, cells, width)
    widths = [
        max(measure(column.head), *(measure(row[n].text) for row in cells), 0) if cells else measure(column.head)
        for n, column in enumerate(columns)
    ]
    inks = palette(theme)
    if result.title:
        yield f"{safe(result.title)}\n\n"
    if columns and shown:
        heads = [Cell(column.head, "dim") for column in columns]
        for row in (heads, *cells):
            yield _line(row, columns, widths, inks)
    elif columns:
        yield "No rows match.\n"
    notes = [safe(note) for note in result.notes]
    if len(rows) > len(shown) - len(result.tail):
        notes.append(f"{len(shown) - len(result.tail)} of {len(rows)} rows; --limit shows more.")
    if given_up:
        notes.append(f"Not shown for want of width: {', '.join(column.head for column in given_up)}.")
    notes += [f"! {safe(warning)}" for warning in result.meta.get("warnings") or ()]
    if notes:
        yield "\n"
        yield from (f"{note}\n" for note in notes)
    if result.meta.get("citation"):
        yield f"\n{_inked(safe(result.meta['citation']), 'dim', inks)}\n"


def fit(
    columns: Sequence[Column], cells: list[list[Cell]], width: int | None
) -> tuple[list[Column], list[list[Cell]], list[Column]]:
    """The columns that have room, their cells, and the columns given up: names are cut first, then columns go by rank."""
    kept = list(range(len(columns)))

    def widest(n: int) -> int:
        return max(measure(columns[n].head), *(measure(row[n].text) for row in cells), 0) if cells else 0

    widths = {n: widest(n) for n in kept}

    def excess(names: dict[int, int]) -> int:
        whole = sum(names.get(n, widths[n]) for n in kept) + len(GUTTER) * (len(kept) - 1)
        return whole - width if width is not None else 0

    def narrowest() -> dict[int, int]:
        return {n: min(widths[n], NARROWEST_NAME * 2) for n in kept if columns[n].cut}

    given_up = []
    while excess(narrowest()) > 0 and any(columns[n].give_up for n in kept):
        goes = min((n for n in kept if columns[n].give_up), key=lambda n: columns[n].give_up)
        kept.remove(goes)
        given_up.append(columns[goes])
    for n in (n for n in kept if columns[n].cut):
        over = excess({})
        if over > 0:
            widths[n] = max(NARROWEST_NAME, widths[n] - over)
    out = [
        [Cell(middle_cut(row[n].text, widths[n]), row[n].ink) if columns[n].cut else row[n] for n in kept]
        for row in cells
    ]
    return [columns[n] for n in kept], out, given_up


def measure(text: str) -> int:
    """Columns of a terminal that the text takes."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text
    )


def palette(theme: str | None) -> dict[str, str]:
    """SGR parameters by ink; none where no escape may be written."""
    if theme in (None, "none"):
        return {}
    true_colour = os.environ.get("COLORTERM", "").lower() in ("truecolor", "24bit")
    if theme == "terminal" or not true_colour:
        return _SIXTEEN | _PLAIN
    light = theme == "light" or (theme == "auto" and os.environ.get("COLORFGBG", "").endswith((";15", ";7")))
    colours = _LIGHT if light else _DARK
    return {ink: "38;2;" + ";".join(str(n) for n in bytes.fromhex(code[1:])) for ink, code in colours.items()} | _PLAIN


def _tidy(cell: Cell) -> Cell:
    return Cell(safe(cell.text), cell.ink)


def _line(row: Sequence[Cell], columns: Sequence[Column], widths: Sequence[int], inks: dict[str, str]) -> str:
    parts = []
    for cell, column, width in zip(row, columns, widths, strict=True):
        gap = " " * (width - measure(cell.text))
        text = _inked(cell.text, cell.ink, inks)
        parts.append(gap + text if column.right else text + gap)
    return GUTTER.join(parts).rstrip() + "\n"


def _inked(text: str, ink: str, inks: dict[str, str]) -> str:
    code = inks.get(ink)
    return f"\x1b[{code}m{text}\x1b[0m" if code and text else text
