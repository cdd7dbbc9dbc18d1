"""Pane 3: prices per million tokens, and the gap between countries."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, ClassVar

from textual.strip import Strip

from orwatch.domain.filters import Facts
from orwatch.domain.names import variant_of
from orwatch.domain.views.prices import PriceRow
from orwatch.present import formats
from orwatch.present.sentences import no_prices_then
from orwatch.tui.panes.base import age_text
from orwatch.tui.panes.tables import TablePane
from orwatch.tui.widgets.paint import Line, Piece, cells
from orwatch.tui.widgets.table import Column

LOW, HIGH = Decimal("0.03"), Decimal("60")
"""Ends of the log scale of price ranges, in USD per million tokens."""


def _price(value: Decimal | None, row: PriceRow, role: str) -> list[Piece]:
    if row.figures.varies:
        return [("varies ", "dim")]
    if value == 0 and row.figures.free:
        return [("free ", "dim")]
    return [(formats.aligned_price(value), role if value is not None else "faint")]


def _span(row: PriceRow, width: int, role: str) -> list[Piece]:
    """`○──●` from input to output on a log scale."""
    low, high = row.figures.input, row.figures.output
    if not low or not high:
        return []

    def at(price: Decimal) -> int:
        clipped = min(max(price, LOW), HIGH)
        return round(math.log(clipped / LOW) / math.log(HIGH / LOW) * (width - 1))

    begin, end = sorted((at(low), at(high)))
    if begin == end:
        return [(" " * begin, "text"), ("●", role)]
    ends = ("○", "●") if low <= high else ("●", "○")
    return [(" " * begin, "text"), (ends[0], role), ("─" * (end - begin - 1), role), (ends[1], role)]


def scale_head(width: int) -> str:
    """The marks 0.1, 1 and 10 over the log scale."""
    out = [" "] * width
    for text, value in (("0.1", Decimal("0.1")), ("1", Decimal(1)), ("10", Decimal(10))):
        at = round(math.log(value / LOW) / math.log(HIGH / LOW) * (width - 1))
        begin = max(0, min(width - len(text), at - len(text) // 2))
        out[begin : begin + len(text)] = text
    return "".join(out)


class PricesPane(TablePane[PriceRow]):
    """What a million tokens costs."""

    key: ClassVar[str] = "prices"
    number: ClassVar[int] = 3
    title: ClassVar[str] = "Prices"
    noun: ClassVar[str] = "price"
    default_sort: ClassVar[str] = ""
    sorts: ClassVar[dict[str, Callable[[Any], Any]]] = {
        "name": lambda row: row.name.casefold(),
        "in": lambda row: row.figures.input,
        "out": lambda row: row.figures.output,
        "change": lambda row: row.figures.change,
        "context": lambda row: None if row.figures.context is None else -row.figures.context,
    }

    def source(self) -> Sequence[PriceRow]:
        return self.view.prices.rows if self.view.prices else ()

    def facts(self, row: PriceRow) -> Facts:
        return row.facts

    def row_key(self, row: PriceRow) -> str:
        return row.figures.id

    def pin_key(self, row: PriceRow) -> str:
        return row.permaslug or row.figures.id

    def position(self, seen: int) -> str:
        return super().position(seen) if self.active or self.view.filter else ""

    def title_facts(self) -> list[str]:
        prices = self.view.prices
        if prices is None:
            return []
        base = prices.name_of(prices.baseline)
        wide = self.size.width >= 86 and base
        age = age_text(self.view.price_age_s)
        if prices.until is not None:
            age = f"as of {formats.day(prices.seen_at.date())}" if prices.seen_at else ""
        return ["$ per million", f"base {base}" if wide else "", age]

    def empty_state(self) -> list[list[Piece]]:
        prices = self.view.prices
        if prices is not None and not prices.rows:
            if prices.since is not None:
                return [[(no_prices_then(prices.since), "dim")]]
            return [[("No prices yet: the catalogue has not been read", "dim")]]
        return super().empty_state()

    def columns(self, width: int) -> list[Column[PriceRow]]:
        prices = self.view.prices
        assert prices is not None
        country = self.ink.country
        longest = max((cells(row.name) + 5 * row.figures.free for row in prices.rows[:40]), default=12)

        def named(row: PriceRow, w: int) -> list[Piece]:
            variant = variant_of(row.figures.id)
            note = f" {variant}" if variant and variant != "free" else ""
            return [(formats.middle_cut(row.name, max(4, w - len(note))), "text"), (note, "dim")]

        def ratio(row: PriceRow, _: int) -> list[Piece]:
            if row.figures.id == prices.baseline:
                return [("base", "accent")]
            value = row.figures.input_ratio
            return [(formats.multiple(value) if value else formats.NO_DATA, "text" if value else "faint")]

        def moved(row: PriceRow, _: int) -> list[Piece]:
            change = row.figures.change
            if change is None:
                return [(formats.NOTHING, "faint")]
            return [(formats.signed(change, 0), "bright" if abs(change) >= Decimal("0.5") else "text")]

        def discount(row: PriceRow, _: int) -> list[Piece]:
            value = row.figures.discount
            if value is None:
                return [(formats.NO_DATA, "faint")]
            return [(formats.percent(float(value), 0), "text")] if value else [(formats.NOTHING, "faint")]

        span = prices.span
        since = f"{span // 7} wk %" if span >= 7 else f"{span} d %"
        columns: list[Column[PriceRow]] = [
            Column(
                "country",
                "CC",
                2,
                lambda row, _: [(row.country or "??", country(row.country) + "+")],
                right=False,
                gap=0,
            ),
            Column(
                "model",
                "Model",
                min(22, longest),
                named,
                right=False,
                gap=1,
                grow=True,
                most=max(12, min(34, longest)),
                sort="name",
            ),
            Column(
                "in",
                "○ In " if width >= 86 else "In ",
                6,
                lambda row, _: _price(row.figures.input, row, "text"),
                sort="in",
            ),
            Column(
                "out",
                "● Out " if width >= 86 else "Out ",
                7,
                lambda row, _: _price(row.figures.output, row, "text"),
                gap=1,
                sort="out",
            ),
            Column(
                "cached",
                "Cached ",
                7,
                lambda row, _: (
                    _price(row.figures.cached_input, row, "dim") if row.figures.cached_input else [("— ", "faint")]
                ),
                give_up=4,
            ),
            Column("discount", "Disc %", 6, discount, give_up=3, gap=1),
            Column("ratio", "× base", 6, ratio, give_up=5),
            Column("change", since, 6, moved, sort="change"),
            Column(
                "context",
                "Ctx",
                4,
                lambda row, _: [(formats.context(row.figures.context), "dim")],
                give_up=2,
                sort="context",
            ),
            Column(
                "span",
                scale_head(16),
                16,
                lambda row, w: _span(row, w, country(row.country)),
                right=False,
                gap=3,
                give_up=1,
            ),
        ]
        hidden = {"change"} if span < 1 else set()
        if not prices.discounted:
            hidden.add("discount")
        return [column for column in columns if column.key not in hidden]

    def foot(self, width: int, height: int) -> list[Strip]:
        """The country medians and their ratio, over the models of the basis in the newest complete week."""
        prices = self.view.prices
        if prices is None or height < 11 or not prices.rows:
            return []
        given, out = prices.gaps["input"], prices.gaps["output"]
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
