"""The picker of themes: the dashboard beside it wears the one under the cursor."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from msgspec import Struct
from textual.content import Content

from orwatch.domain.foreign_text import safe
from orwatch.present.colours import AUTO, Palette
from orwatch.present.formats import middle_cut, plural
from orwatch.present.table import Column, Pieces
from orwatch.tui.dialogs.dialog import Keys, Search, drawn, nothing
from orwatch.tui.themes import Themes

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


class ThemePicker(Search[ThemeLine, Worn]):
    """Returns the theme that was taken. wear: shows the dashboard in a theme."""

    def __init__(self, themes: Themes, wear: Callable[[str], None]) -> None:
        lines = [
            ThemeLine(name, whose, themes.palette(name)) for whose, names in themes.groups.items() for name in names
        ]
        super().__init__("Themes", lines, "name, dark or light, whose")
        self.themes = themes
        self.wear = wear
        self.before = themes.worn

    def on_mount(self) -> None:
        self.show(lambda row: row.name == self.before)

    def words(self, row: ThemeLine) -> str:
        return f"{row.name} {row.kind} {row.whose}"

    def show(self, there: Callable[[ThemeLine], bool] = lambda _: True) -> None:
        super().show(there)
        self.on_option_list_option_highlighted()

    def draw(self, width: int) -> list[Content]:
        """The rows, and what the frame says of them."""
        shown = self.rows
        told = plural(len(shown), "theme") if shown else self.nearest(row.name for row in self.everything)
        self.query_one("#frame").border_subtitle = told
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

    def on_option_list_option_highlighted(self) -> None:
        """The dashboard wears the theme under the cursor, the last one where several moves have come at once."""
        row = self.row
        if self.is_current and row is not None and row.name != self.themes.worn:
            self.wear(row.name)
            self.options.fill()

    def keys(self) -> Keys:
        return {
            "↑ ↓": ("try", nothing),
            "enter": ("take", self._end),
            "ctrl+s": ("save", partial(self._end, save=True)),
            "escape": ("back", self.back),
        }

    def _end(self, *, save: bool = False) -> None:
        if self.row is not None:
            self.close(Worn(self.row.name, save))


def sample(palette: Palette) -> Sequence[tuple[str, str]]:
    """Colours of a palette; of the terminal's own none, as they are not known."""
    if palette.ansi:
        return []
    ground = f"on {palette.background}"
    return [(" ", ground), *(("██", f"{getattr(palette, role)} {ground}") for role in SAMPLE), (" ", ground)]
