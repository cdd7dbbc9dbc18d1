"""What the entries of the catalogue are called, without their prices."""

from __future__ import annotations

import sqlite3

from orwatch.domain.names import Listed


def read(connection: sqlite3.Connection) -> tuple[Listed, ...]:
    """Entries by id, those of the newest catalogue before those that have left it."""
    rows = connection.execute("SELECT id, canonical_slug, name, open_weights FROM catalogue ORDER BY present DESC, id")
    return tuple(Listed(id_, slug, name, bool(open_weights)) for id_, slug, name, open_weights in rows)
