"""The cache: what one origin has shown so far. Nothing outside this package knows that it is SQLite."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

from orwatch.domain.records import Grain, Listing, Period
from orwatch.errors import CacheError
from orwatch.store import journal, rankings
from orwatch.store.database import BUSY_TIMEOUT, Database, identity
from orwatch.store.lease import Lease
from orwatch.store.offers import Offers
from orwatch.store.rankings import Change

if TYPE_CHECKING:
    from orwatch.domain.alerts.catalogue_history import FirstDay
    from orwatch.store.ledger import Ledger

__all__ = ["Cache", "Change"]

KEPT_REQUESTS: Final = timedelta(days=7)
"""How far back the log of requests goes."""


class Cache(Offers):
    """The cache of one origin, in a file that several processes may share, or in memory.

    path: the file, None in memory. origin: where its figures come from. Every method raises CacheError where the file
    cannot be read or written; what it held before is then kept. Times must have a zone, and are kept to the second.
    Threads may share a Cache; their calls take turns.
    """

    def __init__(self, database: Database, origin: str) -> None:
        """Take over an open database. Raises CacheError where it belongs to another origin."""
        super().__init__(database)
        self.origin = origin
        self._claimed(database)

    def _claimed(self, database: Database) -> None:
        with database.read() as connection:
            owner = journal.get(connection, journal.ORIGIN)
        if owner is None:
            with database.write() as connection:
                owner = journal.claim(connection, self.origin)
        if owner != self.origin:
            raise CacheError(
                f"{database.name} holds figures of {owner}, not of {self.origin}: name another file with --cache."
            )

    @classmethod
    def open(cls, path: Path | None, origin: str, *, busy_timeout: float = BUSY_TIMEOUT) -> Self:
        """Open the cache of an origin, made where it is missing: folders 0700, file 0600. None: in memory.

        busy_timeout: seconds to wait for another process that writes. Raises CacheError for a file of another origin,
        of another program or of a newer orwatch, and for a damaged one; none of them is ever deleted.
        """
        database = Database.open(path, busy_timeout)
        try:
            return cls(database, origin)
        except BaseException:
            database.close()
            raise

    @cached_property
    def ledger(self) -> Ledger:
        """The alerts of this cache."""
        from orwatch.store.ledger import Ledger

        return Ledger(self._database)

    @property
    def path(self) -> Path | None:
        """The file; None in memory."""
        return self._database.path

    @property
    def damaged(self) -> bool:
        """Whether reading or writing has come upon damage."""
        return self._database.damaged

    def close(self) -> None:
        """Close the cache; closing twice is fine. Later calls raise CacheError."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def put_listings(self, batch: Iterable[Listing]) -> Change:
        """Store listings as the source gave them, all or none, and say what they changed.

        Of each period the listing with the newest `as_of` stands, whole: rows it lacks are withdrawn. At equal `as_of`
        the later put stands. An older listing, an empty one, and one of a running period against a settled one change
        nothing; nor do periods that are not in the batch. Raises ValueError for a composed listing and for one that
        has a permaslug twice.
        """
        offered = list(batch)
        for listing in offered:
            rankings.check(listing)
        with self._database.write() as connection:
            change, written = rankings.put(connection, offered)
            if written:
                journal.bump(connection)
        return change

    def listings(self, grain: Grain, since: date | None = None, until: date | None = None) -> tuple[Listing, ...]:
        """The listings of a grain, oldest first, rows in rank order.

        since, until: bounds of the period's first day, both included.
        """
        with self._database.read() as connection:
            return rankings.read(connection, grain, since, until)

    def first_days(self, vendors: Iterable[str]) -> tuple[FirstDay, ...]:
        """The first day that ranks each model of some vendors (author slugs)."""
        with self._database.read() as connection:
            return tuple(first for vendor in vendors for first in rankings.first_days(connection, vendor))

    def settled_days(self) -> tuple[Period, ...]:
        """Every day that was over when its figures were taken, oldest first: as the listings of days say, without their rows."""
        with self._database.read() as connection:
            return rankings.settled_days(connection)

    def coverage(self, grain: Grain) -> tuple[date, date, int] | None:
        """The first day of the first and of the last period, and the number of periods; None where there is none."""
        with self._database.read() as connection:
            return rankings.coverage(connection, grain)

    def newest_as_of(self) -> datetime | None:
        """The newest `as_of` of all listings: the `now` of every figure."""
        with self._database.read() as connection:
            return rankings.newest_as_of(connection)

    def etag(self, url: str) -> str | None:
        """The ETag of the last answer for a URL."""
        with self._database.read() as connection:
            return journal.etag(connection, url)

    def put_etag(self, url: str, etag: str | None, fetched_at: datetime) -> None:
        """Keep the ETag of an answer, None: forget it.

        To be called when the answer's figures are stored, not before: a server that is shown the ETag sends them no
        second time.
        """
        with self._database.write() as connection:
            journal.put_etag(connection, url, etag, fetched_at)

    def log_request(self, at: datetime, dataset: str, keyed: bool, status: int, bytes_: int) -> None:
        """Log one request to the source, and forget those of more than seven days before it, but for the last thousand.

        keyed: sent with the key, so it counts against the key's budget. status: HTTP. bytes_: length of the body.
        """
        with self._database.write() as connection:
            journal.log_request(connection, at, dataset, keyed, status, bytes_, forget_before=at - KEPT_REQUESTS)

    def spend(self, at: datetime, dataset: str, limits: Iterable[tuple[datetime, datetime, int]]) -> bool:
        """Log one keyed request that is about to be sent, unless that exceeds a limit; whether it may be sent.

        limits: the times between which keyed requests are counted, and how many there may be. Counting and logging are one
        step, whatever other processes do.
        """
        with self._database.write() as connection:
            for since, until, most in limits:
                if sum(sent <= until for sent in journal.requests(connection, since, keyed=True)) >= most:
                    return False
            journal.log_request(connection, at, dataset, True, 0, 0, forget_before=at - KEPT_REQUESTS)
            return True

    def requests(self, since: datetime, keyed: bool | None = None) -> tuple[datetime, ...]:
        """When requests were sent, by whatever process, from a time on, oldest first; keyed ones, others, or both."""
        with self._database.read() as connection:
            return journal.requests(connection, since, keyed)

    def get(self, key: str) -> str | None:
        """A note kept under a key."""
        with self._database.read() as connection:
            return journal.get(connection, key)

    def set(self, key: str, value: str | None) -> None:
        """Keep a note under a key, None: forget it. Raises ValueError for the keys of the cache itself."""
        if key in journal.RESERVED:
            raise ValueError(f"{key} is the cache's own")
        with self._database.write() as connection:
            journal.put(connection, key, value)

    def revision(self) -> int:
        """A number that grows whenever a process changes what this file shows.

        That is listings with their `as_of`, models and hosts with the time they were seen, prices and providers; not
        ETags, requests, notes and leases.
        """
        with self._database.read() as connection:
            return journal.count(connection, journal.REVISION, self._database.generation)

    def mend(self, day: date) -> str | None:
        """Put right what has happened to the file since it was opened; a sentence about it, None where nothing has.

        A damaged file is set aside as `NAME.damaged-DATE` (of `day`), and a new one begun with what could be read of it.
        A file that has vanished is written anew; where another has taken its place, that one is filled up with what this
        one held, and used. Raises CacheError.
        """
        database = self._database
        if database.path is None or (not database.damaged and identity(database.path) == database.identity):
            return None
        from orwatch.store.mending import mend

        return mend(database, self._claimed, day)

    def detach(self) -> str | None:
        """Go on in memory with what the file holds, as it cannot be written to; a sentence about it."""
        from orwatch.store.mending import detach

        return detach(self._database)

    def stamp(self) -> tuple[int, int]:
        """Differs after every write to the file, whatever it changed and whoever made it: cheap enough to ask each second."""
        return self._database.stamp()

    def size(self) -> int:
        """Bytes on disk, those of the write-ahead log included."""
        return self._database.size()

    def acquire_lease(
        self, name: str, holder: str, now: datetime, ttl: float, may_run: Callable[[str], bool] | None = None
    ) -> bool:
        """Take or renew a lease for `ttl` seconds: False while another holder has it.

        may_run: whether a holder's process may still run; the lease of one that does not is over.
        """
        with self._database.write() as connection:
            return Lease(name, holder).acquire(connection, now, ttl, may_run)

    def renew_lease(self, name: str, holder: str, now: datetime, ttl: float) -> bool:
        """Hold on to a lease for `ttl` seconds from now: False where it was lost."""
        with self._database.write() as connection:
            return Lease(name, holder).renew(connection, now, ttl)

    def lease_held(self, name: str, now: datetime) -> bool:
        """Whether anybody holds a lease."""
        with self._database.read() as connection:
            return Lease(name, "").held(connection, now)

    def release_lease(self, name: str, holder: str) -> None:
        """Give a lease back, so that another holder need not wait for its end."""
        with self._database.write() as connection:
            Lease(name, holder).release(connection)
