"""Pane 4: what happened to the leads. Unread on top, on course above them, apart."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from msgspec.structs import replace
from textual.strip import Strip

from orwatch.core.judge import known_then, subjects
from orwatch.core.views.series import last_flip
from orwatch.domain.alerts.alert import Alert, Standing
from orwatch.domain.alerts.repeats import Entry, entries, told_once
from orwatch.domain.explain import EXPLAINED, Figure
from orwatch.domain.filters import Facts
from orwatch.domain.overview import Snapshot
from orwatch.present import cells, formats
from orwatch.present.alerts import message
from orwatch.present.report import Report, View
from orwatch.present.table import Column, Piece
from orwatch.present.tables import alerts
from orwatch.tui.panes.table_pane import TablePane
from orwatch.tui.view_state import ViewState
from orwatch.tui.widgets.paint import Line, blank, prose

BESIDE = 96
"""Cells from which the evidence stands beside the list."""

MEASURED = 200
"""Rows whose rules and values set the width of their columns."""


ROOMY = 14
"""Rows of the pane from which the last flip of the head to head has a place of its own."""


class AlertsPane(TablePane[alerts.AlertRow, alerts.AlertsScale]):
    """What happened to leads, ranks, shares and prices, newest first.

    opened: ids of the folds that are open. held: ids of the alerts under the cursor as it was last drawn or moved: a poll that
    comes between that and a key changes nothing of what the key means.
    """

    key = "alerts"
    table = alerts.ALERTS
    quiet = True
    also = ("on_course", "state", "flip", "held")

    reading = False
    opened: frozenset[str] = frozenset()
    held: frozenset[str] = frozenset()
    _under: str | None = None

    def activate(self, active: bool) -> None:
        super().activate(active)
        self._hold()

    def select_rows(self) -> None:
        """The cursor stays on its alert also where nobody has moved it yet, or where the one it was put on is not listed now.

        An alert that is folded now is found in its fold. The cursor stays in view: what it stands on is what a key acknowledges.
        """
        in_view = self.cursor in self.rows_seen(self.top, max(1, self.room))
        super().select_rows()
        if self.active and self._under and self.cursor_id not in {row.id for row in self.rows}:
            found = (n for n, row in enumerate(self.rows) if row.id == self._under or self.held & row.ids)
            self.cursor = next(found, self.cursor)
        self._under = self.current.id if self.active and self.current else None
        if self.active and in_view and self.rows:
            self._show_row(self.cursor)

    def _hold(self) -> None:
        """Notes what the cursor is on, as the user put it there or sees it."""
        row = self.current if self.active else None
        self._under, self.held = (row.id, row.ids) if row else (None, frozenset())

    def left(self) -> Callable[[], None]:
        self.cursor_id = self._under
        return super().left()

    def to_next_unread(self) -> None:
        """The cursor on the next unread alert, else on the one before: what was acknowledged leaves them."""
        unread = [n for n, row in enumerate(self.rows) if row.unread and n != self.cursor]
        if unread:
            self._set_cursor(next((n for n in unread if n > self.cursor), unread[-1]))

    def _set_cursor(self, to: int) -> None:
        super()._set_cursor(to)
        self._hold()

    @property
    def alert(self) -> Alert | None:
        """The alert under the cursor; None on alerts that are folded into one row."""
        return self.current.alert if self.current and not self.current.fold else None

    def handlers(self) -> Mapping[str, Callable[[], object]]:
        """The arrows open and close what is folded, as in a tree; elsewhere they go to the pane beside."""
        row = self.current
        if row is None or not (row.fold or row.within):
            return {}
        return {"left" if row.within or row.id in self.opened else "right": self.turn}

    def turn(self) -> None:
        """Opens the fold under the cursor, or closes that which the cursor is on or in."""
        row = self.current
        if row is not None:
            self.cursor_id = row.within or row.id
            self.opened ^= {self.cursor_id}
            self.renew()
            self.follow()

    def point_at(self, id_: str) -> bool:
        """Moves the cursor to an alert, opening the fold that it stands in; False where the filter hides it."""
        for row in self.everything:
            if row.fold and row.id not in self.opened and id_ in [alert.id for alert in row.alerts]:
                self.opened |= {row.id}
                self.renew()
                break
        at = next((n for n, row in enumerate(self.rows) if not row.fold and id_ in [a.id for a in row.alerts]), None)
        if at is not None:
            self._set_cursor(at)
        return at is not None

    @property
    def reads_row(self) -> bool:
        """Whether the evidence of an alert is read."""
        return self.zoomed and self.reading

    def figure(self, row: alerts.AlertRow, column: Column[alerts.AlertRow]) -> Figure | None:
        term = column.defined_as
        return Figure(term, None, row.alert.id) if term in EXPLAINED else None

    def sentence(self) -> str | None:
        return alerts.sentence(self.alert, self.view.names, self.snapshot) if self.alert else None

    def report(self, how: View) -> Report:
        shown = list({alert.id: alert for row in self.rows for alert in row.alerts}.values())
        return alerts.report(how, self.snapshot, shown, self.view.names, self.view.known)

    @property
    def beside(self) -> bool:
        """Whether the evidence stands beside the list."""
        return self.zoomed and self.size.width >= BESIDE

    @property
    def list_width(self) -> int:
        width = self.size.width
        return round((width - self.between) * 0.6) if self.beside and self.rows else width

    def draw(self, width: int, height: int) -> list[Strip]:
        """The list; zoomed, the evidence of the alert under the cursor beside it, or, where it was asked for, in its place."""
        if self.rows and self.reads_row and not self.beside:
            return [
                *self.head(width, note="evidence"),
                *(Strip.join([blank(1), line]) for line in self.aside(width - 1)),
            ]
        self._hold()
        return super().draw(width, height)

    def aside(self, width: int, height: int = 0) -> list[Strip]:
        """The evidence of the alert under the cursor."""
        # No frame needs it before an alert is read.
        from orwatch.core.views.evidence import evidence
        from orwatch.tui.panes.evidence import evidence_lines

        row = self.current
        assert row is not None
        if row.fold:
            told = (prose(self.ink, width, [(message(alert, row.names) + ".", "text")]) for alert in row.alerts)
            return [line for lines in told for line in (*lines, blank(width))]
        found, known = evidence(self.reader.market, self.snapshot.query, row.alert), self.view.known.get(row.alert.id)
        return evidence_lines(self.ink, row.alert, found, known, row.names, width)

    @property
    def rules(self) -> Mapping[int, str]:
        """Between what is on course, what is unread and what is read. Four panes have no room for them."""
        course, unread = (sum(getattr(row, of) for row in self.rows) for of in ("on_course", "unread"))
        parts = ((course, "", course), (course + unread, "read", unread))
        return {at: name for at, name, above in parts if above and at < len(self.rows)} if self.alone else {}

    def rule(self, width: int, name: str) -> Strip:
        line = Line(self.ink, width).to(1).put(name, "dim").put(" " if name else "")
        return line.put(("─" if name else "╌") * max(0, width - line.at), "rule").strip()

    def source(self) -> Sequence[alerts.AlertRow]:
        """What is on course, then the unread of every basis and grain, then what was known at the period on screen."""
        listed = listed_alerts(self.view, self.snapshot)
        if self.view.filter:  # what matches is not to be folded away
            return [self._row(Entry(alert)) for alert in listed]
        ranks = {row.permaslug: row.rank for row in self.snapshot.models}
        out = []
        for entry in entries(listed, ranks, self.view.unread):
            row = self._row(entry)
            if row.fold:
                ranked = sum(str(alert.values["model"]) in ranks for alert in row.alerts)
                row = replace(row, ranked=ranked, key=self.hint("evidence"))
            out.append(row)
            if row.fold and row.id in self.opened:
                out += [replace(self._row(Entry(alert)), within=row.id) for alert in row.alerts]
        return out

    def _row(self, entry: Entry) -> alerts.AlertRow:
        ids = self.view.unread
        unread = bool(ids) and any(alert.id in ids for alert in (entry.alert, *entry.others))
        return alerts.AlertRow(entry.alert, self.view.names, None, unread, entry.others, entry.fold)

    def foot(self, width: int, height: int) -> list[Strip]:
        """The last flip of the head to head by then and how long the lead has held, where four panes have room for it."""
        snapshot = self.snapshot
        if self.alone or height < ROOMY:
            return []
        then = self.view.past and snapshot.period.count == 1
        found = last_flip(self.reader.market, snapshot.query, snapshot.period if then else snapshot.newest)
        if found is None:
            return []
        basis, flip, held, first = found
        new, old = flip.tokens[flip.after], flip.tokens[flip.before]
        told = formats.ratio(new / old) if new and old else ""
        value = told if basis is snapshot.lens.basis else f"{basis} {told}"
        a, b = snapshot.query.versus
        head = Line(self.ink, width).to(1).put(f"last {a} : {b} flip, held ", "dim")
        head.put(formats.plural(held, formats.noun(snapshot.period.grain)), "dim").rule("rule")
        at = {placed.column.key: placed for placed in self.placed(width)}
        line = Line(self.ink, width).to(at["mark"].at).put("◆", cells.side_role(flip.after))
        day = formats.day(flip.period.after)
        line.to(at["when"].end - len(day)).put(day, "dim").to(at["rule"].at).put("flip", "dim").to(at["subject"].at)
        line.put(flip.after, cells.side_role(flip.after)).put(" passes ", "text").put(
            flip.before, cells.side_role(flip.before)
        )
        if first is not None and line.at + len(f" +{first} lead ") + len(value) < at["value"].end:
            line.put(f" +{first} lead", "dim")
        return [head.strip(), line.right([(value, "text")], at["value"].end).strip()]

    def filter_facts(self) -> list[tuple[Facts, ...]]:
        return [subjects(self.reader.market, row.alert) for row in self.everything]

    def badge(self) -> list[Piece]:
        new = sum(len(row.alerts) for row in self.everything if row.unread and not row.within)
        return super().badge() or ([(f"{new} new", "accent+")] if new else [])

    def title_facts(self) -> list[str]:
        return [self.snapshot.lens.basis, self.age]

    @property
    def headed(self) -> bool:
        """Four panes have no room for heads."""
        return self.alone

    def scale(self, width: int) -> alerts.AlertsScale:
        return alerts.scale(self.rows[:MEASURED], width, alone=self.alone)


def listed_alerts(view: ViewState, snapshot: Snapshot) -> Sequence[Alert]:
    """The alerts of a view: those on course, then the unread of every basis and grain, then what was known at its period."""
    found, basis, grain = view.alerts, snapshot.lens.basis, snapshot.period.grain
    if found is None:  # not judged yet: what is remembered of this view
        remembered = (one.alert for one in view.known.values())
        mine = [alert for alert in remembered if alert.basis in (basis, None) and alert.period.grain is grain]
        found = known_then(mine, snapshot)
    added = [
        alert
        for alert, unread in ((one.alert, one.unread) for one in view.known.values() if not view.past)
        if unread or (alert.state is Standing.RETRACTED and alert.basis is basis and alert.period.grain is grain)
    ]
    if not added and not view.unread:
        return told_once(found)  # in this order already
    every = {alert.id: alert for alert in (*found, *added)}
    return sorted(
        told_once(every.values()),
        key=lambda a: (a.state is not Standing.ON_COURSE, a.id not in view.unread, -a.dated.timestamp()),
    )
