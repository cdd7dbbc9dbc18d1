"""The dashboard's keys: every one arrives here, in the order typed."""

from __future__ import annotations

from textual import events

from orwatch.core.snapshots import At, Query
from orwatch.dataclass import replace
from orwatch.domain.filters import Filter, parse_words
from orwatch.domain.records import Basis, Grain, State
from orwatch.errors import OrwatchError
from orwatch.present.sentences import country_words
from orwatch.tui.actions import Action, by_key
from orwatch.tui.panes.base import Pane
from orwatch.tui.panes.tables import TablePane
from orwatch.tui.screens.help import HelpScreen
from orwatch.tui.screens.overlay import Overlay
from orwatch.tui.screens.picker import Choice, PickerScreen
from orwatch.tui.screens.reading import Reading

READING = (
    "close",
    "quit",
    "help",
    "theme",
    "basis",
    "period",
    "free",
    "merge",
    "refresh",
    "pause",
    "acknowledge",
    "copy",
    "open",
)
"""Actions that keep their meaning while a detail is open."""

MOVES = {
    "up": "up",
    "k": "up",
    "down": "down",
    "j": "down",
    "pageup": "page_up",
    "ctrl+b": "page_up",
    "pagedown": "page_down",
    "ctrl+f": "page_down",
    "home": "first",
    "g": "first",
    "end": "last",
    "G": "last",
}


class DashboardScreen(Reading):
    """The board with its keys. What a key does stands in the table of actions."""

    async def on_key(self, event: events.Key) -> None:
        """Every key, in order; while a filter is typed its letters are text."""
        event.stop()
        event.prevent_default()
        above = self.app.screen
        if isinstance(above, Overlay) and not above.closed:
            await above.on_key(event)  # typed in a burst with the key that opened it
            return
        if self.scene.typing and self._type(event):
            return
        action = by_key(event.key) or by_key(event.character or "")
        if self.detail.detail is not None and self._read(event.key, action):
            return
        if action is not None:
            await self.run_action(action.action)
        elif event.key in MOVES:
            getattr(self, f"_move_{MOVES[event.key]}")()

    def _read(self, key: str, action: Action | None) -> bool:
        """Keys that mean something else while a detail is open; whether this was one."""
        if key in ("j", "down", "right_square_bracket", "k", "up", "left_square_bracket"):
            self._walk(1 if key in ("j", "down", "right_square_bracket") else -1)
            return True
        if action is not None and action.id in READING:
            return False
        if action is not None and action.id.startswith("pane"):
            self.action_close()
            return False
        return True

    def _type(self, event: events.Key) -> bool:
        """Text for the filter; False where the key is not one of it."""
        if event.key == "escape":
            self._filter("", typing=False)
        elif event.key == "enter":
            self.note(typing=False)
        elif event.key == "backspace":
            if self.scene.typed:
                self._filter(self.scene.typed[:-1], typing=True)
            else:
                self.note(typing=False)
        elif event.key in ("ctrl+u", "ctrl+w"):
            kept = self.scene.typed.rstrip().rpartition(" ")[0] if event.key == "ctrl+w" else ""
            self._filter(kept + (" " if kept else ""), typing=True)
        elif event.is_printable and event.character:
            self._filter(self.scene.typed + event.character, typing=True)
        else:
            return False
        return True

    def _filter(self, text: str, *, typing: bool) -> None:
        """Applies typed text at once, to every pane; the table begins anew at its top where the rows change."""
        chosen = replace(self.scene.filter, text=text, words=parse_words(text))
        self.note(filter=chosen, typed=text, typing=typing)
        self.follow()

    def on_paste(self, event: events.Paste) -> None:
        """Pasted text belongs to the filter while it is typed."""
        if self.scene.typing:
            self._filter(self.scene.typed + " ".join(event.text.split()), typing=True)

    def on_pane_picked(self, message: Pane.Picked) -> None:
        """A click gives a pane the cursor."""
        self.action_pane(message.pane.key)

    def _move_up(self) -> None:
        self.active.move(-1)
        self.tabs.refresh()

    def _move_down(self) -> None:
        self.active.move(1)
        self.tabs.refresh()

    def _move_page_up(self) -> None:
        if isinstance(self.active, TablePane):
            self.active.page(-1)

    def _move_page_down(self) -> None:
        if isinstance(self.active, TablePane):
            self.active.page(1)

    def _move_first(self) -> None:
        self.active.jump(last=False)

    def _move_last(self) -> None:
        self.active.jump(last=True)

    def action_pane(self, key: str) -> None:
        """Gives a pane the cursor."""
        self.pane = key
        for name, pane in self.panes.items():
            pane.activate(name == key)
        if not self.four or self.zoomed:
            self.lay_out()
        self.draw()

    def action_cycle(self, by: int) -> None:
        """The next or previous pane."""
        keys = list(self.panes)
        self.action_pane(keys[(keys.index(self.pane) + by) % len(keys)])

    def action_zoom(self) -> None:
        """The pane alone, and back."""
        self.zoomed = not self.zoomed
        self.lay_out()
        self.draw()

    def action_filter(self) -> None:
        """Begins to type a filter."""
        if self.pane == "countries" and not self.four:
            self.action_pane("models")
        self.note(typing=True)

    def action_close(self) -> None:
        """Closes the detail, clears the filter, then leaves the zoom."""
        if self.detail.detail is not None:
            self.detail.detail = None
            self.lay_out()
            self.draw()
        elif self.scene.filter:
            self.note(filter=Filter(), typed="", typing=False)
            self.follow()
        elif self.zoomed:
            self.action_zoom()

    def action_sort(self) -> None:
        """The next sort of the table."""
        if isinstance(self.active, TablePane):
            self.active.next_sort()

    def action_reverse(self) -> None:
        """The sort reversed."""
        if isinstance(self.active, TablePane):
            self.active.reverse_sort()

    def action_acknowledge(self) -> None:
        """Marks every new alert as read."""
        self.app.known_alerts |= self.scene.unread
        self.note(unread=frozenset())

    def ask(self, query: Query) -> bool:
        """Shows another query, at once; whether there was anything to show."""
        try:
            snapshot = self.app.look(query)
        except OrwatchError:
            return False
        self.asked = query
        self.take(snapshot)
        self.follow()
        return True

    def action_period(self) -> None:
        """Day, week, month: the period that holds the one on screen, or the newest."""
        grains = list(Grain)
        grain = grains[(grains.index(self.asked.grain) + 1) % len(grains)]
        places: tuple[At, ...] = (self.asked.at, "newest")
        for place in places:
            if self.ask(replace(self.asked, grain=grain, at=place)):
                return

    def action_basis(self) -> None:
        """Chart, top10, top50."""
        bases = list(Basis)
        lens = self.asked.lens
        self.ask(replace(self.asked, lens=replace(lens, basis=bases[(bases.index(lens.basis) + 1) % len(bases)])))

    def action_free(self) -> None:
        """Free variants in or out."""
        self.ask(replace(self.asked, lens=replace(self.asked.lens, free=not self.asked.lens.free)))

    def action_merge(self) -> None:
        """Variants as one row, or apart."""
        self.ask(replace(self.asked, lens=replace(self.asked.lens, merged=not self.asked.lens.merged)))

    def action_step(self, by: int) -> None:
        """One period back or on; a gap of the record is stepped over."""
        snapshot = self.scene.snapshot
        if snapshot is None:
            return
        found = self.app.neighbour(snapshot.period, by)
        if found is None:
            return
        at: At = "newest" if found == snapshot.newest else "now" if found > snapshot.newest else found.start
        self.ask(replace(self.asked, at=at))

    def action_first(self) -> None:
        """The first period of the record."""
        first = self.app.first_period(self.asked.grain)
        if first is not None:
            self.ask(replace(self.asked, at=first.start))

    def action_now(self) -> None:
        """The newest complete period; from there, the one in progress."""
        snapshot = self.scene.snapshot
        at_newest = snapshot is not None and snapshot.period == snapshot.newest and snapshot.state is State.COMPLETE
        if not (at_newest and self.ask(replace(self.asked, at="now"))):
            self.ask(replace(self.asked, at="newest"))

    def action_vendors(self) -> None:
        """The vendor picker."""
        snapshot = self.scene.snapshot
        if snapshot is None:
            return
        rows = [
            Choice(row.vendor.slug, row.vendor.country, row.vendor.company or "", row.models, row.tokens, row.share)
            for row in snapshot.vendors
        ]
        chosen = self.scene.filter.vendors

        def apply(picked: frozenset[str] | None) -> None:
            if picked is not None:
                self.note(filter=replace(self.scene.filter, vendors=picked))

        self.app.push_screen(PickerScreen(self.ink, "Vendors", "Vendor", rows, chosen), apply)

    def action_countries(self) -> None:
        """The country picker."""
        snapshot = self.scene.snapshot
        if snapshot is None:
            return
        rows = [
            Choice(row.key or "??", row.key, country_words(row.key), row.models, row.tokens, row.share_of_all)
            for row in snapshot.split.rows
            if row.key != "other"
        ]

        def apply(picked: frozenset[str] | None) -> None:
            if picked is not None:
                self.note(filter=replace(self.scene.filter, countries=picked))

        self.app.push_screen(PickerScreen(self.ink, "Countries", "Country", rows, self.scene.filter.countries), apply)

    def action_help(self) -> None:
        """Help for what is in focus."""
        self.app.push_screen(HelpScreen(self.ink, self.active.number, self.active.title, self.asked.grain))

    def action_refresh(self) -> None:
        """Polls now, within the budget."""
        self.app.poll_now()

    def action_pause(self) -> None:
        """Pauses and resumes polling; in the demo, its clock."""
        self.app.toggle_pause()

    def action_theme(self) -> None:
        """The next theme."""
        self.app.next_theme()

    def action_quit(self) -> None:
        """Quits."""
        self.app.exit(0)
