"""Tokens by period, stacked: CN at the floor, the total on top."""

from __future__ import annotations

from textual.strip import Strip

from orwatch.core.snapshots import Snapshot
from orwatch.domain.shares import Stack
from orwatch.present import formats
from orwatch.tui.panes.axis import month_axis
from orwatch.tui.panes.base import Pane
from orwatch.tui.widgets.charts import Band, Canvas, layers
from orwatch.tui.widgets.paint import Line, Piece


def bands(stack: Stack, pane: Pane) -> list[Band]:
    """A period's layers, CN at the floor, US on it, then the others, unattributed, and what is outside."""
    if not stack.known:
        return [Band("other", stack.total)]
    order = sorted(stack.tokens, key=lambda key: ({"CN": 0, "US": 1}.get(key or "??", 2), key is None, key or ""))
    out: list[Band] = []
    for key in order:
        role = pane.ink.country(key)
        if out and out[-1].role == role:
            out[-1] = Band(role, out[-1].value + stack.tokens[key])
        else:
            out.append(Band(role, stack.tokens[key]))
    return [*out, Band("other", stack.outside)]


def history_chart(pane: Pane, snapshot: Snapshot, width: int, height: int) -> list[Strip]:
    """Tokens by period, stacked: names and last values at the newest column, months below, the first total above."""
    ink = pane.ink
    stacks = list(snapshot.history)
    if not stacks:
        return []
    side = 10
    room = width - side - 2
    running = pane.view.running
    gap = 1 if running else 0
    step = 2 if (room - gap) // 2 >= 25 or len(stacks) * 2 + gap <= room else 1
    if len(stacks) * 3 + gap <= room and len(stacks) <= 12:
        step = 3
    stacks = stacks[-((room - gap) // step) :]
    start = max(1, width - side - 1 - len(stacks) * step - gap)
    top = max((stack.total for stack in stacks if stack), default=1)
    rows = height - 1
    canvas = Canvas(ink, width, rows)
    if ink.hatch and rows >= 4:
        return hatched_bands(pane, snapshot, stacks, width, height)
    scale = rows * 8 / top
    for n, stack in enumerate(stacks):
        if stack is None:
            continue
        x = start + n * step + (gap if running and n == len(stacks) - 1 else 0)
        canvas.column(x, layers(bands(stack, pane), scale), size=2 if step == 3 else step)
    _caption(pane, snapshot, canvas, stacks, start, scale)
    _side_labels(pane, canvas, stacks[-1], width - side, scale)
    axis = month_axis([stack.period if stack else None for stack in stacks], width - side, step, start)
    lines = [Strip(canvas.row(y), width) for y in range(rows)]
    return [*lines, Line(ink, width).put(axis, "dim").strip()]


def _caption(
    pane: Pane, snapshot: Snapshot, canvas: Canvas, stacks: list[Stack | None], start: int, scale: float
) -> None:
    ink, grain = pane.ink, snapshot.period.grain
    unknown = any(stack is not None and not stack.known for stack in stacks)
    count = formats.plural(len(stacks), grain)
    captions: list[tuple[str, ...]] = [(f"Tokens by {grain}, {count}", count)]
    if unknown:
        captions.append((f"grey: split not known on {snapshot.lens.basis}", "grey: split not known", "grey: no split"))
    for n, texts in enumerate(captions):
        text = next((text for text in texts if n < canvas.height and canvas.empty(n, 1, 2 + len(text))), "")
        canvas.text(1, n, text, ink["dim"])
    first = stacks[0]
    if first is not None:
        text = formats.tokens(first.total)
        y = canvas.height - 1 - -(-round(first.total * scale) // 8)
        if y >= len(captions) and canvas.empty(y, start, start + len(text) + 1):
            canvas.text(start, y, text, ink["dim"])


def _side_labels(pane: Pane, canvas: Canvas, stack: Stack | None, x: int, scale: float) -> None:
    """The newest total, and each leading country at the height of its layer."""
    if stack is None:
        return
    ink = pane.ink
    unit, _ = formats.unit_of([stack.total])
    tilde = "~" if pane.view.running else ""
    wanted: list[tuple[float, Piece]] = [(stack.total, (f"{tilde}{formats.tokens(stack.total)}", "bright"))]
    if stack.known:
        cn, us = stack.tokens.get("CN", 0), stack.tokens.get("US", 0)
        if us:
            wanted.append((cn + us * 0.6, (f"US {formats.tokens_in(us, unit, 1)}", "us+")))
        if cn:
            wanted.append((cn * 0.5, (f"CN {formats.tokens_in(cn, unit, 1)}", "cn+")))
    last = canvas.height - 1
    rows: list[int] = []
    for value, _ in wanted:
        row = max(0, min(last, last - int(value * scale / 8)))
        rows.append(max(row, rows[-1] + 1) if rows else row)
    for n in range(len(rows) - 1, -1, -1):
        rows[n] = max(0, min(rows[n], last - (len(rows) - 1 - n)))
    for row, (_, (text, role)) in zip(rows, wanted, strict=True):
        canvas.text(x, row, text, ink[role])


def hatched_bands(pane: Pane, snapshot: Snapshot, stacks: list[Stack | None], width: int, height: int) -> list[Strip]:
    """Without colour a low stack comes apart into one band a country, all on one scale; from the first known split on."""
    ink = pane.ink
    while stacks and (stacks[0] is None or not stacks[0].known):
        stacks = stacks[1:]
    if not stacks:
        return [Line(ink, width).to(1).put(f"The split is not known on {snapshot.lens.basis}", "dim").strip()]
    step = max(1, min(3, (width - 12) // len(stacks)))
    start = width - 11 - len(stacks) * step
    newest = stacks[-1]
    unit, _ = formats.unit_of([newest.total if newest else 0])
    rows = height - 2
    keys: list[tuple[str, str]] = [("outside", "other"), ("US", "US"), ("CN", "CN")]
    peaks = {}
    for key, _ in keys:
        values = [
            (s.outside if key == "outside" else s.tokens.get(key, 0)) for s in stacks if s is not None and s.known
        ]
        peaks[key] = max(values, default=0)
    total = sum(peaks.values()) or 1
    heights = {key: max(1, round(rows * peaks[key] / total)) for key, _ in keys}
    heights["CN"] = max(1, rows - heights["outside"] - heights["US"])
    scale = min(heights[key] * 8 / peaks[key] for key, _ in keys if peaks[key]) if total > 1 else 1
    lines = [
        Line(ink, width)
        .to(1)
        .put(f"Tokens by {snapshot.period.grain}, {formats.plural(len(stacks), snapshot.period.grain)}", "dim")
        .strip()
    ]
    for key, label in keys:
        canvas = Canvas(ink, width, heights[key])
        for n, stack in enumerate(stacks):
            if stack is None or not stack.known:
                continue
            value = stack.outside if key == "outside" else stack.tokens.get(key, 0)
            eighths = max(1, round(value * scale)) if value else 0
            canvas.column(start + n * step, [("cn", eighths)], size=step)
        last = (newest.outside if key == "outside" else newest.tokens.get(key, 0)) if newest and newest.known else None
        text = f"{label} {formats.tokens_in(last, unit, 1)}"
        canvas.text(width - 10, heights[key] - 1, text, ink["dim" if key == "outside" else "bright"])
        lines += [Strip(canvas.row(y), width) for y in range(heights[key])]
    axis = month_axis([stack.period if stack else None for stack in stacks], width - 10, step, start)
    return [*lines[: height - 1], Line(ink, width).put(axis, "dim").strip()]
