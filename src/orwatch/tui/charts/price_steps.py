"""A price over time as a step line: it held from one observation to the next."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from textual.strip import Strip

from orwatch.domain.catalogue import ObservedPrice, per_million
from orwatch.present import formats
from orwatch.tui.charts.canvas import Canvas
from orwatch.tui.themes import Ink
from orwatch.tui.widgets.paint import Line, blank

ROWS = 4
BESIDE = 44
"""Cells from which input and output stand side by side."""

Seen = Sequence[tuple[datetime, Decimal]]
"""When a price was first seen, and what it was: USD per million tokens, oldest first."""


def price_steps(
    ink: Ink, observed: Sequence[ObservedPrice], role: str, width: int, until: datetime | None
) -> list[Strip]:
    """Input and output from when they were first observed to `until`; one sentence where neither has changed."""
    given = (
        ("input", [(seen.observed_at, per_million(seen.prompt)) for seen in observed]),
        ("output", [(seen.observed_at, per_million(seen.completion)) for seen in observed]),
    )
    sides = [(name, [(at, price) for at, price in seen if price is not None]) for name, seen in given]
    sides = [(name, seen) for name, seen in sides if seen]
    if not sides:
        return []
    moved = [(name, seen) for name, seen in sides if len({price for _, price in seen}) > 1]
    if not moved:
        since = formats.day(min(seen[0][0] for _, seen in sides).date())
        return [Line(ink, width).to(1).put(f"unchanged since first seen, {since}", "dim").strip()]
    if len(moved) == 2 and width >= BESIDE:
        half = (width - 2) // 2
        one, two = (_steps(ink, name, seen, role, half, until) for name, seen in moved)
        rest = blank(width - 2 * half)
        return [Strip.join([left, rest, right]) for left, right in zip(one, two, strict=True)]
    return [line for name, seen in moved for line in _steps(ink, name, seen, role, width, until)]


def _steps(ink: Ink, name: str, seen: Seen, role: str, width: int, until: datetime | None) -> list[Strip]:
    """A head, four rows of steps between the lowest and the highest price; the first day, that of the last change, the last."""
    prices = [price for _, price in seen]
    low, high = min(prices), max(prices)
    labels = {0: formats.price(high), ROWS - 1: formats.price(low)}
    start = max(map(len, labels.values())) + 2
    room = width - start - 1
    first, last = seen[0][0].timestamp(), seen[-1][0].timestamp()
    span = max(1.0, (until.timestamp() if until else last) - first, (last - first) * 1.15)
    columns = [start + min(room - 1, int((at.timestamp() - first) / span * room)) for at, _ in seen]
    rows = [round(float((high - price) / (high - low)) * (ROWS - 1)) for price in prices]
    canvas, style = Canvas(ink, width, ROWS), ink[role]
    ends = [*columns[1:], start + room - 1]
    for n, (x, end, y) in enumerate(zip(columns, ends, rows, strict=True)):
        begin = x + bool(n)
        canvas.text(begin, y, "─" * (end - begin), style)
        if n + 1 == len(seen):
            canvas.text(end, y, "●", style)
            continue
        below = rows[n + 1]
        canvas.text(end, y, "┐" if below > y else "┘" if below < y else "─", style)
        for between in range(min(y, below) + 1, max(y, below)):
            canvas.text(end, between, "│", style)
        if below != y:
            canvas.text(end, below, "└" if below > y else "┌", style)
    for y, label in labels.items():
        canvas.text(start - 1 - len(label), y, label, ink["text"])
    axis = Line(ink, width).to(start).put(formats.day(seen[0][0].date()), "dim")
    changed, newest = formats.day(seen[-1][0].date()), formats.day(until.date()) if until else ""
    at = max(axis.at + 1, min(width - len(changed), columns[-1] - len(changed) // 2))
    if at + len(changed) <= width:
        axis.to(at).put(changed, "dim")
    if newest not in ("", changed) and axis.room >= len(newest) + 1:
        axis.right([(newest, "dim")])
    return [Line(ink, width).to(1).put(name, "dim").strip(), *canvas.strips(), axis.strip()]
