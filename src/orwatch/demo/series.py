"""Weekly totals and country sums on basis `chart`: published where there is a figure, interpolated where there is none.

The rule: a printed level holds to the token; a printed growth fixes the week it is measured against; `ASSUMED` gives
turning points that the streaks and flips imply but nobody printed; every other week lies on the straight line between its
neighbours on a logarithmic scale, rounded to the million tokens.
"""

from __future__ import annotations

import math
from datetime import date
from functools import cache

from orwatch.demo.figures import FIGURES, WEEKS, Quantity
from orwatch.domain.records import Basis

MILLION = 1_000_000

ASSUMED: dict[str, dict[date, float]] = {
    # The total fell into the week of 13 April and grew in each of the seven weeks after it (F14, F22).
    "total": {
        date(2026, 1, 26): 11.9e12,
        date(2026, 2, 9): 13.0e12,
        date(2026, 3, 9): 16.6e12,
        date(2026, 3, 30): 25.6e12,
        date(2026, 4, 13): 21.2e12,
    },
    # US models led in the first two weeks and in those of 23 February, 13 and 20 April (F04, F44, F53).
    "CN": {
        date(2026, 1, 26): 1.15e12,
        date(2026, 2, 23): 3.75e12,
        date(2026, 4, 13): 4.45e12,
        date(2026, 4, 20): 4.55e12,
    },
    # Of the 3.15e12 in the week of 16 February 2.7e12 were printed without arcee-ai, whose row is then 0.45e12 (F06).
    "US": {
        date(2026, 1, 26): 4.0e12,
        date(2026, 2, 2): 3.5e12,
        date(2026, 2, 16): 3.15e12,
        date(2026, 2, 23): 4.1e12,
        date(2026, 4, 13): 4.85e12,
        date(2026, 4, 20): 5.0e12,
        date(2026, 6, 8): 3.8e12,
    },
    "arcee-ai/trinity-large-preview:free": {date(2026, 2, 16): 0.45e12},
    # The tenth row of that week: with the nine, 8.31e12, the ten exceed 8.7e12 (F08).
    "google/gemini-2.5-flash": {date(2026, 2, 16): 0.42e12},
}
"""Tokens of weeks without a published figure, chosen so that every published streak, flip and growth holds."""


@cache
def levels(subject: str, basis: Basis | None = None) -> dict[date, int]:
    """What the published figures fix of a subject's tokens: their own weeks, and those a growth is measured against."""
    of_subject = [figure for figure in FIGURES if figure.subject == subject and figure.basis is basis]
    fixed = {figure.week: int(figure.value) for figure in of_subject if figure.quantity is Quantity.TOKENS}
    for figure in of_subject:
        if figure.base:
            fixed[figure.base] = round(fixed[figure.week] / (1 + figure.value))
    return fixed


def row_level(permaslug: str, week: date) -> int | None:
    """The tokens a single row is fixed at in a week, published or assumed; None where its place is interpolated."""
    known = levels(permaslug) | {monday: int(tokens) for monday, tokens in ASSUMED.get(permaslug, {}).items()}
    return known.get(week)


@cache
def weekly(subject: str) -> dict[date, int]:
    """Tokens of `total`, or of `CN` or `US` on basis `chart`, for every week of the dataset."""
    known: dict[date, float] = {**ASSUMED[subject], **levels(subject, None if subject == "total" else Basis.CHART)}
    anchors = sorted(known)
    series: dict[date, int] = {}
    for week in WEEKS:
        if week in known:
            series[week] = int(known[week])
            continue
        before = max(anchor for anchor in anchors if anchor < week)
        after = min(anchor for anchor in anchors if anchor > week)
        part = (week - before) / (after - before)
        tokens = known[before] * math.exp(part * math.log(known[after] / known[before]))
        series[week] = round(tokens / MILLION) * MILLION
    return series
