"""One of a few: the form of an export, what to snooze and for how long."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from msgspec import Struct
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from orwatch.domain.foreign_text import safe
from orwatch.present.table import Column
from orwatch.tui.dialogs.dialog import Dialog, Keys, ResultT, drawn, nothing

FORMS = (
    ("c", "CSV", "for spreadsheets", "csv"),
    ("j", "JSON", "every field", "json"),
    ("m", "Markdown", "a table to paste", "md"),
    ("s", "picture of the screen (SVG)", "as it stands", "svg"),
)
"""Letter, name, what it is good for, file extension."""
LENGTHS = (("an hour", timedelta(hours=1)), ("a day", timedelta(days=1)))


LETTER, NAME, USE = (
    Column[tuple[str, str, str, Any]]("letter", "", 1, lambda row, _: [(row[0], "accent+")], right=False),
    Column[tuple[str, str, str, Any]]("name", "", 28, lambda row, _: [(row[1], "text")], right=False, grow=True),
    Column[tuple[str, str, str, Any]]("use", "", 17, lambda row, _: [(row[2], "dim")], right=False, give_up=1),
)


class Menu(Dialog[ResultT]):
    """Returns the value of what was chosen, by its letter or by arrows and Enter.

    choices: letter (or empty), name, what it is good for, value. note: stands below them. verb: what Enter does. down: a key
    that moves down as the arrow does.
    """

    def __init__(
        self, heading: str, choices: Sequence[tuple[str, str, str, ResultT]], note: str, verb: str, down: str = "down"
    ) -> None:
        super().__init__(heading, len(choices))
        self.choices = choices
        self.note = note
        self.verb = verb
        self.down = down

    def body(self) -> ComposeResult:
        yield self.options
        yield Static(Content.styled(safe(self.note), "$ink-dim"), classes="note")

    def draw(self, width: int) -> list[Content]:
        """The choices, one a line."""
        lettered = any(letter for letter, *_ in self.choices)
        return drawn((LETTER, NAME, USE) if lettered else (NAME,), width, self.choices)

    def keys(self) -> Keys:
        """Chooses or cancels."""
        return {
            "↑ ↓": ("move", nothing),
            "enter": (self.verb, self._choose),
            "escape": ("cancel", self.close),
            "q": ("", self.close),
            self.down: ("", self.options.action_cursor_down),
            **{letter: ("", partial(self.close, value)) for letter, _, _, value in self.choices if letter},
        }

    def _choose(self) -> None:
        if self.options.highlighted is not None:
            self.close(self.choices[self.options.highlighted][-1])


def export_form(what: str, folder: Path) -> Menu[str]:
    """Asks for the form of an export: a file extension. what: is exported; folder: where the file goes."""
    return Menu(f"Export {what}", FORMS, f"into {folder}", "export")


class Snooze(Struct, frozen=True):
    """What is held back, and for how long. subject: only that of the alert under the cursor; else everything."""

    subject: bool
    length: timedelta


def snooze_length(subject: str | None) -> Menu[Snooze]:
    """Asks what to snooze. subject: of the alert under the cursor, in words; None: there is none."""
    whats = [(subject, True)] if subject else []
    choices = [
        ("", f"{what}, for {words}", "", Snooze(only, length))
        for what, only in (*whats, ("everything", False))
        for words, length in LENGTHS
    ]
    return Menu("Snooze", choices, "Alerts go on being shown here; the other channels wait.", "snooze", "n")
