"""What is sent, and how a channel says that it could not be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from msgspec import Struct

Facts = Mapping[str, Any]
"""One alert as `orwatch alerts --format json` gives it."""


class DeliveryError(Exception):
    """A message did not arrive; `str` of it is the cause, in words, without a secret."""


class Message(Struct, frozen=True):
    """One message about one alert or a burst of them.

    title: a few words. lines: a sentence a happening. severity: `major`, `notable` or `note`, the gravest. alerts: their facts.
    citation: the source. again: it may have been sent before. subjects: whom it is about, gravest first, each once.
    """

    title: str
    lines: tuple[str, ...]
    severity: str
    alerts: tuple[Facts, ...]
    citation: str
    again: bool = False
    subjects: tuple[str, ...] = ()

    @property
    def body(self) -> str:
        """The sentences, a line each, and the source below them."""
        return "\n".join((*self.lines, self.citation))


class Channel(Protocol):
    """Somewhere that messages go. name: as settings and the ledger call it."""

    @property
    def name(self) -> str: ...

    async def send(self, message: Message) -> None:
        """Send one message, or raise DeliveryError. A cancelled send leaves nothing running that the exit would wait for."""


def named(subjects: Sequence[str], length: int, most: int = 3) -> str:
    """`CN passes US, DeepSeek V4, Hy3 preview and 2 more`: as many as there is room for, at most `most`; how many more."""
    for count in range(min(most, len(subjects)), 0, -1):
        left = len(subjects) - count
        text = ", ".join(subjects[:count]) + (f" and {left} more" if left else "")
        if len(text) <= length:
            return text
    left = len(subjects) - 1
    more = f" and {left} more" if left > 0 else ""
    return cut("".join(subjects[:1]), length - len(more)) + more


def cut(text: str, length: int) -> str:
    """At most so many characters, with an ellipsis where it is cut."""
    return text if len(text) <= length else text[: length - 1] + "…"
