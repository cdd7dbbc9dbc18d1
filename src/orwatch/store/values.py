"""How values lie in the cache: times as whole epoch seconds (UTC), prices as the decimal text they were listed in."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal


def epoch(moment: datetime) -> int:
    """Whole seconds since 1970 (UTC), rounded down. Raises ValueError for a time without a zone."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment.isoformat()} has no time zone")
    return int(moment.timestamp() // 1)


def moment(seconds: int) -> datetime:
    """The time, in UTC, of whole seconds since 1970."""
    return datetime.fromtimestamp(seconds, UTC)


def price_text(price: Decimal | None) -> str | None:
    """A price as decimal text, digit for digit."""
    return None if price is None else str(price)


def price(text: str | None) -> Decimal | None:
    """A price from its decimal text."""
    return None if text is None else Decimal(text)
