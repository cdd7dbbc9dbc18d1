"""Parts of charts of a lead over time: the flips, the ribbon of leaders, shares from floor and ceiling, the log ratio."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from rich.style import Style
from textual.strip import Strip

from orwatch.domain.periods import Grain
from orwatch.domain.records import Basis
from orwatch.domain.shares import Stack
from orwatch.domain.views.versus import Duel
from orwatch.present import formats
from orwatch.present.palette import HATCHES
from orwatch.present.sentences import OUTSIDE
from orwatch.tui.panes.leads import side_role
from orwatch.tui.themes import Ink
from orwatch.tui.widgets.charts import Band, Canvas, layers, log_height
from orwatch.tui.widgets.paint import Line

CLIP = 16.0
"""Ratios beyond 16 : 1 are drawn as 16 : 1."""
LEFT = 7
"""Columns before a chart, for its axis."""

Slot = tuple[int, int]
"""The first cell of a period's column, and its width."""


def even_slots(count: int, start: int, step: int) -> list[Slot]:
    """Columns of one width."""
    return [(start + n * step, step) for n in range(count)]


def flips_row(ink: Ink, width: int, slots: Sequence[Slot], flips: Mapping[int, tuple[str, str]]) -> Strip:
    """The flips: by column the mark (`◆1`) and its role; a number that would run into the next flip is left out."""
    canvas = Canvas(ink, width, 1)
    canvas.text(0, 0, "flips", ink["dim"])
    columns = sorted(flips)
    for n, at in enumerate(columns):
        mark, role = flips[at]
        until = slots[columns[n + 1]][0] if n + 1 < len(columns) else width
        x = slots[at][0]
        canvas.text(x, 0, mark if x + len(mark) <= until else mark[:1], ink[role])
    return Strip(canvas.row(0), width)


def ribbon_row(
    ink: Ink,
    width: int,
    slots: Sequence[Slot],
    leaders: Sequence[str | None],
    role_of: Callable[[str], str],
    grain: Grain,
    names_of: Callable[[str], Sequence[str]] = lambda who: (who,),
) -> Strip:
    """Who led how long; None where nobody is known to have. A run cut by the window, or by what is not known, reads ≥.

    names_of: of a leader, longest first; the longest that fits is written. Neighbours of one colour are drawn in two shades.
    """
    canvas = Canvas(ink, width, 1)
    canvas.text(0, 0, "lead", ink["dim"])
    runs: list[tuple[str | None, int, int, bool]] = []
    for n, leader in enumerate(leaders):
        if runs and runs[-1][0] == leader:
            who, begin, length, cut = runs[-1]
            runs[-1] = (who, begin, length + 1, cut)
        else:
            runs.append((leader, n, 1, not runs or runs[-1][0] is None))
    before, faded = "", False
    for who, begin, length, cut in runs:
        x = slots[begin][0]
        last = slots[begin + length - 1]
        size = last[0] + last[1] - x
        if who is None:
            canvas.text(x, 0, "·" * size, ink["faint"])
            before = ""
            continue
        role = role_of(who)
        faded = role == before and not faded
        before = role
        text = _run_text(names_of(who), f"≥ {length}" if cut else str(length), length, size, grain)
        if ink.hatch:
            many = len(names_of(who)) > 1
            filler = "━" if many else HATCHES[role]
            if many:
                text = text.strip() + " " if len(text.strip()) < size else text.strip()
            else:
                text = text.strip() if len(text) == size else filler + text.strip()
            canvas.text(x, 0, text.ljust(size, filler), Style(bold=True))
        elif faded and ink.palette.ansi:
            canvas.text(x, 0, text.ljust(size, "▒"), ink[f"{role}+"])
        else:
            canvas.text(x, 0, text.ljust(size), _ground(ink, role, faded=faded))
    return Strip(canvas.row(0), width)


def _run_text(names: Sequence[str], count: str, length: int, size: int, grain: Grain) -> str:
    """The longest that fits: name, count and unit; then less of it. A mark without its name stands without a count."""
    unit = grain if length == 1 else f"{grain}s"
    texts = [text for name in names[:-1] for text in (f" {name} {count} {unit}", f" {name} {count}", f" {name}", name)]
    short = names[-1]
    last = [f" {short}", short]
    if len(names) == 1:
        last = [f" {short} {count} {unit}", f" {short} {count}", f"{short} {count}", short]
    return next(text for text in (*texts, *last, "") if len(text) <= size)


def _ground(ink: Ink, role: str, *, faded: bool) -> Style:
    if not faded:
        return ink.fill(role)
    return Style(color=ink.palette.bright, bgcolor=ink.area(role, faded=True), bold=True)


def on_area(ink: Ink, role: str) -> Style:
    """Text on an area of a role."""
    if ink.hatch:
        return Style(bold=True, reverse=True)
    return Style(color=ink.palette.background or "black", bgcolor=ink.area(role), bold=True)


def shares_canvas(
    ink: Ink,
    width: int,
    rows: int,
    versus: tuple[str, str],
    basis: Basis,
    stacks: Sequence[Stack | None],
    slots: Sequence[Slot],
) -> Canvas:
    """Side a from the floor, side b from the ceiling, the unnamed rest as a quiet middle, an axis for each."""
    a, b = versus
    roles = side_role(ink, a), side_role(ink, b, other=True)
    start, end = slots[0][0], slots[-1][0] + slots[-1][1]
    canvas = Canvas(ink, width, rows, ink.palette.surface)
    quiet = Style(bgcolor=ink.palette.surface) if ink.palette.surface else Style()
    for y in range(rows):
        canvas.text(start, y, " " * (end - start), quiet)
    for stack, (x, size) in zip(stacks, slots, strict=True):
        if stack is None or not stack.total or not stack.known:
            continue
        scale = rows * 8 / stack.total
        up = [Band(roles[0], stack.tokens.get(a, 0))]
        down = [Band(roles[1], stack.tokens.get(b, 0)), Band("unattributed", stack.tokens.get(None, 0))]
        up.append(Band("elsewhere", sum(value for key, value in stack.tokens.items() if key not in (a, b, None))))
        canvas.column(x, layers(down, scale), size=size, down=True)
        canvas.column(x, layers(up, scale), size=size)
    last = next((stack for stack in reversed(stacks) if stack is not None and stack.known), None)
    first = next((n for n, stack in enumerate(stacks) if stack is not None and stack.known), None)
    if last is None or first is None:
        canvas.text(start + 2, rows // 2, f"The split is not known on {basis}", ink["text"])
    else:
        oldest = stacks[first]
        if last.tokens.get(a, 0) / last.total > 1.5 / rows:
            canvas.text(end - 2 - len(a), rows - 2, a, on_area(ink, roles[0]))
        if oldest is not None and oldest.tokens.get(b, 0) / oldest.total > 1.5 / rows:
            canvas.text(slots[first][0] + 1, 1 if rows > 5 else 0, b, on_area(ink, roles[1]))
        label_middle(canvas, OUTSIDE[basis], start, end, rows, quiet)
    for y, (up_text, down_text) in share_ticks(rows).items():
        canvas.text(LEFT - 1 - len(up_text), y, up_text, ink["dim"])
        canvas.text(end + 1, y, down_text, ink["dim"])
    return canvas


def share_ticks(rows: int) -> dict[int, tuple[str, str]]:
    """Rows of a share chart that carry a figure: percent from the floor, and from the ceiling."""
    places = {0: 100, (rows - 1) // 4: 75, (rows - 1) // 2: 50, (rows - 1) * 3 // 4: 25, rows - 1: 0}
    return {y: (str(up), str(100 - up)) for y, up in places.items()}


def label_middle(canvas: Canvas, text: str, start: int, end: int, rows: int, quiet: Style) -> None:
    """Names the quiet middle, where it is wide enough."""
    size = len(text) + 4
    for y in sorted(range(rows), key=lambda y: abs(y - rows // 2)):
        free = [x for x in range(start, end - size) if canvas.plain(y, x, x + size, quiet)]
        if free:
            canvas.text(free[len(free) // 2] + 2, y, text, canvas.ink["dim"])
            return


def ratio_rows(
    ink: Ink, width: int, height: int, versus: tuple[str, str], duels: Sequence[Duel | None], slots: Sequence[Slot]
) -> list[Strip]:
    """The log ratio as columns up (the first side) and down (the second), clipped at 16 : 1; one row more than the height."""
    a, b = versus
    roles = ("cn", "cn") if ink.hatch else (side_role(ink, a), side_role(ink, b, other=True))
    up = max(2, height // 2)
    down = max(2, height - up)
    above, below = Canvas(ink, width, up), Canvas(ink, width, down)
    without = Line(ink, width)
    lacking: list[tuple[int, str]] = []
    newest: Duel | None = None
    for duel, (x, size) in zip(duels, slots, strict=True):
        newest = duel or newest
        if duel is None or not duel.known or not (duel.a or duel.b):
            continue
        if not duel.a or not duel.b:
            lacking.append((x, a if not duel.a else b))
        ratio = CLIP if not duel.b else 1 / CLIP if not duel.a else duel.a / duel.b
        if ratio > 1:
            above.column(x, [(roles[0], log_height(ratio, CLIP, up))], size=size)
        elif ratio < 1:
            below.column(x, [(roles[1], log_height(1 / ratio, CLIP, down))], size=size, down=True)
    above.text(0, 0, f"{CLIP:.0f} : 1".rjust(LEFT - 1), ink["dim"])
    above.text(0, up // 2, "4 : 1".rjust(LEFT - 1), ink["dim"])
    below.text(0, down // 2, "1 : 4".rjust(LEFT - 1), ink["dim"])
    below.text(0, down - 1, f"1 : {CLIP:.0f}".rjust(LEFT - 1), ink["dim"])
    if newest and newest.known and newest.a and newest.b:
        ratio = newest.a / newest.b
        canvas = above if ratio >= 1 else below
        height_of = (log_height(ratio, CLIP, up) if ratio >= 1 else log_height(1 / ratio, CLIP, down)) // 16
        y = max(0, up - 1 - height_of) if ratio >= 1 else min(down - 1, height_of)
        leader, other = (a, False) if ratio >= 1 else (b, True)
        end = slots[-1][0] + slots[-1][1]
        canvas.text(end + 1, y, formats.ratio(ratio), ink[f"{side_role(ink, leader, other)}+"])
    if lacking:
        x, who = lacking[0]
        without.to(x).put(f"↑ no {who} model on the basis", "dim")
    return [*(Strip(c.row(y), width) for c, rows in ((above, up), (below, down)) for y in range(rows)), without.strip()]
