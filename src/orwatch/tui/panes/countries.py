"""Pane 2: the lead in words, one 100 % strip, the table, tokens by period stacked."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from textual import events
from textual.strip import Strip

from orwatch.core.views import series
from orwatch.core.views.series import PERIODS_SHOWN
from orwatch.domain.explain import EXPLAINED, Figure
from orwatch.domain.leads import Kind, Subject
from orwatch.domain.overview import ShareRow, Snapshot
from orwatch.domain.records import OTHER
from orwatch.domain.series import Stack
from orwatch.domain.vendors import UNATTRIBUTED
from orwatch.errors import NoDataError
from orwatch.present import cells, formats
from orwatch.present.report import Report, View
from orwatch.present.table import Column, Piece, place, spread, width_of
from orwatch.present.tables import countries
from orwatch.present.tables.countries import other_bases, streak_text
from orwatch.present.terms import BASIS_WORDS
from orwatch.tui.charts.canvas import strip_100
from orwatch.tui.charts.stacks import stacks
from orwatch.tui.panes.pane import Pane
from orwatch.tui.widgets.paint import Block, Line, blank, draw_head, draw_row

CHART_NARROWED = frozenset({"free"})
TABLE_NARROWED = CHART_NARROWED | {"words", "countries"}


class CountriesPane(Pane):
    """Which country's models carry the traffic."""

    key = "countries"
    narrowed = TABLE_NARROWED
    title = countries.COUNTRIES.title
    also = ("lead", "leads", "held")

    cursor_key: str | None = None
    _above = 0
    _shown: Sequence[ShareRow] = ()

    def target(self) -> tuple[Kind, str] | None:
        return None if self.chosen is None else (Kind.COUNTRY, self.chosen)

    def figures(self) -> tuple[Sequence[Figure], int]:
        """The head to head, where the cursor is on one of its sides; then the table, row by row."""
        snapshot = self.snapshot
        a, b = snapshot.query.versus
        terms = [column.defined_as for column in self.columns() if column.defined_as in EXPLAINED]
        found = [Figure("lead", Kind.VERSUS, f"{a}:{b}")]
        for row in self.table_rows(snapshot, 999):
            mine = [term for term in terms if row.key != OTHER or term not in ("attributed", "models")]
            found += [Figure(term, Kind.COUNTRY, row.key or UNATTRIBUTED) for term in mine]
        at = next((n for n, each in enumerate(found) if each.id == self.chosen), 0) if self.chosen not in (a, b) else 0
        return found, at

    def columns(self) -> Sequence[Column[countries.CountryRow]]:
        return countries.COUNTRIES.drawn(countries.COUNTRIES.scale)

    def sentence(self) -> str | None:
        return countries.sentences(self.snapshot)

    def report(self, how: View) -> Report:
        """The split, or zoomed the head to head."""
        snapshot = self.snapshot
        grain, lens = snapshot.query.grain, snapshot.lens
        if self.zoomed:
            from orwatch.tui.panes import countries_zoom  # as in `draw`

            return countries_zoom.report(how, snapshot, self.reader.market)
        lead = self.reader.market.leadership(grain, lens, Subject(Kind.COUNTRY)).lead(snapshot.period)
        keys = {row.key for row in self.table_rows(snapshot, 99)}
        return countries.report(how, snapshot, lead, keys)

    def named(self) -> list[str]:
        """The countries that pass the filter, in the order they are shown; `??` for the unattributed."""
        snapshot = self.view.snapshot
        rows = self.table_rows(snapshot, 999) if snapshot else []
        return [row.key or UNATTRIBUTED for row in rows if row.key != OTHER]

    @property
    def chosen(self) -> str | None:
        """The country under the cursor: where it is not shown any more, the first."""
        named = self.named()
        return self.cursor_key if self.cursor_key in named else named[0] if named else None

    def move(self, by: int) -> None:
        """Moves the cursor by rows."""
        named, chosen = self.named(), self.chosen
        if chosen is not None:
            self.cursor_key = named[max(0, min(len(named) - 1, named.index(chosen) + by))]
            self.redraw()

    def clicked(self, event: events.Click) -> None:
        """A click on a row moves the cursor there; on small countries that are one row, to the first of them."""
        at = event.y - self._above
        keys = (self._shown[at].key or UNATTRIBUTED).split() if 0 <= at < len(self._shown) else [OTHER]
        again = self.chosen in keys
        self.widget.post_message(self.Clicked(self, again=again))
        if not again and OTHER not in keys:
            self.cursor_key = keys[min(1, len(keys) - 1)]
            self.redraw()

    def draw(self, width: int, height: int) -> list[Strip]:
        snapshot = self.snapshot
        versus = self.series_of(Kind.VERSUS, PERIODS_SHOWN) if self.zoomed and height >= 20 and width >= 76 else None
        self.narrowed = TABLE_NARROWED if versus is None else CHART_NARROWED
        if versus is not None:
            # With charts that nothing else of the first frame draws.
            from orwatch.tui.panes.countries_zoom import zoomed

            basis = f"basis {snapshot.lens.basis}, {BASIS_WORDS[snapshot.lens.basis]}"
            facts = [f"share of all tokens by {formats.noun(snapshot.period.grain)}", basis, self.age]
            head = self.head(width, facts, note="zoomed")
            return [*head, *zoomed(self.ink, snapshot, versus, width, height - len(head))]
        head = self.head(width, [snapshot.lens.basis, self.age])
        return [*head, *self._body(snapshot, width, height - len(head))]

    def _body(self, snapshot: Snapshot, width: int, height: int) -> list[Strip]:
        """What fits, in this order of need: strip, table, lead in words, chart, blank rows between."""
        lead = height >= 16 or self.alone
        rows = self.table_rows(snapshot, 99)
        needed = 3 + int(lead)  # strip, heads, and the lead
        if height - needed - len(rows) < 8 and len(rows) > 5:
            rows = self.table_rows(snapshot, 5)
        spare = height - needed - len(rows)
        airy = spare >= 12
        lines = [blank(width)] if airy and not self.titled else []
        if lead:
            lines += [self.lead(snapshot, width), *([blank(width)] if airy and not self.titled else [])]
        lines += self.strip(snapshot, width)
        if spare >= 1:
            lines.append(blank(width))
        self._above = len(lines) + 1 + self.head_rows
        lines += self.table(snapshot, rows, width)
        if height - len(lines) >= 6:
            lines.append(blank(width))
        room = height - len(lines)
        shown = self._stacked(snapshot) if room >= 5 else ()
        return [*lines, *(stacks(self.ink, snapshot.query, shown, width, room) if shown else [])]

    def _stacked(self, snapshot: Snapshot) -> tuple[Stack, ...]:
        """How the periods to that on screen split; beside the newest complete one the period in progress too."""
        (*_, until), now = snapshot.period.parts(), self.view.now
        if now is not None and now.begun and now.headline is not None and now.period == until.next():
            until = now.period
        read = partial(series.stacks, self.reader.market, snapshot.query, until, PERIODS_SHOWN)
        try:
            return self.once("stacks", None, read)
        except NoDataError:  # another process has emptied the cache
            return ()

    def lead(self, snapshot: Snapshot, width: int) -> Strip:
        """Who leads whom and for how long; at the right end the other bases, or one of them, where there is room."""
        left = cells.lead(snapshot)
        streak = streak_text(snapshot, words=width >= 56)
        if self.view.running:
            left += [("  ~ ", "accent"), ("on course", "dim")]
        elif streak:
            left.append((f"  {streak}", "text"))
        right = other_bases(snapshot)
        if width_of([*left, *right]) + 2 > width:
            right = right[:2] if all(role == "dim" for _, role in right) else right[-3:]
        line = Line(self.ink, width).to(1).pieces(left)
        return (line.right(right) if line.room > width_of(right) else line).strip()

    def strip(self, snapshot: Snapshot, width: int) -> list[Strip]:
        """The 100 % strip of all tokens, its labels above it, never inside."""
        ink, rows, block = self.ink, snapshot.split.rows, Block(self.ink, width)
        labels, bands = block.line(), [(ink.country(row.key), row.share_of_all) for row in rows]
        if snapshot.split.known:
            outside = f"{formats.percent(rows[-1].share_of_all)}%"
            end = outside if width < 46 else f"other {outside}"
            total = 0.0
            for row in rows[:-1]:
                share = f" {formats.percent(row.share_of_all)}%"
                text: list[Piece] = [(row.key or UNATTRIBUTED, f"{ink.country(row.key)}+"), (share, "bright")]
                at = min(1 + round(total * (width - 1)), width - len(end) - 2 - width_of(text))
                total += row.share_of_all
                if row.share_of_all >= 0.08 and (not labels.at or at >= labels.at + 2):
                    labels.to(at).pieces(text)
        else:
            end, bands = f"all tokens: {snapshot.named} models are named", [("other", 1.0)]
        labels.right([(end, "dim")])
        block.line(at=1).segments(strip_100(ink, width - 1, bands))
        return block.strips()

    def table_rows(self, snapshot: Snapshot, most: int) -> list[ShareRow]:
        """Rows that pass the filter; the small countries as one row where there is no room for all."""
        chosen = self.view.filter
        rows = snapshot.split.rows
        if chosen.countries or chosen.words:
            offers = self.offers
            kept = {model.facts.country for model in snapshot.models if chosen.matches(model.facts, offers)}
            rows = tuple(row for row in rows if row.key == OTHER or row.key in kept)
        named = [row for row in rows if row.key not in (None, OTHER)]
        named.sort(key=lambda row: row.key not in self.view.favourites)
        rest = [row for row in rows if row.key in (None, OTHER)]
        if len(rows) > most and len(named) > 3:
            keep = max(2, most - len(rest) - 1)
            small = named[keep:]
            named = [*named[:keep], countries.fold(small)] if len(small) > 1 else named
        return [*named, *rest]

    def table(self, snapshot: Snapshot, rows: list[ShareRow], width: int) -> list[Strip]:
        """The table of countries; unattributed and `other` come last, dim."""
        scale = countries.scale(snapshot, rows, narrow=width < countries.NARROW)
        placed = spread(place(countries.COUNTRIES.drawn(scale), width), width)
        chosen, self._shown = self.chosen, rows
        lines = [draw_head(self.ink, width, placed)]
        for row in rows:
            cursor = self.active and row.key != OTHER and chosen in (row.key or UNATTRIBUTED).split()
            shown = countries.CountryRow(row, known=snapshot.split.known)
            pinned = row.key in self.view.favourites
            lines.append(draw_row(self.ink, width, placed, shown, cursor=cursor, pinned=pinned))
        return lines
