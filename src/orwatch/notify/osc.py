"""Notices of the terminal, by OSC 9 or OSC 777, through tmux too."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Annotated, ClassVar, Final, Literal

from orwatch.domain.foreign_text import line
from orwatch.domain.setting import setting
from orwatch.notify.channel import ChannelSettings, Message, Send, Write, cut, put

LENGTH: Final = 240
"""Characters of a notice; terminals cut longer ones, or show nothing."""

_SHOW: Final = (
    ("TERM_PROGRAM", "iTerm.app", "9"),
    ("TERM_PROGRAM", "WezTerm", "777"),
    ("TERM_PROGRAM", "ghostty", "777"),
    ("TERM_PROGRAM", "mintty", "9"),
    ("TERM_PROGRAM", "contour", "777"),
    ("LC_TERMINAL", "iTerm2", "9"),
    ("KITTY_WINDOW_ID", "", "9"),
    ("WEZTERM_PANE", "", "777"),
    ("GHOSTTY_RESOURCES_DIR", "", "777"),
    ("ITERM_SESSION_ID", "", "9"),
    ("TERM", "foot", "777"),
    ("TERM", "xterm-kitty", "9"),
    ("TERM", "xterm-ghostty", "777"),
    ("TERM", "rxvt", "777"),
    ("TERM", "contour", "777"),
)
"""Terminals that show notices: a variable, what its value begins with, and the protocol."""


def protocol_of(env: Mapping[str, str]) -> str | None:
    """Which notices the terminal is known to show, `9` or `777`; None where it is not known.

    Inside tmux the variables of the terminal that started it are what there is to go by.
    """
    known = (protocol for name, begin, protocol in _SHOW if env.get(name) and env[name].startswith(begin))
    return next(known, None)


def through_tmux(sequence: str) -> str:
    """A sequence wrapped so that tmux hands it on (its `allow-passthrough` must be on)."""
    return "\x1bPtmux;" + sequence.replace("\x1b", "\x1b\x1b") + "\x1b\\"


def notice(message: Message, protocol: str, *, tmux: bool) -> str:
    """The sequence that shows a message. No foreign text can end it early: it holds no control character."""
    title = cut(line(message.title), LENGTH)
    body = cut(line(" · ".join(message.lines)), LENGTH)
    if protocol == "777":
        sequence = f"\x1b]777;notify;{title.replace(';', ',')};{body.replace(';', ',')}\x1b\\"
    else:
        # `9;4;` and other digits are commands of some terminals: a notice never begins with one.
        sequence = f"\x1b]9;orwatch: {title}: {body}\x1b\\"
    return through_tmux(sequence) if tmux else sequence


class OscSettings(ChannelSettings, frozen=True):
    """Whether and how notices are shown."""

    fleeting: ClassVar[bool] = True
    missing: ClassVar[str] = (
        "This is no terminal that is known to show notices; set notify.osc.protocol to 9 or 777 if it does."
    )

    on: Annotated[
        bool, setting("Whether the terminal shows alerts as notices (OSC 9 or 777; tmux needs allow-passthrough).")
    ] = False
    protocol: Annotated[
        Literal["auto", "9", "777"],
        setting("Which of the two; auto: where the terminal is known to show it."),
    ] = "auto"

    def open(self, env: Mapping[str, str], write: Write | None) -> Send | None:
        protocol = protocol_of(env) if self.protocol == "auto" else self.protocol
        if write is None or protocol is None:
            return None
        return partial(show, write, protocol, bool(env.get("TMUX")))


async def show(write: Write, protocol: str, tmux: bool, message: Message) -> None:
    """Show a message by `9` or `777`."""
    put(write, notice(message, protocol, tmux=tmux))
