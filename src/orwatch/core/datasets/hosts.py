"""The hosts of models, with prices and discounts: of the fifty that are used most, daily, and of one whose detail is opened."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from msgspec.structs import replace

from orwatch.api import hosts as host_lists
from orwatch.api.client import Answer, Client
from orwatch.api.origin import host_of
from orwatch.core.coordination import Coordination
from orwatch.core.datasets.dataset import Dataset, DatasetRefresh
from orwatch.core.source import Source
from orwatch.domain.catalogue import Catalogue
from orwatch.domain.hosts import HostLists
from orwatch.domain.periods import Grain, Period
from orwatch.domain.records import compose
from orwatch.errors import AnswerError, NotFoundError
from orwatch.store.cache import Cache
from orwatch.threads import aside

FIRST_START: Final = 8
"""Models whose hosts a new cache begins with, so that its first poll asks 40 times at most; the next one asks for the rest."""


HOSTS_EVERY: Final = timedelta(hours=1)
"""How old the hosts of a model may be when its detail is opened, before they are asked for again."""


async def _fetch(refresh: DatasetRefresh) -> None:
    """Those that have not been seen today (UTC), the most used model first. One that cannot be had is told and stops no other."""
    table, now = refresh.cache.hosts, refresh.now
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
        refresh.note_asked()
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


async def refresh_hosts(source: Source, model_id: str) -> bool:
    """Asks for the hosts of a model unless they are younger than an hour by the server's time; whether they changed.

    model_id: of the catalogue, with its variant. Raises SourceError (NotFoundError for a model that the source does not
    know) and CacheError; the cache is then as it was.
    """
    shared = source.coordination
    seen = source.cache.hosts.seen_at(model_id)
    # A time far ahead was noted by a clock that was wrong then; it must not put the request off for ever.
    if seen is not None and abs(shared.server_now - seen) < HOSTS_EVERY:
        return False
    host = host_of(source.base_url)
    waits = shared.asked_to_wait(host) or shared.haste(host)
    if waits is not None:
        raise waits
    async with source.client() as client:
        changed, answer = await ask_hosts(client, shared, model_id)
    shared.log_request("hosts", keyed=False, status=answer.status, size=len(answer.body))
    return changed


async def ask_hosts(client: Client, shared: Coordination, model_id: str) -> tuple[bool, Answer]:
    """Asks for the hosts of a model and keeps them; whether they are news, and the answer, whose time is kept too.

    An answer without hosts withdraws none that were seen. Raises as `refresh_hosts`.
    """
    cache, where = shared.cache, host_lists.path(model_id)
    etag = None if cache.hosts.seen_at(model_id) is None else cache.journal.etag(where)
    found, answer = await host_lists.fetch(client, model_id, etag)
    shared.keep_server_time(answer.date)
    shared.check_time(answer.date)
    held = cache.hosts.read(model_id)
    if held and found == ():
        return False, answer  # nor is its ETag kept: the hosts in the cache would pass for fresh when it holds
    now = shared.server_now
    changed = await aside(cache.hosts.put, model_id, held if found is None else found, now)
    if found is not None:
        cache.journal.put_etag(where, answer.etag, now)
    return changed, answer


HOSTS: Final = Dataset("hosts", None, timedelta(hours=1), _fetch, share=0)
