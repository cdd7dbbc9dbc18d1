"""The hosts of the fifty models that are used most, daily: who serves them, at what price, with what discount."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from msgspec.structs import replace

from orwatch.core.datasets.dataset import Dataset, DatasetRefresh
from orwatch.core.hosts import ask_hosts
from orwatch.domain.catalogue import Catalogue
from orwatch.domain.hosts import HostLists
from orwatch.domain.periods import Grain, Period
from orwatch.domain.records import compose
from orwatch.errors import AnswerError, NotFoundError
from orwatch.store.cache import Cache
from orwatch.threads import aside

FIRST_START: Final = 8
"""Models whose hosts a new cache begins with, so that its first poll asks 40 times at most; the next one asks for the rest."""


async def _fetch(refresh: DatasetRefresh) -> None:
    """Those that have not been seen today (UTC), the most used model first. One that cannot be had is told and stops no other."""
    table, now = refresh.cache.hosts, refresh.coordination.server_now
    seen = {id_: table.seen_at(id_) for id_ in ranked_ids(refresh.cache)}
    due = [id_ for id_, at in seen.items() if at is None or at.date() != now.date()]
    begun = any(at is not None for at in seen.values())
    most = len(due) if begun else FIRST_START
    failures: list[AnswerError | NotFoundError] = []
    for id_ in due[:most]:
        known = seen[id_] is not None
        try:
            changed, answer = await ask_hosts(refresh.client, refresh.coordination, id_)
        except (AnswerError, NotFoundError) as error:
            failures.append(error)
            continue
        refresh.answered(answer)
        refresh.not_modified += answer.not_modified
        refresh.count(int(changed and not known), int(changed and known))
    if due:
        await aside(_keep_day, refresh.cache, now)
    if seen and len(due) <= most:
        refresh.note_asked(refresh.dataset.name, now)
    if failures:
        rest = f" {len(failures) - 1} more could not be had." if len(failures) > 1 else ""
        raise AnswerError(f"{failures[0]}{rest}")


def _keep_day(cache: Cache, now: datetime) -> None:
    """Keeps the lists that were seen today: the table of hosts has the newest alone."""
    lists = {
        id_: tuple(replace(host, uptime_30m=None, latency_p50_s=None, throughput_p50=None) for host in hosts)
        for id_, hosts in cache.hosts.read_all().items()
        if (at := cache.hosts.seen_at(id_)) is not None and at.date() == now.date()
    }
    if lists:
        cache.snapshots.put(HostLists(now.date(), lists), now.date().isoformat(), now)


def ranked_ids(cache: Cache) -> tuple[str, ...]:
    """The ids of the fifty models with the most tokens in the newest seven days, the largest first, as far as they are listed."""
    covered = cache.rankings.coverage(Grain.DAY)
    if covered is None:
        return ()
    last: date = covered[1]
    span = Period.of(Grain.TRAILING, last)
    days = {listing.period.start: listing for listing in cache.rankings.read(Grain.DAY, since=span.start)}
    found = compose(span, days, max(listing.as_of for listing in days.values()))
    catalogue = Catalogue(cache.catalogue.models(present=True))
    entries = map(catalogue.entry, found.slugs if found else ())
    return tuple(dict.fromkeys(entry.id for entry in entries if entry is not None))


HOSTS: Final = Dataset("hosts", None, timedelta(hours=1), _fetch, share=0)
