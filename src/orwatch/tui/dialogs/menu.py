"""One of a few, such as the form of an export, or what to snooze; and a line to type, checked as it is typed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, Generic, TypeVar

from msgspec import Struct
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Input, Static

from orwatch.domain.foreign_text import safe
from orwatch.errors import UsageError
from orwatch.present.table import Column
from orwatch.tui.dialogs.dialog import Dialog, Keys, SearchLine, drawn, nothing

ValueT = TypeVar("ValueT")


class Item(Struct, Generic[ValueT], frozen=True):
    """What can be chosen. letter: chooses it too; use: what it is good for."""

    name: str
    value: ValueT
    letter: str = ""
    use: str = ""


FORMS = (
    Item("CSV", "csv", "c", "for spreadsheets"),
    Item("JSON", "json", "j", "every field"),
    Item("Markdown", "md", "m", "a table to paste"),
    Item("picture of the screen (SVG)", "svg", "s", "as it stands"),
)
"""Of an export, by file extension."""
LENGTHS = (("an hour", timedelta(hours=1)), ("a day", timedelta(days=1)))


LETTER, NAME, USE = (
    Column[Item[Any]]("letter", "", 1, lambda row, _: [(row.letter, "accent+")], right=False),
    Column[Item[Any]]("name", "", 28, lambda row, _: [(row.name, "text")], right=False, grow=True),
    Column[Item[Any]]("use", "", 17, lambda row, _: [(row.use, "dim")], right=False, give_up=1),
)


class Menu(Dialog[ValueT]):
    """Returns the value of what was chosen, by its letter or by arrows and Enter.

    note: stands below the items. verb: what Enter does. down: a key that moves down as the arrow does.
    """

    def __init__(self, heading: str, items: Sequence[Item[ValueT]], note: str, verb: str, down: str = "down") -> None:
        super().__init__(heading, len(items))
        self.items = items
        self.note = note
        self.verb = verb
        self.down = down

    def body(self) -> ComposeResult:
        yield self.options
        yield Static(Content.styled(safe(self.note), "$ink-dim"), classes="note")

    def draw(self, width: int) -> list[Content]:
        lettered = any(item.letter for item in self.items)
        return drawn((LETTER, NAME, USE) if lettered else (NAME,), width, self.items)

    def keys(self) -> Keys:
        return {
            "↑ ↓": ("move", nothing),
            "enter": (self.verb, self._choose),
            "escape": ("cancel", self.close),
            "q": ("", self.close),
            self.down: ("", self.options.action_cursor_down),
            **{item.letter: ("", partial(self.close, item.value)) for item in self.items if item.letter},
        }

    def _choose(self) -> None:
        if self.options.highlighted is not None:
            self.close(self.items[self.options.highlighted].value)


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
    items = [
        Item(f"{what}, for {words}", Snooze(only, length))
        for what, only in (*whats, ("everything", False))
        for words, length in LENGTHS
    ]
    return Menu("Snooze", items, "Alerts go on being shown here; the other channels wait.", "snooze", "n")


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
        return [Content.styled(f"  {safe(line)}"[:width], "$ink-dim") for line in self.others]

    def on_input_changed(self, _: Input.Changed) -> None:
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
