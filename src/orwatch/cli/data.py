"""`poll`, `status`, `import` and `backup`: fill the cache, tell what it holds, carry it from machine to machine."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from msgspec.structs import asdict

from orwatch import threads
from orwatch.cli import output, status_line
from orwatch.cli.commands import STATUS_LINE
from orwatch.cli.session import Session
from orwatch.config import config_path, write_atomically
from orwatch.core.coordination import FAILED
from orwatch.core.market import Market
from orwatch.core.views.overview import beside, now
from orwatch.domain.periods import SOURCE_GRAINS
from orwatch.domain.records import Origin
from orwatch.errors import CacheError, OrwatchError, UsageError
from orwatch.present import formats
from orwatch.present.now import one_line
from orwatch.present.report import Report, listing, moment

DAY_S = 86_400


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


def status(session: Session) -> Report | str:
    """The cache at a glance, as one row, or what it tells as one line. Nobody is asked."""
    session.check_arguments()
    for option in STATUS_LINE if session.form != "line" else ():
        if session.given(option.dest) is not None:
            raise UsageError(f"{option.name} is for --format line: the status is that of the whole cache.")
    width = session.number("width", 9999, "a number of cells")
    if session.is_demo:
        _ = session.market
    source = session.source
    if session.form == "line":
        return line(session, source.market(), width)
    cache = source.cache
    as_of, success = cache.rankings.newest_as_of(), source.coordination.last_success
    kept = cache.snapshots.held()
    failures = cache.deliveries.failures(source.machine())
    row: dict[str, Any] = {
        "source": source.kind,
        "as_of": moment(as_of),
        "age_s": None if success is None else max(0, round((source.machine() - success).total_seconds())),
        "next_poll_s": round(source.next_poll_s()),
        "requests_today": source.coordination.keyed_requests_today(),
        "cache_path": None if cache.path is None else str(cache.path),
        "cache_bytes": cache.database.size(),
        "periods": {grain.value: (cache.rankings.coverage(grain) or (0, 0, 0))[2] for grain in SOURCE_GRAINS},
        "last_error": source.coordination.last_error,
        "origin": {origin.value: cache.rankings.origins().get(origin, 0) for origin in Origin},
        "datasets": {name: held.count for name, held in kept.items()},
        "datasets_since": {name: held.first for name, held in kept.items() if held.first},
        "datasets_until": {name: held.last for name, held in kept.items() if held.last},
        "datasets_failing": cache.journal.notes(FAILED),
        "alerts_unread": sum(known.unread for known in cache.alerts.known(source.machine()).values()),
        "deliveries_failed": failures.count,
        "last_delivery_error": failures.last_error,
        "key": source.has_key,
        "base_url": source.base_url,
    }
    return listing(session.view, as_of, [row], title="Status", upright=True)


def line(session: Session, market: Market, width: int | None) -> str:
    """The period that is asked for and the one in progress in one line of at most `width` cells, kept for the next calls.

    Raises NoDataError on an empty cache.
    """
    source, query = session.source, session.query
    success, path = source.coordination.last_success, source.cache.path
    age, until = "demo" if session.is_demo else "not polled", None
    if success is not None and not session.is_demo:  # told in days, until it is another day
        days = max(0, (source.machine() - success).days)
        age = f"{formats.age(days * DAY_S)} old" if days else ""
        until = success + timedelta(days=days + 1)
    text = one_line(beside(market, query), now(market, query), query.lens, width, age)
    with suppress(OrwatchError, OSError, RuntimeError):  # where it cannot be kept it is made anew each time
        kept = path and status_line.entry(
            session.command.name,
            session.options,
            session.env,
            config_path=config_path(session.env),
            cache_path=path,
            line=text,
            aged=bool(age),
            until=until,
        )
        if kept:
            write_atomically(kept[0], [kept[1]])
    return text


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
