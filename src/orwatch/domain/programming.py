"""Weekly tokens of a use case, sampled and scaled up by the source: never to be divided by a model's exact tokens."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime

from msgspec import Struct

from orwatch.domain.columns import Columns
from orwatch.domain.periods import Grain, Period
from orwatch.domain.records import OTHER


class ProgrammingWeek(Struct, frozen=True, tag="programming"):
    """Tokens that were used for programming in an ISO week.

    start: its Monday, its identity. as_of: when the figures were taken. slugs, tokens: of the models that are named, side by side,
    largest first. other: tokens of the rest.
    """

    start: date
    as_of: datetime
    slugs: tuple[str, ...]
    tokens: tuple[int, ...]
    other: int

    @staticmethod
    def columns() -> Columns:
        """Those of its rows."""
        return {"start": date, "permaslug": str, "tokens": int, "sampled": bool}

    def rows(self) -> Iterator[Mapping[str, object]]:
        """A model a row, `other` last."""
        pairs = [*zip(self.slugs, self.tokens, strict=True), (OTHER, self.other)]
        return ({"start": self.start, "permaslug": slug, "tokens": tokens, "sampled": True} for slug, tokens in pairs)

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.tokens) + self.other


def shares(weeks: Iterable[ProgrammingWeek], totals: Mapping[Period, int]) -> dict[Period, float]:
    """The share of programming in all tokens of each week whose total is known, oldest first: an estimate, of the whole alone.

    totals: all tokens of complete weeks, from the rankings. One week's figures count where they were taken after its end.
    """
    found = {Period(Grain.WEEK, week.start): week for week in weeks}
    return {
        period: found[period].total / totals[period]
        for period in sorted(found)
        if totals.get(period) and period.settled_by(found[period].as_of)
    }
