"""Who led over time: the flips over their columns, and a ribbon of leaders with the length of each run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

from msgspec.structs import replace
from rich.style import Style
from textual.strip import Strip

from orwatch.domain.periods import Grain, State
from orwatch.domain.series import SeriesPeriod
from orwatch.present import formats
from orwatch.present.colours import HATCHES
from orwatch.tui.charts.canvas import Canvas
from orwatch.tui.charts.contenders import DrawnContender
from orwatch.tui.charts.dates import Axis, month_row
from orwatch.tui.themes import Ink


def leaders(
    ink: Ink, width: int, axis: Axis, drawn: Mapping[str, DrawnContender], *, plain: bool = False
) -> list[Strip]:
    """Flips, ribbon and months, a row each. drawn: the contenders by id. plain: confirmed flips alone, without
    colour by their numbers."""
    return [
        _flips(ink, width, axis, drawn, plain=plain),
        _ribbon(ink, width, axis, drawn),
        month_row(ink, width, [each.period for each in axis.periods], axis.slots, years=True),
    ]


def _flips(ink: Ink, width: int, axis: Axis, drawn: Mapping[str, DrawnContender], *, plain: bool) -> Strip:
    """Marks (`◆1`, on course `◇`) over the first column of the new leader; a number that would run into the next is left out."""
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
        who = drawn.get(flip.after)
        canvas.text(x, 0, mark if x + len(mark) <= until else mark[:1], ink[f"{who.role}+" if who else "accent"])
    return Strip(canvas.row(0), width)


def _runs(periods: Sequence[SeriesPeriod]) -> list[tuple[str | None, int, int]]:
    """Leader, place of the first period and length of each run; None where nobody is known to have led."""
    led = [(each.leader if each.state is State.COMPLETE else None, n) for n, each in enumerate(periods)]
    runs = [(leader, [n for _, n in run]) for leader, run in groupby(led, key=lambda item: item[0])]
    return [(leader, run[0], len(run)) for leader, run in runs]


def _ribbon(ink: Ink, width: int, axis: Axis, drawn: Mapping[str, DrawnContender]) -> Strip:
    """Who led how long; `*` where days are lacking. A run cut by the window, or by what is not known, reads ≥.

    Neighbours of one colour have two shades.
    """
    canvas = Canvas(ink, width, 1)
    canvas.text(0, 0, "lead", ink["dim"])
    role, faded, unknown = "", False, True
    for leader, begin, length in _runs(axis.periods):
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
