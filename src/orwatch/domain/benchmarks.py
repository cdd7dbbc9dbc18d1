"""How good a model was found to be: what the catalogue repeats of two benchmarks, each with its own scale."""

from __future__ import annotations

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
