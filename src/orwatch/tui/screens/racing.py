"""The history view: its cursor, whose race it is, its form, and the way from a period of it into every pane."""

from __future__ import annotations

from msgspec.structs import replace

from orwatch.tui.screens.looking import Looking


class Racing(Looking):
    """The board, and the history view over it."""

    def action_history(self) -> None:
        """The history view, and back."""
        if self.opened is not None:
            self.close_detail()
        self.racing = not self.racing
        self.lay_out()
        self.draw()

    def action_period_cursor(self, by: int) -> None:
        """Moves the cursor by periods."""
        self.history.move(by)

    def action_period_end(self, last: bool) -> None:
        """The cursor on the first period; on the last, and from there to now."""
        if not last:
            self.history.jump(last=False)
            return
        if self.history.at_end and self.view.past:
            self.action_now()
        self.history.jump(last=True)

    def action_subject(self) -> None:
        """Models, vendors, countries, or the head to head."""
        self.history.next_subject()

    def action_form(self) -> None:
        """Lines, shares, ranks."""
        self.history.next_form()

    def action_log(self) -> None:
        """The log scale, and back."""
        self.history.toggle_log()

    def action_travel(self) -> None:
        """Opens the period under the cursor in every pane."""
        snapshot, period = self.view.snapshot, self.history.period
        if snapshot is None or period is None or period == snapshot.period:
            return
        if self.ask(replace(self.asked, at=period.start)):
            self.history.jump(last=True)
