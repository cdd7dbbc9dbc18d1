"""The hosts of the models whose detail was opened, as last seen."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from msgspec import Struct

from orwatch.domain.hosts import Host, with_discounts
from orwatch.store.catalogue import CatalogueTable
from orwatch.store.database import Database, Migration
from orwatch.store.journal import Journal
from orwatch.store.values import epoch, maybe_epoch, maybe_moment, moment, pricing_columns, pricing_of

CREATE: Final[Migration] = (
    # What was last heard of a model's hosts, which may be that it has none.
    """
    CREATE TABLE hosted (
        model_id TEXT NOT NULL PRIMARY KEY,
        seen_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    # position: in the source's order; a provider can be there twice under one tag. overrides: a JSON list.
    # uptime_30m: a fraction. latency_p50_s: seconds. throughput_p50: tokens per second.
    """
    CREATE TABLE host (
        model_id TEXT NOT NULL,
        position INTEGER NOT NULL,
        provider TEXT NOT NULL,
        tag TEXT NOT NULL,
        prompt TEXT,
        completion TEXT,
        cache_read TEXT,
        discount TEXT,
        overrides TEXT NOT NULL,
        quantization TEXT,
        context INTEGER,
        uptime_30m REAL,
        latency_p50_s REAL,
        throughput_p50 REAL,
        PRIMARY KEY (model_id, position)
    ) STRICT, WITHOUT ROWID
    """,
)

_FIELDS = (
    "provider, tag, prompt, completion, cache_read, discount, overrides, quantization, context, "
    "uptime_30m, latency_p50_s, throughput_p50"
)


class HostsTable(Struct, frozen=True):
    """The hosts of models, by the id of the catalogue. Every method raises CacheError."""

    database: Database

    def put(self, model_id: str, offered: Iterable[Host], observed_at: datetime) -> bool:
        """Store the hosts of a model, in place of those it had, and say whether that is news: other hosts, or the first.

        An empty list changes nothing where hosts were seen; where none were, it is kept that there are none. The later put counts
        whatever its time, as the clock may have been set back. A discount that they tell of the model's price is recorded.
        """
        listed = tuple(offered)
        with self.database.write() as connection:
            held, seen = self.read(model_id), self.seen_at(model_id)
            if held and not listed:
                return False
            connection.execute("INSERT OR REPLACE INTO hosted VALUES (?, ?)", (model_id, epoch(observed_at)))
            if listed != held:
                connection.execute("DELETE FROM host WHERE model_id = ?", (model_id,))
                connection.executemany(
                    "INSERT INTO host VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    [(model_id, position, *_columns(host)) for position, host in enumerate(listed)],
                )
            catalogue = CatalogueTable(self.database)
            pricing = catalogue.pricing(model_id)
            if pricing is not None:
                catalogue.put_discounts({model_id: with_discounts(pricing, listed).discount}, observed_at)
            Journal(self.database).bump()
            return seen is None or listed != held

    def read(self, model_id: str) -> tuple[Host, ...]:
        """The hosts of a model as last seen, in the source's order."""
        query = f"SELECT {_FIELDS} FROM host WHERE model_id = ? ORDER BY position"  # noqa: S608 - names of this module
        return self.database.select(_host, query, (model_id,))

    def read_all(self, until: datetime | None = None) -> dict[str, tuple[Host, ...]]:
        """The hosts of every model that has some, by its id. until: leaves out those that were seen only later."""
        query = f"""
            SELECT model_id, {_FIELDS} FROM host JOIN hosted USING (model_id)
            WHERE :until IS NULL OR seen_at < :until ORDER BY model_id, position
        """  # noqa: S608 - names of this module
        found: dict[str, list[Host]] = {}
        given = {"until": maybe_epoch(until)}
        for model_id, host in self.database.select(lambda id_, *columns: (id_, _host(*columns)), query, given):
            found.setdefault(model_id, []).append(host)
        return {model_id: tuple(hosts) for model_id, hosts in found.items()}

    def newest(self, until: datetime | None = None) -> datetime | None:
        """When hosts were last observed, of any model; None where they never were. until: leaves out what was seen only later."""
        query = "SELECT max(seen_at) FROM hosted WHERE :until IS NULL OR seen_at < :until"
        return self.database.find(maybe_moment, query, {"until": maybe_epoch(until)})

    def seen_at(self, model_id: str) -> datetime | None:
        """When the hosts of a model (or that it has none) were last observed; None where they never were."""
        return self.database.find(moment, "SELECT seen_at FROM hosted WHERE model_id = ?", (model_id,))


def _columns(host: Host) -> tuple[Any, ...]:
    """A host in the order of `_FIELDS`."""
    return (
        host.provider,
        host.tag,
        *pricing_columns(host.pricing),
        host.quantization,
        host.context,
        host.uptime_30m,
        host.latency_p50_s,
        host.throughput_p50,
    )


def _host(provider: str, tag: str, *columns: Any) -> Host:
    """A host from the columns of `_FIELDS`."""
    return Host(provider, tag, pricing_of(*columns[:5]), *columns[5:])
