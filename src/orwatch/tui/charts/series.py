"""Charts of a series over time: lines, stacked shares, the ratio of a head to head, ranks as ribbons, and who led.

Contenders are drawn with a mark that needs no colour, a role and a shade. What is unknown is a gap.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import groupby

from msgspec import Struct
from msgspec.structs import replace
from rich.style import Style
from textual.strip import Strip

from orwatch.domain.filters import Filter, Offers, no_offers
from orwatch.domain.leads import Kind
from orwatch.domain.periods import Grain, State
from orwatch.domain.series import Contender, Point, Series
from orwatch.present import formats
from orwatch.present.colours import HATCHES
from orwatch.present.table import Piece
from orwatch.present.terms import OUTSIDE
from orwatch.tui.charts.canvas import LEFT, Axis, Canvas, Dots, Layer, Slot, edges, layers, month_row, spread_rows
from orwatch.tui.themes import Ink
from orwatch.tui.widgets.paint import Line, blank

MARKS = "123456789abcdefghjkmnpqrstuvwxyz"
"""Marks in the order of the contenders, without letters that are taken for a figure."""


class DrawnContender(Struct, frozen=True):
    """A contender with its mark and role. past: not of the newest period. shade: 1 where its role is drawn fainter."""

    contender: Contender
    mark: str
    role: str
    past: bool
    shade: int
    shown: bool

    @property
    def id(self) -> str:
        """The contender's."""
        return self.contender.id

    @property
    def by_code(self) -> bool:
        """Whether its mark is its country code, which says who it is."""
        return self.mark == self.id

    def points(self, axis: Axis) -> Sequence[Point]:
        """Its points in the periods that are drawn."""
        return self.contender.points[axis.first : axis.first + len(axis.periods)]

    def name(self, width: int) -> str:
        """The name, cut to a width; empty where the mark says it."""
        return "" if self.by_code or width < 4 else formats.middle_cut(self.contender.name, width)

    def pieces(self, width: int, role: str = "text") -> list[Piece]:
        """`4 CN DeepSeek V4 Flash`, `CN China`: at most `width` cells."""
        colour = f"{self.role}+"
        out: list[Piece] = [] if self.by_code else [(f"{self.mark} ", colour)]
        out.append((self.contender.country or "??", colour))
        left = width - sum(len(text) for text, _ in out) - 1
        free = self.contender.free and left >= 12
        name = formats.middle_cut(self.contender.name, left - 5 * free) if left >= 4 else ""
        return [*out, *([(f" {name}", role)] if name else []), *([(" free", "dim")] if name and free else [])]

    def area_style(self, ink: Ink) -> Style:
        """Text on its area, in its shade."""
        if ink.hatch:
            return Style(bold=True)
        if self.shade and not ink.palette.ansi:
            return Style(color=ink.palette.bright, bgcolor=ink.area(self.role, faded=True), bold=True)
        return on_area(ink, self.role)


class Chart(Struct, frozen=True):
    """What charts of a series are drawn of. cursor: the drawn period that is read; the newest, or None, is not marked."""

    ink: Ink
    axis: Axis
    series: Series
    drawn: Sequence[DrawnContender]
    cursor: int | None = None


def on_basis(series: Series, point: Point) -> bool:
    """Whether a contender's tokens are of the basis: the rank of a model is among all named rows."""
    return series.subject.kind is not Kind.MODEL or (point.rank or 0) <= series.query.lens.basis.size


def on_area(ink: Ink, role: str) -> Style:
    """Text on an area of a role."""
    if ink.hatch:
        return Style(bold=True, reverse=True)
    return Style(color=ink.palette.background or "black", bgcolor=ink.area(role), bold=True)


def drawn_contenders(ink: Ink, series: Series, chosen: Filter, offers: Offers = no_offers) -> list[DrawnContender]:
    """Every contender of a series, two vendors in the first two colours.

    The filter, which asks offers for prices, hides; the sides of a head to head stay.
    """
    out: list[DrawnContender] = []
    versus, codes = series.subject.kind is Kind.VERSUS, series.subject.by_country
    for n, contender in enumerate(series.contenders):
        mark = contender.id if codes else MARKS[n] if n < len(MARKS) else "·"
        role = ("cn", "us")[n] if versus and not codes else ink.country(contender.country)
        shown = versus or not chosen or any(chosen.matches(facts, offers) for facts in contender.facts)
        out.append(DrawnContender(contender, mark, role, n >= series.newest, 0, shown))
    return out if codes else _shaded(series, out)


def _shaded(series: Series, drawn: list[DrawnContender]) -> list[DrawnContender]:
    """Two shades a role, chosen so that contenders that lie on each other in a stack differ in as many periods as can be."""
    met: Counter[tuple[str, str]] = Counter()
    for n in range(len(series.periods)):
        below: dict[str, str] = {}
        for each in drawn:
            if each.contender.points[n].tokens:
                if each.role in below:
                    met[below[each.role], each.mark] += 1
                below[each.role] = each.mark
    shades: dict[str, int] = {}
    for each in drawn:
        clash = [0, 0]
        for (one, two), periods in met.items():
            other = two if one == each.mark else one if two == each.mark else None
            if other in shades:
                clash[shades[other]] += periods
        shades[each.mark] = int(clash[0] > clash[1])
    return [replace(each, shade=shades[each.mark]) for each in drawn]


def frame(
    canvas: Canvas, chart: Chart, left: Mapping[int, str], labels: Sequence[tuple[float, DrawnContender, str]] = ()
) -> Canvas:
    """What stands round a chart, and the cursor in it. left: figures by their rows.

    labels: of contenders at the newest column, from the top: the row that is wanted, who, the figure.
    """
    ink, axis, cursor = canvas.ink, chart.axis, chart.cursor
    labels = [(row, who, f"{axis.tilde}{text}") for row, who, text in labels[: canvas.height]]
    x = axis.end + 1
    for y, text in left.items():
        canvas.text(max(0, LEFT - 1 - len(text)), y, text, ink["dim"])
    if cursor is not None and cursor < axis.newest:
        canvas.cursor(axis.cell(cursor))
    room = canvas.width - x
    size = max((len(text) for _, _, text in labels), default=0)
    rows = spread_rows([row for row, _, _ in labels], canvas.height)
    for n, (row, (_, who, text)) in enumerate(zip(rows, labels, strict=True)):
        at = x
        for part, role in who.pieces(room - size - 1, "dim" if who.past else "text"):
            canvas.text(at, row, part, ink[role])
            at += len(part)
        canvas.text(at + 1 if who.by_code else x + room - len(text), row, text, ink["text" if n else "bright"])
    return canvas


# Lines


APART = 14
"""Cells between two marks of one line."""


class TokenAxis(Struct, frozen=True):
    """Tokens to rows of dots. low: the lowest that is drawn, above zero on a log scale."""

    low: float
    high: float
    rows: int
    log: bool

    def dot(self, value: float) -> int:
        """The row of dots of a value, 0 at the top."""
        part = value / self.high
        if self.log:
            part = math.log(max(value, self.low) / self.low) / math.log(self.high / self.low)
        return round((1 - min(1.0, part)) * (4 * self.rows - 1))

    def row(self, value: float) -> int:
        """The row of cells of a value."""
        return self.dot(value) // 4

    def ticks(self) -> list[float]:
        """Round figures for the axis, highest first."""
        if self.log:
            exponents = range(math.floor(math.log10(self.low)), math.ceil(math.log10(self.high)) + 1)
            steps = (1, 2, 5) if self.rows >= 9 * math.log10(self.high / self.low) else (1,)
            marks = [step * 10.0**exponent for exponent in exponents for step in steps]
            return sorted((mark for mark in marks if self.low <= mark <= self.high), reverse=True)
        wanted = self.high / max(2, min(5, self.rows // 4))
        size = 10.0 ** math.floor(math.log10(wanted))
        step = next(size * n for n in (1, 2, 5, 10) if size * n >= wanted)
        return [step * n for n in range(int(self.high / step), -1, -1)]

    def labels(self, unit: int) -> dict[int, str]:
        """The ticks by their rows, in a unit of tokens."""
        ticks = self.ticks()
        places = 0 if all(tick / unit >= 1 and tick % unit == 0 for tick in ticks if tick) else 1
        places = 2 if any(0 < tick / unit < 0.1 for tick in ticks) else places
        digits = "g" if places and self.log else f".{places}f"
        return {self.row(tick): f"{tick / unit:{digits}}" if tick else "0" for tick in ticks}


def token_axis(values: Sequence[int], rows: int, *, log: bool) -> TokenAxis:
    """A scale from zero (or the lowest value) to the highest."""
    positive = [value for value in values if value > 0]
    high, low = float(max(positive, default=1)), float(min(positive, default=1))
    if log and high > low:
        return TokenAxis(max(low, high / 10_000), high, rows, True)
    return TokenAxis(0.0, high, rows, False)


class LineChart:
    """A chart of lines while it is drawn."""

    def __init__(self, chart: Chart, width: int, height: int, *, log: bool) -> None:
        self.chart = chart
        self.ink = chart.ink
        self.axis = chart.axis
        self.canvas = Canvas(chart.ink, width, height)
        self.dots = Dots(width, height)
        self.shown = [(who, who.points(chart.axis)) for who in chart.drawn if who.shown]
        self.values = [point.tokens for _, points in self.shown for point in points if point.tokens]
        self.scale = token_axis(self.values, height, log=log)

    def draw(self) -> Canvas:
        """The chart with its axis, the marks on the lines, the cursor, and names and last values at the right."""
        canvas, axis, cursor = self.canvas, self.axis, self.chart.cursor
        if not self.values:
            return canvas
        unit, _ = formats.unit_of(self.values)
        for who, points in reversed(self.shown):
            self._line(who, points)
        if cursor is not None and cursor < axis.newest:
            self._points(cursor)
        if axis.tilde:
            self._points(axis.newest, "●")
        for who, points in self.shown:
            self._marks(who, points)
        self.dots.paint(canvas)
        now = [(who, tokens) for who, points in self.shown if (tokens := points[-1].tokens)]
        now.sort(key=lambda item: -item[1])
        ends = [(self.scale.row(n), who, formats.tokens_in(n, unit)) for who, n in now]
        return frame(canvas, self.chart, self.scale.labels(unit), ends)

    def _style(self, who: DrawnContender) -> Style:
        """The colour of a line; fainter where the contender is not of the newest period any more."""
        if self.ink.hatch:
            return Style(dim=who.past)
        if who.past and not self.ink.palette.ansi:
            return Style(color=self.ink.area(who.role, faded=True))
        return self.ink[who.role]

    def _line(self, who: DrawnContender, points: Sequence[Point]) -> None:
        """Joins complete neighbours; other periods are single points."""
        style, before = self._style(who), None
        for n, point in enumerate(points):
            here = (self.axis.dot(n), self.scale.dot(point.tokens)) if point.tokens else None
            if here is not None:
                self.dots.line(before if before is not None and self.axis.joined(n) else here, here, style)
            before = here

    def _points(self, n: int, text: str = "") -> None:
        """Writes the mark (or a text) of each line in one period, where the cell is free."""
        for who, points in self.shown:
            tokens, mark = points[n].tokens, text or who.mark
            if tokens:
                x, y = self.axis.cell(n), self.scale.row(tokens)
                if self.canvas.empty(y, x, x + len(mark)):
                    self.canvas.text(x, y, mark, self.ink[f"{who.role}+"])

    def _marks(self, who: DrawnContender, points: Sequence[Point]) -> None:
        """A line's mark where it peaks and every so often, so that lines of one colour are told apart."""
        places = [(self.axis.cell(n), point.tokens) for n, point in enumerate(points) if point.tokens]
        if not places:
            return
        peak = max(places, key=lambda place: place[1])
        done: list[int] = []
        wide = len(who.mark)
        for x, tokens in (peak, *places):
            y = self.scale.row(tokens)
            if any(abs(x - other) < APART for other in done) or x + wide > self.axis.end - 2:
                continue
            if self.canvas.empty(y, x - 1, x + wide + 1):
                self.canvas.text(x, y, who.mark, self.ink[who.role if who.past else f"{who.role}+"])
                done.append(x)
        if who.past:
            self._name(who, peak[0], self.scale.row(peak[1]))

    def _name(self, who: DrawnContender, x: int, y: int) -> None:
        """The name of a line that has ended, over its peak, where the cells are free."""
        text = who.name(18)
        at = min(max(self.axis.start, x - len(text) // 2), self.axis.end - len(text))
        begin, end = at - 1, at + len(text) + 1
        for row in (y - 1, y - 2):
            crossed = any(self.dots.taken(n, row) for n in range(begin, end))
            if text and row >= 0 and self.canvas.empty(row, begin, end) and not crossed:
                self.canvas.text(at, row, text, self.ink["dim"])
                return


# Shares


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
            scale = height * 8 / period.total
            _column(canvas, owner, (x, size), stack, scale, down=down, nameless=nameless, faded=period.partial)
            reached = 0.0
            for who, point, tokens in stack if n == axis.newest else ():
                middle = (reached + tokens / 2) / period.total * height
                ends.append((middle if down else height - middle, who, point))
                reached += tokens
    _names(canvas, owner, axis)
    _label_middle(canvas, OUTSIDE[series.query.lens.basis] if countries else f"all other {series.subject.kind}s", axis)
    ends.sort(key=lambda end: end[0])
    return frame(canvas, chart, _ticks(height), [(int(y), who, formats.percent(at.share)) for y, who, at in ends])


Owner = list[list[DrawnContender | None]]
"""Whose area fills a cell, by row and column."""


def _quiet(ink: Ink) -> Style:
    return Style(bgcolor=ink.palette.surface) if ink.palette.surface else Style.null()


def _column(
    canvas: Canvas,
    owner: Owner,
    slot: Slot,
    stack: Sequence[tuple[DrawnContender, Point, int]],
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
    spans = edges([*(tokens for _, _, tokens in stack), nameless], scale)
    areas: list[Layer] = [
        (who.role + ("-" if who.shade or faded else ""), end - begin)
        for (who, _, _), (begin, end) in zip(stack, spans, strict=False)
        if end > begin
    ]
    if nameless or not ink.palette.ansi:
        canvas.column(x, [*areas, ("unattributed", spans[-1][1] - spans[-1][0])], size=size, down=down)
    most: dict[int, tuple[int, DrawnContender]] = {}
    for (who, _, _), (begin, end) in zip(stack, spans, strict=False):
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
    one, two = (who.points(axis) for who in chart.drawn)
    for n, (period, (x, size)) in enumerate(zip(axis.periods, axis.slots, strict=True)):
        if not period.known or not period.total:
            continue
        whole, up, down = period.total, one[n].tokens or 0, two[n].tokens or 0
        nameless = (period.unattributed or 0) if series.subject.by_country else 0
        rest = whole - (period.outside or 0) - up - down - nameless if elsewhere else 0
        known.append((n, up / whole, down / whole))
        fade = "-" if period.partial else ""
        above = [(roles[1] + fade, down / whole), (f"unattributed{fade}", nameless / whole)]
        canvas.column(x, layers(above, height * 8), size=size, down=True)
        below = [(roles[0] + fade, up / whole), (f"elsewhere{fade}", rest / whole)]
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


# The ratio of a head to head


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


# Ranks, and who led


RANKS = 10
"""The most ranks that are drawn."""


def ranks(chart: Chart, width: int, height: int) -> Canvas:
    """Ribbons of the contenders; ranks that others held are left blank."""
    ink, axis, series, drawn = chart.ink, chart.axis, chart.series, chart.drawn
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
    told = [(y, who, formats.tokens_in(n, unit)) for (y, who), n in zip(ends, values, strict=True)]
    return frame(canvas, chart, {y: str(rank) for rank, y in row_of.items()}, told)


def _ribbon(canvas: Canvas, who: DrawnContender, x: int, y: int, size: int) -> None:
    ink, name = canvas.ink, who.name(size - 3)
    text = who.mark if size < 8 or not name else f" {who.mark} {name}"
    style, filler = who.area_style(ink), " "
    if ink.hatch:
        text, filler = f"{text.strip()} ", "━"
    elif ink.palette.ansi and who.shade:
        style, filler = ink[f"{who.role}+"], "▒"
    canvas.text(x, y, text[:size].ljust(size, filler), style)


def leaders(chart: Chart, width: int, *, plain: bool = False) -> list[Strip]:
    """Flips, ribbon and months, a row each. plain: confirmed flips alone, without colour by their numbers."""
    axis = chart.axis
    months = month_row(chart.ink, width, [each.period for each in axis.periods], axis.slots, years=True)
    return [_flips(chart, width, plain=plain), _leads(chart, width), months]


def _flips(chart: Chart, width: int, *, plain: bool) -> Strip:
    """Marks (`◆1`, on course `◇`) over the first column of the new leader; a number that would run into the next is left out."""
    ink, axis, roles = chart.ink, chart.axis, {who.id: f"{who.role}+" for who in chart.drawn}
    canvas = Canvas(ink, width, 1)
    canvas.text(0, 0, "flips", ink["dim"])
    flips = [
        (x, each, each.flip)
        for (x, _), each in zip(axis.slots, axis.periods, strict=True)
        if each.flip and (each.number or not plain)
    ]
    ends = [*(x for x, _, _ in flips), width][1:]
    for (x, each, flip), until in zip(flips, ends, strict=True):
        mark = f"◆{each.number}" if each.number else "◇"
        mark = mark.lstrip("◆") if plain and ink.hatch else mark
        canvas.text(x, 0, mark if x + len(mark) <= until else mark[:1], ink[roles.get(flip.after, "accent")])
    return Strip(canvas.row(0), width)


def _leads(chart: Chart, width: int) -> Strip:
    """Who led how long; `*` where days are lacking. A run cut by the window, or by what is not known, reads ≥.

    Neighbours of one colour have two shades.
    """
    ink, axis, drawn = chart.ink, chart.axis, {who.id: who for who in chart.drawn}
    canvas = Canvas(ink, width, 1)
    canvas.text(0, 0, "lead", ink["dim"])
    role, faded, unknown, begin, length = "", False, True, 0, 0
    for leader, run in groupby(each.leader if each.state is State.COMPLETE else None for each in axis.periods):
        begin, length = begin + length, len([*run])
        x = axis.slots[begin][0]
        size = sum(axis.slots[begin + length - 1]) - x
        if leader is None:
            canvas.text(x, 0, "·" * size, ink["faint"])
            for n in range(begin, begin + length):
                if axis.periods[n].partial:
                    canvas.text(axis.slots[n][0], 0, "*", ink["accent"])
            role, unknown = "", True
            continue
        who = drawn[leader]
        faded = who.role == role and not faded
        role = who.role
        text = _run_text(who, f"≥ {length}" if unknown else str(length), length, size, axis.periods[begin].period.grain)
        unknown = False
        if ink.hatch:
            words, filler = text.strip(), HATCHES[role] if who.by_code else "━"
            before, after = ("" if len(text) == size else filler, "") if who.by_code else ("", " ")
            canvas.text(x, 0, f"{before}{words}{after}"[:size].ljust(size, filler), Style(bold=True))
        elif faded and ink.palette.ansi:
            canvas.text(x, 0, text.ljust(size, "▒"), ink[f"{role}+"])
        else:
            canvas.text(x, 0, text.ljust(size), replace(who, shade=1).area_style(ink) if faded else ink.fill(role))
    return Strip(canvas.row(0), width)


def _run_text(who: DrawnContender, count: str, length: int, size: int, grain: Grain) -> str:
    """The longest text that fits: name, count and unit; then less of it. A mark without a name has no count, nor has any of
    trailing periods, which overlap.
    """
    counts = [] if grain.trailing else [count + formats.plural(length, grain).removeprefix(str(length)), count]
    names: list[str] = []
    texts = [f" {who.mark}", who.mark]
    if who.by_code:
        texts = [
            *(f" {who.mark} {told}" for told in counts),
            *(f"{who.mark} {told}" for told in counts[1:]),
            *texts[1:],
        ]
    else:
        names = [f"{who.mark} {name}" for name in (who.contender.name, *(who.name(cut) for cut in (12, 9, 6)))]
    named = [text for name in names for text in (*(f" {name} {told}" for told in counts), f" {name}", name)]
    return next(text for text in (*named, *texts, "") if len(text) <= size)
