"""A subject that stands beside the rankings, and how it is told, wherever it is: on screen, by a command, to a screen reader."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Generic, TypeVar

from msgspec import Struct

from orwatch.domain.overview import Snapshot
from orwatch.domain.rankings import TOP_TEN
from orwatch.present import formats
from orwatch.present.explain import Explanation
from orwatch.present.quote import Quotation
from orwatch.present.report import Report, View
from orwatch.present.table import Table

FoundT = TypeVar("FoundT")
RowT = TypeVar("RowT")
ScaleT = TypeVar("ScaleT")


class Topic(Struct, Generic[FoundT, RowT, ScaleT], frozen=True):
    """How a subject is told, of what was found in a market.

    key: of its view and command. table; rows, scale: what it is filled with. name: of a row. sentence: of a row, as it is copied.
    spoken: the same for a screen reader. quote: to print; of a row, or without one of all. cites: its sources for a footer, at
    length and in short. report: rows that are shown; its last parameter is what a key would add. terms: of the figures that can be
    explained, by key; explain: of a row by its id, None where it lacks the figure. below: ids and terms of what stands beside the
    table.
    """

    key: str
    table: Table[RowT, ScaleT]
    rows: Callable[[FoundT], Sequence[RowT]]
    scale: Callable[[FoundT], ScaleT]
    name: Callable[[RowT], str]
    sentence: Callable[[Snapshot, FoundT, RowT], str]
    spoken: Callable[[FoundT, RowT], str]
    quote: Callable[[Snapshot, FoundT, RowT | None], Quotation]
    cites: Callable[[Snapshot, FoundT], Sequence[str]]
    report: Callable[[View, Snapshot, FoundT, Sequence[RowT], str], Report]
    terms: tuple[str, ...]
    explain: Callable[[Snapshot, FoundT, str, str], Explanation | None]
    below: Callable[[FoundT], Sequence[tuple[str, str]]] = lambda _: ()

    def row(self, found: FoundT, id_: str) -> RowT | None:
        """A row by its id."""
        return next((row for row in self.rows(found) if self.table.row_id(row) == id_), None)

    def summary(self, snap: Snapshot, found: FoundT) -> str:
        """All of it in a sentence or two, with the source."""
        told = self.quote(snap, found, None)
        return " ".join([*(sentence.text for sentence in told.sentences[:2]), told.source])

    def aloud(self, snap: Snapshot, found: FoundT, rows: Sequence[RowT], count: int) -> Iterator[str]:
        """The summary, then a sentence a row, the first of them alone where there are more than `count`."""
        yield self.summary(snap, found)
        yield from (self.spoken(found, row) for row in rows[:count])
        if not rows:
            yield f"No {self.table.noun} matches."
        elif len(rows) > count:
            rest = formats.plural(len(rows) - count, f"more {self.table.noun}")
            yield f"{rest}; say {self.key} {len(rows)} for all."

    def changes(self, before: FoundT, after: FoundT) -> Iterator[str]:
        """Who of the first ten came, went or has another place."""
        was = [self.table.row_id(row) for row in self.rows(before)]
        for place, row in enumerate(self.rows(after)[:TOP_TEN]):
            id_ = self.table.row_id(row)
            if id_ not in was or was.index(id_) != place:
                then = f", was {formats.ordinal(was.index(id_) + 1)}" if id_ in was else ", new"
                yield f"{self.table.title}, now {formats.ordinal(place + 1)}{then}: {self.spoken(after, row)}"
