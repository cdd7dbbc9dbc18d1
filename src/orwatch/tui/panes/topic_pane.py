"""Panes whose rows are of a topic: what they show, tell and export follows from it, or they say why there is nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar, Generic, TypeVar

from textual.strip import Strip

from orwatch.core.market import Market
from orwatch.domain.explain import Figure
from orwatch.domain.overview import Snapshot
from orwatch.errors import NoDataError, OrwatchError
from orwatch.present import formats
from orwatch.present.explain import Explanation
from orwatch.present.quote import Quotation
from orwatch.present.report import Report, View
from orwatch.present.table import Column, Piece, plain
from orwatch.present.topic import FoundT, RowT, ScaleT, Topic
from orwatch.tui.panes.table_pane import TablePane
from orwatch.tui.widgets.paint import beside, blank, section, stacked

ToldT = TypeVar("ToldT")

BESIDE = 100
"""Columns from which a list stands beside the rest of a view."""


class TopicPane(TablePane[RowT, ScaleT], Generic[FoundT, RowT, ScaleT]):
    """A table of what is found in the market for a topic. trouble: why there is nothing; reading: the id of the row that is read.

    part: of the width, what stands before the list where there is room for both; 0: nothing does.
    """

    topic: Topic[FoundT, RowT, ScaleT]
    part: ClassVar[float] = 0.0

    trouble = ""
    reading: str | None = None

    def find(self, market: Market, snapshot: Snapshot) -> FoundT | None:
        """What the topic has at the period of a snapshot. Raises OrwatchError where that is nothing."""
        raise LookupError(self.key)

    @property
    def chosen_here(self) -> tuple[object, ...]:
        """What the user chose in this view alone, and what is found depends on."""
        return ()

    @property
    def found(self) -> FoundT | None:
        """What is shown; None: `trouble` says why."""
        snapshot = self.view.snapshot
        return (
            None if snapshot is None else self.once("found", snapshot, self.chosen_here, lambda: self._find(snapshot))
        )

    def _find(self, snapshot: Snapshot) -> FoundT | None:
        self.trouble = ""
        try:
            return self.find(self.reader.market, snapshot)
        except OrwatchError as error:
            self.trouble = str(error)
            return None

    def choose(self) -> None:
        """Takes what was chosen in this view: its rows are made anew, the cursor stays on its own."""
        self.everything = self.source()
        self.select_rows()
        self.follow()

    def read(self) -> None:
        """Lists what is known of the row under the cursor, and no more where it is listed."""
        here = self.table.row_id(self.current) if self.current is not None else None
        self.reading = None if here == self.reading else here
        self.follow()

    def source(self) -> Sequence[RowT]:
        return () if self.found is None else self.topic.rows(self.found)

    def scale(self, width: int) -> ScaleT:
        return self.table.scale if self.found is None else self.topic.scale(self.found)

    def _told(self, tell: Callable[[Snapshot, FoundT], ToldT]) -> ToldT | None:
        """What the topic tells of what was found; None where nothing was."""
        snapshot, found = self.view.snapshot, self.found
        return None if snapshot is None or found is None else tell(snapshot, found)

    def sentence(self) -> str | None:
        row = self.current
        return None if row is None else self._told(lambda snapshot, found: self.topic.sentence(snapshot, found, row))

    def quotation(self) -> Quotation | None:
        told = self._told(lambda snapshot, found: self.topic.quote(snapshot, found, self.current))
        if told is None and self.trouble:
            raise NoDataError(self.trouble)
        return told

    @property
    def cites(self) -> Sequence[str]:
        return self._told(self.topic.cites) or ()

    def report(self, how: View, snapshot: Snapshot, market: Market) -> Report:
        found = self.found
        if found is None:
            raise NoDataError(self.trouble or "There is nothing on screen yet.")
        return self.topic.report(how, snapshot, found, self.rows, market.more)

    def empty_state(self) -> list[list[Piece]]:
        if self.found is None and self.trouble:
            return [[(self.trouble, "text")]]
        return super().empty_state()

    def figure(self, row: RowT, column: Column[RowT]) -> Figure | None:
        cell = plain(column.cell(row, column.width)).strip()
        if column.defined_as not in self.topic.terms or not column.drawn or cell in ("", formats.NO_DATA):
            return None
        return Figure(
            column.defined_as, None, self.table.row_id(row), said=(self.topic.name(row), cell, column.head.strip())
        )

    def figures_below(self) -> Sequence[Figure]:
        found = self.found
        below = () if found is None else self.topic.below(found)
        return [Figure(term, None, id_, said=("", "", term)) for id_, term in below]

    def explanation(self, figure: Figure) -> Explanation | None:
        return self._told(lambda snapshot, found: self.topic.explain(snapshot, found, figure.id, figure.term))

    # A list beside the rest of the view

    @property
    def is_beside(self) -> bool:
        """Whether the list stands beside the rest."""
        return bool(self.part) and self.size.width >= BESIDE

    @property
    def list_at(self) -> int:
        return round((self.size.width - 3) * self.part) + 3 if self.is_beside else 0

    @property
    def list_width(self) -> int:
        return self.size.width - self.list_at

    def rest(self, width: int) -> list[Strip]:
        """What stands above the list where there is no room beside it."""
        return []

    def above(self, width: int) -> list[Strip]:
        return [*self.rest(width), blank(width), blank(width)] if self.part and not self.is_beside else []

    def with_list(self, head: list[Strip], blocks: Sequence[list[Strip]], fact: str, height: int) -> list[Strip]:
        """The rest of a view with its list beside it, or under it. fact: of the list, told after where it is."""
        width, room = self.list_width, self.room
        self._keep_top(room)
        where = self.position(room)
        listed = self.rows_in(width, room) if self.rows else self.sentences(width, self.empty_state())[-max(1, room) :]
        edge = 0 if self.is_beside else 1
        title = section(self.ink, width - edge, f"By {self.table.noun}", f"{where} · {fact}", where)
        if not self.is_beside:
            return [*head, *self.above(width)[:-1], Strip.join([blank(edge), title]), *listed]
        left = self.list_at - 3
        rest = [*head, *stacked(blocks, left)]
        return beside(rest, left, [title, *[blank(width)] * (len(head) - 1), *listed], width, height, gutter=3)
