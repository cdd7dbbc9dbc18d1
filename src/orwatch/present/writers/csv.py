"""A report as CSV: the facts of its rows, each with its period, basis, time and citation."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any
from unicodedata import normalize

from orwatch.present.report import Report
from orwatch.present.writers.json import clean, on_one_line

DELIMITER = ","

_FORMULA = ("=", "+", "-", "@")
"""Signs that begin a formula, in every width: spreadsheets of East Asia take the full ones for it too."""


def csv_text(report: Report, limit: int | None = None) -> Iterator[str]:
    """A line with the names of the fields and one a row; nothing where there is no row. Null is empty."""
    stamp = {} if report.stamped else _stamp(report)
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=DELIMITER, lineterminator="\n")
    for number, row in enumerate(islice(report.rows, limit)):
        own = clean(report.table.facts(row))
        facts = {name: own[name] for name in report.fields or own}
        for key, value in stamp.items():
            # Where rows say of themselves whether they are free, whether such rows count has another name.
            facts.setdefault("free_counted" if key == "free" and key in own else key, value)
        if number == 0:
            writer.writerow(facts)
        writer.writerow([_field(value) for value in facts.values()])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def _stamp(report: Report) -> dict[str, Any]:
    meta = clean(report.meta)
    period = meta.get("period") or {}
    return {
        "period_start": period.get("start"),
        "period_end": period.get("end"),
        **{name: period.get(name) for name in ("complete", "partial")},
        **{name: meta.get(name) for name in ("composed", "basis", "free", "merged", "as_of")},
        "citation": report.credit or meta.get("citation"),
    }


def _field(value: Any) -> str:
    """A value as a field: null is empty, and text that a spreadsheet would take for a formula is quoted as text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict | list | tuple):
        return on_one_line(value)
    if isinstance(value, str) and not re.fullmatch(r"-?\d+(\.\d+)?", value):
        begins = normalize("NFKC", value.lstrip()[:1])
        return f"'{value}" if begins.startswith(_FORMULA) else value
    return str(value)
