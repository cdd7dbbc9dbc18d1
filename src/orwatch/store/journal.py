"""What the cache notes besides figures: its origin and revision, notes of its users, ETags and the log of requests."""

from __future__ import annotations

import sqlite3
from datetime import datetime
from typing import Final

from orwatch.store.times import epoch, moment

ORIGIN: Final = "origin"
"""Where the file's figures come from; set once."""

REVISION: Final = "revision"
"""A counter of the changes to its figures."""

ALWAYS_KEPT: Final = 1000
"""Requests that are never forgotten: more than any day may have."""

ALERTS_REVISION: Final = "alerts_revision"
"""A counter of the changes to its alerts: found, retracted, acknowledged, snoozed, delivered."""

ANOTHER_FILE: Final = 2**40
"""How far a counter moves when the file was replaced: further than any file has counted."""

RESERVED: Final = frozenset({ORIGIN, REVISION, ALERTS_REVISION})


def get(connection: sqlite3.Connection, key: str) -> str | None:
    """The value of a key."""
    row = connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return None if row is None else str(row[0])


def put(connection: sqlite3.Connection, key: str, value: str | None) -> None:
    """Set a key, None: remove it."""
    if value is None:
        connection.execute("DELETE FROM meta WHERE key = ?", (key,))
    else:
        connection.execute(
            "INSERT INTO meta VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value", (key, value)
        )


def claim(connection: sqlite3.Connection, origin: str) -> str:
    """Set the origin of a file that has none, and return the one it has."""
    connection.execute("INSERT INTO meta VALUES (?, ?) ON CONFLICT DO NOTHING", (ORIGIN, origin))
    return get(connection, ORIGIN) or origin


def bump(connection: sqlite3.Connection, counter: str = REVISION) -> None:
    """Count one change of the figures (or of the alerts), in the transaction that makes it."""
    put(connection, counter, str(int(get(connection, counter) or 0) + 1))


def count(connection: sqlite3.Connection, counter: str, generation: int) -> int:
    """Where a counter stands. generation: how many other files have taken the place of the first one that was opened."""
    return int(get(connection, counter) or 0) + generation * ANOTHER_FILE


def etag(connection: sqlite3.Connection, url: str) -> str | None:
    """The ETag of the last answer for a URL."""
    row = connection.execute("SELECT etag FROM etag WHERE url = ?", (url,)).fetchone()
    return None if row is None else str(row[0])


def put_etag(connection: sqlite3.Connection, url: str, value: str | None, fetched_at: datetime) -> None:
    """Keep the ETag of an answer, None: forget it."""
    if value is None:
        connection.execute("DELETE FROM etag WHERE url = ?", (url,))
        return
    connection.execute(
        """
        INSERT INTO etag VALUES (?, ?, ?)
        ON CONFLICT DO UPDATE SET etag = excluded.etag, fetched_at = excluded.fetched_at
        """,
        (url, value, epoch(fetched_at)),
    )


def log_request(
    connection: sqlite3.Connection,
    at: datetime,
    dataset: str,
    keyed: bool,
    status: int,
    bytes_: int,
    forget_before: datetime,
) -> None:
    """Log one request, and forget those sent before a time, but for the last thousand.

    A clock that jumped ahead would otherwise have the requests of today forgotten, and with them the budget.
    """
    connection.execute("INSERT INTO request VALUES (?, ?, ?, ?, ?)", (epoch(at), dataset, int(keyed), status, bytes_))
    connection.execute(
        "DELETE FROM request WHERE at < ? AND rowid <= (SELECT max(rowid) FROM request) - ?",
        (epoch(forget_before), ALWAYS_KEPT),
    )


def requests(connection: sqlite3.Connection, since: datetime, keyed: bool | None) -> tuple[datetime, ...]:
    """When requests were sent, from a time on, oldest first; keyed: with the key, without it, None for both."""
    rows = connection.execute(
        "SELECT at FROM request WHERE at >= :since AND (:keyed IS NULL OR keyed = :keyed) ORDER BY at",
        {"since": epoch(since), "keyed": None if keyed is None else int(keyed)},
    )
    return tuple(moment(at) for (at,) in rows)
