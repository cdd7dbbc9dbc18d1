"""Pane 2 where the measure is spend: tokens and spend by country as strips, a million tokens of each, how the estimate is made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import ClassVar

from textual.strip import Strip

from orwatch.core.market import Market
from orwatch.domain.leads import Kind
from orwatch.domain.spend import a_million
from orwatch.domain.views.spend import Spend, SpendRow
from orwatch.present import formats, quote
from orwatch.present.quote import Quotation
from orwatch.present.report import Report, View
from orwatch.present.table import Column, Piece
from orwatch.present.tables import spend
from orwatch.present.terms import country_in
from orwatch.tui.charts.canvas import strip_100
from orwatch.tui.panes.pane import Pane
from orwatch.tui.themes import Ink
from orwatch.tui.widgets.paint import Line, blank, section, stacked

MOVED = 8
"""Models whose place by spend is another than by tokens, at most."""

NEAR = Decimal("0.05")
"""The least share of the spend with which a country is named above a strip."""


class BillPane(Pane):
    """Whose the tokens and whose the spend is."""

    key: ClassVar[str] = "countries"
    narrowed = frozenset({"free"})
    widget: ClassVar[str] = "bill"
    title: ClassVar[str] = "Countries"
    also: ClassVar[tuple[str, ...]] = ("coverage", "at_prices", "million")

    def target(self) -> tuple[Kind, str] | None:
        first = self.view.spend.countries[0].key if self.view.spend and self.view.spend.countries else None
        return (Kind.COUNTRY, first) if first else None

    @property
    def cites(self) -> Sequence[str]:
        return spend.cites(self.view.snapshot, self.view.spend)

    def columns(self) -> Sequence[Column[SpendRow]]:
        found = self.view.spend
        return spend.SPEND.written(spend.scale(found, countries=True)) if found else ()

    def quotation(self) -> Quotation | None:
        snapshot, found = self.view.snapshot, self.view.spend
        first = found.countries[0] if found and found.countries else None
        return quote.spend(snapshot, found, first) if snapshot and found else None

    def report(self, how: View, market: Market) -> tuple[str, Report]:
        snapshot, found = self.view.snapshot, self.view.spend
        if snapshot is None or found is None:
            return super().report(how, market)
        return f"spend-countries-{self.stamp}", spend.report(how, snapshot, found, found.countries, countries=True)

    def build(self, width: int, height: int) -> list[Strip]:
        found = self.view.spend
        if self.view.snapshot is None or found is None:
            return self.sentences(width, self.waiting())
        head = self.head(width, ["of named tokens", spend.priced(found)], note="≈ estimated spend")
        return [*head, *Bill(self.ink, found).rows(width, height - len(head))][:height]


class Bill:
    """Tokens and spend by country, a million tokens of each, how the estimate is made, and who has another place."""

    def __init__(self, ink: Ink, found: Spend) -> None:
        self.ink = ink
        self.found = found

    def rows(self, width: int, height: int) -> list[Strip]:
        """Blocks that fit, in this order of need."""
        out: list[Strip] = []
        for block in (self._shares(width), self._million(width), self._estimate(width), self._moved(width)):
            if height - len(out) > len(block):
                out = stacked([out, block], width)
        return out

    def _shares(self, width: int) -> list[Strip]:
        """Tokens, and both ends of the spend, by country."""
        found, rows, whole = self.found, self.found.countries, self.found.whole
        tokens = [(row, Decimal(row.tokens) / found.named if found.named else None) for row in rows]
        out = self._share(f"tokens, {formats.tokens(found.named)}", tokens, width)
        if whole.high:
            low, high = (f"≈ ${formats.tokens(int(end))}" for end in (whole.low, whole.high))
            out += self._share(f"spend, low {low}", [(row, row.share_low) for row in rows], width)
            out += self._share(f"spend, high {high}", [(row, row.share_high) for row in rows], width)
        return out

    def _share(self, label: str, parts: Sequence[tuple[SpendRow, Decimal | None]], width: int) -> list[Strip]:
        ordered = sorted(parts, key=lambda part: (part[0].key != "CN", part[0].key != "US"))
        line, end = Line(self.ink, width).to(1).put(label, "dim"), list[Piece]()
        for row, share in ordered:
            if share is not None and share >= NEAR:
                end += [
                    (f"  {row.key or '??'} ", f"{self.ink.country(row.key)}+"),
                    (formats.percent(float(share), 0) + "%", "bright"),
                ]
        bands = [(self.ink.country(row.key), float(share or 0)) for row, share in ordered]
        return [
            line.right(end).strip(),
            Strip.join([blank(1), Strip(strip_100(self.ink, width - 1, bands), width - 1)]),
        ]

    def _million(self, width: int) -> list[Strip]:
        """USD for a million tokens of the largest countries, and how much dearer the one is."""
        lines = [Line(self.ink, width).to(1).put("$ per million tokens, all of them", "dim").strip()]
        ends = {}
        for row in self.found.countries[:3]:
            one = a_million(row.band, row.covered) if row.band is not None and not row.free else None
            if one is None or row.key is None:
                continue
            ends[row.key] = one
            line = (
                Line(self.ink, width)
                .to(1)
                .put(f"{row.key} ", f"{self.ink.country(row.key)}+")
                .put(country_in(row.key, 24))
            )
            lines.append(line.right([(f"{one.low:.2f}{formats.DASH}{one.high:.2f}", "text")]).strip())
        if "CN" in ends and "US" in ends and ends["CN"].low and ends["CN"].high:
            times = sorted((ends["US"].low / ends["CN"].low, ends["US"].high / ends["CN"].high))
            text = formats.DASH.join(dict.fromkeys(f"{ratio:.1f}" for ratio in times))
            line = Line(self.ink, width).to(1).put("a ", "dim").put("US", "us+").put(" token costs ", "dim")
            lines.append(line.put(f"{text} × ", "bright").put("a ", "dim").put("CN", "cn+").put(" one", "dim").strip())
        return lines if len(lines) > 1 else []

    def _estimate(self, width: int) -> list[Strip]:
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

    def _moved(self, width: int) -> list[Strip]:
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
