"""Contenders as they are drawn: a mark that needs no colour, a role and a shade; and their labels in a chart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace
from rich.style import Style

from orwatch.domain.filters import Filter, Offers, no_offers
from orwatch.domain.leads import Kind
from orwatch.domain.series import Contender, Point, Series
from orwatch.present import formats
from orwatch.present.table import Piece
from orwatch.tui.charts.canvas import Canvas, spread_rows
from orwatch.tui.charts.dates import LEFT, Axis
from orwatch.tui.themes import Ink

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
    ink, axis, cursor, labels = canvas.ink, chart.axis, chart.cursor, labels[: canvas.height]
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
