"""Standard output and standard error: text goes to the one, talk to the other. What talk holds cannot steer a terminal."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable
from typing import TextIO

from orwatch.domain.foreign_text import safe
from orwatch.errors import OrwatchError

_KEY = r"sk-or-[!-~]{3,}"


def say(sentence: str) -> None:
    """Tell the user something on standard error, on one line, never with a key in it."""
    line = safe(re.sub(_KEY, "sk-or-…", sentence).replace("\n", " "))
    try:
        sys.stderr.write(f"orwatch: {line}\n")
        sys.stderr.flush()
    except OSError:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - nobody reads it any more: talk is not what ends a run


def line(text: str) -> None:
    """Write plain text to standard output."""
    write([text, "\n"])


def write(chunks: Iterable[str]) -> None:
    """Write pieces of text to standard output, at once. Raises OrwatchError where they cannot be written."""
    stream = lenient()
    try:
        stream.writelines(chunks)
        stream.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        abandon(stream)
        raise OrwatchError(f"Standard output cannot be written: {error.strerror}.") from None


def lenient() -> TextIO:
    """Standard output. A terminal that cannot show "·" shows an escape for it; figures are all ASCII."""
    stream = sys.stdout
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(errors="backslashreplace")
    return stream


def abandon(stream: TextIO) -> None:
    """Give a stream up: what is left in its buffer must not be tried again at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def coloured() -> bool:
    """Whether standard output may carry colours."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM", "dumb") != "dumb"


def steers() -> bool:
    """Whether standard output is a terminal whose cursor can be moved."""
    return sys.stdout.isatty() and os.environ.get("TERM", "dumb") not in ("dumb", "")
