"""The palette: every action by name. Type to find one, Enter does it."""

from __future__ import annotations

from textual import events
from textual.app import ComposeResult
from textual.strip import Strip
from textual.widget import Widget

from orwatch.tui.actions import ACTIONS, Action, label_of
from orwatch.tui.keymap import Keymap
from orwatch.tui.screens.overlay import Frame, Overlay
from orwatch.tui.themes import Ink
from orwatch.tui.widgets.paint import Line, Piece, lit

HIDDEN = {"palette", "close", "up", "down", "left", "right", "page_up", "page_down"}
"""Actions that are quicker done than named."""


class Palette(Widget):
    """The list, those first that hold in the focused pane."""

    def __init__(self, ink: Ink, keymap: Keymap, where: str) -> None:
        super().__init__(id="palette")
        self.ink = ink
        self.keymap = keymap
        self.all = [a for a in ACTIONS if a.id not in HIDDEN and (not a.where or where in a.where)]
        self.typed = ""
        self.cursor = 0
        self.top = 0

    @property
    def rows(self) -> list[Action]:
        """The actions that match every word typed; those whose title begins with it first."""
        words = self.typed.casefold().split()
        found = [a for a in self.all if all(word in self.words(a).casefold() for word in words)]
        return sorted(found, key=lambda a: not (words and a.title.casefold().startswith(words[0])))

    @staticmethod
    def words(action: Action) -> str:
        """What an action is found by."""
        return f"{action.title} {action.help} {action.id}"

    def type(self, text: str) -> None:
        """Takes another text to find by."""
        self.typed, self.cursor, self.top = text, 0, 0
        self.refresh()

    def move(self, by: int) -> None:
        """Moves the cursor."""
        self.cursor = max(0, min(len(self.rows) - 1, self.cursor + by))
        room = max(1, self.size.height - 4)
        self.top = max(min(self.top, self.cursor), self.cursor - room + 1, 0)
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """One row on the widget's own ground."""
        return self.draw_line(y).apply_style(self.rich_style)

    def draw_line(self, y: int) -> Strip:
        """Border, find line, actions, keys."""
        rows = self.rows
        frame = Frame(self.ink, self.size.width, self.size.height)
        if y in (0, self.size.height - 1):
            return frame.edge(y, "Actions", f"{len(rows)} of {len(self.all)}")
        return frame.inside(self._content(y, frame.inner, rows))

    def _content(self, y: int, width: int, rows: list[Action]) -> Strip:
        ink = self.ink
        if y == 1:
            line = Line(ink, width).put(": ", "accent+").put(self.typed, "text").put("▏", "accent")
            return line.put("" if self.typed else "name of an action", "dim").strip()
        if y == self.size.height - 2:
            line = Line(ink, width).to(1)
            for key, word in (("↑ ↓", "move"), ("Enter", "do it"), ("Esc", "cancel")):
                line.put(key, "accent+").put(f" {word}  ", "dim")
            return line.strip()
        at = y - 2 + self.top
        if at >= len(rows):
            return Line(ink, width).to(2).put("Nothing matches" if not rows and y == 2 else "", "dim").strip()
        action = rows[at]
        line = Line(ink, width).put("▌" if at == self.cursor else " ", "accent").to(1)
        name: list[Piece] = [(action.title, "bright" if at == self.cursor else "text")]
        line.pieces(lit(name, self.typed.split()))
        if action.help and action.help != action.title and width >= 60:
            line.to(30).pieces(lit([(action.help, "dim")], self.typed.split()))
        keys = "  ".join(label for key in self.keymap.keys(action.id) if (label := label_of(key)))
        if line.room > len(keys) + 2:
            line.right([(keys, "accent")], width - 1)
        return line.strip(ink.selected if at == self.cursor else None)


class PaletteScreen(Overlay[Action | None]):
    """Returns the action that was chosen; None where it was cancelled."""

    def __init__(self, ink: Ink, keymap: Keymap, where: str) -> None:
        super().__init__()
        self.palette = Palette(ink, keymap, where)

    def compose(self) -> ComposeResult:
        yield self.palette

    def on_mount(self) -> None:
        """Sizes the list to the terminal."""
        self.on_resize()

    def on_resize(self) -> None:
        """Sizes the list to the terminal."""
        width, height = self.app.size
        self.palette.styles.width = min(72, width - 2)
        self.palette.styles.height = max(
            6, min(len(self.palette.all) + 4, height - 4 if height >= 30 else height - 2, 24)
        )

    def take_key(self, event: events.Key) -> None:
        """Finds, moves, does it, cancels."""
        palette, key = self.palette, event.key
        steps = {"down": 1, "up": -1, "ctrl+n": 1, "ctrl+p": -1, "pagedown": 10, "pageup": -10}
        if key == "escape":
            self.finish(None)
        elif key == "enter":
            rows = palette.rows
            self.finish(rows[palette.cursor] if rows else None)
        elif key in steps:
            palette.move(steps[key])
        elif key == "backspace":
            palette.type(palette.typed[:-1])
        elif key in ("ctrl+u", "ctrl+w"):
            palette.type("")
        elif event.is_printable and event.character:
            palette.type(palette.typed + event.character)

    def on_paste(self, event: events.Paste) -> None:
        """Pasted text is text to find by."""
        self.palette.type(self.palette.typed + " ".join(event.text.split()))
