"""What pickers and help share: they close once, and a key typed in a burst goes where it belongs."""

from __future__ import annotations

from typing import TypeVar

from textual import events
from textual.screen import ModalScreen
from textual.strip import Strip

from orwatch.tui.themes import Ink
from orwatch.tui.widgets.paint import Line

ResultT = TypeVar("ResultT")


class Overlay(ModalScreen[ResultT]):
    """Takes every key while it is open. A key that was queued for it but comes after it closed is passed on."""

    def __init__(self) -> None:
        super().__init__()
        self.closed = False

    def finish(self, result: ResultT) -> None:
        """Closes with a result; a second time does nothing."""
        if not self.closed:
            self.closed = True
            self.dismiss(result)

    async def on_key(self, event: events.Key) -> None:
        """Gives the key to the overlay, or, once it is closed, to the screen below."""
        event.stop()
        event.prevent_default()
        if not self.closed:
            self.take_key(event)
            return
        below = next((screen for screen in reversed(self.app.screen_stack) if screen is not self), None)
        handler = getattr(below, "on_key", None)
        if handler is not None:
            await handler(event)

    def take_key(self, event: events.Key) -> None:
        """What a key does here."""
        raise LookupError(type(self).__name__)


class Frame:
    """The thin border of an overlay, in the accent: title at the left, a fact at the right."""

    def __init__(self, ink: Ink, width: int, height: int) -> None:
        self.ink = ink
        self.width = width
        self.height = height
        self.inner = max(0, width - 4)

    def edge(self, y: int, title: str, fact: str) -> Strip:
        """The upper or the lower edge."""
        ink, width = self.ink, self.width
        if y:
            return Line(ink, width).put("╰" + "─" * (width - 2) + "╯", "accent").strip()
        line = Line(ink, width).put("╭─ ", "accent").put(title, "bright").put(" ", "accent")
        text = f" {fact} " if fact and line.room > len(fact) + 6 else ""
        line.put("─" * max(0, width - line.at - len(text) - 2), "accent")
        return line.put(text, "dim").put("─╮", "accent").strip()

    def inside(self, content: Strip) -> Strip:
        """A row between the two sides."""
        left = Line(self.ink, 2).put("│ ", "accent").strip()
        return Strip.join([left, content, Line(self.ink, 2).put(" │", "accent").strip()])
