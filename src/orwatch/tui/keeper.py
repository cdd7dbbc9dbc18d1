"""What the user decides, kept: alerts that were read or snoozed, favourites, countries, the view to start with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from orwatch.core.market import Market
from orwatch.domain.alerts.records import Alert
from orwatch.domain.foreign import safe
from orwatch.domain.vendors import Attribution
from orwatch.errors import OrwatchError
from orwatch.present.sentences import country_words
from orwatch.tui.actions import ACTIONS
from orwatch.tui.desk import Desk
from orwatch.tui.keymap import Keymap
from orwatch.tui.reader import Reader

if TYPE_CHECKING:
    from textual.notifications import SeverityLevel

    from orwatch.domain.alerts.memory import KnownAlert
    from orwatch.notify.message import Message


def unread_of(known: Mapping[str, KnownAlert]) -> frozenset[str]:
    """The ids of those that are unread."""
    return frozenset(id_ for id_, one in known.items() if one.unread)


TOAST_WIDTH = 56
"""Cells of a line in a toast."""


class Keeper(Reader):
    """An app whose user decides things. config: where choices are kept; None: nowhere. assigned: countries of this run."""

    desk: Desk
    keymap: Keymap
    config: Path | None
    favourites: frozenset[str]
    assigned: dict[str, str]

    def _toast(self, message: Message) -> None:
        """An alert in the corner, three lines, gone after ten seconds; of several bursts the last three stay."""
        for old in list(self._notifications)[: max(0, len(self._notifications) - 2)]:
            self._unnotify(old, refresh=False)
        from orwatch.notify.message import cut, named  # with the channels, after the first frame

        keys = self.keymap
        by_id = {action.id: action for action in ACTIONS}
        hint = f"{keys.label(by_id['pane4'])} opens   {keys.label(by_id['acknowledge'])} acknowledges"
        first = cut(message.lines[0].partition(";")[0], TOAST_WIDTH)
        if len(message.lines) > 1:
            room = min(TOAST_WIDTH, self.size.width // 2 - 4)  # a toast takes half of the screen at most
            first = first[:2] + named(message.subjects, room - 2)
        severity: SeverityLevel = "error" if message.severity == "major" else "information"
        self.notify(f"{safe(first)}\n{hint}", title=safe(message.title), markup=False, severity=severity, timeout=10)

    def _remember(self, known: Mapping[str, KnownAlert] | None) -> None:
        """Takes what is remembered of alerts, where that has changed."""
        if known is not None:
            self.dashboard.note(known=known, unread=unread_of(known))

    def acknowledge(self, *ids: str) -> None:
        """Marks alerts as read, here and for every orwatch on this cache; without ids, all."""
        try:
            self.desk.acknowledge(*ids)
            self._remember(self.desk.remembered())
        except OrwatchError as error:
            self.tell(str(error), "Not acknowledged", trouble=True)

    def snooze(self, alert: Alert | None, length: timedelta) -> None:
        """Holds what is delivered about an alert's subject, or everything."""
        try:
            subject = self.desk.snooze(alert, length)
            self._remember(self.desk.remembered())
        except OrwatchError as error:
            self.tell(str(error), "Not snoozed", trouble=True)
            return
        until = (self.source.machine() + length).astimezone()
        self.tell(
            f"Nothing about {subject} is delivered until {until:%H:%M}; it is shown here all the same.", "Snoozed"
        )

    def pin(self, name: str) -> None:
        """Pins a permaslug, vendor or country on top, or lets it go; kept in the config."""
        self.favourites ^= {name}
        self.dashboard.note(favourites=self.favourites)
        self.save({"view.favourites": sorted(self.favourites)}, None)

    def save(self, values: Mapping[str, object], what: str | None) -> None:
        """Keeps settings in the config, and says so of `what`; without a config file nothing is kept."""
        if self.config is None:
            return
        from orwatch.config import set_values

        try:
            set_values(self.config, values)
        except OrwatchError as error:
            self.tell(str(error), "Not kept", trouble=True)
        else:
            if what:
                self.tell(f"{what} will be there at the next start: {self.config}", "Kept")

    def assign(self, vendor: str, code: str) -> str:
        """Gives a vendor a country of the user's own; what was done, in words. Raises UsageError."""
        own = {**self.source.settings.vendors, **self.assigned, vendor: code}
        self.market = Market(self.source.cache, Attribution(own), self.source.kind)
        self.assigned[vendor] = code
        if self.config is not None:
            from orwatch.config import assign_vendor

            assign_vendor(self.config, vendor, code)
        return f"{vendor} counts for {code} ({country_words(code)}) from now on."
