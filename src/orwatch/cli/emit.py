"""A report as text: a table for people, JSON, CSV or Markdown for programs."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator, Mapping

from orwatch.present.report import Report
from orwatch.present.writers import written
from orwatch.present.writers.text import text_table


def render(report: Report, form: str, limit: int | None, codes: Mapping[str, str] | None = None) -> Iterator[str]:
    """A report as text, piece by piece. A table that goes to no terminal is as wide as it needs.

    form: table, json, csv, jsonl or md. limit: rows, None for what the command shows by itself. codes: SGR parameters by role, of
    a table.
    """
    if form != "table":
        return written(report, form, limit)
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    return text_table(report, limit, width, codes or {})
