"""Leases: of several processes on one cache, only one polls at a time."""

from __future__ import annotations

import math
import os
from datetime import datetime
from pathlib import Path
from typing import Final

from msgspec import Struct

from orwatch.store.database import Database, Migration
from orwatch.store.values import epoch

CREATE: Final[Migration] = (
    """
    CREATE TABLE lease (
        name TEXT NOT NULL PRIMARY KEY,
        holder TEXT NOT NULL,
        taken_at INTEGER NOT NULL,
        expires_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
)

SEPARATOR: Final = "/"


def new_holder() -> str:
    """A name for this process that no other has: its host, process namespace and id, and a random part."""
    return SEPARATOR.join((_place(), str(os.getpid()), os.urandom(6).hex()))


def may_run(holder: str) -> bool:
    """Whether a holder's process may still run: one of this machine that has ended does not; of another nobody knows."""
    place, _, rest = holder.rpartition(SEPARATOR)[0].rpartition(SEPARATOR)
    if place != _place() or not rest.isdigit():
        return True
    try:
        os.kill(int(rest), 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return not _is_unreaped(rest)


def _is_unreaped(pid: str) -> bool:
    """Whether a process has ended and its parent has not asked for that yet (proc(5), state Z); elsewhere nobody knows."""
    try:
        return Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()[0] in (b"Z", b"X")
    except (OSError, IndexError):
        return False


class Leases(Struct, frozen=True):
    """The right of one holder to do what a name says, until it expires. Every method raises CacheError.

    name: what is leased. holder: unique to the process that asks, as `new_holder` gives it. ttl: in seconds.
    """

    database: Database

    def acquire(self, name: str, holder: str, now: datetime, ttl: float) -> bool:
        """Take or renew a lease for `ttl` seconds: False while another holder has it."""
        at = epoch(now)
        with self.database.write() as connection:
            if self._running(name, now) not in (None, holder):
                return False
            connection.execute(
                "INSERT OR REPLACE INTO lease VALUES (?, ?, ?, ?)", (name, holder, at, at + math.ceil(ttl))
            )
            return True

    def renew(self, name: str, holder: str, now: datetime, ttl: float) -> bool:
        """Hold on for `ttl` seconds from now: False where the lease was lost, released or taken by another."""
        at = epoch(now)
        with self.database.write() as connection:
            renewed = connection.execute(
                "UPDATE lease SET taken_at = ?, expires_at = ? WHERE name = ? AND holder = ?",
                (at, at + math.ceil(ttl), name, holder),
            )
            return renewed.rowcount == 1

    def held(self, name: str, now: datetime) -> bool:
        """Whether anybody holds a lease."""
        return self._running(name, now) is not None

    def release(self, name: str, holder: str) -> None:
        """Give a lease back, so that another holder need not wait for its end; that of another stays."""
        with self.database.write() as connection:
            connection.execute("DELETE FROM lease WHERE name = ? AND holder = ?", (name, holder))

    def _running(self, name: str, now: datetime) -> str | None:
        """Who has a lease that still runs: that of a process which has ended does not.

        One that begins further in the future than it is long was taken before the clock was set back, and is over.
        """
        query = "SELECT holder FROM lease WHERE name = ? AND abs(? - taken_at) < expires_at - taken_at"
        holder = self.database.find(str, query, (name, epoch(now)))
        return holder if holder and may_run(holder) else None


def _place() -> str:
    try:
        space = os.readlink("/proc/self/ns/pid")  # containers may share a host's name, and count processes apart
    except OSError:
        space = ""
    return f"{os.uname().nodename}{SEPARATOR}{space}"
