"""The terminal's own means: its bell, and the notices of OSC 9 and OSC 777, through tmux too."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Final

from orwatch.domain.foreign_text import line
from orwatch.notify.message import DeliveryError, Message, cut

BELL: Final = "\a"
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


class Bell:
    """The terminal's bell. write: puts text on the terminal, at once; OSError where it cannot."""

    name = "bell"

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write

    async def send(self, message: Message) -> None:
        """Ring once, however many alerts there are."""
        _put(self._write, BELL)


class Notices:
    """Desktop notices by the terminal. protocol: `9` or `777`."""

    name = "osc"

    def __init__(self, write: Callable[[str], None], protocol: str, *, tmux: bool) -> None:
        self._write = write
        self._protocol = protocol
        self._tmux = tmux

    async def send(self, message: Message) -> None:
        """Show the message."""
        _put(self._write, notice(message, self._protocol, tmux=self._tmux))


def _put(write: Callable[[str], None], text: str) -> None:
    try:
        write(text)
    except (OSError, ValueError) as error:
        cause = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else str(error)
        raise DeliveryError(f"the terminal cannot be written: {cause}") from None


def tty_writer(path: str = "/dev/tty") -> Callable[[str], None]:
    """Writes to the terminal of this process past its standard streams; a terminal that is held (Ctrl+S) is no wait."""

    def write(text: str) -> None:
        # An own open file: to make standard error non-blocking would do it to the shell's as well.
        terminal = os.open(path, os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
        try:
            os.write(terminal, text.encode())
        finally:
            os.close(terminal)

    return write
