"""What periods cost, as a column each; and the figures of one: its band, whose it is, the tokens it covers, and other periods."""

from __future__ import annotations

from collections.abc import Mapping

from textual.strip import Strip

from orwatch.domain.periods import Period
from orwatch.domain.spend import Spend
from orwatch.present import formats
from orwatch.present.tables import spend as tables
from orwatch.present.terms import country_in
from orwatch.tui.charts.canvas import Canvas, layers
from orwatch.tui.charts.contenders import Chart, frame
from orwatch.tui.charts.dates import month_row
from orwatch.tui.themes import Ink
from orwatch.tui.widgets.paint import Block, around

COUNTRIES = 4
"""Countries that are told."""

ROLE = "unattributed"
"""Of what all countries cost together."""


def spent_columns(chart: Chart, width: int, height: int, costs: Mapping[Period, Spend]) -> list[Strip]:
    """Columns on one scale, both ends of the highest and of the newest at the left, and the months.

    A dot at the floor where no prices were seen by the end of a period, or the record lacks it.
    """
    ink, axis, canvas = chart.ink, chart.axis, Canvas(chart.ink, width, height - 1)
    known = {n: cost.whole for n, each in enumerate(axis.periods) if (cost := costs.get(each.period)) and cost.known}
    most = max((float(band.high) for band in known.values()), default=1.0) or 1.0
    scale = canvas.height * 8 / most
    for n, (x, size) in enumerate(axis.slots):
        if n in known:
            low, high = float(known[n].low), float(known[n].high)
            canvas.column(x, layers([(ROLE, low), (f"{ROLE}-", high - low)], scale), size=size - (size > 2))
        else:
            canvas.text(x, canvas.height - 1, formats.NOTHING * size, ink["faint"])
    told = {*list(known)[-1:], *sorted(known, key=lambda n: known[n].high)[-1:]}
    ends = {float(end) for n in told for end in (known[n].low, known[n].high)}
    rows = {min(canvas.height - 1, canvas.height - round(end * canvas.height / most)): end for end in sorted(ends)}
    frame(canvas, chart, {y: f"${formats.tokens(int(end))}" for y, end in rows.items()})
    return [*canvas.strips(), month_row(ink, width, [each.period for each in axis.periods], axis.slots, years=True)]


def spent_figures(ink: Ink, width: int, period: Period, costs: Mapping[Period, Spend], height: int) -> list[Strip]:
    """Of the period under the cursor, then the newest ones in a list in which it is marked."""
    block, found = Block(ink, width), costs.get(period)
    head = block.line(formats.span(period, year=True), "text+")
    if found is None or not found.known:
        words = "What it cost is unknown: no prices were seen by its end." if found is None else tables.unknown(found)
        block.prose((words, "dim"), indent=0)
    else:
        head.right([("≈ ", "dim"), (formats.exact_usd_range(found.whole.low, found.whole.high), "bright")])
        for row in found.countries[:COUNTRIES]:
            if row.share_high:
                line = block.line(f"{row.key or '??'} ", f"{ink.country(row.key)}+").put(country_in(row.key, 20))
                line.figures((f"{formats.share_range(row.share_low, row.share_high)} %", "text", 0))
        cover = f"{formats.percent(found.coverage)} % of {formats.tokens(found.total)} covered, {tables.priced(found)}"
        block.prose((cover, "dim"), indent=0)
    block.section("Periods", "low–high")
    listed = [*costs.values()]
    here = next((n for n, one in enumerate(listed) if one.period == period), 0)
    for one in listed[around(here, len(listed), max(0, height - len(block)))]:
        line = block.line(formats.span(one.period), selected=one.period == period)
        cost = formats.exact_usd_range(one.whole.low, one.whole.high) if one.known else formats.NO_DATA
        line.figures((cost, "text" if one.known else "faint", 0))
    return block.strips()
