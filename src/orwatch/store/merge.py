"""Taking into a cache what another file of the same origin holds: the newest figures of each period, and what it lacks of the rest.

ETags and notes are left out: the figures they speak of may be gone. What they save is asked for again.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from functools import partial
from typing import Any, Final

from orwatch.domain.periods import SOURCE_GRAINS, Grain
from orwatch.domain.records import Listing, Origin
from orwatch.store.alerts import AlertsTable
from orwatch.store.catalogue import PRICES, CatalogueTable
from orwatch.store.database import UNREADABLE, Database
from orwatch.store.hosts import HostsTable
from orwatch.store.journal import ALERTS_REVISION, Journal
from orwatch.store.rankings import RankingsTable
from orwatch.store.snapshots import SnapshotsTable
from orwatch.store.values import day_of, moment

_ALERTS: Final = ("alert", "judged", "snooze", "delivery", "channel")
_BEGINNING: Final = moment(0)
_DATE: Final = "-".join("[0-9]" * digits for digits in (4, 2, 2))

Part = tuple[tuple[str, ...], Callable[[Database], object], Callable[[Database, Database], object]]
"""What belongs together: its tables, how all of it is read, which fails where the file is damaged, and how it is taken into another
file."""


def merge(old: Database, fresh: Database) -> None:
    """Take in all that a file of this machine holds, or nothing. Raises DamagedCacheError and CacheError."""
    _merge(old, fresh, (*_RECORD, *_OF_MACHINE))


def merge_from_elsewhere(old: Database, fresh: Database) -> tuple[int, int]:
    """Take in what a file of another machine cannot fetch again, or nothing; rows of rankings that are new and restated.

    Its outbox and its log of requests stay there, and no alert of it is sent from here. Raises as `merge`.
    """
    return _merge(old, fresh, (*_RECORD, (_ALERTS, _read_alerts, _alerts_of_elsewhere)))


def salvage(old: Database, fresh: Database) -> None:
    """Take in what can be read of a damaged file.

    What belongs together and cannot be read to its end is left out, as is what lies on pages that are not in order: half of a
    period would be a wrong figure.
    """
    readable: Part = (("listing",), lambda _: None, _readable_rankings)
    for tables, check, take in (readable, *_RECORD, *_OF_MACHINE):
        with contextlib.suppress(*UNREADABLE):
            for table in tables:
                old.check(table)
            check(old)
            take(old, fresh)


def _merge(old: Database, fresh: Database, parts: tuple[Part, ...]) -> tuple[int, int]:
    # All is read before anything is written: the damage is that of the other file.
    held = (listing for grain in SOURCE_GRAINS for listing in RankingsTable(old).read(grain))
    listings = [listing for listing in held if listing.origin is not Origin.ARCHIVE]  # which every orwatch has
    for _, check, _ in parts:
        check(old)
    with fresh.write():
        counts = RankingsTable(fresh).put(listings)
        for _, _, take in parts:
            take(old, fresh)
        Journal(fresh).bump()
        Journal(fresh).bump(ALERTS_REVISION)
    return counts


def _readable_rankings(old: Database, fresh: Database) -> None:
    """Whatever period of the record can be read, which is whole where the pages of the table are."""
    held: list[Listing] = []
    with old.read() as connection:
        rows = connection.execute(
            f"SELECT grain, start FROM listing WHERE origin <> 'archive' AND start GLOB '{_DATE}'"  # noqa: S608
        ).fetchall()
    for grain, start in rows:
        with contextlib.suppress(*UNREADABLE):
            held += RankingsTable(old).read(Grain(grain), day_of(start), day_of(start))
    RankingsTable(fresh).put(held)


def _rows(old: Database, fresh: Database, table: str, known: str = "") -> None:
    """The rows of a table. known: what is done with those whose key is there already; nothing unless it says so."""
    with old.read() as connection:
        rows: list[tuple[Any, ...]] = connection.execute(f"SELECT * FROM {table}").fetchall()  # noqa: S608
    with fresh.write() as connection:
        if rows:
            marks = ", ".join("?" * len(rows[0]))
            connection.executemany(f"INSERT OR IGNORE INTO {table} VALUES ({marks}) {known}", rows)  # noqa: S608


def _observed(old: Database, fresh: Database, table: str, columns: tuple[str, ...]) -> None:
    """Values as they were observed. Where both files saw the same change, the earlier observation stays."""
    same = " AND ".join(f"{column} IS lag({column}) OVER past" for column in columns)
    with fresh.write() as connection:
        _rows(old, fresh, table)
        connection.execute(
            f"""
            DELETE FROM {table} WHERE (id, observed_at) IN (
                SELECT id, observed_at FROM (
                    SELECT id, observed_at, lag(observed_at) OVER past IS NOT NULL AND {same} AS repeated
                    FROM {table} WINDOW past AS (PARTITION BY id ORDER BY observed_at)
                ) WHERE repeated
            )
            """  # noqa: S608 - names of this module
        )


def _hosts(old: Database, fresh: Database) -> None:
    with fresh.write():
        _rows(old, fresh, "hosted")
        _rows(old, fresh, "host")


_SEEN: Final = """
    ON CONFLICT (id) DO UPDATE SET first_seen = min(first_seen, excluded.first_seen), last_seen = max(last_seen, excluded.last_seen)
"""
"""Benchmarks come with every catalogue."""
_NEWEST: Final = "ON CONFLICT (day) DO UPDATE SET at = max(at, excluded.at)"
_LATER: Final = """
    ON CONFLICT (dataset, of) DO UPDATE SET as_of = excluded.as_of, record = excluded.record WHERE excluded.as_of > as_of
"""
"""Of two of the same the later."""

_RECORD: Final[tuple[Part, ...]] = (
    (
        ("catalogue", "sighting"),
        lambda old: (CatalogueTable(old).models(), CatalogueTable(old).sightings()),
        partial(_rows, table="catalogue", known=_SEEN),
    ),
    (
        ("price",),
        lambda old: CatalogueTable(old).prices(),
        partial(_observed, table="price", columns=PRICES),
    ),
    (
        ("discount",),
        lambda old: CatalogueTable(old).discounts(),
        partial(_observed, table="discount", columns=("discount",)),
    ),
    (
        ("sighting",),
        lambda old: CatalogueTable(old).sightings(),
        partial(_rows, table="sighting", known=_NEWEST),
    ),
    (("provider",), lambda old: CatalogueTable(old).providers(), partial(_rows, table="provider")),
    (("hosted", "host"), lambda old: (HostsTable(old).read_all(), HostsTable(old).newest()), _hosts),
    (("snapshot",), lambda old: SnapshotsTable(old).check(), partial(_rows, table="snapshot", known=_LATER)),
)
"""What every machine may know, beside the rankings."""


def _requests(old: Database, fresh: Database) -> None:
    """The log of requests: the budget of the day holds on."""
    with old.read() as connection:
        rows = connection.execute("SELECT at, dataset, keyed, status, bytes FROM request").fetchall()
    with fresh.write() as connection:
        known = set(connection.execute("SELECT at, dataset, keyed, status, bytes FROM request"))
        connection.executemany("INSERT INTO request VALUES (?, ?, ?, ?, ?)", [row for row in rows if row not in known])


def _alerts(old: Database, fresh: Database) -> None:
    """The memory of alerts and the outbox; news of the other file are newer than those that are known."""
    with fresh.write() as connection:
        top = AlertsTable(fresh).newest()
        _remember(old, fresh, lambda number: number and number + top)
        sent = "fate = excluded.fate, at = excluded.at, claimed_by = NULL, cause = NULL WHERE excluded.fate IN ('sent', 'ended')"
        _rows(old, fresh, "delivery", f"ON CONFLICT (channel, alert_id) DO UPDATE SET {sent}")
        with old.read() as held:
            channels = [(name, since + top) for name, since in held.execute("SELECT name, since FROM channel")]
        connection.executemany("INSERT OR IGNORE INTO channel VALUES (?, ?)", channels)


def _read_alerts(old: Database) -> None:
    AlertsTable(old).known(_BEGINNING)
    AlertsTable(old).snoozes(_BEGINNING)
    AlertsTable(old).judged("")


_OF_MACHINE: Final[tuple[Part, ...]] = (
    (("request",), lambda old: Journal(old).requests(_BEGINNING), _requests),
    (_ALERTS, _read_alerts, _alerts),
)
"""What is only of use on the machine where it was kept."""


def _alerts_of_elsewhere(old: Database, fresh: Database) -> None:
    """The memory of alerts, as history: they were told there. Where there is neither news nor a channel yet, as it is."""
    with fresh.read() as connection:
        (channels,) = connection.execute("SELECT count(*) FROM channel").fetchone()
    untouched = not channels and not AlertsTable(fresh).newest()
    _remember(old, fresh, lambda number: number if untouched else None)


def _remember(old: Database, fresh: Database, numbered: Callable[[int | None], int | None]) -> None:
    """numbered: the number of an alert in the cache, from that in the other file."""
    with old.read() as connection:
        found = connection.execute("SELECT * FROM alert")
        names = [name for name, *_ in found.description]
        rows = [dict(zip(names, row, strict=True)) for row in found]
    with fresh.write() as connection:
        connection.executemany(
            f"INSERT INTO alert VALUES ({', '.join(f':{name}' for name in names)}) ON CONFLICT (id) DO UPDATE SET "  # noqa: S608
            "acknowledged_at = coalesce(acknowledged_at, excluded.acknowledged_at)",
            [row | {"number": numbered(row["number"])} for row in rows],
        )
        _rows(old, fresh, "judged")
        _rows(old, fresh, "snooze")
