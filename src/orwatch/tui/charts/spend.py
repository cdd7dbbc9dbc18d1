"""What periods cost, as a column each: solid to the low end of the estimate, faded to the high one."""

from __future__ import annotations

from collections.abc import Mapping

from textual.strip import Strip

from orwatch.domain.periods import Period
from orwatch.domain.spend import Spend
from orwatch.present import formats
from orwatch.tui.charts.canvas import Canvas, layers
from orwatch.tui.charts.dates import LEFT, Axis, month_row
from orwatch.tui.themes import Ink

ROLE = "unattributed"
"""Of what all countries cost together."""


def spend(ink: Ink, width: int, height: int, axis: Axis, costs: Mapping[Period, Spend], cursor: int) -> list[Strip]:
    """Columns on one scale, both ends of the highest and of the newest at the left, and the months. cursor: a drawn period.

    A dot at the floor where no prices were seen by the end of a period, or the record lacks it.
    """
    canvas = Canvas(ink, width, height - 1)
    known = {n: cost.whole for n, each in enumerate(axis.periods) if (cost := costs.get(each.period)) and cost.known}
    most = max((float(band.high) for band in known.values()), default=1.0) or 1.0
    scale = canvas.height * 8 / most
    for n, (x, size) in enumerate(axis.slots):
        if n in known:
            low, high = float(known[n].low), float(known[n].high)
            canvas.column(x, layers([(ROLE, low), (f"{ROLE}-", high - low)], scale), size=size - (size > 2))
        else:
            canvas.text(x, canvas.height - 1, formats.NOTHING * size, ink["faint"])
    if cursor < axis.newest:
        canvas.cursor(axis.cell(cursor))
    told = {*list(known)[-1:], *sorted(known, key=lambda n: known[n].high)[-1:]}
    ends = {float(end) for n in told for end in (known[n].low, known[n].high)}
    for end in sorted(ends):
        text = f"${formats.tokens(int(end))}"
        y = min(canvas.height - 1, canvas.height - round(end * canvas.height / most))
        canvas.text(max(0, LEFT - 1 - len(text)), y, text, ink["dim"])
    return [*canvas.strips(), month_row(ink, width, [each.period for each in axis.periods], axis.slots, years=True)]
