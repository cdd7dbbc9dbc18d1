"""A report as text: a table for people, JSON, CSV or Markdown for programs; to standard output or to a file."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from orwatch.cli import output
from orwatch.config import write_atomically
from orwatch.present.citation import linked
from orwatch.present.report import Report
from orwatch.present.writers import written
from orwatch.present.writers.text import text_table


def emit(report: Report, form: str, limit: int | None, codes: Mapping[str, str], *, links: bool) -> None:
    """Write a report to standard output.

    form: table, json, csv, jsonl or md. limit: rows, None for what the command shows by itself. codes: SGR parameters by role, of
    a table. links: whether its addresses are links.
    """
    chunks = render(report, form, limit, codes)
    output.write(map(linked, chunks) if links and form == "table" else chunks)


def save(path: Path, chunks: Iterable[str | bytes]) -> None:
    """Write a file, whole or not at all, as the user's files are made. Raises OrwatchError where it cannot be written."""
    mask = os.umask(0)
    os.umask(mask)
    write_atomically(path, chunks, mode=0o666 & ~mask)


def render(report: Report, form: str, limit: int | None, codes: Mapping[str, str] | None = None) -> Iterator[str]:
    """A report as text, piece by piece. A table that goes to no terminal is as wide as it needs. codes: see `emit`."""
    if form != "table":
        return written(report, form, limit)
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    return text_table(report, limit, width, codes or {})
