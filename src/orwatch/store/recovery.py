"""Opening a cache whatever state its file is in, and going on when something happens to it.

A damaged file is set aside, and what it and a vanished one held is kept. Nothing is ever deleted. Several processes may
find the same damage at once: one of them acts, the others follow.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from itertools import count
from pathlib import Path
from typing import Final

from orwatch.errors import CacheError, DamagedCacheError, LocklessCacheError, NoRoomError, UnwritableCacheError
from orwatch.store.cache import Cache
from orwatch.store.database import (
    APPLICATION_ID,
    UNREADABLE,
    Database,
    explained,
    go_on,
    has_locks,
    identity,
    size_of,
    upgrade,
)
from orwatch.store.journal import ORIGIN, Journal
from orwatch.store.migrations import MIGRATIONS
from orwatch.store.rankings import FOLDED

_MARK: Final = slice(68, 72)
"""Where SQLite keeps the application id in a file's header."""


def open_cache(path: Path | None, origin: str, *, own: bool, day: date) -> tuple[Cache, str | None]:
    """The cache of an origin and, where its file could not be used as it is, a sentence.

    own: the path is orwatch's own choice, so that a file there is orwatch's whatever is in it. A damaged file is set aside
    as `NAME.damaged-DATE` (of `day`), and a new one begun with what could be read of it. Where the file may not be
    written to or locked, or the disk has no room, the cache is in memory, with what the file holds. path: None where there is no
    place for one.

    Raises CacheError for a file of another program, another origin or a newer orwatch, and for one that is locked: none of
    them is moved or changed.
    """
    if path is None:
        return Cache.open(None, origin), _in_memory("No home folder is known for the cache", "set HOME")
    try:
        return Cache.open(path, origin), None
    except DamagedCacheError:
        if not (own or _is_ours(path)):
            raise
        damaged = _set_aside(path, day)
        cache = Cache.open(path, origin)
        if damaged is None:
            return cache, None
        take_from(damaged, cache.database)
        return cache, _begun_anew(cache.database.name, damaged)
    except NoRoomError as error:
        try:
            held = open_copy(path, f"The cache {path}", origin, claim=True)
        except CacheError:
            raise error from None
        cause, _, remedy = str(error).partition(": ")
        return held, _in_memory(cause, re.split("; |, or ", remedy)[0])
    except LocklessCacheError as error:
        return _open_in_memory(path, origin), _in_memory(str(error).rpartition(": ")[0], "mount it with locks")
    except UnwritableCacheError as error:
        if path.is_dir():
            raise
        return _open_in_memory(path, origin), _in_memory(str(error).rpartition(": ")[0] or str(error))


def mend(cache: Cache, day: date) -> str | None:
    """Put right what has happened to the file since it was opened; a sentence about it, None where nothing has.

    A damaged file is set aside as `NAME.damaged-DATE` (of `day`), and a new one begun with what could be read of it.
    A file that has vanished is written anew; where another has taken its place, that one is filled up with what this
    one held, and used. Raises CacheError; the cache is then as it was.
    """
    database = cache.database
    path, name = database.path, database.name
    if path is None:
        return None
    if database.damaged:
        damaged = _set_aside(path, day, database.identity)
        with _opened(path, cache.origin) as fresh:
            if damaged is not None:
                take_from(damaged, fresh)
            database.take(fresh)
        return None if damaged is None else _begun_anew(name, damaged)
    found = identity(path)
    if found == database.identity:
        return None
    with _opened(path, cache.origin) as fresh:
        with database.alone():
            _salvage(database, fresh)
        database.take(fresh)
    return f"{name} had vanished; what was known is written anew." if found is None else None


def detach(cache: Cache) -> str | None:
    """Go on in memory with what the file holds, as it cannot be written to; a sentence about it. Raises CacheError."""
    database = cache.database
    path, name = database.path, database.name
    if path is None:
        return None
    database.take(Database(read_only_copy(path, name), None))
    return _in_memory(f"{name} is read-only")


def _begun_anew(name: str, damaged: Path) -> str:
    """What to say when a damaged file was set aside."""
    return f"{name} was damaged: it is kept as {damaged.name}, and a new one has begun with what could be read of it."


def _in_memory(cause: str, mend: str = "make it writable") -> str:
    """What to say when a file cannot be written to."""
    return f"{cause}: orwatch works in memory and keeps nothing new when it ends; {mend} or use --cache."


def _open_in_memory(path: Path, origin: str) -> Cache:
    """A cache in memory with what the file holds, if it may be read. Raises CacheError where the file is not ours."""
    if not path.exists():
        return Cache.open(None, origin)
    try:
        return open_copy(path, f"The cache {path}", origin, claim=True)
    except UnwritableCacheError:
        return Cache.open(None, origin)  # it may not even be read


def open_copy(path: Path, name: str, origin: str, *, claim: bool) -> Cache:
    """A cache in memory with what a file of the origin holds, which is not changed.

    name: how messages call the file. claim: whether a file that names no origin is taken for one of it. Raises CacheError,
    DamagedCacheError among them.
    """
    connection = read_only_copy(path, name)
    try:
        with explained(name):
            upgrade(connection, name, MIGRATIONS)
        database = Database(connection, None)
        database.name = name
        if not claim and Journal(database).get(ORIGIN) is None:
            raise CacheError(f"{name} does not say of which server its figures are: name another file.")
        return Cache(database, origin)
    except BaseException:
        connection.close()
        raise


@contextlib.contextmanager
def _opened(path: Path, origin: str) -> Iterator[Database]:
    """A database of the origin on the path; it is closed again where it cannot be taken over."""
    fresh = Cache.open(path, origin).database
    try:
        yield fresh
    except BaseException:
        fresh.close()
        raise


def _is_ours(path: Path) -> bool:
    """Whether the file carries the mark of orwatch, however damaged the rest is."""
    try:
        with path.open("rb") as file:
            return file.read(100)[_MARK] == APPLICATION_ID.to_bytes(4, "big")
    except OSError:
        return False


def _set_aside(path: Path, day: date, expected: tuple[int, int] | None = None) -> Path | None:
    """Rename a damaged file, with its log, to `NAME.damaged-DATE`; the new path.

    expected: the file's identity; None is returned where another file has taken its place, as another process has
    acted already. Raises CacheError where it cannot be renamed.
    """
    path = Path(os.path.realpath(path))
    try:
        with path.open("rb") as file:
            # All that found the damage hold the same file: of them one renames, and the rest find it gone.
            fcntl.flock(file, fcntl.LOCK_EX)
            found = os.fstat(file.fileno())
            if (found.st_dev, found.st_ino) != identity(path) or (expected and expected != identity(path)):
                return None
            target = free_name(path, day)
            # The log first: without its file SQLite would take it for nothing and delete it.
            for suffix in ("-wal", "-shm", ""):
                with contextlib.suppress(FileNotFoundError):
                    os.rename(f"{path}{suffix}", f"{target}{suffix}")
            return target
    except FileNotFoundError:
        return None
    except OSError as error:
        raise CacheError(
            f"The cache {path} is damaged and cannot be moved aside ({error.strerror}): name another file with --cache."
        ) from error


def free_name(path: Path, day: date) -> Path:
    """The first of `NAME.damaged-DATE`, `NAME.damaged-DATE-2` … that no file has."""
    names = (path.with_name(f"{path.name}.damaged-{day}" + (f"-{n}" if n > 1 else "")) for n in count(1))
    return next(name for name in names if not any(os.path.lexists(f"{name}{suffix}") for suffix in ("", "-wal")))


def take_from(damaged: Path, fresh: Database) -> None:
    """Take into a cache what can be read whole of a damaged file, which is not changed."""
    # Where nothing is in its log the file alone is read, and SQLite makes none beside it.
    logged = size_of(Path(f"{damaged}-wal")) > 0
    how = "mode=ro" if logged else "immutable=1"
    with contextlib.suppress(sqlite3.Error):
        old = sqlite3.connect(f"{damaged.absolute().as_uri()}?{how}", uri=True, isolation_level=None)
        with closing(old):
            with contextlib.suppress(*UNREADABLE):
                _read_as_newest(old)
            _salvage(Database(old, None), fresh)


def _salvage(old: Database, fresh: Database) -> None:
    # How each table is merged, which a cache that is whole does without.
    from orwatch.store.merge import salvage

    salvage(old, fresh)


def _read_as_newest(old: sqlite3.Connection) -> None:
    """Have a damaged file of an older orwatch, which is not migrated, read as one of this one: what it lacks stands in a view."""
    columns = {name for _, name, *_ in old.execute("PRAGMA table_info(listing)")}
    if "slugs" not in columns:
        Database(old, None).check("tokens")
        origin = "origin" if "origin" in columns else "'api'"
        old.execute(f"CREATE TEMP VIEW listing AS {FOLDED.format(origin=origin)}")


def read_only_copy(path: Path, name: str) -> sqlite3.Connection:
    """What a file holds that may be read and not written, in memory. Raises CacheError."""
    memory = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    uri = Path(os.path.realpath(path)).as_uri()
    try:
        with explained(name):
            try:
                _copy(f"{uri}?{'mode=ro' if has_locks(path) else 'immutable=1'}", memory)
            except sqlite3.OperationalError:
                # In a folder that may not be written to, SQLite cannot share the file's log; without it the file is whole.
                _copy(f"{uri}?immutable=1", memory)
    except BaseException:
        memory.close()
        raise
    return memory


def _copy(uri: str, memory: sqlite3.Connection) -> None:
    with closing(sqlite3.connect(uri, uri=True)) as held:
        held.backup(memory, progress=go_on)
