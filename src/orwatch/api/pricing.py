"""Prices as the catalogue and the hosts of a model tell them."""

from __future__ import annotations

import re
from typing import Final

from orwatch.api import decode
from orwatch.domain.catalogue import Override, Pricing

MOST_TOKENS: Final = 10**12
"""No context and no number of prompt tokens is larger."""

_TIME_OF_DAY = re.compile(r"([01]\d|2[0-4]):?([0-5]\d)", re.ASCII)


def read_pricing(prices: decode.Fields) -> Pricing:
    """The `pricing` of an entry; any absurd price is None."""
    discount = decode.decimal(prices.get("discount"))
    prompt, completion = decode.decimal(prices.get("prompt")), decode.decimal(prices.get("completion"))
    if not prompt and not completion and _priced_otherwise(prices):
        prompt = completion = None  # what a request or an image costs is no price of tokens, and not free
    return Pricing(
        prompt=prompt,
        completion=completion,
        cache_read=decode.decimal(prices.get("input_cache_read")),
        discount=discount if discount is not None and 0 <= discount <= 1 else None,
        overrides=tuple(decode.items(prices.get("overrides"), _override)),
    )


def _priced_otherwise(prices: decode.Fields) -> bool:
    """Whether something is charged for that is neither a token nor asked for apart, as a search is."""
    apart = ("prompt", "completion", "discount", "overrides", "web_search")
    return any((decode.decimal(price) or 0) > 0 for name, price in prices.items() if name not in apart)


def _override(entry: decode.Fields) -> Override:
    """A conditional price. UnreadableError where it names no price orwatch shows or no condition it knows."""
    prompt, completion = decode.decimal(entry.get("prompt")), decode.decimal(entry.get("completion"))
    cache_read = decode.decimal(entry.get("input_cache_read"))
    tokens = decode.count(entry.get("min_prompt_tokens"), MOST_TOKENS)
    start, end = _time_of_day(entry.get("utc_start")), _time_of_day(entry.get("utc_end"))
    priced = prompt is not None or completion is not None or cache_read is not None
    conditional = tokens is not None or (start is not None and end is not None)
    if not priced or not conditional:
        raise decode.UnreadableError
    return Override(prompt, completion, cache_read, tokens, start, end)


def _time_of_day(value: object) -> str | None:
    """HHMM, from `"0030"`, `"00:30"` or the number 30; None if it is no time of day."""
    number = None if isinstance(value, str) else decode.count(value, 2400)
    match = _TIME_OF_DAY.fullmatch(value if isinstance(value, str) else f"{number:04}" if number is not None else "")
    return match[1] + match[2] if match else None
