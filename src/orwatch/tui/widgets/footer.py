"""The footer: source and `as_of`, poll, next and budget; then the keys of the focused pane, help and quit."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from textual.strip import Strip

from orwatch.present import formats
from orwatch.present.citation import LICENCE, SOURCE, citation, short_citation
from orwatch.present.formats import cell_width
from orwatch.present.panes import PANES
from orwatch.present.table import Piece, width_of
from orwatch.tui.actions import ACTIONS
from orwatch.tui.keymap import Keymap
from orwatch.tui.themes import Ink
from orwatch.tui.view_state import ViewState
from orwatch.tui.widgets.caption import Caption
from orwatch.tui.widgets.line_widget import Bar
from orwatch.tui.widgets.now_line import NowLine
from orwatch.tui.widgets.paint import Layout, Line, clickable, fitting, with_links


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


KEEP: list[Piece] = clickable([("Enter", "accent+"), (" keep", "dim")], "key:enter")
CLEAR: list[Piece] = clickable([("Esc", "accent+"), (" clear", "dim")], "key:escape")
"""Offered while a filter is typed."""


class Footer(Bar):
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
        self.cites: Sequence[str] = ()
        self._age_s: float | None = None

    def show(
        self,
        view: ViewState,
        pane: str,
        *,
        zoomed: bool,
        tells: bool = False,
        cites: Sequence[str] = (),
    ) -> None:
        """Takes a view and the focused pane. tells: what the row under the header tells has no place there.

        cites: the pane's own sources, at length, short, and perhaps shorter; none: those of the rankings.
        """
        self.cites = cites
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
            out += clickable([("! ", "trouble+"), (view.problem, "text")], "problem")
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
        if self.cites:
            return self.cites[1 if short else 0]
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
        line.pieces(with_links(cite, "dim"))
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
        for offer in self._offers():
            if line.at + width_of(offer) + 2 + width_of(end) + 2 > width:
                break
            line.pieces(offer).put("  ", "dim")
        return line.right(end, width - 1).strip()

    def _offers(self) -> list[list[Piece]]:
        """Keys and what they do here, the most useful first."""
        if self.view.typing:
            told = [[("type", "accent+"), (" to filter", "dim")], [("!", "accent+"), (" excludes", "dim")]]
            return [*told, KEEP, CLEAR]
        actions = self.keymap.footer(self.pane)
        if self.zoomed:
            actions.sort(key=lambda action: action.id != "zoom")
        first: list[list[Piece]] = []
        if self.view.problem and self.pane in PANES:
            first = [self._offer("problem"), self._offer("refresh", "try again now"), self._offer("pause", "pause")]
            actions = [action for action in actions if action.id != "refresh"]
        if self.view.typed or self.view.filter:
            first.append(self._offer("close", "clear filter"))
        titles = {"zoom": "back"} if self.zoomed else {}
        return [offer for offer in (*first, *(self._offer(one.id, titles.get(one.id, "")) for one in actions)) if offer]

    def _offer(self, id_: str, title: str = "") -> list[Piece]:
        """A key and what it does; `[ ]`, `j k` where an action is offered together with its counterpart."""
        action = next(action for action in ACTIONS if action.id == id_)
        ids = [id_]
        if id_ in ("back", "next_row", "earlier"):
            ids.append(next(other.id for other in ACTIONS if other.told_by == id_))
        return self.keymap.offer(ids, title or action.title)

    def _single(self, width: int) -> Strip:
        keys: list[Piece] = [*self._offer("filter"), ("  ", "dim"), *self._offer("help")]
        if self.view.typing:
            keys = [*KEEP, ("  ", "dim"), *CLEAR]
        elif self.pane not in PANES:
            keys = [*self._offer("close", "back"), ("  ", "dim"), *self._offer("help")]
        line = Line(self.ink, width).to(1)
        unkept = self._unkept(short=True) if width >= NARROW or not self.view.problem else []
        before: list[Piece] = [*unkept, (" · ", "dim")] if unkept else []
        if self.view.problem:
            if not self.view.typing and self.pane in PANES:
                keys = [*self._offer("problem"), ("  ", "dim"), *self._offer("help")]
            room = width - width_of(keys) - 6 - width_of(before)
            line.pieces(before).pieces(
                clickable([("! ", "trouble+"), (formats.end_cut(self.view.problem, room - 2), "text")], "problem")
            )
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
        whole = with_links(self._cite(short=True), "dim")
        least: Piece = (f"as of {formats.short_moment(snapshot.as_of)}" if snapshot else "", "dim")
        if self.cites:
            least = (self.cites[-1], "dim")
        layouts: list[Layout] = [
            ([*before, *whole], [*self._status(short=True), ("   ", "dim"), *keys], 4),
            ([*before, *whole], keys, 5),
            ([*before, least], keys, 5),
        ]
        left, right = fitting([*layouts, (unkept, keys, 5)] if unkept else layouts, width)
        return line.pieces(left).right(right, width - 1).strip()
