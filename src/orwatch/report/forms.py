"""A report as text for programs: JSON, CSV or Markdown, with its citation.

Foreign text can neither steer a terminal nor start a formula in a spreadsheet.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any

from orwatch.domain.foreign import safe

if TYPE_CHECKING:
    from orwatch.report.result import Result, Row

_FORMULA = ("=", "+", "-", "@")
_STAMP = ("period_start", "period_end", "basis", "as_of", "citation")


def written(result: Result, form: str, limit: int | None = None) -> Iterator[str]:
    """A report as text, piece by piece. form: json, jsonl, csv or md. limit: rows, None for all."""
    if form == "md":
        return _markdown(result, limit)
    rows = (_clean(row) for row in islice(result.rows, limit))
    if form == "csv":
        return _csv(result, rows)
    return _json(result, rows) if form == "json" else _json_lines(rows)


def object_line(row: Row) -> str:
    """One row as a line of JSON."""
    import json

    return json.dumps(_clean(row), ensure_ascii=False) + "\n"


def document(result: Result, limit: int | None = None) -> str:
    """The report as one line of JSON."""
    import json

    rows = [_clean(row) for row in islice(result.rows, limit)]
    return json.dumps({"meta": _clean(result.meta), "rows": rows}, ensure_ascii=False)


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return safe(value)
    if isinstance(value, Mapping):
        return {key: _clean(item) for key, item in value.items()}
    return [_clean(item) for item in value] if isinstance(value, list | tuple) else value


def _json(result: Result, rows: Iterator[Row]) -> Iterator[str]:
    import json

    yield json.dumps({"meta": _clean(result.meta), "rows": list(rows)}, indent=2, ensure_ascii=False) + "\n"


def _json_lines(rows: Iterator[Row]) -> Iterator[str]:
    import json

    for row in rows:
        yield json.dumps(row, ensure_ascii=False) + "\n"


def _csv(result: Result, rows: Iterator[Row]) -> Iterator[str]:
    import csv
    import io

    stamp = {} if result.stamped else _stamp(result)
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    for number, row in enumerate(rows):
        if result.fields:
            row = {name: row[name] for name in result.fields}
        cells = {**row, **{key: value for key, value in stamp.items() if key not in row}}
        if number == 0:
            writer.writerow(cells)
        writer.writerow([_field(value) for value in cells.values()])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def _stamp(result: Result) -> dict[str, Any]:
    meta = result.meta
    period = meta.get("period") or {}
    values = (period.get("start"), period.get("end"), meta.get("basis"), meta.get("as_of"), result.credit)
    return dict(zip(_STAMP, values, strict=True))


def _field(value: Any) -> str:
    """A value as a CSV field: null is empty, and text that a spreadsheet would take for a formula is quoted as text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict | list | tuple):
        import json

        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, str) and value.startswith(_FORMULA) and not re.fullmatch(r"-?\d+(\.\d+)?", value):
        return f"'{value}"
    return str(value)


def _markdown(result: Result, limit: int | None) -> Iterator[str]:
    columns = result.columns
    if result.title:
        yield f"**{_escaped(result.title)}**\n\n"
    yield f"| {' | '.join(_escaped(column.head) for column in columns)} |\n"
    yield f"| {' | '.join('---:' if column.right else '---' for column in columns)} |\n"
    for row in (*islice(result.lines or result.rows, limit), *result.tail):
        yield f"| {' | '.join(_escaped(column.cell(row).text.strip()) for column in columns)} |\n"
    for note in (*result.notes, *(result.meta.get("warnings") or ()), result.credit or result.meta.get("citation")):
        if note:
            yield f"\n{_escaped(note)}\n"


def _escaped(text: str) -> str:
    return re.sub(r"([\\`*_\[\]<>|#~])", r"\\\1", safe(text))
