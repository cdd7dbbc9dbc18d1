"""How good models were found to be, by whom. Sources are never averaged: each has its scale, its date and its citation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import asdict

from orwatch.domain.columns import Columns, columns_of


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

    @staticmethod
    def columns() -> Columns:
        """Those of its rows."""
        return {"source": str, "whence": str, **columns_of(Score)}

    def rows(self) -> Iterator[Mapping[str, object]]:
        """A figure a row."""
        return ({"source": self.source(), "whence": self.whence, **asdict(score)} for score in self.scores)

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
