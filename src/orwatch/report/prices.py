"""What a million tokens costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from orwatch.domain.prices import Gap
from orwatch.domain.views.prices import PriceRow
from orwatch.present import formats
from orwatch.present.citation import export_citation
from orwatch.report.layout import price_columns
from orwatch.report.meta import View, bare_meta
from orwatch.report.result import TABLE_ROWS, Result, Row


def prices(
    view: View,
    seen: datetime,
    shown: Sequence[PriceRow],
    baseline: str | None,
    gaps: Mapping[str, Gap],
    *,
    then: bool = False,
) -> Result:
    """Prices. seen: when the catalogue was. shown: rows that are to be seen, in their order. baseline: id whose price is 1.

    then: they are those of a past period, as the cache had seen them by its end.
    """
    rows = [_price_row(row) for row in shown]
    as_of = f" · as of {formats.day(seen.date(), year=True)}" if then else ""
    notes = tuple(note for name, side in gaps.items() if (note := gap_note(name, side)))
    return Result(
        bare_meta(view, seen) | {"gap": {name: _gap_facts(side) for name, side in gaps.items()}, "baseline": baseline},
        rows,
        price_columns(rows),
        title=f"Prices{as_of} · USD per million tokens · baseline {baseline or 'none'} · basis {view.lens.basis}",
        notes=notes,
        first=TABLE_ROWS,
        credit=export_citation(view.source, seen, computed=True),
    )


def _price_row(row: PriceRow) -> Row:
    figures = row.figures
    return {
        "id": figures.id,
        "name": row.name,
        "vendor": figures.vendor,
        "country": row.country,
        "input": _decimal(figures.input),
        "output": _decimal(figures.output),
        "cached_input": _decimal(figures.cached_input),
        "discount": _number(figures.discount),
        "list_input": _rounded(figures.list_input),
        "list_output": _rounded(figures.list_output),
        "free": figures.free,
        "varies": figures.varies,
        "context": figures.context,
        "open_weights": figures.open_weights,
        "input_ratio": _number(figures.input_ratio),
        "output_ratio": _number(figures.output_ratio),
    }


def _decimal(value: Decimal | None) -> str | None:
    """A price as decimal text, never in powers of ten."""
    return None if value is None else f"{value:f}"


def _rounded(value: Decimal | None) -> str | None:
    """A price that came out of a division, to a millionth of a dollar."""
    return None if value is None else f"{round(value, 6).normalize():f}"


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def _gap_facts(gap: Gap) -> dict[str, Any]:
    return {
        "cn": _decimal(gap.cn),
        "us": _decimal(gap.us),
        "ratio": _number(gap.ratio),
        "cn_low": _decimal(gap.cn_low),
        "cn_high": _decimal(gap.cn_high),
        "us_low": _decimal(gap.us_low),
        "us_high": _decimal(gap.us_high),
    }


def gap_note(name: str, gap: Gap) -> str | None:
    """`input: US 5.00 (1.25–5.00), CN 0.44 (0.09–1.20), 11.4 : 1`; None where one side has no price."""
    if gap.cn is None or gap.us is None:
        return None
    cn, cn_low, cn_high = (formats.price(price) for price in (gap.cn, gap.cn_low, gap.cn_high))
    us, us_low, us_high = (formats.price(price) for price in (gap.us, gap.us_low, gap.us_high))
    ratio = formats.two_sided(None if gap.ratio is None else float(gap.ratio))
    return f"{name}: US median {us} ({us_low}–{us_high}), CN {cn} ({cn_low}–{cn_high}), {ratio}"
