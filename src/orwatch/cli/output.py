"""The only writer of standard output: a table for people, JSON, CSV or Markdown for programs. Talk goes to standard error.

Foreign text cannot steer a terminal.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, TextIO

from orwatch.domain.foreign_text import safe
from orwatch.errors import OrwatchError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from typing import Any

    from orwatch.present.report import Report

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


def json_line(row: Mapping[str, Any]) -> None:
    """Write one object to standard output, on a line of its own, at once."""
    # Only here, so that `--help` loads no record; so below.
    from orwatch.present.writers.json import json_line

    write([json_line(row)])


def emit(report: Report, form: str, limit: int | None, theme: str = "auto") -> None:
    """Write a report to standard output.

    form: table, json, csv, jsonl or md. limit: rows, None for what the command shows by itself. theme: of a terminal's colours.
    """
    write(render(report, form, limit, theme))


def save(report: Report, form: str, limit: int | None, path: Path) -> None:
    """Write a report to a file, whole or not at all. Raises OrwatchError where it cannot be written."""
    from orwatch.config import write_atomically

    mask = os.umask(0)
    os.umask(mask)
    write_atomically(path, render(report, form, limit), mode=0o666 & ~mask)


def render(report: Report, form: str, limit: int | None, theme: str = "auto") -> Iterator[str]:
    """A report as text, piece by piece."""
    from orwatch.present.palette import sgr
    from orwatch.present.writers import written
    from orwatch.present.writers.text import text_table

    if form == "table":
        return text_table(report, limit, _width(), sgr(theme, os.environ) if coloured() else {})
    return written(report, form, limit)


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


def _width() -> int | None:
    """Columns of the terminal, None where the table goes elsewhere and may be as wide as it is."""
    if not sys.stdout.isatty():
        return None
    import shutil

    return shutil.get_terminal_size().columns
