"""`export --format parquet`: a folder with the datasets of the export, a file for each month.

A file says of itself, in its metadata, what is in it, and so where the next export has to go on: nothing else remembers that, so
nothing is lost or doubled where a run was cut short, files were moved, or the cache was replaced.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from orwatch.cli import output
from orwatch.cli.emit import save
from orwatch.cli.session import Session
from orwatch.core.export import Exported, Row, Taken, cited, day_of_row, within
from orwatch.domain.periods import Grain, Period
from orwatch.errors import NoDataError, OrwatchError, UsageError
from orwatch.present.citation import LICENCE, LICENSED
from orwatch.present.formats import moment, plural
from orwatch.present.writers.parquet import facts_of, parquet

LAST: Final = "last"
"""What --since takes for what has changed since the last export."""

ORIGIN: Final = "origin"
ROWS: Final = "rows_sha256"


class MonthFile(Struct, frozen=True):
    """A file of the export. path: below the folder. rows: of a dataset in a month. taken: what they are of."""

    path: Path
    rows: list[Row]
    taken: list[Taken]


def export_files(session: Session, wanted: Mapping[str, Exported]) -> None:
    """Write datasets, by name: a file for each month, each whole or not at all; files of other months stay.

    --since last: those alone whose rows are not what the folder has.
    """
    folder = _folder(session)
    last = session.given("since") == LAST
    since, until = None if last else session.day("since"), session.day("until")
    months = (since and Period.of(Grain.MONTH, since).start, until and Period.of(Grain.MONTH, until).end)
    session.check_arguments()
    origin = session.source.origin
    _check_origin(folder, origin)
    sizes: list[int] = []
    same = 0
    for name, dataset in wanted.items():
        for file in _files(session, name, dataset, *months):
            path, digest = folder / file.path, _digest(dataset, file)
            if last and facts_of(path).get(ROWS) == digest:
                same += 1
                continue
            facts = {
                "dataset": name,
                "citation": cited(file.taken),
                "as_of": moment(max(taken.as_of for taken in file.taken)),
                ORIGIN: origin,
                ROWS: digest,
            }
            if LICENSED in facts["citation"]:
                facts["license"] = LICENCE
            sizes.append(_write(path, parquet(dataset.columns, file.rows, facts)))
    if not sizes and not same:
        raise NoDataError("The cache holds nothing of what was asked for; `orwatch status` says what it has.")
    kept = f"{plural(same, 'file')} had not changed"
    if not sizes:
        output.say(f"Nothing is new for {folder}: {kept}.")
        return
    output.say(f"Written to {folder}: {plural(len(sizes), 'file')}, {sum(sizes)} bytes{f'; {kept}' if same else ''}.")


def _folder(session: Session) -> Path:
    """Where the files go. Raises UsageError for a file, and for options that would leave rows of a month out."""
    target = session.given("output", "-")
    if target == "-":
        raise UsageError("--format parquet writes a folder of files: name it with -o FOLDER.")
    if os.path.exists(target) and not os.path.isdir(target):
        raise UsageError(f"{target} is no folder, which --format parquet writes: name another with -o.")
    hiding = ("view.period", "at", "vendor", "country", "filter", "view.free", "limit")
    given = [
        option.name for option in session.command.options if option.dest in hiding and option.dest in session.options
    ]
    if given:
        raise UsageError(
            f"{given[0]} is for the other formats: a Parquet file has all rows of its months. --since and --until choose these."
        )
    return Path(target)


def _check_origin(folder: Path, origin: str) -> None:
    """Raises UsageError where the folder has figures of another source: they never mix."""
    held = next((path for depth in ("*", "*/*") for path in folder.glob(f"{depth}/*.parquet")), None)
    other = origin if held is None else facts_of(held).get(ORIGIN, origin)
    if other != origin:
        raise UsageError(f"{folder} holds figures of {other}, not of {origin}: name another folder with -o.")


def _files(
    session: Session, name: str, dataset: Exported, since: date | None, until: date | None
) -> Iterator[MonthFile]:
    """A dataset as files, by month. since, until: of the day that rows are of."""
    found: dict[str, MonthFile] = {}
    for taken in dataset.pieces(session.market):
        for row in taken.rows:
            day = day_of_row(row, dataset.dated)
            if not within(day, since, until):
                continue
            folder = Path(name) if day is None else Path(name, f"month={day:%Y-%m}")
            file = found.setdefault(str(folder), MonthFile(folder / f"{name}.parquet", [], []))
            file.rows.append(row)
            if not file.taken or file.taken[-1] is not taken:
                file.taken.append(taken)
    yield from found.values()


def _digest(dataset: Exported, file: MonthFile) -> str:
    columns = {name: kind.__name__ for name, kind in dataset.columns.items()}
    return hashlib.sha256(msgspec.json.encode([columns, file.rows])).hexdigest()


def _write(path: Path, content: bytes) -> int:
    """The size of a file that was written. Its folders are made as the user's are, for a warehouse may read them as another."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OrwatchError(f"{path.parent} cannot be made: {error.strerror}.") from None
    save(path, [content])
    return len(content)
