"""The move of a cache out of the folder where it once was, which systems empty, into that of the user's data.

On one file system the file gets its new name beside the old one, which then becomes a link to it: whoever has it open, an older
orwatch too, goes on with the same file and the same log, and a move that is killed is done again by the next. To another file
system it is copied while nobody else has it open, and only the whole copy gets the name.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Final

from orwatch.errors import CacheError, DamagedCacheError
from orwatch.store.cache import Cache
from orwatch.store.database import Database, copy, upgrade
from orwatch.store.merge import merge
from orwatch.store.migrations import MIGRATIONS
from orwatch.store.recovery import free_name, read_only_copy, take_from

_LOGS: Final = ("-wal", "-shm")
"""What SQLite keeps beside a file that is open."""

_PATIENCE: Final = 0.5
"""Seconds to wait for another process: a move can be put off, a start should not be."""

_OPENING: Final = 3600
"""Seconds for which links stand in for the logs of a file that has moved: no opening of a file takes as long."""

_LEFT: Final = 2**31 - 1
"""The version of a file that was given up: every orwatch refuses it, as that of a newer one."""

_WAITS: Final = {
    sqlite3.SQLITE_BUSY: "another orwatch has it open",
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_IOERR: "the disk cannot be read or written",
}
"""Why a move waits for a later start, by SQLite's result code. Anything else is told by who opens the file."""


def settle(former: Path, path: Path, origin: str, day: date) -> tuple[Path, str | None]:
    """Where the cache of an origin is to be opened, and a sentence where there is something to tell.

    former: where it once was. path: where it belongs. A file at `former` is moved to `path`; where that cannot be now, it is opened
    where it is. Where both hold a file, because an older orwatch was run since, `path` takes in what the other holds. One that is
    damaged is kept as `NAME.damaged-DATE` (of `day`).
    """
    if not _is_left(former, path):
        if former.is_symlink():
            # Not at once: an orwatch that was opening the file as it moved would begin a second log, where there is no link.
            for log in (Path(f"{former}{suffix}") for suffix in _LOGS):
                with contextlib.suppress(OSError):
                    if time.time() - log.lstat().st_mtime > _OPENING:
                        log.unlink()
        return path, None
    target = Path(os.path.realpath(path))
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _alone(target.parent):
            return path, _move(former, target, origin, day) if _is_left(former, path) else None
    except OSError as error:
        cause = f"that folder cannot be written to ({error.strerror})"
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
        if code not in _WAITS:
            return (path if _holds_another(target, former) else former), None
        cause = _WAITS[code]
    except CacheError as error:
        return (path, str(error)) if _holds_another(target, former) else (former, None)
    if _holds_another(target, former):
        return path, f"What an older orwatch has kept in {former} is taken over at a later start: {cause}."
    return former, f"The cache stays in {former.parent} for now and moves to {path.parent} at a later start: {cause}."


def _is_left(former: Path, path: Path) -> bool:
    """Whether there is a file at the former path that is not yet the one at the new path."""
    found = os.path.realpath(former)
    return found != os.path.realpath(path) and os.path.isfile(found)


def _holds_another(target: Path, former: Path) -> bool:
    """Whether the new path holds a file of its own, not the former one by a second name, which a move that was killed leaves.

    That one is opened by its former name until it has moved: the new one need not lead to the log that others use.
    """
    # Another process may have taken the former one away just now.
    return target.exists() and not (former.exists() and target.samefile(former))


def _move(former: Path, target: Path, origin: str, day: date) -> str | None:
    """Move, or take over, what is at the former path; what there is to say. Raises OSError, sqlite3.Error and CacheError."""
    moved = f"The cache {former.name} has moved from {former.parent} to {target.parent}: systems empty the folder of caches."
    if former.is_symlink():  # to a place of the user's own choice, where the file stays
        if target.exists():
            return None
        os.symlink(os.path.realpath(former), target)
        return moved
    if not os.access(former.parent, os.W_OK, effective_ids=os.access in os.supports_effective_ids):
        if target.exists():  # it was copied, and nobody can have written to it since
            return None
        with closing(read_only_copy(former, f"The cache {former}")) as held:
            _copy(held, target)
        return f"The cache is now {target}; the one in {former.parent}, which cannot be written to, is left there."
    with closing(_opened(former)) as connection:
        if _holds_another(target, former):
            return _take_over(connection, former, target, origin, day)
        if not _link(connection, former, target):
            _lock(connection)
            _copy(connection, target)
            _leave(connection, former, target)
    return moved


def _link(connection: sqlite3.Connection, former: Path, target: Path) -> bool:
    """Give the file its new name, make the old one a link, and close it; False where the file systems do not allow that.

    Nobody writes meanwhile, and the log goes along, so that at each moment both names lead to the same file with the same log.
    """
    connection.execute("BEGIN IMMEDIATE")
    try:
        _remove(target, _LOGS)  # of a move that was killed
        for suffix in _LOGS:
            with contextlib.suppress(FileNotFoundError):
                os.link(f"{former}{suffix}", f"{target}{suffix}")
        if not target.exists():
            os.link(former, target)
        _point(former, target)
        for suffix in _LOGS:
            # SQLite follows a link to a file but none to a log: an orwatch that is just opening the file begins no second log.
            with contextlib.suppress(OSError):
                _point(Path(f"{former}{suffix}"), Path(f"{target}{suffix}"))
    except OSError:
        if former.is_symlink() or _holds_another(target, former):
            raise
        _remove(target, ("", *_LOGS))
        return False
    finally:
        connection.execute("ROLLBACK")
    # Whoever closes the file last removes its log by the name it has for that: it is to be the new one.
    with closing(_opened(target)) as by_new_name:
        by_new_name.execute("PRAGMA user_version").fetchone()
        connection.close()
    return True


def _copy(connection: sqlite3.Connection, target: Path) -> None:
    """Write the whole file under another name and give it its own last."""
    draft = target.with_name(f".{target.name}.moving")
    _remove(draft, ("", "-journal"))
    _remove(target, _LOGS)
    os.close(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        copy(connection, draft)
        os.rename(draft, target)
    except BaseException:
        _remove(draft, ("", "-journal"))
        raise


def _take_over(connection: sqlite3.Connection, former: Path, target: Path, origin: str, day: date) -> str | None:
    """Take what the former file holds into the cache."""
    _lock(connection)
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version == _LEFT:
        _point(former, target)
        return None
    try:
        cache = Cache.open(target, origin)
    except CacheError:
        return None  # whoever opens it next says why, and mends it where that can be
    with cache:
        try:
            upgrade(connection, f"The cache {former}", MIGRATIONS)
            merge(Cache(Database(connection, former), origin).database, cache.database)
        except DamagedCacheError:
            take_from(former, cache.database)
            os.rename(former, free_name(former, day))
            os.symlink(target, former)
        else:
            _leave(connection, former, target)
    return f"What an older orwatch has kept in {former} is now in {target} too."


def _leave(connection: sqlite3.Connection, former: Path, target: Path) -> None:
    """Give up a file whose content is at the new path. An older orwatch that waits for its lock is kept from writing to it."""
    connection.execute(f"PRAGMA user_version = {_LEFT}")
    _point(former, target)


def _opened(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=_PATIENCE, isolation_level=None)


def _lock(connection: sqlite3.Connection) -> None:
    """Keep every other process off the file, and put its log into it, until the connection closes. Busy where one has it open."""
    connection.execute("PRAGMA locking_mode = EXCLUSIVE")
    connection.execute("PRAGMA journal_mode = DELETE")
    connection.execute("BEGIN EXCLUSIVE")
    connection.execute("COMMIT")


def _point(path: Path, target: Path) -> None:
    """Make a path a link, in one step."""
    link = path.with_name(f".{path.name}.link")
    link.unlink(missing_ok=True)
    os.symlink(target, link)
    os.replace(link, path)


def _remove(path: Path, suffixes: tuple[str, ...]) -> None:
    for suffix in suffixes:
        Path(f"{path}{suffix}").unlink(missing_ok=True)


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """While no other process moves a cache into the folder; the system ends that with the process."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):  # file systems without locks
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
