"""Quality beside price: a point a model, price on a log scale to the right, score upwards; a step line joins the best value."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import groupby, pairwise

from textual.strip import Strip

from orwatch.domain.value import ValueList, ValueRow
from orwatch.present import formats
from orwatch.present.cells import country_role
from orwatch.present.tables.value import score_text
from orwatch.tui.themes import Ink
from orwatch.tui.widgets.paint import Line

MARGIN = 6
"""Cells of the scores at the left."""
BELOW = 0.12
"""How far under the lowest of the best the scale reaches, as a part of their range."""
TICKS = (0.001, 0.01, 0.1, 1, 10, 100)

Cell = tuple[str, str]


class _Grid:
    """Cells with text in roles; what is put first stays."""

    def __init__(self, width: int, height: int) -> None:
        self.width = width
        self.height = height
        self.cells: list[list[Cell | None]] = [[None] * width for _ in range(height)]

    def free(self, x: int, y: int, length: int) -> bool:
        """Whether so many cells from one on are blank, with one more at each end."""
        if x < 0 or x + length > self.width or not 0 <= y < self.height:
            return False
        return all(self.cells[y][n] is None for n in range(max(0, x - 1), min(self.width, x + length + 1)))

    def put(self, x: int, y: int, text: str, role: str) -> None:
        """Puts text where cells are blank."""
        for n, char in enumerate(text, x):
            if 0 <= n < self.width and 0 <= y < self.height and self.cells[y][n] is None:
                self.cells[y][n] = char, role

    def pieces(self, y: int) -> list[Cell]:
        """A row."""
        cells = [cell or (" ", "text") for cell in self.cells[y]]
        return [("".join(char for char, _ in run), role) for role, run in groupby(cells, key=lambda cell: cell[1])]


def scatter(
    ink: Ink, width: int, height: int, found: ValueList, rows: Sequence[ValueRow], cursor: str | None
) -> list[Strip]:
    """The chart, its axes and what lies outside it. rows: those that the filter leaves. cursor: permaslug of the row under it."""
    best = sorted((row for row in found.rows if row.best), key=lambda row: row.score)
    priced = [row for row in rows if row.placing is not None]
    if not best or width < MARGIN + 16 or height < 6:
        return [Line(ink, width).to(1).put("No model has both a score and a price.", "dim").strip()] if not best else []
    span = best[-1].score - best[0].score or abs(best[0].score) or 1
    low, high = best[0].score - BELOW * span, best[-1].score + 0.02 * span
    shown = [row for row in priced if row.score >= low]
    prices = [float(row.blend) for row in (*shown, *best) if row.blend]
    left, right = math.log10(min(prices)) - 0.3, math.log10(max(prices)) + 0.05
    outside = len(priced) - len(shown)
    lines = height - 1 - int(outside > 0)
    grid = _Grid(width - MARGIN, lines)

    def place(row: ValueRow) -> tuple[int, int]:
        x = (math.log10(float(row.blend or 1)) - left) / (right - left) * (grid.width - 2)
        y = (high - row.score) / (high - low) * (grid.height - 1)
        return min(grid.width - 1, round(x)), min(grid.height - 1, max(0, round(y)))

    kept = {row.permaslug for row in shown}
    named = [row for row in best if row.permaslug in kept]
    for row in named:
        x, y = place(row)
        grid.put(x, y, "●", f"{country_role(row.country)}+")
    for row in sorted(shown, key=lambda row: -row.score):
        if not row.best:
            grid.put(*place(row), "○", country_role(row.country))
    for row in reversed(named):
        _name_best(grid, place(row), row.name, f"{country_role(row.country)}+")
    _steps(grid, [place(row) for row in best])
    beaten = sorted((row for row in shown if not row.best), key=lambda row: (row.permaslug != cursor, -row.score))
    for row in beaten:
        _name(grid, place(row), row.name, "bright" if row.permaslug == cursor else "dim")
    out = []
    marks = _scores(found, high, low, grid.height)
    for y in range(grid.height):
        out.append(
            Line(ink, width).right([(marks.get(y, ""), "dim")], MARGIN - 1).to(MARGIN).pieces(grid.pieces(y)).strip()
        )
    axis = Line(ink, width)
    for tick in TICKS:
        x = MARGIN + round((math.log10(tick) - left) / (right - left) * (grid.width - 2))
        text = f"{tick:g}"
        if x >= MARGIN and axis.at <= x - len(text) // 2 and x + len(text) < width - 8:
            axis.to(x - len(text) // 2).put(text, "dim")
    out.append(axis.right([("$ / M", "dim")]).strip())
    if outside:
        text = f"{outside} of the {len(priced)} lie below {score_text(found.key, low)} and are not drawn."
        text = (
            text
            if len(text) <= width
            else f"{outside} of {len(priced)} below {score_text(found.key, low)} are not drawn."
        )
        out.append(Line(ink, width).put(formats.end_cut(text, width), "dim").strip())
    return out


def _name_best(grid: _Grid, point: tuple[int, int], name: str, role: str) -> None:
    """Puts the name of one of the best beside its point: at the left, else over or under it, where cells are free."""
    x, y = point
    for longest in (22, 14, 9):
        text = formats.middle_cut(name, longest)
        size = formats.cell_width(text)
        for at, row in ((x - size - 1, y), (x - size, y - 1), (x - size // 2, y + 1), (x + 1, y + 1)):
            if 0 <= row < grid.height and _clear(grid, at, row, size, x):
                grid.put(at, row, text, role)
                return


def _name(grid: _Grid, point: tuple[int, int], name: str, role: str) -> None:
    """Puts a name at the right of its point where cells are free."""
    text = formats.middle_cut(name, 18)
    if _clear(grid, point[0] + 2, point[1], formats.cell_width(text), point[0]):
        grid.put(point[0] + 2, point[1], text, role)


def _clear(grid: _Grid, at: int, y: int, size: int, point: int) -> bool:
    """Whether a name has room; the cell of its own point may touch it."""
    if at < 0 or at + size > grid.width:
        return False
    around = range(max(0, at - 1), min(grid.width, at + size + 1))
    return all(n == point or grid.cells[y][n] is None for n in around)


def _steps(grid: _Grid, points: Sequence[tuple[int, int]]) -> None:
    """The line from each of the best to the next dearer one, and on to the right edge; faint, under everything else."""
    for (x, y), (to, up) in pairwise(points):
        if y == up:
            grid.put(x + 1, y, "─" * (to - x - 1), "rule")
            continue
        grid.put(x + 1, y, "─" * max(0, to - x - 1), "rule")
        grid.put(to, y, "┘" if to > x else "│", "rule")
        for row in range(up + 1, y):
            grid.put(to, row, "│", "rule")
    if points:
        x, y = points[-1]
        grid.put(x + 1, y, "─" * (grid.width - x - 1), "rule")


def _scores(found: ValueList, high: float, low: float, height: int) -> dict[int, str]:
    """The scores at the left, by row: round ones, at least three rows apart."""
    steps = (unit * power for power in (0.001, 0.01, 0.1, 1, 10, 100, 1000) for unit in (1, 2, 5))
    step = next((size for size in steps if (high - low) / size <= height / 3), high - low)
    out: dict[int, str] = {}
    value = math.ceil(low / step) * step
    while value <= high:
        out[round((high - value) / (high - low) * (height - 1))] = _mark(found, value, step)
        value += step
    return out


def _mark(found: ValueList, value: float, step: float) -> str:
    own = found.key.source == "openrouter"
    value, step = (value * 100, step * 100) if own else (value, step)
    return f"{value:.{0 if step >= 1 else 1}f}"
