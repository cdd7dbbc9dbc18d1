"""Standard output and standard error: text goes to the one, talk to the other. What talk holds cannot steer a terminal."""

from __future__ import annotations

import io
import os
import re
import select
import sys
from collections.abc import Iterable
from typing import Any, TextIO

from orwatch.domain.foreign_text import safe
from orwatch.errors import OrwatchError

_KEY = r"sk-or-[!-~]{3,}"


class _Waiting(io.FileIO):
    """A stream that does not block, as a parent may have left it: where it takes nothing now, it is waited for."""

    def write(self, data: Any, /) -> int:
        """Write what the stream takes, once it takes some."""
        while (written := super().write(data)) is None:
            select.select([], [self], [])
        return written


def open_streams() -> None:
    """Have the standard streams usable.

    A caller may have closed one (`>&-`): what would be written there goes nowhere, what is read is empty. One that does not block
    is waited for.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115 - open until the end
        elif mode == "w" and stream is getattr(sys, f"__{name}__") and not os.get_blocking(stream.fileno()):
            raw = io.BufferedWriter(_Waiting(stream.fileno(), "w", closefd=False))
            waiting = io.TextIOWrapper(raw, stream.encoding, stream.errors, line_buffering=stream.line_buffering)
            setattr(sys, name, waiting)
            setattr(sys, f"__{name}__", waiting)  # on which Textual draws


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
