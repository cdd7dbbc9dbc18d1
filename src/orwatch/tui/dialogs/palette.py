"""The palette: typing finds what can be done and opened, Enter does it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from orwatch.domain.foreign_text import safe
from orwatch.domain.names import nearest
from orwatch.present.formats import middle_cut
from orwatch.tui.dialogs.dialog import Search, keys_line

HELP_AT = 31
"""Cells before the help of a row."""
LINES = 17
"""Rows of the list."""
KEYS = (("↑ ↓", "move"), ("Enter", "do it"), ("Esc", "cancel"))


MOST = 60
"""Rows that are listed at most."""


class Find(Struct, frozen=True):
    """Something that can be done or opened.

    title, help: what stands in the list; keys: at its end. names: what it is called, in full. do: does it, or opens it.
    """

    title: str
    do: Callable[[], object]
    help: str = ""
    keys: str = ""
    names: tuple[str, ...] = ()

    def rank(self, text: str) -> int | None:
        """How well it fits a text in small letters: title, name, how one begins, words, any of it (0 to 4); None: not at all."""
        names = [name.casefold() for name in (self.title, *self.names)]
        if text in names:
            return int(text != names[0])
        if any(name.startswith(text) for name in names):
            return 2
        words = text.split()
        for name in names:
            parts = name.replace("/", " ").replace("-", " ").split()
            if all(any(part.startswith(word) for part in parts) for word in words):
                return 3
        whole = f"{' '.join(names)} {self.help}".casefold()
        return 4 if all(word in whole for word in words) else None


def found(finds: Sequence[Find], typed: str) -> list[Find]:
    """What fits a text, best first, in the given order where it fits as well; the nearest names where nothing does."""
    text = " ".join(typed.casefold().split())
    ranked = [(rank, find) for find in finds if (rank := find.rank(text)) is not None]
    if not ranked:
        near = nearest(text, [name for find in finds for name in (find.title, *find.names)])
        return [find for name in near for find in finds if name in (find.title, *find.names)][:MOST]
    return [find for _, find in sorted(ranked, key=lambda pair: pair[0])][:MOST]


def line(find: Find, words: list[str], width: int) -> Content:
    """Title, help, keys at the right end; the words that were typed are marked."""
    helped = bool(find.help) and width >= 54
    room = HELP_AT - 2 if helped else max(1, width - len(find.keys) - 3)
    text = f" {middle_cut(safe(find.title), room)}"
    if helped:
        text = f"{text:<{HELP_AT}}{middle_cut(safe(find.help), max(1, width - HELP_AT - len(find.keys) - 1))}"
    said = Content(text).stylize("$ink-dim", HELP_AT)
    for word in words:
        at = text.casefold().find(word)
        if at >= 0:
            said = said.stylize("$ink-accent bold underline", at, at + len(word))
    return Content.assemble(said, " " * max(1, width - said.cell_length - len(find.keys)), (find.keys, "$ink-accent"))


class FindPalette(Search[Find | None]):
    """Returns what was chosen; None where it was cancelled. find: what a text finds, best first."""

    CHROME = 5

    def __init__(self, find: Callable[[str], list[Find]]) -> None:
        super().__init__("Find", LINES, KEYS, "action, model, vendor, country, date, alert or setting")
        self._of = find
        self._listed: tuple[str, list[Find]] = ("", find(""))

    def compose(self) -> ComposeResult:
        frame = Vertical(Horizontal(Static(":"), self.find, id="find"), self.options, id="frame")
        frame.border_title = self.heading
        frame.border_subtitle = keys_line(self.keys)
        yield frame

    @property
    def finds(self) -> list[Find]:
        """What the text finds."""
        if self._listed[0] != self.find.value:
            self._listed = self.find.value, self._of(self.find.value)
        return self._listed[1]

    def found(self) -> int:
        return len(self.finds)

    def draw(self, width: int) -> list[Content]:
        """What is found, one a line, each with its keys."""
        words = self.wanted.split()
        nothing = [Content.styled(" No matches found", "$ink-dim")]
        return [line(find, words, width) for find in self.finds] or nothing

    def on_option_list_option_selected(self) -> None:
        """A click chooses, as Enter does."""
        if self.at is not None:
            self.close(self.finds[self.at])

    def take(self, key: str) -> bool:
        """Does what is found, or cancels."""
        if key == "escape":
            self.close(None)
        elif key == "enter":
            self.on_option_list_option_selected()
        else:
            return False
        return True
