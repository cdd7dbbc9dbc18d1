"""Pane 1 where the measure is spend: what each model costs, as a band, the dearest first."""

from __future__ import annotations

from typing import ClassVar

from textual.strip import Strip

from orwatch.domain.leads import Kind
from orwatch.domain.spend import Spend, SpendRow
from orwatch.present import formats
from orwatch.present.table import Piece
from orwatch.present.tables import spend
from orwatch.tui.panes.bill import Bill
from orwatch.tui.panes.pane import spaced
from orwatch.tui.panes.topic_pane import TopicPane
from orwatch.tui.widgets.paint import Line

SIDE, BESIDE = 38, 110
"""Cells beside the table where it is zoomed, and those of the pane from which there is room for them."""


class SpendPane(TopicPane[Spend, SpendRow, spend.SpendScale]):
    """The estimate by model: low to high, share of the spend at both ends, share of the tokens."""

    key: ClassVar[str] = "models"
    narrowed = frozenset({"words", "vendors", "countries", "free", "merged"})
    id: ClassVar[str] = "spend"
    title: ClassVar[str] = "Models"
    table = spend.SPEND
    kind: ClassVar[Kind | None] = Kind.MODEL
    topic = spend.TOPIC
    also: ClassVar[tuple[str, ...]] = ("coverage", "at_prices", "free_share", "discounted")

    @property
    def found(self) -> Spend | None:
        return self.view.spend

    @property
    def list_width(self) -> int:
        width = self.size.width
        return width - SIDE - self.between if self.zoomed and width >= BESIDE and self.found is not None else width

    def aside(self, width: int, height: int) -> list[Strip]:
        """Whose the spend is and how the estimate is made."""
        return [] if self.found is None else Bill(self.ink, self.found, width).rows(height)

    def badge(self) -> list[Piece]:
        return spaced([("≈ estimated spend", "accent")], super().badge())

    def title_facts(self) -> list[str]:
        return [spend.priced(self.found)] if self.found else []

    def foot(self, width: int, height: int) -> list[Strip]:
        """What is in no sum: `other`, and rows without a price, with the coverage."""
        snapshot, found = self.view.snapshot, self.found
        if snapshot is None or found is None:
            return []
        cells = spend.other(snapshot, countries=False)
        other = self.row_below(width, cells, "model", cells["model"][0][0])
        told = f"{formats.percent(found.coverage)} % of all tokens have a price or are free"
        unpriced = f"; {len(found.unpriced)} without a price are left out" if found.unpriced else ""
        whole = told + unpriced
        shown = whole if len(whole) < width else f"{formats.percent(found.coverage)} % covered"
        return [other, Line(self.ink, width).to(1).put(shown, "dim").strip()]
