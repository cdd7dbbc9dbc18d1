"""What every channel is made of: its settings, how it takes alerts, and what it sends."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Coroutine, Mapping, Sequence
from datetime import datetime, time
from typing import Annotated, Any, ClassVar
from urllib.parse import urlsplit

from msgspec import Struct

from orwatch.domain.alerts.alert import Severity
from orwatch.domain.setting import setting, text

AlertFacts = Mapping[str, Any]
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
    alerts: tuple[AlertFacts, ...]
    citation: str
    again: bool = False
    subjects: tuple[str, ...] = ()

    @property
    def body(self) -> str:
        """The sentences, a line each, and the source below them."""
        return "\n".join((*self.lines, self.citation))


Send = Callable[[Message], Coroutine[Any, Any, None]]
"""Sends one message, or raises DeliveryError. A cancelled send leaves nothing running that the exit would wait for."""

Write = Callable[[str], None]
"""Puts text on the terminal, at once; OSError where it cannot."""


class ChannelSettings(Struct, frozen=True):
    """The settings that every channel has; a subclass adds its own, opens the channel, and says how it takes alerts.

    again: a message whose sender died is sent again, at least once in place of at most once. record: each alert by itself and at
    once, in quiet hours, snoozed or acknowledged too, until it is there. fleeting: of one screen; what fired before it was there is
    not sent to it, and nothing twice. in_demo: a replay of the past is sent to it. missing: why `open`
    gave no channel, with the mend.
    """

    again: ClassVar[bool] = False
    record: ClassVar[bool] = False
    fleeting: ClassVar[bool] = False
    in_demo: ClassVar[bool] = True
    missing: ClassVar[str] = "It cannot be served here."

    on: bool = True
    severity: Annotated[Severity, setting("The least severity that it takes.")] = Severity.NOTABLE

    @property
    def takes(self) -> frozenset[Severity]:
        """The severities that it takes: none where it is off."""
        order = list(Severity)
        return frozenset(order[: order.index(self.severity) + 1] if self.on else ())

    @property
    def ends(self) -> bool:
        """Whether it is also told that an alert is over, once that is acknowledged or retracted; then it is tried until it is."""
        return False

    def open(self, env: Mapping[str, str], write: Write | None) -> Send | None:
        """How a message is sent; None where what it needs is not set, or there is no terminal for it.

        env: tells the terminal. write: None: there is none. Raises UsageError for a setting that cannot be served.
        """
        raise NotImplementedError


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


def shown(url: str) -> str:
    """`https://host/…`: what may be shown of an address."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.hostname or ''}{f':{parts.port}' if parts.port else ''}/…"


def cut(text: str, length: int) -> str:
    """At most so many characters, with an ellipsis where it is cut."""
    return text if len(text) <= length else text[: length - 1] + "…"


def put(write: Write, text: str) -> None:
    """Write it, or raise DeliveryError."""
    try:
        write(text)
    except (OSError, ValueError) as error:
        cause = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else str(error)
        raise DeliveryError(f"the terminal cannot be written: {cause}") from None


def tty_writer(path: str = "/dev/tty") -> Write:
    """Writes to the terminal of this process past its standard streams; a terminal that is held (Ctrl+S) is no wait."""

    def write(text: str) -> None:
        # An own open file: to make standard error non-blocking would do it to the shell's as well.
        terminal = os.open(path, os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
        try:
            os.write(terminal, text.encode())
        finally:
            os.close(terminal)

    return write


class Quiet(Struct, frozen=True):
    """Hours of the day, local time, in which channels that make a noise are silent; past midnight where end is before start."""

    start: time
    end: time

    def holds(self, local: datetime) -> bool:
        """Whether it is quiet at a local time: from the start on, and not at the end any more."""
        at = local.time()
        return self.start <= at < self.end if self.start < self.end else at >= self.start or at < self.end

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M}"


def quiet_hours(given: object) -> Quiet | None:
    """`22:00-07:00`; empty text is None. Raises ValueError."""
    if given == "":
        return None
    found = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d) *[-–] *([01]?\d|2[0-3]):([0-5]\d)", text(given), re.ASCII)
    if not found:
        raise ValueError
    start, end = time(int(found[1]), int(found[2])), time(int(found[3]), int(found[4]))
    if start == end:
        raise ValueError
    return Quiet(start, end)
