"""The dialogs of the dashboard: what each asks with, and what becomes of the answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal, Protocol

from msgspec.structs import replace
from textual.screen import Screen

from orwatch.config import expanded
from orwatch.domain.alerts.records import Alert
from orwatch.domain.filters import Filter
from orwatch.domain.periods import Grain
from orwatch.domain.views.overview import Snapshot
from orwatch.errors import OrwatchError
from orwatch.present.tables.alerts import subject_words
from orwatch.present.terms import country_words
from orwatch.tui.actions import Action
from orwatch.tui.dialogs.assign import AssignDialog, Assigned
from orwatch.tui.dialogs.choose import Snooze, export_form, snooze_length
from orwatch.tui.dialogs.help import HelpScreen
from orwatch.tui.dialogs.palette import ActionPalette
from orwatch.tui.dialogs.picker import Choice, Picked, Picker
from orwatch.tui.exporting import OnScreen, export_pane
from orwatch.tui.keymap import Keymap
from orwatch.tui.state import Choices, Tell
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

    def vendors(self, view: ViewState) -> None:
        """Picks the vendors whose rows are shown."""
        if view.snapshot is None:
            return
        rows = [
            Choice(each.vendor.slug.casefold(), each.vendor.slug, each.vendor.country, each.vendor.company or "",
                   each.models, each.tokens, each.share)
            for each in view.snapshot.vendors
        ]  # fmt: skip
        hint = "name, company or country"
        self._pick(view, "vendors", Picker(("Vendor", "Vendors"), "Company", hint, rows, view.filter.vendors))

    def countries(self, view: ViewState) -> None:
        """Picks the countries whose rows are shown."""
        if view.snapshot is None:
            return
        rows = [
            Choice(each.key or "??", each.key or "??", each.key, country_words(each.key),
                   each.models, each.tokens, each.share_of_all)
            for each in view.snapshot.split.rows
            if each.key != "other"
        ]  # fmt: skip
        hint = "name or code"
        self._pick(view, "countries", Picker(("Country", "Countries"), "Name", hint, rows, view.filter.countries))

    def _pick(self, view: ViewState, what: Literal["vendors", "countries"], picker: Picker) -> None:
        def apply(picked: Picked | None) -> None:
            if picked is None:
                return
            if what == "vendors":
                self._filtered(replace(view.filter, vendors=picked.keys))
            else:
                self._filtered(replace(view.filter, countries=picked.keys))
            if picked.save:
                self._choices.save({f"start.{what}": sorted(picked.keys)}, f"The {what}")

        self._push(picker, apply)

    def assign(self, snapshot: Snapshot, focus: str | None, assigned: Callable[[], None]) -> None:
        """Gives an unattributed vendor a country. focus: the vendor the cursor begins on. assigned: shows the figures anew."""
        rows = [
            (row.vendor, row.tokens)
            for row in snapshot.vendors
            if row.vendor.country is None or row.vendor.assigned == "user"
        ]

        def apply(given: Assigned | None) -> None:
            if given is None:
                return
            try:
                words = self._choices.assign(given.vendor, given.code)
            except OrwatchError as error:
                self._tell(str(error), "Not assigned", trouble=True)
                return
            self._tell(words, "Assigned")
            assigned()

        self._push(AssignDialog(rows, focus), apply)

    def snooze(self, view: ViewState, alert: Alert | None, hold: Callable[[Alert | None, timedelta], None]) -> None:
        """Asks what is held, and for how long. alert: the one under the cursor."""
        subject = subject_words(alert, view.names) if alert else None

        def apply(chosen: Snooze | None) -> None:
            if chosen is not None:
                hold(alert if chosen.subject else None, chosen.length)

        self._push(snooze_length(subject), apply)

    def palette(self, where: str, perform: Callable[[Action], None]) -> None:
        """Every action that holds somewhere, by name."""
        self._push(ActionPalette(self._keymap, where, perform), lambda _: None)

    def help(self, name: str, where: str, grain: Grain) -> None:
        """Help for what is in focus."""
        self._push(HelpScreen(name, where, self._keymap, grain), lambda _: None)

    def export(self, shown: OnScreen, folder: Path) -> None:
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

        self._push(export_form(shown.title, folder), apply)
