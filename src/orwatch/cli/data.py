"""`poll`, `export`, `import` and `backup`: fill the cache, and carry what it holds from machine to machine."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from msgspec.structs import asdict

from orwatch.cli import output
from orwatch.cli.emit import save
from orwatch.cli.session import Session
from orwatch.core import threads
from orwatch.core.source import Source
from orwatch.domain.names import is_free
from orwatch.domain.periods import SOURCE_GRAINS, Grain, State
from orwatch.domain.records import OTHER, Listing
from orwatch.errors import CacheError, NoDataError, OrwatchError, UsageError
from orwatch.present.citation import export_citation
from orwatch.present.report import Report, bare_meta, listing, moment
from orwatch.present.table import fields_table


def poll(session: Session) -> Report:
    """One refresh of the cache: a row for each dataset; exit code of what failed."""
    from orwatch.core.refresh import refresh  # httpx, which the commands that only read do without

    if session.settings.offline and not session.is_demo:
        raise UsageError("poll needs the network, which --offline (or the setting) keeps it off.")
    session.check_arguments()
    source = session.source
    report = threads.run(refresh(source, force=True))
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
    report = Report(fields_table("export", ""), rows, meta=meta, stamped=True)
    target = session.given("output", "-")
    if target == "-":
        return report
    path = Path(target)
    save(report, form, session.limit, path)
    output.say(f"Written to {path}.")
    return None


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
