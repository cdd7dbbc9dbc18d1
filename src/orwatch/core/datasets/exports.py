"""The public exports of the rankings, where there is no key: one request at each poll, the rest once a day."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from orwatch.api import decode, exports
from orwatch.core.datasets.dataset import Dataset, DatasetRefresh, believe

WALKED: Final = "exports_walked_until"
"""The note of the newest day to which the cache has been filled from the beginning."""


async def _fetch(refresh: DatasetRefresh) -> None:
    """The snapshots that the cache lacks, from the newest back. The ETag is kept when all of them are."""
    journal = refresh.cache.journal
    newest, answer = await exports.latest(refresh.client, journal.etag(exports.FOLDER))
    refresh.answered(answer)
    if newest is None:
        refresh.not_modified += 1
        return
    believe(newest.retrieved_at, answer.date)
    known_until = decode.day(journal.get(WALKED))
    async for snapshot in exports.walk_back(refresh.client, newest, known_until):
        await refresh.put_listings(snapshot.listings)
        refresh.note_unread(snapshot)
        refresh.answered()
    journal.set(WALKED, (newest.snapshot_date - timedelta(days=1)).isoformat())
    journal.put_etag(exports.FOLDER, answer.etag, newest.retrieved_at)


EXPORTS: Final = Dataset("exports", False, None, _fetch)
