"""What the cursor reads of a race: one period, all its contenders, who led, and every flip."""

from __future__ import annotations

from collections.abc import Sequence

from textual.strip import Strip

from orwatch.core.races import Lap, Place, Race
from orwatch.domain.leads import Kind, is_country_pair
from orwatch.domain.periods import State
from orwatch.domain.records import Basis
from orwatch.present import formats
from orwatch.present.cells import change as change_cell
from orwatch.present.cells import sparkline
from orwatch.tui.panes import race_lists as lists
from orwatch.tui.panes.runners import Runner
from orwatch.tui.themes import Ink
from orwatch.tui.widgets.paint import Line, Piece, blank, width_of, wrap

FIGURES = 21
"""Cells that tokens, share and change take."""
OUT = {Basis.CHART: "outside the nine", Basis.TOP10: "outside the ten", Basis.TOP50: "other"}


def state_piece(lap: Lap) -> Piece:
    """`✓`, `~ day 5 of 7`, `partial`, `no data`."""
    if lap.state is State.COMPLETE:
        return "✓", "accent"
    if lap.state is State.RUNNING:
        return f"~ {formats.day_of(lap.days)}", "accent"
    return ("partial", "dim") if lap.state is State.PARTIAL else ("no data", "dim")


def date_pieces(lap: Lap, *, year: bool = True) -> list[Piece]:
    """The period with its state: `10–16 Aug 2026 ✓`, with `+d` where it is composed."""
    out: list[Piece] = [(formats.span(lap.period, year=year), "text+"), (" ", "text"), state_piece(lap)]
    return [*out, (" +d", "dim")] if lap.composed else out


class Reading:
    """The figures of one lap of a race, in the order of their ranks."""

    def __init__(self, ink: Ink, race: Race, field: Sequence[Runner], index: int, values: Sequence[int]) -> None:
        self.ink = ink
        self.race = race
        self.field = field
        self.index = index
        self.lap = race.laps[index]
        self.by_id = {runner.contender.id: runner for runner in field}
        here = [(runner, runner.contender.places[index]) for runner in field]
        self.hidden = sum(1 for runner, place in here if place.rank and not runner.shown)
        self.ranked = sorted(
            ((runner, place) for runner, place in here if place.rank and runner.shown),
            key=lambda item: item[1].rank or 0,
        )
        self.unit, self.letter = formats.unit_of(values)
        self.told = all(runner.mark in (str(place.rank), runner.contender.id) for runner, place in self.ranked)

    @property
    def sides(self) -> tuple[str, ...]:
        """The sides of a head to head; none of another race."""
        return self.race.query.versus if self.race.subject.kind is Kind.VERSUS else ()

    def figure(self, tokens: int | None) -> str:
        """Tokens in the race's unit; with two places less where they are thousands of it."""
        return formats.tokens_in(tokens, self.unit, 2 if (tokens or 0) < 1000 * self.unit else 0)

    def counts(self, place: Place) -> bool:
        """Whether a place is on the basis: a model's rank is among all named rows."""
        return self.race.subject.kind is not Kind.MODEL or (place.rank or 99) <= self.race.query.lens.basis.size

    def rest(self) -> list[tuple[str, int]]:
        """What the contenders do not carry: other rows of the basis, unattributed ones, and what lies outside."""
        lap, race = self.lap, self.race
        if lap.total is None or lap.outside is None or not lap.known:
            return []
        kind = race.subject.kind
        places = [runner.contender.places[self.index] for runner in self.field]
        mine = sum(place.tokens or 0 for place in places if self.counts(place))
        sides = race.subject.sides
        countries = kind is Kind.COUNTRY or (sides is not None and is_country_pair(*sides))
        nameless = (lap.unattributed or 0) if countries else 0
        noun = "countries" if countries else "models" if kind is Kind.MODEL else "vendors"
        rows = [(f"other {noun}", lap.total - lap.outside - mine - nameless), ("?? unattributed", nameless)]
        return [*((name, n) for name, n in rows if n > 0), (OUT[race.query.lens.basis], lap.outside)]

    def who(self, id_: str, width: int) -> list[Piece]:
        """A leader by mark, code and name."""
        runner = self.by_id.get(id_)
        return [(id_, "text")] if runner is None else runner.pieces(width)

    # The column

    def column(self, width: int, height: int) -> list[Strip]:
        """Beside the chart: the period, its contenders, the lead, the flips, and who is not among them now."""
        blocks = [self._table(width), self._lead(width)]
        used = sum(len(block) + 1 for block in blocks)
        past = lists.absent(self, width)
        room = height - used
        listed = lists.flips(self, width, max(0, room - (len(past) + 1 if room >= len(past) + 9 else 0)))
        if listed:
            blocks.append(listed)
            used += len(listed) + 1
        if past and height - used >= 3:
            blocks.append(past[: height - used])
            used += len(blocks[-1]) + 1
        if height - used >= 5:
            blocks.append(lists.laps(self, width, height - used))
        lines: list[Strip] = []
        for block in blocks:
            lines += [blank(width)] * bool(lines and block) + block
        return lines[:height]

    def _table(self, width: int) -> list[Strip]:
        ink, lap = self.ink, self.lap
        head = Line(ink, width).pieces(date_pieces(lap, year=width >= 46 or lap.state is not State.RUNNING))
        tilde = "~" if lap.state is State.RUNNING else ""
        change = f"{tilde}{formats.CHANGE_HEADS[lap.period.grain].replace(' %', '')} %"
        out = [self._row(head, self.letter, "%", change, "dim", "dim")]
        if lap.total is None:
            return [head.strip(), *self._sentence(width, f"The record lacks this {lap.period.grain}.")]
        whole = Line(ink, width).to(2 if self.told else 5).put("all tokens", "text")
        thousands = lap.total >= 1000 * self.unit
        total = formats.tokens(lap.total) if thousands else self.figure(lap.total)
        out.append(self._row(whole, total, "100", formats.signed(lap.change), "text", "text"))
        if not lap.known and not self.ranked:
            basis = self.race.query.lens.basis
            return [*out, *self._sentence(width, f"The split is not known on {basis}: fewer rows are recorded.")]
        out += [self._contender(width, runner, place) for runner, place in self.ranked if self.counts(place)]
        start = 2 if self.told else 5
        for text, tokens in self.rest():
            line = Line(ink, width).to(start)
            short = len(text) > width - start - FIGURES
            line.put(text.partition(" ")[0] if short else text, "dim")
            share = formats.percent(tokens / lap.total if lap.total else None)
            out.append(self._row(line, self.figure(tokens), share, "", "dim", "dim"))
        out += [self._contender(width, runner, place) for runner, place in self.ranked if not self.counts(place)]
        if self.hidden:
            out.append(Line(ink, width).to(start).put(f"{self.hidden} hidden by the filter", "accent").strip())
        return out

    def _contender(self, width: int, runner: Runner, place: Place) -> Strip:
        """Rank (where the mark does not say it), name, tokens, share and change; dim outside the basis."""
        line = Line(self.ink, width)
        if not self.told:
            line.right([(str(place.rank), "dim")], 2).put(" ")
        role = "bright" if runner.contender.id == self.lap.leader else "text" if self.counts(place) else "dim"
        line.pieces(runner.pieces(width - line.at - FIGURES, role))
        ((text, moved),) = change_cell(place.change)
        return self._row(line, self.figure(place.tokens), formats.percent(place.share), text, role, moved)

    @staticmethod
    def _row(line: Line, tokens: str, share: str, change: str, role: str, last: str) -> Strip:
        end = line.width
        line.right([(tokens, role)], end - 14).right([(share, role)], end - 8)
        return line.right([(change, last)]).strip()

    def _sentence(self, width: int, text: str) -> list[Strip]:
        return [Line(self.ink, width).pieces(part).strip() for part in wrap([(text, "text")], width)]

    def lead_pieces(self, width: int) -> list[list[Piece]]:
        """Who led and for how long, and the flip if there was one, as sentences."""
        lap, grain = self.lap, self.lap.period.grain
        out: list[list[Piece]] = []
        if lap.leader is not None:
            if lap.state is State.RUNNING:
                out.append([("~ on course: ", "accent"), *self.who(lap.leader, width - 13)])
            else:
                streak = formats.streak_words(lap.held, grain) if lap.held else ""
                out.append([("led by ", "dim"), *self.who(lap.leader, width - 9 - len(streak)), (f", {streak}", "dim")])
        flip = lap.flip
        if flip is not None:
            mark = f"◆{lap.number}" if lap.number else "◇ ~"
            after, before = (self.figure(flip.tokens.get(side)) for side in (flip.after, flip.before))
            verb = " passes " if lap.number else " is on course to pass "
            runner = self.by_id.get(flip.after)
            out.append(
                [
                    (mark, f"{runner.role}+" if runner else "bright"),
                    (verb, "text"),
                    *self.who(flip.before, 30),
                    (f", {after} : {before}", "text"),
                ]
            )
        if self.race.subject.kind is Kind.VERSUS and lap.known:
            a, b = (self.by_id[side].contender.places[self.index].tokens or 0 for side in self.race.query.versus)
            ratio = formats.two_sided(a / b) if a and b else formats.NO_DATA
            out.append([(" : ".join(self.race.query.versus) + "  ", "dim"), (ratio, "bright")])
        return out

    def _lead(self, width: int) -> list[Strip]:
        lines = [part for pieces in self.lead_pieces(width) for part in wrap(pieces, width)]
        return [Line(self.ink, width).pieces(part).strip() for part in lines]

    # Without room for a column

    def lines(self, width: int, height: int) -> list[Strip]:
        """Under the chart: the period and its total, the contenders side by side, who led."""
        ink, lap = self.ink, self.lap
        line = Line(ink, width).to(1).pieces(date_pieces(lap))
        if lap.total is not None:
            tilde = "~" if lap.state is State.RUNNING else ""
            line.put(f"  {formats.tokens(lap.total)}", "bright").put(f" {tilde}{formats.signed(lap.change)}%", "dim")
        lead = self.lead_pieces(width - 8)
        if lead and line.room >= width_of(lead[0]) + 3:
            line.right(lead.pop(0))
        out = [line.strip()]
        rows: list[list[Piece]] = []
        for runner, place in self.ranked:
            share = f"{formats.percent(place.share)}%"
            moved = change_cell(place.change)[0][0]
            rows.append(
                [
                    *runner.pieces(18, "text"),
                    (f" {self.figure(place.tokens)}", "bright"),
                    (f" {share}", "text"),
                    (f" {moved}", "dim"),
                ]
            )
        for n in range(1, height):
            line = Line(ink, width).to(1)
            if n == height - 1 and lead and height >= 3:
                line.pieces(lead[0])
            else:
                while rows and line.room >= width_of(rows[0]):
                    line.pieces(rows.pop(0)).put("   ")
            out.append(line.strip())
        return out[:height]

    def table(self, width: int, height: int) -> list[Strip]:
        """Instead of a chart: rank, name, tokens and eight periods, a row each."""
        ink = self.ink
        out = [
            Line(ink, width).to(1).pieces(date_pieces(self.lap, year=width >= 34)).right([(self.letter, "dim")]).strip()
        ]
        for runner, place in self.ranked[: height - 1]:
            figure = self.figure(place.tokens)
            line = Line(ink, width).to(1)
            if not self.told:
                line.right([(str(place.rank), "dim")], 3).put(" ")
            trend = [p.tokens or None for p in self._trend(runner)]
            tail: list[Piece] = [*sparkline(trend), (" ", "text"), (figure.rjust(6), "text")]
            line.pieces(runner.pieces(width - line.at - width_of(tail) - 1))
            out.append(line.right(tail).strip())
        if not self.ranked:
            out += self._sentence(width, "Not known here.")
        return out

    def _trend(self, runner: Runner) -> Sequence[Place]:
        return runner.contender.places[max(0, self.index - 7) : self.index + 1]
