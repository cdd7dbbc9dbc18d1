"""The benchmarks that the catalogue repeats of a model. Anything absurd in them is left out; nothing is ever raised."""

from __future__ import annotations

import re
from decimal import Decimal

from orwatch.api.decode import values
from orwatch.domain.benchmarks import ArenaScore, Benchmarks, Index, by_elo
from orwatch.domain.foreign import clean

_MOST_SCORES = 100
_MOST_INDICES = 10
_HIGHEST_ELO = 10_000
_LOWEST_PLACE = 100_000
_INDEX = re.compile(r"([a-z][a-z_]{0,28}[a-z])_index", re.ASCII)


def benchmarks(value: object) -> Benchmarks:
    """The `benchmarks` of an entry: empty where it has none, or none that can be read."""
    found = values.table(value)
    scores = found.get("design_arena")
    arena = [_score(entry) for entry in scores[:_MOST_SCORES]] if isinstance(scores, list) else []
    # Of one category given twice the first stands.
    kept = {(score.arena, score.category): score for score in reversed(arena) if score is not None}
    indices = [
        Index(match[1], number)
        for key, given in values.table(found.get("artificial_analysis")).items()
        if (match := _INDEX.fullmatch(key)) and (number := _number(given, 100)) is not None
    ]
    return Benchmarks(by_elo(tuple(kept.values())), tuple(indices[:_MOST_INDICES]))


def _score(entry: object) -> ArenaScore | None:
    """One category, or None where it has no name or no figure. Win rates come in percent."""
    fields = values.table(entry)
    category, arena = fields.get("category"), fields.get("arena")
    name = clean(category, 40) if isinstance(category, str) else ""
    place = values.count(fields.get("rank"), _LOWEST_PLACE) or None
    elo, won = _number(fields.get("elo"), _HIGHEST_ELO), _number(fields.get("win_rate"), 100)
    if not name or (place is None and elo is None and won is None):
        return None
    where = clean(arena, 20) if isinstance(arena, str) else ""
    return ArenaScore(where or "models", name, place, elo, None if won is None else won / 100)


def _number(value: object, most: float) -> float | None:
    """A figure from 0 to `most`, or None."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    return float(value) if 0 <= value <= most else None
