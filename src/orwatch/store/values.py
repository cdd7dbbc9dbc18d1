"""How values lie in the cache: times as epoch seconds, prices as the decimal text they were listed in."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import msgspec
from msgspec.structs import astuple

from orwatch.domain.catalogue import Override, Pricing


def epoch(at: datetime) -> int:
    """Whole seconds since 1970 (UTC), rounded down. Raises ValueError for a time without a zone."""
    if at.tzinfo is None:
        raise ValueError(f"{at.isoformat()} has no time zone")
    return int(at.timestamp() // 1)


def moment(seconds: int) -> datetime:
    """The time, in UTC, of whole seconds since 1970."""
    return datetime.fromtimestamp(seconds, UTC)


def maybe_epoch(at: datetime | None) -> int | None:
    """As `epoch`; None stays None."""
    return None if at is None else epoch(at)


def maybe_moment(seconds: int | None) -> datetime | None:
    """As `moment`; None stays None."""
    return None if seconds is None else moment(seconds)


def price_text(price: Decimal | None) -> str | None:
    """A price as decimal text, digit for digit."""
    return None if price is None else str(price)


def price(text: str | None) -> Decimal | None:
    """A price from its decimal text."""
    return None if text is None else Decimal(text)


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
    conditional = (
        Override(price(prompt), price(completion), price(cache_read), *condition)
        for prompt, completion, cache_read, *condition in msgspec.json.decode(overrides)
    )
    return Pricing(price(prompt), price(completion), price(cache_read), price(discount), tuple(conditional))
