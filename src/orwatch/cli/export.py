"""`export`: what the cache holds, dataset by dataset, as text or as Parquet files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from orwatch.cli import output
from orwatch.cli.commands import RECORD
from orwatch.cli.emit import render, save
from orwatch.cli.session import Session
from orwatch.core.export import RANKINGS, Exported, Row, cited, datasets, day_of_row, within
from orwatch.domain.names import is_free, near
from orwatch.domain.periods import SOURCE_GRAINS, Grain, State
from orwatch.domain.records import OTHER, Listing
from orwatch.errors import NoDataError, UsageError
from orwatch.present.citation import export_citation
from orwatch.present.report import Report, bare_meta, moment
from orwatch.present.table import fields_table


def export(session: Session) -> Report | None:
    """A dataset, to standard output or, whole or not at all, to a file; all of them to a folder of Parquet files."""
    name, known = session.given("dataset"), datasets()
    if name is not None and name not in known:
        raise UsageError(f"There is no dataset {name!r}; {near(name, known)}.")
    for option in RECORD if session.form != "parquet" and name not in (None, RANKINGS) else ():
        if session.given(option.dest) is not None:
            raise UsageError(f"{option.name} is for the rankings as text: what else is exported is whole.")
    if session.form == "parquet":
        from orwatch.cli.parquet import export_files  # the extra, which no other format needs

        export_files(session, known if name is None else {name: known[name]})
        return None
    if name in (None, RANKINGS):
        return _written(session, _record(session))
    return _written(session, _rows_of(session, name, known[name]))


def _written(session: Session, report: Report) -> Report | None:
    """The report, for standard output; None where it has been written to a file."""
    target = session.given("output", "-")
    if target == "-":
        return report
    path = Path(target)
    save(path, render(report, session.form, session.limit))
    output.say(f"Written to {path}.")
    return None


def _rows_of(session: Session, name: str, dataset: Exported) -> Report:
    """What is kept of a dataset beside the rankings."""
    since, until = session.day("since"), session.day("until")
    rows: list[Row] = []
    pieces = []
    for piece in dataset.pieces(session.market):
        credit = {"citation": piece.citation} if session.form != "json" else {}
        found = [row for row in piece.rows if within(day_of_row(row, dataset.dated), since, until)]
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


def _record(session: Session) -> Report:
    """The rankings as text: a row for each model and period, as they are looked at and filtered."""
    form = session.form
    market = session.market
    session.check_filter()
    grains = [session.query.grain] if session.given("view.period") is not None else SOURCE_GRAINS
    found = [(grain, list(_listings(session, grain))) for grain in grains]
    listings = [one for _, some in found for one in some]
    if not listings:
        raise NoDataError("The cache holds no figures for what was asked; `orwatch status` says what it has.")
    newest = max(one.as_of for one in listings)
    composed = any(one.composed for one in listings)
    citation = export_citation(market.source, newest, computed=composed)
    meta = bare_meta(session.view, newest) | {"citation": citation, "composed": composed}
    # What JSON lines are to be imported by: the server, and that a period is whole (`_rows`).
    more = {
        "csv": {"citation": citation},
        "jsonl": {"citation": citation, "source_url": session.source.origin},
        "json": {},
    }
    rows = ({**row, **more[form]} for grain, some in found for row in _rows(session, grain, some, sums=form == "jsonl"))
    return Report(fields_table("export", ""), rows, meta=meta, stamped=True)


def _listings(session: Session, grain: Grain) -> Iterator[Listing]:
    since, until, at = session.day("since"), session.day("until"), session.query.at
    asked = None if at == "newest" else session.market.resolve(grain, at)
    return (
        found
        for period, found in session.market.record(grain, session.query.lens).listings.items()
        if (asked is None or period == asked)
        and (since is None or period.start >= since)
        and (until is None or period.start <= until)
    )


def _rows(session: Session, grain: Grain, listings: list[Listing], *, sums: bool) -> Iterator[Mapping[str, Any]]:
    """A row for each model and period, `other` last in its period. sums: with the sum of all rows of the period."""
    record = session.market.record(grain, session.query.lens)
    free = session.query.lens.free
    filtered = bool(session.filter)
    for found in listings:
        period = found.period
        head = {
            "grain": grain.value,
            "start": period.start.isoformat(),
            "end": period.end.isoformat(),
            "complete": record.complete(period) is not None,
            "partial": record.state(period) is State.PARTIAL,
            "composed": found.composed,
            "free": free,
            "merged": False,  # rows are as the source gave them
        }
        as_of = moment(found.as_of)
        total = {"period_tokens": found.total} if sums else {}
        for permaslug, tokens in (*found.rows, *([(OTHER, found.other)] if found.other else [])):
            if not free and is_free(permaslug):
                continue
            if filtered and not session.shows(session.market.facts(permaslug, free=is_free(permaslug))):
                continue
            yield {
                **head,
                "permaslug": permaslug,
                "tokens": tokens,
                "as_of": as_of,
                "origin": found.origin.value,
                **total,
            }
