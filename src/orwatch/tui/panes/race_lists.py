"""Lists beside the race: every flip, period by period, and who is not in the period that is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.strip import Strip

from orwatch.domain.leads import Kind
from orwatch.domain.periods import Grain, State
from orwatch.present import formats
from orwatch.tui.widgets.paint import Line

if TYPE_CHECKING:
    from orwatch.core.races import Lap
    from orwatch.tui.panes.race_reading import Reading

SHORT = {Grain.DAY: "d", Grain.WEEK: "wk", Grain.MONTH: "mo"}


def flips(reading: Reading, width: int, room: int) -> list[Strip]:
    """Every flip, newest first; the one that the cursor's leader came with is marked."""
    ink, grain = reading.ink, reading.lap.period.grain
    laps = [(n, lap) for n, lap in enumerate(reading.race.laps) if lap.number]
    count = formats.plural(len(laps), "flip")
    head = Line(ink, width).put(count, "text+").put(f" in {formats.plural(len(reading.race.laps), grain)}", "dim")
    if room < 3:
        return [head.strip()] if room >= 1 else []
    sides = " : ".join(reading.sides)
    if laps:
        head.right([(sides, "dim")], width - 7).right([("held", "dim")])
    out = [head.strip()]
    current = max((n for n, _ in laps if n <= reading.index), default=-1)
    rows = laps[::-1]
    at = next((k for k, (n, _) in enumerate(rows) if n == current), 0)
    top = max(0, min(at - (room - 1) // 2, len(rows) - (room - 1)))
    for n, lap in rows[top : top + room - 1]:
        flip = lap.flip
        assert flip is not None
        here = n == current
        kept = held(reading, n)
        line = Line(ink, width).right([(str(lap.number), "dim")], 3).put(" ")
        line.right([(_named(lap), "text")], 12 if grain is Grain.MONTH else 10).put(" → ", "dim")
        figures = " : ".join(reading.figure(flip.tokens.get(side)) for side in reading.sides)
        end = width - 8 - len(figures) if figures else width - len(kept) - 1
        line.pieces(reading.who(flip.after, 2 if figures and width < 50 else end - line.at))
        line.right([(figures, "text")], width - 7)
        line.right([(kept, "bright" if here else "text")])
        out.append(line.strip(ink.selected if here else None))
    return out


def laps(reading: Reading, width: int, room: int) -> list[Strip]:
    """Period by period around the cursor: who led with how much, of what total; of a head to head both sides and the ratio."""
    ink, laps, grain = reading.ink, reading.race.laps, reading.lap.period.grain
    versus = reading.race.subject.kind is Kind.VERSUS
    right = f"{' : '.join(reading.race.query.versus)}    ratio" if versus else "of all"
    out = [Line(ink, width).put(f"{grain.title()} by {grain}", "text+").right([(right, "dim")]).strip()]
    newest = max(0, min(len(laps) - 1, reading.index + (room - 1) // 2))
    rows = range(newest, max(-1, newest - room + 1), -1)
    for n in rows:
        lap = laps[n]
        line = Line(ink, width).right([(_named(lap), "text")], 8).put("  ")
        if lap.leader is None or lap.leader not in reading.by_id:
            line.right([("not known", "dim")])
        elif versus:
            a, b = (reading.by_id[side].contender.places[n].tokens or 0 for side in reading.race.query.versus)
            line.pieces(reading.who(lap.leader, 4))
            line.right([(f"{reading.figure(a)} : {reading.figure(b)}", "text")], width - 9)
            line.right([(formats.ratio(a / b) if a and b else formats.NO_DATA, "text")])
        else:
            place = reading.by_id[lap.leader].contender.places[n]
            line.pieces(reading.who(lap.leader, width - line.at - 15))
            line.right([(reading.figure(place.tokens), "text")], width - 7)
            line.right([(f"{formats.percent(place.share)}%", "dim")])
        out.append(line.strip(ink.selected if n == reading.index else None))
    return out


def absent(reading: Reading, width: int) -> list[Strip]:
    """Contenders without a rank in this period, with how long each led."""
    ink, grain = reading.ink, reading.lap.period.grain
    absent = [r for r in reading.field if r.shown and not r.contender.places[reading.index].rank]
    if not absent:
        return []
    out = [Line(ink, width).put("Not in this period", "text+").right([("led", "dim")]).strip()]
    for runner in absent:
        led = f"{runner.contender.led} {SHORT[grain]}" if runner.contender.led else formats.NOTHING
        line = Line(ink, width).to(3).pieces(runner.pieces(width - 3 - len(led) - 1, "dim"))
        out.append(line.right([(led, "dim")]).strip())
    return out


def held(reading: Reading, n: int) -> str:
    """How many complete periods the leader of a lap held on."""
    leader, length = reading.race.laps[n].leader, 0
    for lap in reading.race.laps[n:]:
        if lap.state is not State.COMPLETE or lap.leader != leader:
            break
        length += 1
    return f"{length} {SHORT[reading.lap.period.grain]}"


def _named(lap: Lap) -> str:
    """A period by its first day; a month by its name."""
    return formats.span(lap.period) if lap.period.grain is Grain.MONTH else formats.day(lap.period.start)
