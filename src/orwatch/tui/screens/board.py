"""What is on the dashboard, and where: header, panes, views over them, footer. Below 100×30 panes become tabs.

And the detail of a row, with the way from a model to its vendor, from there to its country, and back.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final, cast

from msgspec import Struct
from textual.geometry import Region, Size
from textual.strip import Strip

from orwatch.domain.alerts.alert import Alert
from orwatch.domain.leads import Kind
from orwatch.domain.vendors import UNATTRIBUTED
from orwatch.present.panes import PANES, VIEWS
from orwatch.present.table import Piece
from orwatch.tui.actions import Keymap
from orwatch.tui.live import Live
from orwatch.tui.market_reader import MarketReader
from orwatch.tui.panes.alerts import AlertsPane
from orwatch.tui.panes.pane import Pane, pane_class
from orwatch.tui.themes import Ink
from orwatch.tui.view_state import ViewState
from orwatch.tui.widgets.bars import Banner, Caption, Footer, Header, foremost, now_line
from orwatch.tui.widgets.paint import Bar, Drawing, Line, clickable

if TYPE_CHECKING:
    from orwatch.demo.clock import DemoClock
    from orwatch.domain.detail import Detail
    from orwatch.tui.panes.detail import DetailPane

FOUR_PANES: Final = (100, 30)
"""Columns and rows from which four panes fit."""

ROOM_FOR_BOTH: Final = 36
"""Rows from which a flip has a row of its own, beside that which tells the period in progress."""


REST: Final = 0.3
"""Seconds for which a detail is open before its hosts are asked for: those passed by on the way are not."""


SPENT: Final = {"models": "spend", "countries": "bill"}
"""The panes that have another in their place where the measure is spend."""


class Frame(Struct, frozen=True):
    """How a terminal is divided. four: into four panes. banner, footer: their rows. body: the region of the panes."""

    four: bool
    banner: int
    footer: int
    body: Region

    @classmethod
    def of(cls, size: Size, *, tabs: bool, table: bool = True) -> Frame:
        """The frame of a terminal's size. tabs: whether there is a line of tabs above the body where panes do not fit.

        table: whether what is under the tabs is one, whose cursor stands in the margin.
        """
        width, height = size
        four = width >= FOUR_PANES[0] and height >= FOUR_PANES[1]
        banner = 1 + int(height >= ROOM_FOR_BOTH) if four else 0
        footer = 2 if four and height > 30 else 1
        side = 0 if table and tabs and not four else 1
        above = 1 + (banner or int(tabs))
        return cls(four, banner, footer, Region(side, above, width - side - 1, height - above - footer - int(four)))

    def places(self, count: int) -> list[Region]:
        """The places of panes, two a row; the first row is half as high again as those below, an odd last pane has its own."""
        x, y, width, height = self.body
        gutter, rows = 2, (count + 1) // 2
        left = round((width - gutter) * (0.58 if width < 148 else 0.61))
        heights = [int((height - rows + 1) * (3 if n == 0 else 2) / (1 + 2 * rows)) for n in range(rows)]
        heights[-1] = height - rows + 1 - sum(heights[:-1])
        out = []
        for row in heights:
            out += [Region(x, y, left, row), Region(x + left + gutter, y, width - gutter - left, row)]
            y += row + 1
        if count % 2:
            out[-2:] = [Region(x, out[-1].y, width, heights[-1])]
        return out


class Tabs(Bar):
    """Names of the panes where there is no room for four, the active one under a key cap; the position at the right end."""

    def __init__(self, ink: Ink, panes: list[Pane]) -> None:
        super().__init__(ink, "tabs")
        self.panes = panes

    def build(self, width: int, height: int) -> list[Strip]:
        line = Line(self.ink, width)
        active = next((pane for pane in self.panes if pane.active), self.panes[0])
        for pane in self.panes:
            name: list[Piece] = [(f" {pane.number}", "accent")]
            if pane is active:
                line.put(" " if line.at == 0 else "")
                name = [(f" {pane.number} ", "cap"), (f" {pane.title}", "bright")]
            elif width >= 66:
                name = [(f"  {pane.number} ", "accent"), (pane.title, "dim")]
            line.pieces(clickable(name, f"pane{pane.number}"))
            badge = pane.badge() if pane is active or pane.key == "alerts" else []
            line.put(" " if badge else "").pieces(badge).put("  ")
        facts = active.facts_line()
        end = width - 1 - (len(facts) + 1 if facts else 0)
        line.put("─" * (end - line.at) if end - line.at >= 3 else "", "rule")
        return [line.right([(facts, "dim")] if line.room > len(facts) else [], width - 1).strip()]


class Board:
    """What is drawn on the dashboard, the pane with the cursor, and the layout.

    reader: for the panes. clock: the demo's. size: of the terminal that it is laid out for. pane: the key of the pane with the
    cursor. zoomed: it fills the body. view_key: of the view that does; None: no view is open.
    """

    def __init__(self, ink: Ink, keymap: Keymap, reader: MarketReader, clock: DemoClock | None) -> None:
        told = now_line if clock is None else Caption(clock, keymap).layouts
        self.header = Header(ink)
        self.banner = Banner(ink, keymap, told)
        self.footer = Footer(ink, keymap, told)
        self._reader = reader
        self._hint = keymap.hint
        self._made: dict[str, Pane] = {}
        self.panes = {key: self.made(key) for key in PANES}
        alerts = self.panes["alerts"]
        assert isinstance(alerts, AlertsPane)
        self.alerts = alerts
        self.tabs = Tabs(ink, list(self.panes.values()))
        self.view_key: str | None = None
        self.zoomed = False
        self.pane = PANES[0]
        self.size = Size(0, 0)
        self.focus(self.pane)

    @property
    def drawings(self) -> tuple[Drawing, ...]:
        """All that has been made; what has no place yet need not be mounted."""
        return (self.header, self.banner, self.tabs, *self._made.values(), self.footer)

    @property
    def detail(self) -> DetailPane:
        """The detail of a row."""
        return cast("DetailPane", self.made("detail"))

    @property
    def view(self) -> Pane | None:
        """The open view."""
        return None if self.view_key is None else self.made(self.view_key)

    def made(self, key: str) -> Pane:
        """A pane, the detail or a view by its key. Those over the panes are made when they are first opened: no frame needs them
        before, nor what they draw with.
        """
        if key not in self._made:
            pane = self._made[key] = pane_class(key)(self.header.ink, self._reader, self._hint)
            pane.active = key in VIEWS
        return self._made[key]

    def measure(self, *, spend: bool) -> None:
        """Models and countries tell what they cost, or their tokens."""
        for key, priced in SPENT.items():
            self.panes[key] = self.made(priced if spend else key)
        self.tabs.panes = list(self.panes.values())
        self.focus(self.pane)

    @property
    def opened(self) -> Detail | None:
        """The open detail."""
        return self.detail.detail if "detail" in self._made else None

    @property
    def active(self) -> Pane:
        """The pane with the cursor."""
        return self.panes[self.pane]

    @property
    def over(self) -> Pane | None:
        """What lies over the panes: the open detail, else the open view."""
        return self.detail if self.opened is not None else self.view

    @property
    def seen(self) -> Pane:
        """Where keys go: what lies over the panes, else the pane with the cursor."""
        return self.over or self.active

    @property
    def four(self) -> bool:
        """Whether the terminal has room for four panes."""
        return Frame.of(self.size, tabs=True).four

    # Which pane has the cursor

    def focus(self, key: str) -> None:
        """Gives a pane the cursor."""
        self.pane = key
        for name, pane in self.panes.items():
            pane.activate(name == key)

    def after(self, by: int) -> str:
        """The key of the next pane or the previous one, in a circle."""
        keys = list(self.panes)
        return keys[(keys.index(self.pane) + by) % len(keys)]

    def beside(self, by: int) -> str:
        """The key of the pane to the left or right; where one is shown at a time, the next or previous."""
        if not self.four or self.zoomed:
            return self.after(by)
        keys = list(self.panes)
        at = keys.index(self.pane)
        return keys[at + by] if (at % 2 == 0) == (by > 0) and at + by < len(keys) else self.pane

    # Sorts and columns

    def choose_columns(self, chosen: Mapping[str, tuple[str, ...]]) -> None:
        """Takes the columns that the settings ask for, by pane."""
        for key, names in chosen.items():
            self.panes[key].column_names = names

    def begin(self, pane: str, sorts: Mapping[str, str]) -> None:
        """Opens in a pane, with the tables sorted as they were left."""
        self.focus(pane)
        for key, order in sorts.items():
            if key in self.panes:
                self.panes[key].restore_order(order)

    def sorts(self) -> dict[str, str]:
        """How the tables are sorted, by pane; a `-` before it where reversed."""
        return {key: order for key, pane in self.panes.items() if (order := pane.order()) is not None}

    # Layout

    def lay_out(self, size: Size) -> None:
        """Places the panes: four of them, one zoomed, or one under a line of tabs."""
        self.size = size
        over = self.over
        frame = Frame.of(size, tabs=over is None, table=not self.alerts.reading)
        width, height = size
        places: dict[Drawing, Region] = {
            self.header: Region(0, 0, width, 1),
            self.footer: Region(0, height - frame.footer, width, frame.footer),
        }
        if frame.four:
            places[self.banner] = Region(0, 1, width, frame.banner)
        elif over is None:
            places[self.tabs] = Region(0, 1, width, 1)
        if over is not None:
            places[over] = frame.body
        elif self.zoomed or not frame.four:
            places[self.active] = frame.body
        else:
            places |= zip(self.panes.values(), frame.places(len(self.panes)), strict=True)
        for pane in self.panes.values():
            pane.titled = frame.four
            pane.zoomed, pane.alone = self.zoomed, self.zoomed or not frame.four
        for drawing in self.drawings:
            drawing.widget.place(places.get(drawing))

    def draw(self, view: ViewState) -> None:
        """Draws a view everywhere."""
        four, flip = self.four, fresh_flip(view)
        self.header.flip, self.banner.flip = None if four else flip, flip
        for pane in self._made.values():
            pane.show(view)
        seen, footer = self.seen, self.footer
        footer.pane, footer.cites = seen.key, seen.cites
        footer.zoomed, footer.tells = self.zoomed and self.view_key is None, not four or flip is not None
        for bar in (self.header, self.banner, footer):
            bar.show(view)

    def follow(self) -> None:
        """Brings every cursor into view, after the user changed what is shown; a refresh never does."""
        for pane in self._made.values():
            pane.follow()

    def restyle(self, ink: Ink) -> None:
        """Takes another palette."""
        for drawing in self.drawings:
            drawing.ink = ink


class DetailTrail:
    """Opens and closes details on a board. changed: lays the dashboard out anew, since a pane was opened or closed."""

    def __init__(self, board: Board, live: Live, changed: Callable[[], None]) -> None:
        self._board = board
        self._live = live
        self._changed = changed
        self._behind: list[tuple[Kind, str]] = []
        self._view = ViewState()

    @property
    def model_of_a_row(self) -> bool:
        """Whether the detail of a model is open that was opened from its row."""
        return self._board.opened is not None and self._board.opened.kind is Kind.MODEL and not self._behind

    def begin(self, kind: Kind, key: str) -> None:
        """Opens a detail from the board."""
        self._behind.clear()
        self.open(kind, key)

    def open(self, kind: Kind, key: str) -> None:
        """Opens a detail; the hosts of a model are asked for now, and only now."""
        pane = self._board.detail
        pane.read(self._view, kind, key)
        pane.jump(last=False)
        self._changed()
        detail = self._board.opened
        if detail is not None and kind is Kind.MODEL:
            self._find_hosts(detail.listed_as)

    def _find_hosts(self, model_id: str | None) -> None:
        """Shows the hosts in the cache, and asks for those of now."""
        pane, live = self._board.detail, self._live
        if model_id is None:
            pane.tell_hosts(None, "Not listed: no host is known")
            return
        pane.tell_hosts(model_id, "No host is known while offline" if live.offline else "Asking for the hosts")
        if not live.offline:
            pane.widget.run_worker(self._ask_hosts(model_id), group="hosts", exclusive=True, exit_on_error=False)

    async def _ask_hosts(self, model_id: str) -> None:
        """Shows the hosts when they have come, if their model is still on screen; the discount of its price depends on them."""
        await asyncio.sleep(REST)
        note = await self._live.ask_hosts(model_id)
        detail = self._board.opened
        if detail is not None and detail.listed_as == model_id:
            self._board.detail.read(self._view, detail.kind, detail.id)
            self._board.detail.tell_hosts(model_id, note)

    def open_owner(self) -> None:
        """From a model to its vendor, from a vendor to its country."""
        detail = self._board.opened
        if detail is None or detail.kind is Kind.COUNTRY:
            return
        self._behind.append((detail.kind, detail.id))
        if detail.kind is Kind.MODEL:
            self.open(Kind.VENDOR, detail.id.partition("/")[0])
        else:
            self.open(Kind.COUNTRY, detail.country or UNATTRIBUTED)

    def back(self) -> None:
        """To the detail it was opened from, else to the board."""
        if self._behind:
            self.open(*self._behind.pop())
        else:
            self.close()
            self._changed()

    def close(self) -> None:
        """Closes the detail and forgets the way to it."""
        if self._board.opened is not None:
            self._board.detail.detail = None
        self._behind.clear()

    def take(self, view: ViewState) -> None:
        """Takes new figures; an open detail is made anew from them."""
        self._view = view
        detail = self._board.opened
        if detail is not None:
            self._board.detail.read(view, detail.kind, detail.id)

    def walk(self, by: int) -> None:
        """The detail of the next vendor or country (by > 0) in the period's order, or of the previous one."""
        detail, snapshot = self._board.opened, self._view.snapshot
        if detail is None or snapshot is None:
            return
        keys: list[str] = []
        if detail.kind is Kind.VENDOR:
            keys = [row.vendor.slug for row in snapshot.vendors]
        elif detail.kind is Kind.COUNTRY:
            keys = [row.key or UNATTRIBUTED for row in snapshot.split.rows if row.key != "other"]
        if detail.id in keys:
            self.open(detail.kind, keys[max(0, min(len(keys) - 1, keys.index(detail.id) + by))])


def fresh_flip(view: ViewState) -> Alert | None:
    """The newest confirmed flip that is unread: a head to head before all others."""
    known = view.known
    flips = [known[id_].alert for id_ in view.unread if id_ in known and known[id_].alert.rule == "lead-flip"]
    return foremost([alert for alert in flips if alert.subject_kind == "versus"] or flips)


def flipped_with(view: ViewState, flip: Alert) -> list[str]:
    """Ids of the unread alerts about flips of the same period."""
    alerts = {id_: view.known[id_].alert for id_ in view.unread if id_ in view.known}
    return [id_ for id_, alert in alerts.items() if alert.rule == flip.rule and alert.period == flip.period]
