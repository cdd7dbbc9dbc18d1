"""The footer: source and `as_of`, poll, next and budget; then the keys of the focused pane, help and quit."""

from __future__ import annotations

from msgspec import Struct
from textual.strip import Strip

from orwatch.present import formats
from orwatch.present.citation import LICENCE, SOURCE, citation, short_citation
from orwatch.present.formats import cell_width
from orwatch.present.panes import PANES
from orwatch.present.table import Piece, width_of
from orwatch.tui.actions import ACTIONS, Action
from orwatch.tui.keymap import Keymap
from orwatch.tui.themes import Ink
from orwatch.tui.view_state import ViewState
from orwatch.tui.widgets.caption import Caption
from orwatch.tui.widgets.line_widget import LineWidget
from orwatch.tui.widgets.now_line import NowLine
from orwatch.tui.widgets.paint import Layout, Line, fitting


class Polling(Struct, frozen=True):
    """What the footer says of polling. next_s: seconds to the next poll, None while one runs or where there is none.

    used, budget: keyed requests of the last day and how many are allowed; None without a key. note: instead of it all.
    unkept: whether the cache is in memory because its file cannot be written.
    """

    next_s: float | None = None
    used: int | None = None
    budget: int = 500
    paused: bool = False
    note: str | None = None
    unkept: bool = False


ROOMY = 130
"""Cells from which there is room for what being in memory means."""

NARROW = 60
"""Cells below which a problem leaves no room to say that nothing is kept."""


class Footer(LineWidget):
    """Two rows from 31 rows of terminal on, else one."""

    def __init__(self, ink: Ink, keymap: Keymap, told: Caption | NowLine) -> None:
        super().__init__(id="footer")
        self.ink = ink
        self.keymap = keymap
        self.told = told
        self.tells = False
        self.view = ViewState()
        self.pane = PANES[0]
        self.polling = Polling()
        self.zoomed = False
        self._age_s: float | None = None

    def show(self, view: ViewState, pane: str, *, zoomed: bool, tells: bool = False) -> None:
        """Takes a view and the focused pane. tells: what the row under the header tells has no place there."""
        self.view, self.pane, self.zoomed, self.tells = view, pane, zoomed, tells
        self.redraw()

    def tick(self, polling: Polling, age_s: float | None) -> None:
        """The clock line: the only thing that is drawn for time passing."""
        self.polling = polling
        self._age_s = age_s
        self.redraw()

    def build(self, width: int, height: int) -> list[Strip]:
        """The source, and the keys under it; a single row holds the shorter of both."""
        return [self._single(width)] if height == 1 else [self._source(width), self._keys(width)]

    def _status(self, *, short: bool) -> list[Piece]:
        polling, view = self.polling, self.view
        wide = self.size.width >= 150 and not short
        out: list[Piece] = []
        parts: list[str] = []
        if view.problem:
            out += [("! ", "trouble+"), (view.problem, "text")]
        elif self._age_s is not None and not short:
            parts.append(f"polled {formats.age(self._age_s)} ago")
        if polling.note:
            parts = [polling.note]
        elif polling.paused:
            parts.append("paused")
        elif polling.next_s is not None:
            words = "next try in" if view.problem else "next in" if wide else "next"
            parts.append(f"{words} {formats.countdown(polling.next_s)}")
        if polling.used is not None:
            roomy = wide or (view.problem and not short)
            words = f" of {polling.budget} requests today" if roomy else f"/{polling.budget}"
            parts.append(f"{polling.used}{words}")
        if out and parts:
            out.append((" · ", "dim"))
        return [*out, (" · ".join(parts), "dim")]

    def _unkept(self, *, short: bool) -> list[Piece]:
        """That nothing is kept, as long as it is so: a toast alone would be gone when it matters."""
        if not self.polling.unkept:
            return []
        return [("! ", "trouble+"), ("in memory" if short else "in memory, nothing is kept", "text")]

    def _cite(self, *, short: bool) -> str:
        snapshot = self.view.snapshot
        if snapshot is None:
            return SOURCE
        if short:
            lead = "Source: " if self.size.width >= 96 and snapshot.source != "demo" else ""
            return lead + short_citation(snapshot.source, snapshot.as_of)
        return citation(snapshot.source, snapshot.as_of).rstrip(".")

    def _source(self, width: int) -> Strip:
        line = Line(self.ink, width).to(1)
        status = self._status(short=False)
        cite = self._cite(short=False)
        licensed = f"{cite}. {LICENCE}" if self.view.snapshot and self.view.snapshot.source == "demo" else cite
        if self.polling.unkept:
            line.pieces([*self._unkept(short=width < ROOMY), (" · ", "dim")])
        if line.at + len(cite) + width_of(status) + 3 > width:
            cite = self._cite(short=True)
        elif line.at + len(licensed) + width_of(status) + 3 <= width:
            cite = licensed
        line.put(cite, "dim")
        if line.room < width_of(status) + 3:
            status = self._status(short=True)
        over = width_of(status) + 3 - line.room
        if over > 0:
            status = [
                (formats.end_cut(text, cell_width(text) - over) if n == 1 else text, role)
                for n, (text, role) in enumerate(status)
            ]
        return line.right(status, width - 1).strip()

    def _keys(self, width: int) -> Strip:
        end: list[Piece] = [*self._offer("help"), ("  ", "dim"), *self._offer("quit")]
        line = Line(self.ink, width).to(1)
        if self.view.typing:
            offered = [("type", "to filter"), ("!", "excludes"), ("Enter", "keep"), ("Esc", "clear")]
        else:
            actions = self.keymap.footer(self.pane)
            if self.zoomed:
                actions.sort(key=lambda action: action.id != "zoom")
            offered = [
                (self._labels(action), "back" if self.zoomed and action.id == "zoom" else action.title)
                for action in actions
            ]
            if self.view.typed or self.view.filter:
                offered.insert(0, (self.keymap.hint("close"), "clear filter"))
            if self.view.problem and self.pane in PANES:
                again = self.keymap.hint("refresh")
                told = [
                    (self.keymap.hint("problem"), "why"),
                    (again, "try again now"),
                    (self.keymap.hint("pause"), "pause"),
                ]
                offered = [*told, *(one for one in offered if one[0] != again)]
        for key, title in offered:
            if not key:
                continue
            if line.at + len(key) + len(title) + 3 + width_of(end) + 2 > width:
                break
            line.put(key, "accent+").put(f" {title}  ", "dim")
        return line.right(end, width - 1).strip()

    def _offer(self, id_: str, title: str = "") -> list[Piece]:
        """A key and what it does."""
        title = title or next(action.title for action in ACTIONS if action.id == id_)
        key = self.keymap.hint(id_)
        return [(key, "accent+"), (f" {title}", "dim")] if key else []

    def _labels(self, action: Action) -> str:
        """The keys of an action in the footer; `[ ]`, `j k` where it is offered together with its counterpart."""
        if action.id in ("back", "next_row", "earlier"):
            other = next(a for a in ACTIONS if a.told_by == action.id)
            return f"{self.keymap.label(action)} {self.keymap.label(other)}".strip()
        return self.keymap.label(action)

    def _single(self, width: int) -> Strip:
        keys: list[Piece] = [*self._offer("filter"), ("  ", "dim"), *self._offer("help")]
        if self.view.typing:
            keys = [("Enter", "accent+"), (" keep  ", "dim"), ("Esc", "accent+"), (" clear", "dim")]
        elif self.pane not in PANES:
            keys = [*self._offer("close", "back"), ("  ", "dim"), *self._offer("help")]
        line = Line(self.ink, width).to(1)
        unkept = self._unkept(short=True) if width >= NARROW or not self.view.problem else []
        before: list[Piece] = [*unkept, (" · ", "dim")] if unkept else []
        if self.view.problem:
            if not self.view.typing and self.pane in PANES:
                keys = [*self._offer("problem"), ("  ", "dim"), *self._offer("help")]
            room = width - width_of(keys) - 6 - width_of(before)
            line.pieces(before).put("! ", "trouble+").put(formats.end_cut(self.view.problem, room - 2), "text")
            return line.right(keys, width - 1).strip()
        if self.tells and self.pane in PANES and not self.view.typing:
            paused: list[Piece] = [("paused", "dim"), ("   ", "dim")] if self.polling.paused else []
            told = [
                ([*before, *left], [*right, ("   ", "dim"), *paused, *(self._offer("help") if right else keys)], blanks)
                for left, right, blanks in self.told.layouts(self.view)
            ]
            if told:
                left, right = fitting([*told, (unkept, keys, 3)] if unkept else told, width)
                return line.pieces(left).right(right, width - 1).strip()
        snapshot = self.view.snapshot
        whole: Piece = (self._cite(short=True), "dim")
        least: Piece = (f"as of {formats.short_moment(snapshot.as_of)}" if snapshot else "", "dim")
        layouts: list[Layout] = [
            ([*before, whole], [*self._status(short=True), ("   ", "dim"), *keys], 4),
            ([*before, whole], keys, 5),
            ([*before, least], keys, 5),
        ]
        left, right = fitting([*layouts, (unkept, keys, 5)] if unkept else layouts, width)
        return line.pieces(left).right(right, width - 1).strip()
