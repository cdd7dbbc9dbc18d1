"""What pickers and help share: they close once, and a key typed in a burst goes where it belongs."""

from __future__ import annotations

from typing import TypeVar

from textual import events
from textual.screen import ModalScreen

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
