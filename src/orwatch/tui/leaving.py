"""The way out past a loop that does not answer: the terminal as it was, and the end that a signal asks for."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import sys
import termios
from typing import TYPE_CHECKING, Any, Final, NoReturn

if TYPE_CHECKING:
    from textual.driver import Driver

PLAIN: Final = "".join(
    (
        *(f"\x1b[?{mode}l" for mode in (2004, 2048, 1000, 1003, 1015, 1006, 1004)),
        "\x1b[?7h",
        "\x1b[<u",
        "\x1b[?1049l",
        "\x1b[?25h",
    )
)
"""All that Textual's driver turns on, off; line wrap, the first screen and the cursor back."""


def put_back(driver: Driver | None) -> None:
    """The terminal as it was before the app drew, in one write: the driver's own way waits for its threads."""
    before: list[Any] | None = getattr(driver, "attrs_before", None)
    if before is None:
        return  # nothing was drawn
    with contextlib.suppress(OSError, ValueError, AttributeError, termios.error):
        termios.tcsetattr(sys.__stdin__.fileno(), termios.TCSANOW, before)  # type: ignore[union-attr]
        drawn_on = sys.__stderr__.fileno()  # type: ignore[union-attr]
        if select.select([], [drawn_on], [], 0.2)[1]:  # a terminal that is held (Ctrl+S) would hold the end up
            os.write(drawn_on, PLAIN.encode())


def die_of(number: int) -> NoReturn:
    """Ends as a program does that knows nothing of the signal: its parent sees it, a core is written if the system wants one."""
    signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)
    os._exit(128 + number)


def terminal_is_there() -> bool:
    """Whether the terminal is still open."""
    try:
        os.tcgetpgrp(sys.__stdin__.fileno())  # type: ignore[union-attr]
    except (OSError, ValueError, AttributeError):
        return False
    return True
