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
from orwatch.tui.widgets.caption import Caption, NowLine
from orwatch.tui.widgets.paint import Bar, Layout, Line, clickable, with_links


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
        super().__init__(ink, "footer")
        self.keymap = keymap
        self.told = told
        self.tells = False
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
        unkept = [*self._unkept(short=width < ROOMY), (" · ", "dim")] if self.polling.unkept else []
        cite, short_cite = self._cite(short=False), self._cite(short=True)
        licensed = f"{cite}. {LICENCE}" if self.view.snapshot and self.view.snapshot.source == "demo" else cite
        status, short = self._status(short=False), self._status(short=True)
        tries = [(licensed, status), (cite, status), (short_cite, status), (short_cite, short)]
        layouts: list[Layout] = [([*unkept, *with_links(text, "dim")], told, 4) for text, told in tries]
        least = layouts[-1][0]
        over = width_of(least) + width_of(short) + 4 - width
        if self.view.problem:
            mark, (text, role), *rest = short
            short = [mark, (formats.end_cut(text, cell_width(text) - over), role), *rest]
        return self.ends([*layouts, (least, short, 0)], width)

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
        help_: list[Piece] = [("  ", "dim"), *self._offer("help")]
        problem, panes = self.view.problem, self.pane in PANES
        unkept = self._unkept(short=True) if width >= NARROW or not problem else []
        before: list[Piece] = [*unkept, (" · ", "dim")] if unkept else []
        if self.view.typing:
            keys = [*KEEP, ("  ", "dim"), *CLEAR]
        elif not panes:
            keys = [*self._offer("close", "back"), *help_]
        else:
            keys = [*self._offer("problem" if problem else "filter"), *help_]
        if problem:
            room = width - width_of(keys) - 6 - width_of(before)
            said = clickable([("! ", "trouble+"), (formats.end_cut(problem, room - 2), "text")], "problem")
            return self.ends([([*before, *said], keys, 0)], width)
        layouts: list[Layout] = []
        if self.tells and panes and not self.view.typing:
            paused: list[Piece] = [("paused", "dim"), ("   ", "dim")] if self.polling.paused else []
            layouts = [
                ([*before, *left], [*right, ("   ", "dim"), *paused, *(help_[1:] if right else keys)], blanks)
                for left, right, blanks in self.told.layouts(self.view)
            ]
        if not layouts:
            whole = [*before, *with_links(self._cite(short=True), "dim")]
            snapshot = self.view.snapshot
            least = f"as of {formats.short_moment(snapshot.as_of)}" if snapshot else ""
            layouts = [
                (whole, [*self._status(short=True), ("   ", "dim"), *keys], 4),
                (whole, keys, 5),
                ([*before, (self.cites[-1] if self.cites else least, "dim")], keys, 5),
            ]
        return self.ends([*layouts, (unkept, keys, 0)] if unkept else layouts, width)
