"""Ribbons over time: who led, with the flips over them and the length of each run; and a ribbon a rank, named by who held it."""

from __future__ import annotations

from itertools import groupby

from msgspec.structs import replace
from rich.style import Style
from textual.strip import Strip

from orwatch.domain.periods import Grain, State
from orwatch.present import formats
from orwatch.present.colours import HATCHES
from orwatch.tui.charts.canvas import Canvas, Dots
from orwatch.tui.charts.contenders import Chart, DrawnContender, frame
from orwatch.tui.charts.dates import month_row
from orwatch.tui.charts.shares import counted

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
    told = [(y, who, f"{axis.tilde}{formats.tokens_in(n, unit)}") for (y, who), n in zip(ends, values, strict=True)]
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
