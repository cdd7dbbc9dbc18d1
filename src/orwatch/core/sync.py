"""One refresh of the cache: what is due is asked for, checked and stored. Nothing newer is overwritten by anything older.

With a key: the whole record in its own grains, then only recent windows (restated days included). Without: the public exports.
The catalogue hourly, the providers daily, by ETag. Every orwatch process on a cache shares its pace and its budget.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from orwatch.api import catalogue, exports, rankings
from orwatch.api.client import Answer, Client
from orwatch.api.decode import Rankings
from orwatch.core.source import Source
from orwatch.domain.records import Grain, Listing, Period
from orwatch.errors import AnswerError, KeyMissingError, KeyRefusedError, NetworkError, OrwatchError, RateLimitError

CATALOGUE_EVERY = timedelta(hours=1)
PROVIDERS_EVERY = timedelta(days=1)
COARSE_EVERY = timedelta(hours=1)
RESTATED_DAYS = 3
"""Days before the newest settled one that are asked for again: the record restates them."""
LEASE_SECONDS = 180.0

Progress = Callable[[str, int], None]
"""Told what is being asked for: the dataset, and how many requests it has made so far."""


@dataclass(frozen=True, slots=True)
class DatasetReport:
    """What one dataset's refresh did. not_modified: answers whose ETag still held. bytes: of bodies, decompressed."""

    dataset: str
    requests: int = 0
    not_modified: int = 0
    bytes: int = 0
    rows_new: int = 0
    rows_restated: int = 0
    error: str | None = None


@dataclass(frozen=True)
class Report:
    """What one refresh did, dataset by dataset. error: the first failure. shared: another process is polling just now."""

    datasets: tuple[DatasetReport, ...] = ()
    error: OrwatchError | None = None
    shared: bool = False


class _Tally:
    """Counts while a dataset is asked for."""

    def __init__(self, dataset: str) -> None:
        self.dataset = dataset
        self.not_modified = 0
        self.new = 0
        self.restated = 0

    def report(self, requests: int, size: int, error: str | None) -> DatasetReport:
        return DatasetReport(self.dataset, requests, self.not_modified, size, self.new, self.restated, error)


async def refresh(source: Source, *, force: bool = False, progress: Progress | None = None) -> Report:
    """One refresh. force: the rankings are asked for even if they were a moment ago (the catalogue keeps its pace).

    Failures of the source end in the report; CacheError is raised.
    """
    holder = f"{os.getpid()}-{id(source):x}"
    if not source.cache.acquire_lease("poll", holder, source.machine(), LEASE_SECONDS):
        return Report(shared=True)
    try:
        source.note_moment("last_try", source.machine())
        async with source.client() as client:
            report = await _Refresh(source, client, progress).run(force=force)
    finally:
        source.cache.release_lease("poll", holder)
    source.cache.set("last_error", str(report.error) if report.error else None)
    if report.error is None:
        source.note_moment("last_success", source.machine())
    return report


class _Refresh:
    def __init__(self, source: Source, client: Client, progress: Progress | None) -> None:
        self.source = source
        self.cache = source.cache
        self.client = client
        self.progress = progress
        self.reports: list[DatasetReport] = []
        self.error: OrwatchError | None = None

    async def run(self, *, force: bool) -> Report:
        steps: list[tuple[str, Callable[[_Tally], Awaitable[None]]]] = []
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

    async def _do(self, dataset: str, step: Callable[[_Tally], Awaitable[None]]) -> bool:
        """Runs one step; whether the next is worth trying: not where nothing answers at all."""
        tally, failure = _Tally(dataset), None
        requests, size = self.client.requests_made, self.client.bytes_received
        try:
            await step(tally)
        except OrwatchError as error:
            failure = error
        made = self.client.requests_made - requests
        if made or failure:
            text = str(failure) if failure else None
            self.reports.append(tally.report(made, self.client.bytes_received - size, text))
        self.error = self.error or failure
        return not isinstance(failure, NetworkError | RateLimitError | KeyRefusedError | KeyMissingError)

    def _due(self, dataset: str, every: timedelta) -> bool:
        asked = self.cache.get(f"asked:{dataset}")
        passed = self.source.server_now.timestamp() - float(asked or 0)
        return asked is None or passed >= every.total_seconds() or passed < -every.total_seconds()

    def _asked(self, dataset: str, moment: datetime) -> None:
        self.cache.set(f"asked:{dataset}", str(moment.timestamp()))

    def _note(self, dataset: str, answer: Answer, *, keyed: bool = False) -> None:
        self.source.keep_server_time(answer.date)
        self.cache.log_request(self.source.machine(), dataset, keyed, answer.status, len(answer.body))
        if self.progress is not None:
            self.progress(dataset, self.client.requests_made)

    async def _models(self, tally: _Tally) -> None:
        listed, answer = await catalogue.models(self.client, self.cache.etag(catalogue.MODELS))
        self._note("models", answer)
        seen = answer.date or self.source.server_now
        if listed is None:
            tally.not_modified += 1
            await asyncio.to_thread(self.cache.put_models, self.cache.models(present_only=True), seen)
        else:
            known = {model.id for model in self.cache.models()}
            tally.new = sum(model.id not in known for model in listed.items)
            tally.restated = await asyncio.to_thread(self.cache.put_models, listed.items, seen)
            self.cache.put_etag(catalogue.MODELS, answer.etag, seen)
        self._asked("models", seen)

    async def _providers(self, tally: _Tally) -> None:
        listed, answer = await catalogue.providers(self.client, self.cache.etag(catalogue.PROVIDERS))
        self._note("providers", answer)
        seen = answer.date or self.source.server_now
        if listed is None:
            tally.not_modified += 1
        else:
            known = {provider.slug for provider in self.cache.providers()}
            tally.new = sum(provider.slug not in known for provider in listed.items)
            changed = await asyncio.to_thread(self.cache.put_providers, listed.items, seen)
            tally.restated = changed - tally.new
            self.cache.put_etag(catalogue.PROVIDERS, answer.etag, seen)
        self._asked("providers", seen)

    async def _exports(self, tally: _Tally) -> None:
        etag = self.cache.etag(exports.FOLDER)
        newest, answer = await exports.latest(self.client, etag)
        self._note("exports", answer)
        if newest is None:
            tally.not_modified += 1
            return
        walked = self.cache.get("exports_walked_until")
        known_until = date.fromisoformat(walked) if walked else None
        before = self.client.requests_made
        async for snapshot in exports.walk_back(self.client, newest, known_until):
            await self._store(tally, snapshot.listings)
            if self.progress is not None:
                self.progress("exports", self.client.requests_made)
        for _ in range(self.client.requests_made - before):
            self.cache.log_request(self.source.machine(), "exports", False, 200, 0)
        self.cache.set("exports_walked_until", (newest.snapshot_date - timedelta(days=1)).isoformat())
        self.cache.put_etag(exports.FOLDER, answer.etag, newest.retrieved_at)

    async def _store(self, tally: _Tally, listings: tuple[Listing, ...]) -> None:
        change = await asyncio.to_thread(self.cache.put_listings, listings)
        tally.new += change.rows_new
        tally.restated += change.rows_restated

    def _grain(self, grain: Grain, *, force: bool) -> Callable[[_Tally], Awaitable[None]]:
        async def step(tally: _Tally) -> None:
            if grain is not Grain.DAY and not self._coarse_due(grain):
                return
            if grain is Grain.DAY and not force and not self._due("day", timedelta(seconds=self.source.interval * 0.9)):
                return
            await self._windows(tally, grain)

        return step

    def _coarse_due(self, grain: Grain) -> bool:
        """Weeks and months: hourly by the source's own time, and when a day (so perhaps a period) has ended."""
        asked = self.cache.get(f"as_of:{grain}")
        newest = self.cache.newest_as_of()
        if asked is None or newest is None:
            return True
        last = datetime.fromisoformat(asked)
        return newest - last >= COARSE_EVERY or newest.date() != last.date()

    async def _windows(self, tally: _Tally, grain: Grain) -> None:
        """The windows that are due: all of the record the first time, then from the restated periods on."""
        filled = self.cache.get(f"filled:{grain}") is not None
        start = self._recent(grain) if filled else first_start(grain)
        end = max(self.source.server_now.date(), start)
        as_of = None
        for begin, finish in windows(grain, start, end):
            as_of = await self._window(tally, grain, begin, finish)
        if as_of is not None and as_of.date() > end:
            as_of = await self._window(tally, grain, self._recent(grain), as_of.date())
        self.cache.set(f"filled:{grain}", "1")
        if as_of is not None:
            self.cache.set(f"as_of:{grain}", as_of.isoformat())
            if grain is Grain.DAY:
                self._asked("day", self.source.server_now)

    async def _window(self, tally: _Tally, grain: Grain, start: date, end: date) -> datetime | None:
        """One window; without the running day where the API refuses it, which is remembered until the day is over."""
        refused = self.cache.get("running_day_refused") == end.isoformat()
        try:
            found = await self._ask(grain, start, end - timedelta(days=1) if refused and end > start else end)
        except AnswerError as error:
            if error.status != 400 or refused or end <= start or end < self.source.server_now.date():
                raise
            found = await self._ask(grain, start, end - timedelta(days=1))
            self.cache.set("running_day_refused", end.isoformat())
        await self._store(tally, found.listings)
        return found.as_of

    async def _ask(self, grain: Grain, start: date, end: date) -> Rankings:
        wait = self.source.budget_wait()
        if wait > 0:
            raise RateLimitError(
                f"The budget of keyed requests ({self.source.budget.per_minute} a minute, {self.source.budget.per_day} a day) "
                "is used up; orwatch waits and asks again.",
                wait,
            )
        # Logged before it is sent: a request that fails on the way back has counted against the budget all the same.
        self.cache.log_request(self.source.machine(), f"rankings-{grain}", True, 0, 0)
        found, answer = await rankings.rankings(self.client, grain, start, end)
        self.source.keep_server_time(answer.date)
        if self.progress is not None:
            self.progress(f"rankings-{grain}", self.client.requests_made)
        return found

    def _recent(self, grain: Grain) -> date:
        """Where the recent window begins: before the newest settled period, with what may be restated."""
        coverage = self.cache.coverage(grain)
        if coverage is None:
            return first_start(grain)
        newest = coverage[1] - timedelta(days=400)
        settled = [
            listing.period
            for listing in self.cache.listings(grain, since=newest)
            if listing.period.settled_by(listing.as_of)
        ]
        if not settled:
            return coverage[0]
        if grain is Grain.DAY:
            return max(coverage[0], settled[-1].start - timedelta(days=RESTATED_DAYS - 1))
        return max(coverage[0], settled[-1].start)


def first_start(grain: Grain) -> date:
    """The first whole period of the record, which begins on 2025-01-01."""
    period = Period.of(grain, rankings.FIRST_DAY)
    return (period if period.start >= rankings.FIRST_DAY else period.next()).start


def windows(grain: Grain, start: date, end: date) -> list[tuple[date, date]]:
    """Windows of at most 366 days over [start, end], cut where periods of the grain are cut, so that none is halved."""
    out = []
    while start <= end:
        last = Period.of(grain, start + timedelta(days=rankings.LONGEST_SPAN - 1))
        finish = last.end if (last.end - start).days < rankings.LONGEST_SPAN else last.previous().end
        out.append((start, min(finish, end)))
        start = finish + timedelta(days=1)
    return out
