"""What is sent, and how a channel says that it could not be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from orwatch.dataclass import dataclass

Facts = Mapping[str, Any]
"""One alert as `orwatch alerts --format json` gives it."""


class DeliveryError(Exception):
    """A message did not arrive; `str` of it is the cause, in words, without a secret."""


@dataclass(frozen=True)
class Message:
    """One message about one alert or a burst of them.

    title: a few words. lines: a sentence an alert. severity: `major`, `notable` or `note`, the gravest. alerts: their facts.
    citation: the source. again: it may have been sent before.
    """

    title: str
    lines: tuple[str, ...]
    severity: str
    alerts: tuple[Facts, ...]
    citation: str
    again: bool = False

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


def cut(text: str, length: int) -> str:
    """At most so many characters, with an ellipsis where it is cut."""
    return text if len(text) <= length else text[: length - 1] + "…"
