"""The archive under the record: laid there once, so that a cache has a past before anything was asked for."""

from __future__ import annotations

from typing import Final

from orwatch import archive
from orwatch.store.cache import Cache

LAID: Final = "archive"
"""The note of when the figures of the archive were taken that lie under the record."""


def lay(cache: Cache) -> None:
    """Lay the archive under a record that does not have it yet, or has an older one. Raises CacheError.

    Several processes may do it at once, and one may end in the middle: it is the same whoever does it, and how often.
    """
    taken = archive.AS_OF.isoformat()
    if cache.journal.get(LAID) != taken:
        with cache.database.write():
            cache.rankings.lay([*archive.weeks(), *archive.days()])
            cache.journal.set(LAID, taken)


def lift(cache: Cache) -> None:
    """Take the archive away from under a record that has it. Raises CacheError."""
    if cache.journal.get(LAID) is not None:
        with cache.database.write():
            cache.rankings.lift()
            cache.journal.set(LAID, None)
