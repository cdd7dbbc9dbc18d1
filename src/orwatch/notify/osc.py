"""Notices of the terminal, by OSC 9 or OSC 777, through tmux too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Final, Literal

from orwatch.domain.foreign_text import line
from orwatch.domain.settings import setting
from orwatch.notify.channel import Channel, ChannelSettings, Message, Write, cut
from orwatch.notify.terminal import put

LENGTH: Final = 240
"""Characters of a notice; terminals cut longer ones, or show nothing."""

_PROGRAMS: Final = {"iTerm.app": "9", "WezTerm": "777", "ghostty": "777", "mintty": "9", "contour": "777"}
_VARIABLES: Final = {
    "KITTY_WINDOW_ID": "9",
    "WEZTERM_PANE": "777",
    "GHOSTTY_RESOURCES_DIR": "777",
    "ITERM_SESSION_ID": "9",
}
_TERMS: Final = {"foot": "777", "xterm-kitty": "9", "xterm-ghostty": "777", "rxvt": "777", "contour": "777"}


def protocol_of(env: Mapping[str, str]) -> str | None:
    """Which notices the terminal is known to show, `9` or `777`; None where it is not known.

    Inside tmux the variables of the terminal that started it are what there is to go by.
    """
    known = _PROGRAMS.get(env.get("TERM_PROGRAM", "")) or _PROGRAMS.get(env.get("LC_TERMINAL", "") + ".app")
    if known is None and env.get("LC_TERMINAL") == "iTerm2":
        known = "9"
    for name, protocol in _VARIABLES.items():
        known = known or (protocol if env.get(name) else None)
    for term, protocol in _TERMS.items():
        known = known or (protocol if env.get("TERM", "").startswith(term) else None)
    return known


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

    tries: ClassVar[int] = 1
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

    def open(self, env: Mapping[str, str], write: Write | None) -> Channel | None:
        """The notices; None without a terminal that is known to show them."""
        protocol = protocol_of(env) if self.protocol == "auto" else self.protocol
        if write is None or protocol is None:
            return None
        return Notices(write, protocol, tmux=bool(env.get("TMUX")))


class Notices:
    """Desktop notices by the terminal. protocol: `9` or `777`."""

    name = "osc"

    def __init__(self, write: Write, protocol: str, *, tmux: bool) -> None:
        self._write = write
        self._protocol = protocol
        self._tmux = tmux

    async def send(self, message: Message) -> None:
        """Show the message."""
        put(self._write, notice(message, self._protocol, tmux=self._tmux))
