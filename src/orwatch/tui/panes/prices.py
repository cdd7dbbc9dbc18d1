"""Pane 3: prices per million tokens, and the gap between countries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.strip import Strip

from orwatch.core.market import Market
from orwatch.core.snapshots import PriceRow
from orwatch.domain.leads import Kind
from orwatch.errors import NoDataError
from orwatch.present import formats
from orwatch.present.report import Report, View
from orwatch.present.sentences import no_prices_then
from orwatch.present.table import Piece
from orwatch.present.tables import prices
from orwatch.tui.panes.pane import age_text
from orwatch.tui.panes.table_pane import TablePane
from orwatch.tui.widgets.paint import Line


class PricesPane(TablePane[PriceRow, prices.Scale]):
    """What a million tokens costs."""

    key: ClassVar[str] = "prices"
    number: ClassVar[int] = 3
    title: ClassVar[str] = prices.PRICES.title
    table = prices.PRICES

    def source(self) -> Sequence[PriceRow]:
        return tuple(self.view.snapshot.prices) if self.view.snapshot else ()

    def scale(self, width: int) -> prices.Scale:
        snapshot = self.view.snapshot
        assert snapshot is not None
        return prices.scale(
            self.everything[: prices.NAMES_SEEN],
            snapshot.baseline,
            span=snapshot.price_span,
            discounted=snapshot.prices.discounted,
            roomy=width >= prices.ROOMY,
        )

    def target(self) -> tuple[Kind, str] | None:
        return (Kind.MODEL, self.pin_id(self.current)) if self.current else None

    def sentence(self) -> str | None:
        snapshot = self.view.snapshot
        return prices.sentence(self.current, snapshot) if self.current and snapshot else None

    def report(self, how: View, market: Market) -> tuple[str, Report]:
        snapshot = self.view.snapshot
        if snapshot is None:
            return super().report(how, market)
        seen = snapshot.catalogue_at
        if seen is None:
            raise NoDataError("There are no prices yet.")
        then = snapshot.prices_until is not None
        told = prices.report(how, seen, self.rows, snapshot.baseline, snapshot.gaps, then=then, columns=self.chosen)
        return f"prices-{seen.date()}", told

    def position(self, seen: int) -> str:
        return super().position(seen) if self.active or self.view.filter else ""

    def title_facts(self) -> list[str]:
        snapshot = self.view.snapshot
        if snapshot is None:
            return []
        base = snapshot.prices.name_of(snapshot.baseline)
        wide = self.size.width >= prices.ROOMY and base
        age = age_text(self.view.price_age_s)
        if snapshot.prices_until is not None:
            age = f"as of {formats.day(snapshot.catalogue_at.date())}" if snapshot.catalogue_at else ""
        return ["$ per million", f"base {base}" if wide else "", age]

    def empty_state(self) -> list[list[Piece]]:
        snapshot = self.view.snapshot
        if snapshot is not None and not self.everything:
            since = snapshot.prices_since
            words = "No prices yet: the catalogue has not been read" if since is None else no_prices_then(since)
            return [[(words, "dim")]]
        return super().empty_state()

    def foot(self, width: int, height: int) -> list[Strip]:
        """The country medians and their ratio, over the models of the basis in the newest complete week."""
        snapshot = self.view.snapshot
        if snapshot is None or height < 11 or not self.everything:
            return []
        given, out = snapshot.gaps["input"], snapshot.gaps["output"]
        line = Line(self.ink, width).to(4).put("median ", "dim")
        for code, pair in (("CN", (given.cn, out.cn)), ("US", (given.us, out.us))):
            line.put(code, self.ink.country(code) + "+")
            line.put(f" {formats.price(pair[0])} · {formats.price(pair[1])}  ", "text")
        if given.ratio and out.ratio:
            dear, sides = (
                ("US", (given.ratio, out.ratio)) if given.ratio >= 1 else ("CN", (1 / given.ratio, 1 / out.ratio))
            )
            words = " dearer" if width >= 78 else ""
            times = [formats.multiple(side) for side in sides]
            texts = (f"{dear}{words} {times[0]} × in, {times[1]} × out", f"{dear} {times[0]} ×, {times[1]} ×", "")
            line.put(next(text for text in texts if len(text) <= line.room), "bright")
        return [line.strip()]
