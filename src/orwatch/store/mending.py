"""What is done when something happened to a file: a damaged one is set aside, what it and a vanished one held is kept.

Nothing is ever deleted. Several processes may find the same damage at once: one of them acts, the others follow.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Final

from orwatch.domain.records import Grain
from orwatch.errors import CacheError
from orwatch.store import alerts, catalogue, hosts, journal, rankings
from orwatch.store.database import Database, explained, identity, size_of
from orwatch.store.schema import APPLICATION_ID
from orwatch.store.times import moment

_MARK: Final = slice(68, 72)
"""Where SQLite keeps the application id in a file's header."""

_MOST_NAMES: Final = 1000

_UNREADABLE: Final = (sqlite3.Error, ValueError, KeyError, TypeError, IndexError, ArithmeticError, CacheError)
"""What reading a damaged file may end in."""


def mend(database: Database, claim: Callable[[Database], None], day: date) -> str | None:
    """What `Cache.mend` does to a database whose file is damaged, gone or another one.

    claim: raises CacheError where a file is not of the cache's origin. Where it fails, the database stays as it is.
    """
    path, name = database.path, database.name
    assert path is not None
    if not database.damaged:
        vanished = identity(path) is None
        with _opened(path, claim) as fresh:
            with database.alone() as old:
                merge(old, fresh)
            database.take(fresh)
        return f"{name} had vanished; what was known is written anew." if vanished else None
    damaged = set_aside(path, day, database.identity)
    with _opened(path, claim) as fresh:
        if damaged is not None:
            salvage(damaged, fresh)
        database.take(fresh)
    return None if damaged is None else begun_anew(name, damaged)


def begun_anew(name: str, damaged: Path) -> str:
    """What to say when a damaged file was set aside."""
    return f"{name} was damaged: it is kept as {damaged.name}, and a new one has begun with what could be read of it."


def detach(database: Database) -> str | None:
    """What `Cache.detach` does."""
    path, name = database.path, database.name
    if path is None:
        return None
    database.take(Database(read_only_copy(path, name), None))
    return in_memory(f"{name} is read-only")


def in_memory(cause: str, mend: str = "make it writable") -> str:
    """What to say when a file cannot be written to."""
    return f"{cause}: orwatch works in memory and keeps nothing new when it ends; {mend} or use --cache."


@contextlib.contextmanager
def _opened(path: Path, claim: Callable[[Database], None]) -> Iterator[Database]:
    """A database on the path; it is closed again where it cannot be taken over."""
    fresh = Database.open(path)
    try:
        claim(fresh)
        yield fresh
    except BaseException:
        fresh.close()
        raise


_COPIED: Final[tuple[tuple[tuple[str, ...], Callable[[sqlite3.Connection], object]], ...]] = (
    (("catalogue",), lambda old: (catalogue.read_models(old, False), catalogue.models_seen_at(old))),
    (("price",), lambda old: catalogue.read_prices(old, None, None)),
    (("discount",), catalogue.read_discounts),
    (("sighting",), catalogue.read_sightings),
    (("provider",), catalogue.read_providers),
    (("hosted", "host"), lambda old: hosts.read_all(old, None)),
    (
        ("alert", "judged", "delivery", "channel", "snooze"),
        lambda old: (alerts.read(old, moment(0), None, None), alerts.snoozes(old, moment(0))),
    ),
)
"""Tables that are copied together, and what must be readable of them first. Benchmarks come with every catalogue."""


def is_ours(path: Path) -> bool:
    """Whether the file carries the mark of orwatch, however damaged the rest is."""
    try:
        with path.open("rb") as file:
            return file.read(100)[_MARK] == APPLICATION_ID.to_bytes(4, "big")
    except OSError:
        return False


def set_aside(path: Path, day: date, expected: tuple[int, int] | None = None) -> Path | None:
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
            target = _free_name(path, day)
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


def _free_name(path: Path, day: date) -> Path:
    for number in range(1, _MOST_NAMES):
        name = path.with_name(f"{path.name}.damaged-{day}" + (f"-{number}" if number > 1 else ""))
        if not any(os.path.lexists(f"{name}{suffix}") for suffix in ("", "-wal")):
            return name
    raise CacheError(
        f"The cache {path} is damaged, and so were {_MOST_NAMES} before it: name another file with --cache."
    )


def salvage(damaged: Path, fresh: Database) -> None:
    """Take into a cache what can be read whole of a damaged file, which is not changed."""
    # Where nothing is in its log the file alone is read, and SQLite makes none beside it.
    logged = size_of(Path(f"{damaged}-wal")) > 0
    with contextlib.suppress(sqlite3.Error):
        how = "mode=ro" if logged else "immutable=1"
        old = sqlite3.connect(f"{damaged.absolute().as_uri()}?{how}", uri=True, isolation_level=None)
        with closing(old):
            merge(old, fresh)


def merge(old: sqlite3.Connection, fresh: Database) -> None:
    """Take into a cache what another file of the same origin holds; of each period the newest figures stand.

    A table that cannot be read to its end is left out: half of a period would be a wrong figure. ETags and notes are left
    out too: they would vouch for figures that may be gone, and what they save is asked for again.
    """
    # Whatever is wrong in there is why the file was left.
    with contextlib.suppress(*_UNREADABLE):
        _listings(old, fresh)
    with contextlib.suppress(*_UNREADABLE):
        _requests(old, fresh)
    for tables, check in _COPIED:
        with contextlib.suppress(*_UNREADABLE):
            check(old)
            _copy_rows(old, fresh, tables)


def _listings(old: sqlite3.Connection, fresh: Database) -> None:
    listings = [listing for grain in Grain for listing in rankings.read(old, grain, None, None)]
    with fresh.write() as connection:
        rankings.put(connection, listings)


def _requests(old: sqlite3.Connection, fresh: Database) -> None:
    """The log of requests: the budget of the day holds on."""
    journal.requests(old, moment(0), None)
    rows = list(old.execute("SELECT at, dataset, keyed, status, bytes FROM request"))
    with fresh.write() as connection:
        known = set(connection.execute("SELECT at, dataset, keyed, status, bytes FROM request"))
        connection.executemany("INSERT INTO request VALUES (?, ?, ?, ?, ?)", [row for row in rows if row not in known])


def _copy_rows(old: sqlite3.Connection, fresh: Database, tables: tuple[str, ...]) -> None:
    """The rows of tables that belong together, but for those whose key is there already."""
    rows = {table: list(old.execute(f"SELECT * FROM {table}")) for table in tables}  # noqa: S608 - names of this module
    with fresh.write() as connection:
        for table, found in rows.items():
            if found:
                marks = ", ".join("?" * len(found[0]))
                connection.executemany(f"INSERT OR IGNORE INTO {table} VALUES ({marks})", found)  # noqa: S608 - as above


def read_only_copy(path: Path, name: str) -> sqlite3.Connection:
    """What a file holds that may be read and not written, in memory. Raises CacheError."""
    memory = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    uri = Path(os.path.realpath(path)).as_uri()
    try:
        with explained(name):
            try:
                _copy(f"{uri}?mode=ro", memory)
            except sqlite3.OperationalError:
                # In a folder that may not be written to, SQLite cannot share the file's log; without it the file is whole too.
                _copy(f"{uri}?immutable=1", memory)
    except BaseException:
        memory.close()
        raise
    return memory


def _copy(uri: str, memory: sqlite3.Connection) -> None:
    with closing(sqlite3.connect(uri, uri=True)) as held:
        held.backup(memory)
