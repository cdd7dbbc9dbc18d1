"""The only writer of standard output: a table for people, JSON, CSV or Markdown for programs. Talk goes to standard error.

The citation goes along in every format. Foreign text can neither steer a terminal nor start a formula in a spreadsheet.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any

from orwatch.errors import OrwatchError

if TYPE_CHECKING:
    from pathlib import Path

    from orwatch.cli.result import Result, Row

# Compiled when they are first used: that takes 4 ms, and `--help` has no foreign text.
_CONTROLS = "[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
_KEY = r"sk-or-[!-~]{3,}"
_FORMULA = ("=", "+", "-", "@")
_STAMP = ("period_start", "period_end", "basis", "as_of", "citation")


def say(sentence: str) -> None:
    """Tell the user something on standard error, on one line, never with a key in it."""
    line = safe(re.sub(_KEY, "sk-or-…", sentence).replace("\n", " "))
    sys.stderr.write(f"orwatch: {line}\n")
    sys.stderr.flush()


def line(text: str) -> None:
    """Write plain text to standard output."""
    _write([text, "\n"])


def safe(text: str) -> str:
    """The text with every control character, bidi mark and character without width made visible as `�`."""
    return re.sub(_CONTROLS, "�", text)


def emit(result: Result, form: str, limit: int | None, theme: str = "auto") -> None:
    """Write a result to standard output.

    form: table, json, csv, jsonl or md. limit: rows, None for what the command shows by itself. theme: of a terminal's colours.
    """
    _write(render(result, form, limit, theme))


def save(result: Result, form: str, limit: int | None, path: Path) -> None:
    """Write a result to a file, whole or not at all. Raises OrwatchError where it cannot be written."""
    from orwatch.config import write_atomically

    mask = os.umask(0)
    os.umask(mask)
    write_atomically(path, render(result, form, limit), mode=0o666 & ~mask)


def render(result: Result, form: str, limit: int | None, theme: str = "auto") -> Iterator[str]:
    """A result as text, piece by piece."""
    if form == "table":
        from orwatch.cli.table import table

        return table(result, limit, _width(), theme if _coloured() else None)
    rows = (_clean(row) for row in islice(result.rows, limit))
    if form == "json":
        return _json(result, rows)
    if form == "jsonl":
        return _json_lines(rows)
    return _csv(result, rows) if form == "csv" else _markdown(result, limit)


def _write(chunks: Iterable[str]) -> None:
    stream = sys.stdout
    if hasattr(stream, "reconfigure"):
        # A terminal that cannot show "·" shows an escape for it; figures are all ASCII.
        stream.reconfigure(errors="backslashreplace")
    try:
        stream.writelines(chunks)
        stream.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        abandon()
        raise OrwatchError(f"Standard output cannot be written: {error.strerror}.") from None


def abandon() -> None:
    """Give standard output up: what is left in its buffer must not be tried again at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _coloured() -> bool:
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM", "dumb") != "dumb"


def _width() -> int | None:
    """Columns of the terminal, None where the table goes elsewhere and may be as wide as it is."""
    if not sys.stdout.isatty():
        return None
    import shutil

    return shutil.get_terminal_size().columns


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
