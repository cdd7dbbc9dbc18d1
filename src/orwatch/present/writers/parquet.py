"""Rows as a Parquet file, typed by their columns, and the facts that a file has about itself.

Dates are dates, times microseconds of UTC, decimals have 18 places.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Context, Decimal
from io import SEEK_END, BytesIO
from pathlib import Path
from typing import Any, Final

from orwatch.errors import ExtraMissingError

try:
    from arro3.core import Array, DataType, Table
    from arro3.io import read_parquet, write_parquet
except ImportError:  # the extra `parquet`
    raise ExtraMissingError("--format parquet", "parquet") from None

PLACES: Final = Decimal(1).scaleb(-18)
EXACT: Final = Context(prec=38)
DAY_ZERO: Final = date(1970, 1, 1)
TIME_ZERO: Final = datetime(1970, 1, 1, tzinfo=UTC)
COMPRESSION: Final = "zstd(6)"
MAGIC: Final = b"PAR1"
FOOTER: Final = struct.Struct("<I4s")
"""How a file ends: the length of its metadata, and what a Parquet file is told by."""

_PLAIN: Final = {str: DataType.string(), int: DataType.int64(), float: DataType.float64(), bool: DataType.bool()}


def parquet(columns: Mapping[str, type], rows: Sequence[Mapping[str, Any]], facts: Mapping[str, str]) -> bytes:
    """A Parquet file with a column for each of `columns`, by its type. facts: kept in it as key-value metadata."""
    table = Table.from_pydict({name: _array(kind, [row[name] for row in rows]) for name, kind in columns.items()})
    file = BytesIO()
    write_parquet(table, file, compression=COMPRESSION, key_value_metadata=dict(facts))
    return file.getvalue()


def facts_of(path: Path) -> Mapping[str, str]:
    """The key-value metadata of a Parquet file; empty where there is no whole one."""
    try:
        with path.open("rb") as file:
            end = file.seek(0, SEEK_END)
            file.seek(max(0, end - FOOTER.size))
            length, mark = FOOTER.unpack(file.read())
    except (OSError, struct.error):
        return {}
    if mark != MAGIC or length + FOOTER.size > end:  # arro3 panics on a file that was cut
        return {}
    return {key.decode(): value.decode() for key, value in read_parquet(path).schema.metadata.items()}


def _array(kind: type, values: Sequence[Any]) -> Array:
    """A column. What Python has no array of comes from whole numbers, decimals from their digits."""
    if kind is datetime:
        since = [None if one is None else (one - TIME_ZERO) // timedelta(microseconds=1) for one in values]
        return Array(since, DataType.int64()).cast(DataType.timestamp("us", tz="UTC"))
    if kind is date:
        return Array([None if one is None else (one - DAY_ZERO).days for one in values], DataType.int32()).cast(
            DataType.date32()
        )
    if kind is Decimal:
        digits = [None if one is None else format(one.quantize(PLACES, context=EXACT), "f") for one in values]
        return Array(digits, DataType.string()).cast(DataType.decimal128(38, 18))
    return Array(values, _PLAIN[kind])
