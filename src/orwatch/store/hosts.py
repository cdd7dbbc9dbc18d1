"""The hosts of the models whose detail was opened, as last seen."""

from __future__ import annotations

import sqlite3
from datetime import datetime
from typing import Any

from orwatch.domain.catalogue import Pricing
from orwatch.domain.hosts import Host
from orwatch.store.times import epoch, moment
from orwatch.store.values import overrides_text, price, price_text, read_overrides

_FIELDS = (
    "provider, tag, prompt, completion, cache_read, discount, overrides, quantization, context, "
    "uptime_30m, latency_p50_s, throughput_p50"
)


def put(
    connection: sqlite3.Connection, model_id: str, offered: tuple[Host, ...], observed_at: datetime
) -> tuple[bool, bool]:
    """Store hosts by the rules of `Cache.put_hosts`: whether anything was stored, and whether it is news."""
    held, seen = read(connection, model_id), seen_at(connection, model_id)
    if held and not offered:
        return False, False
    connection.execute(
        "INSERT INTO hosted VALUES (?, ?) ON CONFLICT DO UPDATE SET seen_at = excluded.seen_at",
        (model_id, epoch(observed_at)),
    )
    if offered != held:
        connection.execute("DELETE FROM host WHERE model_id = ?", (model_id,))
        connection.executemany(
            "INSERT INTO host VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [(model_id, position, *_columns(host)) for position, host in enumerate(offered)],
        )
    return True, seen is None or offered != held


def read(connection: sqlite3.Connection, model_id: str) -> tuple[Host, ...]:
    """The hosts of a model in the source's order."""
    rows = connection.execute(
        f"SELECT {_FIELDS} FROM host WHERE model_id = ? ORDER BY position",  # noqa: S608
        (model_id,),
    )
    return tuple(_host(*row) for row in rows)


def read_all(connection: sqlite3.Connection, until: datetime | None) -> dict[str, tuple[Host, ...]]:
    """The hosts of every model that has some, by its id; only those seen before a time."""
    rows = connection.execute(
        f"""
        SELECT model_id, {_FIELDS} FROM host JOIN hosted USING (model_id)
        WHERE :until IS NULL OR seen_at < :until ORDER BY model_id, position
        """,  # noqa: S608
        {"until": None if until is None else epoch(until)},
    )
    found: dict[str, list[Host]] = {}
    for model_id, *fields in rows:
        found.setdefault(model_id, []).append(_host(*fields))
    return {model_id: tuple(hosts) for model_id, hosts in found.items()}


def seen_at(connection: sqlite3.Connection, model_id: str) -> datetime | None:
    """When the hosts of a model were last observed."""
    row = connection.execute("SELECT seen_at FROM hosted WHERE model_id = ?", (model_id,)).fetchone()
    return None if row is None else moment(row[0])


def _columns(host: Host) -> tuple[Any, ...]:
    pricing = host.pricing
    return (
        host.provider,
        host.tag,
        price_text(pricing.prompt),
        price_text(pricing.completion),
        price_text(pricing.cache_read),
        price_text(pricing.discount),
        overrides_text(pricing.overrides),
        host.quantization,
        host.context,
        host.uptime_30m,
        host.latency_p50_s,
        host.throughput_p50,
    )


def _host(
    provider: str,
    tag: str,
    prompt: str | None,
    completion: str | None,
    cache_read: str | None,
    discount: str | None,
    overrides: str,
    quantization: str | None,
    context: int | None,
    uptime: float | None,
    latency: float | None,
    throughput: float | None,
) -> Host:
    """A host from its row, in the order of `_FIELDS`."""
    prices = Pricing(price(prompt), price(completion), price(cache_read), price(discount), read_overrides(overrides))
    return Host(provider, tag, prices, quantization, context, uptime, latency, throughput)
