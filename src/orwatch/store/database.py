"""One connection to one file: opening, its migrations, transactions, and what SQLite's errors mean to people.

`PRAGMA user_version` counts the migrations a file has had; `PRAGMA application_id` says that it is a cache of orwatch.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import mmap
import os
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from threading import RLock
from typing import Final, Self, TypeVar

from orwatch.errors import CacheError, DamagedCacheError, LocklessCacheError, NoRoomError, UnwritableCacheError

APPLICATION_ID: Final = 0x6F727774
"""`orwt` in ASCII: the mark of orwatch in the header of its files."""

Migration = tuple[str, ...]
"""The statements of one step."""


def upgrade(connection: sqlite3.Connection, name: str, migrations: tuple[Migration, ...]) -> None:
    """Bring a file to the newest version, or leave it as it is; one that is there already is not written to.

    name: how messages call the file. Raises CacheError for a file of another program or of a newer orwatch, and DamagedCacheError
    for one that would come out of it with less, or other, than it had.
    """
    if version(connection, name, len(migrations)) == len(migrations):
        return
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.execute("BEGIN IMMEDIATE")
    try:
        # Another process may have gone ahead while this one waited for the lock.
        done = version(connection, name, len(migrations))
        if 0 < done < len(migrations) and not _is_sound(connection):
            raise _damaged(name)
        for statement in chain.from_iterable(migrations[done:]):
            connection.execute(statement)
        # A pragma takes no parameters; both values are numbers of this module.
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {len(migrations)}")
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def version(connection: sqlite3.Connection, name: str, newest: int) -> int:
    """How many migrations a file has had: 0 for an empty one.

    newest: how many there are. Raises CacheError for a file of another program or of a newer orwatch.
    """
    # One statement, and so one view of the file: another process may be making it.
    mark, done, tables = connection.execute(
        "SELECT application_id, user_version, (SELECT count(*) FROM sqlite_schema) FROM pragma_application_id, pragma_user_version"
    ).fetchone()
    if mark != APPLICATION_ID:
        if mark or done or tables:
            raise CacheError(
                f"{name} is a database of another program: move it aside, or name another file with --cache."
            )
        return 0
    if done > newest:
        raise CacheError(f"{name} was written by a newer orwatch: upgrade it, or name another file with --cache.")
    return int(done)


OLDEST_SQLITE: Final = (3, 37, 0)
"""The first SQLite with STRICT tables."""

ABSURD: Final = (ValueError, KeyError, TypeError, IndexError, ArithmeticError, RecursionError, sqlite3.IntegrityError)
"""What reading values ends in that no orwatch wrote."""

UNREADABLE: Final = (sqlite3.Error, CacheError, *ABSURD)
"""What reading a damaged file may end in."""

BUSY_TIMEOUT: Final = 5.0
"""Seconds to wait for another process that writes."""


LOOK_AGAIN: Final = 0.02
"""Seconds between two looks whether another process still writes."""

T = TypeVar("T")
Given = Sequence[object] | Mapping[str, object]
"""The parameters of a query."""


class Database:
    """A connection that several threads may use, one at a time.

    path: the file, None in memory. name: how messages call it. damaged: whether any transaction came upon damage.
    generation: how many other files it has been given since.
    """

    def __init__(self, connection: sqlite3.Connection, path: Path | None) -> None:
        self.connection = connection
        self.path = path
        self.name = _name(path)
        self.damaged = False
        self.generation = 0
        self.identity = None if path is None else identity(path)
        self._lock = RLock()
        self._closed = False

    @classmethod
    def open(cls, path: Path | None, migrations: tuple[Migration, ...], busy_timeout: float = BUSY_TIMEOUT) -> Self:
        """Open a file, made with its folders where it is missing (readable by its owner only), at the newest version.

        migrations: those that lead to it. busy_timeout: seconds to wait for another process that writes. Raises CacheError.
        """
        name = _name(path)
        if sqlite3.sqlite_version_info < OLDEST_SQLITE:
            raise CacheError(
                f"orwatch needs SQLite 3.37 or newer, this Python has {sqlite3.sqlite_version}: use another Python."
            )
        target = ":memory:" if path is None else _create(path)

        def connect(timeout: float = busy_timeout) -> sqlite3.Connection:
            return sqlite3.connect(target, timeout=timeout, isolation_level=None, check_same_thread=False)

        with explained(name):
            connection = connect(0.0)
        try:
            with explained(name):
                # Whose file it is comes first: nothing is written to one of another program.
                try:
                    version(connection, name, len(migrations))
                except sqlite3.OperationalError as error:
                    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
                    if code & 0xFF in _NOT_LOCKED and not has_locks(Path(target)):
                        raise LocklessCacheError(
                            f"{name} lies on a file system without locks: mount it with locks, or {_ELSEWHERE}"
                        ) from error
                    connection.close()
                    connection = connect()
                    if code in _NO_SHARED_MEMORY:
                        connection.execute("PRAGMA locking_mode = EXCLUSIVE")  # in which the log needs no shared memory
                        version(connection, name, len(migrations))
                        connection.execute("PRAGMA journal_mode = DELETE")
                        connection.execute("PRAGMA locking_mode = NORMAL")
                    version(
                        connection, name, len(migrations)
                    )  # that lock goes with the next look; another's is waited for
                connection.execute(f"PRAGMA busy_timeout = {round(busy_timeout * 1000)}")
                if path is not None and _shares_memory(connection, target):
                    _use_wal(connection)
                    connection.execute("PRAGMA synchronous = NORMAL")
                # KiB: the system keeps the file's pages in its memory already, and for every process but once.
                connection.execute("PRAGMA cache_size = -96")
                upgrade(connection, name, migrations)
        except BaseException:
            connection.close()
            raise
        return cls(connection, path)

    def take(self, other: Database) -> None:
        """Go on with another connection, which the other gives up; this one's is closed."""
        with self._lock:
            self.connection.close()
            self.connection, self.path, self.name = other.connection, other.path, other.name
            self.identity, self.damaged = other.identity, False
            self.generation += 1

    @contextlib.contextmanager
    def alone(self) -> Iterator[sqlite3.Connection]:
        """The connection, while no other thread may use it."""
        with self._lock, explained(self.name):
            self._check_open()
            yield self.connection

    def close(self) -> None:
        """Close the connection; closing twice is fine."""
        with self._lock:
            self._closed = True
            self.connection.close()

    @contextlib.contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """One unchanging view of the file for several queries. Raises CacheError."""
        with self._transaction() as connection:
            try:
                yield connection
            except ABSURD as error:
                # What was written was valid: a value that cannot be read back has been damaged since.
                raise DamagedCacheError(
                    f"{self.name} is damaged ({type(error).__name__}): move it aside or use --cache."
                ) from error

    def select(self, make: Callable[..., T], query: str, given: Given = ()) -> tuple[T, ...]:
        """What is made of each row of a query, from its columns. Raises as `read`."""
        with self.read() as connection:
            return tuple(make(*row) for row in connection.execute(query, given))

    def find(self, make: Callable[..., T], query: str, given: Given = ()) -> T | None:
        """The same of its first row; None where it has none."""
        return next(iter(self.select(make, query, given)), None)

    @contextlib.contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """All or nothing: an error leaves the file as it was. Raises CacheError."""
        with self._transaction(writes=True) as connection:
            yield connection

    def backup(self, path: Path) -> None:
        """Write all that it holds at this moment into a file, in place of any that is there: whole, or not at all.

        Others may read and write meanwhile. Raises OSError where the file cannot be written, and CacheError.
        """
        handle, draft = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        os.close(handle)
        try:
            self.check()
            try:
                with self._lock:
                    copy(self.connection, Path(draft))
            except sqlite3.Error as error:
                raise CacheError(f"{path} cannot be written ({error}): what was there is kept.") from error
            os.replace(draft, path)
        finally:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(draft)

    def check(self, table: str | None = None) -> None:
        """Raise DamagedCacheError where any page of the file, or of a table, is not what it should be."""
        with self.alone() as connection:
            if not _is_sound(connection, table):
                raise _damaged(self.name)

    def inspect(self) -> None:
        """Look through all pages of the file, while others read and write; `damaged` says what was found.

        A page in another's place need not be noticed by what reads through it: rows are missing, and that is all.
        """
        if self.path is None:
            return
        uri = f"{Path(os.path.realpath(self.path)).as_uri()}?mode=ro"
        try:
            with explained(self.name), contextlib.closing(sqlite3.connect(uri, uri=True)) as beside:
                self.damaged = not _is_sound(beside) or self.damaged
        except DamagedCacheError:
            self.damaged = True
        except CacheError:
            return  # it cannot be read beside others, or not now

    def size(self) -> int:
        """Bytes on disk, those of the write-ahead log included; in memory, bytes of its pages."""
        if self.path is None:
            sizes = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
            return self.find(int, sizes) or 0
        return sum(size_of(file) for file in (self.path, Path(f"{self.path}-wal")))

    def _check_open(self) -> None:
        if self._closed:
            raise CacheError(f"{self.name} is closed.")

    def _begin_writing(self) -> None:
        """Begins a transaction that writes. Other threads may use the connection while this one waits for another process."""
        (timeout,) = self.connection.execute("PRAGMA busy_timeout").fetchone()
        until = time.monotonic() + timeout / 1000
        while True:
            self.connection.execute("PRAGMA busy_timeout = 0")
            try:
                self.connection.execute("BEGIN IMMEDIATE")
                return
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() >= until:
                    raise
            finally:
                self.connection.execute(f"PRAGMA busy_timeout = {timeout}")
            self._lock.release()
            time.sleep(LOOK_AGAIN)
            self._lock.acquire()
            self._check_open()

    @contextlib.contextmanager
    def _transaction(self, *, writes: bool = False) -> Iterator[sqlite3.Connection]:
        with self._lock:
            self._check_open()
            nested = self.connection.in_transaction
            if nested:  # part of the one that this thread has begun: tables read and write together
                yield self.connection
                return
            try:
                with explained(self.name):
                    if writes:
                        self._begin_writing()
                    else:
                        self.connection.execute("BEGIN")
                    try:
                        yield self.connection
                        self.connection.execute("COMMIT")
                    finally:
                        # SQLite has rolled back by itself after some errors, a full disk among them.
                        if self.connection.in_transaction:
                            # A rollback that fails too must not hide why it was needed.
                            with contextlib.suppress(sqlite3.OperationalError):
                                self.connection.execute("ROLLBACK")
            except DamagedCacheError:
                self.damaged = True
                raise


def _damaged(name: str) -> DamagedCacheError:
    return DamagedCacheError(f"{name} is damaged: move it aside or use --cache.")


def _is_sound(connection: sqlite3.Connection, table: str | None = None) -> bool:
    """Whether all pages of the file, or of a table, are what they should be."""
    # Not quick_check: in SQLite 3.40 it takes columns of tables without rowid for NULL.
    (found,) = connection.execute(f"PRAGMA main.integrity_check({table or 1})").fetchone()
    return bool(found == "ok")


def copy(connection: sqlite3.Connection, path: Path) -> None:
    """Write all that a connection sees into an empty file. Raises sqlite3.Error, CacheError where it is locked."""
    with contextlib.closing(sqlite3.connect(path)) as written:
        connection.backup(written, progress=go_on)
        # One file, without a log beside it.
        written.execute("PRAGMA journal_mode = DELETE")


def go_on(status: int, _: int, __: int) -> None:
    """The progress of a backup: raises CacheError where another process has the file locked, for which Python waits without end."""
    if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        raise CacheError(f"The cache {_LOCKED}")


@contextlib.contextmanager
def explained(name: str) -> Iterator[None]:
    """Turn SQLite's errors into CacheError with the cause and the mend; misuse of SQLite stays a traceback."""
    try:
        yield
    except sqlite3.ProgrammingError:
        raise
    except UnicodeDecodeError as error:
        # What SQLite says names a table or a column whose name is no text any more.
        raise DamagedCacheError(f"{name} {_DAMAGED.format('its schema is no text')}") from error
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", None)
        if code is None and isinstance(error, sqlite3.OperationalError):
            # Python's own: it quotes the query and what it read.
            raise DamagedCacheError(f"{name} {_DAMAGED.format('a text in it is none')}") from error
        if isinstance(error, sqlite3.IntegrityError) and code != sqlite3.SQLITE_CONSTRAINT_TRIGGER:
            raise
        # Extended result codes hold the primary one in their low byte.
        kind, sentence = _TROUBLES.get(
            (code or sqlite3.SQLITE_ERROR) & 0xFF, (CacheError, "cannot be used ({}): move it aside, or " + _ELSEWHERE)
        )
        raise kind(f"{name} {sentence.format(error)}") from error
    except (OverflowError, UnicodeEncodeError) as error:
        # The source decides what numbers and names it sends; SQLite takes 64 bits and UTF-8.
        raise CacheError(f"{name} cannot hold a value of the answer ({error}): what it held is kept.") from error


_ELSEWHERE: Final = "name another file with --cache."
_DAMAGED: Final = "is damaged ({}): move it aside, or " + _ELSEWHERE
_READ_ONLY: Final = "is read-only: make the file and its folder writable, or " + _ELSEWHERE
_LOCKED: Final = "is locked by another process: try again when that has ended."

_TROUBLES: Final[dict[int, tuple[type[CacheError], str]]] = {
    sqlite3.SQLITE_FULL: (NoRoomError, "cannot grow, the disk is full: free some space; what it held is kept."),
    sqlite3.SQLITE_BUSY: (CacheError, _LOCKED),
    sqlite3.SQLITE_LOCKED: (CacheError, _LOCKED),
    sqlite3.SQLITE_READONLY: (UnwritableCacheError, _READ_ONLY),
    sqlite3.SQLITE_PERM: (UnwritableCacheError, _READ_ONLY),
    sqlite3.SQLITE_AUTH: (CacheError, _READ_ONLY),
    sqlite3.SQLITE_CANTOPEN: (
        UnwritableCacheError,
        "cannot be opened: it must be a file in a folder that you may write to; " + _ELSEWHERE,
    ),
    sqlite3.SQLITE_NOTADB: (DamagedCacheError, "is not a cache of orwatch: move it aside, or " + _ELSEWHERE),
    sqlite3.SQLITE_CORRUPT: (DamagedCacheError, _DAMAGED),
    # Of all constraints only a trigger's comes here: no orwatch makes one.
    sqlite3.SQLITE_CONSTRAINT: (DamagedCacheError, _DAMAGED),
    sqlite3.SQLITE_IOERR: (NoRoomError, "cannot be read or written ({}): check the disk, or " + _ELSEWHERE),
}
"""SQLite's result codes: the error, and the cause with the mend. {}: what SQLite says."""


def _name(path: Path | None) -> str:
    return "The cache in memory" if path is None else f"The cache {path}"


def _create(path: Path) -> str:
    """Make the file and its folders where they are missing, and return the file's real path.

    SQLite gives its `-wal` and `-shm` files the mode of the file, so only the file needs care.
    """
    # The real path: a link that leads nowhere yet would make SQLite create the file with the mode of the umask,
    # and a relative name like ":memory:" means something else to SQLite.
    target = Path(os.path.realpath(path))
    try:
        for folder in reversed([folder for folder in target.parents if not folder.exists()]):
            folder.mkdir(mode=0o700, exist_ok=True)
        with contextlib.suppress(FileExistsError):
            # Exclusive, for a second reason: to open and close a file that exists drops the locks which another
            # connection of this process holds on it.
            os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            raise  # such a name never becomes one that can be written to
        raise UnwritableCacheError(
            f"{_name(path)} cannot be made ({error.strerror}): name another file with --cache."
        ) from error
    return str(target)


_NO_SHARED_MEMORY: Final = (
    sqlite3.SQLITE_IOERR_SHMOPEN,
    sqlite3.SQLITE_IOERR_SHMSIZE,
    sqlite3.SQLITE_IOERR_SHMMAP,
    sqlite3.SQLITE_IOERR_SHMLOCK,
)


_NOT_LOCKED: Final = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_PROTOCOL)
"""What SQLite says where the system gives it no lock, for whatever reason."""


def has_locks(path: Path) -> bool:
    """Whether files beside this one can be locked: not on every network file system."""
    try:
        with tempfile.TemporaryFile(dir=os.path.realpath(path.parent)) as file:
            try:
                fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                return False
    except OSError:
        return True  # no file can be made there, which says nothing
    return True


def _shares_memory(connection: sqlite3.Connection, target: str) -> bool:
    """Whether the log of a file can be shared, for which processes map a file beside it: not on every file system."""
    if connection.execute("PRAGMA journal_mode").fetchone() == ("wal",):
        return True  # it was read just now
    try:
        handle, name = tempfile.mkstemp(
            prefix=f".{os.path.basename(target)}.", suffix="-shm", dir=os.path.dirname(target)
        )
        try:
            os.ftruncate(handle, mmap.PAGESIZE)
            mmap.mmap(handle, mmap.PAGESIZE).close()
        finally:
            os.close(handle)
            os.unlink(name)
    except OSError:
        return False
    return True


def _use_wal(connection: sqlite3.Connection) -> None:
    """Readers beside one writer."""
    for attempt in range(10):
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or attempt == 9:
                raise
            # For this pragma SQLite does not wait while another process makes the same file; for a lock it does.
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute("ROLLBACK")
        else:
            return


def identity(path: Path) -> tuple[int, int] | None:
    """What tells the file at a path from any other that takes its place; None where there is none."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino


def size_of(file: Path) -> int:
    """Bytes of a file; 0 where there is none."""
    try:
        return file.stat().st_size
    except OSError:
        return 0
