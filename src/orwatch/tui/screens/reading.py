"""Reading a row: its detail, its sentence for the clipboard, its page."""

from __future__ import annotations

from msgspec.structs import replace

from orwatch.domain.countries import UNATTRIBUTED
from orwatch.domain.leads import Kind
from orwatch.domain.query import Query
from orwatch.domain.views.overview import Snapshot
from orwatch.errors import OrwatchError
from orwatch.present.tables import history
from orwatch.tui import clipboard
from orwatch.tui.panes.alerts import AlertsPane
from orwatch.tui.screens.board import Board
from orwatch.tui.view_state import Look


class Reading(Board):
    """The board, and what can be read of the row under the cursor."""

    def action_detail(self) -> None:
        """The detail of the row under the cursor; of an alert its evidence, and from there its period."""
        if isinstance(self.active, AlertsPane):
            self._read_alert(self.active)
            return
        target = self.target()
        if target is not None:
            self.trail.clear()
            self.open_detail(*target)

    def _read_alert(self, pane: AlertsPane) -> None:
        """The evidence of an alert; a second time, the period it speaks of, in every pane."""
        alert = pane.alert
        if alert is None:
            return
        if not (self.zoomed and (pane.beside or pane.reading)):
            self.zoomed = pane.reading = True
            self.lay_out()
            self.draw()
            return
        lens = replace(self.asked.lens, basis=alert.basis or self.asked.lens.basis)
        if self.ask(replace(self.asked, grain=alert.period.grain, at=alert.period.start, lens=lens)):
            pane.reading = False
            self.zoomed = False
            self.lay_out()
            self.draw()

    def ask(self, query: Query) -> bool:
        """Shows another query, at once; whether there was anything to show."""
        try:
            look = self.app.look(query)
        except OrwatchError:
            return False
        self.asked = query
        self.take(look)
        self.follow()
        return True

    def target(self) -> tuple[Kind, str] | None:
        """What the open detail, or the row under the cursor, is about."""
        detail = self.opened
        if detail is not None:
            return detail.kind, detail.id
        return self.active.target()

    def vendor_in_focus(self) -> str | None:
        """The vendor of what is in focus."""
        target = self.target()
        if target is None or target[0] is Kind.COUNTRY:
            return None
        return target[1].partition("/")[0]

    def open_detail(self, kind: Kind, key: str) -> None:
        """Opens a detail; the hosts of a model are asked for now, and only now."""
        self.detail.detail = self.app.detail(kind, key)
        self.detail.scroll_by(-10_000)
        if self.opened is not None and kind is Kind.MODEL:
            self.detail.hosts, self.detail.hosts_note = self.app.hosts(self.opened)
        self.lay_out()
        self.draw()

    def action_owner(self) -> None:
        """From a model to its vendor, from a vendor to its country."""
        detail = self.opened
        if detail is None or detail.kind is Kind.COUNTRY:
            return
        self.trail.append((detail.kind, detail.id))
        if detail.kind is Kind.MODEL:
            self.open_detail(Kind.VENDOR, detail.id.partition("/")[0])
        else:
            self.open_detail(Kind.COUNTRY, detail.country or UNATTRIBUTED)

    def leave_detail(self) -> None:
        """Back to the detail it was opened from, else to the board."""
        if self.trail:
            self.open_detail(*self.trail.pop())
        else:
            self.close_detail()
            self.lay_out()
            self.draw()

    def close_detail(self) -> None:
        """Closes the detail and forgets the way to it."""
        self.detail.detail = None
        self.trail.clear()

    def show_hosts(self) -> None:
        """Takes the hosts that were asked for, if their model is still on screen."""
        detail = self.opened
        if detail is not None and detail.kind is Kind.MODEL:
            self.detail.detail = self.app.detail(detail.kind, detail.id)  # hosts tell the discount of its price
            self.detail.hosts, self.detail.hosts_note = self.app.hosts(detail, ask=False)
            self.detail.redraw()

    def take(self, look: Look, **changes: object) -> None:
        """Takes new figures; an open detail is made anew from them."""
        super().take(look, **changes)
        detail = self.opened
        if detail is not None:
            self.detail.detail = self.app.detail(detail.kind, detail.id)
            self.detail.redraw()

    def action_walk(self, by: int) -> None:
        """The detail of the neighbour row: of the pane, or among the period's vendors or countries."""
        detail, snapshot = self.opened, self.view.snapshot
        if detail is None or snapshot is None:
            return
        if detail.kind is Kind.MODEL and not self.trail:
            self.close_detail()
            self.active.move(by)
            self.action_detail()
            return
        keys: list[str] = []
        if detail.kind is Kind.VENDOR:
            keys = [row.vendor.slug for row in snapshot.vendors]
        elif detail.kind is Kind.COUNTRY:
            keys = [row.key or UNATTRIBUTED for row in snapshot.split.rows if row.key != "other"]
        if detail.id in keys:
            self.open_detail(detail.kind, keys[max(0, min(len(keys) - 1, keys.index(detail.id) + by))])

    def action_copy(self) -> None:
        """Copies the open detail, the row under the cursor, the split or the zoomed pane, with its basis and its source."""
        snapshot = self.view.snapshot
        if snapshot is None:
            return
        text = self._sentence(snapshot)
        said = text
        if text is None:
            from orwatch.tui.exporting import markdown_of  # 13 ms that only this way of copying needs

            try:
                text, said = markdown_of(self)
            except OrwatchError as error:
                self.app.tell(str(error), "Not copied", trouble=True)
                return
        if not clipboard.fits(text):
            size = f"{len(text.encode()) // 1000} kB are more than terminals take; filter the rows, or export them"
            self.app.tell(size, "Not copied", trouble=True)
            return
        self.app.copy_to_clipboard(text)
        self.app.tell(said or text, "Copied")

    def _sentence(self, snapshot: Snapshot) -> str | None:
        """What there is to copy in words; None where the pane is to be copied as a table."""
        if self.opened is not None:
            return history.sentence(self.opened, snapshot)
        return None if self.zoomed else self.active.sentence()

    def action_open(self) -> None:
        """Opens the model's page at OpenRouter."""
        target = self.target()
        if target is None or target[0] is not Kind.MODEL:
            return
        url = f"https://openrouter.ai/{target[1].partition(':')[0]}"
        self.app.open_url(url)
        self.app.tell(url, "Opening")
