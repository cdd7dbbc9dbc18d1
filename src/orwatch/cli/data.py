"""`poll`, `export`, `import` and `backup`: fill the cache, and carry what it holds from machine to machine."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from msgspec.structs import asdict

from orwatch.cli import output
from orwatch.cli.emit import save
from orwatch.cli.session import Session
from orwatch.core import threads
from orwatch.core.source import Source
from orwatch.domain.names import is_free
from orwatch.domain.nearest import near
from orwatch.domain.periods import SOURCE_GRAINS, Grain, State
from orwatch.domain.records import OTHER, Listing
from orwatch.domain.scores import Scores
from orwatch.domain.snapshots import RECORDS
from orwatch.domain.tasks import TaskShares
from orwatch.errors import CacheError, NoDataError, OrwatchError, UsageError
from orwatch.present.citation import export_citation, record_citation
from orwatch.present.report import Report, bare_meta, listing, moment
from orwatch.present.table import fields_table
from orwatch.store.snapshots import LAST, dataset_of


def poll(session: Session) -> Report:
    """One refresh of the cache: a row for each dataset; exit code of what failed."""
    from orwatch.core.refresh import refresh_patiently  # httpx, which the commands that only read do without

    if session.settings.offline and not session.is_demo:
        raise UsageError("poll needs the network, which --offline (or the setting) keeps it off.")
    session.check_arguments()
    source = session.source
    if not session.given("insist") and (waits := source.coordination.pausing()) is not None:
        raise waits
    report = threads.run(refresh_patiently(source))
    if report.shared:
        output.say("Another orwatch is polling into this cache just now; nothing was asked twice.")
    if report.error is not None:
        output.say(str(report.error))
    names = ("dataset", "requests", "not_modified", "bytes", "rows_new", "rows_restated", "error")
    rows = [asdict(dataset) for dataset in report.datasets]
    code = 0 if report.error is None else report.error.exit_code
    return listing(session.view, source.cache.rankings.newest_as_of(), rows, names=names, code=code)


def export(session: Session) -> Report | None:
    """The record: a row for each model and period, to standard output or, whole or not at all, to a file."""
    if (dataset := session.given("dataset")) is not None:
        return _written(session, _kept_rows(session, dataset))
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
    return _written(session, Report(fields_table("export", ""), rows, meta=meta, stamped=True))


def _written(session: Session, report: Report) -> Report | None:
    """The report, for standard output; None where it has been written to a file."""
    target = session.given("output", "-")
    if target == "-":
        return report
    path = Path(target)
    save(report, session.form, session.limit, path)
    output.say(f"Written to {path}.")
    return None


def _kept_rows(session: Session, dataset: str) -> Report:
    """What is kept of a dataset beside the rankings, as it was polled."""
    names = {dataset_of(kind): kind for kind in RECORDS}
    kinds = {name: kind for name, kind in names.items() if name.partition("/")[0] == dataset or name == dataset}
    if not kinds:
        known = dict.fromkeys(name.partition("/")[0] for name in names)
        raise UsageError(f"There is no dataset {dataset!r}; {near(dataset, known)}.")
    since, until = session.day("since"), session.day("until")
    bounds = ("" if since is None else since.isoformat(), LAST if until is None else until.isoformat())
    table, credit = session.source.cache.snapshots, session.form != "json"
    rows: list[Mapping[str, Any]] = []
    cited_as: dict[str, None] = {}
    taken = []
    for name, kind in kinds.items():
        times = table.taken(kind)
        for of, record in table.read_by(kind, *bounds).items():
            as_of = record.as_of if isinstance(record, TaskShares) else times[of]  # shares are cited by their last day
            cited = record_citation(name, as_of, record.citation if isinstance(record, Scores) else None)
            cited_as[cited] = None
            taken.append(times[of])
            stamp = {"taken_at": moment(times[of])} | ({"citation": cited} if credit else {})
            rows += [{**{key: _plain(value) for key, value in row.items()}, **stamp} for row in record.rows()]
    if not rows:
        raise NoDataError(f"The cache holds nothing of {dataset} yet that was asked for: run `orwatch poll`.")
    meta = bare_meta(session.view, max(taken)) | {"citation": " ".join(cited_as)}
    return Report(fields_table("export", ""), rows, meta=meta, stamped=True)


def _plain(value: object) -> object:
    """A value of a record as the writers take it: decimals digit for digit, dates as ISO 8601."""
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.isoformat() if isinstance(value, date) else value


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


def import_(session: Session) -> Report:
    """Take in a record from a file or from standard input; a row that says what it brought."""
    from orwatch.core.importing import SQLITE, import_backup, import_lines  # httpx comes with the API

    session.check_arguments()
    name = session.given("file")
    source = _kept(session, "import")
    if source.cache.path is None:
        raise CacheError("The cache is in memory, where an import would be lost: nothing is imported.")
    with _reading(name) as file:
        begin = file.peek(len(SQLITE))[: len(SQLITE)]
        if begin != SQLITE:
            found = import_lines(source, file, "standard input" if name == "-" else name)
        elif name == "-":
            raise UsageError("A backup is read from a file: `orwatch import FILE`.")
        else:
            found = import_backup(source, Path(name))
    return listing(session.view, source.cache.rankings.newest_as_of(), [asdict(found)])


@contextlib.contextmanager
def _reading(name: str) -> Iterator[io.BufferedReader]:
    """A file, or standard input for `-`, to be read. Raises OrwatchError where that cannot be."""
    try:
        if name == "-":
            os.set_blocking(sys.stdin.fileno(), True)
        with open(sys.stdin.fileno() if name == "-" else name, "rb", closefd=name != "-") as file:
            yield file
    except OSError as error:
        raise OrwatchError(f"{name} cannot be read: {error.strerror}.") from None


def backup(session: Session) -> None:
    """Write a copy of the cache."""
    path = Path(session.given("file"))
    if str(path) == "-":
        raise UsageError("A backup is written to a file: `orwatch backup FILE`.")
    target = Path(os.path.realpath(path))  # a link stays a link
    cache = _kept(session, "backup").cache
    if cache.path is not None and target == Path(os.path.realpath(cache.path)):
        raise UsageError(f"{path} is the cache itself: name another file.")
    if target.exists() and not target.is_file():
        raise UsageError(f"{path} is no file: name one.")
    if target.exists() and not session.given("force", False):
        raise UsageError(f"{path} exists and is left as it is: name another file, or give --force.")
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        cache.database.backup(target)
    except OSError as error:
        raise OrwatchError(f"{path} cannot be written: {error.strerror}.") from None
    newest = moment(cache.rankings.newest_as_of())
    output.say(
        f"Written to {path}: {target.stat().st_size} bytes, {f'figures as of {newest}' if newest else 'no figures yet'}."
    )


def _kept(session: Session, command: str) -> Source:
    """The source whose cache is kept. Raises UsageError in the demo."""
    if session.is_demo:
        raise UsageError(f"The demo keeps nothing: `orwatch {command}` is for the cache, without --demo.")
    return session.source
