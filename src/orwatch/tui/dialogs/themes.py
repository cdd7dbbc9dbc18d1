"""The picker of themes: the dashboard beside it wears the one under the cursor."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static

from orwatch.domain.foreign_text import safe
from orwatch.domain.nearest import nearest
from orwatch.present.colours import AUTO
from orwatch.present.formats import middle_cut
from orwatch.present.table import Column, Pieces
from orwatch.tui.dialogs.dialog import Search, drawn
from orwatch.tui.themes import Themes

KEYS = (("↑ ↓", "try"), ("Enter", "take"), ("Ctrl+S", "save"), ("Esc", "back"))

SAMPLE = ("accent", "cn", "us", "elsewhere", "unattributed")
"""The roles that are shown of a theme, two cells each, on its own ground."""


class Worn(Struct, frozen=True):
    """The theme that was taken. save: it is to be kept in the config."""

    name: str
    save: bool = False


class ThemePicker(Search[Worn | None]):
    """Returns the theme that was taken, None where it was cancelled. wear: shows the dashboard in a theme."""

    def __init__(self, themes: Themes, wear: Callable[[str], None]) -> None:
        self.rows = [(name, whose) for whose, names in themes.groups.items() for name in names]
        super().__init__("Themes", len(self.rows), KEYS, "name, dark or light, whose")
        self.themes = themes
        self.wear = wear
        self.before = themes.worn

    def body(self) -> ComposeResult:
        yield Horizontal(Static("/"), self.find, id="find")
        yield self.options

    def on_mount(self) -> None:
        """The cursor begins on the theme that is worn."""
        self.show(next((n for n, (name, _) in enumerate(self.rows) if name == self.before), 0))

    def kind(self, name: str) -> str:
        """Dark or light, or what decides it."""
        if name in AUTO:
            return "as the terminal"
        palette = self.themes.palette(name)
        return "terminal's" if palette.ansi else "dark" if palette.dark else "light"

    @property
    def shown(self) -> list[tuple[str, str]]:
        """The themes that match what is typed, each with whose it is."""
        return [row for row in self.rows if self.wanted in f"{row[0]} {self.kind(row[0])} {row[1]}".casefold()]

    def found(self) -> int:
        return len(self.shown)

    def draw(self, width: int) -> list[Content]:
        """The rows, and what the frame says of them."""
        self.query_one("#frame").border_subtitle = self.nothing if not self.shown else f"{len(self.shown)} themes"
        room = width - 2 * len(SAMPLE) - 3
        lines = drawn(self._columns(), room, self.shown)
        return [
            Content.assemble(line, " " * (room - line.cell_length), *self._sample(name))
            for line, (name, _) in zip(lines, self.shown, strict=True)
        ]

    def _columns(self) -> tuple[Column[tuple[str, str]], ...]:
        column = Column[tuple[str, str]]

        def name(row: tuple[str, str], width: int) -> Pieces:
            return [(middle_cut(safe(row[0]), width), "bright" if row[0] == self.before else "text")]

        return (
            column("mark", "", 1, lambda row, _: [("✓", "accent")] if row[0] == self.before else [], right=False),
            column("name", "", 12, name, right=False, gap=1, grow=True),
            column("kind", "", 15, lambda row, _: [(self.kind(row[0]), "dim")], right=False, give_up=1),
            column("whose", "", 7, lambda row, _: [(row[1], "dim")], right=False, give_up=2),
        )

    def _sample(self, name: str) -> Sequence[tuple[str, str]]:
        palette = self.themes.palette(name)
        if palette.ansi:
            return []
        return [
            (" ", f"on {palette.background}"),
            *(("██", f"{getattr(palette, role)} on {palette.background}") for role in SAMPLE),
            (" ", f"on {palette.background}"),
        ]

    @property
    def nothing(self) -> str:
        """That nothing matches, and the nearest name."""
        near = nearest(self.wanted, [name for name, _ in self.rows], 1)
        return f"Nothing matches; nearest: {safe(near[0])}" if near else "Nothing matches"

    def on_option_list_option_highlighted(self) -> None:
        """The dashboard wears the theme under the cursor, the last one where several moves have come at once."""
        if self.is_current and self.at is not None and self.shown[self.at][0] != self.themes.worn:
            self.wear(self.shown[self.at][0])
            self.options.fill()

    def on_option_list_option_selected(self) -> None:
        """A click takes a theme, as Enter does."""
        self._end(save=False)

    def _end(self, *, save: bool) -> None:
        if self.at is not None:
            self.close(Worn(self.shown[self.at][0], save))

    def take(self, key: str) -> bool:
        """Takes, saves, cancels."""
        if key in ("enter", "ctrl+s"):
            self._end(save=key == "ctrl+s")
        elif key == "escape":
            if not self.cleared():
                self.close(None)
        else:
            return False
        return True
