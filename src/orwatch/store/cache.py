"""The cache: what one origin has shown so far. Nothing outside this package knows that it is SQLite."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from orwatch.domain.alerts.listings import FirstDay
from orwatch.domain.benchmarks import Benchmarks
from orwatch.domain.catalogue import CatalogueModel, ObservedDiscount, ObservedPrice, Provider, Sighting
from orwatch.domain.hosts import Host, with_discounts
from orwatch.domain.records import Grain, Listing, Period
from orwatch.errors import CacheError
from orwatch.store import benchmarks, catalogue, hosts, journal, rankings
from orwatch.store.database import BUSY_TIMEOUT, Database, identity
from orwatch.store.lease import Lease
from orwatch.store.ledger import Ledger
from orwatch.store.rankings import Change
from orwatch.store.values import epoch

__all__ = ["Cache", "Change"]

KEPT_REQUESTS: Final = timedelta(days=7)
"""How far back the log of requests goes."""


class Cache:
    """The cache of one origin, in a file that several processes may share, or in memory.

    path: the file, None in memory. origin: where its figures come from. Every method raises CacheError where the file
    cannot be read or written; what it held before is then kept. Times must have a zone, and are kept to the second.
    Threads may share a Cache; their calls take turns. ledger: its alerts.
    """

    def __init__(self, database: Database, origin: str) -> None:
        """Take over an open database. Raises CacheError where it belongs to another origin."""
        self.origin = origin
        self._database = database
        self.ledger = Ledger(database)
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

    def put_models(self, models: Iterable[CatalogueModel], observed_at: datetime) -> int:
        """Store a whole catalogue, and return how many models it gave another price than they had.

        Models that it lacks are kept and are no longer present. The first price of a model is recorded and is no
        change. Of an id given twice the last entry counts. An empty catalogue changes nothing. Benchmarks that were not
        read (None) stay as they were. Where the clock was set back, a change is recorded one second after the price it
        replaces, so that the order holds.
        """
        offered = list({model.id: model for model in models}.values())
        if not offered:
            return 0
        with self._database.write() as connection:
            changes = catalogue.put_models(connection, offered, observed_at)
            journal.bump(connection)
        return changes

    def models(self, present_only: bool = False) -> tuple[CatalogueModel, ...]:
        """Every model ever seen, by id, those of the newest catalogue first; or only those."""
        with self._database.read() as connection:
            return catalogue.read_models(connection, present_only)

    def listed_ids(self) -> frozenset[str]:
        """The ids of the newest catalogue."""
        with self._database.read() as connection:
            return catalogue.read_listed_ids(connection)

    def models_at(self, until: datetime) -> tuple[tuple[CatalogueModel, ...], datetime | None]:
        """The newest catalogue seen before a midnight (UTC), by id, and when that was: nothing and None where none was.

        At the prices observed by then; conditional prices and discounts of then are not kept, the rest is as last seen.
        """
        with self._database.read() as connection:
            return catalogue.read_models_at(connection, until)

    def models_first_seen(self) -> datetime | None:
        """When a catalogue was first observed; None where none was."""
        with self._database.read() as connection:
            return catalogue.first_seen(connection)

    def benchmarks(self, model_id: str) -> Benchmarks:
        """What the newest catalogue repeats of a model's benchmarks; empty where it has none."""
        with self._database.read() as connection:
            return benchmarks.read(connection, model_id)

    def models_seen_at(self) -> datetime | None:
        """When the newest catalogue was observed; None where there is none."""
        with self._database.read() as connection:
            return catalogue.models_seen_at(connection)

    def prices(self, id: str | None = None, since: datetime | None = None) -> tuple[ObservedPrice, ...]:  # noqa: A002
        """The prices observed, of one id or of all, oldest first. since: leaves out those observed before."""
        with self._database.read() as connection:
            return catalogue.read_prices(connection, id, since)

    def sightings(self) -> dict[str, Sighting]:
        """When each model was listed, by id."""
        with self._database.read() as connection:
            return catalogue.read_sightings(connection)

    def discounts(self) -> tuple[ObservedDiscount, ...]:
        """Every change of a discount that the catalogue or the hosts of a model told, oldest first."""
        with self._database.read() as connection:
            return catalogue.read_discounts(connection)

    def put_providers(self, providers: Iterable[Provider], observed_at: datetime) -> int:
        """Store providers, and return how many are new or differ. Those that are not given are kept."""
        offered = list({provider.slug: provider for provider in providers}.values())
        if not offered:
            return 0
        with self._database.write() as connection:
            changes = catalogue.put_providers(connection, offered, observed_at)
            journal.bump(connection)
        return changes

    def providers(self) -> tuple[Provider, ...]:
        """Every provider ever seen, by slug."""
        with self._database.read() as connection:
            return catalogue.read_providers(connection)

    def put_hosts(self, model_id: str, offered: Iterable[Host], observed_at: datetime) -> bool:
        """Store the hosts of a model, in place of those it had, and say whether that is news: other hosts, or the first.

        An empty list changes nothing where hosts were seen; where none were, it is kept that there are none. The later
        put stands, as the clock may have been set back. A discount that they tell of the model's price is recorded.
        """
        listed = tuple(offered)
        with self._database.write() as connection:
            stored, news = hosts.put(connection, model_id, listed, observed_at)
            if stored:
                pricing = catalogue.read_pricing(connection, model_id)
                if pricing is not None:
                    told = with_discounts(pricing, listed).discount
                    catalogue.put_discounts(connection, {model_id: told}, epoch(observed_at))
                journal.bump(connection)
        return news

    def hosts(self, model_id: str) -> tuple[Host, ...]:
        """The hosts of a model as last seen, in the source's order."""
        with self._database.read() as connection:
            return hosts.read(connection, model_id)

    def all_hosts(self, until: datetime | None = None) -> dict[str, tuple[Host, ...]]:
        """The hosts of every model that has some, by its id. until: leaves out those that were seen only later."""
        with self._database.read() as connection:
            return hosts.read_all(connection, until)

    def hosts_seen_at(self, model_id: str) -> datetime | None:
        """When the hosts of a model (or that it has none) were last observed; None where they never were."""
        with self._database.read() as connection:
            return hosts.seen_at(connection, model_id)

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
