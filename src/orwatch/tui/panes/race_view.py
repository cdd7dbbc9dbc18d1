"""The history view drawn: the chart with its flips, ribbon and months, and what the cursor reads of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.strip import Strip

from orwatch.core.races import Race
from orwatch.core.snapshots import Duel, Snapshot
from orwatch.domain.leads import Kind, is_country_pair
from orwatch.domain.records import State
from orwatch.domain.shares import Stack
from orwatch.present import formats
from orwatch.present.sentences import BASIS_WORDS
from orwatch.tui.panes.axis import axis_at
from orwatch.tui.panes.base import age_text
from orwatch.tui.panes.duels import LEFT, flips_row, ratio_rows, ribbon_row
from orwatch.tui.panes.duels import shares_canvas as duel_canvas
from orwatch.tui.panes.race_areas import ranks_canvas, shares_canvas
from orwatch.tui.panes.race_lines import lines_canvas
from orwatch.tui.panes.race_reading import Reading
from orwatch.tui.panes.runners import Runner, Track, lay_track, runners
from orwatch.tui.widgets.charts import Canvas
from orwatch.tui.widgets.paint import Line, blank

if TYPE_CHECKING:
    from orwatch.tui.panes.race import HistoryPane

NAMES = {Kind.MODEL: "models", Kind.VENDOR: "vendors", Kind.COUNTRY: "countries", Kind.VERSUS: "head to head"}
WIDE, TALL = 56, 12
"""Columns and rows from which there is a chart; below that a list with eight periods a row."""
BESIDE = 98
"""Columns from which the figures stand beside the chart."""


def draw(pane: HistoryPane, snapshot: Snapshot, race: Race, width: int, height: int) -> list[Strip]:
    """The whole view. Left the chart, right the figures; where it is narrow these stand under it, where it is small alone."""
    field = runners(pane.ink, race, pane.view.filter)
    index = pane.index(race)
    lines = [_title(pane, snapshot, race, width)]
    room = height - 1
    reading = Reading(pane.ink, race, field, index, _values(race))
    empty = _empty(pane, race, field)
    if empty:
        return [*lines, blank(width), *pane.sentences(width, [[(empty, "text")]])]
    if width < WIDE or room < TALL:
        return [*lines, *reading.table(width, room)]
    if width < BESIDE:
        under = 3 if room < 22 else 4
        chart = _chart(pane, race, field, index, width, room - under, beside=False)
        return [*lines, *chart, *reading.lines(width, under)]
    side = 39 if width < 130 else 46 if width < 180 else 54
    left = width - side - 2
    chart = _chart(pane, race, field, index, left, room, beside=True)
    figures = reading.column(side, room)
    for n in range(room):
        one = chart[n] if n < len(chart) else blank(left)
        two = figures[n] if n < len(figures) else blank(side)
        lines.append(Strip.join([one, blank(2), two]))
    return lines


def _empty(pane: HistoryPane, race: Race, field: list[Runner]) -> str:
    """Why there is nothing to draw, if there is nothing."""
    basis = race.query.lens.basis
    if not race.contenders or not any(place.tokens for one in race.contenders for place in one.places):
        return f"The split is not known on {basis} in any {race.query.grain} of the record: b changes the basis."
    if not any(runner.shown for runner in field):
        return f"The filter hides all {len(field)} {NAMES[pane.subject]} of the race: Esc clears it."
    return ""


def _title(pane: HistoryPane, snapshot: Snapshot, race: Race, width: int) -> Strip:
    grain, basis = snapshot.period.grain, snapshot.lens.basis
    unit = formats.unit_of(_values(race))[1]
    what = {
        "lines": f"{unit} tokens by {grain}{', log scale' if pane.log_scale else ''}".strip(),
        "shares": f"% of all tokens by {grain}",
        "ranks": f"rank by {grain}",
        "ratio": f"ratio by {grain}, log scale",
    }[pane.form]
    words = f"basis {basis}, {BASIS_WORDS[basis]}" if width >= 130 else str(basis)
    facts = [what, words, age_text(pane.view.age_s)]
    names = " : ".join(race.query.versus) if pane.subject is Kind.VERSUS else NAMES[pane.subject]
    return pane.title_line(width, facts, note=f"{names} · {pane.form}" if width >= WIDE else names)


def _values(race: Race) -> list[int]:
    """All tokens of all contenders: the chart and the figures share the unit of the largest."""
    return [place.tokens for one in race.contenders for place in one.places if place.tokens]


def _chart(
    pane: HistoryPane, race: Race, field: list[Runner], index: int, width: int, height: int, *, beside: bool
) -> list[Strip]:
    """The chart, the flips, the ribbon of leaders and the months; under a head to head its ratio, where there is room."""
    versus = pane.subject is Kind.VERSUS
    short = versus or pane.subject is Kind.COUNTRY
    labels = 10 if short else _label_width(race, width, beside=beside)
    track = lay_track(race, index, LEFT, max(8, width - LEFT - labels - 1))
    foot = _foot(pane, race, field, track, width)
    upper = height - len(foot)
    ratio = versus and pane.form != "ratio" and height >= 26
    lower = max(6, upper // 3) if ratio else 0
    upper -= lower + 3 if ratio else 0
    if versus and pane.form == "ratio":
        duels = _duels(race, track)
        return [*ratio_rows(pane.ink, width, upper - 1, race.query.versus, duels, track.slots), *foot]
    canvas = _canvas(pane, race, field, track, index - track.first, width, upper)
    lines = [Strip(canvas.row(y), width) for y in range(upper)]
    lines += foot
    if ratio:
        a, b = race.query.versus
        lines.append(blank(width))
        lines.append(Line(pane.ink, width).to(LEFT).put(f"{a} : {b}, log scale", "dim").strip())
        lines += ratio_rows(pane.ink, width, lower, race.query.versus, _duels(race, track), track.slots)
    return lines


def _label_width(race: Race, width: int, *, beside: bool) -> int:
    """Room for names at the newest column: less where they stand beside the chart too and more periods would fit without."""
    names = (len(one.name) + 5 * one.free for one in race.contenders[: race.newest])
    most = min(36 if width >= 130 else 30, 13 + max(names, default=0))
    least = 12 if beside else 22
    return min(most, max(least, width - LEFT - 1 - len(race.laps)))


def _canvas(
    pane: HistoryPane, race: Race, field: list[Runner], track: Track, cursor: int, width: int, height: int
) -> Canvas:
    ink = pane.ink
    if pane.form == "lines":
        return lines_canvas(ink, width, height, track, field, cursor, LEFT, log=pane.log_scale)
    if pane.form == "ranks":
        return ranks_canvas(ink, width, height, track, race, field, cursor, LEFT)
    if pane.subject is Kind.VERSUS:
        canvas = duel_canvas(
            ink, width, height, race.query.versus, race.query.lens.basis, _stacks(race, track), track.slots
        )
        if cursor < len(track.laps) - 1:
            canvas.rule(track.cell(cursor))
        return canvas
    return shares_canvas(ink, width, height, track, race, field, cursor, LEFT)


def _foot(pane: HistoryPane, race: Race, field: list[Runner], track: Track, width: int) -> list[Strip]:
    """Flips, ribbon, months."""
    ink = pane.ink
    by_id = {runner.contender.id: runner for runner in field}
    flips: dict[int, tuple[str, str]] = {}
    for n, lap in enumerate(track.laps):
        if lap.flip is not None:
            role = f"{by_id[lap.flip.after].role}+" if lap.flip.after in by_id else "accent"
            flips[n] = (f"◆{lap.number}" if lap.number else "◇", role)
    leaders = [lap.leader if lap.state is State.COMPLETE else None for lap in track.laps]

    def names(who: str) -> list[str]:
        runner = by_id[who]
        if runner.mark == who:
            return [who]
        cuts = (runner.contender.name, *(runner.name(size) for size in (12, 9, 6)))
        return [*(f"{runner.mark} {name}" for name in cuts), runner.mark]

    ribbon = ribbon_row(ink, width, track.slots, leaders, lambda who: by_id[who].role, race.query.grain, names_of=names)
    axis = axis_at([lap.period for lap in track.laps], [x for x, _ in track.slots], width, years=True)
    return [flips_row(ink, width, track.slots, flips), ribbon, Line(ink, width).put(axis, "dim").strip()]


def _stacks(race: Race, track: Track) -> list[Stack | None]:
    """The two sides of a head to head, period by period, as what stands at floor and ceiling."""
    a, b = race.contenders
    nameless = is_country_pair(*race.query.versus)
    out: list[Stack | None] = []
    for n, lap in enumerate(track.laps, track.first):
        if lap.total is None or lap.outside is None:
            out.append(None)
            continue
        tokens: dict[str | None, int] = {a.id: a.places[n].tokens or 0, b.id: b.places[n].tokens or 0}
        if nameless and lap.unattributed:
            tokens[None] = lap.unattributed
        out.append(Stack(lap.period, tokens, lap.outside, lap.total, lap.known, lap.state is State.COMPLETE))
    return out


def _duels(race: Race, track: Track) -> list[Duel | None]:
    """The two sides of a head to head, period by period."""
    a, b = race.contenders
    out: list[Duel | None] = []
    for n, lap in enumerate(track.laps, track.first):
        one, two = a.places[n].tokens or 0, b.places[n].tokens or 0
        complete = lap.state is State.COMPLETE
        out.append(Duel(lap.period, one, two, lap.known, complete, lap.leader, complete and lap.flip is not None))
    return out
