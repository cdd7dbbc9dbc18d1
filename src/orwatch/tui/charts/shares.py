"""Shares of all tokens over time, stacked from floor and ceiling; the ratio of a head to head over time, on a log scale."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import groupby

from rich.style import Style
from textual.strip import Strip

from orwatch.domain.leads import Kind
from orwatch.domain.series import Point, Series
from orwatch.present import formats
from orwatch.present.colours import HATCHES
from orwatch.present.terms import OUTSIDE
from orwatch.tui.charts.canvas import Canvas, Layer, edges, layers
from orwatch.tui.charts.contenders import Chart, DrawnContender, frame, on_area, on_basis
from orwatch.tui.charts.dates import LEFT, Axis
from orwatch.tui.themes import Ink
from orwatch.tui.widgets.paint import Line, blank


def counted(series: Series, who: DrawnContender, point: Point) -> int:
    """Tokens of a contender that are on the basis and shown."""
    return point.tokens if point.tokens and who.shown and on_basis(series, point) else 0


def shares(chart: Chart, width: int, height: int) -> Canvas:
    """CN from the floor and other countries on it, US from the ceiling, in two shades by turns; all the rest between them."""
    ink, axis, series, drawn = chart.ink, chart.axis, chart.series, chart.drawn
    canvas = Canvas(ink, width, height, ink.palette.surface)
    owner: Owner = [[None] * width for _ in range(height)]
    order = sorted(drawn, key=lambda who: {"cn": 0, "us": 0}.get(who.role, 1))
    countries = series.subject.kind is Kind.COUNTRY
    ends: list[tuple[float, DrawnContender, Point]] = []
    for n, period in enumerate(axis.periods):
        x, size = axis.slots[n]
        if not period.known or not period.total:
            for y in range(height):
                canvas.text(x, y, "·" * size, ink["faint"])
            continue
        for y in range(height):
            canvas.text(x, y, " " * size, _quiet(ink))
        points = [(who, who.contender.points[axis.first + n]) for who in order]
        for down in (True, False):
            stack = [
                (who, point, tokens)
                for who, point in points
                if (who.role in ("us", "unattributed")) is down and (tokens := counted(series, who, point))
            ]
            nameless = period.unattributed or 0 if down and countries else 0
            column = [(who, tokens) for who, _, tokens in stack]
            scale = height * 8 / period.total
            _column(canvas, owner, (x, size), column, scale, down=down, nameless=nameless, faded=period.partial)
            reached = 0.0
            for who, point, tokens in stack if n == axis.newest else ():
                middle = (reached + tokens / 2) / period.total * height
                ends.append((middle if down else height - middle, who, point))
                reached += tokens
    _names(canvas, owner, axis)
    _label_middle(canvas, OUTSIDE[series.query.lens.basis] if countries else f"all other {series.subject.kind}s", axis)
    ends.sort(key=lambda end: end[0])
    told = [(int(y), who, f"{axis.tilde}{formats.percent(at.share)}") for y, who, at in ends]
    return frame(canvas, chart, _ticks(height), told)


Owner = list[list[DrawnContender | None]]
"""Whose area fills a cell, by row and column."""


def _quiet(ink: Ink) -> Style:
    return Style(bgcolor=ink.palette.surface) if ink.palette.surface else Style.null()


def _column(
    canvas: Canvas,
    owner: Owner,
    slot: tuple[int, int],
    stack: Sequence[tuple[DrawnContender, int]],
    scale: float,
    *,
    down: bool,
    nameless: int,
    faded: bool,
) -> None:
    """One column of a stack, and who owns its whole cells. Where shades cannot be had, areas are made of characters.

    nameless: tokens of unattributed rows, on the end of the stack. faded: days of the period are lacking.
    """
    ink, height, (x, size) = canvas.ink, canvas.height, slot
    spans = edges([*(tokens for _, tokens in stack), nameless], scale)
    areas: list[Layer] = [
        (who.role + ("-" if who.shade or faded else ""), end - begin)
        for (who, _), (begin, end) in zip(stack, spans, strict=False)
        if end > begin
    ]
    if nameless or not ink.palette.ansi:
        canvas.column(x, [*areas, ("unattributed", spans[-1][1] - spans[-1][0])], size=size, down=down)
    most: dict[int, tuple[int, DrawnContender]] = {}
    for (who, _), (begin, end) in zip(stack, spans, strict=False):
        for n in range(begin // 8, -(-end // 8)):
            part = min(end, 8 * n + 8) - max(begin, 8 * n)
            if part > most.get(n, (0,))[0]:
                most[n] = (part, who)
    for n, (part, who) in most.items():
        y = n if down else height - 1 - n
        if part < (4 if ink.palette.ansi else 8) or not 0 <= y < height:
            continue
        if ink.palette.ansi:
            hatch = who.mark if len(who.mark) == 1 else HATCHES[who.role]
            character = hatch if ink.hatch else "▒" if who.shade else "█"
            canvas.text(x, y, character * size, Style(dim=who.past) if ink.hatch else ink[who.role])
        owner[y][x : x + size] = [who] * size


def _names(canvas: Canvas, owner: Owner, axis: Axis) -> None:
    """Every area carries its mark, and its name where that fits, at its widest place."""
    widest: dict[str, tuple[int, int, int, DrawnContender]] = {}
    for y, row in enumerate(owner):
        for who, run in groupby(range(axis.start, axis.end), key=row.__getitem__):
            places = list(run)
            if who is not None and len(places) > widest.get(who.mark, (0,))[0]:
                widest[who.mark] = (len(places), places[0], y, who)
    for size, x, y, who in widest.values():
        text = f"{who.mark} {who.name(min(18, size - 4))}".rstrip() if size >= 8 else who.mark
        if size >= len(text) + 2:
            style = on_area(canvas.ink, who.role) if canvas.ink.hatch else who.area_style(canvas.ink)
            canvas.text(x + (size - len(text)) // 2, y, text, style)


def _label_middle(canvas: Canvas, text: str, axis: Axis) -> None:
    """Names the quiet middle, where it is wide enough."""
    size, quiet = len(text) + 4, _quiet(canvas.ink)
    for y in sorted(range(canvas.height), key=lambda y: abs(y - canvas.height // 2)):
        free = [x for x in range(axis.start, axis.end - size) if canvas.plain(y, x, x + size, quiet)]
        if free:
            canvas.text(free[len(free) // 2] + 2, y, text, canvas.ink["dim"])
            return


def _ticks(rows: int) -> dict[int, str]:
    """Percent from the floor, by the rows that carry a figure."""
    return {(rows - 1) * n // 4: str(100 - 25 * n) for n in range(5)}


def two_sides(chart: Chart, width: int, height: int, *, elsewhere: bool = False) -> Canvas:
    """A head to head: side a from the floor, b from the ceiling, an axis for each. elsewhere: on a, what neither of them has."""
    ink, axis, series = chart.ink, chart.axis, chart.series
    a, b = series.query.versus
    roles = [who.role for who in chart.drawn]
    canvas = Canvas(ink, width, height, ink.palette.surface)
    for y in range(height):
        canvas.text(axis.start, y, " " * (axis.end - axis.start), _quiet(ink))
    known: list[tuple[int, float, float]] = []
    for n, (x, size) in enumerate(axis.slots):
        sides = _sides(series, axis.first + n)
        if sides is None:
            continue
        up, down, rest, nameless = sides
        known.append((n, up, down))
        fade = "-" if axis.periods[n].partial else ""
        above = layers([(roles[1] + fade, down), (f"unattributed{fade}", nameless)], height * 8)
        canvas.column(x, above, size=size, down=True)
        below = [(roles[0] + fade, up), (f"elsewhere{fade}", rest if elsewhere else 0)]
        canvas.column(x, layers(below, height * 8), size=size)
    if not known:
        text = f"The split is not known on {series.query.lens.basis}"
        canvas.text(axis.start + 2, height // 2, text, ink["text"])
    else:
        (first, _, oldest), (_, newest, _) = known[0], known[-1]
        if newest > 1.5 / height:
            canvas.text(axis.end - 2 - len(a), height - 2, a, on_area(ink, roles[0]))
        if oldest > 1.5 / height:
            canvas.text(axis.slots[first][0] + 1, 1 if height > 5 else 0, b, on_area(ink, roles[1]))
        _label_middle(canvas, OUTSIDE[series.query.lens.basis], axis)
    ticks = _ticks(height)
    for y, up_share in ticks.items():
        canvas.text(axis.end + 1, y, str(100 - int(up_share)), ink["dim"])
    return frame(canvas, chart, ticks)


def _sides(series: Series, n: int) -> tuple[float, float, float, float] | None:
    """Shares of a period: of both sides, what else is attributed, and what is not; None where the split is unknown."""
    period = series.periods[n]
    if not period.known or not period.total:
        return None
    a, b = (who.points[n].tokens or 0 for who in series.contenders)
    nameless = (period.unattributed or 0) if series.subject.by_country else 0
    rest = period.total - (period.outside or 0) - a - b - nameless
    return a / period.total, b / period.total, rest / period.total, nameless / period.total


# The ratio


CLIP = 16.0
"""Ratios beyond 16 : 1 are drawn as 16 : 1."""


def log_height(ratio: float, cells: int) -> int:
    """Eighths of a column for a ratio on a log scale that is clipped at 16 : 1; none up to 1 : 1."""
    return max(1, round(min(1.0, math.log(ratio) / math.log(CLIP)) * cells * 8)) if ratio > 1 else 0


def ratio(chart: Chart, width: int, height: int) -> list[Strip]:
    """Columns up (the first side) and down (the second); one row more than the height, for a week without one of the two."""
    ink, axis = chart.ink, chart.axis
    a, b = chart.series.query.versus
    one, two = (who.points(axis) for who in chart.drawn)
    up = max(2, height // 2)
    down = max(2, height - up)
    canvas, without = Canvas(ink, width, up + down), Line(ink, width)
    tokens = (0, 0)
    for n, (x, size) in enumerate(axis.slots):
        tokens = (one[n].tokens or 0, two[n].tokens or 0) if axis.periods[n].known else (0, 0)
        if not any(tokens):
            continue
        if not all(tokens) and without.at == 0:
            without.to(x).put(f"↑ no {a if not tokens[0] else b} model on the basis", "dim")
        times = CLIP if not tokens[1] else tokens[0] / tokens[1] or 1 / CLIP
        role = "cn" if ink.hatch else chart.drawn[times <= 1].role
        area = role + "-" * axis.periods[n].partial, log_height(max(times, 1 / times), up if times > 1 else down)
        canvas.column(x, [area], size=size, base=up, down=times <= 1)
    marks = (0, f"{CLIP:.0f} : 1"), (up // 2, "4 : 1"), (up + down // 2, "1 : 4"), (up + down - 1, f"1 : {CLIP:.0f}")
    for y, text in marks:
        canvas.text(0, y, text.rjust(LEFT - 1), ink["dim"])
    if all(tokens):
        times = tokens[0] / tokens[1]
        reached = log_height(max(times, 1 / times), up if times >= 1 else down) // 16
        y = max(0, up - 1 - reached) if times >= 1 else up + min(down - 1, reached)
        canvas.text(axis.end + 1, y, formats.ratio(times), ink[f"{chart.drawn[times < 1].role}+"])
    return [*canvas.strips(), without.strip()]


def ratio_below(chart: Chart, width: int, height: int) -> list[Strip]:
    """The ratio under another chart: a blank row, what it is, the columns."""
    told = f"{' : '.join(chart.series.query.versus)}, log scale"
    head = Line(chart.ink, width).to(LEFT).put(told, "dim")
    return [blank(width), head.strip(), *ratio(chart, width, height)]
