"""The race as areas: shares of all tokens stacked from floor and ceiling, and ribbons that say who held which rank."""

from __future__ import annotations

from collections.abc import Sequence

from rich.style import Style

from orwatch.core.races import Place, Race
from orwatch.domain.leads import Kind
from orwatch.domain.periods import State
from orwatch.present import formats
from orwatch.present.palette import HATCHES
from orwatch.present.sentences import OUTSIDE
from orwatch.tui.panes.duels import label_middle, share_ticks
from orwatch.tui.panes.race_lines import put_labels
from orwatch.tui.panes.runners import Runner, Track
from orwatch.tui.themes import Ink
from orwatch.tui.widgets.charts import Canvas, Layer
from orwatch.tui.widgets.dots import Dots

RANKS = 10
"""The most ranks that are drawn."""


def area_style(ink: Ink, runner: Runner) -> Style:
    """Text on a contender's area, in either of its shades."""
    if ink.hatch:
        return Style(bold=True)
    if runner.shade and not ink.palette.ansi:
        return Style(color=ink.palette.bright, bgcolor=ink.area(runner.role, faded=True), bold=True)
    return Style(color=ink.palette.background or "black", bgcolor=ink.area(runner.role), bold=True)


def counted(race: Race, runner: Runner, place: Place) -> int:
    """Tokens of a contender that are on the basis and shown."""
    if not runner.shown or not place.tokens:
        return 0
    if race.subject.kind is Kind.MODEL and (place.rank or 0) > race.query.lens.basis.size:
        return 0
    return place.tokens


def shares_canvas(
    ink: Ink, width: int, height: int, track: Track, race: Race, field: Sequence[Runner], cursor: int, left: int
) -> Canvas:
    """CN from the floor and other countries on it, US from the ceiling, in two shades by turns; all the rest between them."""
    canvas = Canvas(ink, width, height, ink.palette.surface)
    quiet = Style(bgcolor=ink.palette.surface) if ink.palette.surface else Style()
    owner: list[list[Runner | None]] = [[None] * width for _ in range(height)]
    order = sorted(field, key=lambda runner: {"cn": 0, "us": 0}.get(runner.role, 1))
    ends: list[tuple[float, Runner, Place]] = []
    for n, lap in enumerate(track.laps):
        x, size = track.slots[n]
        if not lap.known or not lap.total:
            for y in range(height):
                canvas.text(x, y, "·" * size, ink["faint"])
            continue
        for y in range(height):
            canvas.text(x, y, " " * size, quiet)
        places = {runner.mark: runner.contender.places[track.first + n] for runner in order}
        for down in (True, False):
            stack = [
                (runner, tokens)
                for runner in order
                if (runner.role in ("us", "unattributed")) is down
                and (tokens := counted(race, runner, places[runner.mark]))
            ]
            nameless = (lap.unattributed or 0) if down and race.subject.kind is Kind.COUNTRY else 0
            _column(canvas, owner, x, size, stack, height * 8 / lap.total, down=down, nameless=nameless)
            reached = 0.0
            for runner, tokens in stack if n == len(track.laps) - 1 else ():
                middle = (reached + tokens / 2) / lap.total * height
                ends.append((middle if down else height - middle, runner, places[runner.mark]))
                reached += tokens
    _names(canvas, owner, ink, track, height)
    rest = OUTSIDE[race.query.lens.basis] if race.subject.kind is Kind.COUNTRY else f"all other {race.subject.kind}s"
    label_middle(canvas, rest, track.start, track.end, height, quiet)
    if cursor < len(track.laps) - 1:
        canvas.rule(track.cell(cursor))
    for y, (text, _) in share_ticks(height).items():
        canvas.text(left - 1 - len(text), y, text, ink["dim"])
    ends.sort(key=lambda end: end[0])
    tilde = "~" if track.laps[-1].state is State.RUNNING else ""
    texts = [(runner, f"{tilde}{formats.percent(place.share)}") for _, runner, place in ends]
    put_labels(canvas, ink, track.end + 1, [int(at) for at, _, _ in ends], texts)
    return canvas


def _column(
    canvas: Canvas,
    owner: list[list[Runner | None]],
    x: int,
    size: int,
    stack: Sequence[tuple[Runner, int]],
    scale: float,
    *,
    down: bool,
    nameless: int = 0,
) -> None:
    """One column of a stack, and who owns its whole cells. Where shades cannot be had, areas are made of characters.

    nameless: tokens of unattributed rows, on the end of the stack.
    """
    ink, height = canvas.ink, canvas.height
    edges: list[tuple[Runner, int, int]] = []
    total, reached = 0.0, 0
    for runner, tokens in stack:
        total += tokens
        top = round(total * scale)
        edges.append((runner, reached, top))
        reached = top
    spans: list[Layer] = [(r.role + ("-" if r.shade else ""), end - begin) for r, begin, end in edges if end > begin]
    if nameless:
        spans.append(("unattributed", max(0, round((total + nameless) * scale) - reached)))
    if nameless or not ink.palette.ansi:
        canvas.column(x, spans, size=size, down=down)
    most: dict[int, tuple[int, Runner]] = {}
    for runner, begin, end in edges:
        for n in range(begin // 8, -(-end // 8)):
            part = min(end, 8 * n + 8) - max(begin, 8 * n)
            if part > most.get(n, (0,))[0]:
                most[n] = (part, runner)
    for n, (part, who) in most.items():
        y = n if down else height - 1 - n
        if part < (4 if ink.palette.ansi else 8) or not 0 <= y < height:
            continue
        if ink.palette.ansi:
            canvas.text(x, y, _character(ink, who) * size, _dense(ink, who))
        for at in range(x, x + size):
            owner[y][at] = who


def _character(ink: Ink, runner: Runner) -> str:
    if ink.hatch:
        return runner.mark if len(runner.mark) == 1 else HATCHES[runner.role]
    return "▒" if runner.shade else "█"


def _dense(ink: Ink, runner: Runner) -> Style:
    return Style(dim=runner.past) if ink.hatch else ink[runner.role]


def _names(canvas: Canvas, owner: list[list[Runner | None]], ink: Ink, track: Track, height: int) -> None:
    """Every area carries its mark, and its name where that fits, at its widest place."""
    widest: dict[str, tuple[int, int, int, Runner]] = {}
    for y in range(height):
        x = track.start
        while x < track.end:
            who, begin = owner[y][x], x
            while x < track.end and owner[y][x] is who:
                x += 1
            if who is not None and x - begin > widest.get(who.mark, (0,))[0]:
                widest[who.mark] = (x - begin, begin, y, who)
    for size, x, y, who in widest.values():
        code = who.mark == who.contender.id
        name = "" if code else who.name(min(18, size - 4))
        text = f"{who.mark} {name}".rstrip() if size >= 8 else who.mark
        if size >= len(text) + 2:
            style = Style(bold=True, reverse=True) if ink.hatch else area_style(ink, who)
            canvas.text(x + (size - len(text)) // 2, y, text, style)


def ranks_canvas(
    ink: Ink, width: int, height: int, track: Track, race: Race, field: Sequence[Runner], cursor: int, left: int
) -> Canvas:
    """A ribbon a rank: who held it how long. Others than the contenders are left blank."""
    canvas = Canvas(ink, width, height)
    held: dict[tuple[int, int], Runner] = {}
    for runner in field:
        for n, place in enumerate(runner.contender.places[track.first : track.first + len(track.laps)]):
            if runner.shown and place.rank and counted(race, runner, place):
                held[place.rank, n] = runner
    count = min(RANKS, race.query.lens.basis.size, height, max((rank for rank, _ in held), default=1))
    pitch = min(5.0, (height - 1) / max(1, count - 1))
    pitch = pitch if pitch >= 3 else float(int(pitch))
    row_of = [round(rank * pitch) for rank in range(count)]
    for rank in range(1, count + 1):
        y = row_of[rank - 1]
        canvas.text(left - 1 - len(str(rank)), y, str(rank), ink["dim"])
        n = 0
        while n < len(track.laps):
            who, begin = held.get((rank, n)), n
            while n < len(track.laps) and held.get((rank, n)) is who:
                n += 1
            x, end = track.slots[begin][0], sum(track.slots[n - 1])
            if who is not None:
                _ribbon(canvas, ink, who, x, y, end - x)
                continue
            for k in range(begin, n):
                at, size = track.slots[k]
                known = track.laps[k].known
                canvas.text(at, y, ("─" if known else "·") * size, ink["rule" if known else "faint"])
    if pitch >= 2:
        dots = Dots(width, height)
        for (rank, n), who in held.items():
            then = who.contender.places[track.first + n - 1].rank if track.joined(n) else None
            if then and then != rank and held.get((then, n - 1)) is who and max(rank, then) <= count:
                before, here = row_of[then - 1], row_of[rank - 1]
                _climb(dots, ink, who, (track.dot(n - 1), before), (track.dot(n), here))
        dots.paint(canvas)
    if cursor < len(track.laps) - 1:
        canvas.rule(track.cell(cursor))
    last = len(track.laps) - 1
    ends = [(rank, held[rank, last]) for rank in range(1, count + 1) if (rank, last) in held]
    values = [runner.contender.places[track.first + last].tokens or 0 for _, runner in ends]
    unit, _ = formats.unit_of(values)
    tilde = "~" if track.laps[-1].state is State.RUNNING else ""
    texts = [
        (runner, f"{tilde}{formats.tokens_in(value, unit)}") for (_, runner), value in zip(ends, values, strict=True)
    ]
    put_labels(canvas, ink, track.end + 1, [row_of[rank - 1] for rank, _ in ends], texts)
    return canvas


def _climb(dots: Dots, ink: Ink, who: Runner, start: tuple[int, int], end: tuple[int, int]) -> None:
    """A contender's way from one row of ribbons to another, behind those that it passes."""
    (x, y), (x1, y1) = start, end
    near, far = (4, -1) if y1 > y else (-1, 4)
    dots.line((x, 4 * y + near), (x1, 4 * y1 + far), Style() if ink.hatch else ink[who.role])


def _ribbon(canvas: Canvas, ink: Ink, who: Runner, x: int, y: int, size: int) -> None:
    name = who.name(size - 3)
    text = who.mark if size < 8 or not name else f" {who.mark} {name}"
    style, filler = area_style(ink, who), " "
    if ink.hatch:
        text, filler = f"{text.strip()} ", "━"
    elif ink.palette.ansi and who.shade:
        style, filler = ink[f"{who.role}+"], "▒"
    canvas.text(x, y, text[:size].ljust(size, filler), style)
