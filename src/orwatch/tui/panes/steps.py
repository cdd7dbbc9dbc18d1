"""A price over time as a step line: it held from one observation to the next."""

from __future__ import annotations

from textual.strip import Strip

from orwatch.core.details import Detail
from orwatch.domain.prices import per_million
from orwatch.present import formats
from orwatch.tui.themes import Ink
from orwatch.tui.widgets.charts import Canvas
from orwatch.tui.widgets.paint import Line

ROWS = 4


def step_line(ink: Ink, detail: Detail, width: int) -> list[Strip]:
    """The input price since it was first observed; a sentence where it has not changed."""
    points = [(p.observed_at, price) for p in detail.observed if (price := per_million(p.prompt)) is not None]
    if not points:
        return []
    since = formats.day(points[0][0].date())
    levels = sorted({price for _, price in points})
    if len(levels) < 2:
        return [Line(ink, width).to(2).put(f"input unchanged since first seen, {since}", "dim").strip()]
    low, high = levels[0], levels[-1]
    labels = [formats.price(high), formats.price(low)]
    start = max(len(label) for label in labels) + 3
    room = width - start - 2
    first, last = points[0][0].timestamp(), points[-1][0].timestamp()
    span = max(1.0, last - first) * 1.15

    def column(moment: float) -> int:
        return min(room - 1, int((moment - first) / span * room))

    def row(index: int) -> int:
        return round(float((high - points[index][1]) / (high - low)) * (ROWS - 1))

    canvas = Canvas(ink, width, ROWS)
    role = ink[ink.country(detail.country)]
    for n in range(len(points)):
        begin = column(points[n][0].timestamp())
        end = column(points[n + 1][0].timestamp()) if n + 1 < len(points) else room - 1
        y = row(n)
        canvas.text(start + begin, y, "─" * max(0, end - begin), role)
        if n + 1 < len(points):
            below = row(n + 1)
            canvas.text(start + end, y, "┐" if below > y else "┘" if below < y else "─", role)
            for between in range(min(y, below) + 1, max(y, below)):
                canvas.text(start + end, between, "│", role)
            if below != y:
                canvas.text(start + end, below, "└" if below > y else "┌", role)
        else:
            canvas.text(start + end, y, "●", role)
    canvas.text(start - 1 - len(labels[0]), 0, labels[0], ink["text"])
    canvas.text(start - 1 - len(labels[1]), ROWS - 1, labels[1], ink["text"])
    axis = Line(ink, width).to(start).put(since, "dim")
    axis.right([(formats.day(points[-1][0].date()), "dim")], start + column(last) + 4)
    return [
        Line(ink, width).to(2).put("input", "dim").strip(),
        *(Strip(canvas.row(y), width) for y in range(ROWS)),
        axis.strip(),
    ]
