"""`poll`, `import` and `backup`: fill the cache, and carry it from machine to machine."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from msgspec.structs import asdict

from orwatch import threads
from orwatch.cli import output
from orwatch.cli.session import Session
from orwatch.errors import CacheError, OrwatchError, UsageError
from orwatch.present.report import Report, listing, moment


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
        output.warn(str(report.error))
    names = ("dataset", "requests", "not_modified", "bytes", "rows_new", "rows_restated", "error")
    rows = [asdict(dataset) for dataset in report.datasets]
    code = 0 if report.error is None else report.error.exit_code
    return listing(session.view, source.cache.rankings.newest_as_of(), rows, names=names, code=code)


def import_(session: Session) -> Report:
    """Take in a record from a file or from standard input; a row that says what it brought."""
    from orwatch.core.importing import SQLITE, import_backup, import_lines  # httpx comes with the API

    session.check_arguments()
    name = session.given("file")
    source = session.source
    if source.cache.path is None:
        raise CacheError("The cache is in memory, where an import would be lost: nothing is imported.")
    try:
        if name == "-":
            os.set_blocking(sys.stdin.fileno(), True)
        with open(sys.stdin.fileno() if name == "-" else name, "rb", closefd=name != "-") as file:
            if not file.peek(len(SQLITE)).startswith(SQLITE):
                found = import_lines(source, file, "standard input" if name == "-" else name)
            elif name == "-":
                raise UsageError("A backup is read from a file: `orwatch import FILE`.")
            else:
                found = import_backup(source, Path(name))
    except OSError as error:
        raise OrwatchError(f"{name} cannot be read: {error.strerror}.") from None
    return listing(session.view, source.cache.rankings.newest_as_of(), [asdict(found)])


def backup(session: Session) -> None:
    """Write a copy of the cache."""
    path = Path(session.given("file"))
    if str(path) == "-":
        raise UsageError("A backup is written to a file: `orwatch backup FILE`.")
    target = Path(os.path.realpath(path))  # a link stays a link
    cache = session.source.cache
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
