"""The dashboard: four panes on one snapshot, and the keys. Below 100×30 the panes become tabs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from textual import events
from textual.app import ComposeResult
from textual.containers import Container
from textual.geometry import Offset
from textual.screen import Screen

from orwatch.core.views import At, Query, Snapshot
from orwatch.domain.alerts.records import Alert
from orwatch.domain.filters import Filter, make_filter, parse_words
from orwatch.domain.records import Basis, Grain, State
from orwatch.errors import OrwatchError
from orwatch.tui.actions import by_key
from orwatch.tui.panes.alerts import AlertsPane
from orwatch.tui.panes.base import Pane, TablePane
from orwatch.tui.panes.countries import CountriesPane
from orwatch.tui.panes.models import ModelsPane
from orwatch.tui.panes.prices import PricesPane
from orwatch.tui.scene import Scene
from orwatch.tui.screens.help import HelpScreen
from orwatch.tui.screens.picker import Choice, PickerScreen
from orwatch.tui.themes import Ink
from orwatch.tui.widgets.footer import Footer, Polling
from orwatch.tui.widgets.header import Banner, Header
from orwatch.tui.widgets.tabs import Tabs

if TYPE_CHECKING:
    from orwatch.tui.app import OrwatchApp

FOUR_PANES = (100, 30)
"""Columns and rows from which four panes fit."""


class DashboardScreen(Screen[None]):
    """Holds how the market is looked at, and gives every pane the same scene. All keys arrive here, in the order typed."""

    app: OrwatchApp

    def __init__(self, ink: Ink, query: Query, filter_: Filter) -> None:
        super().__init__()
        self.ink = ink
        self.asked = query
        self.scene = Scene(filter=filter_, typed=filter_.text)
        self.header = Header(ink)
        self.banner = Banner(ink)
        self.footer = Footer(ink)
        self.panes: dict[str, Pane] = {
            pane.key: pane for pane in (ModelsPane(ink), CountriesPane(ink), PricesPane(ink), AlertsPane(ink))
        }
        self.tabs = Tabs(ink, list(self.panes.values()))
        self.pane = "models"
        self.zoomed = False
        self.panes["models"].active = True

    def compose(self) -> ComposeResult:
        yield self.header
        yield self.banner
        yield self.tabs
        with Container(id="body"):
            yield from self.panes.values()
        yield self.footer

    @property
    def four(self) -> bool:
        """Whether the terminal has room for four panes."""
        width, height = self.app.size
        return width >= FOUR_PANES[0] and height >= FOUR_PANES[1]

    def on_mount(self) -> None:
        """Lays out; the first scene is there already."""
        self.lay_out()
        self.draw()

    def on_resize(self) -> None:
        """Lays out anew."""
        self.lay_out()

    def lay_out(self) -> None:
        """Gives every pane its place: four of them, one zoomed, or one under a line of tabs."""
        width, height = self.app.size
        four = self.four
        foot = 2 if height > 30 and four else 1
        self.footer.styles.height = foot
        self.tabs.display = not four
        self.banner.display = four
        top = 2
        room_h = height - top - foot - (1 if four else 0)
        room_w = width - 2
        single = not four or self.zoomed
        boxes: dict[str, tuple[int, int, int, int]] = {}
        if single:
            boxes[self.pane] = (1, 0, room_w, room_h)
        else:
            gutter = 2 if width < 110 else 3 if width < 150 else 4
            left = round((room_w - gutter) * (0.58 if width < 150 else 0.625))
            right = room_w - gutter - left
            upper = round((room_h - 1) * 0.6)
            lower = room_h - 1 - upper
            boxes = {
                "models": (1, 0, left, upper),
                "countries": (1 + left + gutter, 0, right, upper),
                "prices": (1, upper + 1, left, lower),
                "alerts": (1 + left + gutter, upper + 1, right, lower),
            }
        for key, pane in self.panes.items():
            pane.display = key in boxes
            pane.titled = four
            pane.zoomed, pane.alone = self.zoomed, single
            if key in boxes:
                x, y, w, h = boxes[key]
                pane.styles.offset = Offset(x, y)
                pane.styles.width, pane.styles.height = w, max(1, h)
            pane.redraw()
        self.tabs.refresh()
        self.header.refresh()
        self.footer.refresh()

    def take(self, snapshot: Snapshot | None, **changes: object) -> None:
        """Takes a new snapshot; the view of it stays."""
        self.scene = replace(self.scene, snapshot=snapshot, **changes)  # type: ignore[arg-type]
        self.draw()

    def note(self, **changes: object) -> None:
        """Takes a change of state without a new snapshot."""
        self.scene = replace(self.scene, **changes)  # type: ignore[arg-type]
        self.draw()

    def draw(self) -> None:
        """Gives the scene to everything on screen."""
        scene = self.scene
        fresh = self.fresh_flip()
        self.header.show(scene, fresh if not self.four else None)
        self.banner.show(fresh if self.four else None, dict(scene.snapshot.names) if scene.snapshot else {})
        for pane in self.panes.values():
            pane.show(scene)
        self.tabs.refresh()
        self.footer.show(scene, self.pane, zoomed=self.zoomed)

    def fresh_flip(self) -> Alert | None:
        """The newest confirmed flip that is unread: a head to head before all others."""
        snapshot = self.scene.snapshot
        if snapshot is None:
            return None
        flips = [alert for alert in snapshot.alerts if alert.id in self.scene.unread and alert.rule == "lead-flip"]
        flips = [alert for alert in flips if alert.subject_kind == "versus"] or flips
        return flips[0] if flips else None

    def tick(self, polling: Polling, age_s: float | None) -> None:
        """A second has passed: only the clock line is drawn, and the panes when their age in minutes changes."""
        before = self.scene.age_s
        self.footer.tick(polling, age_s)
        minute = None if age_s is None else int(age_s // 60)
        if minute != (None if before is None else int(before // 60)):
            self.note(age_s=age_s, price_age_s=self.app.price_age())

    # Keys

    async def on_key(self, event: events.Key) -> None:
        """Every key, in order; while a filter is typed its letters are text."""
        event.stop()
        event.prevent_default()
        if self.scene.typing and self._type(event):
            return
        action = by_key(event.key) or by_key(event.character or "")
        if action is not None:
            await self.run_action(action.action)
        elif event.key in MOVES:
            getattr(self, f"_move_{MOVES[event.key]}")()

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

    def on_paste(self, event: events.Paste) -> None:
        """Pasted text belongs to the filter while it is typed."""
        if self.scene.typing:
            self._filter(self.scene.typed + " ".join(event.text.split()), typing=True)

    def on_pane_picked(self, message: Pane.Picked) -> None:
        """A click gives a pane the cursor."""
        self.action_pane(message.pane.key)

    @property
    def active(self) -> Pane:
        """The pane that has the cursor."""
        return self.panes[self.pane]

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
        """Clears the filter, then leaves the zoom."""
        if self.scene.filter:
            self.note(filter=Filter(), typed="", typing=False)
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

    # What is shown

    def ask(self, query: Query) -> bool:
        """Shows another query, at once; whether there was anything to show."""
        try:
            snapshot = self.app.look(query)
        except OrwatchError:
            return False
        self.asked = query
        self.take(snapshot)
        return True

    def action_period(self) -> None:
        """Day, week, month: the period that holds the one on screen, or the newest."""
        grains = list(Grain)
        grain = grains[(grains.index(self.asked.grain) + 1) % len(grains)]
        snapshot = self.scene.snapshot
        past = snapshot is not None and snapshot.period < snapshot.newest
        at = snapshot.period.end if past and snapshot is not None else self.asked.at
        for place in (at, "newest"):
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

    # Overlays

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
        from orwatch.present.sentences import country_words

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

    def restyle(self, ink: Ink) -> None:
        """Takes another palette."""
        self.ink = ink
        self.header.ink = self.banner.ink = self.footer.ink = self.tabs.ink = ink
        for pane in self.panes.values():
            pane.ink = ink
        self.lay_out()
        self.draw()


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


def initial_filter(vendors: list[str], countries: list[str]) -> Filter:
    """A filter of what the command line chose; `!x` excludes."""
    return make_filter(
        "",
        None,
        [v for v in vendors if not v.startswith("!")],
        [v[1:] for v in vendors if v.startswith("!")],
        [c for c in countries if not c.startswith("!")],
        [c[1:] for c in countries if c.startswith("!")],
    )
