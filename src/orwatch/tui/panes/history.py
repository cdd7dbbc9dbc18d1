"""View 5: models, vendors or countries over time, and one head to head with every flip."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from textual.strip import Strip

from orwatch.core.views.series import statuses
from orwatch.core.views.spend import spend_by_period
from orwatch.domain.explain import Figure
from orwatch.domain.leads import Kind
from orwatch.domain.overview import Snapshot
from orwatch.domain.periods import Period
from orwatch.domain.series import Series
from orwatch.domain.spend import Spend
from orwatch.present import formats
from orwatch.present.tables.spend import SPEND_PERIODS, cites, period_scale
from orwatch.present.terms import BASIS_WORDS, watched_since
from orwatch.tui.charts.canvas import LEFT, lay_axis
from orwatch.tui.charts.series import (
    Chart,
    DrawnContender,
    LineChart,
    drawn_contenders,
    leaders,
    ranks,
    ratio,
    ratio_below,
    shares,
    two_sides,
)
from orwatch.tui.panes.history_figures import PeriodFigures
from orwatch.tui.panes.pane import Pane
from orwatch.tui.panes.spend import spent_columns, spent_figures
from orwatch.tui.widgets.paint import beside, blank, draw_table, prose

PERIODS = 156
"""The most periods looked back: three years of weeks."""

NAMES = {Kind.MODEL: "models", Kind.VENDOR: "vendors", Kind.COUNTRY: "countries", Kind.VERSUS: "head to head"}
SUBJECTS = tuple(NAMES)
FORMS = {kind: ("lines", "shares", "ratio" if kind is Kind.VERSUS else "ranks") for kind in SUBJECTS}
WIDE, TALL = 56, 12
"""Columns and rows from which there is a chart; below that a list with eight periods a row."""
BESIDE = 98
"""Columns from which the figures stand beside the chart."""


class HistoryPane(Pane):
    """Lines, stacked shares or ranks by period, and a cursor that reads one. It fills the body while it is open.

    late: what periods cost is told at the prices of now.
    """

    key = "history"
    narrowed = frozenset({"words", "vendors", "countries", "free", "merged"})
    title = "History"
    also = ("tokens", "share", "change", "rank", "leader", "leads", "lead", "flip", "held")

    _cursor: Period | None = None
    late = False
    subject = Kind.MODEL
    place = 0
    log_scale = False

    def handlers(self) -> Mapping[str, Callable[[], object]]:
        return {
            "subject": self.next_subject,
            "form": self.next_form,
            "log": self.toggle_log,
            "earlier": partial(self.move, -1),
            "later": partial(self.move, 1),
            "far_earlier": partial(self.move, -10),
            "far_later": partial(self.move, 10),
            "earliest": partial(self.jump, last=False),
        }

    @property
    def form(self) -> str:
        """How it is drawn: `lines`, `shares`, `ranks` or `ratio`."""
        return FORMS[self.subject][self.place]

    @property
    def period(self) -> Period | None:
        """The period under the cursor."""
        series = self.series()
        return series.periods[self.index(series)].period if series is not None else None

    @property
    def cites(self) -> Sequence[str]:
        return cites(self.view.snapshot, self.view.spend)

    def series(self) -> Series | None:
        """The series on screen; None where there are no figures."""
        return self.series_of(self.subject, PERIODS)

    def figures(self) -> tuple[Sequence[Figure], int]:
        """Those of the period under the cursor: the head to head first, each contender, then all tokens."""
        series = self.series()
        if series is None:
            return (), 0
        index, kind = self.index(series), self.subject
        day, found = series.periods[index].period.day, []
        if kind is Kind.VERSUS:
            kind = Kind.COUNTRY if series.subject.by_country else Kind.VENDOR
            found.append(Figure("lead", Kind.VERSUS, ":".join(series.query.versus), day))
        ranked = [who for who in series.contenders if who.points[index].rank]
        ranked.sort(key=lambda who: who.points[index].rank or 0)
        found += [Figure(term, kind, who.id, day) for who in ranked for term in ("tokens", "share", "change")]
        return [*found, Figure("total", at=day), Figure("change", at=day)], 0

    def index(self, series: Series) -> int:
        """The period under the cursor: the newest until it is moved, and where its period has gone."""
        at = series.index(self._cursor) if self._cursor is not None else None
        return len(series.periods) - 1 if at is None else at

    def next_subject(self) -> None:
        """Models, vendors, countries, head to head; of what they cost the prices seen by then, or those of now."""
        if self.view.spend is not None:
            self.late = not self.late
            self.redraw()
            return
        self.subject = SUBJECTS[(SUBJECTS.index(self.subject) + 1) % len(SUBJECTS)]
        self.redraw()

    def next_form(self) -> None:
        """Lines, stacked shares, and ranks or (of a head to head) the ratio."""
        self.place = (self.place + 1) % len(FORMS[self.subject])
        self.redraw()

    def toggle_log(self) -> None:
        """Log scale on and off: of lines, the only ones that have a choice."""
        if self.form == "lines":
            self.log_scale = not self.log_scale
            self.redraw()

    def move(self, by: int) -> None:
        """The cursor some periods on (negative: back), to the ends at most. On the newest it follows what becomes the newest."""
        series = self.series()
        if series is not None:
            last = len(series.periods) - 1
            index = max(0, min(last, self.index(series) + by))
            self._cursor = None if index == last else series.periods[index].period
            self.redraw()

    def draw(self, width: int, height: int) -> list[Strip]:
        """The chart at the left, the figures at the right; in a narrow pane below it, in a small one without it."""
        snapshot, series = self.snapshot, self.series()
        if series is None:
            return self.sentences(width, self.waiting())
        if self.view.spend is not None:
            return self._spent(snapshot, series, width, height)
        # The chart and the figures share the unit of the largest value.
        values = [point.tokens for each in series.contenders for point in each.points if point.tokens]
        drawn = drawn_contenders(self.ink, series, self.view.filter, self.offers)
        facts, note = self._facts(snapshot, series, formats.unit_of(values)[1], width)
        empty = self._empty(series, drawn, bool(values))
        if empty:
            return self.sentences(width, [[(empty, "text")]], facts, note)
        title = self.head(width, facts, note)
        room, index = height - len(title), self.index(series)
        market = self.reader.market
        figures = PeriodFigures(self.ink, series, drawn, index, values, statuses(market, series, index), market.more)
        if width < WIDE or room < TALL:
            return [*title, *figures.table(width, room)]
        if width < BESIDE:
            under = 3 if room < 22 else 4
            chart = self._chart(series, drawn, index, width, room - under, alone=True)
            return [*title, *chart, *figures.lines(width, under)]
        side = 39 if width < 130 else 46 if width < 180 else 54
        left = width - side - 2
        chart = self._chart(series, drawn, index, left, room, alone=False)
        return [*title, *beside(chart, left, figures.column(side, room), side, room, gutter=2)]

    def costs(self, snapshot: Snapshot) -> tuple[Spend, ...]:
        """What each period cost, the newest first, as far back as there are prices."""
        read = partial(spend_by_period, self.reader.market, snapshot.query, PERIODS, today=self.late)
        return self.once("costs", self.late, read)

    def _spent(self, snapshot: Snapshot, series: Series, width: int, height: int) -> list[Strip]:
        """What each period cost: a chart with the figures of the one under the cursor, or a table where there is no room."""
        rows, since = self.costs(snapshot), self.reader.market.cache.catalogue.first_seen()
        when = "at prices of now" if self.late else "prices seen by its end"
        facts = [f"by {formats.noun(snapshot.period.grain)}, {when}", str(snapshot.lens.basis), self.age]
        head = self.head(width, facts, note="≈ estimated spend")
        key = self.hint("subject")
        more = f" {key} tells them at the prices of now." if key else ""
        told = [] if self.late else prose(self.ink, width, [(f"{watched_since(since)}{more}", "dim")])
        room = height - len(head) - len(told) - 1
        columns = SPEND_PERIODS.drawn(period_scale(rows))
        if width < BESIDE or room < TALL:
            return [*head, *draw_table(self.ink, width, columns, rows[: max(0, room - 1)]), blank(width), *told]
        index, side = self.index(series), 39 if width < 130 else 46
        left = width - side - 2
        axis = lay_axis(series, index, left - LEFT - 1)
        costs = {cost.period: cost for cost in rows}
        chart = spent_columns(Chart(self.ink, axis, series, (), index - axis.first), left, room, costs)
        figures = spent_figures(self.ink, side, series.periods[index].period, costs, room)
        return [*head, *beside(chart, left, figures, side, room, gutter=2), blank(width), *told]

    def _facts(self, snapshot: Snapshot, series: Series, unit: str, width: int) -> tuple[list[str], str]:
        """The facts at the right end of the title, and the note beside the name."""
        grain, basis = formats.noun(snapshot.period.grain), snapshot.lens.basis
        what = {
            "lines": f"{unit} tokens by {grain}{', log scale' if self.log_scale else ''}".strip(),
            "shares": f"% of all tokens by {grain}",
            "ranks": f"rank by {grain}",
            "ratio": f"ratio by {grain}, log scale",
        }[self.form]
        words = f"basis {basis}, {BASIS_WORDS[basis]}" if width >= 130 else str(basis)
        names = " : ".join(series.query.versus) if self.subject is Kind.VERSUS else NAMES[self.subject]
        note = f"{names} · {self.form}" if width >= WIDE else names
        return [what, words, self.age], note

    def _empty(self, series: Series, drawn: Sequence[DrawnContender], known: bool) -> str:
        """Why there is nothing to draw, and the key that helps, if there is nothing."""
        query = series.query
        if not known:
            says = f"The split is not known on {query.lens.basis} in any {formats.noun(query.grain)} of the record"
            action, does = "basis", "changes the basis"
        elif not any(who.shown for who in drawn):
            says = f"The filter hides all {len(drawn)} {NAMES[self.subject]} of the race"
            near = self.view.filter.nearest([facts for each in series.contenders for facts in each.facts])
            says += f"; nearest: {near[1]}" if near else ""
            action, does = "close", "clears it"
        else:
            return ""
        key = self.hint(action)
        return f"{says}: {key} {does}." if key else f"{says}."

    def _chart(
        self, series: Series, drawn: Sequence[DrawnContender], index: int, width: int, height: int, *, alone: bool
    ) -> list[Strip]:
        """The chart, the flips, the ribbon of leaders and the months; under a head to head its ratio, where there is room."""
        versus = self.subject is Kind.VERSUS
        short = versus or self.subject is Kind.COUNTRY
        labels = 10 if short else _label_width(series, width, alone=alone)
        axis = lay_axis(series, index, max(8, width - LEFT - labels - 1))
        chart = Chart(self.ink, axis, series, drawn, index - axis.first)
        foot = leaders(chart, width)
        upper = height - len(foot)
        if self.form == "ratio":
            return [*ratio(chart, width, upper - 1), *foot]
        if versus and height >= 26:
            lower = max(6, upper // 3)
            foot += ratio_below(chart, width, lower)
            upper -= lower + 3
        if self.form == "lines":
            return [*LineChart(chart, width, upper, log=self.log_scale).draw().strips(), *foot]
        draw = ranks if self.form == "ranks" else two_sides if versus else shares
        return [*draw(chart, width, upper).strips(), *foot]


def _label_width(series: Series, width: int, *, alone: bool) -> int:
    """Cells for names at the newest column: fewer where the figures repeat them and more periods would fit."""
    names = (len(each.name) + 5 * each.free for each in series.contenders[: series.newest])
    most = min(36 if width >= 130 else 30, 13 + max(names, default=0))
    return min(most, max(22 if alone else 12, width - LEFT - 1 - len(series.periods)))
