"""The figures of one period of what tokens cost: its band, whose it is, the tokens it covers, and other periods."""

from __future__ import annotations

from collections.abc import Mapping

from textual.strip import Strip

from orwatch.domain.periods import Period
from orwatch.domain.spend import Spend
from orwatch.present import formats
from orwatch.present.tables import spend as tables
from orwatch.present.terms import country_in
from orwatch.tui.themes import Ink
from orwatch.tui.widgets.paint import Line, blank, prose, section

COUNTRIES = 4
"""Countries that are told."""


def spent_figures(ink: Ink, width: int, period: Period, costs: Mapping[Period, Spend], height: int) -> list[Strip]:
    """Of the period under the cursor, then the newest ones in a list in which it is marked."""
    found = costs.get(period)
    head = Line(ink, width).put(formats.span(period, year=True), "text+")
    if found is None or not found.known:
        words = "What it cost is unknown: no prices were seen by its end." if found is None else tables.unknown(found)
        told = [head.strip(), *prose(ink, width, [(words, "dim")], 0)]
    else:
        whole = found.whole
        head.right([("≈ ", "dim"), (formats.exact_usd_range(whole.low, whole.high), "bright")])
        told = [head.strip()]
        for row in found.countries[:COUNTRIES]:
            if row.share_high:
                share = formats.share_range(row.share_low, row.share_high)
                line = (
                    Line(ink, width).put(f"{row.key or '??'} ", f"{ink.country(row.key)}+").put(country_in(row.key, 20))
                )
                told.append(line.right([(f"{share} %", "text")]).strip())
        cover = f"{formats.percent(found.coverage)} % of {formats.tokens(found.total)} covered, {tables.priced(found)}"
        told += prose(ink, width, [(cover, "dim")], 0)
    told += [blank(width), section(ink, width, "Periods", "low–high")]
    listed = [*costs.values()]
    here = next((n for n, one in enumerate(listed) if one.period == period), 0)
    room = max(0, height - len(told))
    first = max(0, min(here - room // 2, len(listed) - room))
    for one in listed[first : first + room]:
        line = Line(ink, width).put(formats.span(one.period), "text")
        cost = formats.exact_usd_range(one.whole.low, one.whole.high) if one.known else formats.NO_DATA
        told.append(
            line.right([(cost, "text" if one.known else "faint")]).strip(ink.selected if one.period == period else None)
        )
    return told
