"""The columns that a user chose."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from orwatch.errors import UsageError
from orwatch.report.result import Cell, Column, Result, Row


def chosen(result: Result, names: tuple[str, ...], *, told: bool) -> Result:
    """The report with these columns alone, in this order; with all where nothing is chosen. JSON keeps every field.

    The names of a setting are the screen's too, which draws some that no table has: those are passed over. told: they were
    given for this table, and one that it does not have is a UsageError.
    """
    have = {column.key: column for column in result.columns if column.key}
    missing = [name for name in names if name not in have]
    if missing and told:
        raise UsageError(f"--columns: {missing[0]!r} is drawn on the screen alone; a table has {', '.join(have)}.")
    columns = tuple(have[name] for name in names if name in have)
    if not columns:
        return result
    fields = tuple(field for column in columns for field in column.fields)
    if result.tail and "model" not in names:
        columns = (replace(columns[0], cell=_naming_other(columns[0])), *columns[1:])
    return replace(result, columns=columns, fields=fields)


def _naming_other(column: Column) -> Callable[[Row], Cell]:
    """Where the names are not shown, the first column says which row is `other`."""
    return lambda row: Cell("other", "dim") if row.get("permaslug") is None else column.cell(row)
