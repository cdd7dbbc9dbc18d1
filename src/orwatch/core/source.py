"""Where the figures come from: OpenRouter or the demo, with its cache, its key and its pace."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Self

from orwatch.api.budget import MINUTE, Budget
from orwatch.api.origin import check_base_url, origin_of
from orwatch.config import Settings, key_for
from orwatch.domain.alerts.freshness import Freshness
from orwatch.domain.vendors import Attribution
from orwatch.errors import BudgetSpentError
from orwatch.store.cache import Cache
from orwatch.store.opening import open_cache

if TYPE_CHECKING:
    from orwatch.api.client import Client
    from orwatch.core.views import Market
    from orwatch.demo.clock import DemoClock

KEYLESS_INTERVAL = 900.0
"""Seconds between looks at the exports' manifest, which changes once a day, unless the user sets another interval."""

COARSE_REQUESTS = 48
"""Keyed requests of a day for weeks and months, hourly each; the rest of the budget is for days."""

DEMO_INTERVAL = 0.5
DEMO_WEEKS_PER_SECOND = 0.25
WEEK = 7 * 86_400.0
CLOCK_SLACK = timedelta(seconds=60)
"""How far ahead of now a request may seem to have been sent, by a clock that was corrected since."""
MIDNIGHT_SLACK = timedelta(seconds=1)
"""Requests so near to midnight count for both days: the server counts by its own clock, and when they arrive."""
MOST_SECONDS = 7e9
"""Seconds since 1970 up to 2191: no moment that is kept lies beyond."""
BELIEVED_YEARS = range(2015, 2200)
"""Outside these years a date is an error of the source, and reckoning from it could leave the calendar."""


@dataclass(frozen=True, slots=True)
class DemoOptions:
    """How the demo is played. at: where its clock starts. speed: weeks per second. replay: it runs; else it stands at the end."""

    at: date | None = None
    speed: float | None = None
    replay: bool = False


def utc_now() -> datetime:
    """The machine's clock, to schedule polls and measure ages with; never to decide what a figure means."""
    return datetime.now(UTC)


class Source:
    """One origin: its address, key, cache and pace. kind: "openrouter" or "demo".

    interval: seconds between polls. machine: the machine's clock. notices: sentences about the cache that nobody has been
    told yet. Notes of the last poll are kept in the cache, so that every
    orwatch process on it knows them.
    """

    def __init__(
        self,
        settings: Settings,
        cache: Cache,
        base_url: str,
        key: str | None,
        *,
        demo_clock: DemoClock | None = None,
        machine: Callable[[], datetime] = utc_now,
    ) -> None:
        self.kind = "demo" if demo_clock else "openrouter"
        self.settings = settings
        self.cache = cache
        self.base_url = base_url
        self.origin = origin_of(base_url)
        self.demo_clock = demo_clock
        self.machine = machine
        self.notices: list[str] = []
        self.budget = Budget() if demo_clock is None else Budget(10**9, 10**9)
        self._key = key
        self.interval = float(settings.poll_interval)
        if demo_clock is not None:
            self.interval = DEMO_INTERVAL
        elif key is None and settings.came_from.get("poll.interval", "default") == "default":
            self.interval = KEYLESS_INTERVAL

    @property
    def shortest_interval(self) -> float:
        """Seconds between polls that the day's budget of keyed requests allows; a minute where no key is used."""
        if not self.has_key or self.demo_clock is not None:
            return 60.0
        return 86_400.0 / (self.budget.per_day - COARSE_REQUESTS)

    @property
    def has_key(self) -> bool:
        """Whether the keyed record can be asked for."""
        return self._key is not None

    def client(self) -> Client:
        """A new client for this origin. Imported here: the commands that only read the cache do without it."""
        from orwatch.api.client import Client

        if self.demo_clock is None:
            return Client(self.base_url, self._key)
        from orwatch.demo.transport import transport

        return Client(self.base_url, self._key, transport=transport(self.demo_clock))

    def market(self) -> Market:
        """The cache as a market, with the user's own countries, alert rules and favourites."""
        from orwatch.core.views import Market

        settings = self.settings
        attribution = Attribution(settings.vendors)
        return Market(self.cache, attribution, self.kind, rules=settings.alerts, favourites=settings.favourites)

    def mend(self) -> None:
        """Puts right what has happened to the cache's file since it was opened; `notices` says what. Raises CacheError."""
        self._notice(self.cache.mend(self.machine().date()))

    def detach(self) -> None:
        """Goes on in memory, as the cache's file cannot be written to; `notices` says so. Raises CacheError."""
        self._notice(self.cache.detach())

    def _notice(self, sentence: str | None) -> None:
        if sentence is not None:
            self.notices.append(sentence)

    def take_notices(self) -> list[str]:
        """What is to be told now; it is told once."""
        told, self.notices = self.notices, []
        return told

    def number(self, key: str) -> float | None:
        """A number kept under a name; None where there is none, or where it is damaged."""
        try:
            found = float(self.cache.get(key) or "nan")
        except ValueError:
            return None
        return found if abs(found) < MOST_SECONDS else None

    def _moment(self, key: str) -> datetime | None:
        seconds = self.number(key)
        return None if seconds is None else datetime.fromtimestamp(seconds, UTC)

    def note_moment(self, key: str, moment: datetime | None) -> None:
        """Keeps a time under a name."""
        self.cache.set(key, None if moment is None else str(moment.timestamp()))

    @property
    def last_success(self) -> datetime | None:
        """When a poll last succeeded, by the machine's clock."""
        return self._moment("last_success")

    @property
    def last_try(self) -> datetime | None:
        """When a poll was last tried, by the machine's clock."""
        return self._moment("last_try")

    @property
    def last_error(self) -> str | None:
        """Why the last poll failed; None where it did not."""
        return self.cache.get("last_error")

    @property
    def server_now(self) -> datetime:
        """The server's time, as far as its last answer told: the machine's clock may be wrong."""
        return self.machine() + timedelta(seconds=self.number("clock_offset") or 0.0)

    @property
    def freshness(self) -> Freshness:
        """How fresh the cache is: what the rule `stale` judges."""
        return Freshness(self.machine(), self.last_success, self.server_now, self.cache.newest_as_of())

    def keep_server_time(self, date_header: datetime | None) -> None:
        """Notes how far the machine's clock is from the server's; a server of another age is not believed."""
        if date_header is not None and date_header.year in BELIEVED_YEARS:
            self.cache.set("clock_offset", f"{(date_header - self.machine()).total_seconds():.0f}")

    def log_request(self, dataset: str, *, keyed: bool, status: int, size: int) -> None:
        """Logs a request at the server's time, by which the budget's day begins and ends. size: bytes of its body."""
        self.cache.log_request(self.server_now, dataset, keyed, status, size)

    def keyed_requests_today(self) -> int:
        """Keyed requests of this UTC day, of every orwatch process on this cache."""
        return len(self._keyed_requests(*self._day(self.server_now)))

    def budget_wait(self) -> float:
        """Seconds before the next keyed request may go out."""
        now = self.server_now
        recent = self._keyed_requests(now - timedelta(seconds=MINUTE), now + CLOCK_SLACK)
        age = (now - recent[0]).total_seconds() if recent else 0.0
        midnight = datetime.combine((now - MIDNIGHT_SLACK).date() + timedelta(days=1), time(), UTC)
        return self.budget.wait(len(recent), self.keyed_requests_today(), age, (midnight - now).total_seconds())

    def spend(self, dataset: str) -> None:
        """Logs a keyed request that is about to be sent; raises BudgetSpentError where it must not be.

        Logged before it is sent: a request that fails on the way back has counted against the budget all the same.
        """
        now = self.server_now
        minute = (now - timedelta(seconds=MINUTE), now + CLOCK_SLACK, self.budget.per_minute)
        wait = self.budget_wait()
        if wait <= 0:
            if self.cache.spend(now, dataset, [minute, (*self._day(now), self.budget.per_day)]):
                return
            wait = max(self.budget_wait(), 1.0)  # another process was quicker
        raise BudgetSpentError(
            f"The budget of keyed requests ({self.budget.per_minute} a minute, {self.budget.per_day} a day) "
            "is used up; orwatch waits and asks again.",
            wait,
        )

    def _day(self, now: datetime) -> tuple[datetime, datetime]:
        """Between which times a request counts for this UTC day.

        One of the next hours was sent while the clock was ahead, and counts; one logged further ahead would count for ever.
        """
        begin = datetime.combine((now - MIDNIGHT_SLACK).date(), time(), UTC)
        return begin - MIDNIGHT_SLACK, begin + timedelta(days=2)

    def _keyed_requests(self, since: datetime, until: datetime) -> list[datetime]:
        return [at for at in self.cache.requests(since, keyed=True) if at <= until]

    @property
    def failures(self) -> int:
        """Polls in a row that failed, of whichever process."""
        return int(self.number("failures") or 0)

    def note_failure(self, failures: int, retry_in: float) -> None:
        """Keeps how often polls have failed in a row, and in how many seconds the next may come; 0: the last one did not."""
        if failures or self.failures:
            self.cache.set("failures", str(failures) if failures else None)
            self._begin_wait("retry", retry_in)

    def retry_in(self) -> float | None:
        """Seconds until a poll that failed is to be tried again, by any process; None where the last one did not fail."""
        return self._left("retry") if self.failures else None

    def hold(self, seconds: float) -> None:
        """Keeps that the server asked to be left alone."""
        self._begin_wait("hold", seconds)

    def held(self) -> float:
        """Seconds for which the server asked to be left alone."""
        return self._left("hold")

    def _begin_wait(self, name: str, seconds: float) -> None:
        self.note_moment(f"{name}_since", self.machine())
        self.cache.set(f"{name}_for", f"{seconds:.3f}")

    def _left(self, name: str) -> float:
        """What is left of a wait; a clock that was set back ends it."""
        since, seconds = self._moment(f"{name}_since"), self.number(f"{name}_for")
        passed = (self.machine() - since).total_seconds() if since is not None else -1.0
        return max(0.0, seconds - passed) if seconds is not None and passed >= 0 else 0.0

    def close(self) -> None:
        """Closes the cache."""
        self.cache.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def default_cache_path(origin: str) -> Path | None:
    """The cache file of an origin, in the platform's cache folder: figures of different origins never mix.

    None where the user has no home folder.
    """
    from platformdirs import user_cache_path

    name = "".join(char if char.isalnum() or char in ".-" else "-" for char in origin.partition("://")[2])
    try:
        return user_cache_path("orwatch") / f"{name}.sqlite3"
    except RuntimeError:
        return None


def open_source(settings: Settings, *, demo: DemoOptions | None = None) -> Source:
    """Opens the source that the settings name, or the demo in memory. Raises UsageError and CacheError."""
    if demo is not None:
        return _open_demo(settings, demo)
    base_url = check_base_url(settings.base_url, None)
    key = key_for(origin_of(base_url))
    check_base_url(base_url, key[0] if key else None)
    path = settings.cache or default_cache_path(origin_of(base_url))
    cache, notice = open_cache(path, origin_of(base_url), own=settings.cache is None, day=utc_now().date())
    source = Source(settings, cache, base_url, key[0] if key else None)
    source._notice(notice)
    return source


def _open_demo(settings: Settings, demo: DemoOptions) -> Source:
    from orwatch.demo import DEMO_BASE_URL, DEMO_END, DEMO_KEY, DEMO_START
    from orwatch.demo.clock import DemoClock

    start, speed = DEMO_END, 0.0
    if demo.replay:
        start = DEMO_START if demo.at is None else datetime.combine(demo.at, time(2), UTC)
        speed = (DEMO_WEEKS_PER_SECOND if demo.speed is None else demo.speed) * WEEK
    clock = DemoClock(min(max(start, DEMO_START), DEMO_END), speed)
    return Source(settings, Cache.open(None, origin_of(DEMO_BASE_URL)), DEMO_BASE_URL, DEMO_KEY, demo_clock=clock)
