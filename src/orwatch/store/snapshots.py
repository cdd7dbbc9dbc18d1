"""What stands beside the rankings: whole answers, each kept under what it is of. Most cannot be asked for again."""

from __future__ import annotations

import zlib
from datetime import datetime
from typing import Final, TypeVar

import msgspec
from msgspec import Struct

from orwatch.store.database import Database, Migration
from orwatch.store.journal import Journal
from orwatch.store.values import epoch, moment

CREATE: Final[Migration] = (
    # dataset: the tag of the record. of: what it is of (a date, or a name), by which those of a dataset are in order.
    # as_of: when its figures were taken. record: its JSON, compressed.
    """
    CREATE TABLE snapshot (
        dataset TEXT NOT NULL,
        of TEXT NOT NULL,
        as_of INTEGER NOT NULL,
        record BLOB NOT NULL,
        PRIMARY KEY (dataset, of)
    ) STRICT
    """,
)

LAST: Final = "\U0010ffff"
"""Behind everything that a snapshot can be of."""

T = TypeVar("T", bound=Struct)


class Held(Struct, frozen=True):
    """What there is of a dataset. count: snapshots. first, last: the days that the first and last are of, None where they are of
    none, as categories of apps. as_of: of the newest figures.
    """

    count: int
    first: str | None
    last: str | None
    as_of: datetime


class SnapshotsTable(Struct, frozen=True):
    """Records of the wider market, by their type, whose tag names the dataset. Every method raises CacheError."""

    database: Database

    def put(self, record: Struct, of: str, as_of: datetime) -> tuple[int, int]:
        """Keep a record; whether it is new (1, 0), another than that which was kept of the same (0, 1), or neither (0, 0).

        of: what it is of. as_of: when its figures were taken; of two records of the same the later counts.
        """
        dataset, packed = dataset_of(type(record)), zlib.compress(msgspec.json.encode(record))
        with self.database.write() as connection:
            row = connection.execute(
                "SELECT as_of, record FROM snapshot WHERE dataset = ? AND of = ?", (dataset, of)
            ).fetchone()
            if row is not None and (row[0] > epoch(as_of) or row[1] == packed):
                return 0, 0
            connection.execute(
                "INSERT OR REPLACE INTO snapshot VALUES (?, ?, ?, ?)", (dataset, of, epoch(as_of), packed)
            )
            Journal(self.database).bump()
            return (1, 0) if row is None else (0, 1)

    def read(self, kind: type[T], since: str = "", until: str = LAST) -> tuple[T, ...]:
        """The records of a type, in the order of what they are of. since, until: its bounds, both included."""
        return tuple(self.read_by(kind, since, until).values())

    def read_by(self, kind: type[T], since: str = "", until: str = LAST) -> dict[str, T]:
        """The same by what they are of."""
        return self._read(kind, (dataset_of(kind), since, until, -1), "ASC")

    def newest(self, kind: type[T], until: str = LAST) -> T | None:
        """The last record of a type that is of something up to a bound, which is included; None where there is none."""
        return next(iter(self._read(kind, (dataset_of(kind), "", until, 1), "DESC").values()), None)

    def _read(self, kind: type[T], asked: tuple[str, str, str, int], order: str) -> dict[str, T]:
        query = f"SELECT of, record FROM snapshot WHERE dataset = ? AND of BETWEEN ? AND ? ORDER BY of {order} LIMIT ?"  # noqa: S608
        return dict(
            self.database.select(
                lambda of, record: (of, msgspec.json.decode(_unpacked(record), type=kind)), query, asked
            )
        )

    def taken(self, kind: type[Struct]) -> dict[str, datetime]:
        """When the figures of each snapshot of a type were taken, by what it is of, in that order."""
        query = "SELECT of, as_of FROM snapshot WHERE dataset = ? ORDER BY of"
        return dict(self.database.select(lambda of, as_of: (of, moment(as_of)), query, (dataset_of(kind),)))

    def held(self) -> dict[str, Held]:
        """What there is, by dataset."""
        query = """
            SELECT dataset, count(*), min(of) FILTER (WHERE of GLOB '????-??-??'), max(of) FILTER (WHERE of GLOB '????-??-??'),
                   max(as_of)
            FROM snapshot GROUP BY dataset ORDER BY dataset
        """
        return dict(
            self.database.select(
                lambda dataset, count, first, last, as_of: (dataset, Held(count, first, last, moment(as_of))), query
            )
        )

    def check(self) -> None:
        """Read all of it; raises DamagedCacheError where some cannot be."""
        with self.database.read() as connection:
            for dataset, record in connection.execute("SELECT dataset, record FROM snapshot"):
                if not isinstance(dataset, str):
                    raise ValueError(dataset)
                _unpacked(record)


def dataset_of(kind: type[Struct]) -> str:
    """The dataset that records of a type belong to."""
    return str(kind.__struct_config__.tag)


def _unpacked(record: bytes) -> bytes:
    """Raises ValueError where it is damaged."""
    try:
        return zlib.decompress(record)
    except zlib.error as error:
        raise ValueError(str(error)) from error
