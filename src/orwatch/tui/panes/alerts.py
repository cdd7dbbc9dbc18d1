"""Pane 4: what happened to the leads. Unread on top, on course above them, apart."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from operator import is_not
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.strip import Strip

from orwatch.core.judge import known_then
from orwatch.domain.alerts.records import Alert, Severity, Standing
from orwatch.domain.alerts.repeats import told_once
from orwatch.domain.filters import Facts
from orwatch.present import formats
from orwatch.present.alerts import rule_word, subject_phrase, value_text
from orwatch.present.sentences import country_words
from orwatch.tui.panes.base import age_text
from orwatch.tui.panes.leads import fitted, role_of
from orwatch.tui.panes.tables import TablePane
from orwatch.tui.themes import Ink
from orwatch.tui.view_state import ViewState
from orwatch.tui.widgets.paint import Line, Piece, blank, cells
from orwatch.tui.widgets.table import Column

if TYPE_CHECKING:
    from orwatch.core.evidence import Evidence
    from orwatch.domain.alerts.memory import KnownAlert
    from orwatch.domain.views.overview import Snapshot

MARKS = {Severity.MAJOR: "◆", Severity.NOTABLE: "•", Severity.NOTE: "·"}


def subject_words(alert: Alert, names: Mapping[str, str]) -> str:
    """An alert's subject in words."""
    return "".join(text for text, _ in subject_phrase(alert, names))


BESIDE = 96
"""Cells from which the evidence stands beside the list."""


class AlertsPane(TablePane[Alert]):
    """What happened to leads, ranks, shares and prices, newest first."""

    key: ClassVar[str] = "alerts"
    number: ClassVar[int] = 4
    title: ClassVar[str] = "Alerts"
    noun: ClassVar[str] = "alert"

    def __init__(self, ink: Ink) -> None:
        super().__init__(ink)
        self._of: tuple[object, ...] | None = None
        self._ordered: Sequence[Alert] = ()
        self._facts: dict[str, Facts] = {}
        self._widths: dict[bool, dict[int, tuple[int, int, Alert]]] = {}
        self.reading = False
        self.evidence: Callable[[Alert], Evidence | None] = lambda alert: None
        self._table_width = 0
        self._read_of: tuple[object, ...] | None = None
        self._read_width = 0
        self._read_lines: list[Strip] = []

    @property
    def beside(self) -> bool:
        """Whether the evidence stands beside the list."""
        return self.zoomed and self.size.width >= BESIDE

    def build(self, width: int, height: int) -> list[Strip]:
        """The list; zoomed, the evidence of the alert under the cursor beside it, or, where it was asked for, in its place."""
        if not self.zoomed or not self.rows:
            self._table_width = width
            return self._list(width, height)
        if width >= BESIDE:
            left = round((width - 3) * 0.6)
            self._table_width = left
            one, two = self._list(left, height), self._read(width - left - 3)
            return [
                Strip.join(
                    [
                        one[n] if n < len(one) else blank(left),
                        blank(3),
                        two[n] if n < len(two) else blank(width - left - 3),
                    ]
                )
                for n in range(height)
            ]
        self._table_width = width
        if not self.reading:
            return self._list(width, height)
        head = [self.title_line(width, [], note="evidence")] if self.titled else []
        return [*head, *(Strip.join([blank(1), line]) for line in self._read(width - 1))]

    def _read(self, width: int) -> list[Strip]:
        """The evidence of the alert under the cursor, drawn once as long as it is that one's."""
        from orwatch.tui.panes.evidence import evidence_lines  # only when one is read

        alert = self.current
        assert alert is not None
        known = self.view.known.get(alert.id)
        asked = (alert, known, self.view.snapshot, self.ink)
        if self._read_of is None or width != self._read_width or any(map(is_not, self._read_of, asked)):
            self._read_of, self._read_width = asked, width
            self._read_lines = evidence_lines(self.ink, alert, self.evidence(alert), known, self.names, width)
        return self._read_lines

    def _list(self, width: int, height: int) -> list[Strip]:
        """The table, with a rule between what is on course, what is unread and what is read."""
        lines = super().build(width, height)
        first = self._above - len(self.rules)
        for n, (row, label) in enumerate(self.rules):
            at = first + n + row - self.top
            if first + n <= at <= len(lines):
                line = Line(self.ink, width).to(1).put(label, "dim").put(" " if label else "")
                dash = "─" if label else "╌"
                lines.insert(at, line.put(dash * max(0, width - line.at), "rule").strip())
        return lines[:height]

    @property
    def rules(self) -> list[tuple[int, str]]:
        """Where the list is cut: the row before which a rule stands, and its words. Among four panes there is no room for them."""
        if not self.alone:
            return []
        course = sum(row.state is Standing.ON_COURSE for row in self.rows)
        unread = sum(row.id in self.view.unread for row in self.rows)
        out = [(course, "")] if 0 < course < len(self.rows) else []
        if unread and course + unread < len(self.rows):
            out.append((course + unread, "read"))
        return out

    @property
    def _above(self) -> int:
        return int(self.titled) + int(self.headed) + len(self.rules)

    def on_click(self, event: events.Click) -> None:
        """A click on a row moves the cursor there, one on the evidence nothing."""
        event.prevent_default()  # Textual would go on to the handlers of the base classes
        if event.x < self._table_width:
            at = event.y - int(self.titled) - int(self.headed) + self.top
            passed = sum(row + n < at for n, (row, _) in enumerate(self.rules))
            row = at - passed
            inside = event.y >= int(self.titled) + int(self.headed) and 0 <= row < len(self.rows)
            self.post_message(self.Picked(self, again=inside and row == self.cursor))
            if inside:
                self._set_cursor(row)

    def source(self) -> Sequence[Alert]:
        """What is on course, then the unread of every basis and grain, then what was known at the period on screen."""
        view = self.view
        if view.snapshot is None:
            return ()
        asked = (view.snapshot, view.alerts, view.known, view.unread)
        if self._of is None or any(one is not other for one, other in zip(self._of, asked, strict=True)):
            self._of, self._ordered, self._facts, self._widths = asked, self._gathered(view), {}, {}
        return self._ordered

    def _gathered(self, view: ViewState) -> Sequence[Alert]:
        assert view.snapshot is not None
        found = view.alerts
        if found is None:  # not judged yet: what is remembered of this view
            bases, grain = (view.snapshot.lens.basis, None), view.snapshot.period.grain
            remembered = (one.alert for one in view.known.values())
            mine = [alert for alert in remembered if alert.basis in bases and alert.period.grain is grain]
            found = known_then(mine, view.snapshot)
        added = [] if view.past else [one.alert for one in view.known.values() if self._is_added(one, view.snapshot)]
        if not added and not view.unread:
            return told_once(found)  # in this order already
        every = {alert.id: alert for alert in (*found, *added)}
        return sorted(
            told_once(every.values()),
            key=lambda a: (a.state is not Standing.ON_COURSE, a.id not in view.unread, -a.dated.timestamp()),
        )

    @staticmethod
    def _is_added(known: KnownAlert, snapshot: Snapshot) -> bool:
        """Whether a remembered alert is listed wherever it comes from: unread ones are, and retracted ones of this view."""
        alert, period = known.alert, snapshot.period
        mine = alert.basis is snapshot.lens.basis and alert.period.grain is period.grain
        return known.unread or (mine and alert.state is Standing.RETRACTED)

    @property
    def current(self) -> Alert | None:
        """The alert under the cursor."""
        return self.rows[self.cursor] if self.rows else None

    def facts(self, row: Alert) -> Facts:
        known = self._facts.get(row.id)
        if known is None:
            known = self._facts[row.id] = self._told(row)
        return known

    def _told(self, row: Alert) -> Facts:
        """What can be asked of an alert: its leader's country, slug and name."""
        snapshot = self.view.snapshot
        values = row.values
        who = str(next((values[key] for key in ("to", "leader", "side", "model") if key in values), row.subject))
        if row.subject_kind in ("country", "versus") and len(who) == 2:
            return Facts(country=who, country_name=country_words(who))
        found = (
            next((m.facts for m in snapshot.models if m.facts.permaslug == who or m.facts.vendor == who), None)
            if snapshot
            else None
        )
        slug = who if "/" in who else f"{who}/"
        country = found.country if found else None
        return Facts(slug, self.view.names.get(who, who), country, country_words(country))

    def row_key(self, row: Alert) -> str:
        return row.id

    def badge(self) -> list[Piece]:
        badge = super().badge()
        unread = self.view.unread
        new = sum(1 for alert in self.source() if alert.id in unread) if unread else 0
        return badge or ([(f"{new} new", "accent+")] if new else [])

    def title_facts(self) -> list[str]:
        snapshot = self.view.snapshot
        return [snapshot.lens.basis, age_text(self.view.age_s)] if snapshot else []

    def position(self, seen: int) -> str:
        return super().position(seen) if self.active or self.view.filter else ""

    @property
    def headed(self) -> bool:
        """Among the four panes the rows speak for themselves."""
        return self.alone

    def made_of(self) -> tuple[int, int]:
        """Cells of the widest rule and of the widest value in the list, by which their columns are set."""
        known = self._widths.setdefault(self.alone, {})
        if not self.rows:
            return 6, 5
        rules = values = 0
        for row in self.rows:
            found = known.get(id(row))
            if found is None:
                # The row itself is kept too, so that no other can take its place in memory.
                found = known[id(row)] = (cells(rule_word(row)), cells(self.value_text(row)), row)
            rules, values = max(rules, found[0]), max(values, found[1])
        return rules, values

    def columns(self, width: int) -> list[Column[Alert]]:
        unread = self.view.unread
        rules, values = self.made_of()

        def mark(row: Alert, _: int) -> list[Piece]:
            if row.state is Standing.ON_COURSE:
                return [("◇", "accent")]
            new = row.id in unread
            role = ("trouble" if row.severity is Severity.MAJOR else "text") if new else "dim"
            return [(MARKS[row.severity], role)]

        def when(row: Alert, _: int) -> list[Piece]:
            if row.state is Standing.ON_COURSE:
                return [("~", "accent")]
            return [(formats.day(row.dated.date()), "dim")]

        def subject(row: Alert, w: int) -> list[Piece]:
            pieces = [piece for piece in self.subject_pieces(row) if piece[0]]
            strong = row.id in unread
            pieces = [(text, "bright" if strong and role == "text" else role) for text, role in pieces]
            return fitted(pieces, w)

        def value(row: Alert, w: int) -> list[Piece]:
            return [(formats.middle_cut(self.value_text(row), w), "bright" if row.id in unread else "text")]

        columns: list[Column[Alert]] = [
            Column("mark", "", 1, mark, right=False, gap=0),
            Column("when", "Known", 6, when, gap=1),
            Column(
                "rule",
                "Rule",
                rules,
                lambda row, _: [(rule_word(row), "text" if row.id in unread else "dim")],
                right=False,
                gap=2 if width >= 46 else 1,
            ),
            Column("subject", "Subject", 16, subject, right=False, gap=2 if width >= 46 else 1, grow=True, most=44),
            Column(
                "value",
                "Value",
                min(values, 9 if width < 46 else 24),
                value,
                gap=1,
            ),
        ]
        if self.alone and width >= 60:
            columns.insert(
                1,
                Column("severity", "Severity", 8, lambda row, _: [(row.severity.value, "dim")], right=False, gap=1),
            )
        return columns

    @property
    def names(self) -> Mapping[str, str]:
        """Names of the models that the alerts speak of."""
        return self.view.names

    def value_text(self, row: Alert) -> str:
        """The value; in a narrow pane the mark alone of one that was crossed."""
        return value_text(row, self.names, short=not self.alone)

    def subject_pieces(self, row: Alert) -> list[Piece]:
        """`CN passes US`, `Hy3 preview leads`, `deepseek leads`."""
        phrase = subject_phrase(row, self.names)
        return [(text, role_of(text) if kind == "side" else kind) for text, kind in phrase]
