"""The date axis: the place of each period's column, and the names of the months under them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from msgspec import Struct
from textual.strip import Strip

from orwatch.domain.periods import Period, State
from orwatch.domain.series import Series, SeriesPeriod
from orwatch.present import formats
from orwatch.tui.themes import Ink
from orwatch.tui.widgets.paint import Line

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


def lay_axis(series: Series, cursor: int, start: int, room: int) -> Axis:
    """Columns for as many periods as fit, the newest at the right, further back where the cursor is; a gap before a running one."""
    gap = int(series.periods[-1].state is State.RUNNING)
    count = max(1, min(len(series.periods), room - gap))
    first = min(len(series.periods) - count, cursor)
    apart = gap if first + count == len(series.periods) and count > 1 else 0
    span = min(room - apart, count * WIDEST)
    start += room - apart - span
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
