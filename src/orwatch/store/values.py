"""How values lie in the cache: times as epoch seconds, prices as the decimal text they were listed in."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal

from orwatch.domain.catalogue import Override


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


def overrides_text(overrides: Sequence[Override]) -> str:
    """Conditional prices as a JSON list of lists."""
    return json.dumps(
        [
            [
                price_text(override.prompt),
                price_text(override.completion),
                price_text(override.cache_read),
                override.min_prompt_tokens,
                override.utc_start,
                override.utc_end,
            ]
            for override in overrides
        ]
    )


def read_overrides(text: str) -> tuple[Override, ...]:
    """Conditional prices from their JSON text."""
    return tuple(
        Override(price(prompt), price(completion), price(cache_read), min_prompt_tokens, utc_start, utc_end)
        for prompt, completion, cache_read, min_prompt_tokens, utc_start, utc_end in json.loads(text)
    )
