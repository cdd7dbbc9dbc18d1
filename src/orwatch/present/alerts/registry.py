"""The words of every rule."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from orwatch.present.alerts import (
    apps,
    benchmarks,
    crossings,
    leads,
    listings,
    prices,
    ranks,
    totals,
)
from orwatch.present.alerts.words import Words

WORDS: Final[Mapping[str, Words]] = {
    **leads.WORDS,
    **ranks.WORDS,
    **crossings.WORDS,
    **prices.WORDS,
    **listings.WORDS,
    **apps.WORDS,
    **benchmarks.WORDS,
    **totals.WORDS,
}
"""The words of each rule by its name."""

LISTED: Final = frozenset((*prices.WORDS, *listings.WORDS))
"""The rules about prices and listings, which are not of the rankings."""
