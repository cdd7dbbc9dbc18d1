"""The axis of months under a chart."""

from __future__ import annotations

from collections.abc import Sequence

from orwatch.domain.periods import Grain, Period
from orwatch.present import formats


def label(period: Period) -> str:
    """What a column is named by: its month, or its year for months."""
    return str(period.start.year) if period.grain is Grain.MONTH else formats.MONTHS[period.start.month - 1]


def month_axis(periods: Sequence[Period | None], width: int, step: int, start: int, *, years: bool = False) -> str:
    """Names where a month begins, under columns of one width."""
    return axis_at(periods, [start + n * step for n in range(len(periods))], width, years=years)


def axis_at(periods: Sequence[Period | None], columns: Sequence[int], width: int, *, years: bool = False) -> str:
    """Names where a month begins; the first column's own month is left out where the next begins right after it.

    columns: where each period's column begins. years: a January, and the first name, carry the year where there is room.
    """
    marks: list[tuple[int, str, Period]] = []
    last = None
    for at, period in zip(columns, periods, strict=True):
        if period is not None and (name := label(period)) != last:
            marks.append((at, name, period))
            last = name
    if len(marks) > 1 and marks[1][0] - marks[0][0] < len(marks[0][1]) + 1:
        marks.pop(0)
    cells = [" "] * width
    free = 0
    for n, (at, name, period) in enumerate(marks):
        until = marks[n + 1][0] if n + 1 < len(marks) else width
        text = name
        if years and period.grain is not Grain.MONTH and (n == 0 or name == "Jan"):
            long = f"{name} {period.start.year}"
            text = long if at + len(long) < until else name
        if at >= free and at + len(text) <= width:
            cells[at : at + len(text)] = text
            free = at + len(text) + 1
    return "".join(cells)
