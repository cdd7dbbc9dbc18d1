"""Pane 2: the lead in words, one 100 % strip, the table, tokens by period stacked."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from msgspec.structs import replace
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.strip import Strip

from orwatch.domain.filters import Filter
from orwatch.domain.query import Query
from orwatch.domain.records import OTHER
from orwatch.domain.shares import ShareRow
from orwatch.domain.views.overview import Snapshot
from orwatch.domain.views.series import Series
from orwatch.errors import NoDataError
from orwatch.present import formats
from orwatch.present.sentences import BASIS_WORDS, OUTSIDE, country_words
from orwatch.tui.charts.canvas import strip_100
from orwatch.tui.charts.stacks import stacks
from orwatch.tui.panes.base import Pane, age_text, spread
from orwatch.tui.panes.countries_zoom import zoomed
from orwatch.tui.panes.leads import lead_pieces, other_bases, streak_text
from orwatch.tui.panes.models import change_cell
from orwatch.tui.themes import Ink
from orwatch.tui.widgets.paint import Line, Piece, blank, width_of
from orwatch.tui.widgets.table import Column, draw_head, draw_row, place

KEPT_BODIES = 16
"""Drawings of the pane that are kept, of one snapshot and width."""

UNATTRIBUTED = "??"
"""The key of the rows without a country, where one is chosen."""


class CountriesPane(Pane):
    """Which country's models carry the traffic. versus: gives the head to head of a query; raises NoDataError."""

    key: ClassVar[str] = "countries"
    number: ClassVar[int] = 2
    title: ClassVar[str] = "Countries"

    def __init__(self, ink: Ink, versus: Callable[[Query], Series]) -> None:
        super().__init__(ink)
        self._versus = versus
        self.cursor_key: str | None = None
        self._above = 0
        self._still_of: tuple[object, int, Ink, bool] | None = None
        self._still: dict[int, list[Strip]] = {}
        self._bodies: dict[tuple[object, ...], tuple[list[Strip], int]] = {}
        self._kept: tuple[Snapshot | None, Filter, set[str | None]] = (None, Filter(), set())

    def named(self) -> list[str]:
        """The countries that the filter leaves, in the order they are shown; `??` for the unattributed."""
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

    def jump(self, *, last: bool) -> None:
        """Moves the cursor to the first or last country."""
        self.move(10_000 if last else -10_000)

    def on_click(self, event: events.Click) -> None:
        """A click on a row moves the cursor there."""
        event.prevent_default()  # Textual would go on to the handlers of the base classes
        rows, at = self.named(), event.y - self._above
        inside = 0 <= at < len(rows)
        self.post_message(self.Picked(self, again=inside and rows[at] == self.chosen))
        if inside:
            self.cursor_key = rows[at]
            self.redraw()

    def build(self, width: int, height: int) -> list[Strip]:
        snapshot = self.view.snapshot
        if snapshot is None:
            head = [self.title_line(width, [])] if self.titled else []
            return [
                *head,
                blank(width),
                *self.sentences(width, [[(self.view.progress or "Reading the cache", "text")]]),
            ]
        if self.zoomed and height >= 20 and width >= 76:
            basis = f"basis {snapshot.lens.basis}, {BASIS_WORDS[snapshot.lens.basis]}"
            facts = [f"share of all tokens by {snapshot.period.grain}", basis, age_text(self.view.age_s)]
            head = [self.title_line(width, facts, note="zoomed")] if self.titled else []
            room = height - len(head)
            return [*head, *self._drawn_once(snapshot, width, ("zoomed", room), lambda: self._zoomed(width, room))]
        head = [self.title_line(width, [snapshot.lens.basis, age_text(self.view.age_s)])] if self.titled else []
        return [*head, *self.body(snapshot, width, height - len(head))]

    def _zoomed(self, width: int, height: int) -> list[Strip]:
        snapshot = self.view.snapshot
        assert snapshot is not None
        try:
            versus = self._versus(replace(snapshot.query, at=snapshot.period.start))
        except NoDataError:  # another process has emptied the cache
            return self.sentences(width, [[("Reading the cache", "text")]])
        return zoomed(self.ink, snapshot, versus, width, height)

    def body(self, snapshot: Snapshot, width: int, height: int) -> list[Strip]:
        """All below the title, drawn once for what a filter leaves of the table: most of its keys leave the same."""
        rows = self.table_rows(snapshot, 99)
        chosen = self.chosen if self.active else None
        asked = (height, tuple(row.key for row in rows), chosen, self.view.favourites, self.alone, self.titled)
        return self._drawn_once(snapshot, width, asked, lambda: self._body(snapshot, rows, width, height))

    def _drawn_once(
        self, snapshot: Snapshot, width: int, asked: tuple[object, ...], draw: Callable[[], list[Strip]]
    ) -> list[Strip]:
        """What was drawn for what is asked, as long as snapshot and width stay."""
        self._kept_of(snapshot, width)
        known = self._bodies.get(asked)
        if known is None:
            if len(self._bodies) >= KEPT_BODIES:
                self._bodies.clear()
            known = self._bodies[asked] = (draw(), self._above)
        lines, self._above = known
        return lines

    def _body(self, snapshot: Snapshot, rows: list[ShareRow], width: int, height: int) -> list[Strip]:
        """What fits, in this order of need: strip, table, lead in words, chart, blank rows between."""
        ink = self.ink
        lead = height >= 16 or not self.view.snapshot or self.alone
        chart_room = height - (2 + 1 + 1 + len(rows) + int(lead))
        if chart_room < 7 and len(rows) > 5:
            rows = self.table_rows(snapshot, 5)
        used = 2 + 1 + len(rows) + int(lead)
        spare = height - used
        airy = spare >= 12
        lines: list[Strip] = []
        if not self.titled and airy:
            lines.append(blank(width))
        if lead:
            words = width >= 56
            left = lead_pieces(snapshot)
            streak = streak_text(snapshot, words=words)
            tail: list[Piece] = [("  " + streak, "text")] if streak and not self.view.running else []
            if self.view.running:
                tail = [("  ~ ", "accent"), ("on course", "dim")]
            right = other_bases(snapshot)
            if width_of([*left, *tail, *right]) + 2 > width:
                right = right[:2] if not any(role != "dim" for _, role in right) else right[-3:]
            lines.append(spread([*left, *tail], right, ink, width))
            if airy:
                lines.append(blank(width))
        lines += self._kept_of(snapshot, width)[0]
        if spare >= 1:
            lines.append(blank(width))
        self._above = len(lines) + 1 + int(self.titled)
        lines += self.table(snapshot, rows, width)
        left_over = height - len(lines)
        if left_over >= 5:
            if left_over >= 6:
                lines.append(blank(width))
                left_over -= 1
            lines += self._chart(snapshot, width, left_over)
        return lines

    def _chart(self, snapshot: Snapshot, width: int, height: int) -> list[Strip]:
        """The chart of the past, drawn once for each height that the table above it leaves."""
        kept = self._kept_of(snapshot, width)
        if height not in kept:
            kept[height] = stacks(self.ink, snapshot, width, height)
        return kept[height]

    def _kept_of(self, snapshot: Snapshot, width: int) -> dict[int, list[Strip]]:
        """What no filter changes: the strip (0), and the chart at the heights it was drawn at."""
        asked = (snapshot, width, self.ink, self.view.running)
        if self._still_of is None or self._still_of[0] is not snapshot or self._still_of[1:] != asked[1:]:
            self._still_of, self._still, self._bodies = asked, {0: self.strip(snapshot, width)}, {}
        return self._still

    def strip(self, snapshot: Snapshot, width: int) -> list[Strip]:
        """The 100 % strip of all tokens, its labels above it, never inside."""
        ink = self.ink
        span = width - 1
        parts = [(ink.country(row.key), row.share_of_all) for row in snapshot.split.rows]
        labels = Line(ink, width)
        total = 0.0
        other = snapshot.split.rows[-1]
        end: list[Piece] = [(f"other {formats.percent(other.share_of_all)}%", "dim")]
        if width < 46:
            end = [(f"{formats.percent(other.share_of_all)}%", "dim")]
        for row in snapshot.split.rows[:-1]:
            at = 1 + round(total * span)
            total += row.share_of_all
            text: list[Piece] = [
                (row.key or "??", ink.country(row.key) + "+"),
                (f" {formats.percent(row.share_of_all)}%", "bright"),
            ]
            at = min(at, width - width_of(end) - 2 - width_of(text))
            if row.share_of_all < 0.08 or at < labels.at + 2 * (labels.at > 0):
                continue
            labels.to(at).pieces(text)
        labels.right(end)
        return [labels.strip(), Strip([Segment(" ", Style()), *strip_100(ink, span, parts)], width)]

    def table_rows(self, snapshot: Snapshot, most: int) -> list[ShareRow]:
        """Rows that the filter leaves; small countries fold into one where there is no room for all."""
        chosen = self.view.filter
        rows = list(snapshot.split.rows)
        if chosen.countries or chosen.not_countries or chosen.words:
            if self._kept[0] is not snapshot or self._kept[1] != chosen:
                facts = [model.facts for model in snapshot.models]
                self._kept = (snapshot, chosen, {told.country for told in chosen.select(facts, facts)})
            kept = self._kept[2]
            rows = [row for row in rows if row.key == OTHER or row.key in kept]
        named = [row for row in rows if row.key not in (None, OTHER)]
        pins = self.view.favourites
        named.sort(key=lambda row: row.key not in pins)
        rest = [row for row in rows if row.key in (None, OTHER)]
        if len(rows) > most and len(named) > 3:
            keep = max(2, most - len(rest) - 1)
            small = named[keep:]
            named = [*named[:keep], _fold(small)] if len(small) > 1 else named
        return [*named, *rest]

    def table(self, snapshot: Snapshot, rows: list[ShareRow], width: int) -> list[Strip]:
        """The table of countries; unattributed and `other` stand apart from them, dim."""
        ink = self.ink
        unit, letter = formats.unit_of([row.tokens for row in snapshot.split.rows])
        known = [row for row in rows if row.key not in (None, OTHER)]
        leading = {row.key for row in known[:2]}
        tilde = "~ " if self.view.running else ""

        def name(row: ShareRow, w: int) -> list[Piece]:
            if row.key == OTHER:
                return [("   ", "dim"), (OUTSIDE[snapshot.lens.basis] if w >= 24 else "other", "dim")]
            if row.key is not None and row.key.startswith("+"):
                code, _, rest = row.key.partition(" ")
                return [(f"{code} ", "elsewhere+"), (rest, "text")]
            words = country_words(row.key)
            return [
                ((row.key or "??") + " ", ink.country(row.key) + "+"),
                (formats.middle_cut(words, max(3, w - 3)), "text"),
            ]

        def figure(text: str, row: ShareRow) -> list[Piece]:
            return [(text, "bright" if row.key in leading else "dim" if row.key == OTHER else "text")]

        def attributed(row: ShareRow, _: int) -> list[Piece]:
            if row.share_of_attributed is None:
                return [(formats.NO_DATA, "faint")]
            return [(formats.percent(row.share_of_attributed), "text")]

        def moved(row: ShareRow, _: int) -> list[Piece]:
            text, role = change_cell(row.change, row.status)
            return [(text, "dim" if row.key == OTHER and role == "text" else role)]

        columns: list[Column[ShareRow]] = [
            Column("country", "Country", 12, name, right=False, gap=0, grow=True, most=34),
            Column("tokens", f"Tokens {letter}", 8, lambda row, _: figure(formats.tokens_in(row.tokens, unit), row)),
            Column("share", "of all %", 8, lambda row, _: figure(formats.percent(row.share_of_all), row)),
            Column("attributed", "attrib. %", 9, attributed, give_up=1),
            Column("change", tilde + formats.CHANGE_HEADS[snapshot.period.grain], 7, moved),
            Column(
                "models",
                "Models",
                6,
                lambda row, _: [(str(row.models), "text")] if row.key != OTHER else [(formats.NO_DATA, "faint")],
                give_up=0,
            ),
        ]
        if width < 46:
            change = columns[4]
            columns = [
                columns[0],
                Column("tokens", columns[1].head, 8, columns[1].cell, gap=1),
                Column("share", "%", 5, columns[2].cell, gap=1),
                Column("change", change.head, 7, change.cell, gap=1),
            ]
        placed = place(columns, width)
        chosen = self.chosen
        return [
            draw_head(ink, width, placed, None, False),
            *(
                draw_row(
                    ink,
                    width,
                    placed,
                    row,
                    cursor=self.active and row.key != OTHER and chosen in (row.key or UNATTRIBUTED).split(),
                    pinned=row.key in self.view.favourites,
                )
                for row in rows
            ),
        ]


def _fold(rows: list[ShareRow]) -> ShareRow:
    """Small countries as one row, `+3 KR CA FR`; its change is not known from its parts' changes, so it has none."""
    codes = " ".join(str(row.key) for row in rows)
    attributed = [row.share_of_attributed for row in rows if row.share_of_attributed is not None]
    return ShareRow(
        key=f"+{len(rows)} {codes}",
        tokens=sum(row.tokens for row in rows),
        share_of_all=sum(row.share_of_all for row in rows),
        share_of_attributed=sum(attributed) if attributed else None,
        change=None,
        status=None,
        models=sum(row.models for row in rows),
    )
