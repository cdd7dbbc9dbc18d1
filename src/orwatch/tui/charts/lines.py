"""Tokens over time as lines, straight or on a log scale. What is unknown is a gap."""

from __future__ import annotations

import math
from collections.abc import Sequence

from msgspec import Struct
from rich.style import Style

from orwatch.domain.series import Point
from orwatch.present import formats
from orwatch.tui.charts.canvas import Canvas, Dots
from orwatch.tui.charts.contenders import Chart, DrawnContender, frame

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
        ends = [(self.scale.row(n), who, f"{axis.tilde}{formats.tokens_in(n, unit)}") for who, n in now]
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
