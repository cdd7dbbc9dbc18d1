"""Panes whose rows are a table: they share cursor, scroll, sort, filter and states."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar, Generic, TypeVar

from msgspec.structs import replace
from textual import events
from textual.strip import Strip

from orwatch.domain.filters import Facts
from orwatch.tui.panes.base import Pane
from orwatch.tui.themes import Ink
from orwatch.tui.view_state import ViewState
from orwatch.tui.widgets.paint import Piece, blank, cells
from orwatch.tui.widgets.table import Column, Drawn, Layout, draw_head, draw_row, place

RowT = TypeVar("RowT")

KEPT_ROWS = 512
"""Drawn rows that a pane keeps."""

KEPT_LAYOUTS = 4
"""Layouts that a pane keeps: a list whose columns follow its rows goes to and fro between a few while a filter is typed."""

SELECTS = ("filter", "favourites", "unread", "problem", "known")
"""What of a view, besides its snapshot, decides which rows there are and in what order."""


class TablePane(Pane, Generic[RowT]):
    """A pane whose rows are a table. The cursor stays on its row's key, the scroll where it is, whatever a refresh brings."""

    sorts: ClassVar[dict[str, Callable[[Any], Any]]] = {}
    default_sort: ClassVar[str] = ""
    extra: ClassVar[int] = 0

    def __init__(self, ink: Ink) -> None:
        super().__init__(ink)
        self.cursor_key: str | None = None
        self.cursor = 0
        self.top = 0
        self.sort = self.default_sort
        self.reversed = False
        self.rows: Sequence[RowT] = ()
        self._selected_by: tuple[str, bool] | None = None
        self.chosen: tuple[str, ...] = ()
        self._layout: Layout[RowT] = Layout(0, [])
        self._layouts: dict[tuple[object, ...], Layout[RowT]] = {}
        self._laid_out_of: object = None
        self._facts_of: Sequence[RowT] | None = None
        self._all_facts: list[Facts] = []

    def source(self) -> Sequence[RowT]:
        """Every row of the view, unfiltered."""
        raise LookupError(self.key)

    def facts(self, row: RowT) -> Facts:
        """What filters can ask of a row."""
        raise LookupError(self.key)

    def row_key(self, row: RowT) -> str:
        """What the cursor holds on to."""
        raise LookupError(self.key)

    def pin_key(self, row: RowT) -> str:
        """What a favourite is kept by."""
        return self.row_key(row)

    def columns(self, width: int) -> list[Column[RowT]]:
        """The columns, in order. Not of the filter: they are kept while one is typed, and so are the rows drawn in them."""
        raise LookupError(self.key)

    def chosen_columns(self, width: int) -> list[Column[RowT]]:
        """The columns that the settings ask for (`chosen`, by key), in their order; all where they ask for none."""
        columns = {column.key: column for column in self.columns(width)}
        kept = [columns[name] for name in self.chosen if name in columns]
        # A head may reach over the gap before its column; any other neighbour may have no room for that.
        kept = [replace(column, width=max(column.width, cells(column.head))) for column in kept]
        return kept or list(columns.values())

    def made_of(self) -> object:
        """What else the columns are made of."""
        return None

    def title_facts(self) -> list[str]:
        """The dim facts of the title, without the position."""
        return []

    def foot(self, width: int, height: int) -> list[Strip]:
        """Rows under the table that do not scroll."""
        return []

    def show(self, view: ViewState) -> None:
        """Takes a view: rows are filtered and sorted anew where that could change them, the cursor stays on its row."""
        before, self.view = self.view, view
        same = before.snapshot is view.snapshot and all(getattr(before, n) == getattr(view, n) for n in SELECTS)
        if not same or self._selected_by != (self.sort, self.reversed):
            self.select_rows()
        self.redraw()

    def select_rows(self) -> None:
        """Filters and sorts the rows, and finds the cursor's row again."""
        self._selected_by = (self.sort, self.reversed)
        chosen = self.view.filter
        key = self.sorts.get(self.sort) if self.sort != self.default_sort else None
        pins = self.view.favourites
        if not (chosen or key or self.reversed or pins):
            self._hold(self.source())  # as it is: it may make its rows only when they are looked at
            return
        rows = chosen.select(*self._rows_told()) if chosen else list(self.source())
        if key is not None:
            known = [row for row in rows if key(row) is not None]
            rows = [*sorted(known, key=key), *(row for row in rows if key(row) is None)]
            if self.reversed:
                rows = [*sorted(known, key=key, reverse=True), *(row for row in rows if key(row) is None)]
        elif self.reversed:
            rows.reverse()
        if pins:
            rows.sort(key=lambda row: self.pin_key(row) not in pins)
        self._hold(rows)

    def _hold(self, rows: Sequence[RowT]) -> None:
        """Takes the rows in their order; the cursor stays on its row, or where it was."""
        self.rows = rows
        if self.cursor_key is not None:
            for n, row in enumerate(rows):
                if self.row_key(row) == self.cursor_key:
                    self.cursor = n
                    return
        self.cursor = max(0, min(self.cursor, len(rows) - 1))

    def _rows_told(self) -> tuple[Sequence[RowT], list[Facts]]:
        """Every row, and what filters can ask of each."""
        found = self.source()
        if self._facts_of is not found:
            self._facts_of, self._all_facts = found, [self.facts(row) for row in found]
        return found, self._all_facts

    def build(self, width: int, height: int) -> list[Strip]:
        """Title, heads, the rows in view, and the foot."""
        lines: list[Strip] = []
        foot = self._foot(width, height)
        room = max(0, height - len(foot) - self._above)
        self.top = max(0, min(self.top, len(self.rows) - room))
        seen = self.rows[self.top : self.top + room]
        if self.titled:
            lines.append(self.title_line(width, [self.position(len(seen)), *self.title_facts()]))
        if not self.rows and (empty := self.empty_state()):
            return [*lines, blank(width), *self.sentences(width, empty)]
        self.lay_columns(width)
        if self.headed:
            lines.append(self._head(width))
        for n, row in enumerate(seen, self.top):
            lines.append(self.draw(row, width, cursor=self.active and n == self.cursor))
        return [*lines, *foot]

    def _head(self, width: int) -> Strip:
        """The heads of the columns."""
        by, heads = (self.sort, self.reversed), self._layout.heads
        if by not in heads:
            heads[by] = draw_head(self.ink, width, self._layout.placed, *by)
        return heads[by]

    @property
    def headed(self) -> bool:
        """Whether the columns have heads."""
        return True

    @property
    def _above(self) -> int:
        """Rows above the table's first."""
        return int(self.titled) + int(self.headed)

    def draw(self, row: RowT, width: int, *, cursor: bool) -> Strip:
        """One row of the table."""
        pinned = bool(self.view.favourites) and self.pin_key(row) in self.view.favourites
        needles = self.view.filter.needles
        layout = self._layout
        if cursor:
            return draw_row(self.ink, width, layout.placed, row, cursor=True, pinned=pinned, needles=needles)
        key = (self.row_key(row), pinned)
        drawn = layout.rows.get(key)
        if drawn is None:
            if len(layout.rows) >= KEPT_ROWS:
                layout.rows.clear()
            drawn = layout.rows[key] = Drawn(self.ink, width, layout.placed, row, pinned=pinned)
        return drawn.lit(needles)

    def lay_columns(self, width: int) -> None:
        """Places the columns, anew only where what they are made of has changed; rows drawn in them are kept as long."""
        view = self.view
        if self._laid_out_of is not view.snapshot:
            self._laid_out_of = view.snapshot
            self._layouts.clear()
        asked = (width, self.ink, self.alone, self.titled, self.zoomed, view.running, view.unread, self.made_of())
        known = self._layouts.get(asked)
        if known is None:
            if len(self._layouts) >= KEPT_LAYOUTS:
                self._layouts.clear()
            known = self._layouts[asked] = Layout(width, place(self.chosen_columns(width), width))
        self._layout = known

    def _foot(self, width: int, height: int) -> list[Strip]:
        """The foot, kept as long as the columns."""
        layout = self._layout
        if self._laid_out_of is not self.view.snapshot or layout.width != width:
            return self.foot(width, height)
        if (width, height) not in layout.feet:
            layout.feet[width, height] = self.foot(width, height)
        return layout.feet[width, height]

    def position(self, seen: int) -> str:
        """Where the view is, in words: `1–15 of 50`."""
        total = len(self.source())
        if not self.rows or not seen:
            return f"0 of {total}" if total else ""
        if self.view.filter and seen == len(self.rows):
            return f"{len(self.rows)} of {total}"
        return f"{self.top + 1}–{self.top + seen} of {len(self.rows)}" + (" that match" if self.view.filter else "")

    def empty_state(self) -> list[list[Piece]]:
        """Sentences for a table without rows: what is being asked, or what would match."""
        view = self.view
        if view.filter and self.source():
            out: list[list[Piece]] = [
                [
                    (
                        f"No {self.noun} of this {view.snapshot.period.grain if view.snapshot else 'period'} matches ",
                        "text",
                    ),
                    (self.filter_words(), "bright"),
                ]
            ]
            for n, word in enumerate(view.filter.words):
                loose = view.filter.without(n)
                count = len(loose.select(*self._rows_told()))
                if count and (text := view.typed.split()) and n < len(text) and word:
                    out.append([(f"{count} {'matches' if count == 1 else 'match'} without ", "dim"), (text[n], "text")])
            return [
                *out,
                [],
                [("Esc", "accent+"), (" clear the filter  ", "dim"), ("/", "accent+"), (" change it", "dim")],
            ]
        if view.problem and view.snapshot is None:
            return [[("! ", "trouble+"), (view.problem, "text")]]
        if view.snapshot is None:
            return [[(view.progress or "Reading the cache", "text")]]
        return [[(f"No {self.noun} in this {view.snapshot.period.grain}", "dim")]]

    noun: ClassVar[str] = "row"

    def filter_words(self) -> str:
        """The filter as it is read."""
        chosen = self.view.filter
        picked = [*sorted(chosen.vendors), *sorted(chosen.countries)]
        picked += [f"!{name}" for name in (*sorted(chosen.not_vendors), *sorted(chosen.not_countries))]
        return " ".join([self.view.typed, *picked]).strip()

    def _view_rows(self) -> int:
        height = self.size.height
        return max(1, height - len(self._foot(self.size.width, height)) - self._above)

    def follow(self) -> None:
        """Brings the cursor into view, where the user changed what the rows are."""
        if self.rows:
            self._show_row(self.cursor)

    def move(self, by: int) -> None:
        """Moves the cursor by rows; the view follows only when it would leave it."""
        if not self.rows:
            return
        self._set_cursor(max(0, min(len(self.rows) - 1, self.cursor + by)))

    def jump(self, *, last: bool) -> None:
        """Moves the cursor to the first or last row."""
        if self.rows:
            self._set_cursor(len(self.rows) - 1 if last else 0)

    def page(self, by: int) -> None:
        """Moves the cursor by views."""
        self.move(by * max(1, self._view_rows() - 1))

    def _set_cursor(self, to: int) -> None:
        self.cursor = to
        self.cursor_key = self.row_key(self.rows[to])
        self._show_row(to)

    def _show_row(self, to: int) -> None:
        room = self._view_rows()
        if to < self.top:
            self.top = to
        elif to >= self.top + room:
            self.top = to - room + 1
        self.redraw()

    def next_sort(self) -> None:
        """Sorts by the next column that offers it."""
        offered = [p.column.sort for p in self._layout.placed if p.column.sort]
        if offered:
            at = offered.index(self.sort) if self.sort in offered else -1
            self.sort, self.reversed = offered[(at + 1) % len(offered)] or "", False
            self.select_rows()
            self.follow()
            self.redraw()

    def reverse_sort(self) -> None:
        """Reverses the sort."""
        self.reversed = not self.reversed
        self.select_rows()
        self.follow()
        self.redraw()

    def on_click(self, event: events.Click) -> None:
        """A click on a row moves the cursor there; a click on a head sorts by its column."""
        event.prevent_default()  # Textual would go on to the handlers of the base classes
        row = event.y - self._above + self.top
        inside = event.y >= self._above and 0 <= row < len(self.rows)
        self.post_message(self.Picked(self, again=inside and row == self.cursor))
        if inside:
            self._set_cursor(row)
        elif self.headed and event.y == self._above - 1:
            self.sort_by(event.x)

    def sort_by(self, x: int) -> None:
        """Sorts by the column at a cell of the heads; by the same again, reversed."""
        by = next((p.column.sort for p in self._layout.placed if p.column.sort and p.at <= x < p.at + p.width), None)
        if by is None:
            return
        if by == self.sort:
            self.reverse_sort()
        else:
            self.sort, self.reversed = by, False
            self.select_rows()
            self.follow()
            self.redraw()
