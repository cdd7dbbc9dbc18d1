"""The figures of one period of a series: its contenders, who led, every flip, and the periods around it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from textual.strip import Strip

from orwatch.domain.leads import Kind
from orwatch.domain.periods import State
from orwatch.domain.rankings import Status
from orwatch.domain.records import Basis
from orwatch.domain.series import Point, Series, SeriesPeriod
from orwatch.present import formats
from orwatch.present.cells import change as change_cell
from orwatch.present.cells import sparkline
from orwatch.present.table import Piece, cut, width_of
from orwatch.tui.charts.series import DrawnContender, on_basis
from orwatch.tui.themes import Ink
from orwatch.tui.widgets.paint import Block, around, prose, stacked

FIGURES = 21
"""Cells that tokens, share and change take."""
OUT = {Basis.CHART: "outside the nine", Basis.TOP10: "outside the ten", Basis.TOP50: "other"}


def held(series: Series, n: int) -> str:
    """How many complete periods the leader of one held on, with the unit: `16 wk`."""
    leader, length = series.periods[n].leader, 0
    for each in series.periods[n:]:
        if each.state is not State.COMPLETE or each.leader != leader:
            break
        length += 1
    return f"{length} {formats.words_of(series.query.grain).short}"


def _date(each: SeriesPeriod, *, year: bool = True) -> list[Piece]:
    """The period with its state: `10–16 Aug 2026 ✓`, `~ day 5 of 7`, `partial`, `no data`; `+d` where it is composed."""
    state: Piece = ("partial", "dim") if each.state is State.PARTIAL else ("no data", "dim")
    if each.state is State.COMPLETE:
        state = ("✓", "accent")
    elif each.state is State.RUNNING:
        state = (f"~ {formats.day_of(each.days)}", "accent")
    out: list[Piece] = [(formats.span(each.period, year=year), "text+"), (" ", "text"), state]
    return [*out, (" +d", "dim")] if each.composed else out


class PeriodFigures:
    """The figures of a period, contenders in the order of their ranks.

    values: all that share the unit of tokens. statuses: who is new or back, by id. begins: told of the first period: what would
    come before it; may be empty.
    """

    def __init__(
        self,
        ink: Ink,
        series: Series,
        drawn: Sequence[DrawnContender],
        index: int,
        values: Sequence[int],
        statuses: Mapping[str, Status],
        begins: str = "",
    ) -> None:
        self.ink = ink
        self.series = series
        self.index = index
        self.period = series.periods[index]
        self.statuses = statuses
        self.begins = begins if index == 0 else ""
        self.drawn = drawn
        self.by_id = {who.id: who for who in drawn}
        self.sides = series.query.versus if series.subject.kind is Kind.VERSUS else ()
        here = [(who, point) for who in drawn if (point := who.contender.points[index]).rank]
        here.sort(key=lambda item: item[1].rank or 0)
        self.ranked = [(who, point) for who, point in here if who.shown]
        self.hidden = len(here) - len(self.ranked)
        self.unit, self.letter = formats.unit_of(values)
        # No column of ranks where the marks are the ranks already, or codes.
        self.start = 2 if all(who.by_code or who.mark == str(point.rank) for who, point in self.ranked) else 5

    def _figure(self, tokens: int | None) -> str:
        """Tokens in the unit; with two places less where they are thousands of it."""
        return formats.tokens_in(tokens, self.unit, 2 if (tokens or 0) < 1000 * self.unit else 0)

    def _rest(self) -> list[tuple[str, int]]:
        """Tokens of nobody drawn: other rows of the basis, unattributed ones, and all outside it."""
        period, subject = self.period, self.series.subject
        if period.total is None or period.outside is None or not period.known:
            return []
        points = [who.contender.points[self.index] for who in self.drawn]
        mine = sum(point.tokens or 0 for point in points if on_basis(self.series, point))
        nameless = (period.unattributed or 0) if subject.by_country else 0
        noun = "countries" if subject.by_country else "models" if subject.kind is Kind.MODEL else "vendors"
        rows = [(f"other {noun}", period.total - period.outside - mine - nameless), ("?? unattributed", nameless)]
        return [*((name, n) for name, n in rows if n > 0), (OUT[self.series.query.lens.basis], period.outside)]

    def _who(self, id_: str, width: int) -> list[Piece]:
        """A leader by mark, code and name."""
        who = self.by_id.get(id_)
        return [(id_, "text")] if who is None else who.pieces(width)

    def _both(self, n: int) -> tuple[int, int]:
        """Tokens of the sides of a head to head in a period; 0 where it has none."""
        a, b = (self.by_id[side].contender.points[n].tokens or 0 for side in self.sides)
        return a, b

    # Beside the chart

    def column(self, width: int, height: int) -> list[Strip]:
        """The period, its contenders, the lead, the flips, who is not among them now, and the periods around it."""
        blocks = [self._table(width), [row for told in self._lead(width) for row in prose(self.ink, width, told, 0)]]
        if self.begins:
            blocks.append(prose(self.ink, width, [(self.begins, "dim")], 0))
        room = height - sum(len(block) + 1 for block in blocks)
        past = self._absent(width)
        flips = self._flips(width, max(0, room - (len(past) + 1 if room >= len(past) + 9 else 0)))
        room -= len(flips) + bool(flips)
        past = past[:room] if room >= 3 else []
        room -= len(past) + bool(past)
        blocks += [flips, past, self._periods(width, room) if room >= 5 else []]
        return stacked(blocks, width)[:height]

    def _table(self, width: int) -> list[Strip]:
        """Total, contenders, and the rest, with share and change; contenders outside the basis last and dim."""
        block, period, running = Block(self.ink, width), self.period, self.period.state is State.RUNNING
        head = block.line().pieces(cut(_date(period, year=width >= 46 or not running), width - 15))
        if period.total is None:
            block.prose((f"The record lacks this {formats.noun(period.period.grain)}.", "text"), indent=0)
            return block.strips()
        change = formats.change_head(period.period.grain, running=running)
        head.figures((self.letter, "dim", 14), ("%", "dim", 8), (change, "dim", 0))
        total = formats.tokens(period.total) if period.total >= 1000 * self.unit else self._figure(period.total)
        whole = block.line("all tokens", at=self.start)
        whole.figures((total, "text", 14), ("100", "text", 8), (formats.signed(period.change), "text", 0))
        if not period.known and not self.ranked:
            basis = self.series.query.lens.basis
            block.prose((f"The split is not known on {basis}: fewer rows are recorded.", "text"), indent=0)
            return block.strips()
        on = [item for item in self.ranked if on_basis(self.series, item[1])]
        for who, point in on:
            self._contender(block, who, point)
        for text, tokens in self._rest():
            short = len(text) > width - self.start - FIGURES
            share = formats.percent(tokens / period.total if period.total else None)
            line = block.line(text.partition(" ")[0] if short else text, "dim", self.start)
            line.figures((self._figure(tokens), "dim", 14), (share, "dim", 8))
        for who, point in self.ranked:
            if (who, point) not in on:
                self._contender(block, who, point)
        if self.hidden:
            block.line(f"{self.hidden} hidden by the filter", "accent", self.start)
        return block.strips()

    def _contender(self, block: Block, who: DrawnContender, point: Point) -> None:
        line = block.line()
        if self.start == 5:
            line.right([(str(point.rank), "dim")], 2).put(" ")
        role = "bright" if who.id == self.period.leader else "text" if on_basis(self.series, point) else "dim"
        line.pieces(who.pieces(block.width - line.at - FIGURES, role))
        ((text, moved),) = change_cell(point.change, self.statuses.get(who.id))
        share = formats.percent(point.share)
        line.figures((self._figure(point.tokens), role, 14), (share, role, 8), (text, moved, 0))

    def _lead(self, width: int) -> Iterator[list[Piece]]:
        """Who led and for how long, the flip if there was one, the ratio of a head to head, as sentences."""
        period, grain = self.period, self.period.period.grain
        if period.leader is not None and period.state is State.RUNNING:
            yield [("~ on course: ", "accent"), *self._who(period.leader, width - 13)]
        elif period.leader is not None:
            streak = formats.streak_words(period.streak, grain) if period.streak else ""
            name = self._who(period.leader, width - 9 - len(streak))
            yield [("led by ", "dim"), *name, (f", {streak}" if streak else "", "dim")]
        flip = period.flip
        if flip is not None:
            mark, verb = (f"◆{period.number}", " passes ") if period.number else ("◇ ~", " is on course to pass ")
            after, before = (self._figure(flip.tokens.get(side)) for side in (flip.after, flip.before))
            who = self.by_id.get(flip.after)
            head: Piece = (mark, f"{who.role}+" if who else "bright")
            yield [head, (verb, "text"), *self._who(flip.before, 30), (f", {after} : {before}", "text")]
        if self.sides and period.known:
            a, b = self._both(self.index)
            ratio = formats.led(*self.sides, a / b) if a and b else formats.NO_DATA
            yield [(" : ".join(self.sides) + "  ", "dim"), (ratio, "bright")]

    def _flips(self, width: int, room: int) -> list[Strip]:
        """Every flip, newest first; the one that the cursor's leader came with is marked."""
        block, grain, series = Block(self.ink, width), self.period.period.grain, self.series
        flips = [(n, each, each.flip) for n, each in enumerate(series.periods) if each.flip and each.number][::-1]
        head = block.line(formats.plural(len(flips), "flip"), "text+")
        head.put(f" in {formats.plural(len(series.periods), grain)}", "dim")
        if room < 3:
            return block.strips()[:room]
        if flips:
            head.figures((" : ".join(self.sides), "dim", 7), ("held", "dim", 0))
        current = max((n for n, _, _ in flips if n <= self.index), default=-1)
        at = next((k for k, (n, _, _) in enumerate(flips) if n == current), 0)
        for n, each, flip in flips[around(at, len(flips), room - 1)]:
            kept = held(series, n)
            line = block.line(selected=n == current).right([(str(each.number), "dim")], 3).put(" ")
            line.right([(formats.first_day(each.period), "text")], 4 + formats.first_day_width(grain)).put(" → ", "dim")
            figures = " : ".join(self._figure(flip.tokens.get(side)) for side in self.sides)
            end = width - 8 - len(figures) if figures else width - len(kept) - 1
            line.pieces(self._who(flip.after, 2 if figures and width < 50 else end - line.at))
            line.figures((figures, "text", 7), (kept, "bright" if n == current else "text", 0))
        return block.strips()

    def _absent(self, width: int) -> list[Strip]:
        """Contenders without a rank in this period, with how long each led."""
        block, grain = Block(self.ink, width), self.period.period.grain
        absent = [who for who in self.drawn if who.shown and not who.contender.points[self.index].rank]
        if absent:
            block.line("Not in this period", "text+").figures(("led", "dim", 0))
        for who in absent:
            counted = who.contender.led and not grain.trailing
            led = f"{who.contender.led} {formats.words_of(grain).short}" if counted else formats.NOTHING
            block.line(at=3).pieces(who.pieces(width - 3 - len(led) - 1, "dim")).figures((led, "dim", 0))
        return block.strips()

    def _periods(self, width: int, room: int) -> list[Strip]:
        """Period by period around the cursor: who led with how much, of what total; of a head to head both sides and the ratio."""
        block, periods, grain = Block(self.ink, width), self.series.periods, self.period.period.grain
        right = f"{' : '.join(self.sides)}    ratio" if self.sides else "of all"
        block.line(formats.by_period(grain), "text+").figures((right, "dim", 0))
        newest = max(0, min(len(periods) - 1, self.index + (room - 1) // 2))
        dates = max(8, formats.first_day_width(grain))
        for n in range(newest, max(-1, newest - room + 1), -1):
            leader = periods[n].leader
            line = block.line(selected=n == self.index)
            line.right([(formats.first_day(periods[n].period), "text")], dates).put("  ")
            if leader is None or leader not in self.by_id:
                line.figures(("partial" if periods[n].partial else "not known", "dim", 0))
            elif self.sides:
                a, b = self._both(n)
                ratio = formats.ratio(a / b) if a and b else formats.NO_DATA
                line.pieces(self._who(leader, 4))
                line.figures((f"{self._figure(a)} : {self._figure(b)}", "text", 9), (ratio, "text", 0))
            else:
                point = self.by_id[leader].contender.points[n]
                line.pieces(self._who(leader, width - line.at - 15))
                line.figures((self._figure(point.tokens), "text", 7), (f"{formats.percent(point.share)}%", "dim", 0))
        return block.strips()

    # Under the chart, or instead of it

    def lines(self, width: int, height: int) -> list[Strip]:
        """Under the chart: the period and its total, the contenders side by side, who led."""
        block, period = Block(self.ink, width), self.period
        head = block.line(at=1).pieces(_date(period))
        if period.total is not None:
            head.put(f"  {formats.tokens(period.total)}", "bright")
            tilde, percent = "~" * (period.state is State.RUNNING), "" if period.change is None else "%"
            head.put(f" {tilde}{formats.signed(period.change)}{percent}", "dim")
        lead = list(self._lead(width - 8))
        if lead and head.room >= width_of(lead[0]) + 3:
            head.right(lead.pop(0))
        if self.begins:
            lead = [[(self.begins, "dim")]]
        if height < 3:
            lead = []
        cells = [
            [
                *who.pieces(18, "text"),
                (f" {self._figure(point.tokens)}", "bright"),
                (f" {formats.percent(point.share)}%", "text"),
                (f" {change_cell(point.change, self.statuses.get(who.id))[0][0]}", "dim"),
            ]
            for who, point in self.ranked
        ]
        while len(block) + bool(lead) < height:
            line = block.line(at=1)
            while cells and line.room >= width_of(cells[0]):
                line.pieces(cells.pop(0)).put("   ")
        for told in lead[:1]:
            block.line(at=1).pieces(told)
        return block.strips()

    def table(self, width: int, height: int) -> list[Strip]:
        """Instead of a chart: rank, name, tokens and eight periods, a row each."""
        block = Block(self.ink, width)
        block.line(at=1).pieces(_date(self.period, year=width >= 34)).figures((self.letter, "dim", 0))
        for who, point in self.ranked[: height - 1]:
            line = block.line(at=1)
            if self.start == 5:
                line.right([(str(point.rank), "dim")], 3).put(" ")
            past = who.contender.points[max(0, self.index - 7) : self.index + 1]
            trend = sparkline([each.tokens or None for each in past])
            tail: list[Piece] = [*trend, (" ", "text"), (self._figure(point.tokens).rjust(6), "text")]
            line.pieces(who.pieces(width - line.at - width_of(tail) - 1)).right(tail)
        if not self.ranked:
            block.prose(("Not known here.", "text"), indent=0)
        return block.strips()
