"""Whether the terminal's ground is dark or light: it is asked (OSC 11) while the program loads; nothing waits for the answer."""

from __future__ import annotations

import contextlib
import os
import re
import select
import sys
import termios
import time
from collections.abc import Callable
from typing import Final, Self

ASK: Final = b"\x1b]11;?\x1b\\"
AROUND_TMUX: Final = b"\x1bPtmux;\x1b\x1b]11;?\x1b\x1b\\\x1b\\"
"""The same to the terminal around tmux, which does not know the answer in all of its versions: it hands this on where it may."""

ANSWER: Final = (
    rb"\x1b\]11;(?:rgba?:([0-9a-fA-F]{1,4})/([0-9a-fA-F]{1,4})/([0-9a-fA-F]{1,4}))?[^\x07\x1b]{0,32}(?:\x07|\x1b\\)"
)
"""What a terminal says of its ground: three parts of one to four hexadecimal digits."""

TORN: Final = rb"\x1b(?:\](?:1(?:1(?:;[^\x07\x1b]{0,32}\x1b?)?)?)?)?\Z"
"""The beginning of an answer; its first byte is a key, too."""

HALF: Final = 0.5
"""The brightness from which a ground is light."""

LIMIT: Final = 1.0
"""Seconds after which an answer changes nothing any more: by then the screen is being read."""

LAST_CALL: Final = 0.1
"""Seconds that a program which ends before it has drawn waits for the answer, which would else be typed to the shell."""


def dark_of(answer: re.Match[bytes]) -> bool | None:
    """Whether the ground of an answer is dark; None where it tells none."""
    if answer[1] is None:
        return None
    red, green, blue = (int(part, 16) / (1 << 4 * len(part)) for part in answer.groups())
    return 0.299 * red + 0.587 * green + 0.114 * blue < HALF


class Ground:
    """Asks a terminal for its ground, and takes from what is typed what it answers.

    Within, the terminal shows nothing of what is typed and gives it at once, until `hand_over` puts it back as it was.

    asks: whether to; where not, none of it does anything. dark: what was answered, None until it is. typed: what else was typed
    before it was handed over. tell: called once it is answered, in the thread that reads.
    """

    def __init__(self, *, asks: bool) -> None:
        self.dark: bool | None = None
        self.typed = b""
        self.tell: Callable[[], object] = lambda: None
        self._asks = asks
        self._before: list[int | list[bytes | int]] | None = None
        self._until = 0.0

    def __enter__(self) -> Self:
        try:
            self._ask()
        except BaseException:  # a signal, when no block has begun that it ends
            self.hand_over()
            raise
        return self

    def _ask(self) -> None:
        if self._asks and sys.__stdin__ is not None and sys.__stdout__ is not None:
            with contextlib.suppress(OSError, ValueError, termios.error):
                self._terminal = sys.__stdin__.fileno()
                before = termios.tcgetattr(self._terminal)
                quiet = [*before]
                quiet[3] &= ~(termios.ECHO | termios.ICANON)
                self._before = before
                termios.tcsetattr(self._terminal, termios.TCSANOW, quiet)
                self._until = time.monotonic() + LIMIT
                os.write(sys.__stdout__.fileno(), ASK + (AROUND_TMUX if os.environ.get("TMUX") else b""))

    def __exit__(self, *_: object) -> None:
        try:
            if self._before is not None and self.dark is None:
                self._take(LAST_CALL)
        finally:
            self.hand_over()

    @property
    def awaited(self) -> bool:
        """Whether an answer may still come that changes something."""
        return self.dark is None and time.monotonic() < self._until

    def now(self) -> bool | None:
        """What has been answered by now."""
        if self._before is not None and self.dark is None:
            self._take(0)
        return self.dark

    def _take(self, seconds: float) -> None:
        with contextlib.suppress(OSError):
            while self.dark is None and select.select([self._terminal], [], [], seconds)[0]:
                data = os.read(self._terminal, 4096)
                if not data:
                    return
                self.typed = self.without(self.typed + data)

    def without(self, data: bytes) -> bytes:
        """What is typed without the answer, which is kept while it is awaited."""
        found = re.search(ANSWER, data)
        if found is None:
            return data
        if self.awaited:
            self.dark = dark_of(found)
            self.tell()
        return re.sub(ANSWER, b"", data)

    def hand_on(self) -> bytes:
        """What else was typed, once."""
        typed, self.typed = self.typed, b""
        return typed

    def torn(self, data: bytes) -> int:
        """How many bytes at the end of what is typed may be the beginning of an answer."""
        found = re.search(TORN, data)
        return len(found[0]) if found and (self.awaited or len(found[0]) > len(b"\x1b]11")) else 0

    def hand_over(self) -> None:
        """Puts the terminal back as it was."""
        if self._before is not None:
            with contextlib.suppress(termios.error):
                termios.tcsetattr(self._terminal, termios.TCSANOW, self._before)
            self._before = None
