"""The terminal's bell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Final

from orwatch.domain.settings import setting
from orwatch.notify.channel import Channel, ChannelSettings, Message, Write
from orwatch.notify.terminal import put

BELL: Final = "\a"


class BellSettings(ChannelSettings, frozen=True):
    """Whether and when it rings."""

    tries: ClassVar[int] = 1
    fleeting: ClassVar[bool] = True
    missing: ClassVar[str] = "The bell needs a terminal."

    on: Annotated[bool, setting("Whether alerts ring the terminal's bell.")] = False

    def open(self, env: Mapping[str, str], write: Write | None) -> Channel | None:
        """The bell; None without a terminal."""
        return None if write is None else Bell(write)


class Bell:
    """The terminal's bell."""

    name = "bell"

    def __init__(self, write: Write) -> None:
        self._write = write

    async def send(self, message: Message) -> None:
        """Ring once, however many alerts there are."""
        put(self._write, BELL)
