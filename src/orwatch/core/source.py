"""Where the figures come from: OpenRouter or the demo, with its cache, its key and its pace."""

from __future__ import annotations

import os
import resource
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

from msgspec import Struct

from orwatch import archive
from orwatch.api.origin import check_base_url, origin_of
from orwatch.config import BASE_URL, Config, Settings, cache_folder, data_folder, key_for
from orwatch.core.coordination import Budget, Coordination
from orwatch.core.market import Market
from orwatch.demo import DEMO_BASE_URL, DEMO_END, DEMO_FIRST, DEMO_KEY, DEMO_START, NO_CATALOGUE
from orwatch.domain.alerts.rule import Freshness
from orwatch.domain.vendors import Attribution
from orwatch.errors import CacheError
from orwatch.present.terms import KEY_ADDS
from orwatch.store.cache import Cache
from orwatch.store.recovery import open_cache

if TYPE_CHECKING:
    from orwatch.api.client import Client
    from orwatch.demo.clock import DemoClock

KEYLESS_INTERVAL = 900.0
"""Seconds between looks at the exports' manifest, which changes once a day, unless the user sets another interval."""

COARSE_REQUESTS = 48
"""Keyed requests of a day for weeks and months, hourly each."""

RESTATED_REQUESTS = 12
"""Keyed requests that a day may need to ask for the whole record again; the rest of the budget is for days."""

DEMO_INTERVAL = 0.5
DEMO_WEEKS_PER_SECOND = 1 / 7
WEEK = 7 * 86_400.0

LAID: Final = "archive"
"""The note of when the figures of the archive were taken that lie under the record."""


class DemoOptions(Struct, frozen=True):
    """How the demo is played.

    at: where its clock starts. speed: weeks per second. replay: it runs once the start has been judged, or as soon as it is told
    to wait for nobody; else it stands at the end.
    """

    at: date | None = None
    speed: float | None = None
    replay: bool = False


def utc_now() -> datetime:
    """The machine's clock, to schedule polls and measure ages with; never to decide what a figure means."""
    return datetime.now(UTC)


class Source:
    """One origin: its address, key, cache and pace. kind: "openrouter" or "demo".

    interval: seconds between polls, as the user set it; None: the default. archived: whether the archive is to lie under the
    record. machine: the machine's clock. coordination: what it shares with other processes.
    """

    def __init__(
        self,
        settings: Settings,
        cache: Cache,
        base_url: str,
        key: str | None,
        *,
        interval: float | None = None,
        archived: bool = False,
        demo_clock: DemoClock | None = None,
        machine: Callable[[], datetime] = utc_now,
    ) -> None:
        self.cache = cache
        self.machine = machine
        self.coordination = Coordination(
            cache, machine, Budget() if demo_clock is None else Budget(10**9, 10**9, 10**9)
        )
        self.kind = "demo" if demo_clock else "openrouter"
        self.settings = settings
        self.archived = archived
        self.base_url = base_url
        self.origin = origin_of(base_url)
        self.demo_clock = demo_clock
        self._key = key
        self._inspected: date | None = None
        if demo_clock is not None:
            self.interval = DEMO_INTERVAL
        else:
            self.interval = interval or (KEYLESS_INTERVAL if key is None else float(settings.poll.interval))

    @property
    def shortest_interval(self) -> float:
        """Seconds between polls that the day's budget of keyed requests allows; a minute where no key is used."""
        if not self.has_key or self.demo_clock is not None:
            return 60.0
        return 86_400.0 / (self.coordination.budget.per_day - COARSE_REQUESTS - RESTATED_REQUESTS)

    def next_poll_s(self) -> float:
        """Seconds until the next poll is due by the cache's own notes: every process on it keeps to one pace.

        Where the last poll failed, in whatever process, that is the next try. The demo is polled as soon as it has more to tell.
        """
        if self.demo_clock is not None and (as_of := self.cache.rankings.newest_as_of()) is not None:
            return min(self.interval, self.demo_clock.until_change(as_of))
        last, retry = self.coordination.last_try, self.coordination.retry_in()
        if last is None:
            return 0.0
        passed = (self.machine() - last).total_seconds()
        if passed < 0:
            return 0.0
        return retry if retry is not None else max(0.0, self.interval - passed)

    @property
    def behind(self) -> bool:
        """Whether a demo's clock has passed a moment from which more is known than the cache has."""
        as_of = self.cache.rankings.newest_as_of()
        return self.demo_clock is not None and as_of is not None and self.demo_clock.until_change(as_of) <= 0

    @property
    def at_rest(self) -> bool:
        """Whether nothing new comes: a demo's clock stands, and the cache has all that is known at its present."""
        clock = self.demo_clock
        known = self.cache.rankings.newest_as_of() is not None
        return clock is not None and clock.stands and known and not self.behind

    @property
    def has_key(self) -> bool:
        """Whether the keyed record can be asked for."""
        return self._key is not None

    @property
    def more(self) -> str:
        """What a key would add to the record; empty where one is set, and where none is needed."""
        return "" if self.has_key or self.demo_clock is not None else KEY_ADDS

    def client(self) -> Client:
        """A new client for this origin."""
        # httpx takes as long as a whole command that only reads the cache.
        from orwatch.api.client import Client

        if self.demo_clock is None:
            return Client(self.base_url, self._key)
        from orwatch.demo.server import transport  # with httpx, and the archive

        return Client(self.base_url, self._key, transport=transport(self.demo_clock))

    def market(self) -> Market:
        """The cache as a market, with the user's own countries."""
        return Market(self.cache, Attribution(self.settings.vendors), self.kind, self.more, self.settings)

    @property
    def freshness(self) -> Freshness:
        """How fresh the cache is: what the rule `stale` judges."""
        shared = self.coordination
        return Freshness(self.machine(), shared.last_success, shared.server_now, self.cache.rankings.fetched_as_of())

    def inspect(self) -> None:
        """Look through the pages of the cache's file, at the first poll and once a day; `mend` acts on what is found."""
        if self._inspected != self.machine().date():
            self._inspected = self.machine().date()
            self.cache.database.inspect()

    def mend(self) -> None:
        """Puts right what has happened to the cache's file since it was opened; the notices say what. Raises CacheError."""
        self.coordination.mend()
        self.lay_archive()

    def lay_archive(self) -> None:
        """Has the archive under the record where it is wanted there, and takes it away where it is not.

        A cache that cannot be written to, or not now, stays as it is: the next start tries again.
        """
        with suppress(CacheError):
            lay(self.cache, wanted=self.archived)

    def close(self) -> None:
        self.cache.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def lay(cache: Cache, *, wanted: bool = True) -> None:
    """Lay the archive under a record that does not have it yet, or has an older one; where it is not wanted, take it away.

    Raises CacheError. Several processes may do it at once, and one may end in the middle: it is the same whoever does it, and how
    often.
    """
    taken = archive.AS_OF.isoformat() if wanted else None
    if cache.journal.get(LAID) != taken:
        with cache.database.write():
            cache.rankings.put([*archive.weeks(), *archive.days()]) if wanted else cache.rankings.lift()
            cache.journal.set(LAID, taken)


def default_cache(origin: str) -> tuple[Path | None, str | None]:
    """The cache file of an origin, in the platform's folder for data, and a sentence where it has moved there, or could not.

    Figures of different origins never mix. None where the user has no home folder.
    """
    name = "".join(char if char.isalnum() or char in ".-" else "-" for char in origin.partition("://")[2]) + ".sqlite3"
    folder, former = data_folder(), cache_folder()
    if folder is None:
        return None, None
    if former is None or not os.path.lexists(former / name):
        return folder / name, None
    from orwatch.store.move import settle  # once, but where the folder has a cache of an older orwatch

    return settle(former / name, folder / name, origin, utc_now().date())


def open_source(config: Config, *, demo: DemoOptions | None = None) -> Source:
    """Opens the source that the settings name, or the demo in memory. Raises UsageError and CacheError."""
    settings = config.settings
    if demo is not None:
        return _open_demo(settings, demo)
    base_url = check_base_url(settings.source.base_url, None)
    key = key_for(origin_of(base_url), os.environ)
    if key is not None:  # a core file would hold it
        resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    check_base_url(base_url, key[0] if key else None)
    path, moved = settings.source.cache, None
    if path is None:
        path, moved = default_cache(origin_of(base_url))
    cache, notice = open_cache(path, origin_of(base_url), own=settings.source.cache is None, day=utc_now().date())
    interval = None if config.is_default("poll.interval") else float(settings.poll.interval)
    # The archive has figures of OpenRouter; those of another origin may be any.
    archived = {"on": True, "off": False}.get(settings.source.archive, origin_of(base_url) == origin_of(BASE_URL))
    source = Source(settings, cache, base_url, key[0] if key else None, interval=interval, archived=archived)
    source.coordination.notice(moved)
    source.coordination.notice(notice)
    source.coordination.unkept = cache.path is None
    source.lay_archive()
    return source


def _open_demo(settings: Settings, demo: DemoOptions) -> Source:
    from orwatch.demo import clock, record  # with the archive's prices

    start, speed = DEMO_END, 0.0
    if demo.replay:
        start = DEMO_START if demo.at is None else datetime.combine(demo.at, time(2), UTC)
        speed = (DEMO_WEEKS_PER_SECOND if demo.speed is None else demo.speed) * WEEK
    changes = record.changes() if demo.replay else ()
    own = clock.DemoClock(min(max(start, DEMO_FIRST), DEMO_END), speed, changes=changes)
    own.wait()
    return demo_source(settings, own)


def demo_source(settings: Settings, clock: DemoClock) -> Source:
    """The demo at a clock, with an empty cache in memory."""
    cache = Cache.open(None, origin_of(DEMO_BASE_URL))
    cache.journal.put_etag("/models", NO_CATALOGUE, clock.now())
    return Source(settings, cache, DEMO_BASE_URL, DEMO_KEY, demo_clock=clock)
