"""Pane 3: prices per million tokens, and the gap between countries."""

from __future__ import annotations

from collections.abc import Sequence

from textual.strip import Strip

from orwatch.demo import DEMO_PRICES
from orwatch.domain.explain import Figure
from orwatch.domain.leads import Kind
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

    key = "prices"
    narrowed = frozenset({"words", "vendors", "countries", "free"})
    priced = True
    table = prices.PRICES
    kind = Kind.MODEL
    quiet = True
    also = ("median", "then", "varies")

    def source(self) -> Sequence[PriceRow]:
        return self.listed.rows

    def scale(self, width: int) -> prices.PricesScale:
        listed = self.listed
        return prices.scale(
            self.everything[: prices.NAMES_SEEN],
            listed.baseline,
            span=listed.span if listed.moved else 0,
            discounted=listed.discounted,
            roomy=width >= prices.ROOMY,
        )

    def figures_below(self) -> Sequence[Figure]:
        """The medians of both countries."""
        return [Figure("median", None, name) for name, gap in self.listed.gaps.items() if gap.ratio]

    def sentence(self) -> str | None:
        return prices.sentence(self.current, self.listed.seen_at, self.snapshot) if self.current else None

    def report(self, how: View) -> Report:
        listed = self.listed
        seen, then = listed.seen_at, listed.until is not None
        if seen is None:
            raise NoDataError("There are no prices yet.")
        return prices.report(how, seen, self.rows, listed.baseline, listed.gaps, then=then, columns=self.column_names)

    @property
    def base(self) -> str | None:
        """The name of the base that was asked for; None where the first of the ranking is it."""
        base = self.listed.base
        return base.short_name if base and self.snapshot.query.baseline is not None else None

    def badge(self) -> list[Piece]:
        """Beside the name also the base that was asked for."""
        base = self.base if self.view.snapshot is not None else None
        return spaced(super().badge(), [(f"base {formats.middle_cut(base, BASE)}", "accent")] if base else [])

    def title_facts(self) -> list[str]:
        listed = self.listed
        base = listed.base.short_name if listed.base and not self.base else None
        wide = self.size.width >= prices.ROOMY and base
        age = age_text(self.view.price_age_s)
        if listed.seen_at is not None and (listed.until is not None or self.view.price_age_s is None):
            age = f"as of {formats.day(listed.seen_at.date())}"
        return ["$ per million", f"base {base}" if wide else "", age]

    def empty_state(self) -> list[list[Piece]]:
        if self.listed.rows:
            return super().empty_state()
        since, words = self.listed.since, "No prices yet: the catalogue has not been read"
        if self.snapshot.source == "demo":
            words = no_prices_recorded(DEMO_PRICES)
        elif since is not None:
            words = no_prices_then(since)
        return [[(words, "dim")]]

    def foot(self, width: int, height: int) -> list[Strip]:
        """The country medians and their ratio, over the models of the basis in the newest complete week."""
        if height < 11:
            return []
        given, out = self.listed.gaps["input"], self.listed.gaps["output"]
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
