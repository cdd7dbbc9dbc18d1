"""Tokens by period, stacked by country: CN at the floor, the total on top."""

from __future__ import annotations

from collections.abc import Sequence

from textual.strip import Strip

from orwatch.domain.periods import State
from orwatch.domain.shares import Stack
from orwatch.domain.views.overview import Snapshot
from orwatch.present import formats
from orwatch.tui.charts.canvas import Band, Canvas, layers
from orwatch.tui.charts.contenders import spread_rows
from orwatch.tui.charts.dates import Slot, even_slots, month_row
from orwatch.tui.themes import Ink
from orwatch.tui.widgets.paint import Line, Piece

SIDE = 10
"""Cells for the labels right of the newest column."""


def stacks(ink: Ink, snapshot: Snapshot, width: int, height: int) -> list[Strip]:
    """Names and last values at the newest column, months below, the first total above."""
    shown = list(snapshot.history)
    if not shown:
        return []
    running = snapshot.state is State.RUNNING
    room = width - SIDE - 2 - running
    step = 2 if room // 2 >= 25 or len(shown) * 2 <= room else 1
    step = 3 if len(shown) * 3 <= room and len(shown) <= 12 else step
    shown = shown[-(room // step) :]
    if ink.hatch and height >= 5:
        return _apart(ink, snapshot, shown, width, height)
    slots = even_slots(len(shown), max(1, width - SIDE - 1 - len(shown) * step - running), step)
    canvas = Canvas(ink, width, height - 1)
    scale = canvas.height * 8 / max((stack.total for stack in shown if stack), default=1)
    for n, (stack, (x, _)) in enumerate(zip(shown, slots, strict=True)):
        if stack is not None:
            apart = running and n == len(shown) - 1
            canvas.column(x + apart, layers(_bands(ink, stack), scale), size=min(step, 2))
    _caption(canvas, snapshot, shown, slots[0][0], scale)
    _last_values(canvas, snapshot, shown[-1], width - SIDE, scale)
    return [*canvas.strips(), _months(ink, width, width - SIDE, shown, slots)]


def _months(ink: Ink, width: int, end: int, shown: Sequence[Stack | None], slots: Sequence[Slot]) -> Strip:
    periods = [stack.period if stack else None for stack in shown]
    return month_row(ink, end, periods, slots).adjust_cell_length(width)


def _bands(ink: Ink, stack: Stack) -> list[Band]:
    """A period's layers, CN at the floor, US on it, then the others, unattributed, and what is outside."""
    if not stack.known:
        return [("other", stack.total)]
    order = sorted(stack.tokens, key=lambda key: ({"CN": 0, "US": 1}.get(key or "??", 2), key is None, key or ""))
    return [*((ink.country(key), stack.tokens[key]) for key in order), ("other", stack.outside)]


def _heading(snapshot: Snapshot, shown: Sequence[Stack | None]) -> str:
    grain = snapshot.period.grain
    return f"Tokens by {grain}, {formats.plural(len(shown), grain)}"


def _caption(canvas: Canvas, snapshot: Snapshot, shown: Sequence[Stack | None], start: int, scale: float) -> None:
    """What is drawn, that grey columns have no split, and the first total over its column."""
    ink = canvas.ink
    captions: list[tuple[str, ...]] = [(_heading(snapshot, shown), formats.plural(len(shown), snapshot.period.grain))]
    if any(stack is not None and not stack.known for stack in shown):
        grey = "grey: split not known"
        captions.append((f"{grey} on {snapshot.lens.basis}", grey, "grey: no split"))
    for n, texts in enumerate(captions):
        text = next((text for text in texts if n < canvas.height and canvas.empty(n, 1, 2 + len(text))), "")
        canvas.text(1, n, text, ink["dim"])
    first = shown[0]
    if first is not None:
        text = formats.tokens(first.total)
        y = canvas.height - 1 - -(-round(first.total * scale) // 8)
        if y >= len(captions) and canvas.empty(y, start, start + len(text) + 1):
            canvas.text(start, y, text, ink["dim"])


def _last_values(canvas: Canvas, snapshot: Snapshot, stack: Stack | None, x: int, scale: float) -> None:
    """The newest total, and each leading country at the height of its layer."""
    if stack is None:
        return
    unit, _ = formats.unit_of([stack.total])
    tilde = "~" if snapshot.state is State.RUNNING else ""
    wanted: list[tuple[float, Piece]] = [(stack.total, (f"{tilde}{formats.tokens(stack.total)}", "bright"))]
    cn, us = (stack.tokens.get(code, 0) if stack.known else 0 for code in ("CN", "US"))
    if us:
        wanted.append((cn + us * 0.6, (f"US {formats.tokens_in(us, unit, 1)}", "us+")))
    if cn:
        wanted.append((cn * 0.5, (f"CN {formats.tokens_in(cn, unit, 1)}", "cn+")))
    last = canvas.height - 1
    rows = spread_rows([max(0, last - int(value * scale / 8)) for value, _ in wanted], canvas.height)
    for row, (_, (text, role)) in zip(rows, wanted, strict=True):
        canvas.text(x, max(0, row), text, canvas.ink[role])


def _apart(ink: Ink, snapshot: Snapshot, shown: list[Stack | None], width: int, height: int) -> list[Strip]:
    """Without colour a low stack comes apart into one band a country, all on one scale; from the first known split on."""
    while shown and (shown[0] is None or not shown[0].known):
        shown = shown[1:]
    if not shown:
        return [Line(ink, width).to(1).put(f"The split is not known on {snapshot.lens.basis}", "dim").strip()]
    step = max(1, min(3, (width - SIDE - 2) // len(shown)))
    slots = even_slots(len(shown), width - SIDE - 1 - len(shown) * step, step)
    newest = shown[-1]
    unit, _ = formats.unit_of([newest.total if newest else 0])
    labels = ("outside", "US", "CN")
    values = {
        label: [
            None
            if stack is None or not stack.known
            else stack.outside
            if label == "outside"
            else stack.tokens.get(label, 0)
            for stack in shown
        ]
        for label in labels
    }
    rows = height - 2
    peaks = {label: max((n for n in values[label] if n is not None), default=0) for label in labels}
    total = sum(peaks.values()) or 1
    heights = {label: max(1, round(rows * peaks[label] / total)) for label in labels}
    heights["CN"] = max(1, rows - heights["outside"] - heights["US"])
    scale = min(heights[label] * 8 / peaks[label] for label in labels if peaks[label]) if total > 1 else 1
    lines = [Line(ink, width).to(1).put(_heading(snapshot, shown), "dim").strip()]
    for label in labels:
        canvas = Canvas(ink, width, heights[label])
        for value, (x, _) in zip(values[label], slots, strict=True):
            if value:
                canvas.column(x, [("cn", max(1, round(value * scale)))], size=step)
        name = "other" if label == "outside" else label
        text = f"{name} {formats.tokens_in(values[label][-1], unit, 1)}"
        canvas.text(width - SIDE, canvas.height - 1, text, ink["dim" if label == "outside" else "bright"])
        lines += canvas.strips()
    return [*lines[: height - 1], _months(ink, width, width - SIDE, shown, slots)]
