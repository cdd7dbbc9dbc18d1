"""The record of the rankings: which listing of a period stands, and how listings are read back."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import date, datetime
from sys import intern
from typing import TYPE_CHECKING

from msgspec import Struct

from orwatch.domain.records import OTHER, Grain, Listing, Period, Row
from orwatch.store.times import epoch, moment

if TYPE_CHECKING:
    from orwatch.domain.alerts.catalogue_history import FirstDay


class Change(Struct, frozen=True):
    """What a put changed.

    rows_new: rows, `other` among them, that the period did not have. rows_restated: rows with another value than
    before, or withdrawn. periods: those whose figures changed, in order; a period whose `as_of` alone moved is not
    among them.
    """

    rows_new: int
    rows_restated: int
    periods: tuple[Period, ...]


def put(connection: sqlite3.Connection, listings: Sequence[Listing]) -> tuple[Change, bool]:
    """Store the listings that stand, by the rules of `Cache.put_listings`; also whether anything was written."""
    new = restated = 0
    periods: set[Period] = set()
    written = False
    # In the order of the tables a backfill appends to them, which is twice as fast; puts of the same period keep
    # their order.
    for listing in sorted(listings, key=lambda listing: listing.period):
        figures = _figures(listing)
        grain, start, as_of = listing.period.grain.value, listing.period.start.isoformat(), epoch(listing.as_of)
        held_as_of = connection.execute(
            "SELECT as_of FROM listing WHERE grain = ? AND start = ?", (grain, start)
        ).fetchone()
        if not figures or (held_as_of and _outranks(listing.period, held_as_of[0], as_of)):
            continue
        held = dict(
            connection.execute("SELECT permaslug, tokens FROM tokens WHERE grain = ? AND start = ?", (grain, start))
        )
        if held_as_of != (as_of,):
            written = True
            connection.execute(
                "INSERT INTO listing VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET as_of = excluded.as_of",
                (grain, start, as_of),
            )
        if held == figures:
            continue
        written = True
        connection.execute("DELETE FROM tokens WHERE grain = ? AND start = ?", (grain, start))
        connection.executemany(
            "INSERT INTO tokens VALUES (?, ?, ?, ?)", [(grain, start, slug, n) for slug, n in figures.items()]
        )
        new += len(figures.keys() - held.keys())
        restated += sum(figures.get(slug) != n for slug, n in held.items())
        periods.add(listing.period)
    return Change(new, restated, tuple(sorted(periods))), written


def check(listing: Listing) -> None:
    """Raise ValueError for what is never stored: a composed listing, or one that has a permaslug twice."""
    if listing.composed:
        raise ValueError(f"{listing.period} is composed: only what the source gave is stored")
    if len({row.permaslug for row in listing.rows} - {OTHER}) != len(listing.rows):
        raise ValueError(f"{listing.period} has a permaslug twice, or `other` among its named rows")


def read(connection: sqlite3.Connection, grain: Grain, since: date | None, until: date | None) -> tuple[Listing, ...]:
    """The listings of a grain that start between two days, both included, oldest first, rows in rank order."""
    span = (grain.value, (since or date.min).isoformat(), (until or date.max).isoformat())
    as_of = dict(connection.execute("SELECT start, as_of FROM listing WHERE grain = ? AND start BETWEEN ? AND ?", span))
    named: dict[str, list[Row]] = {start: [] for start in as_of}
    other: dict[str, int] = {}
    rows = connection.execute(
        "SELECT start, permaslug, tokens FROM tokens WHERE grain = ? AND start BETWEEN ? AND ?"
        " ORDER BY start, tokens DESC, permaslug",
        span,
    )
    for start, slug, tokens in rows:
        if slug == OTHER:
            other[start] = tokens
        else:
            named[start].append(Row(intern(slug), tokens))
    return tuple(
        Listing(
            Period(grain, date.fromisoformat(start)), moment(as_of[start]), tuple(named[start]), other.get(start, 0)
        )
        for start in sorted(as_of)
    )


def first_days(connection: sqlite3.Connection, vendor: str) -> list[FirstDay]:
    """The first day that ranks each model of a vendor, with the number of models that the day before names."""
    from orwatch.domain.alerts.catalogue_history import FirstDay

    rows = connection.execute(
        """
        SELECT permaslug, first, tokens, as_of, (
            SELECT count(*) FROM tokens AS before
            WHERE before.grain = 'day' AND before.start = date(first, '-1 day') AND before.permaslug <> :other
        )
        FROM (
            SELECT permaslug, min(start) AS first FROM tokens
            WHERE grain = 'day' AND permaslug BETWEEN :vendor || '/' AND :vendor || '0' GROUP BY permaslug
        )
        JOIN tokens USING (permaslug)
        JOIN listing ON listing.grain = 'day' AND listing.start = first
        WHERE tokens.grain = 'day' AND tokens.start = first
        """,
        {"vendor": vendor, "other": OTHER},
    )
    return [FirstDay(slug, date.fromisoformat(day), n, moment(as_of), named) for slug, day, n, as_of, named in rows]


def settled_days(connection: sqlite3.Connection) -> tuple[Period, ...]:
    """Every day that was over when its figures were taken, oldest first; none of their rows is read."""
    rows = connection.execute("SELECT start, as_of FROM listing WHERE grain = ? ORDER BY start", (Grain.DAY.value,))
    days = ((Period(Grain.DAY, date.fromisoformat(start)), as_of) for start, as_of in rows)
    return tuple(day for day, as_of in days if day.settled_by(moment(as_of)))


def coverage(connection: sqlite3.Connection, grain: Grain) -> tuple[date, date, int] | None:
    """The first and the last period's start, and the number of periods; None where there is none."""
    first, last, count = connection.execute(
        "SELECT min(start), max(start), count(*) FROM listing WHERE grain = ?", (grain.value,)
    ).fetchone()
    return (date.fromisoformat(first), date.fromisoformat(last), count) if count else None


def newest_as_of(connection: sqlite3.Connection) -> datetime | None:
    """The newest `as_of` of all listings."""
    (newest,) = connection.execute("SELECT max(as_of) FROM listing").fetchone()
    return None if newest is None else moment(newest)


def _figures(listing: Listing) -> dict[str, int]:
    """Tokens by permaslug, `other` among them where it has any."""
    figures = {row.permaslug: row.tokens for row in listing.rows}
    return figures | {OTHER: listing.other} if listing.other else figures


def _outranks(period: Period, held: int, offered: int) -> bool:
    """Whether the stored figures stand against the offered ones: settled ones first, then the newer `as_of`."""
    return (period.settled_by(moment(held)), held) > (period.settled_by(moment(offered)), offered)
