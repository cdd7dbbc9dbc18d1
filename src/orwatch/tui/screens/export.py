"""Choosing the form of an export: a letter, or arrows and Enter."""

from __future__ import annotations

from pathlib import Path

from textual import events
from textual.app import ComposeResult
from textual.strip import Strip
from textual.widget import Widget

from orwatch.present import formats
from orwatch.tui.exporting import FORMS
from orwatch.tui.screens.overlay import Overlay
from orwatch.tui.themes import Ink
from orwatch.tui.widgets.paint import Line, blank

KEYS = {"c": "csv", "j": "json", "m": "md", "s": "svg"}
WORDS = {"csv": "for spreadsheets", "json": "every field", "md": "a table to paste", "svg": "as it stands"}
WIDTH, HEIGHT = 60, 10


class Choices(Widget):
    """The forms in a thin border of the accent, and where the file goes."""

    def __init__(self, ink: Ink, what: str, folder: Path) -> None:
        super().__init__(id="export")
        self.ink = ink
        self.what = what
        self.folder = folder
        self.cursor = 0

    @property
    def form(self) -> str:
        """The form under the cursor."""
        return list(KEYS.values())[self.cursor]

    def move(self, by: int) -> None:
        """Moves the cursor."""
        self.cursor = max(0, min(len(KEYS) - 1, self.cursor + by))
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """One row on the widget's own ground."""
        return self._line(y).apply_style(self.rich_style)

    def _line(self, y: int) -> Strip:
        ink, (width, height) = self.ink, self.size
        if y == 0:
            line = (
                Line(ink, width)
                .put("╭─ ", "accent")
                .put(f"Export {self.what}"[: width - 6], "bright")
                .put(" ", "accent")
            )
            return line.put("─" * (width - line.at - 1) + "╮", "accent").strip()
        if y == height - 1:
            return Line(ink, width).put("╰" + "─" * (width - 2) + "╯", "accent").strip()
        edges = [Line(ink, 2).put("│ ", "accent").strip(), Line(ink, 2).put(" │", "accent").strip()]
        return Strip.join([edges[0], self._content(y - 1, width - 4), edges[1]])

    def _content(self, y: int, width: int) -> Strip:
        ink = self.ink
        if y < len(KEYS):
            key, form = list(KEYS.items())[y]
            here = y == self.cursor
            line = Line(ink, width).put("▌" if here else " ", "accent").to(2).put(key, "accent+").put("  ")
            line.put(FORMS[form], "bright" if here else "text").to(36).put(WORDS[form], "dim")
            return line.strip(ink.selected if here else None)
        if y == len(KEYS) + 1:
            return Line(ink, width).to(2).put(formats.middle_cut(f"into {self.folder}", width - 2), "dim").strip()
        if y == len(KEYS) + 3:
            line = Line(ink, width).to(2)
            for key, word in (("Enter", "export"), ("Esc", "cancel")):
                line.put(key, "accent+").put(f" {word}  ", "dim")
            return line.strip()
        return blank(width)


class ExportScreen(Overlay[str | None]):
    """Returns a key of `exporting.FORMS`; None where it was cancelled."""

    def __init__(self, ink: Ink, what: str, folder: Path) -> None:
        super().__init__()
        self.choices = Choices(ink, what, folder)

    def compose(self) -> ComposeResult:
        yield self.choices

    def on_mount(self) -> None:
        """Sizes the list to the terminal."""
        self.on_resize()

    def on_resize(self) -> None:
        """Sizes the list to the terminal."""
        width, height = self.app.size
        self.choices.styles.width = min(WIDTH, width - 2)
        self.choices.styles.height = min(HEIGHT, height)

    def take_key(self, event: events.Key) -> None:
        """Chooses or cancels."""
        key = event.key
        if key in ("escape", "q"):
            self.finish(None)
        elif key in KEYS:
            self.finish(KEYS[key])
        elif key == "enter":
            self.finish(self.choices.form)
        elif key in ("down", "up"):
            self.choices.move(1 if key == "down" else -1)
