"""Pane 3: prices per million tokens, and the gap between countries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.strip import Strip

from orwatch.core.market import Market
from orwatch.demo import DEMO_PRICES
from orwatch.domain.explain import Figure
from orwatch.domain.leads import Kind
from orwatch.domain.overview import Snapshot
from orwatch.domain.prices import PriceRow
from orwatch.errors import NoDataError
from orwatch.present import formats
from orwatch.present.report import Report, View
from orwatch.present.table import Piece
from orwatch.present.tables import prices
from orwatch.present.terms import no_prices_recorded, no_prices_then
from orwatch.tui.panes.pane import age_text, spaced
from orwatch.tui.panes.table_pane import TablePane
from orwatch.tui.widgets.paint import Line

BASE = 24
"""Cells of the base's name beside that of the pane."""


class PricesPane(TablePane[PriceRow, prices.PricesScale]):
    """What a million tokens costs."""

    key: ClassVar[str] = "prices"
    narrowed = frozenset({"words", "vendors", "countries", "free"})
    priced: ClassVar[bool] = True
    title: ClassVar[str] = prices.PRICES.title
    table = prices.PRICES
    kind: ClassVar[Kind | None] = Kind.MODEL
    quiet: ClassVar[bool] = True
    also: ClassVar[tuple[str, ...]] = ("median", "then", "varies")

    def source(self) -> Sequence[PriceRow]:
        return self.view.prices.rows if self.view.prices else ()

    def scale(self, width: int) -> prices.PricesScale:
        listed = self.view.prices
        assert listed is not None
        return prices.scale(
            self.everything[: prices.NAMES_SEEN],
            listed.baseline,
            span=listed.span if listed.moved else 0,
            discounted=listed.discounted,
            roomy=width >= prices.ROOMY,
        )

    def figures_below(self) -> Sequence[Figure]:
        """The medians of both countries."""
        listed = self.view.prices
        return [Figure("median", None, name) for name, gap in listed.gaps.items() if gap.ratio] if listed else ()

    def sentence(self) -> str | None:
        snapshot, listed = self.view.snapshot, self.view.prices
        return prices.sentence(self.current, listed.seen_at, snapshot) if self.current and snapshot and listed else None

    def report(self, how: View, snapshot: Snapshot, market: Market) -> Report:
        listed = self.view.prices
        if listed is None:
            return super().report(how, snapshot, market)
        seen, then = listed.seen_at, listed.until is not None
        if seen is None:
            raise NoDataError("There are no prices yet.")
        return prices.report(how, seen, self.rows, listed.baseline, listed.gaps, then=then, columns=self.chosen)

    @property
    def base(self) -> str | None:
        """The name of the base that was asked for; None where the first of the ranking is it."""
        listed, snapshot = self.view.prices, self.view.snapshot
        asked = listed is not None and snapshot is not None and snapshot.query.baseline is not None
        return listed.name_of(listed.baseline) if listed is not None and asked else None

    def badge(self) -> list[Piece]:
        """Beside the name also the base that was asked for."""
        base = self.base
        return spaced(super().badge(), [(f"base {formats.middle_cut(base, BASE)}", "accent")] if base else [])

    def title_facts(self) -> list[str]:
        listed = self.view.prices
        if listed is None:
            return []
        base = None if self.base else listed.name_of(listed.baseline)
        wide = self.size.width >= prices.ROOMY and base
        age = age_text(self.view.price_age_s)
        if listed.seen_at is not None and (listed.until is not None or self.view.price_age_s is None):
            age = f"as of {formats.day(listed.seen_at.date())}"
        return ["$ per million", f"base {base}" if wide else "", age]

    def empty_state(self) -> list[list[Piece]]:
        listed = self.view.prices
        if listed is not None and not listed.rows:
            if self.view.snapshot is not None and self.view.snapshot.source == "demo":
                return [[(no_prices_recorded(DEMO_PRICES), "dim")]]
            since = listed.since
            words = "No prices yet: the catalogue has not been read" if since is None else no_prices_then(since)
            return [[(words, "dim")]]
        return super().empty_state()

    def foot(self, width: int, height: int) -> list[Strip]:
        """The country medians and their ratio, over the models of the basis in the newest complete week."""
        listed = self.view.prices
        if listed is None or height < 11 or not listed.rows:
            return []
        given, out = listed.gaps["input"], listed.gaps["output"]
        line = Line(self.ink, width).to(4).put("median ", "dim")
        for code, pair in (("CN", (given.cn, out.cn)), ("US", (given.us, out.us))):
            line.put(code, self.ink.country(code) + "+")
            line.put(f" {formats.price(pair[0])} · {formats.price(pair[1])}  ", "text")
        if given.ratio and out.ratio:
            dear = ["US" if ratio >= 1 else "CN" for ratio in (given.ratio, out.ratio)]
            times = [formats.multiple(max(ratio, 1 / ratio)) for ratio in (given.ratio, out.ratio)]
            words, other = " dearer" if width >= 78 else "", "" if dear[0] == dear[1] else f"{dear[1]} "
            texts = (
                f"{dear[0]}{words} {times[0]} × in, {other}{times[1]} × out",
                f"{dear[0]} {times[0]} ×, {other}{times[1]} ×",
                "",
            )
            line.put(next(text for text in texts if len(text) <= line.room), "bright")
        return [line.strip()]
