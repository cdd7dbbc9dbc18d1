"""Countries, zoomed: shares over time from floor and ceiling, every flip, the ribbon of leaders, the log ratio, and the figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.style import Style
from textual.strip import Strip

from orwatch.core.snapshots import Duel, Snapshot
from orwatch.domain.records import Period
from orwatch.domain.shares import Stack
from orwatch.present import formats
from orwatch.present.sentences import BASIS_WORDS, OUTSIDE
from orwatch.tui.panes.axis import month_axis
from orwatch.tui.panes.leads import side_role
from orwatch.tui.panes.zoom_figures import figures_column
from orwatch.tui.themes import HATCHES, Ink
from orwatch.tui.widgets.charts import Band, Canvas, layers, log_height
from orwatch.tui.widgets.paint import Line, blank

if TYPE_CHECKING:
    from orwatch.tui.panes.base import Pane

CLIP = 16.0
"""Ratios beyond 16 : 1 are drawn as 16 : 1."""
LEFT, RIGHT_AXIS, SIDE = 7, 9, 37


def zoomed(pane: Pane, snapshot: Snapshot, width: int, height: int) -> list[Strip]:
    """The whole view. Left the charts, right the figures where there is room for them."""
    ink = pane.ink
    basis = f"basis {snapshot.lens.basis}, {BASIS_WORDS[snapshot.lens.basis]}"
    facts = [f"share of all tokens by {snapshot.period.grain}", basis, "" if pane.scene.age_s is None else _age(pane)]
    lines = [pane.title_line(width, facts, note="zoomed")] if pane.titled else []
    side = SIDE if width >= 112 else 0
    room = width - side - int(side > 0)
    body = _charts(pane, snapshot, room, height - len(lines))
    figures = figures_column(ink, snapshot, side, height - len(lines)) if side else []
    for n in range(height - len(lines)):
        left = body[n] if n < len(body) else blank(room)
        if side:
            right = figures[n] if n < len(figures) else blank(side)
            left = Strip.join([left, blank(1), right])
        lines.append(left)
    return lines


def _age(pane: Pane) -> str:
    from orwatch.tui.panes.base import age_text

    return age_text(pane.scene.age_s)


def _charts(pane: Pane, snapshot: Snapshot, width: int, height: int) -> list[Strip]:
    ink = pane.ink
    room = width - LEFT - RIGHT_AXIS
    stacks = list(snapshot.history)
    step = column_step(len(stacks), room)
    stacks = stacks[-(room // step) :]
    start = LEFT
    span = len(stacks) * step
    upper = max(6, (height - 7) * 2 // 3)
    lower = max(4, height - 8 - upper)
    lines = _shares(ink, snapshot, stacks, width, upper, start, step)
    a, b = snapshot.query.versus
    duels = {duel.period: duel for duel in snapshot.duels}
    lines += _ribbon(ink, snapshot, stacks, duels, width, start, step)
    axis = month_axis([stack.period if stack else None for stack in stacks], width, step, start, years=True)
    lines.append(Line(ink, width).put(axis, "dim").strip())
    lines.append(blank(width))
    lines.append(Line(ink, width).to(start).put(f"{a} : {b}, log scale", "dim").strip())
    lines += _ratios(ink, snapshot, stacks, duels, width, lower, start, step, span)
    return lines


def column_step(count: int, room: int) -> int:
    """Cells a column takes: wider where there are few, two where they fit or 25 periods do, else one."""
    if count * 3 <= room:
        return min(6, room // max(1, count))
    if count * 3 <= room * 1.15:
        return 3  # the few oldest periods go, so that the rest fills the width
    return 2 if count * 2 <= room or room // 2 >= 25 else 1


def _shares(
    ink: Ink, snapshot: Snapshot, stacks: list[Stack | None], width: int, height: int, start: int, step: int
) -> list[Strip]:
    """Side a from the floor, side b from the ceiling, the unnamed rest as a quiet middle, an axis for each."""
    a, b = snapshot.query.versus
    span = len(stacks) * step
    rows = height - 1
    canvas = Canvas(ink, width, rows, ink.palette.surface)
    quiet = Style(bgcolor=ink.palette.surface) if ink.palette.surface else Style()
    for y in range(rows):
        canvas.text(start, y, " " * span, quiet)
    for n, stack in enumerate(stacks):
        if stack is None or not stack.total:
            continue
        x = start + n * step
        if not stack.known:
            continue
        scale = rows * 8 / stack.total
        up = [Band(ink.country(a), stack.tokens.get(a, 0))]
        down = [Band(ink.country(b), stack.tokens.get(b, 0)), Band("unattributed", stack.tokens.get(None, 0))]
        rest = sum(value for key, value in stack.tokens.items() if key not in (a, b, None))
        up.append(Band("elsewhere", rest))
        canvas.column(x, layers(down, scale), size=step, down=True)
        canvas.column(x, layers(up, scale), size=step)
    lines = [
        Line(ink, width)
        .right([(f"{a} %", f"{ink.country(a)}+")], LEFT - 1)
        .right([(f"{b} %", f"{ink.country(b)}+")], start + span + 5)
        .strip()
    ]
    last = next((stack for stack in reversed(stacks) if stack is not None and stack.known), None)
    first = next((stack for stack in stacks if stack is not None and stack.known), None)
    if last is None:
        canvas.text(start + 2, rows // 2, f"The split is not known on {snapshot.lens.basis}", ink["text"])
    else:
        plain = Style(bold=True, reverse=True) if ink.hatch else None
        if last.tokens.get(a, 0) / last.total > 1.5 / rows:
            canvas.text(start + span - 4, rows - 2, a, plain or _on(ink, ink.country(a)))
        if first is not None and first.tokens.get(b, 0) / first.total > 1.5 / rows:
            at = start + 1 + step * stacks.index(first)
            canvas.text(at, 1 if rows > 5 else 0, b, plain or _on(ink, ink.country(b)))
        _label_middle(canvas, snapshot, ink, start, span, rows, quiet)
    ticks = {
        0: (100, 0),
        (rows - 1) // 4: (75, 25),
        (rows - 1) // 2: (50, 50),
        (rows - 1) * 3 // 4: (25, 75),
        rows - 1: (0, 100),
    }
    for y in range(rows):
        if y in ticks:
            up_text, down_text = (str(n) for n in ticks[y])
            canvas.text(LEFT - 1 - len(up_text), y, up_text, ink["dim"])
            canvas.text(start + span + 1, y, down_text, ink["dim"])
        lines.append(Strip(canvas.row(y), width))
    return lines


def _label_middle(canvas: Canvas, snapshot: Snapshot, ink: Ink, start: int, span: int, rows: int, quiet: Style) -> None:
    """Names the quiet middle, where it is wide enough."""
    text = OUTSIDE[snapshot.lens.basis]
    size = len(text) + 4
    for y in sorted(range(rows), key=lambda y: abs(y - rows // 2)):
        free = [x for x in range(start, start + span - size) if canvas.plain(y, x, x + size, quiet)]
        if free:
            canvas.text(free[len(free) // 2] + 2, y, text, ink["dim"])
            return


def _on(ink: Ink, role: str) -> Style:
    """Text on an area of a role."""
    colour = ink.area(role)
    return Style(color=ink.palette.background or "black", bgcolor=colour, bold=True)


def _ribbon(
    ink: Ink,
    snapshot: Snapshot,
    stacks: list[Stack | None],
    duels: dict[Period, Duel],
    width: int,
    start: int,
    step: int,
) -> list[Strip]:
    """The flips, numbered, and who led how long; a run cut by the window reads ≥."""
    flips = Canvas(ink, width, 1)
    ribbon = Canvas(ink, width, 1)
    flips.text(0, 0, "flips", ink["dim"])
    ribbon.text(0, 0, "lead", ink["dim"])
    runs: list[tuple[str | None, int, int, bool]] = []
    number = 0
    for n, stack in enumerate(stacks):
        duel = duels.get(stack.period) if stack else None
        leader = duel.leader if duel and duel.complete else None
        if duel and duel.flip and duel.complete:
            number += 1
            mark = f"◆{number}" if not ink.hatch else str(number)
            flips.text(start + n * step, 0, mark, ink[f"{side_role(ink, duel.leader or '')}+"])
        if runs and runs[-1][0] == leader:
            who, begin, length, cut = runs[-1]
            runs[-1] = (who, begin, length + 1, cut)
        else:
            runs.append((leader, n, 1, not runs))
    for who, begin, length, cut in runs:
        size = length * step
        if who is None:
            ribbon.text(start + begin * step, 0, "·" * size, ink["faint"])
            continue
        role = side_role(ink, who)
        style = ink.fill(role) if not ink.hatch else Style(bold=True)
        grain = snapshot.period.grain
        count = f"≥ {length}" if cut else str(length)
        texts = (
            f" {who} {count} {grain if length == 1 else grain + 's'}",
            f" {who} {count}",
            f"{who} {count}",
            who,
            "",
        )
        text = next(t for t in texts if len(t) <= size)
        if ink.hatch:
            text = text.strip() if len(text) == size else HATCHES[role] + text.strip()
        ribbon.text(start + begin * step, 0, text.ljust(size, HATCHES[role] if ink.hatch else " "), style)
    return [Strip(flips.row(0), width), Strip(ribbon.row(0), width)]


def _ratios(
    ink: Ink,
    snapshot: Snapshot,
    stacks: list[Stack | None],
    duels: dict[Period, Duel],
    width: int,
    height: int,
    start: int,
    step: int,
    span: int,
) -> list[Strip]:
    """The log ratio as columns up (the first side) and down (the second), clipped at 16 : 1."""
    a, b = snapshot.query.versus
    up = max(2, height // 2)
    down = max(2, height - up)
    above, below = Canvas(ink, width, up), Canvas(ink, width, down)
    without = Line(ink, width)
    lacking: list[tuple[int, str]] = []
    for n, stack in enumerate(stacks):
        duel = duels.get(stack.period) if stack else None
        if duel is None or not duel.known or not (duel.a or duel.b):
            continue
        x = start + n * step
        if not duel.a or not duel.b:
            lacking.append((x, a if not duel.a else b))
        ratio = CLIP if not duel.b else 1 / CLIP if not duel.a else duel.a / duel.b
        if ratio > 1:
            above.column(x, [("cn" if ink.hatch else side_role(ink, a), log_height(ratio, CLIP, up))], size=step)
        elif ratio < 1:
            below.column(
                x,
                [("cn" if ink.hatch else side_role(ink, b, other=True), log_height(1 / ratio, CLIP, down))],
                size=step,
                down=True,
            )
    newest = next((duels[stack.period] for stack in reversed(stacks) if stack and stack.period in duels), None)
    above.text(0, 0, f"{CLIP:.0f} : 1".rjust(LEFT - 1), ink["dim"])
    above.text(0, up // 2, "4 : 1".rjust(LEFT - 1), ink["dim"])
    below.text(0, down // 2, "1 : 4".rjust(LEFT - 1), ink["dim"])
    below.text(0, down - 1, f"1 : {CLIP:.0f}".rjust(LEFT - 1), ink["dim"])
    if newest and newest.known and newest.a and newest.b:
        ratio = newest.a / newest.b
        canvas = above if ratio >= 1 else below
        height_of = (log_height(ratio, CLIP, up) if ratio >= 1 else log_height(1 / ratio, CLIP, down)) // 16
        y = max(0, up - 1 - height_of) if ratio >= 1 else min(down - 1, height_of)
        leader = a if ratio >= 1 else b
        canvas.text(start + span + 1, y, formats.ratio(ratio), ink[f"{side_role(ink, leader)}+"])
    if lacking:
        x, who = lacking[0]
        without.to(x).put(f"↑ no {who} model on the basis", "dim")
    return [*(Strip(c.row(y), width) for c, rows in ((above, up), (below, down)) for y in range(rows)), without.strip()]
