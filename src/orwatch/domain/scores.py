"""How good models were found to be, by whom. Sources are never averaged: each has its scale, its date and its citation."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from msgspec import Struct


class ArenaScore(Struct, frozen=True):
    """Design Arena, where people choose between two answers: one model's place in one category.

    arena: `models` or `agents`. category: as the arena writes it (`gamedev`). rank: 1 is best. elo: rating.
    win_rate: fraction of the comparisons it won. None where unknown.
    """

    arena: str
    category: str
    rank: int | None = None
    elo: float | None = None
    win_rate: float | None = None


class Index(Struct, frozen=True):
    """An index of Artificial Analysis. name: `intelligence`, `coding`, `agentic`. value: 0 to 100."""

    name: str
    value: float


class Benchmarks(Struct, frozen=True):
    """What the catalogue says of one model; falsy where it says nothing. arena: highest Elo first within each arena."""

    arena: tuple[ArenaScore, ...] = ()
    indices: tuple[Index, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.arena or self.indices)


def by_elo(scores: tuple[ArenaScore, ...]) -> tuple[ArenaScore, ...]:
    """Scores of `models` before those of other arenas, highest Elo first, unknown ones last."""
    return tuple(
        sorted(scores, key=lambda s: (s.arena != "models", s.arena, s.elo is None, -(s.elo or 0.0), s.category))
    )


class Score(Struct, frozen=True, array_like=True):
    """One figure. model: a permaslug, or an id where the source gives that. name: as the source calls it.

    benchmark: `intelligence`, `coding`, `agentic`; a category of Design Arena, with its arena before it where that is not `models`
    (`agents/website`); a benchmark of OpenRouter (`gpqa_diamond`). value: an index of 0 to 100, an Elo rating, a fraction of right
    answers. deviation: of runs, None of one alone. win_rate: fraction of comparisons won. cost: USD per task. tasks: how many.
    prompt, completion: USD per token, as the source states them, which may differ from the catalogue. None: unknown.
    """

    model: str
    name: str
    benchmark: str
    value: float
    deviation: float | None = None
    win_rate: float | None = None
    cost: Decimal | None = None
    tasks: int | None = None
    prompt: Decimal | None = None
    completion: Decimal | None = None


class Scores(Struct, frozen=True):
    """A snapshot of a source, by the day of `as_of`, when its figures were taken (UTC).

    citation: as the source wants it, None where it gave none. received: rows of the answer; exactly 50 or 100 may be a part of
    them. whence: `api` with a key; without one `catalogue` (what the list of models repeats) or `export`. methodology: how it was
    measured, where the source says so: it changes.
    """

    as_of: datetime
    citation: str | None
    received: int
    scores: tuple[Score, ...]
    whence: str = "api"
    methodology: str | None = None

    @classmethod
    def source(cls) -> str:
        """What the API calls the source: `artificial-analysis`."""
        return str(cls.__struct_config__.tag).rpartition("/")[2]

    @property
    def may_be_cut(self) -> bool:
        """Whether there may be more than was received."""
        return self.received in (50, 100)


class AnalysisScores(Scores, frozen=True, tag="benchmarks/artificial-analysis"):
    """The indices of Artificial Analysis."""


class ArenaScores(Scores, frozen=True, tag="benchmarks/design-arena"):
    """The ratings of Design Arena."""


class OwnScores(Scores, frozen=True, tag="benchmarks/openrouter"):
    """What OpenRouter's own runs came to."""


SOURCES: tuple[type[Scores], ...] = (AnalysisScores, ArenaScores, OwnScores)
"""A type for each source."""
