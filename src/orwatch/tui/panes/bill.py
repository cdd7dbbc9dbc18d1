"""Pane 2 where the measure is spend: tokens and spend by country as strips, a million tokens of each, how the estimate is made."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import ClassVar

from textual.strip import Strip

from orwatch.domain.leads import Kind
from orwatch.domain.spend import FREE, Band, Spend, SpendRow, a_million
from orwatch.domain.vendors import UNATTRIBUTED
from orwatch.present import formats
from orwatch.present.table import Piece
from orwatch.present.tables import spend
from orwatch.present.terms import country_in
from orwatch.tui.charts.canvas import strip_100
from orwatch.tui.panes.topic_pane import TopicPane
from orwatch.tui.themes import Ink
from orwatch.tui.widgets.paint import Block, Line, blank, stacked

MOVED = 8
"""Models whose place by spend is another than by tokens, at most."""

NEAR = Decimal("0.05")
"""The least share of the spend with which a country is named above a strip."""


ROOMY = 20
"""Rows from which the strips stand apart."""


class BillPane(TopicPane[Spend, SpendRow, spend.SpendScale]):
    """Whose the tokens and whose the spend is, and every country with a cursor."""

    key: ClassVar[str] = "countries"
    narrowed = frozenset({"free"})
    id: ClassVar[str] = "bill"
    title: ClassVar[str] = "Countries"
    table = spend.SPEND
    topic = spend.COUNTRIES
    also: ClassVar[tuple[str, ...]] = ("coverage", "at_prices", "million")

    @property
    def found(self) -> Spend | None:
        return self.view.spend

    def target(self) -> tuple[Kind, str] | None:
        return (Kind.COUNTRY, self.current.key or UNATTRIBUTED) if self.current else None

    def above(self, width: int) -> list[Strip]:
        return [] if self.found is None else [*Bill(self.ink, self.found, width).shares(self.size.height), blank(width)]

    def build(self, width: int, height: int) -> list[Strip]:
        """The strips, the countries, and as much of how the estimate is made as there is room for."""
        found = self.found
        if self.view.snapshot is None or found is None:
            return self.sentences(width, self.waiting())
        bill, room = Bill(self.ink, found, width), self.room
        self._keep_top(room)
        head = self.head(width, ["of named tokens", spend.priced(found)], note="≈ estimated spend")
        listed = [*head, *self.above(width), *self.rows_in(width, room)]
        return bill.filled(listed, [bill.dearer(), bill.estimate(), bill.moved()], height)


class Bill:
    """Tokens and spend by country, a million tokens of each, how the estimate is made, and who has another place."""

    def __init__(self, ink: Ink, found: Spend, width: int) -> None:
        self.ink = ink
        self.found = found
        self.width = width

    def rows(self, height: int) -> list[Strip]:
        """Blocks that fit, in this order of need."""
        return self.filled([], [self.shares(height), self.million(), self.estimate(), self.moved()], height)

    def filled(self, out: list[Strip], blocks: Sequence[list[Strip]], height: int) -> list[Strip]:
        """What stands already, and those of the blocks that fit below it."""
        for block in blocks:
            if height - len(out) > len(block):
                out = stacked([out, block], self.width)
        return out

    def shares(self, height: int) -> list[Strip]:
        """Tokens, and both ends of the spend, by country; apart where there is room."""
        found, rows, whole = self.found, self.found.countries, self.found.whole
        tokens = [Decimal(row.tokens) / found.named if found.named else None for row in rows]
        parts = [(f"tokens, {formats.tokens(found.named)}", tokens)]
        if whole.high:
            low, high = (f"≈ ${formats.tokens(int(end))}" for end in (whole.low, whole.high))
            parts.append((f"spend, low {low}", [row.share_low for row in rows]))
            parts.append((f"spend, high {high}", [row.share_high for row in rows]))
        block = Block(self.ink, self.width)
        for label, shares in parts:
            if height >= ROOMY:
                block.gap()
            self._share(block, label, [*zip(rows, shares, strict=True)])
        return block.strips()

    def _share(self, block: Block, label: str, parts: list[tuple[SpendRow, Decimal | None]]) -> None:
        """CN and US first; names stand above the strip."""
        parts.sort(key=lambda part: (part[0].key != "CN", part[0].key != "US"))
        end: list[Piece] = []
        for row, share in parts:
            if share is not None and share >= NEAR:
                end.append((f"  {row.key or '??'} ", f"{self.ink.country(row.key)}+"))
                end.append((f"{formats.percent(share, 0)}%", "bright"))
        block.line(label, "dim", 1).right(end)
        bands = [(self.ink.country(row.key), float(share or 0)) for row, share in parts]
        block.line(at=1).segments(strip_100(self.ink, self.width - 1, bands))

    def _millions(self) -> dict[str, Band]:
        """USD for a million tokens of the largest countries."""
        known = (row for row in self.found.countries[:3] if row.key and row.band is not None and not row.free)
        return {
            row.key: one for row in known if row.key and (one := a_million(row.band or FREE, row.covered)) is not None
        }

    def million(self) -> list[Strip]:
        """USD for a million tokens of the largest countries, and how much dearer the one is."""
        block, ends = Block(self.ink, self.width), self._millions()
        if ends:
            block.line("$ per million tokens, all of them", "dim", 1)
        for key, one in ends.items():
            line = block.line(f"{key} ", f"{self.ink.country(key)}+", 1).put(country_in(key, 24))
            line.figures((f"{one.low:.2f}{formats.DASH}{one.high:.2f}", "text", 0))
        block.add(self.dearer())
        return block.strips()

    def dearer(self) -> list[Strip]:
        """How much dearer a token of the one country is than one of the other; nothing where either is unknown."""
        ends = self._millions()
        if not ("CN" in ends and "US" in ends and ends["CN"].low and ends["CN"].high):
            return []
        times = sorted((ends["US"].low / ends["CN"].low, ends["US"].high / ends["CN"].high))
        text = formats.DASH.join(dict.fromkeys(f"{ratio:.1f}" for ratio in times))
        line = Line(self.ink, self.width).to(1).put("a ", "dim").put("US", "us+").put(" token costs ", "dim")
        return [line.put(f"{text} × ", "bright").put("a ", "dim").put("CN", "cn+").put(" one", "dim").strip()]

    def estimate(self) -> list[Strip]:
        """How it is made."""
        found, settings, block = self.found, self.found.settings, Block(self.ink, self.width)
        named = found.covered / found.named if found.named else None
        free = sum(row.free for row in found.rows)
        seen = "none seen by then" if found.seen_at is None else formats.day(found.seen_at.date())
        when = ", seen later" if found.today else ", seen by then" if found.seen_at is not None else ""
        told = {
            "low": spend.shape(settings.low_input, settings.low_cached),
            "high": spend.shape(settings.high_input, settings.high_cached),
            "prices": f"{seen}{when}",
            "cover": f"{formats.percent(named, 0)} % of named, {formats.percent(found.coverage)} % of all",
            "free": f"{formats.plural(free, 'model')} of it",
            "not in": "batch, cache writes, other",
        }
        block.section("The estimate", "settings: spend")
        for name, text in told.items():
            block.line(f"{name:<7}", "dim", 1).put(text)
        return block.strips()

    def moved(self) -> list[Strip]:
        """Models whose place by spend is far from that by tokens."""
        block = Block(self.ink, self.width)
        block.section("Other places", "by tokens, by spend")
        moved = [
            (row.token_rank - row.rank, row) for row in self.found.rows if row.band and not row.free and row.token_rank
        ]
        moved.sort(key=lambda item: -abs(item[0]))
        for by, row in moved[:MOVED]:
            line = block.line(f"{row.country or '??'} ", f"{self.ink.country(row.country)}+", 1)
            line.put(formats.middle_cut(row.name, max(8, self.width - 18)))
            line.figures((str(row.token_rank), "dim", 7), (f"{formats.arrow(by)} {row.rank}", "text", 0))
        return block.strips()
