"""How values lie in the cache: times as epoch seconds, prices as the decimal text they were listed in."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Final

import msgspec
from msgspec.structs import astuple

from orwatch.domain.catalogue import Override, Pricing
from orwatch.domain.periods import LAST_YEAR

LAST_MOMENT: Final = int(datetime(LAST_YEAR + 1, 1, 1, tzinfo=UTC).timestamp())
"""Seconds since 1970: no time that is kept lies so late."""

DIGITS: Final = 40
"""No price has more of them before or behind its point."""


def epoch(at: datetime) -> int:
    """Whole seconds since 1970 (UTC), rounded down. Raises ValueError for a time without a zone."""
    if at.tzinfo is None:
        raise ValueError(f"{at.isoformat()} has no time zone")
    return int(at.timestamp() // 1)


@lru_cache(64)  # thousands of rows were seen at the times of a few polls: one object each
def moment(seconds: int) -> datetime:
    """The time, in UTC, of whole seconds since 1970. Raises ValueError for one that no orwatch keeps."""
    if not 0 <= seconds < LAST_MOMENT:
        raise ValueError(f"no time is {seconds}")
    return datetime.fromtimestamp(seconds, UTC)


def maybe_epoch(at: datetime | None) -> int | None:
    """As `epoch`; None stays None."""
    return None if at is None else epoch(at)


def maybe_moment(seconds: int | None) -> datetime | None:
    """As `moment`; None stays None."""
    return None if seconds is None else moment(seconds)


def day_of(text: str) -> date:
    """A day from its text. Raises ValueError for one that no orwatch keeps."""
    found = date.fromisoformat(text)
    if found.year > LAST_YEAR:
        raise ValueError(f"no day is {text}")
    return found


def price_text(price: Decimal | None) -> str | None:
    """A price as decimal text, digit for digit."""
    return None if price is None else str(price)


def price(text: str | None) -> Decimal | None:
    """A price from its decimal text; None stays None. Raises as `number`."""
    return None if text is None else number(text)


def number(text: str) -> Decimal:
    """A price or a fraction from its decimal text. Raises ValueError and ArithmeticError for one that no orwatch keeps."""
    found = Decimal(text)
    if not found.is_finite() or abs(found.adjusted()) > DIGITS:
        raise ValueError("no price is so large or small")
    return found


def json_text(value: object) -> str:
    """A list or an object as JSON text. Raises ValueError for text that is no Unicode."""
    return msgspec.json.encode(value).decode()


def pricing_columns(pricing: Pricing) -> tuple[str | None, ...]:
    """Prices as they lie in a row: prompt, completion, cache read, discount, overrides (a JSON list of lists)."""
    prices = (pricing.prompt, pricing.completion, pricing.cache_read, pricing.discount)
    overrides = [astuple(override) for override in pricing.overrides]
    return (*map(price_text, prices), json_text(overrides))


def pricing_of(
    prompt: str | None, completion: str | None, cache_read: str | None, discount: str | None, overrides: str
) -> Pricing:
    """Prices from their columns."""
    conditional = [
        Override(price(prompt), price(completion), price(cache_read), *condition)
        for prompt, completion, cache_read, *condition in msgspec.json.decode(overrides)
    ]
    return Pricing(price(prompt), price(completion), price(cache_read), price(discount), tuple(conditional))
