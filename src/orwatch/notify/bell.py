"""The terminal's bell."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Annotated, ClassVar

from orwatch.domain.setting import setting
from orwatch.notify.channel import ChannelSettings, Message, Send, Write, put


class BellSettings(ChannelSettings, frozen=True):
    """Whether and when it rings."""

    fleeting: ClassVar[bool] = True
    missing: ClassVar[str] = "The bell needs a terminal."

    on: Annotated[bool, setting("Whether alerts ring the terminal's bell.")] = False

    def open(self, env: Mapping[str, str], write: Write | None) -> Send | None:
        return None if write is None else partial(ring, write)


async def ring(write: Write, message: Message) -> None:
    """Ring once, however many alerts there are."""
    put(write, "\a")
