"""Standard output and standard error: text goes to the one, talk to the other. What talk holds cannot steer a terminal."""

from __future__ import annotations

import io
import os
import re
import select
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TextIO

from orwatch.domain.foreign_text import safe
from orwatch.errors import OrwatchError

_KEY = r"sk-or-[!-~]{3,}"


_quiet = False
_colour = "auto"
_heard: Callable[[str], None] | None = None


def begin(*, quiet: bool = False, colour: str = "auto", heard: Callable[[str], None] | None = None) -> None:
    """How to speak from now on.

    quiet: only what went wrong is told. colour: auto, always or never. heard: is given every sentence, told or not.
    """
    global _quiet, _colour, _heard
    _quiet, _colour, _heard = quiet, colour, heard


def keyless(text: str) -> str:
    """A text without the keys in it."""
    return re.sub(_KEY, "sk-or-…", text)


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
    """Tell the user something on standard error, unless only what went wrong is to be told."""
    note(sentence)
    if not _quiet:
        _tell(sentence)


def warn(sentence: str) -> None:
    """Tell the user what went wrong, on standard error."""
    note(sentence)
    _tell(sentence)


def note(sentence: str) -> None:
    """Tell the log alone, if there is one."""
    if _heard:
        _heard(sentence)


def _tell(sentence: str) -> None:
    """Write a sentence on one line, never with a key in it."""
    line = safe(keyless(sentence).replace("\n", " "))
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
    """Whether standard output may carry colours: as --color says, else NO_COLOR, FORCE_COLOR, CLICOLOR_FORCE and CLICOLOR, which
    count where they are not empty, else where it is a terminal that has them."""
    env = os.environ
    if _colour != "auto" or env.get("NO_COLOR"):
        return _colour == "always"
    if env.get("FORCE_COLOR") or env.get("CLICOLOR_FORCE", "0") not in ("", "0"):
        return True
    return env.get("CLICOLOR") != "0" and sys.stdout.isatty() and env.get("TERM", "dumb") != "dumb"


def colour_environment() -> Mapping[str, str]:
    """The environment as colours are chosen by it: where they were asked for, nothing in it forbids them."""
    env = dict(os.environ)
    if coloured():
        env.pop("NO_COLOR", None)
        if env.get("TERM", "dumb") == "dumb":
            env["TERM"] = "xterm-256color"
    return env


def steers() -> bool:
    """Whether standard output is a terminal whose cursor can be moved."""
    return sys.stdout.isatty() and os.environ.get("TERM", "dumb") not in ("dumb", "")
