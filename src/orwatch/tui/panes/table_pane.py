"""Panes whose rows are a table: they share cursor, scroll, sort, filter and states."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from typing import ClassVar, Generic, TypeVar

from msgspec.structs import replace
from textual import events
from textual.strip import Strip

from orwatch.domain.explain import EXPLAINED, Figure
from orwatch.domain.filters import Facts, Filter
from orwatch.domain.leads import Kind
from orwatch.present import formats
from orwatch.present.formats import cell_width
from orwatch.present.table import Column, Piece, Pieces, Placed, Table, choose_columns, place, spread
from orwatch.tui.market_reader import MarketReader
from orwatch.tui.panes.pane import Pane, spaced
from orwatch.tui.themes import Ink
from orwatch.tui.view_state import ViewState
from orwatch.tui.widgets.paint import Line, beside, draw_head, draw_row, filled

RowT = TypeVar("RowT")
ScaleT = TypeVar("ScaleT")


class TablePane(Pane, Generic[RowT, ScaleT]):
    """A pane whose rows are a table. The cursor stays on its row's id, the scroll where it is, whatever a refresh brings.

    back_to: the scroll to come back to, which the pane may have neither room nor rows for yet; None once the user moves on.
    kind: what its rows are about, whose detail can be opened. quiet: it tells where its view is only with the cursor, or filtered.
    between: cells before what stands beside its rows. foot_below: the foot stands under all of it, lowest, and not under the rows.
    """

    narrowed = frozenset({"words", "vendors", "countries"})
    table: Table[RowT, ScaleT]
    kind: ClassVar[Kind | None] = None
    quiet: ClassVar[bool] = False
    between: ClassVar[int] = 3
    foot_below: ClassVar[bool] = False

    cursor_id: str | None = None
    cursor = 0
    top = 0
    back_to: int | None = None
    reversed = False
    everything: Sequence[RowT] = ()
    rows: Sequence[RowT] = ()

    def __init__(self, ink: Ink, reader: MarketReader, hint: Callable[[str], str]) -> None:
        super().__init__(ink, reader, hint)
        self.title = self.title or self.table.title
        self.sort = self.table.default_sort

    def source(self) -> Sequence[RowT]:
        """Every row of the view, unfiltered."""
        raise LookupError(self.key)

    def scale(self, width: int) -> ScaleT:
        """What the cells are measured by, in a pane of so many cells."""
        raise LookupError(self.key)

    def columns(self) -> Sequence[Column[RowT]]:
        return self.table.drawn(self.table.scale if self.view.snapshot is None else self.scale(self.size.width))

    def target(self) -> tuple[Kind, str] | None:
        here = self.current
        return (self.kind, id_) if here is not None and self.kind and (id_ := self.pin_id(here)) else None

    def figure(self, row: RowT, column: Column[RowT]) -> Figure | None:
        """The figure of a row in a column; None where there is none."""
        term = column.defined_as
        return Figure(term, self.kind, self.table.row_id(row)) if term in EXPLAINED else None

    def figures_below(self) -> Sequence[Figure]:
        """Those that stand under the table, or belong to all of it."""
        return ()

    def figures(self) -> tuple[Sequence[Figure], int]:
        """Row by row, then those below; the cursor is on its row, in the column that is sorted by, or the first."""
        columns = [p.column for p in self.placed(self.list_width)]
        found: list[Figure] = []
        at = 0
        for n, row in enumerate(self.rows):
            mine = [(column.sort, figure) for column in columns if (figure := self.figure(row, column)) is not None]
            if n == self.cursor:
                at = len(found) + next((k for k, (sort, _) in enumerate(mine) if sort and sort == self.sort), 0)
            found += [figure for _, figure in mine]
        return [*found, *self.figures_below()], at

    def pin_id(self, row: RowT) -> str:
        """What a favourite is kept by."""
        return (self.table.pin_id or self.table.row_id)(row)

    def placed(self, width: int) -> list[Placed[RowT]]:
        """The columns in their places: those that the settings name in their order, all where they name none."""
        if self.view.snapshot is None:
            return []
        columns: Sequence[Column[RowT]] = self.table.drawn(self.scale(width))
        if any(column.key in self.column_names for column in columns):
            # A head may reach over the gap before its column; any other neighbour may have no room for that.
            columns = [
                replace(column, width=max(column.width, cell_width(column.head)))
                for column in choose_columns(columns, self.column_names)
            ]
        return spread(place(columns, width), width)

    def title_facts(self) -> list[str]:
        """The dim facts of the title, without the position."""
        return []

    def foot(self, width: int, height: int) -> list[Strip]:
        """Rows under the table that do not scroll."""
        return []

    @property
    def current(self) -> RowT | None:
        """The row under the cursor."""
        return self.rows[self.cursor] if self.rows else None

    def show(self, view: ViewState) -> None:
        """Takes a view: another one's rows are filtered and sorted anew, the cursor stays on its row."""
        if view is not self.view:
            self.view = view
            self.renew()
        self.redraw()

    def renew(self) -> None:
        """Makes its rows anew; the cursor stays on its own."""
        self.everything = self.source() if self.view.snapshot is not None else ()
        self.select_rows()

    def select_rows(self) -> None:
        """Filters and sorts the rows, and finds the cursor's row again."""
        by, pins = self.filter, self.view.favourites
        rows = self.everything
        if by and rows:
            rows = by.select(rows, self.filter_facts(), self.offers)
        rows = self.table.ordered(rows, self.sort, reverse=self.reversed)
        if pins:
            rows = sorted(rows, key=lambda row: self.pin_id(row) not in pins)
        self.rows = rows
        found, id_ = self.cursor, self.cursor_id
        if id_ is not None:  # else the user has not moved it yet
            found = next((n for n, row in enumerate(rows) if self.table.row_id(row) == id_), found)
        self.cursor = max(0, min(found, len(rows) - 1))

    @property
    def filter(self) -> Filter:
        """What hides its rows: of all choices those that can narrow it."""
        return self.view.filter.about(self.narrowed)

    def filter_facts(self) -> list[tuple[Facts, ...]]:
        """What filters can ask of every row."""
        return [self.table.asked(row) for row in self.everything]

    def badge(self) -> list[Piece]:
        """Beside the name also a sort that no head tells."""
        badge, width = super().badge(), self.list_width
        sorts = {p.column.sort for p in self.placed(width)} if self.sort else ()
        if not sorts or self.sort in sorts:
            return badge
        columns = self.table.columns(self.scale(width))
        head = next((column.head for column in columns if column.sort == self.sort), self.sort)
        return spaced(badge, [(f"{'↑' if self.reversed else '↓'} {head.strip('○● ')}", "dim")])

    def draw(self, width: int, height: int) -> list[Strip]:
        """Title, what stands above the heads, heads, the rows in view, what stands beside them, and the foot."""
        left = self.list_width
        foot = self.foot(width if self.foot_below else left, height) if self.rows else []
        room = max(0, height - len(foot) - self.first)
        self._keep_top(room)
        facts = [self.position(room), *self.title_facts()]
        if self.rows:
            lines = [*self.head(left, facts), *self.above(left), *self.rows_in(left, room)]
        else:
            lines = self.sentences(left, self.empty_state(), facts)
        if not self.foot_below:
            lines, foot = [*lines, *foot], []
        upper = height - len(foot)
        if left < width:
            side = width - left - self.between
            lines = beside(lines, left, self.aside(side, upper), side, upper, self.between)
        elif self.foot_below:
            lines = filled(lines, width, upper)
        return [*lines, *foot]

    def rows_in(self, width: int, room: int) -> list[Strip]:
        """The heads, and what so many lines show of the rows, from the first in view on."""
        placed, pins, needles = self.placed(width), self.view.favourites, self.view.filter.needles
        lines = [draw_head(self.ink, width, placed, self.sort, self.reversed)] if self.headed else []
        rules = self.rules
        for n, ruled in self.lines_from(self.top, room):
            if ruled:
                lines.append(self.rule(width, rules[n]))
                continue
            row = self.rows[n]
            cursor, pinned = self.active and n == self.cursor, bool(pins) and self.pin_id(row) in pins
            lines.append(draw_row(self.ink, width, placed, row, cursor=cursor, pinned=pinned, needles=needles))
        return lines

    def row_below(self, width: int, cells: Mapping[str, Pieces], named: str, *names: str) -> Strip:
        """A dim row under the table's own, in its columns. named: the column of its name, of which it takes the first that fits."""
        line, placed = Line(self.ink, width), {p.column.key: p for p in self.placed(width)}
        tokens = placed.get("tokens")
        if named not in placed:
            line.to(1).put(names[-1], "dim")
        for key, p in placed.items():
            if key == named:
                room = tokens.end - 9 - p.at if tokens is not None and tokens.at > p.at else p.width
                line.to(p.at).put(next((name for name in names if len(name) <= room), names[-1]), "dim")
            elif p.column.right:
                line.right(cells.get(key, ()), p.end)
            else:
                line.to(p.at).pieces(cells.get(key, ()))
        return line.strip()

    # Where its rows are

    @property
    def list_at(self) -> int:
        """The first cell of its rows."""
        return 0

    def aside(self, width: int, height: int) -> list[Strip]:
        """What stands beside its rows, where they do not take the whole width."""
        return []

    def above(self, width: int) -> list[Strip]:
        """What stands between the title and the heads."""
        return []

    @property
    def headed(self) -> bool:
        """Whether the columns have heads."""
        return True

    @property
    def first(self) -> int:
        """The line below the heads."""
        return self.head_rows + len(self.above(self.list_width)) + int(self.headed)

    @property
    def room(self) -> int:
        """Lines for its rows; none in a pane that has no place yet."""
        width, height = self.size
        return max(0, height - len(self.foot(width, height) if self.rows else ()) - self.first) if height else 0

    @property
    def rules(self) -> Mapping[int, str]:
        """Rules between its rows: what each is called, by the row that it stands over."""
        return {}

    def rule(self, width: int, name: str) -> Strip:
        """Draws one."""
        raise LookupError(self.key)

    def lines_from(self, top: int, room: int) -> Sequence[tuple[int, bool]]:
        """What so many lines show from a row on: the row, and whether the line is the rule over it. A rule does not stand last."""
        out: list[tuple[int, bool]] = []
        rules = self.rules
        for n in range(top, len(self.rows)):
            ruled = n in rules and room > 1
            if len(out) + 1 + ruled > room:
                break
            out += [(n, True), (n, False)] if ruled else [(n, False)]
        return out

    def rows_seen(self, top: int, room: int) -> range:
        """The rows that so many lines show from one on."""
        seen = self.lines_from(top, room)
        return range(top, seen[-1][0] + 1 if seen else top)

    def _keep_top(self, room: int) -> None:
        """Scrolled no further than until the last row is in view."""
        top = max(0, min(self.top if self.back_to is None else self.back_to, len(self.rows) - 1))
        while top and self.rows_seen(top - 1, room).stop >= self.rows_seen(top, room).stop:
            top -= 1
        self.top = top

    def position(self, room: int) -> str:
        """Where the view is, in words: `1–15 of 50`. room: lines for its rows."""
        if self.quiet and not (self.active or self.view.filter):
            return ""
        total, seen = len(self.everything), len(self.rows_seen(self.top, room))
        if not self.rows or not seen:
            return f"0 of {total}" if total else ""
        if self.filter and seen == len(self.rows):
            return f"{len(self.rows)} of {total}"
        return f"{self.top + 1}–{self.top + seen} of {len(self.rows)}" + (" that match" if self.filter else "")

    def facts_line(self) -> str:
        return self.position(self.room)

    def waiting(self) -> list[list[Piece]]:
        return [[("! ", "trouble+"), (self.view.problem, "text")]] if self.view.problem else super().waiting()

    def empty_state(self) -> list[list[Piece]]:
        """Sentences for a table without rows: what would match."""
        noun, grain = self.table.noun, formats.noun(self.snapshot.period.grain)
        if not (self.filter and self.everything):
            return [[(f"No {noun} in this {grain}", "dim")]]
        out: list[list[Piece]] = [
            [(f"No {noun} of this {grain} matches ", "text"), (self.filter_words(), "bright")],
            *self._looser(),
            [],
        ]
        keys = [(self.hint("close"), "clear the filter"), (self.hint("filter"), "change it")]
        hints: list[Piece] = []
        for key, words in keys:
            hints += [(key, "accent+"), (f" {words}  ", "dim")] if key else []
        return [*out, hints]

    def _looser(self) -> list[list[Piece]]:
        """In the pane with the cursor the name nearest to a word that no row has; how many rows match without one of the words."""
        by, out, facts = self.filter, [], self.filter_facts()
        near = by.nearest([*chain.from_iterable(facts)]) if self.active else None
        if near is not None:
            out.append([(f"nearest{'' if near[0] == by.text else f' to {near[0]}'}: ", "dim"), (near[1], "bright")])
        for n, word in enumerate(by.words):
            count = len(by.without(n).select(self.everything, facts, self.offers))
            if count:
                words: list[Piece] = [(f"{count} {'matches' if count == 1 else 'match'} without ", "dim")]
                out.append([*words, (word.text, "text")])
        return out

    def filter_words(self) -> str:
        """The filter as it is read."""
        by = self.filter
        picked = sorted((*by.vendors.names, *by.countries.names), key=lambda name: name[:1] == "!")
        return " ".join([by.text, *picked]).strip()

    def follow(self) -> None:
        self.back_to = None
        if self.rows:
            self._show_row(self.cursor)
        self.redraw()

    def move(self, by: int) -> None:
        """Moves the cursor by rows; the view follows only when it would leave it."""
        if self.rows:
            self._set_cursor(max(0, min(len(self.rows) - 1, self.cursor + by)))

    def page(self, by: int) -> None:
        self.move(by * max(1, len(self.rows_seen(self.top, self.room)) - 1))

    def left(self) -> Callable[[], None]:
        id_, cursor, top = self.cursor_id, self.cursor, self.top

        def put_back() -> None:
            self.cursor_id, self.cursor, self.back_to = id_, cursor, top
            self.select_rows()
            self.redraw()

        return put_back

    def _set_cursor(self, to: int) -> None:
        self.back_to = None
        self.cursor = to
        self.cursor_id = self.table.row_id(self.rows[to])
        self._show_row(to)

    def resized(self) -> None:
        """The cursor stays in view in a pane of another height."""
        if self.rows and self.cursor_id is not None:
            self._show_row(self.cursor)

    def _show_row(self, to: int) -> None:
        if not self.size:  # it has no place yet, and is told when it has
            return
        room = max(1, self.room)
        self.top = max(min(self.top, to), to - room + 1)
        while to not in self.rows_seen(self.top, room):
            self.top += 1
        self.redraw()

    def order(self) -> str:
        return "-" * self.reversed + self.sort

    def restore_order(self, order: str) -> None:
        sort = order.removeprefix("-")
        if sort in (*self.table.sorts, self.table.default_sort):
            self.sort_by(sort, reverse=order.startswith("-"))

    def next_sort(self) -> None:
        offered = [p.column.sort for p in self.placed(self.size.width) if p.column.sort]
        if offered:
            at = offered.index(self.sort) if self.sort in offered else -1
            self.sort_by(offered[(at + 1) % len(offered)])

    def reverse_sort(self) -> None:
        self.sort_by(self.sort, reverse=not self.reversed)

    def turn_sort(self, sort: str) -> None:
        """By a sort, and by the table's own again."""
        self.sort_by(self.table.default_sort if self.sort == sort else sort)

    def sort_by(self, sort: str, *, reverse: bool = False) -> None:
        """Sorts by what a column offers."""
        self.sort, self.reversed = sort, reverse
        self.select_rows()
        self.follow()

    def clicked(self, event: events.Click) -> None:
        """A click on a row moves the cursor there; a click on a head sorts by its column; beside its rows it does nothing."""
        if not self.list_at <= event.x < self.list_at + self.list_width:
            return
        at = event.y - self.first
        lines = self.lines_from(self.top, self.room)
        row, ruled = lines[at] if 0 <= at < len(lines) else (0, True)
        self.widget.post_message(self.Clicked(self, again=not ruled and row == self.cursor))
        if not ruled:
            self._set_cursor(row)
        elif self.headed and at == -1:
            heads = (p.column.sort for p in self.placed(self.list_width) if p.at <= event.x - self.list_at < p.end)
            by = next((sort for sort in heads if sort), None)
            if by is not None:
                self.sort_by(by, reverse=by == self.sort and not self.reversed)
