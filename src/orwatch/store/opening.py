"""Opening a cache whatever state its file is in, with a sentence where that is not what was expected."""

from __future__ import annotations

import sqlite3
from datetime import date
from pathlib import Path

from orwatch.errors import DamagedCacheError, UnwritableCacheError
from orwatch.store.cache import Cache
from orwatch.store.database import Database


def open_cache(path: Path | None, origin: str, *, own: bool, day: date) -> tuple[Cache, str | None]:
    """The cache of an origin and, where its file could not be used as it is, a sentence.

    own: the path is orwatch's own choice, so that a file there is orwatch's whatever is in it. A damaged file is set aside
    as `NAME.damaged-DATE` (of `day`), and a new one begun with what could be read of it. Where the file may not be
    written to, the cache is in memory, with what the file holds. path: None where there is no place for one.

    Raises CacheError for a file of another program, another origin or a newer orwatch, and for one that is locked: none of
    them is moved or changed.
    """
    if path is None:
        from orwatch.store.mending import in_memory

        return Cache.open(None, origin), in_memory("No home folder is known for the cache", "set HOME")
    try:
        return Cache.open(path, origin), None
    except DamagedCacheError:
        from orwatch.store import mending

        if not (own or mending.is_ours(path)):
            raise
        damaged = mending.set_aside(path, day)
        database = Database.open(path)
        cache = Cache(database, origin)
        if damaged is None:
            return cache, None
        mending.salvage(damaged, database)
        return cache, mending.begun_anew(database.name, damaged)
    except UnwritableCacheError as error:
        if path.is_dir():
            raise
        return _in_memory(path, origin), _why(error)


def _in_memory(path: Path, origin: str) -> Cache:
    """A cache in memory with what the file holds, if it may be read. Raises CacheError where the file is not ours."""
    from orwatch.store.mending import read_only_copy
    from orwatch.store.schema import migrate

    name = f"The cache {path}"
    if not path.exists():
        return Cache.open(None, origin)
    try:
        connection: sqlite3.Connection = read_only_copy(path, name)
    except UnwritableCacheError:
        return Cache.open(None, origin)  # it may not even be read
    migrate(connection, name)
    return Cache(Database(connection, None), origin)


def _why(error: UnwritableCacheError) -> str:
    """The cause of the error with the way on in place of its mend."""
    from orwatch.store.mending import in_memory

    return in_memory(str(error).rpartition(": ")[0] or str(error))
