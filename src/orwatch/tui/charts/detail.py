"""The charts of a detail: its tokens by period with the ranks below, and its prices as step lines."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from textual.strip import Strip

from orwatch.domain.catalogue import ObservedPrice, per_million
from orwatch.domain.detail import Detail
from orwatch.domain.periods import Grain, State
from orwatch.domain.series import Point
from orwatch.present import formats
from orwatch.tui.charts.canvas import Canvas, even_slots, month_row
from orwatch.tui.themes import Ink
from orwatch.tui.widgets.paint import Line, blank, prose, section

SIDE = 3
"""Cells left of the first column."""
STATES = {State.RUNNING: "~", State.PARTIAL: "*", State.COMPLETE: ""}

ROWS = 4
BESIDE = 44
"""Cells from which input and output stand side by side."""

Seen = Sequence[tuple[datetime, Decimal]]
"""When a price was first seen, and what it was: USD per million tokens, oldest first."""


def ranked_columns(ink: Ink, detail: Detail, grain: Grain, width: int, height: int) -> list[Strip]:
    """The history of a row: a column a period, its rank below, solid where it was first. `height` rows, at least eight.

    The widest form of column in which all periods fit: with value and rank, of two cells, of one; where not even those fit, the
    newest.
    """
    points = detail.points
    known = [point.tokens for point in points if point.tokens]
    if not known:
        words = "The record has no tokens of it on this basis."
        if detail.models:
            words = (
                "The record names fewer rows than this basis asks for: its tokens are not known. Another basis may do."
            )
        return [section(ink, width, f"Tokens by {formats.noun(grain)}"), *prose(ink, width, [(words, "dim")])]
    unit, letter = formats.unit_of(known)
    room = width - SIDE
    running = points[-1].state is State.RUNNING
    pitch = 1 + max(3, *(len(_figure(n, unit)) for n in known))
    if len(points) * pitch - 1 <= room:
        shown, rows = points, _wide(ink, detail, width, max(3, height - 4), pitch, unit)
    else:
        step = 2 if len(points) * 2 + running <= room else 1
        shown = points[-((room - running) // step) :]
        rows = _thin(ink, detail, shown, width, max(4, height - 3), step, unit)
    count = formats.plural(len(points), grain)
    cut = f"the newest {len(shown)} of {count}" if len(shown) < len(points) else ""
    first = detail.times_first and not grain.trailing
    times = f"solid: in first place, {formats.plural(detail.times_first, grain)}" if first else ""
    facts = (" · ".join(filter(None, (times, cut))), cut or times or count)
    return [section(ink, width, f"Tokens by {formats.noun(grain)}, {letter}".rstrip(", "), *facts), *rows]


def _figure(tokens: int, unit: int) -> str:
    """A value over its column, in three digits or fewer: `7.2`, `99.9`, `233`."""
    return formats.tokens_in(tokens, unit, 0 if tokens >= 99.95 * unit else 1)


def _column(canvas: Canvas, detail: Detail, point: Point, x: int, size: int, rows: int, top: int) -> int:
    """Draws a period's column; its height in cells. Faded where it was not in first place; without colour all are solid."""
    ink = canvas.ink
    role = "cn" if ink.hatch else ink.country(detail.country) + ("" if point.first else "-")
    eighths = max(1, round((point.tokens or 0) / top * rows * 8))
    canvas.column(x, [(role, eighths)], size=size)
    return -(-eighths // 8)


def _wide(ink: Ink, detail: Detail, width: int, height: int, pitch: int, unit: int) -> list[Strip]:
    """Columns with their value above, rank and date below."""
    points, rows, size = detail.points, height - 1, pitch - 1
    top = max(point.tokens or 0 for point in points)
    canvas = Canvas(ink, width, height)
    ranks, days, months = Line(ink, width).put("#", "dim"), Line(ink, width), Line(ink, width)
    last = None
    apart = int(points[-1].state is State.RUNNING and SIDE + len(points) * pitch <= width)
    for n, point in enumerate(points):
        x = SIDE + n * pitch + (apart if n == len(points) - 1 else 0)
        strong = "bright" if point.first else ""
        if point.tokens:
            y = max(0, rows - _column(canvas, detail, point, x, size, rows, top))
            canvas.text(x, y, f"{_figure(point.tokens, unit):>{size}}", ink[strong or "text"])
        else:
            canvas.text(x, rows, f"{'0' if point.tokens == 0 else formats.NO_DATA:^{size}}", ink["faint"])
        ranks.to(x).put(f"{point.rank or formats.NO_DATA:^{size}}", strong or "dim")
        start, by_month = point.period.start, point.period.grain.months > 0
        name = formats.MONTHS[start.month - 1]
        day, month = (name, str(start.year)) if by_month else (str(start.day), name)
        days.to(x).put(f"{(STATES[point.state] + day)[:size]:^{size}}", "dim")
        if month != last:
            months.to(x).put(month, "dim")
            last = month
    return [*canvas.strips(), ranks.strip(), days.strip(), months.strip()]


def _thin(
    ink: Ink, detail: Detail, points: Sequence[Point], width: int, height: int, step: int, unit: int
) -> list[Strip]:
    """Columns of one or two cells; the largest and the last value above theirs, ranks below: tens over units."""
    top = max(max(point.tokens or 0 for point in points), 1)
    tens, units = Line(ink, width), Line(ink, width).put("#", "dim")
    deep = any(point.rank and point.rank > 9 for point in points)
    rows = height - 1 - deep
    canvas = Canvas(ink, width, rows + 1)
    slots = even_slots(len(points), SIDE, step)
    tops: dict[int, tuple[int, int]] = {}
    for n, (point, (x, _)) in enumerate(zip(points, slots, strict=True)):
        x += point is points[-1] and point.state is State.RUNNING
        if point.tokens:
            tops[n] = (x, max(0, rows - _column(canvas, detail, point, x, step, rows, top)))
        elif point.tokens is None:
            canvas.text(x, rows, formats.NOTHING, ink["faint"])
        place = f"{point.rank or '':>2}"
        tens.to(x).put(place[-2], "dim")
        units.to(x).put(place[-1], "bright" if point.first else "dim")
    peak = max(range(len(points)), key=lambda n: points[n].tokens or 0)
    for n in dict.fromkeys((peak, len(points) - 1)):
        if n not in tops:
            continue
        x, y = tops[n]
        text = _figure(points[n].tokens or 0, unit)
        at = width - len(text)
        if n == peak:
            at = min(width, max(x + step, len(text) + SIDE)) - len(text)
        elif x + step + 1 <= at:
            at, y = x + step + 1, min(rows, y + 1)
        if n == peak or canvas.empty(y, at - 1, at + len(text)):
            canvas.text(at, y, text, ink["bright" if points[n].first else "text"])
    dates = month_row(ink, width, [point.period for point in points], slots, years=True)
    return [*canvas.strips(), *([tens.strip()] if deep else []), units.strip(), dates]


# Prices


def price_steps(
    ink: Ink, observed: Sequence[ObservedPrice], role: str, width: int, until: datetime | None
) -> list[Strip]:
    """Input and output from when they were first observed to `until`: a price held from one observation to the next.

    One sentence where neither has changed.
    """
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
