"""A report as JSON: one object with `meta` and `rows`, or a row a line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any

import msgspec

from orwatch.domain.foreign_text import safe
from orwatch.present.formats import moment
from orwatch.present.report import Report


def json_text(report: Report, limit: int | None = None) -> Iterator[str]:
    """The report as one object on many lines."""
    yield msgspec.json.format(json_document(report, limit), indent=2) + "\n"


def json_document(report: Report, limit: int | None = None) -> str:
    """The report as one object on one line."""
    shown = list(islice(report.rows, limit))
    meta = {**report.meta, **{f"shown_{name}": value for name, value in report.summed(shown).items()}}
    whole = {"meta": clean(meta), "rows": [clean(report.table.facts(row)) for row in shown]}
    return on_one_line(whole)


def json_lines(report: Report, limit: int | None = None) -> Iterator[str]:
    """One JSON object a line, for each row."""
    return (json_line(report.table.facts(row)) for row in islice(report.rows, limit))


def json_line(facts: Mapping[str, Any]) -> str:
    """One object as a line."""
    return on_one_line(clean(facts)) + "\n"


def on_one_line(value: Any) -> str:
    """A value with a blank after every comma and colon."""
    return msgspec.json.format(msgspec.json.encode(value), indent=0).decode()


def clean(value: Any) -> Any:
    """Facts as JSON has them: texts that cannot steer a terminal, days and times of ISO 8601, decimals as numbers, and records as
    objects.
    """
    if isinstance(value, str):
        return safe(value)
    if isinstance(value, Mapping):
        return {key: clean(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [clean(item) for item in value]
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return value.isoformat()
    return clean(msgspec.structs.asdict(value)) if isinstance(value, msgspec.Struct) else value
