"""Toasts: the channel of the dashboard itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, ClassVar

from orwatch.domain.settings import setting
from orwatch.notify.channel import Channel, ChannelSettings, Message, Write


class ToastSettings(ChannelSettings, frozen=True):
    """Whether and for what toasts are shown."""

    tries: ClassVar[int] = 1
    fleeting: ClassVar[bool] = True
    missing: ClassVar[str] = "A toast is shown by the dashboard alone."

    on: Annotated[bool, setting("Whether the dashboard shows alerts as toasts.")] = True

    def open(self, env: Mapping[str, str], write: Write | None) -> Channel | None:
        """None: the dashboard brings its own."""
        return None


class Toast:
    """The channel of the screen. show: shows a message in a corner."""

    name = "toast"

    def __init__(self, show: Callable[[Message], None]) -> None:
        self._show = show

    async def send(self, message: Message) -> None:
        """Show it."""
        self._show(message)
