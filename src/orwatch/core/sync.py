"""One refresh of the cache: what is due is asked for, checked and stored. Nothing newer is overwritten by anything older.

With a key: the whole record in its own grains, then only recent windows (restated days included). Without: the public exports.
The catalogue hourly, the providers daily, by ETag. Every orwatch process on a cache shares its pace and its budget.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import date, datetime, timedelta

from msgspec.structs import replace

from orwatch.api import catalogue, exports, rankings
from orwatch.api.client import Answer, Client
from orwatch.api.decode import Rankings
from orwatch.api.decode.values import day
from orwatch.api.origin import host_of
from orwatch.core.pace import backoff, chance
from orwatch.core.reports import DatasetReport, Report, Tally
from orwatch.core.source import Source
from orwatch.core.windows import asked, coarse_due, first_start, recent, window_end
from orwatch.domain.records import Grain, Listing, Period
from orwatch.errors import (
    AnswerError,
    BudgetSpentError,
    CacheError,
    DamagedCacheError,
    KeyMissingError,
    KeyRefusedError,
    NetworkError,
    OrwatchError,
    RateLimitError,
    UnwritableCacheError,
)
from orwatch.store.lease import may_run, new_holder

__all__ = ["DatasetReport", "Report", "refresh"]

CATALOGUE_EVERY = timedelta(hours=1)
PROVIDERS_EVERY = timedelta(days=1)
LEASE_SECONDS = 130.0
"""Longer than one request can take; renewed with each. That of a process which has ended on this machine is over at once."""
BELIEVED = timedelta(days=1)
"""Figures dated further than this after the server's own clock are refused: they would outrank every later answer."""

Progress = Callable[[str, int], None]
"""Told what is being asked for: the dataset, and how many requests it has made so far."""


class _LeaseLostError(Exception):
    """Another process has taken over, as this one seemed dead: it was suspended, or the clock was set."""


async def refresh(
    source: Source, *, force: bool = False, progress: Progress | None = None, part: Callable[[], float] = chance
) -> Report:
    """One refresh. force: the rankings are asked for even if they were a moment ago (the catalogue keeps its pace).

    part: the chance in the pause after a failure. Failures of the source end in the report; CacheError is raised. A cache
    found damaged, gone or read-only is mended first, or in the middle: `source.notices` says so.
    """
    source.mend()
    try:
        return await _leased(source, force, progress, part)
    except DamagedCacheError:
        source.mend()
    except UnwritableCacheError:
        source.detach()
    return await _leased(source, force, progress, part)


async def _leased(source: Source, force: bool, progress: Progress | None, part: Callable[[], float]) -> Report:
    holder = new_holder()
    if not source.cache.leases.acquire("poll", holder, source.machine(), LEASE_SECONDS, may_run):
        return Report(shared=True)
    try:
        source.note_moment("last_try", source.machine())
        async with source.client() as client:
            report = await _Refresh(source, client, holder, progress).run(force=force)
        # What the others wait for is noted before they may poll.
        source.cache.journal.set("last_error", str(report.error) if report.error else None)
        if report.error is None:
            source.note_failure(0, 0.0)
            source.note_moment("last_success", source.machine())
            return report
        failures = source.failures + 1
        pause = backoff(failures, report.error, part())
        source.note_failure(failures, pause)
        return replace(report, retry_in=pause)
    except _LeaseLostError:
        return Report(shared=True)
    except CacheError as error:
        with suppress(CacheError):  # so that others need not ask for what cannot be kept
            failures = source.failures + 1
            source.note_failure(failures, backoff(failures, error, part()))
            source.cache.journal.set("last_error", str(error))
        raise
    finally:
        source.cache.leases.release("poll", holder)


class _Refresh:
    def __init__(self, source: Source, client: Client, holder: str, progress: Progress | None) -> None:
        self.source = source
        self.cache = source.cache
        self.client = client
        self.holder = holder
        self.progress = progress
        self._held: list[Listing] | None = None
        self._dataset = ""
        self._logged = 0
        client.before_keyed = self._spend
        self.reports: list[DatasetReport] = []
        self.error: OrwatchError | None = None

    async def run(self, *, force: bool) -> Report:
        host = host_of(self.source.base_url)
        if (waits := self.source.asked_to_wait(host)) is not None:
            return Report(error=waits)
        if (left := self.source.haste_wait()) > 0:
            words = f"orwatch has asked {host} {self.source.budget.any_per_minute} times within a minute; it waits."
            return Report(error=BudgetSpentError(words, left))
        steps: list[tuple[str, Callable[[Tally], Awaitable[None]]]] = []
        if self._due("models", CATALOGUE_EVERY):
            steps.append(("models", self._models))
        if self._due("providers", PROVIDERS_EVERY):
            steps.append(("providers", self._providers))
        if self.source.has_key:
            steps += [(f"rankings-{grain}", self._grain(grain, force=force)) for grain in Grain]
        else:
            steps.append(("exports", self._exports))
        for dataset, step in steps:
            if not await self._do(dataset, step):
                break
        return Report(tuple(self.reports), self.error)

    async def _do(self, dataset: str, step: Callable[[Tally], Awaitable[None]]) -> bool:
        """Runs one step; whether the next is worth trying: not where nothing answers at all."""
        tally = Tally(dataset)
        self._dataset = dataset
        failure: OrwatchError | None = None
        requests, size = self.client.requests_made, self.client.bytes_received
        try:
            await step(tally)
            failure = tally.unread()
        except CacheError:
            raise  # nothing that is asked for after it could be kept
        except OrwatchError as error:
            failure = error
            if isinstance(error, RateLimitError) and not isinstance(error, BudgetSpentError) and error.retry_after:
                self.source.hold(error.retry_after)
        made = self.client.requests_made - requests
        for _ in range(self.client.requests_made - self._logged):
            self._log(dataset, 0, 0)
        if made or failure:
            text = str(failure) if failure else None
            self.reports.append(tally.report(made, self.client.bytes_received - size, text))
        if self.error is None or isinstance(failure, KeyRefusedError):
            self.error = failure or self.error
        return not isinstance(failure, NetworkError | RateLimitError | KeyRefusedError | KeyMissingError)

    def _due(self, dataset: str, every: timedelta) -> bool:
        asked = self.source.number(f"asked:{dataset}")
        passed = self.source.server_now.timestamp() - (asked or 0.0)
        return asked is None or passed >= every.total_seconds() or passed < -every.total_seconds()

    def _asked(self, dataset: str, moment: datetime) -> None:
        self.cache.journal.set(f"asked:{dataset}", str(moment.timestamp()))

    def _note(self, dataset: str, answer: Answer) -> None:
        """What is kept of an answer that needed no key, whatever it says."""
        self.source.keep_server_time(answer.date)
        self._log(dataset, answer.status, len(answer.body))
        self._step(dataset)

    def _log(self, dataset: str, status: int, size: int) -> None:
        self._logged += 1
        self.source.log_request(dataset, keyed=False, status=status, size=size)

    def _spend(self) -> None:
        self.source.spend(self._dataset)
        self._logged += 1

    def _step(self, dataset: str) -> None:
        """One more request is answered: the lease holds on, and whoever watches is told."""
        if not self.cache.leases.renew("poll", self.holder, self.source.machine(), LEASE_SECONDS):
            raise _LeaseLostError
        if self.progress is not None:
            self.progress(dataset, self.client.requests_made)

    async def _models(self, tally: Tally) -> None:
        listed, answer = await catalogue.models(self.client, self.cache.journal.etag(catalogue.MODELS))
        self._note("models", answer)
        seen = answer.date or self.source.server_now
        if listed is None:
            tally.not_modified += 1
            await asyncio.to_thread(
                self.cache.catalogue.put_models, self.cache.catalogue.models(present_only=True), seen
            )
        else:
            known = {model.id for model in self.cache.catalogue.models()}
            tally.new = sum(model.id not in known for model in listed.items)
            tally.restated = await asyncio.to_thread(self.cache.catalogue.put_models, listed.items, seen)
            self.cache.journal.put_etag(catalogue.MODELS, answer.etag, seen)
        self._asked("models", seen)

    async def _providers(self, tally: Tally) -> None:
        listed, answer = await catalogue.providers(self.client, self.cache.journal.etag(catalogue.PROVIDERS))
        self._note("providers", answer)
        seen = answer.date or self.source.server_now
        if listed is None:
            tally.not_modified += 1
        else:
            known = {provider.slug for provider in self.cache.catalogue.providers()}
            tally.new = sum(provider.slug not in known for provider in listed.items)
            changed = await asyncio.to_thread(self.cache.catalogue.put_providers, listed.items, seen)
            tally.restated = changed - tally.new
            self.cache.journal.put_etag(catalogue.PROVIDERS, answer.etag, seen)
        self._asked("providers", seen)

    async def _exports(self, tally: Tally) -> None:
        etag = self.cache.journal.etag(exports.FOLDER)
        newest, answer = await exports.latest(self.client, etag)
        self._note("exports", answer)
        if newest is None:
            tally.not_modified += 1
            return
        _believe(newest.retrieved_at, answer.date)
        known_until = day(self.cache.journal.get("exports_walked_until"))
        async for snapshot in exports.walk_back(self.client, newest, known_until):
            await self._store(tally, snapshot.listings)
            tally.note(snapshot)
            self._step("exports")
        self.cache.journal.set("exports_walked_until", (newest.snapshot_date - timedelta(days=1)).isoformat())
        self.cache.journal.put_etag(exports.FOLDER, answer.etag, newest.retrieved_at)

    async def _store(self, tally: Tally, listings: tuple[Listing, ...]) -> None:
        change = await asyncio.to_thread(self.cache.rankings.put, listings)
        tally.new += change.rows_new
        tally.restated += change.rows_restated

    def _grain(self, grain: Grain, *, force: bool) -> Callable[[Tally], Awaitable[None]]:
        async def step(tally: Tally) -> None:
            if grain is not Grain.DAY and not coarse_due(self.cache, grain):
                return
            if grain is Grain.DAY and not force and not self._due("day", timedelta(seconds=self.source.interval * 0.9)):
                return
            await self._windows(tally, grain)

        return step

    async def _windows(self, tally: Tally, grain: Grain) -> None:
        """The windows that are due: all of the record the first time, then from the restated periods on.

        They end with the source's own day, which the machine's clock may not know and which may change meanwhile.
        """
        filled = self.cache.journal.get(f"filled:{grain}") is not None
        # A first fill is kept when it is whole: the oldest window alone would pass for the present.
        self._held = None if filled else []
        start = recent(self.cache, grain) if filled else first_start(grain)
        end = max(self.source.server_now.date(), start)
        as_of = None
        while True:
            whole = window_end(grain, start)
            finish = min(whole, end)
            as_of = await self._window(tally, grain, start, finish) or as_of
            end = as_of.date() if as_of else end
            if finish >= end:
                break
            # A period that the end cut is asked for again, whole.
            start = whole + timedelta(days=1) if finish == whole else Period.of(grain, finish).start
        held, self._held = self._held, None
        if held:
            await self._store(tally, tuple(held))
        self.cache.journal.set(f"filled:{grain}", "1")
        # Not this answer's own as_of: one that stays behind that of the days would be due again at every poll.
        asked(self.cache, grain, self.cache.rankings.newest_as_of() or as_of)
        if grain is Grain.DAY:
            self._asked("day", self.source.server_now)

    async def _window(self, tally: Tally, grain: Grain, start: date, end: date) -> datetime | None:
        """One window, and when its figures were taken.

        Without the running day where the API refuses it, which is remembered until the day is over; None where that
        leaves nothing to ask for.
        """
        if self.cache.journal.get("running_day_refused") != end.isoformat():
            try:
                return await self._keep(tally, await self._ask(grain, start, end))
            except AnswerError as error:
                if error.status != 400 or end < self.source.server_now.date():
                    raise
        kept = None
        if start < end:
            kept = await self._keep(tally, await self._ask(grain, start, end - timedelta(days=1)))
        self.cache.journal.set("running_day_refused", end.isoformat())
        return kept

    async def _keep(self, tally: Tally, found: Rankings) -> datetime:
        if self._held is None:
            await self._store(tally, found.listings)
        else:
            self._held += found.listings
        tally.note(found)
        return found.as_of

    async def _ask(self, grain: Grain, start: date, end: date) -> Rankings:
        found, answer = await rankings.rankings(self.client, grain, start, end)
        self.source.keep_server_time(answer.date)
        self._step(f"rankings-{grain}")
        _believe(found.as_of, answer.date)
        return found


def _believe(as_of: datetime, server_time: datetime | None) -> None:
    if server_time is not None and as_of > server_time + BELIEVED:
        raise AnswerError(f"The source dates its figures {as_of:%Y-%m-%d}, in the future; nothing is kept, try later.")
