"""The race as lines: tokens over time, straight or on a log scale. What is unknown is a gap."""

from __future__ import annotations

import math
from collections.abc import Sequence

from msgspec import Struct
from rich.style import Style

from orwatch.core.races import Place
from orwatch.domain.periods import State
from orwatch.present import formats
from orwatch.tui.panes.runners import Runner, Track, spread_rows
from orwatch.tui.themes import Ink
from orwatch.tui.widgets.charts import Canvas
from orwatch.tui.widgets.dots import Dots
from orwatch.tui.widgets.paint import Piece, width_of

APART = 14
"""Cells between two marks of one line."""


class Scale(Struct, frozen=True):
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


def scale_of(values: Sequence[int], rows: int, *, log: bool) -> Scale:
    """A scale that holds the values."""
    positive = [value for value in values if value > 0]
    high, low = float(max(positive, default=1)), float(min(positive, default=1))
    if log and high > low:
        return Scale(max(low, high / 10_000), high, rows, True)
    return Scale(0.0, high, rows, False)


def lines_canvas(
    ink: Ink, width: int, height: int, track: Track, field: Sequence[Runner], cursor: int, left: int, *, log: bool
) -> Canvas:
    """The chart with its axis, the marks on the lines, the cursor, and names and last values at the right.

    cursor: the drawn period that is read.
    """
    canvas = Canvas(ink, width, height)
    shown = [runner for runner in field if runner.shown]
    places = {runner.mark: _places(runner, track) for runner in shown}
    values = [place.tokens for row in places.values() for place in row if place.tokens]
    if not values:
        return canvas
    scale = scale_of(values, height, log=log)
    unit, _ = formats.unit_of(values)
    _axis(canvas, scale, unit, left)
    dots = Dots(width, height)
    for runner in reversed(shown):
        _line(dots, places[runner.mark], track, scale, line_style(ink, runner))
    _points(canvas, ink, shown, places, track, scale, cursor)
    _marks(canvas, dots, ink, shown, places, track, scale)
    dots.paint(canvas)
    if cursor < len(track.laps) - 1:
        canvas.rule(track.cell(cursor))
    _labels(canvas, ink, shown, places, track, scale, unit)
    return canvas


def _places(runner: Runner, track: Track) -> Sequence[Place]:
    return runner.contender.places[track.first : track.first + len(track.laps)]


def line_style(ink: Ink, runner: Runner) -> Style:
    """The colour of a contender's line; fainter where it is not of the newest period any more."""
    if ink.hatch:
        return Style(dim=runner.past)
    if runner.past and not ink.palette.ansi:
        return Style(color=ink.area(runner.role, faded=True))
    return ink[runner.role]


def _axis(canvas: Canvas, scale: Scale, unit: int, left: int) -> None:
    ticks = scale.ticks()
    places = 0 if all(tick / unit >= 1 and tick % unit == 0 for tick in ticks if tick) else 1
    places = 2 if any(0 < tick / unit < 0.1 for tick in ticks) else places
    for tick in ticks:
        text = f"{tick / unit:.{places}f}" if tick else "0"
        if places and scale.log:
            text = f"{tick / unit:g}"
        canvas.text(left - 1 - len(text), scale.row(tick), text, canvas.ink["dim"])


def _line(dots: Dots, places: Sequence[Place], track: Track, scale: Scale, style: Style) -> None:
    """Complete neighbours are joined; a point without them stands alone."""
    for n, place in enumerate(places):
        if not place.tokens:
            continue
        here = (track.dot(n), scale.dot(place.tokens))
        before = places[n - 1].tokens if n else None
        if before and track.joined(n):
            dots.line((track.dot(n - 1), scale.dot(before)), here, style)
        else:
            dots.dot(*here, style)


def _points(
    canvas: Canvas,
    ink: Ink,
    shown: Sequence[Runner],
    places: dict[str, Sequence[Place]],
    track: Track,
    scale: Scale,
    cursor: int,
) -> None:
    """At the cursor each line carries its mark, but where its label stands; a period in progress has points that no line joins."""
    newest = len(track.laps) - 1
    running = track.laps[newest].state is State.RUNNING
    for n in {cursor, newest}:
        if n == newest and not running:
            continue
        for runner in shown:
            tokens = places[runner.mark][n].tokens
            text = "●" if n == newest else runner.mark
            if tokens:
                x, y = track.cell(n), scale.row(tokens)
                if canvas.empty(y, x, x + len(text)):
                    canvas.text(x, y, text, ink[f"{runner.role}+"])


def _marks(
    canvas: Canvas,
    dots: Dots,
    ink: Ink,
    shown: Sequence[Runner],
    places: dict[str, Sequence[Place]],
    track: Track,
    scale: Scale,
) -> None:
    """Each line's mark where it peaks and every so often, so that lines of one colour are told apart."""
    for runner in shown:
        row = places[runner.mark]
        known = [n for n, place in enumerate(row) if place.tokens]
        peak = max(known, key=lambda n: row[n].tokens or 0, default=None)
        order = [peak, *known] if peak is not None else []
        done: list[int] = []
        for n in order:
            x, y = track.cell(n), scale.row(row[n].tokens or 0)
            wide = len(runner.mark)
            if any(abs(x - other) < APART for other in done) or x + wide > track.end - 2:
                continue
            if canvas.empty(y, x - 1, x + wide + 1):
                canvas.text(x, y, runner.mark, ink[f"{runner.role}+"] if not runner.past else ink[runner.role])
                done.append(x)
        if runner.past and peak is not None:
            _name(canvas, dots, ink, runner, track.cell(peak), scale.row(row[peak].tokens or 0), track)


def _name(canvas: Canvas, dots: Dots, ink: Ink, runner: Runner, x: int, y: int, track: Track) -> None:
    """The name of a line that has ended, over its peak, where nothing else stands."""
    text = runner.name(18)
    if not text:
        return
    at = min(max(track.start, x - len(text) // 2), track.end - len(text))
    for row in (y - 1, y - 2):
        free = row >= 0 and canvas.empty(row, at - 1, at + len(text) + 1)
        if free and not any(dots.taken(n, row) for n in range(at - 1, at + len(text) + 1)):
            canvas.text(at, row, text, ink["dim"])
            return


def _labels(
    canvas: Canvas,
    ink: Ink,
    shown: Sequence[Runner],
    places: dict[str, Sequence[Place]],
    track: Track,
    scale: Scale,
    unit: int,
) -> None:
    """Names and last values at the newest column, spread so that none covers another."""
    n = len(track.laps) - 1
    now = [(runner, tokens) for runner in shown if (tokens := places[runner.mark][n].tokens)]
    now.sort(key=lambda item: -item[1])
    tilde = "~" if track.laps[n].state is State.RUNNING else ""
    texts = [(runner, f"{tilde}{formats.tokens_in(tokens, unit)}") for runner, tokens in now]
    put_labels(canvas, ink, track.end + 1, [scale.row(tokens) for _, tokens in now], texts)


def put_labels(canvas: Canvas, ink: Ink, x: int, wanted: Sequence[float], texts: Sequence[tuple[Runner, str]]) -> None:
    """Mark, code, name and figure of contenders, in the order of their heights."""
    room = canvas.width - x
    wanted, texts = wanted[: canvas.height], texts[: canvas.height]
    size = max((len(text) for _, text in texts), default=0)
    for n, (row, (runner, text)) in enumerate(zip(spread_rows(wanted, canvas.height), texts, strict=True)):
        pieces: list[Piece] = runner.pieces(room - size - 1, "dim" if runner.past else "text")
        at = x
        for part, role in pieces:
            canvas.text(at, row, part, ink[role])
            at += len(part)
        at = x + width_of(pieces) + 1 if runner.mark == runner.contender.id else x + room - len(text)
        canvas.text(at, row, text, ink["text" if n else "bright"])
