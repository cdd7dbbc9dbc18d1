"""The desktop's own notices: `notify-send`, and `osascript` on macOS."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping
from typing import Annotated, ClassVar, Final

from orwatch.domain.foreign_text import line, lines
from orwatch.domain.setting import setting
from orwatch.notify.channel import ChannelSettings, DeliveryError, Message, Send, Write, cut
from orwatch.notify.program import run

LENGTH: Final = 600
SECONDS: Final = 10.0
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

    def open(self, env: Mapping[str, str], write: Write | None) -> Send | None:
        return show


async def show(message: Message, platform: str = sys.platform) -> None:
    """Show a message on the desktop."""
    program = "osascript" if platform == "darwin" else "notify-send"
    if shutil.which(program) is None:
        raise DeliveryError(f"{program} is not installed")
    await run(argv_of(message, program), SECONDS)
