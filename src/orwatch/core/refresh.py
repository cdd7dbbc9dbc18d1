"""One refresh of the cache: what is due is asked for, checked and stored. Nothing newer is overwritten by anything older.

With a key: the whole record in its own grains, then only recent windows. Without: the public exports. Every orwatch
process on a cache shares its pace and its budget; one of them refreshes at a time.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress

from msgspec import Struct
from msgspec.structs import replace

from orwatch.api.client import Client
from orwatch.api.origin import host_of
from orwatch.core.datasets import DATASETS
from orwatch.core.datasets.dataset import DatasetReport, Turn
from orwatch.core.source import Source
from orwatch.errors import (
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

__all__ = ["DatasetReport", "Progress", "Report", "refresh"]

LEASE = "poll"
LEASE_SECONDS = 130.0
"""Longer than one request can take; renewed with each. That of a process which has ended on this machine is over at once."""

Progress = Callable[[str, int], None]
"""Told what is being asked for: the dataset, and how many requests the refresh has made so far."""


class Report(Struct, frozen=True):
    """What one refresh did, dataset by dataset. error: the first failure. shared: another process is polling just now.

    retry_in: seconds to the next try, where it failed.
    """

    datasets: tuple[DatasetReport, ...] = ()
    error: OrwatchError | None = None
    shared: bool = False
    retry_in: float | None = None


class _LeaseLostError(Exception):
    """Another process has taken over, as this one seemed dead: it was suspended, or the clock was set."""


async def refresh(
    source: Source,
    *,
    force: bool = False,
    progress: Progress | None = None,
    chance: Callable[[], float] = random.random,
) -> Report:
    """One refresh. force: the rankings are asked for even if they were a moment ago (the catalogue keeps its pace).

    chance: a number from 0 to 1, for the pause after a failure. Failures of the source end in the report; CacheError is
    raised. A cache found damaged, gone or read-only is mended first, or in the middle: the coordination's notices say so.
    """
    source.coordination.mend()
    try:
        return await _leased(source, force, progress, chance)
    except DamagedCacheError:
        source.coordination.mend()
    except UnwritableCacheError:
        source.coordination.detach()
    return await _leased(source, force, progress, chance)


async def _leased(source: Source, force: bool, progress: Progress | None, chance: Callable[[], float]) -> Report:
    holder, leases, coordination = new_holder(), source.cache.leases, source.coordination
    if not leases.acquire(LEASE, holder, source.machine(), LEASE_SECONDS, may_run):
        return Report(shared=True)
    try:
        coordination.note_moment("last_try", source.machine())
        async with source.client() as client:
            report = await _Walk(source, client, holder, progress).run(force=force)
        # What the others wait for is noted before they may poll.
        if report.error is None:
            coordination.note_success()
            return report
        return replace(report, retry_in=coordination.note_failure(report.error, chance()))
    except _LeaseLostError:
        return Report(shared=True)
    except CacheError as error:
        with suppress(CacheError):  # so that others need not ask for what cannot be kept
            coordination.note_failure(error, chance())
        raise
    finally:
        leases.release(LEASE, holder)


class _Walk:
    """One walk over the datasets, with one client."""

    def __init__(self, source: Source, client: Client, holder: str, progress: Progress | None) -> None:
        self.source = source
        self.client = client
        self.holder = holder
        self.progress = progress
        self.reports: list[DatasetReport] = []
        self.error: OrwatchError | None = None

    async def run(self, *, force: bool) -> Report:
        source, coordination = self.source, self.source.coordination
        host = host_of(source.base_url)
        if (waits := coordination.asked_to_wait(host)) is not None:
            return Report(error=waits)
        if (left := coordination.haste_wait()) > 0:
            words = f"orwatch has asked {host} {coordination.budget.any_per_minute} times within a minute; it waits."
            return Report(error=BudgetSpentError(words, left))
        for dataset in DATASETS:
            if dataset.keyed not in (None, source.has_key):
                continue
            turn = Turn(dataset, source, self.client, self._answered, force=force)
            if dataset.every is None or turn.is_due(dataset.name, dataset.every):
                failure = await self._take(turn)
                if failure is not None and _ends_the_walk(failure):
                    break
        return Report(tuple(self.reports), self.error)

    async def _take(self, turn: Turn) -> OrwatchError | None:
        """Takes one turn, and what it failed of. CacheError is raised: nothing that is asked for after it could be kept."""
        failure: OrwatchError | None = None
        try:
            await turn.dataset.fetch(turn)
            failure = turn.unread()
        except CacheError:
            raise
        except OrwatchError as error:
            failure = error
            if isinstance(error, RateLimitError) and not isinstance(error, BudgetSpentError) and error.retry_after:
                self.source.coordination.hold(error.retry_after)
        if turn.requests or failure:
            self.reports.append(turn.report(str(failure) if failure else None))
        if self.error is None or isinstance(failure, KeyRefusedError):
            self.error = failure or self.error
        return failure

    def _answered(self, dataset: str) -> None:
        """One more request is answered: the lease holds on, and whoever watches is told."""
        if not self.source.cache.leases.renew(LEASE, self.holder, self.source.machine(), LEASE_SECONDS):
            raise _LeaseLostError
        if self.progress is not None:
            self.progress(dataset, self.client.requests_made)


def _ends_the_walk(failure: OrwatchError) -> bool:
    """Whether the datasets after one that failed are not asked for: where nothing answers at all, or nothing may be asked."""
    return isinstance(failure, NetworkError | RateLimitError | KeyRefusedError | KeyMissingError)
