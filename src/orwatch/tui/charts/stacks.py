"""Tokens by period, stacked by country: CN at the floor, the total on top."""

from __future__ import annotations

from collections.abc import Sequence

from textual.strip import Strip

from orwatch.domain.periods import State
from orwatch.domain.query import Query
from orwatch.domain.series import Stack
from orwatch.present import formats
from orwatch.present.table import Piece
from orwatch.tui.charts.canvas import Band, Canvas, Slot, even_slots, layers, month_row, spread_rows
from orwatch.tui.themes import Ink
from orwatch.tui.widgets.paint import Line

SIDE = 8
"""Cells for the labels right of the newest column, and the blank before them."""

YEAR = 52
"""Periods that are worth more than the width of their columns."""


def stacks(ink: Ink, query: Query, countries: Sequence[Stack], width: int, height: int) -> list[Strip]:
    """Names and last values at the newest column, months below, the first total above."""
    if ink.hatch and height >= 5:
        return _apart(ink, query, countries, width, height)
    slots = _slots(countries, width)
    drawn = countries[-len(slots) :]
    canvas = Canvas(ink, width, height - 1)
    scale = canvas.height * 8 / max(stack.total or 1 for stack in drawn)
    for stack, (x, size) in zip(drawn, slots, strict=True):
        x += stack.state is State.RUNNING
        canvas.column(x, layers(_bands(ink, stack), scale), size=min(size, 2))
        if stack.partial:  # it lacks days
            canvas.text(x, max(0, _above(canvas, stack.total or 0, scale)), "*", ink["accent"])
    _caption(canvas, query, drawn, slots[0][0], scale)
    _last_values(canvas, drawn[-1], scale)
    return [*canvas.strips(), _months(ink, drawn, slots, width)]


def _above(canvas: Canvas, total: int, scale: float) -> int:
    """The row above a column."""
    return canvas.height - 1 - -(-round(total * scale) // 8)


def _slots(countries: Sequence[Stack], width: int) -> list[Slot]:
    """Columns of one, two or three cells for the newest periods; beside a running one there is a gap."""
    count, running = len(countries), countries[-1].state is State.RUNNING
    room = width - SIDE - 1 - running
    step = 2 if count * 2 <= room or (room // 2 >= 25 and room + running < YEAR) else 1
    step = 3 if count * 3 <= room and count <= 12 else step
    shown = min(count, room // step)
    return even_slots(shown, max(1, width - SIDE - shown * step - running), step)


def _months(ink: Ink, drawn: Sequence[Stack], slots: Sequence[Slot], width: int) -> Strip:
    periods = [stack.period for stack in drawn]
    return month_row(ink, width - SIDE + 3, periods, slots).adjust_cell_length(width)


def _bands(ink: Ink, stack: Stack) -> list[Band]:
    """A period's layers, CN at the floor, US on it, then the others, unattributed, and what is outside.

    Faded, of the nine largest, where the split on the basis is not known; faded too where days are lacking.
    """
    if stack.nine and _unfaded(ink):
        return [("other", stack.total or 0)]
    fade = "-" if stack.nine or (stack.partial and not _unfaded(ink)) else ""
    order = sorted(stack.tokens, key=lambda code: ({"CN": 0, "US": 1, None: 3}.get(code, 2), code or ""))
    return [*((ink.country(code) + fade, stack.tokens[code]) for code in order), ("other", stack.outside)]


def _unfaded(ink: Ink) -> bool:
    """Whether areas cannot be faded: in a terminal's own colours."""
    return ink.palette.ansi and not ink.hatch


def _heading(query: Query, count: int) -> str:
    return f"Tokens by {formats.noun(query.grain)}, {formats.plural(count, query.grain)}"


def _caption(canvas: Canvas, query: Query, drawn: Sequence[Stack], start: int, scale: float) -> None:
    """What is drawn, that grey columns have no split, and the first total over its column."""
    ink = canvas.ink
    short = formats.plural(len(drawn), query.grain)
    captions: list[tuple[str, ...]] = [(_heading(query, len(drawn)), short)]
    unknown = [stack for stack in drawn if stack.total is not None and not stack.known]
    if any(stack.nine for stack in unknown) and not _unfaded(ink):
        captions.append(("faded: the nine largest only", "faded: nine only"))
    elif unknown:
        grey = "grey: split not known"
        captions.append((f"{grey} on {query.lens.basis}", grey, "grey: no split"))
    if any(stack.partial for stack in drawn):
        captions.append(("* partial: days are lacking", "* partial"))
    for n, texts in enumerate(captions):
        text = next((text for text in texts if n < canvas.height and canvas.empty(n, 1, 2 + len(text))), "")
        canvas.text(1, n, text, ink["dim"])
    first = drawn[0].total
    if first is not None:
        text, y = formats.tokens(first), _above(canvas, first, scale)
        if y >= len(captions) and canvas.empty(y, start, start + len(text) + 1):
            canvas.text(start, y, text, ink["dim"])


def _last_values(canvas: Canvas, newest: Stack, scale: float) -> None:
    """The newest total, and each leading country at the height of its layer."""
    total = newest.total or 0
    unit, _ = formats.unit_of([total])
    tilde = "~" if newest.state is State.RUNNING else ""
    wanted: list[tuple[float, Piece]] = [(total, (f"{tilde}{formats.tokens(total)}", "bright"))]
    cn, us = (newest.tokens.get(code, 0) for code in ("CN", "US"))
    if us:
        wanted.append((cn + us * 0.6, (f"US {formats.tokens_in(us, unit, 1)}", "us+")))
    if cn:
        wanted.append((cn * 0.5, (f"CN {formats.tokens_in(cn, unit, 1)}", "cn+")))
    last = canvas.height - 1
    x = canvas.width - max(SIDE - 1, *(len(text) for _, (text, _) in wanted))
    rows = spread_rows([max(0, last - int(value * scale / 8)) for value, _ in wanted], canvas.height)
    for row, (_, (text, role)) in zip(rows, wanted, strict=True):
        canvas.text(x, max(0, row), text, canvas.ink[role])


def _apart(ink: Ink, query: Query, countries: Sequence[Stack], width: int, height: int) -> list[Strip]:
    """Without colour a low stack comes apart into one band a country, all on one scale; from the first known split on.

    Dim, of the nine largest, where the split on the basis is not known.
    """
    drawn = countries[-len(_slots(countries, width)) :]
    first = next((n for n, stack in enumerate(drawn) if stack.tokens), None)
    if first is None:
        text = f"The split is not known on {query.lens.basis}"
        return [Line(ink, width).to(1).put(text, "dim").strip()]
    running = drawn[-1].state is State.RUNNING
    side = SIDE + 3 + running  # "other" is longer than a code, and `~` stands before what still grows
    room = width - side - 1 - running  # beside a running one there is a gap
    drawn = drawn[first:][-room:]
    step = max(1, min(3, room // len(drawn)))
    slots = even_slots(len(drawn), max(1, width - side - running - len(drawn) * step), step)
    unit, _ = formats.unit_of([drawn[-1].total or 0])
    values: dict[str, list[int | None]] = {
        "other": [stack.outside if stack.tokens else None for stack in drawn],
        **{code: [stack.tokens.get(code, 0) if stack.tokens else None for stack in drawn] for code in ("US", "CN")},
    }
    rows = height - 2
    peaks = {label: max((n for n in values[label] if n is not None), default=0) for label in values}
    total = sum(peaks.values()) or 1
    heights = {label: max(1, round(rows * peaks[label] / total)) for label in values}
    heights["CN"] = max(1, rows - heights["other"] - heights["US"])
    scale = min(heights[label] * 8 / peaks[label] for label in values if peaks[label]) if total > 1 else 1
    heading, short = _heading(query, len(drawn)), formats.plural(len(drawn), query.grain)
    notes = ["dim: the nine largest only"] if any(stack.nine for stack in drawn) else []
    notes += ["* partial"] if any(stack.partial for stack in drawn) else []
    for note in notes:
        heading = next((words for words in (f"{heading}, {note}", f"{short}, {note}") if len(words) < width), heading)
    canvas, base = Canvas(ink, width, sum(heights.values())), 0
    for label, each in values.items():
        base += heights[label]
        for stack, value, (x, _) in zip(drawn, each, slots, strict=True):
            if value:
                role = "cn-" if stack.partial or not stack.known else "cn"
                x += stack.state is State.RUNNING
                canvas.column(x, [(role, max(1, round(value * scale)))], size=step, base=base)
        text = f"{label} {'~' if running else ''}{formats.tokens_in(each[-1], unit, 1)}"
        canvas.text(width - side + 1, base - 1, text, ink["dim" if label == "other" else "bright"])
    lines = [Line(ink, width).to(1).put(heading, "dim").strip(), *canvas.strips()]
    return [*lines[: height - 1], _months(ink, drawn, slots, width)]
