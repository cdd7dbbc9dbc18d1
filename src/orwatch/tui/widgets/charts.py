"""Areas and columns in eighths of a cell: stacks over time, shares from floor and ceiling, the log ratio, the ribbon of leaders.

At most two colours a cell: the two that fill most of it. Without colour areas are told apart by hatching.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from msgspec import Struct
from rich.segment import Segment
from rich.style import Style

from orwatch.domain.foreign_text import safe
from orwatch.present.palette import HATCHES
from orwatch.tui.themes import Ink

EIGHTHS = " ▁▂▃▄▅▆▇█"
_BLANK = Style()

Layer = tuple[str, int]
"""A role (with a trailing "-" where it is faded) and its height in eighths of a cell."""


class Band(Struct, frozen=True):
    """One layer of a column: role, tokens or share, and whether it is drawn faded."""

    role: str
    value: float
    faded: bool = False


def layers(bands: Sequence[Band], scale: float) -> list[Layer]:
    """Bands, lowest first, as heights in eighths; rounding is of the cumulated height, so the top is right to an eighth."""
    out: list[Layer] = []
    reached, total = 0, 0.0
    for band in bands:
        total += band.value
        top = round(total * scale)
        if top > reached:
            out.append((band.role + ("-" if band.faded else ""), top - reached))
            reached = top
    return out


class Canvas:
    """A grid of cells that columns of eighths are painted into, then read row by row as segments.

    ground: the colour behind cells that are not filled to the top; the palette's background, if it has one.
    """

    def __init__(self, ink: Ink, width: int, height: int, ground: str = "") -> None:
        self.ink = ink
        self.ground = ground or ink.palette.background
        self.width = width
        self.height = height
        self._cells: list[list[tuple[str, Style] | None]] = [[None] * width for _ in range(height)]
        self._made: dict[tuple[bool, tuple[Layer, ...]], tuple[str, Style]] = {}

    def column(
        self, x: int, stack: Sequence[Layer], *, size: int = 1, down: bool = False, floor: int | None = None
    ) -> None:
        """Paints a stack of layers upwards from row `floor` (default: the lowest), or downwards from the top row."""
        spans: list[tuple[str, int, int]] = []
        at = 0
        for role, height in stack:
            spans.append((role, at, at + height))
            at += height
        base = self.height if floor is None else floor
        for n in range(math.ceil(at / 8)):
            y = n if down else base - 1 - n
            if not 0 <= y < self.height:
                break
            low, high = n * 8, n * 8 + 8
            parts = tuple(
                (role, min(end, high) - max(begin, low))
                for role, begin, end in spans
                if min(end, high) > max(begin, low)
            )
            cell = self._made.get((down, parts))
            if cell is None:  # most cells of a chart are filled by one layer, and alike
                cell = self._made[down, parts] = self._cell(list(parts), down=down)
            for dx in range(size):
                if 0 <= x + dx < self.width:
                    self._cells[y][x + dx] = cell

    def _cell(self, parts: list[Layer], *, down: bool) -> tuple[str, Style]:
        if self.ink.hatch:
            role, _ = max(parts, key=lambda part: part[1])
            filled = sum(part[1] for part in parts)
            hatch = HATCHES[role.rstrip("-")]
            if len(parts) == 1 and filled < 8 and hatch == "█":
                return (EIGHTHS[8 - filled], Style(reverse=True)) if down else (EIGHTHS[filled], Style())
            return (hatch, Style(dim=role.startswith("other"))) if filled >= 4 else (" ", Style())
        if len(parts) > 2:
            keep = sorted(parts, key=lambda part: part[1])[-2:]
            lost = sum(part[1] for part in parts) - sum(part[1] for part in keep)
            parts = [part for part in parts if part in keep][:2]
            parts[-1] = (parts[-1][0], parts[-1][1] + lost)
        filled = sum(part[1] for part in parts)
        first = parts[0]
        if len(parts) == 1:
            colour = self._colour(first[0])
            if filled >= 8:
                return " ", Style(bgcolor=colour)
            if down:
                if self.ground:
                    return EIGHTHS[8 - filled], Style(color=self.ground, bgcolor=colour)
                return EIGHTHS[8 - filled], Style(color=colour, reverse=True)
            return EIGHTHS[filled], Style(color=colour, bgcolor=self.ground or None)
        low, high = self._colour(first[0]), self._colour(parts[1][0])
        if down:
            return EIGHTHS[8 - first[1]], Style(color=high, bgcolor=low)
        if filled >= 8:
            return EIGHTHS[first[1]], Style(color=low, bgcolor=high)
        role, _ = max(parts, key=lambda part: part[1])
        return EIGHTHS[filled], Style(color=self._colour(role), bgcolor=self.ground or None)

    def _colour(self, role: str) -> str:
        return self.ink.area(role.rstrip("-"), faded=role.endswith("-"))

    def text(self, x: int, y: int, text: str, style: Style) -> None:
        """Writes over the cells, keeping the ground of what is already there."""
        for n, char in enumerate(text):
            if 0 <= x + n < self.width and 0 <= y < self.height:
                under = self._cells[y][x + n]
                ground = (
                    Style(bgcolor=under[1].bgcolor) if under and under[1].bgcolor and not style.bgcolor else Style()
                )
                self._cells[y][x + n] = (char, style + ground)

    def rule(self, x: int) -> None:
        """A cursor: a vertical mark through what is blank, and cut into what is filled; parts of cells stay as they are."""
        for y in range(self.height):
            under = self._cells[y][x] if 0 <= x < self.width else ("", Style())
            if under is None or (under[0] == " " and under[1].bgcolor is None):
                self.text(x, y, "│", self.ink["accent"])
            elif under[0] == " ":
                quiet = under[1].bgcolor.name in (self.ground, self.ink.palette.surface) if under[1].bgcolor else True
                self.text(
                    x, y, "│", self.ink["accent"] if quiet else Style(color=self.ink.palette.background or "black")
                )

    def row(self, y: int) -> list[Segment]:
        """A row as segments, neighbours of one style joined."""
        out: list[Segment] = []
        text, style = "", _BLANK
        for cell in self._cells[y]:
            char, this = cell or (" ", _BLANK)
            if this is not style and text and this != style:
                out.append(Segment(safe(text), style))
                text = ""
            style = this
            text += char
        if text:
            out.append(Segment(safe(text), style))
        return out

    def plain(self, y: int, begin: int, end: int, style: Style) -> bool:
        """Whether the cells of a row are blanks of one style."""
        return all(cell == (" ", style) for cell in self._cells[y][begin:end])

    def empty(self, y: int, begin: int, end: int) -> bool:
        """Whether the cells of a row are still blank."""
        return all(cell is None for cell in self._cells[y][max(0, begin) : max(0, end)])


def strip_100(ink: Ink, width: int, parts: Sequence[tuple[str, float]]) -> list[Segment]:
    """One 100 % strip: shares (role, fraction) laid side by side, in half cells."""
    edges, total = [0], 0.0
    for _, share in parts:
        total += share
        edges.append(round(total * width * 2))
    edges[-1] = width * 2 if total > 0.999 else edges[-1]
    owner: list[str | None] = [None] * (width * 2)
    for n, (role, share) in enumerate(parts):
        begin, end = edges[n], edges[n + 1]
        if share > 0 and end == begin and begin < width * 2:
            begin, end = max(0, begin - 1), max(1, begin)
        for x in range(begin, min(end, width * 2)):
            owner[x] = role
    out = []
    for x in range(width):
        left, right = owner[2 * x], owner[2 * x + 1]
        if ink.hatch:
            owned = left or right
            out.append(Segment(HATCHES[owned] if owned else " ", Style(dim=owned == "other")))
        elif left == right:
            out.append(Segment(" ", Style(bgcolor=ink.area(left)) if left else Style()))
        elif right is None:
            out.append(Segment("▌", Style(color=ink.area(left or "other"))))
        else:
            out.append(Segment("▌", Style(color=ink.area(left or "other"), bgcolor=ink.area(right))))
    return _join(out)


def _join(segments: list[Segment]) -> list[Segment]:
    out: list[Segment] = []
    for segment in segments:
        if out and out[-1].style == segment.style:
            out[-1] = Segment(out[-1].text + segment.text, segment.style)
        else:
            out.append(segment)
    return out


def log_height(ratio: float, most: float, cells: int) -> int:
    """Eighths of a column for a ratio ≥ 1 on a log scale that is clipped at `most`."""
    return max(1, round(min(1.0, math.log(ratio) / math.log(most)) * cells * 8)) if ratio > 1 else 0
