"""What can go wrong, as one sentence for people and one exit code for programs.

    OrwatchError            1  failed
    ├── UsageError          2  wrong usage or setting
    │   └── ExtraMissingError     what was asked needs packages that are not installed
    ├── NoDataError         3  no data for what was asked
    ├── KeyMissingError     4  a key is needed and there is none
    ├── CacheError          1  the cache cannot be opened, read or written
    │   ├── DamagedCacheError     its file is damaged
    │   ├── UnwritableCacheError  its file may not be made or written to
    │   │   └── LocklessCacheError    its file system has no locks
    │   └── NoRoomError           its file cannot be written to now: the disk is full, or fails
    └── SourceError         1  the network or the API
        ├── NetworkError    1  no answer: refused, timed out, broken off
        ├── AnswerError     1  an answer that is not what the API documents
        ├── RateLimitError  1  HTTP 429, with the wait the server asked for
        │   └── BudgetSpentError  orwatch's own budget of requests is used up
        ├── KeyRefusedError 4  HTTP 401 or 403
        └── NotFoundError   1  HTTP 404

Every message names the cause and, where there is one, the mend. It never holds a key.
"""

from __future__ import annotations

import os
from typing import Final

DEBUG: Final = "ORWATCH_DEBUG"
"""Set to 1, it lets an unexpected error print its traceback."""


class OrwatchError(Exception):
    """Base of all expected failures; `str(error)` is the sentence to show."""

    exit_code = 1


class UsageError(OrwatchError):
    """A wrong option, argument or setting."""

    exit_code = 2


class ExtraMissingError(UsageError):
    """What was asked needs packages that plain orwatch does without. what: needs them. extra: brings them."""

    def __init__(self, what: str, extra: str) -> None:
        super().__init__(f"{what} needs packages that are not installed: `pip install 'orwatch[{extra}]'` brings them.")


class NoDataError(OrwatchError):
    """The cache has no figures for what was asked."""

    exit_code = 3


class KeyMissingError(OrwatchError):
    """What was asked needs an OpenRouter key and none is set."""

    exit_code = 4


class CacheError(OrwatchError):
    """The cache file cannot be opened, read or written, or belongs to another origin."""


class DamagedCacheError(CacheError):
    """The cache file is damaged: it is to be set aside, never to be deleted."""


class UnwritableCacheError(CacheError):
    """The cache file may not be made, opened or written to."""


class LocklessCacheError(UnwritableCacheError):
    """The cache file lies on a file system without locks, where processes would write over each other."""


class NoRoomError(CacheError):
    """The cache file cannot be written to now, as the disk is full or fails: what it holds stands."""


class SourceError(OrwatchError):
    """The network or the API failed. `retry_after`: seconds the server asked to wait, if it did."""

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class NetworkError(SourceError):
    """No answer came: refused, timed out or broken off."""


class AnswerError(SourceError):
    """An answer came that is not what the API documents. `status`: its HTTP status."""

    def __init__(self, message: str, status: int | None = None, retry_after: float | None = None) -> None:
        super().__init__(message, retry_after)
        self.status = status


class RateLimitError(SourceError):
    """HTTP 429."""


class BudgetSpentError(RateLimitError):
    """The budget of keyed requests is used up: nothing was asked. `retry_after`: seconds until there is room again."""


class KeyRefusedError(SourceError):
    """HTTP 401 or 403: the key is missing, malformed or revoked."""

    exit_code = 4


class NotFoundError(SourceError):
    """HTTP 404."""


INTERRUPTED: Final = 130
"""The exit code after Ctrl+C."""


NO_THREAD: Final = "can't start new thread"
"""What Python says where the system starts no thread."""


def _is_somewhere() -> bool:
    """Whether the working folder is still there."""
    try:
        os.getcwd()
    except OSError:
        return False
    return True


def unexpected(error: BaseException) -> str:
    """The sentence for an unexpected error: what the system refused, else that it is a bug.

    It leaves the error's own text out, which could hold a key.
    """
    if isinstance(error, FileNotFoundError) and not _is_somewhere():
        return "The working folder is not there any more: change to another one, or name files by whole paths."
    if isinstance(error, OSError) and error.errno:
        name = error.filename if isinstance(error.filename, str) else ""
        where = f" ({name if len(name) <= 80 else f'{name[:30]}…{name[-30:]}'})" if name else ""
        return f"The system refused what was asked of it: {os.strerror(error.errno)}{where}; `orwatch doctor` looks for the cause."
    if isinstance(error, MemoryError):
        return "There is no memory left for orwatch: end other programs, or raise the limit (ulimit -v)."
    if isinstance(error, RuntimeError) and NO_THREAD in str(error):
        return (
            "The system starts no new thread: a limit of processes is reached (ulimit -u, pids of a container), or the container"
            " runtime is too old for this system."
        )
    return f"Unexpected {type(error).__name__}: this is a bug in orwatch; {DEBUG}=1 shows where it is."
