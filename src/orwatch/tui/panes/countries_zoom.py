"""Countries, zoomed: shares over time from floor and ceiling, every flip, the ribbon of leaders, the log ratio, and the figures."""

from __future__ import annotations

from collections.abc import Sequence

from textual.strip import Strip

from orwatch.core.market import Market
from orwatch.core.views.series import PERIODS_SHOWN, duels
from orwatch.domain.filters import Filter
from orwatch.domain.overview import Snapshot, open_share
from orwatch.domain.periods import State
from orwatch.domain.records import Basis
from orwatch.domain.series import Series
from orwatch.present import formats
from orwatch.present.report import Report, View
from orwatch.present.table import Piece
from orwatch.present.tables.history import versus_report
from orwatch.tui.charts.canvas import LEFT, Axis, even_slots
from orwatch.tui.charts.series import Chart, DrawnContender, drawn_contenders, leaders, ratio_below, two_sides
from orwatch.tui.panes.history_figures import OUT, held
from orwatch.tui.themes import Ink
from orwatch.tui.widgets.paint import Block, Line, beside, stacked

RIGHT_AXIS, SIDE = 9, 37
FLIPS, MODELS = 8, 10
"""The most flips and models that are listed."""
LISTED = {Basis.CHART: "The nine", Basis.TOP10: "The ten", Basis.TOP50: "The ten largest"}
NUMBERS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten")


def report(how: View, snapshot: Snapshot, market: Market) -> Report:
    """The head to head, period by period."""
    leads = market.leads(snapshot.query)
    return versus_report(how, snapshot, leads, duels(market, snapshot.query, snapshot.period, PERIODS_SHOWN))


def zoomed(ink: Ink, snapshot: Snapshot, versus: Series, width: int, height: int) -> list[Strip]:
    """All below the title. Left the charts, right the figures where there is room; not filtered."""
    drawn = drawn_contenders(ink, versus, Filter())
    if width < 112:
        return _charts(ink, versus, drawn, width, height)
    left = width - SIDE - 1
    figures = _Figures(ink, snapshot, versus, drawn).rows(height)
    return beside(_charts(ink, versus, drawn, left, height), left, figures, SIDE, height, 1)


def _charts(ink: Ink, versus: Series, drawn: Sequence[DrawnContender], width: int, height: int) -> list[Strip]:
    room = width - LEFT - RIGHT_AXIS
    step = column_step(len(versus.periods), room)
    count = min(len(versus.periods), room // step)
    first = len(versus.periods) - count
    axis = Axis(versus.periods[first:], even_slots(count, LEFT, step), first)
    upper = max(6, (height - 7) * 2 // 3)
    lower = max(4, height - 8 - upper)
    chart = Chart(ink, axis, versus, drawn)
    head = Line(ink, width)
    for who, end in zip(drawn, (LEFT - 1, axis.end + 5), strict=True):
        head.right([(f"{who.id} %", f"{who.role}+")], end)
    return [
        head.strip(),
        *two_sides(chart, width, upper - 1, elsewhere=versus.subject.by_country).strips(),
        *leaders(chart, width, plain=True),
        *ratio_below(chart, width, lower),
    ]


def column_step(count: int, room: int) -> int:
    """Cells a column takes: wider where there are few, two where they fit or 25 periods do, else one."""
    if count * 3 <= room:
        return min(6, room // max(1, count))
    if count * 3 <= room * 1.15:
        return 3  # the few oldest periods go, so that the rest fills the width
    return 2 if count * 2 <= room or room // 2 >= 25 else 1


class _Figures:
    """The right-hand column, in the unit of the period's total."""

    def __init__(self, ink: Ink, snapshot: Snapshot, versus: Series, drawn: Sequence[DrawnContender]) -> None:
        self.ink = ink
        self.snapshot = snapshot
        self.versus = versus
        self.unit, self.letter = formats.unit_of([snapshot.total])
        self.roles = {who.id: f"{who.role}+" for who in drawn}

    def rows(self, height: int) -> list[Strip]:
        """The split, the flips, the rows of the basis, the other bases, period by period; what has no room goes or is cut."""
        out: list[Strip] = []
        for write in (self._split, self._flips, self._models, self._bases, self._periods):
            block = Block(self.ink, SIDE)
            write(block)
            whole = write in (self._models, self._bases)
            if height - len(out) - bool(out) >= (max(2, len(block)) if whole else 2):
                out = stacked([out, block.strips()], SIDE)
        return out[:height]

    def _figure(self, tokens: int | None) -> str:
        return formats.tokens_in(tokens or 0, self.unit)

    def _sides(self, a: int | None, b: int | None) -> str:
        return f"{self._figure(a)} : {self._figure(b)}"

    def _who(self, side: str | None) -> Piece:
        return side or "", self.roles.get(side or "", "")

    def _split(self, block: Block) -> None:
        """The period: the split by country."""
        snapshot = self.snapshot
        change = formats.change_head(snapshot.period.grain, running=snapshot.state is State.RUNNING)
        head = block.line(formats.span(snapshot.period), "text+")
        head.figures((self.letter, "dim", 15), ("%", "dim", 9), (change, "dim", 0))
        if not snapshot.split.known:
            block.line(f"not known: {formats.plural(snapshot.named, 'model')} are named", "dim")
            return
        for row in snapshot.split.rows:
            dim = row.key in (None, "other")
            name = OUT[snapshot.lens.basis] if row.key == "other" else row.key or "?? unattributed"
            strong, plain = ("dim", "dim") if dim else ("bright", "text")
            line = block.line(name, "dim" if dim else f"{self.ink.country(row.key)}+")
            line.figures((self._figure(row.tokens), strong, 15), (formats.percent(row.share_of_all), strong, 9))
            line.figures((row.status or formats.signed(row.change), plain, 0))
        block.line("open weights %", "dim").right(self._open())

    def _open(self) -> list[Piece]:
        """The part of the tokens that is of open weights, of all countries and of both sides."""
        models = self.snapshot.models
        parts = [(side, [row for row in models if side in (row.country, row.vendor)]) for side in self.roles]
        pieces: list[Piece] = []
        for name, rows in [("", models), *parts]:
            share = open_share(rows)
            if share is not None:
                pieces.append((f"  {name} " if name else "", self.roles.get(name, "")))
                pieces.append((formats.percent(share, 0), "text" if name else "bright"))
        return pieces

    def _flips(self, block: Block) -> None:
        """Confirmed flips, newest first, with how long each held."""
        series, (a, b) = self.versus, self.versus.query.versus
        flips = [(n, each) for n, each in enumerate(series.periods) if each.number][::-1]
        grain, count = series.query.grain, len(flips)
        word = NUMBERS[count] if count < len(NUMBERS) else str(count)
        block.line(f"{word} flip{'s' * (count != 1)} in {formats.plural(len(series.periods), grain)}", "text+")
        if not flips:
            block.line("none", "dim")
            return
        head = block.line(f"{formats.noun(grain)} of" if grain.days != 1 else grain, "dim", 3)
        head.figures((f"{a} : {b} {self.letter}", "dim", 7), ("held", "dim", 0))
        for n, each in flips[:FLIPS]:
            line = block.line(f"{each.number:>2} ", "dim")
            line.right([(formats.first_day(each.period), "text")], 3 + formats.first_day_width(grain))
            line.put("  →").put(*self._who(each.leader))
            duel = self._sides(*(who.points[n].tokens for who in series.contenders))
            line.figures((duel, "text", 7), (held(series, n), "bright" if n == flips[0][0] else "text", 0))

    def _models(self, block: Block) -> None:
        """The largest rows of the basis."""
        count, basis = len(self.snapshot.models), self.snapshot.lens.basis
        title = f"The {NUMBERS[count].lower()} named" if count < min(basis.size, MODELS) else LISTED[basis]
        block.line(title, "text+").figures((self.letter, "dim", 6), ("%", "dim", 0))
        for model in self.snapshot.models[:MODELS]:
            line = block.line(f"{model.country or '??'} ", f"{self.ink.country(model.country)}+")
            line.put(formats.middle_cut(model.name, SIDE - 17))
            tokens, share = self._figure(model.tokens), formats.percent(model.share)
            line.figures((tokens, "text", 6), (share, "dim", 0))

    def _bases(self, block: Block) -> None:
        """The head to head on the other bases."""
        block.line("On the other bases", "text+")
        for other in self.snapshot.standoffs:
            if other.basis is self.snapshot.lens.basis:
                continue
            line = block.line(str(other.basis))
            if other.known:
                line.to(9).put(*self._who(other.order(self.versus.query.versus)[0]))
                line.figures((self._sides(other.a, other.b), "text", 9), (formats.ratio(other.ratio), "bright", 0))
            else:
                line.figures(("not known", "dim", 0))

    def _periods(self, block: Block) -> None:
        """Period by period, newest first."""
        a, b = self.versus.query.versus
        head = block.line(formats.by_period(self.versus.query.grain), "text+")
        head.figures((f"{a} : {b} {self.letter}    ratio", "dim", 0))
        for n, each in reversed([*enumerate(self.versus.periods)]):
            line = block.line().right([(formats.day(each.period.start), "text")], 8)
            line.put("*" if each.partial else "", "accent")
            one, two = (who.points[n].tokens or 0 for who in self.versus.contenders)
            leader = (a if one > two else b) if each.partial and one != two else each.leader
            if each.known and leader:
                ratio = formats.ratio(one / two) if one and two else formats.NO_DATA
                line.to(10).put(*self._who(leader)).figures((self._sides(one, two), "text", 9), (ratio, "text", 0))
            else:
                line.figures(("not known", "dim", 0))
