"""Tables whose columns are declared once, and given up in a fixed order when space ends.

Figures right, text left, heads aligned as their column. The cursor is a bar at the left and a tinted row.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from msgspec import Struct
from rich.segment import Segment
from textual.strip import Strip

from orwatch.tui.themes import Ink
from orwatch.tui.widgets.paint import Line, Piece, cells, lit, width_of

RowT = TypeVar("RowT")


class Column(Struct, Generic[RowT], frozen=True):
    """One column. cell: pieces of a row (second argument: cells it has). width: fixed, or the least of one that grows.

    give_up: the order in which columns go when space ends (lowest first); None: never. gap: blank cells before it.
    grow: shares in the space left over, up to `most`. sort: key of the sort the column offers, None where it offers none.
    """

    key: str
    head: str
    width: int
    cell: Callable[[RowT, int], Sequence[Piece]]
    right: bool = True
    gap: int = 2
    give_up: int | None = None
    grow: bool = False
    most: int = 0
    sort: str | None = None


class Placed(Struct, Generic[RowT], frozen=True):
    """A column with its place: first cell and width."""

    column: Column[RowT]
    at: int
    width: int


def place(columns: Sequence[Column[RowT]], width: int, start: int = 1) -> list[Placed[RowT]]:
    """Which columns fit into `width` cells, and where. The first growing column gets what is left, then the next."""
    kept = list(columns)

    def need() -> int:
        return start + sum(column.width + (column.gap if n else 0) for n, column in enumerate(kept))

    while need() > width:
        loose = [column for column in kept if column.give_up is not None]
        if not loose:
            break
        kept.remove(min(loose, key=lambda column: column.give_up or 0))
    spare = max(0, width - need())
    sizes = {column.key: column.width for column in kept}
    short = need() - width
    for column in kept:
        if column.grow:
            more = min(spare, column.most - column.width) if column.most else spare
            sizes[column.key] += max(0, more)
            spare -= max(0, more)
            if short > 0:
                sizes[column.key] = max(1, sizes[column.key] - short)
                short = 0
    at, out = start, []
    for n, column in enumerate(kept):
        at += column.gap if n else 0
        out.append(Placed(column, at, sizes[column.key]))
        at += sizes[column.key]
    if spare and out:
        out = _spread(out, spare)
    return out


def _spread(placed: list[Placed[RowT]], spare: int) -> list[Placed[RowT]]:
    """Moves the right-hand figures to the right edge: the space left over stands before the first of them."""
    first = next((n for n, p in enumerate(placed) if p.column.right and n), len(placed))
    return [p if n < first else Placed(p.column, p.at + spare, p.width) for n, p in enumerate(placed)]


def draw_head(ink: Ink, width: int, placed: Sequence[Placed[RowT]], sort: str | None, reverse: bool) -> Strip:
    """The row of heads; the column that is sorted by is bright and carries an arrow."""
    line = Line(ink, width)
    for p in placed:
        head = p.column.head
        by = sort is not None and p.column.sort == sort
        text = f"{'↑' if reverse else '↓'} {head}" if by and head else head
        text = text if not p.column.right or cells(text) < p.at + p.width - line.at else head
        piece: Piece = (text, "text" if by else "dim")
        if p.column.right:
            line.right([piece], p.at + p.width)
        else:
            line.to(p.at).pieces([piece])
    return line.strip()


NAMES = ("model", "vendor", "subject", "name", "words")
"""Columns in which a filter's words are lit; its country codes are in `country`."""


def draw_row(
    ink: Ink,
    width: int,
    placed: Sequence[Placed[RowT]],
    row: RowT,
    *,
    cursor: bool = False,
    dim: bool = False,
    pinned: bool = False,
    needles: Sequence[str] = (),
) -> Strip:
    """One row. cursor: the bar, the tint, and name and value in bold. pinned: a star before it. needles: texts to be lit."""
    line = Line(ink, width)
    if cursor:
        line.put("▌", "accent")
    elif pinned:
        line.put("*", "accent+")
    for p in placed:
        pieces = p.column.cell(row, p.width)
        if needles and (wanted := _sought(p.column.key, needles)):
            pieces = lit(pieces, wanted)
        if dim:
            pieces = [(text, "dim" if role in ("text", "bright") else role) for text, role in pieces]
        elif cursor and p.column.key in ("model", "tokens", "in", "out", "subject", "country"):
            pieces = [(text, "bright" if role == "text" else role) for text, role in pieces]
        if p.column.right:
            line.right(pieces, p.at + p.width)
        else:
            line.to(p.at).pieces(_cut(pieces, p.width))
    return line.strip(ink.selected if cursor else None)


def _sought(column: str, needles: Sequence[str]) -> Sequence[str]:
    """The needles that are lit in a column: texts in names, codes in countries."""
    if column == "country":
        return needles
    return [n for n in needles if not (len(n) == 2 and n.isupper())] if column in NAMES else ()


class Drawn:
    """A row drawn once, and lit anew for each filter that is typed: a key must not wait for all that stays the same."""

    __slots__ = ("_ink", "_plain", "_width", "_words")

    def __init__(self, ink: Ink, width: int, placed: Sequence[Placed[RowT]], row: RowT, *, pinned: bool) -> None:
        line = Line(ink, width)
        words: list[tuple[int, str]] = []
        if pinned:
            line.put("*", "accent+")
        for p in placed:
            pieces = p.column.cell(row, p.width)
            if p.column.right:
                line.right(pieces, p.at + p.width)
                continue
            line.to(p.at)
            start = line.count
            line.pieces(_cut(pieces, p.width))
            if p.column.key in NAMES or p.column.key == "country":
                words += [(n, p.column.key) for n in range(start, line.count)]
        self._ink, self._width, self._words = ink, width, words
        self._plain = line.strip()

    def lit(self, needles: Sequence[str]) -> Strip:
        """The row with the needles lit where they stand in names and countries."""
        changed: dict[int, list[Segment]] = {}
        segments = self._plain._segments
        for n, column in self._words if needles else ():
            text = segments[n].text
            pieces = lit([(text, "")], _sought(column, needles))
            if len(pieces) > 1 or pieces[0][1]:
                style = segments[n].style
                changed[n] = [Segment(part, self._ink[role] if role else style) for part, role in pieces]
        if not changed:
            return self._plain
        out: list[Segment] = []
        for n, segment in enumerate(segments):
            if n in changed:
                out += changed[n]
            else:
                out.append(segment)
        return Strip(out, self._width)


class Layout(Generic[RowT]):
    """Columns in their places, and what has been drawn in them: rows by key and whether pinned, feet by size, the heads by sort."""

    __slots__ = ("feet", "heads", "placed", "rows", "width")

    def __init__(self, width: int, placed: list[Placed[RowT]]) -> None:
        self.width, self.placed = width, placed
        self.rows: dict[tuple[str, bool], Drawn] = {}
        self.feet: dict[tuple[int, int], list[Strip]] = {}
        self.heads: dict[tuple[str, bool], Strip] = {}


def _cut(pieces: Sequence[Piece], width: int) -> Sequence[Piece]:
    if width_of(pieces) <= width:
        return pieces
    out, room = [], width
    for text, role in pieces:
        if room <= 0:
            break
        out.append((text[:room], role))
        room -= cells(text)
    return out


def bar(share: float, width: int, role: str) -> list[Piece]:
    """A thin bar of half cells: `share` (0 to 1) of the width; the smallest figure still shows."""
    halves = max(1, round(share * width * 2)) if share > 0 else 0
    full, half = divmod(halves, 2)
    return [("━" * full + ("╸" if half else ""), role)]


_LEVELS = "▁▂▃▄▅▆"


def sparkline(values: Sequence[int | None]) -> list[Piece]:
    """One cell a period, at most three quarters high, each scaled to its own largest; `·` for no data; the last one brighter."""
    top = max((value for value in values if value), default=0)
    out: list[Piece] = []
    for n, value in enumerate(values):
        if value is None or not top:
            out.append(("·", "faint"))
        else:
            level = _LEVELS[min(len(_LEVELS) - 1, int(value / top * (len(_LEVELS) - 1) + 0.5))]
            out.append((level, "dim" if n == len(values) - 1 else "faint"))
    return out
