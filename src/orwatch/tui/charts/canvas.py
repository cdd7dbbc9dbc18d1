"""What charts are drawn on: a grid of cells for areas in eighths of a cell, one of Braille dots for lines, and an axis of dates.

At most two colours a cell: the two that fill most of it. Without colour areas are told apart by hatching.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import accumulate, groupby, pairwise

from msgspec import Struct
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from orwatch.domain.foreign_text import safe
from orwatch.domain.periods import Period, State
from orwatch.domain.series import Series, SeriesPeriod
from orwatch.present import formats
from orwatch.present.colours import HATCHES
from orwatch.tui.themes import Ink
from orwatch.tui.widgets.paint import Line

EIGHTHS = " ▁▂▃▄▅▆▇█"
_BLANK = Style.null()

Band = tuple[str, float]
"""A role (with a trailing "-" where it is faded) and how much of it there is, in tokens."""
Layer = tuple[str, int]
"""A role and its height in eighths of a cell."""
Cell = tuple[str, Style]


def edges(values: Iterable[float], scale: float) -> list[tuple[int, int]]:
    """Where each of some values begins and ends when they are stacked, in eighths: the sum is rounded, so the top is right."""
    out: list[tuple[int, int]] = []
    total, reached = 0.0, 0
    for value in values:
        total += value
        top = max(reached, round(total * scale))
        out.append((reached, top))
        reached = top
    return out


def layers(bands: Sequence[Band], scale: float) -> list[Layer]:
    """Bands, lowest first, as heights in eighths: neighbours of a role joined, those too thin left out. scale: eighths a token."""
    out: list[Layer] = []
    for (role, _), (begin, end) in zip(bands, edges((value for _, value in bands), scale), strict=True):
        if out and out[-1][0] == role:
            out[-1] = (role, out[-1][1] + end - begin)
        elif end > begin:
            out.append((role, end - begin))
    return out


class Canvas:
    """A grid of cells that columns and texts are painted into, then read row by row.

    ground: the colour behind cells that are not filled to the top; the palette's background, if it has one.
    """

    def __init__(self, ink: Ink, width: int, height: int, ground: str = "") -> None:
        self.ink = ink
        self.ground = ground or ink.palette.background
        self.width = width
        self.height = height
        self._cells: list[list[Cell | None]] = [[None] * width for _ in range(height)]
        self._made: dict[tuple[bool, tuple[Layer, ...]], Cell] = {}

    def column(
        self, x: int, stack: Sequence[Layer], *, size: int = 1, down: bool = False, base: int | None = None
    ) -> None:
        """Paints a stack of layers upwards from the lowest row (or from over the row `base`), or downwards from the top one (from
        that row).
        """
        base = (0 if down else self.height) if base is None else base
        tops = [*accumulate(height for _, height in stack)]
        for n in range(min(self.height, math.ceil(tops[-1] / 8) if tops else 0)):
            parts = tuple(
                (role, min(top, n * 8 + 8) - max(top - height, n * 8))
                for (role, height), top in zip(stack, tops, strict=True)
                if height and top > n * 8 and top - height < n * 8 + 8
            )
            if (down, parts) not in self._made:  # most cells of a chart are alike
                self._made[down, parts] = self._cell(parts, down=down)
            row = self._cells[base + n if down else base - 1 - n]
            for column in range(max(0, x), min(x + size, self.width)):
                row[column] = self._made[down, parts]

    def _cell(self, parts: Sequence[Layer], *, down: bool) -> Cell:
        if self.ink.hatch:
            return self._hatched(parts, down=down)
        if len(parts) > 2:
            keep = sorted(parts, key=lambda part: part[1])[-2:]
            lost = sum(part[1] for part in parts) - sum(part[1] for part in keep)
            parts = [part for part in parts if part in keep][:2]
            most = parts.index(max(parts, key=lambda part: part[1]))
            parts[most] = (parts[most][0], parts[most][1] + lost)
        filled = sum(part[1] for part in parts)
        (role, size), colour = parts[0], self._colour(parts[0][0])
        if len(parts) == 1:
            if filled >= 8:
                return " ", Style(bgcolor=colour)
            if not down:
                return EIGHTHS[filled], Style(color=colour, bgcolor=self.ground or None)
            below = Style(color=self.ground, bgcolor=colour) if self.ground else Style(color=colour, reverse=True)
            return EIGHTHS[8 - filled], below
        high = self._colour(parts[1][0])
        if down:
            return EIGHTHS[8 - size], Style(color=high, bgcolor=colour)
        if filled >= 8:
            return EIGHTHS[size], Style(color=colour, bgcolor=high)
        role, _ = max(parts, key=lambda part: part[1])
        return EIGHTHS[filled], Style(color=self._colour(role), bgcolor=self.ground or None)

    @staticmethod
    def _hatched(parts: Sequence[Layer], *, down: bool) -> Cell:
        role, _ = max(parts, key=lambda part: part[1])
        filled = sum(part[1] for part in parts)
        hatch, faded = HATCHES[role.rstrip("-")], Style(dim=True) if role.endswith("-") else Style.null()
        if len(parts) == 1 and filled < 8 and hatch == "█":
            return (EIGHTHS[8 - filled], Style(reverse=True)) if down else (EIGHTHS[filled], faded)
        return (hatch, Style(dim=True) if role.startswith("other") else faded) if filled >= 4 else (" ", Style.null())

    def _colour(self, role: str) -> str:
        return self.ink.area(role.rstrip("-"), faded=role.endswith("-"))

    def text(self, x: int, y: int, text: str, style: Style, *, behind: bool = False) -> None:
        """Writes over the cells, keeping the ground of what is already there. behind: on blank cells alone."""
        row = self._cells[y] if 0 <= y < self.height else []
        for n, char in enumerate(text, x):
            if 0 <= n < len(row):
                under = row[n]
                if under is None:
                    row[n] = char, style
                elif not behind:
                    kept = under[1].bgcolor is not None and style.bgcolor is None
                    row[n] = char, style + Style(bgcolor=under[1].bgcolor) if kept else style

    def cursor(self, x: int) -> None:
        """A vertical mark through what is blank, and cut into what is filled; parts of cells stay as they are."""
        for y in range(self.height):
            under = self._cells[y][x] if 0 <= x < self.width else ("", _BLANK)
            if under is None or under[0] == " ":
                ground = under[1].bgcolor if under else None
                quiet = ground is None or ground.name in (self.ground, self.ink.palette.surface)
                cut = Style(color=self.ink.palette.background or "black")
                self.text(x, y, "│", self.ink["accent"] if quiet else cut)

    def row(self, y: int) -> list[Segment]:
        """A row as segments, neighbours of one style joined."""
        cells = [cell or (" ", _BLANK) for cell in self._cells[y]]
        runs = groupby(cells, key=lambda cell: cell[1])
        return [Segment(safe("".join(char for char, _ in run)), style) for style, run in runs]

    def strips(self) -> list[Strip]:
        """All rows."""
        return [Strip(self.row(y), self.width) for y in range(self.height)]

    def plain(self, y: int, begin: int, end: int, style: Style) -> bool:
        """Whether the cells of a row are blanks of one style."""
        return all(cell == (" ", style) for cell in self._cells[y][begin:end])

    def empty(self, y: int, begin: int, end: int) -> bool:
        """Whether the cells of a row are still blank."""
        return all(cell is None for cell in self._cells[y][max(0, begin) : max(0, end)])


def strip_100(ink: Ink, width: int, parts: Sequence[Band]) -> list[Segment]:
    """One 100 % strip: shares (role, fraction) laid side by side, in half cells; the smallest share still shows."""
    halves = max(0, width) * 2  # none in a pane that has no place yet
    owner: list[str | None] = [None] * halves
    for (role, share), (begin, end) in zip(parts, edges((share for _, share in parts), halves), strict=True):
        if share > 0 and end == begin < halves:
            begin, end = max(0, begin - 1), max(1, begin)
        for x in range(begin, min(end, halves)):
            owner[x] = role
    canvas = Canvas(ink, width, 1)
    for x, (left, right) in enumerate(zip(owner[::2], owner[1::2], strict=True)):
        owned = left or right
        if owned is None:
            continue
        if ink.hatch:
            canvas.text(x, 0, HATCHES[owned], Style(dim=owned == "other"))
        elif left == right:
            canvas.text(x, 0, " ", Style(bgcolor=ink.area(owned)))
        else:
            ground = ink.area(right) if right else None
            canvas.text(x, 0, "▌", Style(color=ink.area(left or "other"), bgcolor=ground))
    return canvas.row(0)


_BITS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
"""The bit of a Braille dot by row and column within its cell."""


def spread_rows(wanted: Sequence[float], height: int) -> list[int]:
    """Rows for labels, one a row and in their order, each as near to the row it belongs to as there is room."""
    rows: list[int] = []
    for want in wanted:
        row = round(want)
        rows.append(max(row, rows[-1] + 1) if rows else max(0, row))
    for n in range(len(rows) - 1, -1, -1):
        rows[n] = min(rows[n], height - 1 - (len(rows) - 1 - n))
    return rows


class Dots:
    """Lines in Braille dots, `2 × width` by `4 × height`, painted under everything else on a canvas.

    A cell takes the style of the line drawn last in it.
    """

    def __init__(self, width: int, height: int) -> None:
        self.width = width
        self.height = height
        self._cells: dict[tuple[int, int], tuple[int, Style]] = {}

    def dot(self, x: int, y: int, style: Style) -> None:
        """One dot; outside the grid it is lost."""
        if 0 <= x < 2 * self.width and 0 <= y < 4 * self.height:
            cell = (x // 2, y // 4)
            bits = self._cells[cell][0] if cell in self._cells else 0
            self._cells[cell] = (bits | _BITS[y % 4][x % 2], style)

    def line(self, start: tuple[int, int], end: tuple[int, int], style: Style) -> None:
        """A straight line between two dots, both of them included."""
        (x0, y0), (x1, y1) = start, end
        steps = max(abs(x1 - x0), abs(y1 - y0), 1)
        for n in range(steps + 1):
            self.dot(x0 + round((x1 - x0) * n / steps), y0 + round((y1 - y0) * n / steps), style)

    def taken(self, x: int, y: int) -> bool:
        """Whether a line runs through a cell."""
        return (x, y) in self._cells

    def paint(self, canvas: Canvas) -> None:
        """Puts the dots on the blank cells of a canvas of the same size."""
        for (x, y), (bits, style) in self._cells.items():
            canvas.text(x, y, chr(0x2800 + bits), style, behind=True)


# The axis: the place of each period's column, and the names of the months under them


LEFT = 7
"""Cells before a chart, for its other axis."""
WIDEST = 12
"""Cells that a period takes at most, where there are few."""

Slot = tuple[int, int]
"""The first cell of a period's column, and its width."""


def even_slots(count: int, start: int, step: int) -> list[Slot]:
    """Columns of one width."""
    return [(start + n * step, step) for n in range(count)]


class Axis(Struct, frozen=True):
    """The periods of a series that are drawn, each with the slot of its column. first: the index of the first that is drawn."""

    periods: Sequence[SeriesPeriod]
    slots: Sequence[Slot]
    first: int

    @property
    def start(self) -> int:
        """The first cell."""
        return self.slots[0][0]

    @property
    def end(self) -> int:
        """The cell after the last."""
        return self.slots[-1][0] + self.slots[-1][1]

    @property
    def newest(self) -> int:
        """The place of the newest period that is drawn."""
        return len(self.periods) - 1

    @property
    def tilde(self) -> str:
        """The mark before figures of the newest drawn period: `~` while it runs."""
        return "~" if self.periods[-1].state is State.RUNNING else ""

    def dot(self, n: int) -> int:
        """The column of dots of a drawn period: the middle of its cells."""
        x, size = self.slots[n]
        return 2 * x + size - 1

    def cell(self, n: int) -> int:
        """The cell of a drawn period's points."""
        return self.dot(n) // 2

    def joined(self, n: int) -> bool:
        """Whether a drawn period is complete, and the one before it: only then a line runs between them."""
        return n > 0 and all(each.state is State.COMPLETE for each in self.periods[n - 1 : n + 1])


def lay_axis(series: Series, cursor: int, room: int) -> Axis:
    """Columns for as many periods as fit, the newest at the right, further back where the cursor is; a gap before a running one."""
    gap = int(series.periods[-1].state is State.RUNNING)
    count = max(1, min(len(series.periods), room - gap))
    first = min(len(series.periods) - count, cursor)
    apart = gap if first + count == len(series.periods) and count > 1 else 0
    span = min(room - apart, count * WIDEST)
    start = LEFT + room - apart - span
    ends = [start + round(n * span / count) for n in range(count + 1)]
    slots = [(begin, end - begin) for begin, end in pairwise(ends)]
    slots[-1] = (slots[-1][0] + apart, slots[-1][1])
    return Axis(series.periods[first : first + count], slots, first)


def month_row(ink: Ink, width: int, periods: Sequence[Period], slots: Sequence[Slot], *, years: bool = False) -> Strip:
    """Names where a month (for months: a year) begins; the first column's own is left out where the next begins right after it.

    years: a January, and the first name, carry the year where there is room.
    """
    marks: list[tuple[int, str, Period]] = []
    for (x, _), period in zip(slots, periods, strict=True):
        if not marks or marks[-1][1] != _name(period):
            marks.append((x, _name(period), period))
    if len(marks) > 1 and marks[1][0] - marks[0][0] < len(marks[0][1]) + 1:
        marks.pop(0)
    cells = [" "] * width
    free = 0
    for n, (x, text, period) in enumerate(marks):
        until = marks[n + 1][0] if n + 1 < len(marks) else width
        if years and not period.grain.months and (n == 0 or text == "Jan"):
            long = f"{text} {period.start.year}"
            text = long if x + len(long) < until else text
        if x >= free and x + len(text) <= width:
            cells[x : x + len(text)] = text
            free = x + len(text) + 1
    return Line(ink, width).put("".join(cells), "dim").strip()


def _name(period: Period) -> str:
    return str(period.start.year) if period.grain.months else formats.MONTHS[period.start.month - 1]
