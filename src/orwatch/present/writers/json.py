"""A report as JSON: one object with `meta` and `rows`, or a row a line."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

import msgspec

from orwatch.domain.foreign_text import safe
from orwatch.present.report import Report


def json_text(report: Report, limit: int | None = None) -> Iterator[str]:
    """The report as one object on many lines."""
    yield msgspec.json.format(json_document(report, limit), indent=2) + "\n"


def json_document(report: Report, limit: int | None = None) -> str:
    """The report as one object on one line."""
    shown = list(islice(report.rows, limit))
    meta = {**report.meta, **{f"shown_{name}": value for name, value in report.summed(shown).items()}}
    whole = {"meta": clean(meta), "rows": [clean(report.table.facts(row)) for row in shown]}
    return json.dumps(whole, ensure_ascii=False)


def json_lines(report: Report, limit: int | None = None) -> Iterator[str]:
    """One JSON object a line, for each row."""
    return (json_line(report.table.facts(row)) for row in islice(report.rows, limit))


def json_line(facts: Mapping[str, Any]) -> str:
    """One object as a line."""
    return json.dumps(clean(facts), ensure_ascii=False) + "\n"


def clean(value: Any) -> Any:
    """Facts whose texts cannot steer a terminal."""
    if isinstance(value, str):
        return safe(value)
    if isinstance(value, Mapping):
        return {key: clean(item) for key, item in value.items()}
    return [clean(item) for item in value] if isinstance(value, list | tuple) else value
