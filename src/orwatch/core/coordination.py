"""What all processes on a cache share: the notes of the last poll, the budget of requests, and the waits after failures."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Final

from msgspec import Struct

from orwatch.domain.periods import FIRST_YEAR, LAST_YEAR
from orwatch.errors import AnswerError, BudgetSpentError, KeyRefusedError, OrwatchError, RateLimitError, SourceError
from orwatch.store.cache import Cache
from orwatch.store.recovery import detach, mend

MINUTE = 60.0
MARGIN = 1.0
"""Seconds more than reckoned: the server counts from when a request arrived, and by its own clock."""
CLOCK_SLACK = timedelta(seconds=60)
"""How far ahead of now a request may seem to have been sent, by a clock that was corrected since."""
LEAP = timedelta(days=1)
"""How far the source's time may run ahead of the machine's from one poll to the next."""
LEAPT = "server_leapt"
"""The note of when the server's clock first was a day ahead of what it had told."""
ERRS_FOR = timedelta(minutes=4)
"""How long a server's clock may err: less than polls are apart."""
MIDNIGHT_SLACK = timedelta(seconds=1)
"""Requests so near to midnight count for both days: the server counts by its own clock, and when they arrive."""
FAILED = "error:"
"""What the notes begin with of the sentences that datasets beside the rankings failed with."""
MOST_SECONDS = 7e9
"""Seconds since 1970 up to 2191: no moment that is kept lies beyond."""


FIRST_RETRY: Final = 15.0
LAST_RETRY: Final = 600.0
LONGEST_WAIT: Final = 3600.0
JITTER: Final = 0.25
"""The part of a pause that chance takes off it: machines that failed together do not come back together."""
LATER: Final = 0.1
"""The part of the wait a server asked for that chance adds to it."""


def backoff(failures: int, error: OrwatchError | None, chance: float = 0.0) -> float:
    """Seconds to the next try: what the server asked for, else doubling from a quarter of a minute to ten minutes.

    failures: in a row, from 1. chance: from 0 to 1; up to a quarter is taken off a pause of orwatch's own, and up to a
    tenth added to what the server asked for. At most an hour: where the day's budget is used up, what needs no key is
    still asked for.
    """
    if isinstance(error, SourceError) and error.retry_after is not None:
        return min(max(error.retry_after, 1.0) * (1 + LATER * chance), LONGEST_WAIT)
    return min(FIRST_RETRY * float(1 << min(max(failures - 1, 0), 10)), LAST_RETRY) * (1 - JITTER * chance)


class Budget(Struct, frozen=True):
    """How many keyed requests may go out in any 60 seconds (per key) and in one UTC day (per account), all processes together.

    kept_per_minute: of those of a minute, how many are for the rankings alone. any_per_minute: requests of any kind with which
    a poll may still begin; no limit of those without a key is documented; this one holds off a held key `r`.
    """

    per_minute: int = 30
    per_day: int = 500
    kept_per_minute: int = 6
    any_per_minute: int = 120

    def wait(self, minute_count: int, day_count: int, oldest_in_minute_age: float, seconds_to_midnight: float) -> float:
        """Seconds to wait before the next keyed request may go out; 0 where it may go now.

        minute_count: requests of the last 60 seconds. day_count: of this UTC day. oldest_in_minute_age: seconds since
        the first of the last 60. seconds_to_midnight: until the day's count begins anew (UTC).
        """
        waits = [0.0]
        if minute_count >= self.per_minute:
            waits.append(MINUTE - max(oldest_in_minute_age, 0.0) + MARGIN)
        if day_count >= self.per_day:
            waits.append(seconds_to_midnight + MARGIN)
        return max(waits)


class Coordination:
    """The notes that are kept in the cache, so that every orwatch process on it knows them.

    machine: the machine's clock. budget: of keyed requests. notices: sentences about the cache that nobody has been told yet.
    unkept: whether the cache is in memory though it was meant to be a file: what comes is lost at the end.
    """

    def __init__(self, cache: Cache, machine: Callable[[], datetime], budget: Budget) -> None:
        self.cache = cache
        self.machine = machine
        self.budget = budget
        self.notices: list[str] = []
        self.unkept = False

    def mend(self) -> None:
        """Puts right what has happened to the cache's file since it was opened; `notices` says what. Raises CacheError."""
        self.notice(mend(self.cache, self.machine().date()))

    def detach(self) -> None:
        """Goes on in memory, as the cache's file cannot be written to; `notices` says so. Raises CacheError."""
        sentence = detach(self.cache)
        self.unkept = self.unkept or sentence is not None
        self.notice(sentence)

    def notice(self, sentence: str | None) -> None:
        """Keeps a sentence until it is told; None: there is nothing to tell."""
        if sentence is not None:
            self.notices.append(sentence)

    def take_notices(self) -> list[str]:
        """What is to be told now; it is told once."""
        told, self.notices = self.notices, []
        return told

    def number(self, key: str) -> float | None:
        """A number kept under a name; None where there is none, or where it is damaged."""
        try:
            found = float(self.cache.journal.get(key) or "nan")
        except ValueError:
            return None
        return found if abs(found) < MOST_SECONDS else None

    def _moment(self, key: str) -> datetime | None:
        seconds = self.number(key)
        return None if seconds is None else datetime.fromtimestamp(seconds, UTC)

    def note_moment(self, key: str, moment: datetime | None) -> None:
        """Keeps a time under a name."""
        self.cache.journal.set(key, None if moment is None else str(moment.timestamp()))

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
        return self.cache.journal.get("last_error")

    @property
    def server_now(self) -> datetime:
        """The server's time, as far as its last answer told: the machine's clock may be wrong."""
        return self.machine() + timedelta(seconds=self.number("clock_offset") or 0.0)

    def keep_server_time(self, date_header: datetime | None) -> None:
        """Notes how far the machine's clock is from the server's; a server of another age is not believed."""
        if date_header is not None and FIRST_YEAR <= date_header.year <= LAST_YEAR:
            self.cache.journal.set("clock_offset", f"{(date_header - self.machine()).total_seconds():.0f}")

    def believes(self, server_time: datetime | None) -> bool:
        """Whether what a server answers at that time is to be kept: not where it has just leapt ahead by more than a day.

        For a moment a server may err; what it tells for longer is right, or this machine's clock was wrong. None: it tells no time.
        """
        if server_time is None:
            return True
        now, known, since = self.machine(), self.number("believed_offset"), self._moment(LEAPT)
        offset = (server_time - now).total_seconds()
        if known is not None and offset - known > LEAP.total_seconds():
            if since is None:
                self.note_moment(LEAPT, now)
            if since is None or abs(now - since) < ERRS_FOR:
                return False
        if since is not None:
            self.cache.journal.set(LEAPT, None)
        self.cache.journal.set("believed_offset", f"{offset:.0f}")
        return True

    def check_time(self, server_time: datetime | None) -> None:
        """Raises AnswerError for an answer that is not to be kept for its time."""
        if not self.believes(server_time):
            raise AnswerError("The server's clock is a day or more ahead of what it was; nothing is kept, try later.")

    def leaps(self, as_of: datetime) -> bool:
        """Whether the source's time is more than a day ahead of what it was, by this machine's clock: one of the two is wrong."""
        return as_of > self.machine() + timedelta(seconds=self.number("source_offset") or 0.0) + LEAP

    def keep_source_time(self, as_of: datetime) -> None:
        """Notes how far the time of figures that are believed is from the machine's clock."""
        self.cache.journal.set("source_offset", f"{(as_of - self.machine()).total_seconds():.0f}")

    def log_request(self, dataset: str, *, keyed: bool, status: int, size: int) -> None:
        """Logs a request at the server's time, by which the budget's day begins and ends. size: bytes of its body."""
        self.cache.journal.log_request(self.server_now, dataset, keyed, status, size)

    def keyed_requests_today(self) -> int:
        """Keyed requests of this UTC day, of every orwatch process on this cache."""
        return len(self.cache.journal.requests(*_day(self.server_now), keyed=True))

    def budget_wait(self) -> float:
        """Seconds before the next keyed request may go out."""
        now = self.server_now
        recent = self.cache.journal.requests(*_minute(now), keyed=True)
        age = (now - recent[0]).total_seconds() if recent else 0.0
        midnight = datetime.combine((now - MIDNIGHT_SLACK).date() + timedelta(days=1), time(), UTC)
        return self.budget.wait(len(recent), self.keyed_requests_today(), age, (midnight - now).total_seconds())

    def haste(self, host: str) -> BudgetSpentError | None:
        """What there is to say where the last minute had as many requests of any kind as it may; None where it had not."""
        now, most = self.server_now, self.budget.any_per_minute
        recent = self.cache.journal.requests(*_minute(now))
        if len(recent) < most:
            return None
        left = max(1.0, MINUTE - (now - recent[0]).total_seconds())
        return BudgetSpentError(f"orwatch has asked {host} {most} times within a minute; it waits.", left)

    def spend(self, dataset: str, share: int | None = None) -> None:
        """Logs a keyed request that is about to be sent; raises BudgetSpentError where it must not be.

        share: how many a day the dataset may have of the budget; None: as many as there are. Logged before it is sent: a request
        that fails on the way back has counted against the budget all the same.
        """
        now = self.server_now
        if share is not None:
            self._check_share(dataset, share, now)
        wait = self.budget_wait()
        if wait <= 0:
            limits = [(*_minute(now), self.budget.per_minute), (*_day(now), self.budget.per_day)]
            if self.cache.journal.spend(now, dataset, limits):
                return
            wait = max(self.budget_wait(), 1.0)  # another process was quicker
        raise BudgetSpentError(
            f"The budget of keyed requests ({self.budget.per_minute} a minute, {self.budget.per_day} a day) "
            "is used up; orwatch waits and asks again.",
            wait,
        )

    def _check_share(self, dataset: str, share: int, now: datetime) -> None:
        """Raises BudgetSpentError where a dataset with a share has had it, or where the minute's rest is for the rankings."""
        journal, budget = self.cache.journal, self.budget
        if len(journal.requests(*_day(now), keyed=True, dataset=dataset)) >= share:
            raise BudgetSpentError(f"The {share} requests a day for {dataset} are used up; the rest comes tomorrow.")
        if len(journal.requests(*_minute(now), keyed=True)) >= budget.per_minute - budget.kept_per_minute:
            raise BudgetSpentError(f"The rest of the minute's requests is for the rankings; {dataset} comes later.")

    @property
    def failures(self) -> int:
        """Polls in a row that failed, of whichever process."""
        return int(self.number("failures") or 0)

    def note_success(self) -> None:
        """Keeps that a poll succeeded: nothing is waited for any more."""
        self.cache.journal.set("last_error", None)
        self.cache.journal.set("failures", None)
        self.note_moment("last_success", self.machine())

    def note_failure(self, error: OrwatchError, chance: float) -> float:
        """Keeps that a poll failed, and why; the seconds after which the next may come. chance: as in `backoff`."""
        failures = self.failures + 1
        pause = backoff(failures, error, chance)
        self.cache.journal.set("last_error", str(error))
        self.cache.journal.set("failures", str(failures))
        self.cache.journal.set("refused", "1" if isinstance(error, KeyRefusedError) else None)
        self._begin_wait("retry", pause)
        return pause

    def retry_in(self) -> float | None:
        """Seconds until a poll that failed is to be tried again, by any process; None where the last one did not fail."""
        return self._left("retry") if self.failures else None

    def pausing(self) -> SourceError | None:
        """What there is to say while a poll that failed is not to be tried again yet; None where it may be.

        A refused key is no reason to wait: the next one may be right. Where no try is noted, as at the beginning, none has failed.
        """
        left, error = self.retry_in(), self.last_error
        if not left or error is None or self.last_try is None or self.cache.journal.get("refused") is not None:
            return None
        until = self.server_now + timedelta(seconds=left)
        return SourceError(f"{error} Nothing is asked before {until:%H:%M:%S}Z.")

    def hold(self, seconds: float) -> None:
        """Keeps that the server asked to be left alone."""
        self._begin_wait("hold", seconds)

    def asked_to_wait(self, host: str) -> RateLimitError | None:
        """What there is to say while the server wants to be left alone; None where it does not."""
        left = self._left("hold")
        if left <= 0:
            return None
        until = self.server_now + timedelta(seconds=left)
        return RateLimitError(f"{host} asked orwatch to wait; nothing is asked before {until:%H:%M}Z.", left)

    def _begin_wait(self, name: str, seconds: float) -> None:
        self.note_moment(f"{name}_since", self.machine())
        self.cache.journal.set(f"{name}_for", f"{seconds:.3f}")

    def _left(self, name: str) -> float:
        """What is left of a wait; a clock that was set back ends it."""
        since, seconds = self._moment(f"{name}_since"), self.number(f"{name}_for")
        passed = (self.machine() - since).total_seconds() if since is not None else -1.0
        return max(0.0, seconds - passed) if seconds is not None and passed >= 0 else 0.0


def _minute(now: datetime) -> tuple[datetime, datetime]:
    """Between which times a request counts for this minute."""
    return now - timedelta(seconds=MINUTE), now + CLOCK_SLACK


def _day(now: datetime) -> tuple[datetime, datetime]:
    """Between which times a request counts for this UTC day.

    One of the next hours was sent while the clock was ahead, and counts; one logged further ahead would count for ever.
    """
    begin = datetime.combine((now - MIDNIGHT_SLACK).date(), time(), UTC)
    return begin - MIDNIGHT_SLACK, begin + timedelta(days=2)
