"""The model catalogue, the prices and discounts it has shown over time, benchmarks and providers. Nothing is deleted."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

import msgspec
from msgspec import Struct
from msgspec.structs import astuple

from orwatch.domain.catalogue import (
    CatalogueModel,
    ObservedDiscount,
    ObservedPrice,
    Pricing,
    Provider,
    Sighting,
)
from orwatch.domain.scores import ArenaScore, Benchmarks, Index
from orwatch.store.database import Database, Migration
from orwatch.store.journal import Journal
from orwatch.store.values import (
    day_of,
    epoch,
    json_text,
    maybe_epoch,
    maybe_moment,
    moment,
    number,
    price,
    price_text,
    pricing_columns,
    pricing_of,
)

CREATE: Final[Migration] = (
    # overrides: a JSON list. present: in the newest catalogue; an entry that leaves it is kept.
    """
    CREATE TABLE catalogue (
        id TEXT NOT NULL PRIMARY KEY,
        canonical_slug TEXT NOT NULL,
        name TEXT NOT NULL,
        created INTEGER,
        context INTEGER,
        open_weights INTEGER NOT NULL,
        prompt TEXT,
        completion TEXT,
        cache_read TEXT,
        discount TEXT,
        overrides TEXT NOT NULL,
        expires TEXT,
        first_seen INTEGER NOT NULL,
        last_seen INTEGER NOT NULL,
        present INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE price (
        id TEXT NOT NULL,
        observed_at INTEGER NOT NULL,
        prompt TEXT,
        completion TEXT,
        cache_read TEXT,
        PRIMARY KEY (id, observed_at)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE provider (
        slug TEXT NOT NULL PRIMARY KEY,
        name TEXT NOT NULL,
        headquarters TEXT,
        first_seen INTEGER NOT NULL,
        last_seen INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
)

CREATE_SIGHTINGS: Final[Migration] = (
    # When the catalogue was last seen on each day (UTC): what was listed, and at what price, at the end of any day.
    """
    CREATE TABLE sighting (
        day TEXT NOT NULL PRIMARY KEY,
        at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    """
    INSERT INTO sighting
    SELECT date(at, 'unixepoch'), max(at) FROM (
        SELECT first_seen AS at FROM catalogue UNION SELECT last_seen FROM catalogue UNION SELECT observed_at FROM price
    ) GROUP BY 1
    """,
)

CREATE_BENCHMARKS: Final[Migration] = (
    # arena, indices: JSON lists of lists. A model without benchmarks has no row.
    """
    CREATE TABLE benchmark (
        model_id TEXT NOT NULL PRIMARY KEY,
        arena TEXT NOT NULL,
        indices TEXT NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
)

CREATE_DISCOUNTS: Final[Migration] = (
    # Changes only, as in `price`; a fraction as decimal text. The catalogue tells few, the hosts of a model most.
    """
    CREATE TABLE discount (
        id TEXT NOT NULL,
        observed_at INTEGER NOT NULL,
        discount TEXT NOT NULL,
        PRIMARY KEY (id, observed_at)
    ) STRICT, WITHOUT ROWID
    """,
)


PRICES: Final = ("prompt", "completion", "cache_read")
"""The prices that are observed."""


class CatalogueTable(Struct, frozen=True):
    """What can be bought: models, their prices and benchmarks, and providers. Every method raises CacheError."""

    database: Database

    def put_models(self, models: Iterable[CatalogueModel], observed_at: datetime) -> tuple[int, int]:
        """Store a whole catalogue; the models that are new, and how many it gave another price than they had.

        Models that it lacks are kept and are no longer present. The first price of a model is recorded and is no
        change. Of an id given twice the last entry counts. An empty catalogue changes nothing. Benchmarks that were not
        read (None) stay as they were. Where the clock was set back, a change is recorded one second after the price it
        replaces, so that the order holds.
        """
        offered = {model.id: model for model in models}
        if not offered:
            return 0, 0
        now = epoch(observed_at)
        with self.database.write() as connection:
            known = {id_ for (id_,) in connection.execute("SELECT id FROM catalogue")}
            connection.execute("UPDATE catalogue SET present = 0 WHERE present")
            connection.executemany(
                """
                INSERT INTO catalogue VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)
                ON CONFLICT DO UPDATE SET
                    canonical_slug = excluded.canonical_slug, name = excluded.name, created = excluded.created,
                    context = excluded.context, open_weights = excluded.open_weights, prompt = excluded.prompt,
                    completion = excluded.completion, cache_read = excluded.cache_read, discount = excluded.discount,
                    overrides = excluded.overrides, expires = excluded.expires, last_seen = excluded.last_seen,
                    present = 1
                """,
                [(*_columns(model), now, now) for model in offered.values()],
            )
            connection.execute(
                """
                INSERT INTO sighting VALUES (date(:now, 'unixepoch'), :now)
                ON CONFLICT DO UPDATE SET at = max(at, excluded.at)
                """,
                {"now": now},
            )
            _put_benchmarks(connection, offered.values())
            pricing = {id_: model.pricing for id_, model in offered.items()}
            self.put_discounts({id_: told.discount for id_, told in pricing.items()}, observed_at)
            prices = {id_: (told.prompt, told.completion, told.cache_read) for id_, told in pricing.items()}
            changes = self._observe("price", PRICES, prices, now)
            Journal(self.database).bump()
        return len(offered.keys() - known), changes

    def models(self, present: bool | None = None) -> tuple[CatalogueModel, ...]:
        """Every model ever seen, by id, those of the newest catalogue first; or only those, or only the others."""
        query = """
            SELECT id, canonical_slug, name, created, context, open_weights, expires,
                   prompt, completion, cache_read, discount, overrides
            FROM catalogue WHERE :present IS NULL OR present = :present ORDER BY present DESC, id
        """
        return self.database.select(_model, query, {"present": present})

    def models_at(self, until: datetime) -> tuple[tuple[CatalogueModel, ...], datetime | None]:
        """The newest catalogue seen before a midnight (UTC), by id, and when that was: nothing and None where none was.

        At the prices observed by then; conditional prices and discounts of then are not kept, the rest is as last seen.
        """
        # With max() in the list, SQLite takes the other columns from the row that holds the maximum.
        query = """
            SELECT id, canonical_slug, name, created, context, open_weights, expires,
                   held.prompt, held.completion, held.cache_read, NULL, '[]'
            FROM catalogue JOIN (
                SELECT id, max(observed_at), prompt, completion, cache_read FROM price
                WHERE observed_at < :until GROUP BY id
            ) AS held USING (id)
            WHERE first_seen < :until AND last_seen >= :seen ORDER BY id
        """
        with self.database.read():
            seen = self.database.find(maybe_moment, "SELECT max(at) FROM sighting WHERE at < ?", (epoch(until),))
            given = {"until": epoch(until), "seen": maybe_epoch(seen)}
            return () if seen is None else self.database.select(_model, query, given), seen

    def sightings(self) -> dict[str, Sighting]:
        """When each model was listed, by id."""
        return dict(
            self.database.select(
                lambda id_, first, last, present: (id_, Sighting(moment(first), moment(last), bool(present))),
                "SELECT id, first_seen, last_seen, present FROM catalogue",
            )
        )

    def first_seen(self) -> datetime | None:
        """When a catalogue was first observed; None where none was."""
        return self.database.find(maybe_moment, "SELECT min(first_seen) FROM catalogue")

    def seen_at(self) -> datetime | None:
        """When the newest catalogue was observed; None where there is none."""
        return self.database.find(maybe_moment, "SELECT max(last_seen) FROM catalogue WHERE present")

    def priced_since(self) -> datetime | None:
        """When the first price was observed; None where none was."""
        return self.database.find(maybe_moment, "SELECT min(observed_at) FROM price")

    def prices(
        self,
        id: str | None = None,  # noqa: A002
        until: datetime | None = None,
        *,
        changed: bool = False,
    ) -> tuple[ObservedPrice, ...]:
        """The prices observed, of one id or of all, oldest first.

        until: leaves out those observed from then on. changed: only of ids that had more than one.
        """
        query = """
            SELECT id, observed_at, prompt, completion, cache_read FROM price
            WHERE (:id IS NULL OR id = :id) AND (:until IS NULL OR observed_at < :until)
                AND (NOT :changed OR id IN (SELECT id FROM price GROUP BY id HAVING count(*) > 1))
            ORDER BY observed_at, id
        """
        return self.database.select(
            lambda id_, at, *prices: ObservedPrice(id_, moment(at), *map(price, prices)),
            query,
            {"id": id, "until": maybe_epoch(until), "changed": changed},
        )

    def discounts(self) -> tuple[ObservedDiscount, ...]:
        """Every change of a discount that the catalogue or the hosts of a model told, oldest first."""
        return self.database.select(
            lambda id_, at, text: ObservedDiscount(id_, moment(at), number(text)),
            "SELECT id, observed_at, discount FROM discount ORDER BY observed_at, id",
        )

    def pricing(self, id_: str) -> Pricing | None:
        """The prices of an entry as last listed; None where it never was."""
        query = "SELECT prompt, completion, cache_read, discount, overrides FROM catalogue WHERE id = ?"
        return self.database.find(pricing_of, query, (id_,))

    def put_discounts(self, discounts: Mapping[str, Decimal | None], observed_at: datetime) -> None:
        """Record each discount that differs from the latest of its id; None, unknown, changes nothing."""
        told = {id_: (discount,) for id_, discount in discounts.items() if discount is not None}
        self._observe("discount", ("discount",), told, epoch(observed_at))

    def benchmarks(self, model_id: str) -> Benchmarks:
        """What the newest catalogue repeats of a model's benchmarks; empty where it has none."""
        query = "SELECT arena, indices FROM benchmark WHERE model_id = ?"
        return self.database.find(_benchmarks, query, (model_id,)) or Benchmarks()

    def all_benchmarks(self) -> dict[str, tuple[str, Benchmarks]]:
        """What the newest catalogue repeats of benchmarks: by canonical slug, with the model's name."""
        query = """
            SELECT canonical_slug, name, arena, indices FROM catalogue JOIN benchmark ON model_id = id WHERE present
            ORDER BY canonical_slug, id
        """
        found = self.database.select(lambda slug, name, *told: (slug, (name, _benchmarks(*told))), query)
        return dict(reversed(found))

    def put_providers(self, providers: Iterable[Provider], observed_at: datetime) -> tuple[int, int]:
        """Store providers; those that are new, and those that differ. Those that are not given are kept."""
        offered = {provider.slug: provider for provider in providers}
        if not offered:
            return 0, 0
        now = epoch(observed_at)
        with self.database.write() as connection:
            held = {provider.slug: provider for provider in self.providers()}
            connection.executemany(
                """
                INSERT INTO provider VALUES (?, ?, ?, ?, ?)
                ON CONFLICT DO UPDATE SET
                    name = excluded.name, headquarters = excluded.headquarters, last_seen = excluded.last_seen
                """,
                [(provider.slug, provider.name, provider.headquarters, now, now) for provider in offered.values()],
            )
            Journal(self.database).bump()
        return len(offered.keys() - held.keys()), sum(offered.get(slug, one) != one for slug, one in held.items())

    def providers(self) -> tuple[Provider, ...]:
        """Every provider ever seen, by slug."""
        return self.database.select(Provider, "SELECT slug, name, headquarters FROM provider ORDER BY slug")

    def _observe(
        self, table: str, columns: tuple[str, ...], told: Mapping[str, tuple[Decimal | None, ...]], now: int
    ) -> int:
        """Record what differs from the latest of its id; how many had another before. told: by id, in the order of the columns."""
        # With max() in the list, SQLite takes the other columns from the row that holds the maximum.
        query = f"SELECT id, max(observed_at), {', '.join(columns)} FROM {table} GROUP BY id"  # noqa: S608 - names of this module
        with self.database.write() as connection:
            latest = dict(self.database.select(lambda id_, at, *held: (id_, (at, tuple(map(price, held)))), query))
            rows = []
            changes = 0
            for id_, figures in told.items():
                at, before = latest.get(id_, (now - 1, None))
                if figures != before:
                    changes += before is not None
                    # A clock that was set back must not sort a change before what it replaces, nor overwrite that.
                    rows.append((id_, max(now, at + 1), *map(price_text, figures)))
            marks = ", ".join("?" * (2 + len(columns)))
            connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)  # noqa: S608
            return changes


def _benchmarks(arena: str, indices: str) -> Benchmarks:
    """From JSON lists of lists."""
    scores, figures = map(msgspec.json.decode, (arena, indices))
    return Benchmarks(tuple(ArenaScore(*score) for score in scores), tuple(Index(*index) for index in figures))


def _put_benchmarks(connection: sqlite3.Connection, models: Iterable[CatalogueModel]) -> None:
    """Store what the entries say in place of what they said; those whose benchmarks were not read (None) keep theirs."""
    read = [(model.id, model.benchmarks) for model in models if model.benchmarks is not None]
    connection.executemany("DELETE FROM benchmark WHERE model_id = ?", [(id_,) for id_, _ in read])
    connection.executemany(
        "INSERT INTO benchmark VALUES (?, ?, ?)",
        [
            (
                id_,
                json_text([astuple(score) for score in found.arena]),
                json_text([astuple(index) for index in found.indices]),
            )
            for id_, found in read
            if found
        ],
    )


def _columns(model: CatalogueModel) -> tuple[Any, ...]:
    """An entry as the first columns of its row."""
    return (
        model.id,
        model.canonical_slug,
        model.name,
        maybe_epoch(model.created),
        model.context,
        int(model.open_weights),
        *pricing_columns(model.pricing),
        None if model.expires is None else model.expires.isoformat(),
    )


def _model(
    id_: str,
    slug: str,
    name: str,
    created: int | None,
    context: int | None,
    open_: int,
    expires: str | None,
    *pricing: Any,
) -> CatalogueModel:
    """An entry from the columns of `models` and `models_at`."""
    return CatalogueModel(
        id=id_,
        canonical_slug=slug,
        name=name,
        created=maybe_moment(created),
        context=context,
        open_weights=bool(open_),
        pricing=pricing_of(*pricing),
        expires=None if expires is None else day_of(expires),
    )
