"""Quality beside price: a point a model, price on a log scale to the right, score upwards; a step line joins the best value."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from textual.strip import Strip

from orwatch.domain.value import ValueList, ValueRow
from orwatch.present import formats
from orwatch.present.cells import country_role
from orwatch.present.tables.value import score_text
from orwatch.tui.charts.canvas import Canvas
from orwatch.tui.themes import Ink
from orwatch.tui.widgets.paint import Line

MARGIN = 6
"""Cells of the scores at the left."""
BELOW = 0.12
"""How far under the lowest of the best the scale reaches, as a part of their range."""
TICKS = (0.001, 0.01, 0.1, 1, 10, 100)


def scatter(
    ink: Ink, width: int, height: int, found: ValueList, rows: Sequence[ValueRow], cursor: ValueRow | None
) -> list[Strip]:
    """The chart, its axes and what lies outside it. rows: those that the filter leaves. cursor: the row under it."""
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
    grid = Canvas(ink, width - MARGIN, lines)

    def place(row: ValueRow) -> tuple[int, int]:
        x = (math.log10(float(row.blend or 1)) - left) / (right - left) * (grid.width - 2)
        y = (high - row.score) / (high - low) * (grid.height - 1)
        return min(grid.width - 1, round(x)), min(grid.height - 1, max(0, round(y)))

    kept = {row.permaslug for row in shown}
    named = [row for row in best if row.permaslug in kept]
    for row in named:
        grid.text(*place(row), "●", ink[f"{country_role(row.country)}+"], behind=True)
    for row in sorted(shown, key=lambda row: -row.score):
        if not row.best:
            grid.text(*place(row), "○", ink[country_role(row.country)], behind=True)
    for row in reversed(named):
        x, y = place(row)
        for text in (formats.middle_cut(row.name, longest) for longest in (22, 14, 9)):
            size = formats.cell_width(text)
            beside = ((x - size - 1, y), (x - size, y - 1), (x - size // 2, y + 1), (x + 1, y + 1))
            at = next((at for at in beside if _clear(grid, at, size, x)), None)
            if at is not None:
                grid.text(*at, text, ink[f"{country_role(row.country)}+"], behind=True)
                break
    _steps(grid, [place(row) for row in best])
    for row in sorted((row for row in shown if not row.best), key=lambda row: (row is not cursor, -row.score)):
        (x, y), text = place(row), formats.middle_cut(row.name, 18)
        if _clear(grid, (x + 2, y), formats.cell_width(text), x):
            grid.text(x + 2, y, text, ink["bright" if row is cursor else "dim"], behind=True)
    marks = _scores(found, high, low, grid.height)
    out = []
    for y, strip in enumerate(grid.strips()):
        margin = Line(ink, MARGIN).right([(marks.get(y, ""), "dim")], MARGIN - 1).strip()
        out.append(Strip.join([margin, strip]))
    axis = Line(ink, width)
    for tick in TICKS:
        x = MARGIN + round((math.log10(tick) - left) / (right - left) * (grid.width - 2))
        text = f"{tick:g}"
        if x >= MARGIN and axis.at <= x - len(text) // 2 and x + len(text) < width - 8:
            axis.to(x - len(text) // 2).put(text, "dim")
    out.append(axis.right([("$ / M", "dim")]).strip())
    if outside:
        below = f"below {score_text(found.key, low)}"
        text = f"{outside} of the {len(priced)} lie {below} and are not drawn."
        if len(text) > width:
            text = f"{outside} of {len(priced)} {below} are not drawn."
        out.append(Line(ink, width).put(formats.end_cut(text, width), "dim").strip())
    return out


def _clear(grid: Canvas, at: tuple[int, int], size: int, point: int) -> bool:
    """Whether a name has room, with a blank cell at each end; the cell of its own point may touch it."""
    x, y = at
    if x < 0 or x + size > grid.width or not 0 <= y < grid.height:
        return False
    return all(n == point or grid.empty(y, n, n + 1) for n in range(max(0, x - 1), min(grid.width, x + size + 1)))


def _steps(grid: Canvas, points: Sequence[tuple[int, int]]) -> None:
    """The line from each of the best to the next dearer one, and on to the right edge; faint, under everything else."""
    style = grid.ink["rule"]
    for (x, y), (to, up) in pairwise([*points, *((grid.width, y) for _, y in points[-1:])]):
        grid.text(x + 1, y, "─" * (to - x - 1), style, behind=True)
        if y != up:
            grid.text(to, y, "┘" if to > x else "│", style, behind=True)
            for row in range(up + 1, y):
                grid.text(to, row, "│", style, behind=True)


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
