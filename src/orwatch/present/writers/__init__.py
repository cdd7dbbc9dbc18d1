"""Reports as text: for programs (JSON, CSV), for documents (Markdown), for a terminal.

Foreign text can neither steer a terminal nor start a formula in a spreadsheet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from orwatch.present.report import Report
from orwatch.present.writers.csv import csv_text
from orwatch.present.writers.json import json_lines, json_text
from orwatch.present.writers.markdown import markdown_text

WRITERS: Final[Mapping[str, Callable[[Report, int | None], Iterator[str]]]] = {
    "json": json_text,
    "jsonl": json_lines,
    "csv": csv_text,
    "md": markdown_text,
}
"""How a report is written, by format."""


def written(report: Report, form: str, limit: int | None = None) -> Iterator[str]:
    """A report as text, piece by piece. form: a key of `WRITERS`. limit: rows, None for all."""
    return WRITERS[form](report, limit)
