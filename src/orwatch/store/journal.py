"""What the cache notes besides figures: its origin and revision, notes of its users, ETags and the log of requests."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct

from orwatch.store.database import Database, Migration
from orwatch.store.values import epoch, maybe_epoch, moment

CREATE: Final[Migration] = (
    """
    CREATE TABLE etag (
        url TEXT NOT NULL PRIMARY KEY,
        etag TEXT NOT NULL,
        fetched_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE request (
        at INTEGER NOT NULL,
        dataset TEXT NOT NULL,
        keyed INTEGER NOT NULL,
        status INTEGER NOT NULL,
        bytes INTEGER NOT NULL
    ) STRICT
    """,
    "CREATE INDEX request_at ON request (at)",
    """
    CREATE TABLE meta (
        key TEXT NOT NULL PRIMARY KEY,
        value TEXT NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
)

ORIGIN: Final = "origin"
"""Where the file's figures come from; set once."""

REVISION: Final = "revision"
"""A counter of the changes to its figures."""

ALERTS_REVISION: Final = "alerts_revision"
"""A counter of the changes to its alerts: found, retracted, acknowledged, snoozed, delivered."""

RESERVED: Final = frozenset({ORIGIN, REVISION, ALERTS_REVISION})

ANOTHER_FILE: Final = 2**40
"""How far a counter moves when the file was replaced: further than any file has counted."""

KEPT_REQUESTS: Final = timedelta(days=7)
"""How far back the log of requests goes."""

ALWAYS_KEPT: Final = 1000
"""Requests that are never forgotten, more than any day may have: a clock that jumped ahead would otherwise have the
requests of today forgotten, and with them the budget."""


class Journal(Struct, frozen=True):
    """The notes, counters, ETags and requests of a cache. Every method raises CacheError."""

    database: Database

    def claim(self, origin: str) -> str:
        """The origin of the file, which is set where it has none."""
        owner = self.get(ORIGIN)
        if owner is not None:
            return owner
        with self.database.write() as connection:
            connection.execute("INSERT INTO meta VALUES (?, ?) ON CONFLICT DO NOTHING", (ORIGIN, origin))
            return self.get(ORIGIN) or origin

    def count(self, counter: str = REVISION) -> int:
        """A counter; it grows too when another file takes the place of the first."""
        return self._counted(counter) + self.database.generation * ANOTHER_FILE

    def bump(self, counter: str = REVISION) -> None:
        """Count one change of the figures (or of the alerts), in the transaction that makes it."""
        self._put(counter, str(self._counted(counter) + 1))

    def _counted(self, counter: str) -> int:
        with self.database.read():
            return int(self.get(counter) or 0)

    def get(self, key: str) -> str | None:
        """A note kept under a key."""
        return self.database.find(str, "SELECT value FROM meta WHERE key = ?", (key,))

    def notes(self, prefix: str) -> dict[str, str]:
        """The notes whose keys begin so, by the rest of the key."""
        query = "SELECT substr(key, :length + 1), value FROM meta WHERE substr(key, 1, :length) = :prefix ORDER BY key"
        return dict(self.database.select(lambda *note: note, query, {"prefix": prefix, "length": len(prefix)}))

    def set(self, key: str, value: str | None) -> None:
        """Keep a note under a key, None: forget it. Raises ValueError for the keys of the cache itself."""
        if key in RESERVED:
            raise ValueError(f"{key} is the cache's own")
        self._put(key, value)

    def _put(self, key: str, value: str | None) -> None:
        with self.database.write() as connection:
            if value is None:
                connection.execute("DELETE FROM meta WHERE key = ?", (key,))
            else:
                connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def etag(self, url: str) -> str | None:
        """The ETag of the last answer for a URL."""
        return self.database.find(str, "SELECT etag FROM etag WHERE url = ?", (url,))

    def put_etag(self, url: str, etag: str | None, fetched_at: datetime) -> None:
        """Keep the ETag of an answer, None: forget it.

        To be called when the answer's figures are stored, not before: a server that is shown the ETag sends them no
        second time.
        """
        with self.database.write() as connection:
            if etag is None:
                connection.execute("DELETE FROM etag WHERE url = ?", (url,))
            else:
                connection.execute("INSERT OR REPLACE INTO etag VALUES (?, ?, ?)", (url, etag, epoch(fetched_at)))

    def log_request(self, at: datetime, dataset: str, keyed: bool, status: int, bytes_: int) -> None:
        """Log one request to the source, and forget those of more than seven days before it, but for the last thousand.

        keyed: it needs the key, so it counts against the key's budget. status: HTTP. bytes_: length of the body.
        """
        with self.database.write() as connection:
            connection.execute(
                "INSERT INTO request VALUES (?, ?, ?, ?, ?)", (epoch(at), dataset, int(keyed), status, bytes_)
            )
            connection.execute(
                "DELETE FROM request WHERE at < ? AND rowid <= (SELECT max(rowid) FROM request) - ?",
                (epoch(at - KEPT_REQUESTS), ALWAYS_KEPT),
            )

    def spend(self, at: datetime, dataset: str, limits: Iterable[tuple[datetime, datetime, int]]) -> bool:
        """Log one keyed request that is about to be sent, unless that exceeds a limit; whether it may be sent.

        limits: the times between which keyed requests are counted, and how many there may be. Counting and logging are
        one step, whatever other processes do.
        """
        with self.database.write():
            if any(len(self.requests(since, until, keyed=True)) >= most for since, until, most in limits):
                return False
            self.log_request(at, dataset, keyed=True, status=0, bytes_=0)
            return True

    def requests(
        self,
        since: datetime,
        until: datetime | None = None,
        keyed: bool | None = None,
        dataset: str | None = None,
    ) -> tuple[datetime, ...]:
        """When requests were sent, by whatever process, between two times, oldest first; keyed ones, others, or both.

        dataset: those for it alone.
        """
        query = """
            SELECT at FROM request
            WHERE at >= :since AND (:until IS NULL OR at <= :until) AND (:keyed IS NULL OR keyed = :keyed)
                AND (:dataset IS NULL OR dataset = :dataset) ORDER BY at
        """
        given = {"since": epoch(since), "until": maybe_epoch(until), "keyed": keyed, "dataset": dataset}
        return self.database.select(moment, query, given)
