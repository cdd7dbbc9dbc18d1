"""Models that were renamed while they were ranked, where the record itself tells it.

A preview that becomes a release goes on under another permaslug: `qwen/qwen3.6-plus-preview:free` as
`qwen/qwen3.6-plus-04-02:free`. Its tokens of that period are split between the two.
"""

from __future__ import annotations

import re

from msgspec import Struct

from orwatch.domain.names import variant_of, without_variant
from orwatch.domain.periods import Period
from orwatch.domain.rankings import Rankings

_PREVIEW = re.compile(r"-(?:preview|beta|alpha|exp|experimental)(?=-|$)")
_DATE = re.compile(r"-(?:20\d{6}|(?:20\d\d-)?\d\d-\d\d|\d{4})$")


class Rename(Struct, frozen=True):
    """A permaslug goes on as another. period: the one that has rows of both."""

    before: str
    after: str
    period: Period


def goes_on_as(before: str, after: str) -> bool:
    """Whether the first is a preview of the second by name: same author, variant and slug, but for dates and `preview`."""
    first, second = without_variant(before), without_variant(after)
    return (
        first != second
        and variant_of(before) == variant_of(after)
        and _PREVIEW.search(first) is not None
        and _stem(first) == _stem(second)
    )


def renamed(rankings: Rankings, slug: str, until: Period) -> Rename | None:
    """The rename that a row came out of or ended in, by `until`: the period in which one ends and the other begins.

    None where the record does not tell: no period has both, or either goes on beside the other.
    """
    periods = [period for period in rankings.record.listings if period <= until]
    mine = _present(rankings, slug, periods)
    if not mine:
        return None
    for period, old in ((mine[0], False), (mine[-1], True)):
        ranking = rankings.at(period)
        for row in ranking.rows if ranking else ():
            pair = (slug, row.permaslug) if old else (row.permaslug, slug)
            if not goes_on_as(*pair):
                continue
            ends, begins = _present(rankings, pair[0], periods), _present(rankings, pair[1], periods)
            if ends[-1] == begins[0] == period and periods[0] < period < begins[-1]:
                return Rename(*pair, period)
    return None


def _present(rankings: Rankings, slug: str, periods: list[Period]) -> list[Period]:
    return [period for period in periods if (ranking := rankings.at(period)) is not None and slug in ranking.slugs]


def _stem(slug: str) -> str:
    return _DATE.sub("", _PREVIEW.sub("", slug))
