"""The dashboard's keys: every one arrives here, in the order typed, and the table of actions says what it does."""

from __future__ import annotations

from datetime import timedelta

from textual import events

from orwatch.errors import OrwatchError
from orwatch.present.tables.alerts import subject_words
from orwatch.tui.actions import Action
from orwatch.tui.panes.alerts import AlertsPane
from orwatch.tui.panes.pane import Pane
from orwatch.tui.panes.table_pane import TablePane
from orwatch.tui.screens.overlay import Overlay
from orwatch.tui.screens.racing import Racing
from orwatch.tui.widgets.sheet import SheetScreen


class DashboardScreen(Racing, SheetScreen):
    """The board with its keys."""

    async def on_key(self, event: events.Key) -> None:
        """Every key, in order; while a filter is typed its letters are text."""
        event.stop()
        event.prevent_default()
        above = self.app.screen
        if isinstance(above, Overlay) and not above.closed:
            await above.on_key(event)  # typed in a burst with the key that opened it
            return
        if self.view.typing and self.type(event):
            return
        action = self.app.keymap.find(event.key, event.character, self.focus_name)
        if action is not None:
            await self.perform(action)

    async def perform(self, action: Action) -> None:
        """Carries an action out; what cannot be done is said, and the screen stays as it is."""
        try:
            await self.run_action(action.call)
        except OrwatchError as error:
            self.app.tell(str(error), "Not done", trouble=True)

    def on_pane_picked(self, message: Pane.Picked) -> None:
        """A click gives a pane the cursor; a click on the row under it opens the detail."""
        if message.pane in self._over:
            return
        if message.pane is not self.active:
            self.action_pane(message.pane.key)
        elif message.again:
            self.action_detail()

    def action_up(self) -> None:
        """One row up."""
        self.active.move(-1)
        self.tabs.redraw()

    def action_down(self) -> None:
        """One row down."""
        self.active.move(1)
        self.tabs.redraw()

    def action_page(self, by: int) -> None:
        """A view up or down."""
        if self.opened is not None:
            self.detail.scroll_by(by * max(1, self.detail.size.height - 4))
        else:
            self.active.page(by)
            self.tabs.redraw()

    def action_ends(self, last: bool) -> None:
        """The first or the last row."""
        if self.opened is not None:
            self.detail.scroll_by(10_000 if last else -10_000)
        else:
            self.active.jump(last=last)
            self.tabs.redraw()

    def action_pane(self, key: str) -> None:
        """Gives a pane the cursor; what lies over the panes is closed."""
        over = self.opened is not None or self.racing
        if self.opened is not None:
            self.close_detail()
        self.pane, self.racing = key, False
        for name, pane in self.panes.items():
            pane.activate(name == key)
        if over or not self.four or self.zoomed:
            self.lay_out()
        self.draw()

    def action_cycle(self, by: int) -> None:
        """The next or previous pane."""
        keys = list(self.panes)
        self.action_pane(keys[(keys.index(self.pane) + by) % len(keys)])

    def action_beside(self, by: int) -> None:
        """The pane to the left or right; where one is shown at a time, the next or previous."""
        if not self.four or self.zoomed:
            self.action_cycle(by)
            return
        keys = list(self.panes)
        at = keys.index(self.pane)
        if (at % 2 == 0) == (by > 0):
            self.action_pane(keys[at + by])

    def action_zoom(self) -> None:
        """The pane alone, and back."""
        if isinstance(self.active, AlertsPane):
            self.active.reading = False
        self.zoomed = not self.zoomed
        self.lay_out()
        self.draw()

    def action_close(self) -> None:
        """Closes the detail or the evidence, clears the filter, then leaves the zoom."""
        alerts = self.active
        if self.opened is not None:
            self.leave_detail()
        elif self.view.filter or self.view.typed:
            self.clear_filter()
        elif self.racing:
            self.action_history()
        elif isinstance(alerts, AlertsPane) and alerts.reading and not alerts.beside:
            alerts.reading = False
            self.action_zoom()
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

    def action_pin(self) -> None:
        """Pins the row under the cursor on top, or lets it go."""
        target = self.target()
        if target is not None:
            self.app.pin(target[1])
            self.follow()

    def action_acknowledge(self) -> None:
        """Marks the alert under the cursor as read; elsewhere the flip that is told, and what flipped with it."""
        unread = self.view.unread
        if isinstance(self.active, AlertsPane) and self.opened is None:
            current = self.active.alert
            ids = [current.id] if current is not None and current.id in unread else []
        else:
            fresh, known = self.fresh_flip(), self.view.known
            ids = [
                id_
                for id_ in unread
                if fresh is not None and known[id_].alert.rule == fresh.rule and known[id_].alert.period == fresh.period
            ]
        if ids:
            self.app.acknowledge(*ids)

    def action_acknowledge_all(self) -> None:
        """Marks every new alert as read."""
        if self.view.unread:
            self.app.acknowledge()

    def action_snooze(self) -> None:
        """Asks what is held, and for how long."""
        from orwatch.tui.screens.snooze import SnoozeScreen

        pane = self.active
        alert = pane.alert if isinstance(pane, AlertsPane) else None

        def apply(chosen: tuple[bool, timedelta] | None) -> None:
            if chosen is not None:
                self.app.snooze(alert if chosen[0] else None, chosen[1])

        subject = subject_words(alert, self.view.names) if alert else None
        self.app.push_screen(SnoozeScreen(self.ink, subject), apply)

    def action_assign(self) -> None:
        """Gives an unattributed vendor a country."""
        from orwatch.tui.screens.assign import AssignScreen

        snapshot = self.view.snapshot
        if snapshot is None:
            return
        rows = [row for row in snapshot.vendors if row.vendor.country is None or row.vendor.assigned == "user"]

        def apply(given: tuple[str, str] | None) -> None:
            if given is None:
                return
            try:
                words = self.app.assign(*given)
            except OrwatchError as error:
                self.app.tell(str(error), "Not assigned", trouble=True)
                return
            self.app.tell(words, "Assigned")
            self.ask(self.asked)

        self.app.push_screen(AssignScreen(self.ink, rows, self.vendor_in_focus()), apply)

    def action_palette(self) -> None:
        """Every action by name."""
        from orwatch.tui.screens.palette import PaletteScreen

        screen = PaletteScreen(self.ink, self.app.keymap, self.focus_name)

        async def run(chosen: Action | None) -> None:
            if chosen is not None:
                await self.perform(chosen)

        self.app.push_screen(screen, run)

    def action_export(self) -> None:
        """Asks for the form of a file, and writes the pane to it."""
        from orwatch.tui.screens.export import open_export  # with the reports, 15 ms that the first paint does without

        open_export(self)

    def action_help(self) -> None:
        """Help for what is in focus."""
        from orwatch.tui.screens.help import HelpScreen

        seen = self.history if self.racing else self.active
        name = "the detail" if self.opened is not None else f"{seen.number} {seen.title}"
        self.app.push_screen(HelpScreen(self.ink, name, self.focus_name, self.app.keymap, self.asked.grain))

    def action_refresh(self) -> None:
        """Polls now, within the budget."""
        self.app.poll_now()

    def action_pause(self) -> None:
        """Pauses and resumes polling; in the demo, its clock."""
        self.app.toggle_pause()

    def action_pace(self, by: int) -> None:
        """Polls more or less often, within the budget; in the demo, its clock runs faster or slower."""
        self.app.tell(self.app.change_pace(by), "Pace")

    def action_theme(self) -> None:
        """The next theme."""
        self.app.next_theme()

    def action_save(self) -> None:
        """Keeps this view as the one to start with."""
        lens, chosen = self.asked.lens, self.view.filter
        self.app.save(
            {
                "view.period": self.asked.grain,
                "view.basis": lens.basis,
                "view.free": lens.free,
                "view.merge_variants": lens.merged,
                "view.theme": self.app.palette.name,
                "start.pane": self.pane,
                "start.filter": self.view.typed or None,
                "start.vendors": sorted(chosen.vendors),
                "start.countries": sorted(chosen.countries),
            },
            "This view",
        )

    def action_suspend(self) -> None:
        """Hands the terminal back to the shell; `fg` returns."""
        self.app.action_suspend_process()

    def action_redraw(self) -> None:
        """Draws everything anew."""
        self.app.redraw()

    def action_quit(self) -> None:
        """Quits."""
        self.app.exit(0)
