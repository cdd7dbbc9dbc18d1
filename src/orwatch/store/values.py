"""How prices lie in the cache: as the decimal text they were listed in, conditional ones as one JSON list of lists."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache

from orwatch.domain.catalogue import Override


def price_text(price: Decimal | None) -> str | None:
    """A price as decimal text, digit for digit."""
    return None if price is None else str(price)


@lru_cache(maxsize=2048)
def price(text: str | None) -> Decimal | None:
    """A price from its decimal text. Thousands of prices are a few hundred figures: each is read once."""
    return None if text is None else Decimal(text)


def overrides_text(overrides: Sequence[Override]) -> str:
    """Conditional prices as JSON text."""
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
    if text == "[]":
        return ()
    return tuple(
        Override(price(prompt), price(completion), price(cache_read), min_prompt_tokens, utc_start, utc_end)
        for prompt, completion, cache_read, min_prompt_tokens, utc_start, utc_end in json.loads(text)
    )
