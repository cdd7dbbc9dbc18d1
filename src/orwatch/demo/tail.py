"""The 41 rows below the nine: nobody published them, so a fixed rule places them.

A model's depth below the ninth row moves along a straight line over the weeks (`models.csv`), is shallow around its weeks
among the nine, and settles within three weeks after it was listed. The 41 shallowest models are the tail. With y = weight ×
exp(−depth), a row is the ceiling × y / (1 + y⁴)^¼: in proportion to y where y is small, and never above the ceiling, which
is the ninth row × (1 − `MARGIN`). The weight of a country is solved so that its tail sums to its share of what is left. The
shares are those of the week of 9 February, the one week of which both readings were published (F02, F03; N01, N02).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from functools import cache

from orwatch.demo.chart import nine
from orwatch.demo.figures import LAST_WEEK, WEEKS, weekly_order
from orwatch.demo.models import country_of, models
from orwatch.demo.series import MILLION, levels, row_level, weekly
from orwatch.domain.records import Basis

TAIL_ROWS = 41
"""Named rows below the nine: the API names 50."""

ASIDE = date(2026, 2, 9)
"""The week whose country sums were published on basis `top50` too."""

LEFT_LAST = 0.11
"""Share of all tokens outside the CN and US rows of the top 50, in the last week; in the week of 9 February and before, it is
what was published leaves over. In between, a straight line."""

MARGIN = 0.05
"""How far the tail stays below the ninth row, as a part of it."""

FADE, APPROACH, LIFT = 0.35, 0.5, 0.8
"""Depth per week after a model's last week among the nine and before its first one, less the lift it has beside them."""

SETTLE, SETTLED = 0.5, 3
"""Extra depth of a new model per week that it lacks of the weeks it takes to settle."""

APART = 0.001
"""What keeps models of one depth apart: as much more depth for each place further down the table."""


@cache
def tail(week: date) -> tuple[tuple[str, int], ...]:
    """The 41 rows below the nine, largest first."""
    ceiling = nine(week)[-1][1] * (1 - MARGIN)
    shallow = sorted((depth, slug) for slug, depth in _depths(week).items())[:TAIL_ROWS]
    depths = {slug: depth for depth, slug in shallow}
    rows = {slug: tokens for slug in depths if (tokens := row_level(slug, week)) is not None}
    weights: list[float] = []
    for country, tokens in country_tokens(week).items():
        members = [slug for slug in depths if country_of(slug) == country]
        loose = [slug for slug in members if slug not in rows]
        left = tokens - sum(rows[slug] for slug in members if slug in rows)
        weights.append(_weight([depths[slug] for slug in loose], left / ceiling))
        rows |= {slug: _tokens(ceiling, depths[slug], weights[-1]) for slug in loose}
        rows[loose[0]] += tokens - sum(rows[slug] for slug in members)
    rows |= {slug: _tokens(ceiling, depth, min(weights)) for slug, depth in depths.items() if slug not in rows}
    return tuple(sorted(rows.items(), key=lambda row: (-row[1], row[0])))


def country_tokens(week: date) -> dict[str, int]:
    """Tokens of the CN and US rows of the tail."""
    published = {country: levels(country, Basis.TOP50)[ASIDE] - weekly(country)[ASIDE] for country in ("CN", "US")}
    if week == ASIDE:
        return published
    both = round((1 - _left(week)) * weekly("total")[week]) - weekly("CN")[week] - weekly("US")[week]
    cloaked = sum(tokens for slug, tokens in nine(week) if country_of(slug) is None)
    china = round((both - cloaked) * published["CN"] / sum(published.values()) / MILLION) * MILLION
    return {"CN": china, "US": round((both - cloaked) / MILLION) * MILLION - china}


def _left(week: date) -> float:
    total = weekly("total")[ASIDE]
    first = 1 - sum(levels(country, Basis.TOP50)[ASIDE] for country in ("CN", "US")) / total
    part = max(0.0, (week - ASIDE) / (LAST_WEEK - ASIDE))
    return first + part * (LEFT_LAST - first)


def _depths(week: date) -> dict[str, float]:
    """Depth of every model that was listed by the week's Monday, still served, and not among the nine."""
    found: dict[str, float] = {}
    now = WEEKS.index(week)
    for place, (slug, model) in enumerate(models().items()):
        led = _charted().get(slug, ())
        if model.listed > week or (model.until and model.until < week) or now in led:
            continue
        candidates = [(n - now) * APPROACH - LIFT if n > now else (now - n) * FADE - LIFT for n in led]
        if model.depths:
            first, last = model.depths
            age = (week - model.listed).days / 7
            candidates.append(first + (last - first) * now / (len(WEEKS) - 1) + SETTLE * max(0.0, SETTLED - age))
        if candidates:
            found[slug] = min(candidates) + APART * place
    return found


@cache
def _charted() -> dict[str, tuple[int, ...]]:
    """The weeks, counted from the first, in which a model was among the nine."""
    found: dict[str, tuple[int, ...]] = {}
    for n, week in enumerate(WEEKS):
        for slug in weekly_order()[week]:
            found[slug] = (*found.get(slug, ()), n)
    return found


def _height(part: float) -> float:
    """A row as a part of the ceiling: y / (1 + y⁴)^¼, of y⁴."""
    return math.sqrt(math.sqrt(part / (1 + part)))


def _weight(depths: Sequence[float], wanted: float) -> float:
    """The weight with which the rows sum to `wanted` ceilings, by halving the interval of its logarithm."""
    parts = [math.exp(-4 * depth) for depth in depths]
    low, high = -8.0, 8.0
    for _ in range(44):
        middle = (low + high) / 2
        weight = math.exp(4 * middle)
        if sum([_height(weight * part) for part in parts]) < wanted:
            low = middle
        else:
            high = middle
    return math.exp(high)


def _tokens(ceiling: float, depth: float, weight: float) -> int:
    return round(ceiling * _height((weight * math.exp(-depth)) ** 4) / MILLION) * MILLION
