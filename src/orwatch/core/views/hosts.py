"""Where the models of a period could be served from, by the host lists of its time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal

from orwatch.core.market import Market
from orwatch.core.views.detail import seats_of
from orwatch.domain.hosts import (
    ALL,
    Group,
    Host,
    HostMap,
    HostUse,
    MadeRow,
    Seats,
    ServedRow,
    bracket,
    cheapest,
    premium,
    reach,
)
from orwatch.domain.overview import ModelRow, Snapshot
from orwatch.domain.prices import median
from orwatch.domain.records import OTHER
from orwatch.domain.value import blend
from orwatch.errors import NoDataError
from orwatch.present.tables.hosts import no_hosts

PriceOf = Callable[[Host], "Decimal | None"]
"""Gives what a host asks for a million tokens of the blend."""


def host_map(market: Market, snap: Snapshot, group: Group | None = None) -> HostMap:
    """Where the models of a snapshot could be served from. group: of countries; None: that of the settings.

    Raises NoDataError where the hosts of none of them are known.
    """
    prices, seats = market.prices(snap.prices_until), seats_of(market)
    chosen = group or Group.of(market.settings.hosts.group)
    share = Decimal(str(market.settings.value.input))

    def price(host: Host) -> Decimal | None:
        return blend(host.pricing, share)

    rows = []
    for row in snap.models:
        hosts = market.hosts_of(row.permaslug, snap.prices_until)
        rows.append(_served(row, hosts, seats, chosen, price))
    if not any(row.hosts for row in rows):
        raise NoDataError(no_hosts(snap, prices.hosts_at))
    by_seat = [_use(rows, snap.total, price, "", seat) for seat in dict.fromkeys(s for row in rows for s in row.seats)]
    by_host = [
        _use(rows, snap.total, price, name, seats.of(host), seats)
        for name, host in {host.provider: host for row in rows for host in row.hosts}.items()
    ]
    return HostMap(
        group=chosen,
        input=market.settings.value.input,
        day=prices.hosts_at,
        listed=sum(bool(row.hosts) for row in rows),
        made=_made(rows, snap.other.tokens),
        models=tuple(rows),
        seats=tuple(sorted(by_seat, key=lambda use: (-use.could, use.seat or ""))),
        hosts=tuple(sorted(by_host, key=lambda use: (-use.could, use.name.casefold()))),
    )


def _served(row: ModelRow, hosts: tuple[Host, ...], seats: Seats, group: Group, price: PriceOf) -> ServedRow:
    places = tuple(seats.of(host) for host in hosts)
    inside = [host for host, seat in zip(hosts, places, strict=True) if seat in group.countries]
    best, best_inside = cheapest(hosts, price), cheapest(inside, price)
    return ServedRow(
        row, hosts, places, reach(places, group), len(inside), best, best_inside, premium(best_inside, best)
    )


def _made(rows: Sequence[ServedRow], outside: int) -> tuple[MadeRow, ...]:
    keys = dict.fromkeys(row.model.country for row in rows)
    made = [
        MadeRow(key, bracket((row.model.tokens, row.reach) for row in rows if row.model.country == key)) for key in keys
    ]
    made.sort(key=lambda row: (row.key is None, -row.bracket.tokens))
    whole = bracket(((row.model.tokens, row.reach) for row in rows), outside)
    return (MadeRow(ALL, whole), *made, MadeRow(OTHER, bracket((), outside)))


def _use(
    rows: Sequence[ServedRow],
    total: int,
    price: PriceOf,
    name: str,
    seat: str | None,
    seats: Seats | None = None,
) -> HostUse:
    """What the hosts of a name, or without one those of a seat, could serve. seats: of all, for a host."""
    served = []
    for row in rows:
        offers = zip(row.hosts, row.seats, strict=True)
        own = [host for host, place in offers if (host.provider == name if name else place == seat)]
        if own:
            served.append((row, own))
    premiums = [premium(cheapest(own, price), row.cheapest) for row, own in served]
    known = [found for found in premiums if found is not None]
    return HostUse(
        name,
        seat,
        seats is not None and seats.is_assigned(name),
        hosts=len({host.provider for _, own in served for host in own}),
        models=len(served),
        could=_part((row for row, _ in served), total),
        only=None if seats else _part((row for row, _ in served if {*row.seats} == {seat}), total),
        premium=median(known) if known else None,
    )


def _part(rows: Iterable[ServedRow], total: int) -> float:
    return sum(row.model.tokens for row in rows) / total if total else 0.0
