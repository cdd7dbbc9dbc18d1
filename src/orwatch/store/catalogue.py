"""The model catalogue, the prices it has shown over time, and the providers. Nothing that was seen is deleted."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from orwatch.domain.catalogue import (
    CatalogueModel,
    ObservedDiscount,
    ObservedPrice,
    Pricing,
    Provider,
    Sighting,
)
from orwatch.store.times import epoch, moment
from orwatch.store.values import overrides_text, price, price_text, read_overrides

LAST_SECOND = epoch(datetime.max.replace(tzinfo=UTC))
"""Later than whatever is stored."""


def put_models(connection: sqlite3.Connection, models: Sequence[CatalogueModel], observed_at: datetime) -> int:
    """Store a whole catalogue by the rules of `Cache.put_models`; the number of prices that changed."""
    from orwatch.store import benchmarks

    now = epoch(observed_at)
    connection.execute("UPDATE catalogue SET present = 0 WHERE present")
    connection.executemany(
        """
        INSERT INTO catalogue VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)
        ON CONFLICT DO UPDATE SET
            canonical_slug = excluded.canonical_slug, name = excluded.name, created = excluded.created,
            context = excluded.context, open_weights = excluded.open_weights, prompt = excluded.prompt,
            completion = excluded.completion, cache_read = excluded.cache_read, discount = excluded.discount,
            overrides = excluded.overrides, expires = excluded.expires, last_seen = excluded.last_seen, present = 1
        """,
        [(*_columns(model), now, now) for model in models],
    )
    connection.execute(
        "INSERT INTO sighting VALUES (date(?, 'unixepoch'), ?) ON CONFLICT DO UPDATE SET at = max(at, excluded.at)",
        (now, now),
    )
    benchmarks.put(connection, models)
    put_discounts(connection, {model.id: model.pricing.discount for model in models}, now)
    return _put_prices(connection, models, now)


def read_models(connection: sqlite3.Connection, present_only: bool) -> tuple[CatalogueModel, ...]:
    """Entries by id, those of the newest catalogue before those that have left it."""
    return tuple(
        CatalogueModel(
            id=id_,
            canonical_slug=slug,
            name=name,
            created=None if created is None else moment(created),
            context=context,
            open_weights=bool(open_weights),
            pricing=Pricing(
                price(prompt), price(completion), price(cache_read), price(discount), read_overrides(overrides)
            ),
            expires=None if expires is None else date.fromisoformat(expires),
        )
        for (
            id_, slug, name, created, context, open_weights,
            prompt, completion, cache_read, discount, overrides, expires,
        ) in connection.execute(
            """
            SELECT id, canonical_slug, name, created, context, open_weights,
                   prompt, completion, cache_read, discount, overrides, expires
            FROM catalogue WHERE present >= ? ORDER BY present DESC, id
            """,
            (int(present_only),),
        )
    )  # fmt: skip


def read_listed_ids(connection: sqlite3.Connection) -> frozenset[str]:
    """The ids of the newest catalogue."""
    return frozenset(id_ for (id_,) in connection.execute("SELECT id FROM catalogue WHERE present"))


def read_models_at(
    connection: sqlite3.Connection, until: datetime
) -> tuple[tuple[CatalogueModel, ...], datetime | None]:
    """The entries of the newest catalogue seen before a midnight (UTC), by id, at the prices observed by then; and when that was.

    Names and what else is said of an entry are those last seen; conditional prices and discounts of then are not kept.
    """
    (seen,) = connection.execute("SELECT max(at) FROM sighting WHERE at < ?", (epoch(until),)).fetchone()
    if seen is None:
        return (), None
    # With max() in the list, SQLite takes the other columns from the row that holds the maximum.
    rows = connection.execute(
        """
        SELECT id, canonical_slug, name, created, context, open_weights, expires, held.prompt, held.completion, held.cache_read
        FROM catalogue JOIN (
            SELECT id, max(observed_at), prompt, completion, cache_read FROM price WHERE observed_at < :until GROUP BY id
        ) AS held USING (id)
        WHERE first_seen < :until AND last_seen >= :seen ORDER BY id
        """,
        {"until": epoch(until), "seen": seen},
    )
    found = tuple(
        CatalogueModel(
            id=id_,
            canonical_slug=slug,
            name=name,
            created=None if created is None else moment(created),
            context=context,
            open_weights=bool(weights),
            pricing=Pricing(price(prompt), price(completion), price(cache_read)),
            expires=None if expires is None else date.fromisoformat(expires),
        )
        for id_, slug, name, created, context, weights, expires, prompt, completion, cache_read in rows
    )
    return found, moment(seen)


def first_seen(connection: sqlite3.Connection) -> datetime | None:
    """When a catalogue was first observed."""
    (first,) = connection.execute("SELECT min(first_seen) FROM catalogue").fetchone()
    return None if first is None else moment(first)


def models_seen_at(connection: sqlite3.Connection) -> datetime | None:
    """When the newest catalogue was observed."""
    (seen,) = connection.execute("SELECT max(last_seen) FROM catalogue WHERE present").fetchone()
    return None if seen is None else moment(seen)


def read_prices(connection: sqlite3.Connection, id_: str | None, since: datetime | None) -> tuple[ObservedPrice, ...]:
    """Observed prices of one id or of all, from a time on, oldest first."""
    rows = connection.execute(
        """
        SELECT id, observed_at, prompt, completion, cache_read FROM price
        WHERE (:id IS NULL OR id = :id) AND (:since IS NULL OR observed_at >= :since)
        ORDER BY observed_at, id
        """,
        {"id": id_, "since": None if since is None else epoch(since)},
    )
    return _observed(rows)


def read_moved_prices(
    connection: sqlite3.Connection, since: datetime, until: datetime | None
) -> tuple[ObservedPrice, ...]:
    """Prices before `until` of the ids of which one was observed after `since`, oldest first."""
    rows = connection.execute(
        """
        SELECT id, observed_at, prompt, completion, cache_read FROM price
        WHERE observed_at < :until
              AND id IN (SELECT id FROM price WHERE observed_at > :since AND observed_at < :until)
        ORDER BY observed_at, id
        """,
        {"since": epoch(since), "until": _bound(until)},
    )
    return _observed(rows)


def first_price(connection: sqlite3.Connection, until: datetime | None) -> datetime | None:
    """When the first price was observed, before `until`."""
    (first,) = connection.execute(
        "SELECT min(observed_at) FROM price WHERE observed_at < ?", (_bound(until),)
    ).fetchone()
    return None if first is None else moment(first)


def _bound(until: datetime | None) -> int:
    return LAST_SECOND if until is None else epoch(until)


def _observed(rows: Iterable[tuple[str, int, str | None, str | None, str | None]]) -> tuple[ObservedPrice, ...]:
    return tuple(
        ObservedPrice(id_, moment(at), price(prompt), price(completion), price(cache_read))
        for id_, at, prompt, completion, cache_read in rows
    )


def read_pricing(connection: sqlite3.Connection, id_: str) -> Pricing | None:
    """The prices of an entry as last listed; None where it never was."""
    row = connection.execute(
        "SELECT prompt, completion, cache_read, discount FROM catalogue WHERE id = ?", (id_,)
    ).fetchone()
    return None if row is None else Pricing(price(row[0]), price(row[1]), price(row[2]), price(row[3]))


def read_sightings(connection: sqlite3.Connection) -> dict[str, Sighting]:
    """When each id was listed."""
    return {
        id_: Sighting(moment(first), moment(last), bool(present))
        for id_, first, last, present in connection.execute("SELECT id, first_seen, last_seen, present FROM catalogue")
    }


def put_discounts(connection: sqlite3.Connection, discounts: Mapping[str, Decimal | None], now: int) -> None:
    """Record each discount that differs from the latest of its id; None, unknown, changes nothing."""
    latest: dict[str, tuple[int, str]] = {}
    for id_, at, text in connection.execute("SELECT id, max(observed_at), discount FROM discount GROUP BY id"):
        latest[id_] = (at, text)
    changed = []
    for id_, discount in discounts.items():
        at, before = latest.get(id_, (now - 1, None))
        if discount is not None and discount != price(before):
            changed.append((id_, max(now, at + 1), price_text(discount)))
    connection.executemany("INSERT INTO discount VALUES (?, ?, ?)", changed)


def read_discounts(connection: sqlite3.Connection) -> tuple[ObservedDiscount, ...]:
    """Every discount observed, oldest first."""
    rows = connection.execute("SELECT id, observed_at, discount FROM discount ORDER BY observed_at, id")
    return tuple(ObservedDiscount(id_, moment(at), Decimal(text)) for id_, at, text in rows)


def put_providers(connection: sqlite3.Connection, providers: Sequence[Provider], observed_at: datetime) -> int:
    """Store providers; the number of those that are new or differ."""
    now = epoch(observed_at)
    held = {provider.slug: provider for provider in read_providers(connection)}
    connection.executemany(
        """
        INSERT INTO provider VALUES (?, ?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET
            name = excluded.name, headquarters = excluded.headquarters, last_seen = excluded.last_seen
        """,
        [(provider.slug, provider.name, provider.headquarters, now, now) for provider in providers],
    )
    return sum(held.get(provider.slug) != provider for provider in providers)


def read_providers(connection: sqlite3.Connection) -> tuple[Provider, ...]:
    """Every provider ever seen, by slug."""
    return tuple(
        Provider(slug, name, headquarters)
        for slug, name, headquarters in connection.execute(
            "SELECT slug, name, headquarters FROM provider ORDER BY slug"
        )
    )


def _put_prices(connection: sqlite3.Connection, models: Sequence[CatalogueModel], now: int) -> int:
    """Record each price that differs from the latest of its id; the number of those that had one before."""
    # With max() in the list, SQLite takes the other columns from the row that holds the maximum.
    latest = {
        id_: (at, (price(prompt), price(completion), price(cache_read)))
        for id_, at, prompt, completion, cache_read in connection.execute(
            "SELECT id, max(observed_at), prompt, completion, cache_read FROM price GROUP BY id"
        )
    }
    observed = []
    changes = 0
    for model in models:
        figures = (model.pricing.prompt, model.pricing.completion, model.pricing.cache_read)
        at, before = latest.get(model.id, (now - 1, None))
        if figures == before:
            continue
        changes += before is not None
        # A clock that was set back must not sort a change before the price it replaces, nor overwrite that.
        observed.append((model.id, max(now, at + 1), *map(price_text, figures)))
    connection.executemany("INSERT INTO price VALUES (?, ?, ?, ?, ?)", observed)
    return changes


def _columns(model: CatalogueModel) -> tuple[Any, ...]:
    pricing = model.pricing
    return (
        model.id,
        model.canonical_slug,
        model.name,
        None if model.created is None else epoch(model.created),
        model.context,
        int(model.open_weights),
        price_text(pricing.prompt),
        price_text(pricing.completion),
        price_text(pricing.cache_read),
        price_text(pricing.discount),
        overrides_text(pricing.overrides),
        None if model.expires is None else model.expires.isoformat(),
    )
