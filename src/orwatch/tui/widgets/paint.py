"""Lines of ink: text with roles, put side by side into a strip of an exact width."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rich.cells import set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from orwatch.domain.foreign_text import safe
from orwatch.present.formats import cell_width
from orwatch.present.table import Piece, width_of
from orwatch.tui.themes import Ink

_EMPTY = Style()


class Line:
    """One row of cells, filled from the left. What does not fit is cut at the end."""

    __slots__ = ("_at", "_segments", "ink", "width")

    def __init__(self, ink: Ink, width: int) -> None:
        self.ink = ink
        self.width = width
        self._segments: list[Segment] = []
        self._at = 0

    @property
    def at(self) -> int:
        """The column that comes next."""
        return self._at

    @property
    def room(self) -> int:
        """Cells left."""
        return self.width - self._at

    def put(self, text: str, role: str | Style = "text") -> Line:
        """Puts text in a role (or a style of its own)."""
        if not text or self.room <= 0:
            return self
        text = safe(text)  # what stands in the cache may have come there by another way than the decoder
        size = cell_width(text)
        if size > self.room:
            text, size = set_cell_size(text, self.room), self.room
        self._segments.append(Segment(text, self.ink[role] if isinstance(role, str) else role))
        self._at += size
        return self

    def pieces(self, pieces: Iterable[Piece]) -> Line:
        """Puts several."""
        for text, role in pieces:
            self.put(text, role)
        return self

    def to(self, column: int) -> Line:
        """Blank up to a column."""
        gap = min(column, self.width) - self._at
        if gap > 0:
            self._segments.append(Segment(" " * gap, _EMPTY))
            self._at += gap
        return self

    def right(self, pieces: Iterable[Piece], end: int | None = None) -> Line:
        """Puts pieces so that they end at a column (default: the line's end)."""
        pieces = list(pieces)
        return self.to((self.width if end is None else end) - width_of(pieces)).pieces(pieces)

    def strip(self, over: Style | None = None) -> Strip:
        """The line as a strip of its width; `over` lies under all of it (a selected row's background)."""
        self.to(self.width)
        if over is not None and over.reverse:
            # Reversed colours would turn a thin bar and a code into blocks of colour: the row is read by its text alone.
            plain = [Segment(s.text, (s.style or _EMPTY).without_color + over) for s in self._segments]
            return Strip(plain, self.width)
        strip = Strip(self._segments, self.width)
        return strip.apply_style(over) if over is not None else strip


def blank(width: int) -> Strip:
    """An empty row."""
    return Strip([Segment(" " * max(0, width), _EMPTY)], max(0, width))


def beside(left: list[Strip], width: int, right: list[Strip], side: int, height: int, gutter: int) -> list[Strip]:
    """Two columns of rows, `width` and `side` cells wide, filled up to a height, with a gutter between."""
    rows = range(height)
    one = [*left[:height], *(blank(width) for _ in rows[len(left) :])]
    two = [*right[:height], *(blank(side) for _ in rows[len(right) :])]
    return [Strip.join([a, blank(gutter), b]) for a, b in zip(one, two, strict=True)]


def wrap(pieces: Iterable[Piece], width: int) -> list[list[Piece]]:
    """Breaks a sentence of pieces into lines of at most `width` cells, at spaces."""
    lines: list[list[Piece]] = [[]]
    used = 0
    for text, role in pieces:
        for part in re.findall(r"\S+|\s+", text):
            if used + cell_width(part) > width and used and not part.isspace():
                lines.append([])
                used = 0
            if used or not part.isspace():
                lines[-1].append((part, role))
                used += cell_width(part)
    return lines


def lit(pieces: Iterable[Piece], needles: Iterable[str]) -> list[Piece]:
    """The pieces with every occurrence of a needle, whatever its case, in the role `lit`."""
    wanted = [needle.casefold() for needle in needles if needle]
    if not wanted:
        return list(pieces)
    out: list[Piece] = []
    for text, role in pieces:
        folded = text.casefold()
        if len(folded) != len(text):  # a letter that folds into two: places would not agree
            out.append((text, role))
            continue
        marked = bytearray(len(text))
        for needle in wanted:
            at = folded.find(needle)
            while at >= 0:
                marked[at : at + len(needle)] = b"\x01" * len(needle)
                at = folded.find(needle, at + 1)
        start = 0
        for n in range(1, len(text) + 1):
            if n == len(text) or marked[n] != marked[start]:
                out.append((text[start:n], "lit" if marked[start] else role))
                start = n
    return out
