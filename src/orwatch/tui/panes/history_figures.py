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
from orwatch.tui.charts.contenders import DrawnContender, on_basis
from orwatch.tui.themes import Ink
from orwatch.tui.widgets.paint import Line, prose, stacked

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
        lead = [line for pieces in self._lead(width) for line in prose(self.ink, width, pieces, 0)]
        blocks = [list(self._table(width)), lead]
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

    def _table(self, width: int) -> Iterator[Strip]:
        """Total, contenders, and the rest, with share and change; contenders outside the basis last and dim."""
        ink, period, basis = self.ink, self.period, self.series.query.lens.basis
        running = period.state is State.RUNNING
        head = Line(ink, width).pieces(cut(_date(period, year=width >= 46 or not running), width - 15))
        if period.total is None:
            yield head.strip()
            yield from prose(ink, width, [(f"The record lacks this {formats.noun(period.period.grain)}.", "text")], 0)
            return
        change = formats.change_head(period.period.grain, running=running)
        yield head.figures((self.letter, "dim", 14), ("%", "dim", 8), (change, "dim", 0)).strip()
        total = formats.tokens(period.total) if period.total >= 1000 * self.unit else self._figure(period.total)
        whole = Line(ink, width).to(self.start).put("all tokens", "text")
        yield whole.figures((total, "text", 14), ("100", "text", 8), (formats.signed(period.change), "text", 0)).strip()
        if not period.known and not self.ranked:
            says = f"The split is not known on {basis}: fewer rows are recorded."
            yield from prose(ink, width, [(says, "text")], 0)
            return
        on = [item for item in self.ranked if on_basis(self.series, item[1])]
        yield from (self._contender(width, who, point) for who, point in on)
        for text, tokens in self._rest():
            short = len(text) > width - self.start - FIGURES
            line = Line(ink, width).to(self.start).put(text.partition(" ")[0] if short else text, "dim")
            share = formats.percent(tokens / period.total if period.total else None)
            yield line.figures((self._figure(tokens), "dim", 14), (share, "dim", 8)).strip()
        yield from (self._contender(width, *item) for item in self.ranked if item not in on)
        if self.hidden:
            yield Line(ink, width).to(self.start).put(f"{self.hidden} hidden by the filter", "accent").strip()

    def _contender(self, width: int, who: DrawnContender, point: Point) -> Strip:
        line = Line(self.ink, width)
        if self.start == 5:
            line.right([(str(point.rank), "dim")], 2).put(" ")
        role = "bright" if who.id == self.period.leader else "text" if on_basis(self.series, point) else "dim"
        line.pieces(who.pieces(width - line.at - FIGURES, role))
        ((text, moved),) = change_cell(point.change, self.statuses.get(who.id))
        share = formats.percent(point.share)
        return line.figures((self._figure(point.tokens), role, 14), (share, role, 8), (text, moved, 0)).strip()

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
        ink, grain, series = self.ink, self.period.period.grain, self.series
        flips = [(n, each, each.flip) for n, each in enumerate(series.periods) if each.flip and each.number][::-1]
        head = Line(ink, width).put(formats.plural(len(flips), "flip"), "text+")
        head.put(f" in {formats.plural(len(series.periods), grain)}", "dim")
        if room < 3:
            return [head.strip()][:room]
        if flips:
            head.figures((" : ".join(self.sides), "dim", 7), ("held", "dim", 0))
        out = [head.strip()]
        current = max((n for n, _, _ in flips if n <= self.index), default=-1)
        at = next((k for k, (n, _, _) in enumerate(flips) if n == current), 0)
        top = max(0, min(at - (room - 1) // 2, len(flips) - (room - 1)))
        for n, each, flip in flips[top : top + room - 1]:
            kept = held(series, n)
            line = Line(ink, width).right([(str(each.number), "dim")], 3).put(" ")
            line.right([(formats.first_day(each.period), "text")], 4 + formats.first_day_width(grain)).put(" → ", "dim")
            figures = " : ".join(self._figure(flip.tokens.get(side)) for side in self.sides)
            end = width - 8 - len(figures) if figures else width - len(kept) - 1
            line.pieces(self._who(flip.after, 2 if figures and width < 50 else end - line.at))
            line.figures((figures, "text", 7), (kept, "bright" if n == current else "text", 0))
            out.append(line.strip(ink.selected if n == current else None))
        return out

    def _absent(self, width: int) -> list[Strip]:
        """Contenders without a rank in this period, with how long each led."""
        absent = [who for who in self.drawn if who.shown and not who.contender.points[self.index].rank]
        if not absent:
            return []
        out = [Line(self.ink, width).put("Not in this period", "text+").right([("led", "dim")]).strip()]
        grain = self.period.period.grain
        for who in absent:
            counted = who.contender.led and not grain.trailing
            led = f"{who.contender.led} {formats.words_of(grain).short}" if counted else formats.NOTHING
            line = Line(self.ink, width).to(3).pieces(who.pieces(width - 3 - len(led) - 1, "dim"))
            out.append(line.right([(led, "dim")]).strip())
        return out

    def _periods(self, width: int, room: int) -> list[Strip]:
        """Period by period around the cursor: who led with how much, of what total; of a head to head both sides and the ratio."""
        periods, grain = self.series.periods, self.period.period.grain
        right = f"{' : '.join(self.sides)}    ratio" if self.sides else "of all"
        out = [Line(self.ink, width).put(formats.by_period(grain), "text+").right([(right, "dim")]).strip()]
        newest = max(0, min(len(periods) - 1, self.index + (room - 1) // 2))
        dates = max(8, formats.first_day_width(grain))
        for n in range(newest, max(-1, newest - room + 1), -1):
            leader = periods[n].leader
            line = Line(self.ink, width).right([(formats.first_day(periods[n].period), "text")], dates).put("  ")
            if leader is None or leader not in self.by_id:
                line.right([("partial" if periods[n].partial else "not known", "dim")])
            elif self.sides:
                a, b = self._both(n)
                pair, ratio = (
                    f"{self._figure(a)} : {self._figure(b)}",
                    formats.ratio(a / b) if a and b else formats.NO_DATA,
                )
                line.pieces(self._who(leader, 4)).figures((pair, "text", 9), (ratio, "text", 0))
            else:
                point = self.by_id[leader].contender.points[n]
                line.pieces(self._who(leader, width - line.at - 15))
                line.figures((self._figure(point.tokens), "text", 7), (f"{formats.percent(point.share)}%", "dim", 0))
            out.append(line.strip(self.ink.selected if n == self.index else None))
        return out

    # Under the chart, or instead of it

    def lines(self, width: int, height: int) -> list[Strip]:
        """Under the chart: the period and its total, the contenders side by side, who led."""
        period = self.period
        head = Line(self.ink, width).to(1).pieces(_date(period))
        if period.total is not None:
            tilde = "~" if period.state is State.RUNNING else ""
            head.put(f"  {formats.tokens(period.total)}", "bright")
            percent = "" if period.change is None else "%"
            head.put(f" {tilde}{formats.signed(period.change)}{percent}", "dim")
        lead = list(self._lead(width - 8))
        if lead and head.room >= width_of(lead[0]) + 3:
            head.right(lead.pop(0))
        if self.begins and height >= 3:
            lead = [[(self.begins, "dim")]]
        out = [head.strip()]
        rows: list[list[Piece]] = [
            [
                *who.pieces(18, "text"),
                (f" {self._figure(point.tokens)}", "bright"),
                (f" {formats.percent(point.share)}%", "text"),
                (f" {change_cell(point.change, self.statuses.get(who.id))[0][0]}", "dim"),
            ]
            for who, point in self.ranked
        ]
        last = [Line(self.ink, width).to(1).pieces(lead[0]).strip()] if lead and height >= 3 else []
        while len(out) + len(last) < height:
            line = Line(self.ink, width).to(1)
            while rows and line.room >= width_of(rows[0]):
                line.pieces(rows.pop(0)).put("   ")
            out.append(line.strip())
        return [*out, *last]

    def table(self, width: int, height: int) -> list[Strip]:
        """Instead of a chart: rank, name, tokens and eight periods, a row each."""
        head = Line(self.ink, width).to(1).pieces(_date(self.period, year=width >= 34))
        out = [head.right([(self.letter, "dim")]).strip()]
        for who, point in self.ranked[: height - 1]:
            line = Line(self.ink, width).to(1)
            if self.start == 5:
                line.right([(str(point.rank), "dim")], 3).put(" ")
            past = who.contender.points[max(0, self.index - 7) : self.index + 1]
            trend = sparkline([each.tokens or None for each in past])
            tail: list[Piece] = [*trend, (" ", "text"), (self._figure(point.tokens).rjust(6), "text")]
            line.pieces(who.pieces(width - line.at - width_of(tail) - 1))
            out.append(line.right(tail).strip())
        if not self.ranked:
            out += prose(self.ink, width, [("Not known here.", "text")], 0)
        return out
