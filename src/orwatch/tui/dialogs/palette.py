"""Every action by name: type to find one, Enter does it."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from orwatch.tui.actions import ACTIONS, Action, label_of
from orwatch.tui.dialogs.dialog import Dialog, Find, keys_line
from orwatch.tui.keymap import Keymap

HIDDEN = {"palette", "close", "up", "down", "left", "right", "page_up", "page_down"}
"""Actions that are quicker done than named."""
HELP_AT = 31
"""Cells before the help of an action."""
LINES = 17
"""Rows of the list."""
KEYS = (("↑ ↓", "move"), ("Enter", "do it"), ("Esc", "cancel"))


def found(where: str, words: list[str]) -> list[Action]:
    """The actions that hold in a pane or view and have every word in their title, help or id; titles that begin so first."""
    named = [action for action in ACTIONS if action.id not in HIDDEN and (not action.where or where in action.where)]
    texts = {action.id: f"{action.title} {action.help} {action.id}".casefold() for action in named}
    hits = [action for action in named if all(word in texts[action.id] for word in words)]
    return sorted(hits, key=lambda action: not (words and texts[action.id].startswith(words[0])))


def line(action: Action, words: list[str], keys: str, width: int) -> Content:
    """Title, help, keys at the right end; the words that were typed are marked."""
    text = f" {action.title}"
    if action.help and action.help != action.title and width >= 54:
        text = f"{text:<{HELP_AT}}{action.help}"
    said = Content(text).stylize("$ink-dim", HELP_AT)
    for word in words:
        at = text.casefold().find(word)
        if at >= 0:
            said = said.stylize("$ink-accent bold underline", at, at + len(word))
    return Content.assemble(said, " " * max(1, width - said.cell_length - len(keys)), (keys, "$ink-accent"))


class ActionPalette(Dialog[Action | None]):
    """Returns one of the actions that hold in a pane or view; None where it was cancelled."""

    def __init__(self, keymap: Keymap, where: str) -> None:
        super().__init__("Actions", LINES, KEYS)
        self.keymap = keymap
        self.where = where
        self.first = self.find = Find(placeholder="name of an action", compact=True)

    def compose(self) -> ComposeResult:
        frame = Vertical(Horizontal(Static(":"), self.find, id="find"), self.options, id="frame")
        frame.border_title = self.heading
        frame.border_subtitle = keys_line(self.keys)
        yield frame

    @property
    def words(self) -> list[str]:
        """What is typed."""
        return self.find.value.casefold().split()

    @property
    def found(self) -> list[Action]:
        """The actions that match what is typed."""
        return found(self.where, self.words)

    def draw(self, width: int) -> list[Content]:
        """The actions, one a line, each with its keys."""
        return [
            line(action, self.words, "  ".join(map(label_of, self.keymap.keys(action.id))), width)
            for action in self.found
        ] or [Content.styled(" No matches found", "$ink-dim")]

    def on_input_changed(self) -> None:
        """Finds while it is typed."""
        self.options.fill()
        self.options.highlighted = 0 if self.found else None

    def on_option_list_option_selected(self) -> None:
        """A click chooses, as Enter does."""
        actions, at = self.found, self.options.highlighted or 0
        if actions:  # in a burst of keys the list may still be that of the letters before
            self.close(actions[min(at, len(actions) - 1)])

    def take(self, key: str) -> bool:
        """Does what is found, or cancels."""
        if key == "escape":
            self.close(None)
        elif key == "enter":
            self.on_option_list_option_selected()
        else:
            return False
        return True
