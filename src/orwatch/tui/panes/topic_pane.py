"""Panes whose rows are of a topic: what they show, tell and export follows from it, or they say why there is nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Generic

from textual.strip import Strip

from orwatch.domain.explain import Figure
from orwatch.errors import NoDataError, OrwatchError
from orwatch.present import formats
from orwatch.present.explain import Explanation
from orwatch.present.quote import Quotation
from orwatch.present.report import Report, View
from orwatch.present.table import Column, plain
from orwatch.present.topic import FoundT, RowT, ScaleT, Topic
from orwatch.tui.panes.table_pane import TablePane
from orwatch.tui.widgets.paint import beside, blank, section, stacked

BESIDE = 100
"""Columns from which a list stands beside the rest of a view."""


class TopicPane(TablePane[RowT, ScaleT], Generic[FoundT, RowT, ScaleT]):
    """A table of what is found in the market for a topic. reading: the id of the row that is read.

    part: of the width, what stands before the list where there is room for both; 0: nothing does.
    """

    topic: Topic[FoundT, RowT, ScaleT]
    part: ClassVar[float] = 0.0

    reading: str | None = None

    def find(self) -> FoundT:
        """What the topic has at the period of the figures. Raises OrwatchError where that is nothing."""
        raise LookupError(self.key)

    @property
    def chosen_here(self) -> tuple[object, ...]:
        """What the user chose in this view alone, and what is found depends on."""
        return ()

    @property
    def found(self) -> FoundT:
        """What is shown. Raises NoDataError, with the cause, where that is nothing."""
        found = self.once("found", self.chosen_here, self._find)
        if isinstance(found, OrwatchError):
            raise NoDataError(str(found))
        return found

    def _find(self) -> FoundT | OrwatchError:
        try:
            return self.find()
        except OrwatchError as error:
            return error

    @property
    def trouble(self) -> str:
        """Why there is nothing to show; empty where there is something."""
        try:
            _ = self.found
        except NoDataError as error:
            return str(error)
        return ""

    def choose(self) -> None:
        """Takes what was chosen in this view."""
        self.renew()
        self.follow()

    def read(self) -> None:
        """Lists what is known of the row under the cursor, and no more where it is listed."""
        here = self.table.row_id(self.current) if self.current is not None else None
        self.reading = None if here == self.reading else here
        self.follow()

    def source(self) -> Sequence[RowT]:
        return () if self.trouble else self.topic.rows(self.found)

    def scale(self, width: int) -> ScaleT:
        return self.table.scale if self.trouble else self.topic.scale(self.found)

    def sentence(self) -> str | None:
        return None if self.current is None else self.topic.sentence(self.snapshot, self.found, self.current)

    def quotation(self) -> Quotation | None:
        return self.topic.quote(self.snapshot, self.found, self.current)

    @property
    def cites(self) -> Sequence[str]:
        return () if self.trouble else self.topic.cites(self.snapshot, self.found)

    def report(self, how: View) -> Report:
        return self.topic.report(how, self.snapshot, self.found, self.rows, self.reader.market.more)

    def draw(self, width: int, height: int) -> list[Strip]:
        if self.trouble:
            return self.sentences(width, [[(self.trouble, "text")]])
        return self.draw_found(self.found, width, height)

    def draw_found(self, found: FoundT, width: int, height: int) -> list[Strip]:
        """All rows, where there is something to show."""
        return super().draw(width, height)

    def figure(self, row: RowT, column: Column[RowT]) -> Figure | None:
        cell = plain(column.cell(row, column.width)).strip()
        if column.defined_as not in self.topic.terms or not column.drawn or cell in ("", formats.NO_DATA):
            return None
        return Figure(
            column.defined_as, None, self.table.row_id(row), said=(self.topic.name(row), cell, column.head.strip())
        )

    def figures_below(self) -> Sequence[Figure]:
        below = () if self.trouble else self.topic.below(self.found)
        return [Figure(term, None, id_, said=("", "", term)) for id_, term in below]

    def explanation(self, figure: Figure) -> Explanation | None:
        return self.topic.explain(self.snapshot, self.found, figure.id, figure.term)

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
        shown = self.part and not self.is_beside and not self.trouble
        return [*self.rest(width), blank(width), blank(width)] if shown else []

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
