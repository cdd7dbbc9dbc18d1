"""How a file comes to the tables of this orwatch: numbered migrations that only go forward.

`PRAGMA user_version` counts the migrations a file has had; `PRAGMA application_id` says that it is a cache of orwatch.
"""

from __future__ import annotations

import sqlite3
from typing import Final

from orwatch.errors import CacheError

APPLICATION_ID: Final = 0x6F727774
"""`orwt` in ASCII: the mark of orwatch in the header of its files."""

Migration = tuple[str, ...]
"""The statements of one step, applied in one transaction."""


def upgrade(connection: sqlite3.Connection, name: str, migrations: tuple[Migration, ...]) -> None:
    """Bring a file to the newest version; a file that is there already is not written to.

    name: how messages call the file. Raises CacheError for a file of another program or of a newer orwatch.
    """
    while version(connection, name, len(migrations)) < len(migrations):
        connection.execute("BEGIN IMMEDIATE")
        try:
            # Another process may have gone ahead while this one waited for the lock.
            done = version(connection, name, len(migrations))
            if done < len(migrations):
                for statement in migrations[done]:
                    connection.execute(statement)
                # A pragma takes no parameters; both values are numbers of this module.
                connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                connection.execute(f"PRAGMA user_version = {done + 1}")
            connection.execute("COMMIT")
        finally:
            if connection.in_transaction:
                connection.execute("ROLLBACK")


def version(connection: sqlite3.Connection, name: str, newest: int) -> int:
    """How many migrations a file has had: 0 for an empty one.

    newest: how many there are. Raises CacheError for a file of another program or of a newer orwatch.
    """
    # One view for all that is read: another process may be making the file.
    begun = not connection.in_transaction
    if begun:
        connection.execute("BEGIN")
    try:
        (mark,) = connection.execute("PRAGMA application_id").fetchone()
        (done,) = connection.execute("PRAGMA user_version").fetchone()
        (tables,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    finally:
        if begun and connection.in_transaction:  # SQLite has rolled back by itself after some errors
            connection.execute("ROLLBACK")
    if mark != APPLICATION_ID:
        if mark or done or tables:
            raise CacheError(
                f"{name} is a database of another program: move it aside, or name another file with --cache."
            )
        return 0
    if done > newest:
        raise CacheError(f"{name} was written by a newer orwatch: upgrade it, or name another file with --cache.")
    return int(done)
