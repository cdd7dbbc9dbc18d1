"""Weekly tokens of a use case, sampled and scaled up by the source: never to be divided by a model's exact tokens."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime

from msgspec import Struct

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

    def rows(self) -> Iterator[Mapping[str, object]]:
        """A model a row, `other` last."""
        pairs = [*zip(self.slugs, self.tokens, strict=True), (OTHER, self.other)]
        return ({"start": self.start, "permaslug": slug, "tokens": tokens, "sampled": True} for slug, tokens in pairs)

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.tokens) + self.other
