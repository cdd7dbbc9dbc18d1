"""The dialogs of the dashboard: what each asks with, and what becomes of the answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol

from msgspec.structs import replace
from textual.screen import Screen

from orwatch.config import expanded
from orwatch.domain.alerts.records import Alert
from orwatch.domain.filters import Filter
from orwatch.domain.periods import Grain
from orwatch.domain.views.overview import Snapshot
from orwatch.errors import OrwatchError
from orwatch.present.sentences import country_words
from orwatch.present.tables.alerts import subject_words
from orwatch.tui.actions import Action
from orwatch.tui.exporting import OnScreen, export_pane
from orwatch.tui.keymap import Keymap
from orwatch.tui.screens.assign import AssignScreen
from orwatch.tui.screens.export import ExportScreen
from orwatch.tui.screens.help import HelpScreen
from orwatch.tui.screens.palette import PaletteScreen
from orwatch.tui.screens.picker import Choice, Picked, PickerScreen
from orwatch.tui.screens.snooze import SnoozeScreen
from orwatch.tui.state import Choices, Tell
from orwatch.tui.themes import Ink
from orwatch.tui.view_state import ViewState


class Push(Protocol):
    """Textual's `App.push_screen`: shows a screen, and calls back with its answer."""

    def __call__(self, screen: Screen[Any], callback: Callable[[Any], Any]) -> object: ...


class Dialogs:
    """Opens them. push: shows a dialog. filtered: takes another filter. choices: keeps what is to be kept."""

    def __init__(
        self, keymap: Keymap, choices: Choices, tell: Tell, push: Push, filtered: Callable[[Filter], None]
    ) -> None:
        self._keymap = keymap
        self._choices = choices
        self._tell = tell
        self._push = push
        self._filtered = filtered

    def vendors(self, ink: Ink, view: ViewState) -> None:
        """Picks the vendors whose rows are shown."""
        if view.snapshot is None:
            return
        rows = [
            Choice(row.vendor.slug, row.vendor.country, row.vendor.company or "", row.models, row.tokens, row.share)
            for row in view.snapshot.vendors
        ]

        def apply(picked: Picked | None) -> None:
            if picked is not None:
                self._filtered(replace(view.filter, vendors=picked.keys))
                if picked.save:
                    self._choices.save({"start.vendors": sorted(picked.keys)}, "The vendors")

        self._push(PickerScreen(ink, "Vendors", "Vendor", rows, view.filter.vendors), apply)

    def countries(self, ink: Ink, view: ViewState) -> None:
        """Picks the countries whose rows are shown."""
        if view.snapshot is None:
            return
        rows = [
            Choice(row.key or "??", row.key, country_words(row.key), row.models, row.tokens, row.share_of_all)
            for row in view.snapshot.split.rows
            if row.key != "other"
        ]

        def apply(picked: Picked | None) -> None:
            if picked is not None:
                self._filtered(replace(view.filter, countries=picked.keys))
                if picked.save:
                    self._choices.save({"start.countries": sorted(picked.keys)}, "The countries")

        self._push(PickerScreen(ink, "Countries", "Country", rows, view.filter.countries), apply)

    def assign(self, ink: Ink, snapshot: Snapshot, focus: str | None, assigned: Callable[[], None]) -> None:
        """Gives an unattributed vendor a country. focus: the vendor the cursor begins on. assigned: shows the figures anew."""
        rows = [row for row in snapshot.vendors if row.vendor.country is None or row.vendor.assigned == "user"]

        def apply(given: tuple[str, str] | None) -> None:
            if given is None:
                return
            try:
                words = self._choices.assign(*given)
            except OrwatchError as error:
                self._tell(str(error), "Not assigned", trouble=True)
                return
            self._tell(words, "Assigned")
            assigned()

        self._push(AssignScreen(ink, rows, focus), apply)

    def snooze(
        self, ink: Ink, view: ViewState, alert: Alert | None, hold: Callable[[Alert | None, timedelta], None]
    ) -> None:
        """Asks what is held, and for how long. alert: the one under the cursor."""
        subject = subject_words(alert, view.names) if alert else None

        def apply(chosen: tuple[bool, timedelta] | None) -> None:
            if chosen is not None:
                hold(alert if chosen[0] else None, chosen[1])

        self._push(SnoozeScreen(ink, subject), apply)

    def palette(self, ink: Ink, where: str, perform: Callable[[Action], None]) -> None:
        """Every action that holds somewhere, by name."""

        def apply(chosen: Action | None) -> None:
            if chosen is not None:
                perform(chosen)

        self._push(PaletteScreen(ink, self._keymap, where), apply)

    def help(self, ink: Ink, name: str, where: str, grain: Grain) -> None:
        """Help for what is in focus."""
        self._push(HelpScreen(ink, name, where, self._keymap, grain), lambda _: None)

    def export(self, ink: Ink, shown: OnScreen, folder: Path) -> None:
        """Asks for the form, writes what is on screen, and says where the file is or why there is none."""
        folder = expanded(folder)

        def apply(form: str | None) -> None:
            if form is None:
                return
            try:
                path = export_pane(shown, form, folder)
            except OrwatchError as error:
                self._tell(str(error), "Not exported", trouble=True)
                return
            self._tell(str(path), "Exported")

        self._push(ExportScreen(ink, shown.title, folder), apply)
