"""Contenders as they are drawn: a mark that tells them apart without colour, a role, a label; and the columns of their periods."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from orwatch.core.races import Contender, Lap, Race
from orwatch.domain.filters import Filter
from orwatch.domain.leads import Kind, is_country_pair
from orwatch.domain.periods import State
from orwatch.present import formats
from orwatch.tui.panes.duels import Slot
from orwatch.tui.panes.leads import side_role
from orwatch.tui.themes import Ink
from orwatch.tui.widgets.paint import Piece

MARKS = "123456789abcdefghjkmnpqrstuvwxyz"
"""Marks in the order of the contenders, without letters that are taken for a figure."""
WIDEST = 12
"""Cells that a period takes at most, where there are few."""


class Runner(Struct, frozen=True):
    """A contender with its mark and role. past: not of the newest period. shade: 1 where its role is drawn fainter."""

    contender: Contender
    mark: str
    role: str
    past: bool
    shade: int
    shown: bool

    def name(self, width: int) -> str:
        """The name, cut to a width; empty where the mark says it."""
        if self.mark == self.contender.id or width < 4:
            return ""
        return formats.middle_cut(self.contender.name, width)

    def pieces(self, width: int, role: str = "text") -> list[Piece]:
        """`4 CN DeepSeek V4 Flash`, `CN China`: at most `width` cells."""
        code = self.contender.country or "??"
        colour = f"{self.role}+"
        if self.mark == self.contender.id:
            out: list[Piece] = [(code, colour)]
        else:
            out = [(f"{self.mark} ", colour), (code, colour)]
        left = width - sum(len(text) for text, _ in out) - 1
        free = self.contender.free and left >= 12
        name = formats.middle_cut(self.contender.name, left - 5 * free) if left >= 4 else ""
        return [*out, *([(f" {name}", role)] if name else []), *([(" free", "dim")] if name and free else [])]


def runners(ink: Ink, race: Race, chosen: Filter) -> list[Runner]:
    """Every contender of a race. The filter hides; the sides of a head to head stay."""
    out: list[Runner] = []
    versus = race.subject.kind is Kind.VERSUS
    codes = race.subject.kind is Kind.COUNTRY or (versus and is_country_pair(*race.query.versus))
    for n, contender in enumerate(race.contenders):
        mark = contender.id if codes else MARKS[n] if n < len(MARKS) else "·"
        role = ink.country(contender.country)
        if versus and not codes:
            role = side_role(ink, contender.id, other=n == 1)
        shown = versus or not chosen or any(chosen.matches(facts) for facts in contender.facts)
        out.append(Runner(contender, mark, role, n >= race.newest, 0, shown))
    return out if codes else _shaded(race, out)


def _shaded(race: Race, field: list[Runner]) -> list[Runner]:
    """Two shades a role, chosen so that contenders that lie on each other in a stack differ in as many periods as can be."""
    met: Counter[tuple[str, str]] = Counter()
    for n in range(len(race.laps)):
        below: dict[str, str] = {}
        for runner in field:
            if runner.contender.places[n].tokens:
                if runner.role in below:
                    met[below[runner.role], runner.mark] += 1
                below[runner.role] = runner.mark
    shades: dict[str, int] = {}
    for runner in field:
        clash = [0, 0]
        for (one, two), periods in met.items():
            other = two if one == runner.mark else one if two == runner.mark else None
            if other in shades:
                clash[shades[other]] += periods
        shades[runner.mark] = int(clash[0] > clash[1])
    return [replace(runner, shade=shades[runner.mark]) for runner in field]


class Track(Struct, frozen=True):
    """Where each period's column stands. first: the index of the first lap that is drawn."""

    laps: Sequence[Lap]
    slots: list[Slot]
    first: int

    @property
    def start(self) -> int:
        """The first cell."""
        return self.slots[0][0]

    @property
    def end(self) -> int:
        """The cell after the last."""
        return self.slots[-1][0] + self.slots[-1][1]

    def dot(self, n: int) -> int:
        """The column of dots of a drawn period: the middle of its cells."""
        x, size = self.slots[n]
        return 2 * x + size - 1

    def cell(self, n: int) -> int:
        """The cell of a drawn period's points."""
        return self.dot(n) // 2

    def joined(self, n: int) -> bool:
        """Whether a drawn period is complete, and the one before it: only then a line runs between them."""
        return n > 0 and all(lap.state is State.COMPLETE for lap in self.laps[n - 1 : n + 1])


def lay_track(race: Race, cursor: int, start: int, room: int) -> Track:
    """Columns for as many periods as fit, the newest at the right, further back where the cursor is; a running one stands apart."""
    gap = int(race.laps[-1].state is State.RUNNING)
    count = max(1, min(len(race.laps), room - gap))
    first = min(len(race.laps) - count, cursor)
    laps = race.laps[first : first + count]
    apart = gap if first + count == len(race.laps) and count > 1 else 0
    span = min(room - apart, count * WIDEST)
    start += room - apart - span
    edges = [start + round(n * span / count) for n in range(count + 1)]
    slots = [(edges[n], edges[n + 1] - edges[n]) for n in range(count)]
    if apart:
        slots[-1] = (slots[-1][0] + apart, slots[-1][1])
    return Track(laps, slots, first)


def spread_rows(wanted: Sequence[float], height: int) -> list[int]:
    """Rows for labels that want to stand at given heights, in their order, one a row, as near as they can."""
    rows: list[int] = []
    for want in wanted:
        row = round(want)
        rows.append(max(row, rows[-1] + 1) if rows else max(0, row))
    for n in range(len(rows) - 1, -1, -1):
        rows[n] = min(rows[n], height - 1 - (len(rows) - 1 - n))
    return rows
