"""The hosts of models: asked for one model at a time, kept, and shown with their countries."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from orwatch.api.origin import host_of
from orwatch.core.market import Market
from orwatch.core.source import Source
from orwatch.domain.hosts import HostRow, Seats, by_input_price
from orwatch.threads import aside

if TYPE_CHECKING:
    from orwatch.api.client import Answer, Client
    from orwatch.core.coordination import Coordination

HOSTS_EVERY = timedelta(hours=1)
"""How old the hosts of a model may be when its detail is opened, before they are asked for again."""


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
    # httpx comes with it, which the first paint does without.
    from orwatch.api import hosts as host_lists

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


def seats_of(market: Market) -> Seats:
    """The seats of hosts, with those that the user has assigned."""
    providers = market.cache.catalogue.providers()
    # A name counts before a slug: one provider's slug can be another's name.
    stated = {provider.slug.casefold(): provider.headquarters for provider in providers}
    stated |= {provider.name.casefold(): provider.headquarters for provider in providers}
    return Seats(stated, market.settings.seats)


def host_rows(market: Market, model_id: str) -> tuple[HostRow, ...]:
    """The hosts of a model in the cache, the cheapest input first, each with its provider's country."""
    seats = seats_of(market)
    return tuple(HostRow(host, seats.of(host)) for host in by_input_price(market.cache.hosts.read(model_id)))
