"""Pane 2 where the measure is spend: tokens and spend by country as strips, a million tokens of each, how the estimate is made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
from orwatch.present.topics.spend import COUNTRIES
from orwatch.tui.charts.canvas import strip_100
from orwatch.tui.panes.topic_pane import TopicPane
from orwatch.tui.themes import Ink
from orwatch.tui.widgets.paint import Line, blank, section, stacked

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
    widget: ClassVar[str] = "bill"
    title: ClassVar[str] = "Countries"
    table = spend.SPEND
    topic = COUNTRIES
    also: ClassVar[tuple[str, ...]] = ("coverage", "at_prices", "million")

    @property
    def found(self) -> Spend | None:
        return self.view.spend

    def target(self) -> tuple[Kind, str] | None:
        return (Kind.COUNTRY, self.current.key or UNATTRIBUTED) if self.current else None

    def above(self, width: int) -> list[Strip]:
        return [] if self.found is None else [*Bill(self.ink, self.found).shares(width, self.size.height), blank(width)]

    def build(self, width: int, height: int) -> list[Strip]:
        """The strips, the countries, and as much of how the estimate is made as there is room for."""
        found = self.found
        if self.view.snapshot is None or found is None:
            return self.sentences(width, self.waiting())
        bill, room = Bill(self.ink, found), self.room
        self._keep_top(room)
        head = self.head(width, ["of named tokens", spend.priced(found)], note="≈ estimated spend")
        out = [*head, *self.above(width), *self.rows_in(width, room)]
        return bill.filled(out, [bill.dearer(width), bill.estimate(width), bill.moved(width)], width, height)


class Bill:
    """Tokens and spend by country, a million tokens of each, how the estimate is made, and who has another place."""

    def __init__(self, ink: Ink, found: Spend) -> None:
        self.ink = ink
        self.found = found

    def rows(self, width: int, height: int) -> list[Strip]:
        """Blocks that fit, in this order of need."""
        return self.filled(
            [],
            [self.shares(width, height), self.million(width), self.estimate(width), self.moved(width)],
            width,
            height,
        )

    @staticmethod
    def filled(out: list[Strip], blocks: Sequence[list[Strip]], width: int, height: int) -> list[Strip]:
        """What stands already, and those of the blocks that fit below it."""
        for block in blocks:
            if height - len(out) > len(block):
                out = stacked([out, block], width)
        return out

    def shares(self, width: int, height: int) -> list[Strip]:
        """Tokens, and both ends of the spend, by country; apart where there is room."""
        found, rows, whole = self.found, self.found.countries, self.found.whole
        tokens = [(row, Decimal(row.tokens) / found.named if found.named else None) for row in rows]
        blocks = [self._share(f"tokens, {formats.tokens(found.named)}", tokens, width)]
        if whole.high:
            low, high = (f"≈ ${formats.tokens(int(end))}" for end in (whole.low, whole.high))
            blocks.append(self._share(f"spend, low {low}", [(row, row.share_low) for row in rows], width))
            blocks.append(self._share(f"spend, high {high}", [(row, row.share_high) for row in rows], width))
        return stacked(blocks, width) if height >= ROOMY else [line for block in blocks for line in block]

    def _share(self, label: str, parts: Sequence[tuple[SpendRow, Decimal | None]], width: int) -> list[Strip]:
        ordered = sorted(parts, key=lambda part: (part[0].key != "CN", part[0].key != "US"))
        line, end = Line(self.ink, width).to(1).put(label, "dim"), list[Piece]()
        for row, share in ordered:
            if share is not None and share >= NEAR:
                end += [
                    (f"  {row.key or '??'} ", f"{self.ink.country(row.key)}+"),
                    (formats.percent(share, 0) + "%", "bright"),
                ]
        bands = [(self.ink.country(row.key), float(share or 0)) for row, share in ordered]
        return [
            line.right(end).strip(),
            Strip.join([blank(1), Strip(strip_100(self.ink, width - 1, bands), width - 1)]),
        ]

    def _millions(self) -> dict[str, Band]:
        """USD for a million tokens of the largest countries."""
        known = (row for row in self.found.countries[:3] if row.key and row.band is not None and not row.free)
        return {
            row.key: one for row in known if row.key and (one := a_million(row.band or FREE, row.covered)) is not None
        }

    def million(self, width: int) -> list[Strip]:
        """USD for a million tokens of the largest countries, and how much dearer the one is."""
        lines = [Line(self.ink, width).to(1).put("$ per million tokens, all of them", "dim").strip()]
        for key, one in self._millions().items():
            line = Line(self.ink, width).to(1).put(f"{key} ", f"{self.ink.country(key)}+").put(country_in(key, 24))
            lines.append(line.right([(f"{one.low:.2f}{formats.DASH}{one.high:.2f}", "text")]).strip())
        return [*lines, *self.dearer(width)] if len(lines) > 1 else []

    def dearer(self, width: int) -> list[Strip]:
        """How much dearer a token of the one country is than one of the other; nothing where either is unknown."""
        ends = self._millions()
        if not ("CN" in ends and "US" in ends and ends["CN"].low and ends["CN"].high):
            return []
        times = sorted((ends["US"].low / ends["CN"].low, ends["US"].high / ends["CN"].high))
        text = formats.DASH.join(dict.fromkeys(f"{ratio:.1f}" for ratio in times))
        line = Line(self.ink, width).to(1).put("a ", "dim").put("US", "us+").put(" token costs ", "dim")
        return [line.put(f"{text} × ", "bright").put("a ", "dim").put("CN", "cn+").put(" one", "dim").strip()]

    def estimate(self, width: int) -> list[Strip]:
        """How it is made."""
        found, settings = self.found, self.found.settings
        named = found.covered / found.named if found.named else None
        free = sum(row.free for row in found.rows)
        seen = "none seen by then" if found.seen_at is None else formats.day(found.seen_at.date())
        when = ", seen later" if found.today else ", seen by then" if found.seen_at is not None else ""
        told = [
            ("low", spend.shape(settings.low_input, settings.low_cached)),
            ("high", spend.shape(settings.high_input, settings.high_cached)),
            ("prices", f"{seen}{when}"),
            ("cover", f"{formats.percent(named, 0)} % of named, {formats.percent(found.coverage)} % of all"),
            ("free", f"{formats.plural(free, 'model')} of it"),
            ("not in", "batch, cache writes, other"),
        ]
        rows = (Line(self.ink, width).to(1).put(f"{name:<7}", "dim").put(text).strip() for name, text in told)
        return [section(self.ink, width, "The estimate", "settings: spend"), *rows]

    def moved(self, width: int) -> list[Strip]:
        """Models whose place by spend is far from that by tokens."""
        return [section(self.ink, width, "Other places", "by tokens, by spend"), *self._places(width)]

    def _places(self, width: int) -> Iterator[Strip]:
        rows = [row for row in self.found.rows if row.band is not None and not row.free and row.token_rank]
        rows.sort(key=lambda row: -abs((row.token_rank or 0) - row.rank))
        for row in rows[:MOVED]:
            by = (row.token_rank or 0) - row.rank
            line = Line(self.ink, width).to(1).put(f"{row.country or '??'} ", f"{self.ink.country(row.country)}+")
            line.put(formats.middle_cut(row.name, max(8, width - 18)))
            yield line.figures((str(row.token_rank), "dim", 7), (f"{formats.arrow(by)} {row.rank}", "text", 0)).strip()
