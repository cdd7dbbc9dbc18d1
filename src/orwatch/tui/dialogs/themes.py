"""The picker of themes: the dashboard beside it wears the one under the cursor."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct
from textual.content import Content

from orwatch.domain.foreign_text import safe
from orwatch.domain.names import nearest
from orwatch.present.colours import AUTO, Palette
from orwatch.present.formats import middle_cut, plural
from orwatch.present.table import Column, Pieces
from orwatch.tui.dialogs.dialog import Search, drawn
from orwatch.tui.themes import Themes

KEYS = (("↑ ↓", "try"), ("Enter", "take"), ("Ctrl+S", "save"), ("Esc", "back"))

SAMPLE = ("accent", "cn", "us", "elsewhere", "unattributed")
"""The roles that are shown of a theme, two cells each, on its own ground."""


ROOMY = 34
"""Cells from which a line has room for them."""


class Worn(Struct, frozen=True):
    """The theme that was taken. save: it is to be kept in the config."""

    name: str
    save: bool = False


class ThemeLine(Struct, frozen=True):
    """A line of the picker. whose: who made it."""

    name: str
    whose: str
    palette: Palette

    @property
    def kind(self) -> str:
        """Dark or light, both as the terminal is, or neither."""
        if self.name in AUTO:
            return "dark or light"
        if self.palette.ansi:
            return "no colour" if self.palette.hatch else "16 colours"
        return "dark" if self.palette.dark else "light"


class ThemePicker(Search[Worn | None]):
    """Returns the theme that was taken, None where it was cancelled. wear: shows the dashboard in a theme."""

    def __init__(self, themes: Themes, wear: Callable[[str], None]) -> None:
        self.rows = [
            ThemeLine(name, whose, themes.palette(name)) for whose, names in themes.groups.items() for name in names
        ]
        super().__init__("Themes", len(self.rows), KEYS, "name, dark or light, whose")
        self.themes = themes
        self.wear = wear
        self.before = themes.worn

    def on_mount(self) -> None:
        """The cursor begins on the theme that is worn."""
        self.show(next((n for n, row in enumerate(self.rows) if row.name == self.before), 0))

    @property
    def shown(self) -> list[ThemeLine]:
        """The themes that match what is typed."""
        return [row for row in self.rows if self.wanted in f"{row.name} {row.kind} {row.whose}".casefold()]

    def found(self) -> int:
        return len(self.shown)

    def show(self, at: int) -> None:
        super().show(at)
        self.on_option_list_option_highlighted()

    def draw(self, width: int) -> list[Content]:
        """The rows, and what the frame says of them."""
        shown = self.shown
        self.query_one("#frame").border_subtitle = plural(len(shown), "theme") if shown else self.nothing
        if width < ROOMY:
            return drawn(self._columns(), width, shown)
        room = width - 2 * len(SAMPLE) - 4
        return [
            Content.assemble(line, " " * (room + 1 - line.cell_length), *sample(row.palette))
            for line, row in zip(drawn(self._columns(), room, shown), shown, strict=True)
        ]

    def _columns(self) -> tuple[Column[ThemeLine], ...]:
        column, before = Column[ThemeLine], self.before

        def name(row: ThemeLine, width: int) -> Pieces:
            return [(middle_cut(safe(row.name), width), "bright" if row.name == before else "text")]

        return (
            column("mark", "", 1, lambda row, _: [("✓", "accent")] if row.name == before else [], right=False),
            column("name", "", 12, name, right=False, gap=1, grow=True),
            column("kind", "", 13, lambda row, _: [(row.kind, "dim")], right=False, give_up=1),
            column("whose", "", 7, lambda row, _: [(row.whose, "dim")], right=False, give_up=2),
        )

    @property
    def nothing(self) -> str:
        """That nothing matches, and the nearest name."""
        near = nearest(self.wanted, [row.name for row in self.rows], 1)
        return f"Nothing matches; nearest: {safe(near[0])}" if near else "Nothing matches"

    def on_option_list_option_highlighted(self) -> None:
        """The dashboard wears the theme under the cursor, the last one where several moves have come at once."""
        if self.is_current and self.at is not None and self.shown[self.at].name != self.themes.worn:
            self.wear(self.shown[self.at].name)
            self.options.fill()

    def on_option_list_option_selected(self) -> None:
        """A click takes a theme, as Enter does."""
        self._end(save=False)

    def _end(self, *, save: bool) -> None:
        if self.at is not None:
            self.close(Worn(self.shown[self.at].name, save))

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


def sample(palette: Palette) -> Sequence[tuple[str, str]]:
    """Colours of a palette; of the terminal's own none, as they are not known."""
    if palette.ansi:
        return []
    ground = f"on {palette.background}"
    return [(" ", ground), *(("██", f"{getattr(palette, role)} {ground}") for role in SAMPLE), (" ", ground)]
