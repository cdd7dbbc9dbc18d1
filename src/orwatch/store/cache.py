"""The cache: what one origin has shown so far. Nothing outside this package knows that it is SQLite."""

from __future__ import annotations

from pathlib import Path
from typing import Self

from orwatch.errors import CacheError
from orwatch.store.alerts import AlertsTable
from orwatch.store.catalogue import CatalogueTable
from orwatch.store.database import BUSY_TIMEOUT, Database
from orwatch.store.deliveries import DeliveriesTable
from orwatch.store.hosts import HostsTable
from orwatch.store.journal import Journal
from orwatch.store.lease import Leases
from orwatch.store.migrations import MIGRATIONS
from orwatch.store.rankings import RankingsTable
from orwatch.store.snapshots import SnapshotsTable


class Cache:
    """The cache of one origin, in a file that several processes may share, or in memory: one part for each subject.

    origin: where its figures come from. Every method of the parts raises CacheError where the file cannot be read or
    written; what it held before is then kept. Times must have a zone, and are kept to the second. Threads may share a
    Cache; their calls take turns.
    """

    def __init__(self, database: Database, origin: str) -> None:
        """Take over an open database. Raises CacheError where it belongs to another origin."""
        self.database = database
        self.origin = origin
        self.rankings = RankingsTable(database)
        self.catalogue = CatalogueTable(database)
        self.hosts = HostsTable(database)
        self.snapshots = SnapshotsTable(database)
        self.alerts = AlertsTable(database)
        self.deliveries = DeliveriesTable(database)
        self.journal = Journal(database)
        self.leases = Leases(database)
        owner = self.journal.claim(origin)
        if owner != origin:
            raise CacheError(
                f"{database.name} holds figures of {owner}, not of {origin}: name another file with --cache."
            )

    @classmethod
    def open(cls, path: Path | None, origin: str, *, busy_timeout: float = BUSY_TIMEOUT) -> Self:
        """Open the cache of an origin, made where it is missing: folders 0700, file 0600. None: in memory.

        busy_timeout: seconds to wait for another process that writes. Raises CacheError for a file of another origin,
        of another program or of a newer orwatch, and for a damaged one; none of them is ever deleted.
        """
        database = Database.open(path, MIGRATIONS, busy_timeout)
        try:
            return cls(database, origin)
        except BaseException:
            database.close()
            raise

    @property
    def path(self) -> Path | None:
        """The file; None in memory."""
        return self.database.path

    def close(self) -> None:
        """Close the cache; closing twice is fine. Later calls raise CacheError."""
        self.database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def revision(self) -> int:
        """A number that grows whenever a process changes what this file shows.

        That is listings with their `as_of`, models and hosts with the time they were seen, prices, providers and snapshots; not
        ETags, requests, notes and leases.
        """
        return self.journal.count()
