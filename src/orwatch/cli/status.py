"""`status`: the cache at a glance, or the market in one line for prompts."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from orwatch.cli import status_line
from orwatch.cli.commands import STATUS_LINE
from orwatch.cli.session import Session
from orwatch.config import config_path, write_atomically
from orwatch.core.coordination import FAILED
from orwatch.core.market import Market
from orwatch.core.views.overview import beside, now
from orwatch.domain.periods import SOURCE_GRAINS
from orwatch.domain.records import Origin
from orwatch.errors import OrwatchError, UsageError
from orwatch.present import formats
from orwatch.present.now import one_line
from orwatch.present.report import Report, listing, moment

DAY_S = 86_400


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
    """The period that is asked for and the one in progress in one line of at most `width` cells. NoDataError on an empty cache."""
    query = session.query
    age, until = _age(session)
    text = one_line(beside(market, query), now(market, query), query.lens, width, age)
    _keep(session, text, bool(age), until)
    return text


def _age(session: Session) -> tuple[str, datetime | None]:
    """What is to be told of the age of the figures, in days since they were polled, and when it will be something else."""
    now, success = session.source.machine(), session.source.coordination.last_success
    if session.is_demo:
        return "demo", None
    if success is None:
        return "not polled", None
    days = max(0, (now - success).days)
    return f"{formats.age(days * DAY_S)} old" if days else "", success + timedelta(days=days + 1)


def _keep(session: Session, text: str, aged: bool, until: datetime | None) -> None:
    """Keeps the line for the next calls, up to a time. aged: it tells the age of the figures.

    Where that cannot be done it is made anew each time.
    """
    path = session.source.cache.path
    if path is None:
        return
    with suppress(OrwatchError, OSError, RuntimeError):
        found = status_line.entry(
            session.command.name,
            session.options,
            session.env,
            config_path=config_path(session.env),
            cache_path=path,
            line=text,
            aged=aged,
            until=until,
        )
        if found is not None:
            write_atomically(found[0], [found[1]])
