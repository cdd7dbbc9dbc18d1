"""The desktop's own notices: `notify-send`, and `osascript` on macOS."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Mapping
from typing import Annotated, ClassVar, Final

from orwatch.domain.foreign_text import line, lines
from orwatch.domain.settings import setting
from orwatch.notify.channel import Channel, ChannelSettings, DeliveryError, Message, Write, cut
from orwatch.notify.program import carry_out
from orwatch.notify.thread import Thread

LENGTH: Final = 600
URGENCY: Final = {"major": "critical", "notable": "normal", "note": "low"}

_SCRIPT: Final = "on run argv\ndisplay notification (item 2 of argv) with title (item 1 of argv)\nend run"


def argv_of(message: Message, program: str) -> tuple[str, ...]:
    """The command that shows a message. Texts come after `--`, and markup, which some servers read, is escaped."""
    title = cut(line(message.title), LENGTH)
    body = cut(lines("\n".join(message.lines)), LENGTH)
    if program == "osascript":
        return (program, "-e", _SCRIPT, "--", f"orwatch: {title}", body)
    body = body.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return (program, "-a", "orwatch", "-u", URGENCY.get(message.severity, "normal"), "--", title, body)


class DesktopSettings(ChannelSettings, frozen=True):
    """Whether and for what notices are shown."""

    in_demo: ClassVar[bool] = False

    on: Annotated[bool, setting("Whether the desktop shows alerts (notify-send, osascript).")] = False

    def open(self, env: Mapping[str, str], write: Write | None) -> Channel | None:
        """The desktop."""
        return DesktopChannel()


class DesktopChannel:
    """Shows a message on the desktop. which: finds a program; None where it is not installed."""

    name = "desktop"

    def __init__(
        self, platform: str = sys.platform, which: Callable[[str], str | None] = shutil.which, seconds: float = 10.0
    ) -> None:
        self.program = "osascript" if platform == "darwin" else "notify-send"
        self._which = which
        self._seconds = seconds
        self._thread = Thread()

    async def send(self, message: Message) -> None:
        """Show it."""
        if self._which(self.program) is None:
            raise DeliveryError(f"{self.program} is not installed")
        await carry_out(self._thread, argv_of(message, self.program), self._seconds)
