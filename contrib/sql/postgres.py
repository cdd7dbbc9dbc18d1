"""The Parquet files of orwatch as tables of PostgreSQL: SQL that makes them in the schema orwatch, with the views of views.sql.

    orwatch export --format parquet -o FOLDER
    python contrib/sql/postgres.py FOLDER | psql -v ON_ERROR_STOP=1 --single-transaction DATABASE

It runs in the Python of orwatch with `pip install 'orwatch[parquet]'`. Each month of a dataset is replaced by that of its file, so
that running it twice doubles nothing; months without a file stay. Tables are made as the files are, whatever datasets there are.
The citation of the newest file is the comment of its table.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from arro3.core import DataType
from arro3.io import read_parquet

TYPES = (
    (DataType.is_string, "text"),
    (DataType.is_integer, "bigint"),
    (DataType.is_floating, "double precision"),
    (DataType.is_boolean, "boolean"),
    (DataType.is_date, "date"),
    (DataType.is_timestamp, "timestamptz"),
    (DataType.is_decimal, "numeric"),
)
"""What a column of a file is in PostgreSQL."""


def type_of(kind: DataType) -> str:
    """The type of PostgreSQL. Raises StopIteration for one that orwatch does not write."""
    return next(name for of, name in TYPES if of(kind))


def text_of(value: object) -> str:
    """A value as COPY reads it."""
    if value is None:
        return "\\N"
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value).replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


def quoted(text: str) -> str:
    """A text of SQL."""
    return "'" + text.replace("'", "''") + "'"


def load(path: Path, folder: Path) -> Iterator[str]:
    """The lines that put a file into its table."""
    dataset, month = path.relative_to(folder).parts[0], path.parent.name.partition("=")[2] or None
    reader = read_parquet(path)
    facts = {key.decode(): value.decode() for key, value in reader.schema.metadata.items()}
    rows = reader.read_all()
    table = '"' + dataset.replace("-", "_") + '"'
    yield f"CREATE TABLE IF NOT EXISTS {table} (month text);"
    for name in rows.column_names:
        yield f'ALTER TABLE {table} ADD COLUMN IF NOT EXISTS "{name}" {type_of(rows.schema.field(name).type)};'
    yield f"DELETE FROM {table} WHERE month IS NOT DISTINCT FROM {'NULL' if month is None else quoted(month)};"  # noqa: S608 - names of files, quoted
    yield f"COMMENT ON TABLE {table} IS {quoted(facts.get('citation', ''))};"
    yield f"COPY {table} (month, {', '.join(f'{chr(34)}{name}{chr(34)}' for name in rows.column_names)}) FROM stdin;"
    columns = [rows.column(name).to_pylist() for name in rows.column_names]
    for row in zip(*columns, strict=True):
        yield "\t".join(map(text_of, (month, *row)))
    yield "\\."


def main(folder: Path) -> None:
    """Print all of it."""
    files = sorted(folder.glob("*/**/*.parquet"))
    if not files:
        sys.exit(f"There are no Parquet files in {folder}: `orwatch export --format parquet -o {folder}` writes them.")
    begin = "SET client_min_messages TO warning;\nCREATE SCHEMA IF NOT EXISTS orwatch;\nSET search_path TO orwatch;"
    for line in (begin, *(line for path in files for line in load(path, folder))):
        sys.stdout.write(f"{line}\n")
    sys.stdout.write(Path(__file__).with_name("views.sql").read_text(encoding="utf-8"))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
