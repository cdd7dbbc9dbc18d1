"""Text put on the terminal past the screen and the standard streams."""

from __future__ import annotations

import os

from orwatch.notify.channel import DeliveryError, Write


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
