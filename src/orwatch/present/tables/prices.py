"""What a million tokens costs, in USD: ranked models first, then the rest of the catalogue."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from msgspec import Struct

from orwatch.domain.names import variant_of
from orwatch.domain.overview import Snapshot
from orwatch.domain.prices import Gap, PriceRow
from orwatch.domain.rankings import TOP_TEN
from orwatch.present import cells, formats
from orwatch.present.citation import AGGREGATED, models_citation
from orwatch.present.report import TABLE_ROWS, Report, View, bare_meta, cited
from orwatch.present.table import Column, Pieces, Table, fields

LOW, HIGH = Decimal("0.03"), Decimal("60")
"""Ends of the log scale of price ranges, in USD per million tokens."""

NAMES_SEEN = 40
"""Rows whose names set the width of their column."""

ROOMY = 86
"""Cells of a pane from which the marks of the price range stand in the heads."""


class PricesScale(Struct, frozen=True):
    """What the cells are measured by. baseline: the id whose price is 1. span: days that the change looks back, 0: none.

    longest: cells of a name. discounted: a discount is known of one of them. roomy: the pane has many cells.
    """

    baseline: str | None = None
    span: int = 0
    longest: int = 12
    discounted: bool = True
    roomy: bool = False


def scale(
    rows: Iterable[PriceRow], baseline: str | None, *, span: int, discounted: bool, roomy: bool = False
) -> PricesScale:
    """The scale of prices. rows: the first of them, whose names set the width of their column."""
    longest = max((formats.cell_width(row.name) + 5 * row.figures.free for row in rows), default=12)
    return PricesScale(baseline, span, longest, discounted, roomy)


def _price(value: Decimal | None, row: PriceRow, role: str = "text") -> Pieces:
    if row.figures.varies:
        return [("varies ", "dim")]
    return [("free ", "dim")] if value == 0 and row.figures.free else cells.price(value, role)


def _cached(row: PriceRow, _: int) -> Pieces:
    value = row.figures.cached_input
    return _price(value, row, "dim") if value else [(f"{formats.NO_DATA} ", "faint")]


def _change(row: PriceRow, _: int) -> Pieces:
    return cells.NOTHING if row.figures.change is None else cells.change(row.figures.change, places=0)


def _place(price: Decimal, width: int) -> int:
    clipped = min(max(price, LOW), HIGH)
    return round(math.log(clipped / LOW) / math.log(HIGH / LOW) * (width - 1))


def _range(row: PriceRow, width: int) -> Pieces:
    """`○──●` from input to output on a log scale."""
    low, high = row.figures.input, row.figures.output
    if not low or not high:
        return []
    role = cells.country_role(row.country)
    begin, end = sorted((_place(low, width), _place(high, width)))
    if begin == end:
        return [(" " * begin, "text"), ("●", role)]
    ends = ("○", "●") if low <= high else ("●", "○")
    return [(" " * begin, "text"), (ends[0], role), ("─" * (end - begin - 1), role), (ends[1], role)]


def scale_head(width: int) -> str:
    """The marks 0.1, 1 and 10 over the log scale."""
    out = [" "] * width
    for text in ("0.1", "1", "10"):
        begin = max(0, min(width - len(text), _place(Decimal(text), width) - len(text) // 2))
        out[begin : begin + len(text)] = text
    return "".join(out)


def _decimal(value: Decimal | None) -> str | None:
    """A price as decimal text, never in powers of ten."""
    return None if value is None else f"{value:f}"


def rounded(value: Decimal | None) -> str | None:
    """A price that came out of a division, to a millionth of a dollar."""
    return None if value is None else f"{round(value, 6).normalize():f}"


def _facts(row: PriceRow) -> Mapping[str, Any]:
    figures = row.figures
    return {
        "id": figures.id,
        "name": row.name,
        "vendor": figures.vendor,
        "country": row.country,
        "input": _decimal(figures.input),
        "output": _decimal(figures.output),
        "cached_input": _decimal(figures.cached_input),
        "discount": figures.discount,
        "list_input": rounded(figures.list_input),
        "list_output": rounded(figures.list_output),
        **fields(figures, "free", "varies", "context", "open_weights", "input_ratio", "output_ratio"),
    }


def _columns(scale: PricesScale) -> tuple[Column[PriceRow], ...]:
    longest = min(34, scale.longest)
    low, high = ("○ ", "● ") if scale.roomy else ("", "")
    span = f"{scale.span // 7} wk %" if scale.span >= 7 else f"{scale.span} d %" if scale.span else "change %"

    def ratio(value: Decimal | None, row: PriceRow) -> Pieces:
        return cells.base_ratio(value, base=row.figures.id == scale.baseline)

    return (
        cells.country_column(lambda row: row.country, gap=0),
        cells.name_column(
            lambda row: row.name, min(22, longest), max(12, longest), lambda row: variant_of(row.figures.id),
            facts=("id", "name"),
        ),
        Column("vendor", "Vendor", 10, lambda row, _: [(row.figures.vendor, "dim")], right=False, give_up=0, drawn=False),
        Column("in", f"{low}In ", 6, lambda row, _: _price(row.figures.input, row), sort="in", facts=("input",)),
        Column(
            "out", f"{high}Out ", 7, lambda row, _: _price(row.figures.output, row), gap=1, sort="out", facts=("output",),
        ),
        Column("cached", "Cached ", 7, _cached, give_up=4, facts=("cached_input",)),
        Column(
            "discount", "Disc %", 6, lambda row, _: cells.discount(row.figures.discount),
            give_up=3, gap=1, shown=scale.discounted,
        ),
        Column(
            "ratio", "× base", 6, lambda row, _: ratio(row.figures.input_ratio, row),
            give_up=5, facts=("input_ratio",), term="base",
        ),
        Column(
            "ratio_out", "× out", 6, lambda row, _: ratio(row.figures.output_ratio, row),
            give_up=5, facts=("output_ratio",), term="base", drawn=False,
        ),
        Column("change", span, 6, _change, sort="change", term="price_change", written=False, shown=scale.span > 0),
        cells.context_column(lambda row: row.figures.context, give_up=2, sort="context"),
        Column("span", scale_head(16), 16, _range, right=False, gap=3, give_up=1, term="range", written=False),
    )  # fmt: skip


PRICES: Table[PriceRow, PricesScale] = Table(
    key="prices",
    title="Prices",
    noun="price",
    facts=_facts,
    row_id=lambda row: row.id,
    pin_id=lambda row: row.permaslug or row.id,
    asked=lambda row: (row.facts,),
    sorts={
        "name": lambda row: row.name.casefold(),
        "in": lambda row: row.figures.input,
        "out": lambda row: row.figures.output,
        "change": lambda row: row.figures.change,
        "context": lambda row: None if row.figures.context is None else -row.figures.context,
    },
    default_sort="",  # as they come: ranked models in the order of the ranking, then the others; `out`: cheapest output first
    columns=_columns,
    scale=PricesScale(),
)


def report(
    view: View,
    seen: datetime,
    rows: Sequence[PriceRow],
    baseline: str | None,
    gaps: Mapping[str, Gap],
    *,
    then: bool = False,
    columns: Sequence[str] = (),
) -> Report:
    """Prices. seen: when the catalogue was. rows: those to show, in order. baseline: id whose price is 1.

    then: they are those of a past period, as the cache had seen them by its end. columns: by name, those chosen.
    """
    as_of = f" · as of {formats.day(seen.date(), year=True)}" if then else ""
    return Report(
        PRICES,
        tuple(rows),
        name=f"prices-{seen.date()}",
        scale=PricesScale(baseline),
        meta=bare_meta(view, seen)
        | {"citation": models_citation(view.source, seen)}
        | {"gap": {name: _gap_facts(side) for name, side in gaps.items()}, "baseline": baseline},
        title=f"Prices{as_of} · USD per million tokens · baseline {baseline or 'none'} · basis {view.lens.basis}",
        notes=tuple(note for name, side in gaps.items() if (note := gap_note(name, side))),
        columns=tuple(columns),
        first=TABLE_ROWS,
        credit=f"{models_citation(view.source, seen)} {AGGREGATED}",
    )


def _gap_facts(gap: Gap) -> dict[str, Any]:
    prices = fields(gap, "cn", "us", "ratio", "cn_low", "cn_high", "us_low", "us_high")
    return {name: _decimal(price) for name, price in prices.items()} | {"ratio": gap.ratio}


def gap_note(name: str, gap: Gap) -> str | None:
    """`input: US median 5.00 (1.25–5.00), CN 0.44 (0.09–1.20), US 11.4 : 1`; None where one side has no price."""
    if gap.cn is None or gap.us is None:
        return None
    cn, cn_low, cn_high = (formats.price(price) for price in (gap.cn, gap.cn_low, gap.cn_high))
    us, us_low, us_high = (formats.price(price) for price in (gap.us, gap.us_low, gap.us_high))
    ratio = formats.led("US", "CN", None if gap.ratio is None else float(gap.ratio))
    return f"{name}: US median {us} ({us_low}–{us_high}), CN {cn} ({cn_low}–{cn_high}), {ratio}"


def sentence(row: PriceRow, seen_at: datetime | None, snap: Snapshot) -> str:
    """One model's prices, with their source. seen_at: when they were last seen."""
    figures = row.figures
    prices = (
        "varies" if figures.varies else f"input {formats.price(figures.input)}, output {formats.price(figures.output)}"
    )
    if figures.discount and figures.list_input is not None:
        off = formats.percent(figures.discount, 0)
        prices += f" ({off} % off a list price of {formats.price(figures.list_input)}"
        prices += f" and {formats.price(figures.list_output)})"
    seen = f", seen {formats.day(seen_at.date(), year=True)}" if seen_at else ""
    text = f"{row.name} ({figures.id}): {prices} USD per million tokens{seen}"
    return cited(text, snap) if seen_at is None else f"{text}. {models_citation(snap.source, seen_at)}"


def spoken_medians(gaps: Mapping[str, Gap]) -> list[str]:
    """The medians of CN and US, input and output."""
    out = []
    for name, gap in gaps.items():
        if gap.cn is None or gap.us is None or gap.ratio is None:
            continue
        times = formats.multiple(gap.ratio if gap.ratio >= 1 else 1 / gap.ratio)
        dear = "the United States" if gap.ratio >= 1 else "China"
        out.append(
            f"Median {name} price of a million tokens: China {formats.price(gap.cn)} dollars, the United States"
            f" {formats.price(gap.us)} dollars; {dear} is {times} times as dear."
        )
    return out or ["No prices are known yet."]


def spoken(rows: Sequence[PriceRow], count: int = TOP_TEN) -> list[str]:
    """A sentence a model."""
    out = []
    for row in rows[:count]:
        figures = row.figures
        if figures.varies:
            text = "varies with the model that it picks"
        elif figures.free:
            text = "free"
        else:
            known = (("input", figures.input), ("output", figures.output), ("cached input", figures.cached_input))
            text = ", ".join(f"{name} {formats.price(value)}" for name, value in known if value is not None)
            text = f"{text} dollars per million tokens" if text else "price not known"
            if figures.change is not None:
                text += f", input {formats.spoken_change(figures.change)} lately"
        out.append(f"{row.name}: {text}.")
    if len(rows) > count:
        out.append(f"{len(rows) - count} more; say prices {len(rows)} for all.")
    return out
