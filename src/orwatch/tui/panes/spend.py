"""What tokens cost, where that is the measure: pane 1 by model, pane 2 by country, and the view History by period."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from textual.strip import Strip

from orwatch.domain.leads import Kind
from orwatch.domain.periods import Period
from orwatch.domain.spend import FREE, Band, Spend, SpendRow, a_million
from orwatch.domain.vendors import UNATTRIBUTED
from orwatch.errors import NoDataError
from orwatch.present import formats
from orwatch.present.table import Piece
from orwatch.present.tables import spend
from orwatch.present.terms import country_in
from orwatch.tui.charts.canvas import Canvas, layers, month_row, strip_100
from orwatch.tui.charts.series import Chart, frame
from orwatch.tui.panes.pane import spaced
from orwatch.tui.panes.topic_pane import TopicPane
from orwatch.tui.themes import Ink
from orwatch.tui.view_state import ViewState
from orwatch.tui.widgets.paint import Block, Line, around, blank, stacked

SIDE, BESIDE = 38, 110
"""Cells beside the table where it is zoomed, and those of the pane from which there is room for them."""

MOVED = 8
"""Models whose place by spend is another than by tokens, at most."""

NEAR = Decimal("0.05")
"""The least share of the spend with which a country is named above a strip."""


ROOMY = 20
"""Rows from which the strips stand apart."""

TOLD = 4
"""Countries that are told."""

ROLE = "unattributed"
"""Of what all countries cost together."""


def estimated(view: ViewState) -> Spend:
    """The estimate that belongs to a view. Raises NoDataError where there is none."""
    if view.spend is None:
        raise NoDataError("There is nothing on screen yet.")
    return view.spend


class SpendPane(TopicPane[Spend, SpendRow, spend.SpendScale]):
    """The estimate by model: low to high, share of the spend at both ends, share of the tokens."""

    key = "models"
    narrowed = frozenset({"words", "vendors", "countries", "free", "merged"})
    id = "spend"
    title = "Models"
    kind = Kind.MODEL
    table = spend.SPEND
    topic = spend.TOPIC
    also = ("coverage", "at_prices", "free_share", "discounted")

    @property
    def found(self) -> Spend:
        return estimated(self.view)

    @property
    def list_width(self) -> int:
        width = self.size.width
        return width - SIDE - self.between if self.zoomed and width >= BESIDE else width

    def aside(self, width: int, height: int) -> list[Strip]:
        """Whose the spend is and how the estimate is made."""
        return Bill(self.ink, self.found, width).rows(height)

    def badge(self) -> list[Piece]:
        return spaced([("≈ estimated spend", "accent")], super().badge())

    def title_facts(self) -> list[str]:
        return [spend.priced(self.found)]

    def foot(self, width: int, height: int) -> list[Strip]:
        """What is in no sum: `other`, and rows without a price, with the coverage."""
        found, cells = self.found, spend.other(self.snapshot, countries=False)
        other = self.row_below(width, cells, "model", cells["model"][0][0])
        told = f"{formats.percent(found.coverage)} % of all tokens have a price or are free"
        unpriced = f"; {len(found.unpriced)} without a price are left out" if found.unpriced else ""
        whole = told + unpriced
        shown = whole if len(whole) < width else f"{formats.percent(found.coverage)} % covered"
        return [other, Line(self.ink, width).to(1).put(shown, "dim").strip()]


class BillPane(TopicPane[Spend, SpendRow, spend.SpendScale]):
    """Whose the tokens and whose the spend is, and every country with a cursor."""

    key = "countries"
    narrowed = frozenset({"free"})
    id = "bill"
    title = "Countries"
    table = spend.SPEND
    topic = spend.COUNTRIES
    also = ("coverage", "at_prices", "million")

    @property
    def found(self) -> Spend:
        return estimated(self.view)

    def target(self) -> tuple[Kind, str] | None:
        return (Kind.COUNTRY, self.current.key or UNATTRIBUTED) if self.current else None

    def above(self, width: int) -> list[Strip]:
        return [] if self.trouble else [*Bill(self.ink, self.found, width).shares(self.size.height), blank(width)]

    def draw_found(self, found: Spend, width: int, height: int) -> list[Strip]:
        """The strips, the countries, and as much of how the estimate is made as there is room for."""
        bill, room = Bill(self.ink, found, width), self.room
        self._keep_top(room)
        head = self.head(width, ["of named tokens", spend.priced(found)], note="≈ estimated spend")
        listed = [*head, *self.above(width), *self.rows_in(width, room)]
        return bill.filled(listed, [bill.dearer(), bill.estimate(), bill.moved()], height)


class Bill:
    """Tokens and spend by country, a million tokens of each, how the estimate is made, and who has another place."""

    def __init__(self, ink: Ink, found: Spend, width: int) -> None:
        self.ink = ink
        self.found = found
        self.width = width

    def rows(self, height: int) -> list[Strip]:
        """Blocks that fit, in this order of need."""
        return self.filled([], [self.shares(height), self.million(), self.estimate(), self.moved()], height)

    def filled(self, out: list[Strip], blocks: Sequence[list[Strip]], height: int) -> list[Strip]:
        """What stands already, and those of the blocks that fit below it."""
        for block in blocks:
            if height - len(out) > len(block):
                out = stacked([out, block], self.width)
        return out

    def shares(self, height: int) -> list[Strip]:
        """Tokens, and both ends of the spend, by country; apart where there is room."""
        found, rows, whole = self.found, self.found.countries, self.found.whole
        tokens = [Decimal(row.tokens) / found.named if found.named else None for row in rows]
        parts = [(f"tokens, {formats.tokens(found.named)}", tokens)]
        if whole.high:
            low, high = (f"≈ ${formats.tokens(int(end))}" for end in (whole.low, whole.high))
            parts.append((f"spend, low {low}", [row.share_low for row in rows]))
            parts.append((f"spend, high {high}", [row.share_high for row in rows]))
        block = Block(self.ink, self.width)
        for label, shares in parts:
            if height >= ROOMY:
                block.gap()
            self._share(block, label, [*zip(rows, shares, strict=True)])
        return block.strips()

    def _share(self, block: Block, label: str, parts: list[tuple[SpendRow, Decimal | None]]) -> None:
        """CN and US first; names stand above the strip."""
        parts.sort(key=lambda part: (part[0].key != "CN", part[0].key != "US"))
        end: list[Piece] = []
        for row, share in parts:
            if share is not None and share >= NEAR:
                end.append((f"  {row.key or '??'} ", f"{self.ink.country(row.key)}+"))
                end.append((f"{formats.percent(share, 0)}%", "bright"))
        block.line(label, "dim", 1).right(end)
        bands = [(self.ink.country(row.key), float(share or 0)) for row, share in parts]
        block.line(at=1).segments(strip_100(self.ink, self.width - 1, bands))

    def _millions(self) -> dict[str, Band]:
        """USD for a million tokens of the largest countries."""
        known = (row for row in self.found.countries[:3] if row.key and row.band is not None and not row.free)
        return {
            row.key: one for row in known if row.key and (one := a_million(row.band or FREE, row.covered)) is not None
        }

    def million(self) -> list[Strip]:
        """USD for a million tokens of the largest countries, and how much dearer the one is."""
        block, ends = Block(self.ink, self.width), self._millions()
        if ends:
            block.line("$ per million tokens, all of them", "dim", 1)
        for key, one in ends.items():
            line = block.line(f"{key} ", f"{self.ink.country(key)}+", 1).put(country_in(key, 24))
            line.figures((f"{one.low:.2f}{formats.DASH}{one.high:.2f}", "text", 0))
        block.add(self.dearer())
        return block.strips()

    def dearer(self) -> list[Strip]:
        """How much dearer a token of the one country is than one of the other; nothing where either is unknown."""
        ends = self._millions()
        if not ("CN" in ends and "US" in ends and ends["CN"].low and ends["CN"].high):
            return []
        times = sorted((ends["US"].low / ends["CN"].low, ends["US"].high / ends["CN"].high))
        text = formats.DASH.join(dict.fromkeys(f"{ratio:.1f}" for ratio in times))
        line = Line(self.ink, self.width).to(1).put("a ", "dim").put("US", "us+").put(" token costs ", "dim")
        return [line.put(f"{text} × ", "bright").put("a ", "dim").put("CN", "cn+").put(" one", "dim").strip()]

    def estimate(self) -> list[Strip]:
        """How it is made."""
        found, settings, block = self.found, self.found.settings, Block(self.ink, self.width)
        named = found.covered / found.named if found.named else None
        free = sum(row.free for row in found.rows)
        seen = "none seen by then" if found.seen_at is None else formats.day(found.seen_at.date())
        when = ", seen later" if found.today else ", seen by then" if found.seen_at is not None else ""
        told = {
            "low": spend.shape(settings.low_input, settings.low_cached),
            "high": spend.shape(settings.high_input, settings.high_cached),
            "prices": f"{seen}{when}",
            "cover": f"{formats.percent(named, 0)} % of named, {formats.percent(found.coverage)} % of all",
            "free": f"{formats.plural(free, 'model')} of it",
            "not in": "batch, cache writes, other",
        }
        block.section("The estimate", "settings: spend")
        for name, text in told.items():
            block.line(f"{name:<7}", "dim", 1).put(text)
        return block.strips()

    def moved(self) -> list[Strip]:
        """Models whose place by spend is far from that by tokens."""
        block = Block(self.ink, self.width)
        block.section("Other places", "by tokens, by spend")
        moved = [
            (row.token_rank - row.rank, row) for row in self.found.rows if row.band and not row.free and row.token_rank
        ]
        moved.sort(key=lambda item: -abs(item[0]))
        for by, row in moved[:MOVED]:
            line = block.line(f"{row.country or '??'} ", f"{self.ink.country(row.country)}+", 1)
            line.put(formats.middle_cut(row.name, max(8, self.width - 18)))
            line.figures((str(row.token_rank), "dim", 7), (f"{formats.arrow(by)} {row.rank}", "text", 0))
        return block.strips()


# By period


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
        words = "What it cost is unknown: no prices were seen by its end." if found is None else spend.unknown(found)
        block.prose((words, "dim"), indent=0)
    else:
        head.right([("≈ ", "dim"), (formats.exact_usd_range(found.whole.low, found.whole.high), "bright")])
        for row in found.countries[:TOLD]:
            if row.share_high:
                line = block.line(f"{row.key or '??'} ", f"{ink.country(row.key)}+").put(country_in(row.key, 20))
                line.figures((f"{formats.share_range(row.share_low, row.share_high)} %", "text", 0))
        cover = f"{formats.percent(found.coverage)} % of {formats.tokens(found.total)} covered, {spend.priced(found)}"
        block.prose((cover, "dim"), indent=0)
    block.section("Periods", "low–high")
    listed = [*costs.values()]
    here = next((n for n, one in enumerate(listed) if one.period == period), 0)
    for one in listed[around(here, len(listed), max(0, height - len(block)))]:
        line = block.line(formats.span(one.period), selected=one.period == period)
        cost = formats.exact_usd_range(one.whole.low, one.whole.high) if one.known else formats.NO_DATA
        line.figures((cost, "text" if one.known else "faint", 0))
    return block.strips()
