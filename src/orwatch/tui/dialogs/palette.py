"""Textual's own command palette with the table of actions: type to find one, Enter does it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from textual import events
from textual.app import ComposeResult
from textual.command import CommandList, CommandPalette, DiscoveryHit, Hit, Hits, Provider, SearchIcon
from textual.containers import Vertical
from textual.content import Content
from textual.strip import Strip
from textual.widgets import Input

from orwatch.tui.actions import ACTIONS, Action, label_of
from orwatch.tui.dialogs.dialog import keys_line, with_cursor
from orwatch.tui.keymap import Keymap

HIDDEN = {"palette", "close", "up", "down", "left", "right", "page_up", "page_down"}
"""Actions that are quicker done than named."""
WIDTH, HELP_AT = 66, 31
"""Cells of a line, and where its help begins; a narrower one has no help."""


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


class Actions(CommandList):
    """The list of what was found."""

    def render_line(self, y: int) -> Strip:
        """A row, that of the cursor marked."""
        return with_cursor(self, y, super().render_line(y))


class ActionPalette(CommandPalette):
    """The actions that hold in a pane or view, each with its keys. perform: carries one out, after the palette has closed."""

    def __init__(self, keymap: Keymap, where: str, perform: Callable[[Action], None]) -> None:
        class Named(Provider):
            """The table of actions."""

            async def discover(self) -> Hits:
                for action in found(where, []):
                    yield DiscoveryHit(show(action, []), partial(perform, action), action.title)

            async def search(self, query: str) -> Hits:
                words = query.casefold().split()
                for place, action in enumerate(found(where, words), 1):
                    yield Hit(1 / place, show(action, words), partial(perform, action), action.title)

        def show(action: Action, words: list[str]) -> Content:
            keys = "  ".join(label for key in keymap.keys(action.id) if (label := label_of(key)))
            return line(action, words, keys, min(WIDTH, self.app.size.width - 6))

        super().__init__([Named], placeholder="name of an action")
        self.where = where
        self.perform = perform

    def compose(self) -> ComposeResult:
        for widget in super().compose():
            yield Actions() if isinstance(widget, CommandList) else widget

    def on_mount(self) -> None:
        """The frame has a title, and the line a colon as the key that opens it."""
        frame = self.query_one("#--container", Vertical)
        frame.border_title = "Actions"
        frame.border_subtitle = keys_line((("↑ ↓", "move"), ("Enter", "do it"), ("Esc", "cancel")))
        self.query_one(SearchIcon).icon = ":"

    def on_key(self, event: events.Key) -> None:
        """Takes what was typed in a burst with the key that opened it, before the line had the focus."""
        if event.is_printable and event.character:
            self.query_one(Input).insert_text_at_cursor(event.character)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Does what is found for what is typed: in a burst of keys the list may still be that of the letters before."""
        event.stop()
        event.prevent_default()
        actions = found(self.where, event.value.casefold().split())
        at = self.query_one(CommandList).highlighted or 0
        if actions and self.is_current:
            self.dismiss()
            self.app.call_later(self.perform, actions[min(at, len(actions) - 1)])
