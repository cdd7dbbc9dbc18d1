"""A report as CSV: the facts of its rows, each with its period, basis, time and citation."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from orwatch.present.report import Report
from orwatch.present.writers.json import clean

DELIMITER = ","

_FORMULA = ("=", "+", "-", "@")


def csv_text(report: Report, limit: int | None = None) -> Iterator[str]:
    """A line with the names of the fields and one a row; nothing where there is no row. Null is empty."""
    stamp = {} if report.stamped else _stamp(report)
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=DELIMITER, lineterminator="\n")
    for number, row in enumerate(islice(report.rows, limit)):
        facts = clean(report.table.facts(row))
        if report.fields:
            facts = {name: facts[name] for name in report.fields}
        facts |= {key: value for key, value in stamp.items() if key not in facts}
        if number == 0:
            writer.writerow(facts)
        writer.writerow([_field(value) for value in facts.values()])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def _stamp(report: Report) -> dict[str, Any]:
    meta = report.meta
    period = meta.get("period") or {}
    return {
        "period_start": period.get("start"),
        "period_end": period.get("end"),
        "basis": meta.get("basis"),
        "as_of": meta.get("as_of"),
        "citation": report.credit,
    }


def _field(value: Any) -> str:
    """A value as a field: null is empty, and text that a spreadsheet would take for a formula is quoted as text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict | list | tuple):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, str) and value.startswith(_FORMULA) and not re.fullmatch(r"-?\d+(\.\d+)?", value):
        return f"'{value}"
    return str(value)
