"""What is asked of the market: a grain, a period, a lens, a head to head."""

from __future__ import annotations

from datetime import date
from typing import Literal

from msgspec import Struct, field

from orwatch.domain.periods import Grain
from orwatch.domain.rankings import Lens

At = date | Literal["newest", "now"]
"""Which period: the one that holds a date, the newest complete one, or the one in progress."""


class Query(Struct, frozen=True):
    """What to look at. versus: the head to head, two countries or two vendors. baseline: the id whose price is 1."""

    grain: Grain = Grain.WEEK
    at: At = "newest"
    lens: Lens = field(default_factory=Lens)
    versus: tuple[str, str] = ("CN", "US")
    baseline: str | None = None
