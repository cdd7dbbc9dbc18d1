"""The nine largest rows of a week: their order and their country sums are known, their tokens are solved for.

Rows in a known order are sums of the gaps between neighbours, counted from the ninth row up, and the country sums and the
models with a published figure are linear in the gaps. Of all positive gaps that meet them, those are taken that are nearest
(in relative entropy) to a ranking that falls by `STEP` from row to row: the order can then not be broken.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from functools import cache

from orwatch.demo.figures import weekly_order
from orwatch.demo.models import country_of
from orwatch.demo.series import MILLION, row_level, weekly

STEP = 0.12
"""How much smaller than its predecessor a row is, as a logarithm, where nothing says otherwise."""

Vector = list[float]


@cache
def nine(week: date) -> tuple[tuple[str, int], ...]:
    """The nine largest rows of the week, largest first, exact to the token in the sums and models that were published."""
    slugs = weekly_order()[week]
    fixed = {slug: tokens for slug in slugs if (tokens := row_level(slug, week)) is not None}
    sums = {country: weekly(country)[week] for country in ("CN", "US")}

    conditions: list[Vector] = []
    wanted: Vector = []
    for country, tokens in sums.items():
        conditions.append(
            [float(sum(country_of(slug) == country for slug in slugs[: n + 1])) for n in range(len(slugs))]
        )
        wanted.append(float(tokens))
    for slug, tokens in fixed.items():
        conditions.append([float(n >= slugs.index(slug)) for n in range(len(slugs))])
        wanted.append(float(tokens))

    attributed = sum(country_of(slug) is not None for slug in slugs)
    mean = sum(sums.values()) / attributed
    shape = [math.exp(-STEP * n) for n in range(len(slugs))]
    scale = mean * len(slugs) / sum(shape)
    prior = [scale * (a - b) for a, b in zip(shape, [*shape[1:], 0.0], strict=True)]
    gaps = nearest(prior, conditions, wanted)

    rows = {slug: round(math.fsum(gaps[n:]) / MILLION) * MILLION for n, slug in enumerate(slugs)} | fixed
    for country, tokens in sums.items():
        mine = [slug for slug in slugs if country_of(slug) == country]
        loose = next(slug for slug in mine if slug not in fixed)
        rows[loose] += tokens - sum(rows[slug] for slug in mine)
    return tuple(rows.items())


def nearest(prior: Sequence[float], conditions: Sequence[Vector], wanted: Sequence[float]) -> Vector:
    """The positive numbers nearest to `prior` in relative entropy with `conditions` · numbers = `wanted`.

    They are prior × exp(multipliers · conditions); Newton's method finds the multipliers, each step halved until it descends.
    Raises ValueError where no positive numbers meet the conditions.
    """
    unit = sum(prior)
    goal = [value / unit for value in wanted]
    weights = [value / unit for value in prior]
    multipliers = [0.0] * len(goal)

    def solution(at: Vector) -> Vector:
        return [
            weight * math.exp(sum(m * row[n] for m, row in zip(at, conditions, strict=True)))
            for n, weight in enumerate(weights)
        ]

    def dual(at: Vector) -> float:
        return math.fsum(solution(at)) - math.fsum(m * g for m, g in zip(at, goal, strict=True))

    for _ in range(60):
        now = solution(multipliers)
        short = [
            g - math.fsum(a * x for a, x in zip(row, now, strict=True)) for g, row in zip(goal, conditions, strict=True)
        ]
        if max(map(abs, short)) < 1e-12:
            return [value * unit for value in now]
        curvature = [
            [math.fsum(a * b * x for a, b, x in zip(one, two, now, strict=True)) for two in conditions]
            for one in conditions
        ]
        direction = solve(curvature, short)
        here, size = dual(multipliers), 1.0
        while size > 1e-9:
            there = [m + size * d for m, d in zip(multipliers, direction, strict=True)]
            if max(map(abs, there)) < 300 and dual(there) <= here + 1e-15:
                break
            size /= 2
        multipliers = there
    raise ValueError("the published sums cannot be met in the recorded order")


def solve(matrix: Sequence[Vector], right: Sequence[float]) -> Vector:
    """The solution of a small system of linear equations, by elimination with pivots."""
    rows = [[*line, value] for line, value in zip(matrix, right, strict=True)]
    size = len(rows)
    for n in range(size):
        pivot = max(range(n, size), key=lambda k: abs(rows[k][n]))
        rows[n], rows[pivot] = rows[pivot], rows[n]
        rows[n] = [value / rows[n][n] for value in rows[n]]
        for k in range(size):
            if k != n:
                factor = rows[k][n]
                rows[k] = [value - factor * base for value, base in zip(rows[k], rows[n], strict=True)]
    return [line[-1] for line in rows]
