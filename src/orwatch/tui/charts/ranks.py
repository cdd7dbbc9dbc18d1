"""Ranks over time: a ribbon a rank, named by who held it how long."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from rich.style import Style

from orwatch.domain.series import Series
from orwatch.present import formats
from orwatch.tui.charts.canvas import Canvas, Dots
from orwatch.tui.charts.contenders import DrawnContender, frame
from orwatch.tui.charts.dates import Axis
from orwatch.tui.charts.shares import counted
from orwatch.tui.themes import Ink

RANKS = 10
"""The most ranks that are drawn."""


def ranks(
    ink: Ink, width: int, height: int, axis: Axis, series: Series, drawn: Sequence[DrawnContender], cursor: int
) -> Canvas:
    """Ribbons of the contenders; ranks that others held are left blank."""
    canvas = Canvas(ink, width, height)
    held = {
        (point.rank, n): who
        for who in drawn
        for n, point in enumerate(who.points(axis))
        if point.rank and counted(series, who, point)
    }
    count = min(RANKS, series.query.lens.basis.size, height, max((rank for rank, _ in held), default=1))
    pitch = min(5.0, (height - 1) / max(1, count - 1))
    pitch = pitch if pitch >= 3 else float(int(pitch))
    row_of = {rank: round((rank - 1) * pitch) for rank in range(1, count + 1)}
    for rank, y in row_of.items():
        holders = [held.get((rank, n)) for n in range(len(axis.periods))]
        for who, run in groupby(range(len(holders)), key=holders.__getitem__):
            places = list(run)
            if who is not None:
                x = axis.slots[places[0]][0]
                _ribbon(canvas, who, x, y, sum(axis.slots[places[-1]]) - x)
                continue
            for n in places:
                text, role = ("─", "rule") if axis.periods[n].known else ("·", "faint")
                canvas.text(axis.slots[n][0], y, text * axis.slots[n][1], ink[role])
    if pitch >= 2:
        dots = Dots(width, height)
        for (rank, n), who in held.items():
            then = who.points(axis)[n - 1].rank if axis.joined(n) else None
            if then and then != rank and held.get((then, n - 1)) is who and {rank, then} <= row_of.keys():
                # Behind the ribbons that it passes.
                near, far = (4, -1) if rank > then else (-1, 4)
                start, end = (axis.dot(n - 1), 4 * row_of[then] + near), (axis.dot(n), 4 * row_of[rank] + far)
                dots.line(start, end, Style.null() if ink.hatch else ink[who.role])
        dots.paint(canvas)
    ends = [(y, held[rank, axis.newest]) for rank, y in row_of.items() if (rank, axis.newest) in held]
    values = [who.points(axis)[-1].tokens or 0 for _, who in ends]
    unit, _ = formats.unit_of(values)
    told = [(y, who, f"{axis.tilde}{formats.tokens_in(n, unit)}") for (y, who), n in zip(ends, values, strict=True)]
    return frame(canvas, axis, cursor, {y: str(rank) for rank, y in row_of.items()}, told)


def _ribbon(canvas: Canvas, who: DrawnContender, x: int, y: int, size: int) -> None:
    ink, name = canvas.ink, who.name(size - 3)
    text = who.mark if size < 8 or not name else f" {who.mark} {name}"
    style, filler = who.area_style(ink), " "
    if ink.hatch:
        text, filler = f"{text.strip()} ", "━"
    elif ink.palette.ansi and who.shade:
        style, filler = ink[f"{who.role}+"], "▒"
    canvas.text(x, y, text[:size].ljust(size, filler), style)
