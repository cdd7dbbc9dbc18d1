"""One refresh of the cache: what is due is asked for, checked and stored. Nothing newer is overwritten by anything older.

With a key: the whole record in its own grains, then only recent windows. Without: the public exports. Every orwatch
process on a cache shares its pace and its budget; one of them refreshes at a time.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import timedelta

from msgspec import Struct
from msgspec.structs import replace

from orwatch.api.client import Client
from orwatch.api.origin import host_of
from orwatch.core.coordination import MARGIN, MINUTE
from orwatch.core.datasets.dataset import Dataset, DatasetRefresh, DatasetReport
from orwatch.core.datasets.registry import BESIDE, DATASETS, RANKED
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
    SourceError,
    UnwritableCacheError,
)
from orwatch.store.lease import new_holder
from orwatch.threads import aside

LEASE = "poll"
LEASE_SECONDS = 130.0
"""Longer than one request can take; renewed with each. That of a process which has ended on this machine is over at once."""

KEYED_ENDS = (KeyRefusedError, KeyMissingError, BudgetSpentError)
"""Failures of a dataset that needs the key after which no other that does is asked for."""

BESIDE_RETRY = timedelta(hours=1)
"""How long a dataset beside the rankings is left alone after it has failed."""


class RefreshReport(Struct, frozen=True):
    """What one refresh did, dataset by dataset. error: the first failure, but for those of datasets beside the rankings.

    shared: another process is polling just now. retry_in: seconds to the next try, where it failed.
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
    chance: Callable[[], float] = random.random,
    datasets: Sequence[Dataset] = DATASETS,
    noted: bool = True,
) -> RefreshReport:
    """One refresh. force: the rankings are asked for even if they were a moment ago (the catalogue keeps its pace).

    chance: a number from 0 to 1, for the pause after a failure. datasets: asked for in this order. noted: whether it counts as a
    poll, after which all processes wait for the next. Failures of the source end in the report; CacheError is raised. A cache
    found damaged, gone or read-only is mended first, or in the middle: the coordination's notices say so.
    """
    await aside(source.inspect)
    source.mend()
    try:
        return await _leased(source, datasets, chance, force=force, noted=noted)
    except DamagedCacheError:
        source.mend()
    except UnwritableCacheError:
        source.coordination.detach()
    return await _leased(source, datasets, chance, force=force, noted=noted)


async def refresh_patiently(
    source: Source, *, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
) -> RefreshReport:
    """A refresh for a command that runs once: where the minute's requests are used up, it goes on when there are some again."""
    first = await refresh(source, force=True)
    wait = first.error.retry_after if isinstance(first.error, BudgetSpentError) else None
    if wait is None or wait > MINUTE + MARGIN:
        return first
    await sleep(wait)
    rest = await refresh(source, force=True)
    return replace(rest, datasets=(*(done for done in first.datasets if done.error is None), *rest.datasets))


async def refresh_ranked(
    source: Source, *, force: bool = False, chance: Callable[[], float] = random.random
) -> RefreshReport:
    """The rankings, the catalogue and its providers, without what stands beside them. As `refresh`."""
    return await refresh(source, force=force, chance=chance, datasets=RANKED)


async def refresh_beside(source: Source, ranked: RefreshReport) -> bool:
    """What stands beside the rankings, after these; whether any of it is new. Raises CacheError.

    ranked: what the refresh of the rankings came to. Where nothing answered nothing is asked, and what needs the key not where
    the key was refused.
    """
    if ranked.shared or isinstance(ranked.error, NetworkError | RateLimitError):
        return False
    keyless = isinstance(ranked.error, KEYED_ENDS)
    report = await refresh(source, datasets=[one for one in BESIDE if not (keyless and one.keyed)], noted=False)
    return any(done.rows_new or done.rows_restated for done in report.datasets)


async def _leased(
    source: Source, datasets: Sequence[Dataset], chance: Callable[[], float], *, force: bool, noted: bool
) -> RefreshReport:
    """Asks under the lease, and notes success or failure for all processes; another that holds it makes the report `shared`."""
    holder, leases, coordination = new_holder(), source.cache.leases, source.coordination
    # The first write: while another process holds the file, keys must not wait.
    if not await aside(leases.acquire, LEASE, holder, source.machine(), LEASE_SECONDS):
        return RefreshReport(shared=True)
    try:
        if noted:
            coordination.note_moment("last_try", source.machine())
            force = force or coordination.failures > 0  # what failed is asked for, even if it was a moment ago
        async with source.client() as client:
            report = await _walk(source, client, holder, datasets, force=force)
        # What the others wait for is noted before they may poll.
        if not noted:
            return report
        if report.error is None:
            if report.datasets:  # something has answered
                coordination.note_success()
            return report
        return replace(report, retry_in=coordination.note_failure(report.error, chance()))
    except _LeaseLostError:
        return RefreshReport(shared=True)
    except CacheError as error:
        with suppress(CacheError):  # so that others need not ask for what cannot be kept
            coordination.note_failure(error, chance())
        raise
    finally:
        leases.release(LEASE, holder)


async def _walk(
    source: Source, client: Client, holder: str, datasets: Sequence[Dataset], *, force: bool
) -> RefreshReport:
    """Asks for what is due of the datasets. holder: of the lease, which is renewed with each answer."""
    coordination, host = source.coordination, host_of(source.base_url)
    if (waits := coordination.asked_to_wait(host) or coordination.haste(host)) is not None:
        return RefreshReport(error=waits)

    def renew() -> None:
        if not source.cache.leases.renew(LEASE, holder, source.machine(), LEASE_SECONDS):
            raise _LeaseLostError

    reports: list[DatasetReport] = []
    first: OrwatchError | None = None
    keyed_over, answered = False, False
    for dataset in datasets:
        if dataset.keyed not in (None, source.has_key) or (dataset.keyed and keyed_over):
            continue
        step = DatasetRefresh(dataset, source, client, renew, force=force)
        if not _is_due(step):
            continue
        failure = await _failure_of(step)
        if dataset.beside:
            if isinstance(failure, BudgetSpentError):
                failure = None  # of the day's share or the minute's requests; what is left is asked for later
            step.note_failure(failure)
        elif first is None or isinstance(failure, KeyRefusedError):
            # That the key is refused is told before whatever else failed.
            first = failure or first
        if step.requests or failure:
            reports.append(step.report(str(failure) if failure else None))
        keyed_over = keyed_over or (bool(dataset.keyed) and isinstance(failure, KEYED_ENDS))
        if isinstance(failure, SourceError) and _asks_to_wait(failure):
            break  # the server asks to be left alone
        if isinstance(failure, NetworkError) and not answered:
            break  # nothing answers at all, twice in a row or from the beginning
        if step.requests:
            answered = not isinstance(failure, NetworkError)
    return RefreshReport(tuple(reports), first)


def _asks_to_wait(error: SourceError) -> bool:
    """Whether the server asks to be left alone: by a 429, or by any failure that says for how long."""
    return not isinstance(error, BudgetSpentError) and (isinstance(error, RateLimitError) or bool(error.retry_after))


def _is_due(step: DatasetRefresh) -> bool:
    """Whether a dataset is old enough to be asked for. The demo has the rankings alone."""
    dataset = step.dataset
    if dataset.beside and (step.source.demo_clock is not None or not step.may_retry(BESIDE_RETRY)):
        return False
    return dataset.every is None or step.is_due(dataset.name, dataset.every)


async def _failure_of(step: DatasetRefresh) -> OrwatchError | None:
    """Refreshes one dataset; what that failed of.

    CacheError is raised: nothing that is asked for after it could be kept.
    """
    try:
        await step.dataset.fetch(step)
    except CacheError:
        raise
    except OrwatchError as error:
        if isinstance(error, SourceError) and _asks_to_wait(error) and error.retry_after:
            step.coordination.hold(error.retry_after)
        return error
    return step.unread()
