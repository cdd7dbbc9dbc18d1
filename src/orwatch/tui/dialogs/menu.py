"""One of a few, such as the form of an export, or what to snooze; and a line to type, checked as it is typed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from msgspec import Struct
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Input, Static

from orwatch.domain.foreign_text import safe
from orwatch.errors import UsageError
from orwatch.present.table import Column
from orwatch.tui.dialogs.dialog import Dialog, Keys, ResultT, SearchLine, drawn, nothing

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


class LineDialog(Dialog[str]):
    """Returns the line.

    text: to begin with. check: what a line means, in words; raises UsageError for one that means nothing. others: lines to begin
    from.
    """

    CHROME = 7
    CLICK = "↑ ↓"

    def __init__(self, heading: str, text: str, check: Callable[[str], str], others: Sequence[str]) -> None:
        super().__init__(heading, len(others))
        self.check = check
        self.others = others
        self.first = self.find = SearchLine(value=text, compact=True, max_length=200)
        self.note = Static(classes="note", markup=False)

    def body(self) -> ComposeResult:
        yield Horizontal(Static("›"), self.find, id="find")
        yield self.note
        yield self.options

    def on_mount(self) -> None:
        """What the line means stands below it from the start."""
        self.options.highlighted = None
        self._tell()

    def draw(self, width: int) -> list[Content]:
        """The lines to begin from."""
        return [Content.styled(f"  {safe(line)}"[:width], "$ink-dim") for line in self.others]

    def on_input_changed(self, _: Input.Changed) -> None:
        """Tells what is meant, or what is wrong."""
        self._tell()

    def _tell(self) -> bool:
        try:
            self.note.update(Content.styled(safe(self.check(self.find.value)), "$ink-text"))
        except UsageError as error:
            self.note.update(Content.assemble(("! ", "$ink-trouble bold"), safe(str(error))))
            return False
        return True

    def keys(self) -> Keys:
        """Takes the line, if it means anything; cancels; begins from another."""
        return {
            "enter": ("take", self._take),
            "↑ ↓": ("begin from", nothing),
            "escape": ("cancel", self.close),
            "up": ("", partial(self._begin_from, self.options.action_cursor_up)),
            "down": ("", partial(self._begin_from, self.options.action_cursor_down)),
        }

    def _take(self) -> None:
        if self._tell():
            self.close(self.find.value)

    def _begin_from(self, move: Callable[[], None]) -> None:
        move()
        if self.options.highlighted is not None:
            self.find.value = self.others[self.options.highlighted]
            self.find.cursor_position = len(self.find.value)
