"""Countries, zoomed: shares over time from floor and ceiling, every flip, the ribbon of leaders, the log ratio, and the figures."""

from __future__ import annotations

from collections.abc import Sequence

from textual.strip import Strip

from orwatch.core.snapshots import Duel, Snapshot
from orwatch.present.sentences import BASIS_WORDS
from orwatch.tui.panes.axis import month_axis
from orwatch.tui.panes.base import Pane, age_text
from orwatch.tui.panes.duels import LEFT, Slot, even_slots, flips_row, ratio_rows, ribbon_row, shares_canvas
from orwatch.tui.panes.leads import side_role
from orwatch.tui.panes.zoom_figures import figures_column
from orwatch.tui.themes import Ink
from orwatch.tui.widgets.paint import Line, blank

RIGHT_AXIS, SIDE = 9, 37


def zoomed_title(pane: Pane, snapshot: Snapshot, width: int) -> Strip:
    """The title of the view."""
    basis = f"basis {snapshot.lens.basis}, {BASIS_WORDS[snapshot.lens.basis]}"
    facts = [f"share of all tokens by {snapshot.period.grain}", basis, age_text(pane.view.age_s)]
    return pane.title_line(width, facts, note="zoomed")


def zoomed(ink: Ink, snapshot: Snapshot, width: int, height: int) -> list[Strip]:
    """All below the title. Left the charts, right the figures where there is room for them; no filter changes either."""
    side = SIDE if width >= 112 else 0
    room = width - side - int(side > 0)
    body = _charts(ink, snapshot, room, height)
    figures = figures_column(ink, snapshot, side, height) if side else []
    lines = []
    for n in range(height):
        left = body[n] if n < len(body) else blank(room)
        if side:
            right = figures[n] if n < len(figures) else blank(side)
            left = Strip.join([left, blank(1), right])
        lines.append(left)
    return lines


def _charts(ink: Ink, snapshot: Snapshot, width: int, height: int) -> list[Strip]:
    room = width - LEFT - RIGHT_AXIS
    stacks = list(snapshot.history)
    step = column_step(len(stacks), room)
    stacks = stacks[-(room // step) :]
    slots = even_slots(len(stacks), LEFT, step)
    upper = max(6, (height - 7) * 2 // 3)
    lower = max(4, height - 8 - upper)
    a, b = versus = snapshot.query.versus
    by_period = {duel.period: duel for duel in snapshot.duels}
    duels = [by_period.get(stack.period) if stack else None for stack in stacks]
    heads = Line(ink, width).right([(f"{a} %", f"{ink.country(a)}+")], LEFT - 1)
    lines = [heads.right([(f"{b} %", f"{ink.country(b)}+")], LEFT + len(stacks) * step + 5).strip()]
    canvas = shares_canvas(ink, width, upper - 1, versus, snapshot.lens.basis, stacks, slots)
    lines += [Strip(canvas.row(y), width) for y in range(upper - 1)]
    lines += _leads(ink, snapshot, duels, width, slots)
    axis = month_axis([stack.period if stack else None for stack in stacks], width, step, LEFT, years=True)
    lines.append(Line(ink, width).put(axis, "dim").strip())
    lines.append(blank(width))
    lines.append(Line(ink, width).to(LEFT).put(f"{a} : {b}, log scale", "dim").strip())
    lines += ratio_rows(ink, width, lower, versus, duels, slots)
    return lines


def _leads(
    ink: Ink, snapshot: Snapshot, duels: Sequence[Duel | None], width: int, slots: Sequence[Slot]
) -> list[Strip]:
    """The flips, numbered, and the ribbon of leaders."""
    flips: dict[int, tuple[str, str]] = {}
    for n, duel in enumerate(duels):
        if duel is not None and duel.flip and duel.complete:
            number = len(flips) + 1
            role = side_role(ink, duel.leader or "")
            flips[n] = (str(number) if ink.hatch else f"◆{number}", f"{role}+")
    leaders = [duel.leader if duel is not None and duel.complete else None for duel in duels]
    return [
        flips_row(ink, width, slots, flips),
        ribbon_row(ink, width, slots, leaders, lambda who: side_role(ink, who), snapshot.period.grain),
    ]


def column_step(count: int, room: int) -> int:
    """Cells a column takes: wider where there are few, two where they fit or 25 periods do, else one."""
    if count * 3 <= room:
        return min(6, room // max(1, count))
    if count * 3 <= room * 1.15:
        return 3  # the few oldest periods go, so that the rest fills the width
    return 2 if count * 2 <= room or room // 2 >= 25 else 1
