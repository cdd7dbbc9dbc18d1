"""What a dataset is: when it is asked for, how, and where the answer is kept."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime, timedelta
from typing import TypeVar

from msgspec import Struct

from orwatch.api.client import Answer, Client
from orwatch.api.rankings import RankingsAnswer
from orwatch.core.coordination import FAILED
from orwatch.core.source import Source
from orwatch.domain.periods import Period
from orwatch.domain.records import Listing
from orwatch.errors import AnswerError, OrwatchError
from orwatch.store.cache import Cache
from orwatch.threads import aside

BELIEVED = timedelta(days=1)
"""Figures dated further than this after the server's own clock are refused: they would outrank every later answer."""

T = TypeVar("T")


class Dataset(Struct, frozen=True):
    """A dataset of the API, and how a refresh brings it up to date.

    keyed: True: asked for where there is a key; False: where there is none; None: in both cases, as it needs none.
    every: how old it may be before it is asked for again; None: `fetch` decides. fetch: asks for what is due and puts
    it into the cache; a SourceError that it raises ends its refresh.
    share: None: one of those without which a poll has failed. Else it stands beside them, with so many keyed requests a day
    of its own: what it fails of is told, and it waits for its own next try.
    """

    name: str
    keyed: bool | None
    every: timedelta | None
    fetch: Callable[[DatasetRefresh], Awaitable[None]]
    share: int | None = None

    @property
    def beside(self) -> bool:
        """Whether the rankings do without it."""
        return self.share is not None


class DatasetReport(Struct, frozen=True):
    """What one dataset's refresh did. not_modified: answers whose ETag still held. bytes: of bodies, decompressed."""

    dataset: str
    requests: int = 0
    not_modified: int = 0
    bytes: int = 0
    rows_new: int = 0
    rows_restated: int = 0
    error: str | None = None


class DatasetRefresh:
    """The refresh of one dataset: what it asks with, where it keeps the answers, and the count of what came.

    renew: called with each answer, so that the lease of the poll holds on. force: the rankings are asked for even if they were a
    moment ago.
    """

    def __init__(
        self, dataset: Dataset, source: Source, client: Client, renew: Callable[[], None], *, force: bool
    ) -> None:
        self.dataset = dataset
        self.source = source
        self.coordination = source.coordination
        self.cache = source.cache
        self.client = client
        self.force = force
        self.not_modified = 0
        self.new = 0
        self.restated = 0
        self._renew = renew
        self._lost = 0
        self._spoiled: list[Period] = []
        self._requests, self._bytes = client.requests_made, client.bytes_received
        client.before_keyed = lambda: self.coordination.spend(dataset.name, dataset.share)
        client.after_any = self._log

    @property
    def now(self) -> datetime:
        """The server's time."""
        return self.coordination.server_now

    @property
    def requests(self) -> int:
        """Requests of this dataset so far."""
        return self.client.requests_made - self._requests

    def is_due(self, name: str, every: timedelta) -> bool:
        """Whether what was noted under a name by `note_asked` is as old as this; so is a time that lies as far ahead."""
        asked = self.coordination.number(f"asked:{name}")
        return asked is None or abs(self.now.timestamp() - asked) >= every.total_seconds()

    def note_asked(self, name: str | None = None, at: datetime | None = None) -> None:
        """Note that something was asked for, the dataset unless it is named; now, unless at another time of the server's."""
        self.cache.journal.set(f"asked:{name or self.dataset.name}", str((at or self.now).timestamp()))

    def note_failure(self, failure: OrwatchError | None) -> None:
        """Note why and when a dataset beside the rankings failed; None: it did not."""
        name, journal = self.dataset.name, self.cache.journal
        if failure is not None:
            self.note_asked(f"failed:{name}")
        if failure is not None or journal.get(f"{FAILED}{name}") is not None:
            journal.set(f"{FAILED}{name}", None if failure is None else str(failure))

    def may_retry(self, after: timedelta) -> bool:
        """Whether its last failure, if it was the last that happened, is as old as this."""
        name = self.dataset.name
        return self.cache.journal.get(f"{FAILED}{name}") is None or self.is_due(f"failed:{name}", after)

    def answered(self, answer: Answer | None = None, as_of: datetime | None = None) -> None:
        """To be called with each answer before it is kept. Its time tells the server's clock.

        as_of: of its figures. Raises AnswerError for those of a time that cannot be, and of a server whose clock has just leapt.
        """
        if answer is not None:
            self.coordination.keep_server_time(answer.date)
        self._renew()
        if answer is not None and as_of is not None:
            self.coordination.check_time(answer.date)
            believe(as_of, answer.date)

    async def put_listings(self, listings: Iterable[Listing]) -> None:
        """Keep listings, and count what they change."""
        present = max(self.now, self.coordination.machine())
        self.count(*await aside(self.cache.rankings.put, listings, present))

    async def put_snapshot(self, record: Struct, of: str, as_of: datetime, rows: int) -> None:
        """Keep a record of the wider market, of so many rows, and count them where it is new or changed."""
        new, restated = await aside(self.cache.snapshots.put, record, of, as_of)
        self.count(new * rows, restated * rows)

    def count(self, new: int, restated: int) -> None:
        """Add rows that an answer brought, and those that it changed."""
        self.new += new
        self.restated += restated

    def note_unread(self, found: RankingsAnswer) -> None:
        """Add what of an answer could not be read."""
        self.note_lost(found.lost)
        self._spoiled += found.spoiled

    def note_lost(self, rows: int) -> None:
        """Add rows that could not be read, or are of a kind that nobody knows yet."""
        self._lost += rows

    def unread(self) -> AnswerError | None:
        """A sentence about what could not be read; what the cache held of it stands."""
        if self._spoiled:
            first = min(self._spoiled)
            rest = f" and {len(self._spoiled) - 1} more" if len(self._spoiled) > 1 else ""
            return AnswerError(
                f"Rows of the {first.grain} of {first.start}{rest} could not be read; what the cache held of it stands."
            )
        if self._lost:
            what = self.dataset.name if self.dataset.beside else "rankings"
            rows = "1 row of the {} was" if self._lost == 1 else f"{self._lost} rows of the {{}} were"
            return AnswerError(f"{rows.format(what)} not understood and left out.")
        return None

    def report(self, error: str | None) -> DatasetReport:
        received = self.client.bytes_received - self._bytes
        return DatasetReport(
            self.dataset.name, self.requests, self.not_modified, received, self.new, self.restated, error
        )

    def _log(self, keyed: bool, status: int, size: int) -> None:
        if not keyed:  # those that need the key are logged before they are sent
            self.coordination.log_request(self.dataset.name, keyed=False, status=status, size=size)


def whole_list(
    path: str,
    fetch: Callable[[Client, str | None], Awaitable[tuple[tuple[T, ...] | None, Answer]]],
    put: Callable[[Cache, tuple[T, ...] | None, datetime], tuple[int, int]],
) -> Callable[[DatasetRefresh], Awaitable[None]]:
    """The `fetch` of a dataset that is one list, asked for again by its ETag.

    fetch: of the API; None where the ETag still holds. put: into the cache, with when it was seen (None: as it was); gives the
    rows that are new, and those with another value.
    """

    async def fetch_whole(refresh: DatasetRefresh) -> None:
        listed, answer = await fetch(refresh.client, refresh.cache.journal.etag(path))
        refresh.answered(answer)
        if not refresh.coordination.believes(answer.date):
            return  # it is asked for again with the next poll
        seen = answer.date or refresh.now
        refresh.count(*await aside(put, refresh.cache, listed, seen))
        if listed is None:
            refresh.not_modified += 1
        else:
            refresh.cache.journal.put_etag(path, answer.etag, seen)
        refresh.note_asked(at=seen)

    return fetch_whole


def believe(as_of: datetime, server_time: datetime | None) -> None:
    """Raise AnswerError for figures that are dated more than a day after the server's own clock."""
    if server_time is not None and as_of > server_time + BELIEVED:
        raise AnswerError(f"The source dates its figures {as_of:%Y-%m-%d}, in the future; nothing is kept, try later.")
