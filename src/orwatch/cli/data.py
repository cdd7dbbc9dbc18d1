"""`poll`, `status` and `export`: the cache, filled, judged and given away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from orwatch.errors import NoDataError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from orwatch.cli.session import Session
    from orwatch.domain.periods import Grain
    from orwatch.domain.records import Listing
    from orwatch.present.report import Report


def poll(session: Session) -> Report:
    """One refresh of the cache, for cron: what was asked for, and what it changed.

    Exit code 1 where a part of it failed, 4 where the key was refused; what came is kept and printed.
    """
    from msgspec.structs import asdict

    from orwatch.cli import output
    from orwatch.core import threads
    from orwatch.core.refresh import refresh
    from orwatch.present.report import listing

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
    return listing(session.view, source.cache.rankings.newest_as_of(), names, rows, code=code)


def status(session: Session) -> Report:
    """The cache at a glance: source, age, next poll, requests, size, periods.

    Nobody is asked. The age is counted from the last poll that succeeded. Requests are those with the key, of this UTC
    day; failed deliveries those of the last seven days that have not arrived.
    """
    from orwatch.core.poller import next_poll_s
    from orwatch.domain.periods import Grain
    from orwatch.present.report import listing, moment

    session.check_arguments()
    if session.is_demo:
        _ = session.market
    source = session.source
    cache = source.cache
    as_of, success = cache.rankings.newest_as_of(), source.coordination.last_success
    failures = cache.deliveries.failures(source.machine())
    row: dict[str, Any] = {
        "source": source.kind,
        "as_of": moment(as_of),
        "age_s": None if success is None else max(0, round((source.machine() - success).total_seconds())),
        "next_poll_s": round(next_poll_s(source)),
        "requests_today": source.coordination.keyed_requests_today(),
        "cache_path": None if cache.path is None else str(cache.path),
        "cache_bytes": cache.size(),
        "periods": {grain.value: (cache.rankings.coverage(grain) or (0, 0, 0))[2] for grain in Grain},
        "last_error": source.coordination.last_error,
        "alerts_unread": sum(known.unread for known in cache.alerts.known(source.machine())),
        "deliveries_failed": failures.count,
        "last_delivery_error": failures.last_error,
        "key": source.has_key,
        "base_url": source.base_url,
    }
    return listing(session.view, as_of, tuple(row), [row], title="Status", upright=True)


def export(session: Session) -> Report | None:
    """The record as CSV or JSON lines, with its citation.

    A row for each model and period. All grains, or the one --period names; --since and --until bound the first day of a
    period. Weeks and months added up from days are marked `composed`; `other` is a row. --format csv (default), jsonl
    or json. --basis and --merge-variants change nothing here: rows are as the source gave them."""
    from orwatch.cli import output
    from orwatch.domain.periods import Grain
    from orwatch.present.citation import export_citation
    from orwatch.present.report import Report, bare_meta
    from orwatch.present.table import fields_table

    form = session.form
    market = session.market
    session.check_filter()
    grains = [session.query.grain] if session.given("view.period") is not None else list(Grain)
    found = [(grain, list(_listings(session, grain))) for grain in grains]
    listings = [listing for _, some in found for listing in some]
    if not listings:
        raise NoDataError("The cache holds no figures for what was asked; `orwatch status` says what it has.")
    newest = max(listing.as_of for listing in listings)
    composed = any(listing.composed for listing in listings)
    citation = export_citation(market.source, newest, computed=composed)
    meta = bare_meta(session.view, newest) | {"citation": citation, "composed": composed}
    rows = (
        row if form == "json" else {**row, "citation": citation}
        for grain, some in found
        for row in _rows(session, grain, some)
    )
    report = Report(fields_table("export", ""), rows, meta=meta, stamped=True)
    target = session.given("output", "-")
    if target == "-":
        return report
    from pathlib import Path

    path = Path(target)
    output.save(report, form, session.limit, path)
    output.say(f"Written to {path}.")
    return None


def _listings(session: Session, grain: Grain) -> Iterator[Listing]:
    since, until, at = session.day("since"), session.day("until"), session.query.at
    asked = None if at == "newest" else session.market.resolve(grain, at)
    return (
        listing
        for period, listing in session.market.record(grain).listings.items()
        if (asked is None or period == asked)
        and (since is None or period.start >= since)
        and (until is None or period.start <= until)
    )


def _rows(session: Session, grain: Grain, listings: list[Listing]) -> Iterator[Mapping[str, Any]]:
    """A row for each model and period, `other` last in its period."""
    from orwatch.domain.filters import Facts
    from orwatch.domain.records import OTHER, Row
    from orwatch.present.report import day, moment

    record = session.market.record(grain)
    country, free = session.market.attribution.country, session.query.lens.free
    filtered = bool(session.filter)
    for listing in listings:
        period = listing.period
        head = {
            "grain": grain.value,
            "start": day(period.start),
            "end": day(period.end),
            "complete": record.complete(period) is not None,
            "composed": listing.composed,
        }
        as_of = moment(listing.as_of)
        for row in (*listing.rows, *([Row(OTHER, listing.other)] if listing.other else [])):
            if not free and row.free:
                continue
            if filtered and not session.shows(Facts(permaslug=row.permaslug, country=country(row.vendor))):
                continue
            yield {**head, "permaslug": row.permaslug, "tokens": row.tokens, "as_of": as_of}
