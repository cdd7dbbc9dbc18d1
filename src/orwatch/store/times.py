"""How times lie in the cache: as whole epoch seconds (UTC)."""

from __future__ import annotations

from datetime import UTC, datetime


def epoch(moment: datetime) -> int:
    """Whole seconds since 1970 (UTC), rounded down. Raises ValueError for a time without a zone."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment.isoformat()} has no time zone")
    return int(moment.timestamp() // 1)


def moment(seconds: int) -> datetime:
    """The time, in UTC, of whole seconds since 1970."""
    return datetime.fromtimestamp(seconds, UTC)
