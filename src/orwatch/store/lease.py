"""Leases: of several processes on one cache, only one polls at a time."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Callable
from datetime import datetime

from msgspec import Struct

from orwatch.store.times import epoch


class Lease(Struct, frozen=True):
    """The right of one holder to do what the name says, until it expires.

    name: what is leased. holder: unique to the process that asks.
    The caller gives a connection in a write transaction, so that looking and taking are one step.
    """

    name: str
    holder: str

    def acquire(
        self,
        connection: sqlite3.Connection,
        now: datetime,
        ttl: float,
        may_run: Callable[[str], bool] | None = None,
    ) -> bool:
        """Take the lease for `ttl` seconds, or renew it: False while another holds it, unless that one cannot run any more."""
        at = epoch(now)
        row = connection.execute(
            "SELECT holder, taken_at, expires_at FROM lease WHERE name = ?", (self.name,)
        ).fetchone()
        held = row is not None and row[0] != self.holder and _runs(at, taken_at=row[1], expires_at=row[2])
        if held and (may_run is None or may_run(row[0])):
            return False
        connection.execute(
            """
            INSERT INTO lease VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET
                holder = excluded.holder, taken_at = excluded.taken_at, expires_at = excluded.expires_at
            """,
            (self.name, self.holder, at, at + math.ceil(ttl)),
        )
        return True

    def renew(self, connection: sqlite3.Connection, now: datetime, ttl: float) -> bool:
        """Hold on for `ttl` seconds from now: False where the lease was lost, released or taken by another."""
        at = epoch(now)
        renewed = connection.execute(
            "UPDATE lease SET taken_at = ?, expires_at = ? WHERE name = ? AND holder = ?",
            (at, at + math.ceil(ttl), self.name, self.holder),
        )
        return renewed.rowcount == 1

    def held(self, connection: sqlite3.Connection, now: datetime) -> bool:
        """Whether any holder has it."""
        row = connection.execute("SELECT taken_at, expires_at FROM lease WHERE name = ?", (self.name,)).fetchone()
        return row is not None and _runs(epoch(now), taken_at=row[0], expires_at=row[1])

    def release(self, connection: sqlite3.Connection) -> None:
        """Give it back; where another holds it, nothing changes."""
        connection.execute("DELETE FROM lease WHERE name = ? AND holder = ?", (self.name, self.holder))


def _runs(at: int, taken_at: int, expires_at: int) -> bool:
    """Whether a lease still runs.

    One that begins further in the future than it is long was taken before the clock was set back, and is over.
    """
    return abs(at - taken_at) < expires_at - taken_at
