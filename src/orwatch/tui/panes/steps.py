"""A price over time as a step line: it held from one observation to the next."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from textual.strip import Strip

from orwatch.core.details import Detail
from orwatch.domain.prices import per_million
from orwatch.present import formats
from orwatch.tui.themes import Ink
from orwatch.tui.widgets.charts import Canvas
from orwatch.tui.widgets.paint import Line, blank

ROWS = 4
BESIDE = 44
"""Cells from which input and output stand side by side."""

Seen = Sequence[tuple[datetime, Decimal]]
"""When a price was first seen, and what it was: USD per million tokens, oldest first."""


def step_lines(ink: Ink, detail: Detail, width: int, until: datetime | None) -> list[Strip]:
    """Input and output from when they were first observed to `until`; one sentence where neither has changed."""
    sides = [
        (name, [(p.observed_at, price) for p in detail.observed if (price := per_million(getattr(p, key))) is not None])
        for name, key in (("input", "prompt"), ("output", "completion"))
    ]
    known = [(name, seen) for name, seen in sides if seen]
    if not known:
        return []
    since = formats.day(min(seen[0][0] for _, seen in known).date())
    moved = [(name, seen) for name, seen in known if len({price for _, price in seen}) > 1]
    if not moved:
        return [Line(ink, width).to(1).put(f"unchanged since first seen, {since}", "dim").strip()]
    if len(moved) == 2 and width >= BESIDE:
        half = (width - 2) // 2
        one, two = (_steps(ink, detail, name, seen, half, until) for name, seen in moved)
        rest = blank(width - 2 * half)
        return [Strip.join([left, rest, right]) for left, right in zip(one, two, strict=True)]
    return [line for name, seen in moved for line in _steps(ink, detail, name, seen, width, until)]


def _steps(ink: Ink, detail: Detail, name: str, seen: Seen, width: int, until: datetime | None) -> list[Strip]:
    """A head, four rows of steps between the lowest and the highest price; the first day, that of the last change, the last."""
    levels = sorted({price for _, price in seen})
    low, high = levels[0], levels[-1]
    labels = [formats.price(high), formats.price(low)]
    start = max(len(label) for label in labels) + 2
    room = width - start - 1
    first, last = seen[0][0].timestamp(), seen[-1][0].timestamp()
    span = max(1.0, (until.timestamp() if until else last) - first, (last - first) * 1.15)

    def column(moment: float) -> int:
        return min(room - 1, int((moment - first) / span * room))

    def row(index: int) -> int:
        return round(float((high - seen[index][1]) / (high - low)) * (ROWS - 1))

    canvas = Canvas(ink, width, ROWS)
    role = ink[ink.country(detail.country)]
    for n in range(len(seen)):
        begin = column(seen[n][0].timestamp())
        end = column(seen[n + 1][0].timestamp()) if n + 1 < len(seen) else room - 1
        y = row(n)
        canvas.text(start + begin + bool(n), y, "─" * max(0, end - begin - bool(n)), role)
        if n + 1 == len(seen):
            canvas.text(start + end, y, "●", role)
            continue
        below = row(n + 1)
        canvas.text(start + end, y, "┐" if below > y else "┘" if below < y else "─", role)
        for between in range(min(y, below) + 1, max(y, below)):
            canvas.text(start + end, between, "│", role)
        if below != y:
            canvas.text(start + end, below, "└" if below > y else "┌", role)
    for y, label in ((0, labels[0]), (ROWS - 1, labels[1])):
        canvas.text(start - 1 - len(label), y, label, ink["text"])
    axis = Line(ink, width).to(start).put(formats.day(seen[0][0].date()), "dim")
    changed, newest = formats.day(seen[-1][0].date()), formats.day(until.date()) if until else ""
    at = max(axis.at + 1, min(width - len(changed), start + column(last) - len(changed) // 2))
    if at + len(changed) <= width:
        axis.to(at).put(changed, "dim")
    if newest not in ("", changed) and axis.room >= len(newest) + 1:
        axis.right([(newest, "dim")])
    return [
        Line(ink, width).to(1).put(name, "dim").strip(),
        *(Strip(canvas.row(y), width) for y in range(ROWS)),
        axis.strip(),
    ]
