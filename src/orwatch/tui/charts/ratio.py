"""The ratio of a head to head over time, on a log scale."""

from __future__ import annotations

import math

from textual.strip import Strip

from orwatch.domain.series import Series
from orwatch.present import formats
from orwatch.tui.charts.canvas import Canvas
from orwatch.tui.charts.contenders import area_role
from orwatch.tui.charts.dates import LEFT, Axis
from orwatch.tui.themes import Ink
from orwatch.tui.widgets.paint import Line, blank

CLIP = 16.0
"""Ratios beyond 16 : 1 are drawn as 16 : 1."""


def log_height(ratio: float, cells: int) -> int:
    """Eighths of a column for a ratio on a log scale that is clipped at 16 : 1; none up to 1 : 1."""
    return max(1, round(min(1.0, math.log(ratio) / math.log(CLIP)) * cells * 8)) if ratio > 1 else 0


def ratio(ink: Ink, width: int, height: int, axis: Axis, series: Series) -> list[Strip]:
    """Columns up (the first side) and down (the second); one row more than the height, for a week without one of the two."""
    a, b = series.query.versus
    one, two = (who.points[axis.first : axis.first + len(axis.periods)] for who in series.contenders)
    roles = area_role(ink, a), area_role(ink, b, other=True)
    up = max(2, height // 2)
    down = max(2, height - up)
    above, below = Canvas(ink, width, up), Canvas(ink, width, down)
    without = Line(ink, width)
    tokens = (0, 0)
    for n, (x, size) in enumerate(axis.slots):
        tokens = (one[n].tokens or 0, two[n].tokens or 0) if axis.periods[n].known else (0, 0)
        if not any(tokens):
            continue
        if not all(tokens) and without.at == 0:
            without.to(x).put(f"↑ no {a if not tokens[0] else b} model on the basis", "dim")
        times = CLIP if not tokens[1] else tokens[0] / tokens[1] or 1 / CLIP
        canvas, role = (above, roles[0]) if times > 1 else (below, roles[1])
        canvas.column(
            x,
            [
                (
                    ("cn" if ink.hatch else role) + "-" * axis.periods[n].partial,
                    log_height(max(times, 1 / times), canvas.height),
                )
            ],
            size=size,
            down=canvas is below,
        )
    for canvas, y, text in (
        (above, 0, f"{CLIP:.0f} : 1"),
        (above, up // 2, "4 : 1"),
        (below, down // 2, "1 : 4"),
        (below, down - 1, f"1 : {CLIP:.0f}"),
    ):
        canvas.text(0, y, text.rjust(LEFT - 1), ink["dim"])
    if all(tokens):
        times = tokens[0] / tokens[1]
        canvas, role = (above, roles[0]) if times >= 1 else (below, roles[1])
        reached = log_height(max(times, 1 / times), up if times >= 1 else down) // 16
        y = max(0, up - 1 - reached) if times >= 1 else min(down - 1, reached)
        canvas.text(axis.end + 1, y, formats.ratio(times), ink[f"{role}+"])
    return [*above.strips(), *below.strips(), without.strip()]


def ratio_below(ink: Ink, width: int, height: int, axis: Axis, series: Series) -> list[Strip]:
    """The ratio under another chart: a blank row, what it is, the columns."""
    head = Line(ink, width).to(LEFT).put(f"{' : '.join(series.query.versus)}, log scale", "dim")
    return [blank(width), head.strip(), *ratio(ink, width, height, axis, series)]
