"""`export`: what the cache holds, dataset by dataset, as text or as a folder of Parquet files, one for each month.

A Parquet file says of itself, in its metadata, what is in it, and so where the next export has to go on: nothing else remembers
that, so nothing is lost or doubled where a run was cut short, files were moved, or the cache was replaced.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import msgspec

from orwatch.cli import output
from orwatch.cli.commands import RECORD
from orwatch.cli.emit import render
from orwatch.cli.session import Session
from orwatch.config import write_atomically
from orwatch.core.export import RANKINGS, Exported, Row, Taken, cited, datasets, day_of_row, listing_rows, within
from orwatch.domain.names import is_free, near
from orwatch.domain.periods import SOURCE_GRAINS, Grain, Period, State
from orwatch.domain.records import Listing
from orwatch.errors import NoDataError, OrwatchError, UsageError
from orwatch.present.citation import LICENCE, LICENSED, export_citation
from orwatch.present.formats import plural
from orwatch.present.report import Report, bare_meta, moment
from orwatch.present.table import fields, fields_table

LAST: Final = "last"
"""What --since takes for what has changed since the last export."""

ORIGIN: Final = "origin"
ROWS: Final = "rows_sha256"
"""Facts that a Parquet file holds of itself: the server, and a digest of its rows."""


def export(session: Session) -> Report | None:
    """A dataset, to standard output or, whole or not at all, to a file; all of them to a folder of Parquet files."""
    name, known = session.given("dataset"), datasets()
    if name is not None and name not in known:
        raise UsageError(f"There is no dataset {name!r}; {near(name, known)}.")
    for option in RECORD if session.form != "parquet" and name not in (None, RANKINGS) else ():
        if session.given(option.dest) is not None:
            raise UsageError(f"{option.name} is for the rankings as text: what else is exported is whole.")
    if session.form == "parquet":
        _export_files(session, known if name is None else {name: known[name]})
        return None
    report = _record(session) if name in (None, RANKINGS) else _rows_of(session, name, known[name])
    target = session.given("output", "-")
    if target == "-":
        return report
    path = Path(target)
    _save(path, render(report, session.form, session.limit))
    output.say(f"Written to {path}.")
    return None


def _save(path: Path, chunks: Iterable[str | bytes]) -> None:
    """Write a file, whole or not at all, as the user's files are made: a warehouse may read it as another. Raises OrwatchError."""
    mask = os.umask(0)
    os.umask(mask)
    write_atomically(path, chunks, mode=0o666 & ~mask)


def _rows_of(session: Session, name: str, dataset: Exported) -> Report:
    rows: list[Row] = []
    pieces = []
    for piece, found in _bounded(session, dataset, session.day("since"), session.day("until")):
        credit = {"citation": piece.citation} if session.form != "json" else {}
        # Decimals digit for digit: as numbers they would be rounded.
        rows += [
            {key: format(value, "f") if isinstance(value, Decimal) else value for key, value in row.items()} | credit
            for row in found
        ]
        pieces += [piece] if found else []
    if not rows:
        raise NoDataError(f"The cache holds nothing of {name} yet that was asked for: run `orwatch poll`.")
    meta = bare_meta(session.view, max(piece.as_of for piece in pieces)) | {"citation": cited(pieces)}
    return Report(fields_table("export", ""), rows, meta=meta, stamped=True)


def _bounded(
    session: Session, dataset: Exported, since: date | None, until: date | None
) -> Iterator[tuple[Taken, list[Row]]]:
    """All that is kept of a dataset, with the rows of it that are of the days from `since` to `until`."""
    for piece in dataset.pieces(session.market):
        yield piece, [row for row in piece.rows if within(day_of_row(row, dataset.dated), since, until)]


def _record(session: Session) -> Report:
    """The rankings as text: a row for each model and period, as they are looked at and filtered."""
    form, market, at, lens = session.form, session.market, session.query.at, session.query.lens
    session.check_filter()
    since, until = session.day("since"), session.day("until")
    listings: list[tuple[Listing, State]] = []
    for grain in [session.query.grain] if session.given("view.period") is not None else SOURCE_GRAINS:
        record, asked = market.record(grain, lens), None if at == "newest" else market.resolve(grain, at)
        listings += [
            (found, record.state(period))
            for period, found in record.listings.items()
            if (asked is None or period == asked) and within(period.start, since, until)
        ]
    if not listings:
        raise NoDataError("The cache holds no figures for what was asked; `orwatch status` says what it has.")
    newest = max(found.as_of for found, _ in listings)
    composed = any(found.composed for found, _ in listings)
    citation = export_citation(market.source, newest, computed=composed)
    meta = bare_meta(session.view, newest) | {"citation": citation, "composed": composed}
    more = {} if form == "json" else {"citation": citation}
    if form == "jsonl":  # what they are to be imported by: the server, and that a period is whole (`_rows`)
        more["source_url"] = session.source.origin
    rows = ({**row, **more} for found, state in listings for row in _rows(session, found, state))
    return Report(fields_table("export", ""), rows, meta=meta, stamped=True)


def _rows(session: Session, found: Listing, state: State) -> Iterator[Mapping[str, Any]]:
    """A row for each model, `other` last; for JSON lines with the sum of all."""
    how = {"free": session.query.lens.free, "merged": False}  # rows are as the source gave them
    last = ("permaslug", "tokens", "as_of", "origin", *(["period_tokens"] if session.form == "jsonl" else []))
    for entry in listing_rows(found, state):
        free = is_free(entry.permaslug)
        if free and not how["free"]:
            continue
        if not session.filter or session.shows(session.market.facts(entry.permaslug, free=free)):
            yield {
                **fields(entry, "grain", "start", "end", "complete", "partial", "composed"),
                **how,
                **fields(entry, *last),
            }


# Parquet


def _export_files(session: Session, wanted: Mapping[str, Exported]) -> None:
    """Write datasets, by name: a file for each month, each whole or not at all; files of other months stay.

    --since last: those alone whose rows are not what the folder has.
    """
    from orwatch.present.writers.parquet import facts_of, parquet  # the extra, which no other format needs

    folder = _folder(session)
    last = session.given("since") == LAST
    since, until = None if last else session.day("since"), session.day("until")
    months = (since and Period.of(Grain.MONTH, since).start, until and Period.of(Grain.MONTH, until).end)
    session.check_arguments()
    origin = session.source.origin
    held = next((path for depth in ("*", "*/*") for path in folder.glob(f"{depth}/*.parquet")), None)
    other = origin if held is None else facts_of(held).get(ORIGIN, origin)
    if other != origin:
        raise UsageError(f"{folder} holds figures of {other}, not of {origin}: name another folder with -o.")
    sizes: list[int] = []
    same = 0
    for name, dataset in wanted.items():
        columns = {name: kind.__name__ for name, kind in dataset.columns.items()}
        for month, (rows, taken) in _by_month(session, dataset, *months).items():
            path = folder / name / month / f"{name}.parquet"
            digest = hashlib.sha256(msgspec.json.encode([columns, rows])).hexdigest()
            if last and facts_of(path).get(ROWS) == digest:
                same += 1
                continue
            facts = {
                "dataset": name,
                "citation": cited(taken),
                "as_of": str(moment(max(piece.as_of for piece in taken))),
                ORIGIN: origin,
                ROWS: digest,
            }
            if LICENSED in facts["citation"]:
                facts["license"] = LICENCE
            content = parquet(dataset.columns, rows, facts)
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise OrwatchError(f"{path.parent} cannot be made: {error.strerror}.") from None
            _save(path, [content])
            sizes.append(len(content))
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
    for option in session.command.options:
        if option.dest in hiding and option.dest in session.options:
            raise UsageError(
                f"{option.name} is for the other formats: a Parquet file has all rows of its months. --since and --until choose"
                " these."
            )
    return Path(target)


def _by_month(
    session: Session, dataset: Exported, since: date | None, until: date | None
) -> dict[str, tuple[list[Row], list[Taken]]]:
    """The rows of each file of a dataset, with what they are of, by the folder of the month; empty: of no time."""
    found: dict[str, tuple[list[Row], list[Taken]]] = {}
    for piece, some in _bounded(session, dataset, since, until):
        for row in some:
            day = day_of_row(row, dataset.dated)
            rows, taken = found.setdefault(f"month={day:%Y-%m}" if day else "", ([], []))
            rows.append(row)
            if not taken or taken[-1] is not piece:
                taken.append(piece)
    return found
