"""Pane 4: what happened to the leads. Unread on top, on course above them, apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from orwatch.domain.alerts.choice import told_once
from orwatch.domain.alerts.records import Alert, Severity, Standing
from orwatch.domain.filters import Facts
from orwatch.present import formats
from orwatch.present.phrases import rule_word, subject_phrase, value_text
from orwatch.present.sentences import country_words
from orwatch.tui.panes.base import age_text
from orwatch.tui.panes.leads import role_of
from orwatch.tui.panes.tables import TablePane
from orwatch.tui.scene import Scene
from orwatch.tui.themes import Ink
from orwatch.tui.widgets.paint import Piece, cells
from orwatch.tui.widgets.table import Column

MARKS = {Severity.MAJOR: "◆", Severity.NOTABLE: "•", Severity.NOTE: "·"}


def subject_words(alert: Alert, names: Mapping[str, str]) -> str:
    """An alert's subject in words."""
    return "".join(text for text, _ in subject_phrase(alert, names))


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

    def source(self) -> Sequence[Alert]:
        """What is on course, then the unread of every basis and grain, then what was known at the period on screen."""
        scene = self.scene
        if scene.snapshot is None:
            return ()
        asked = (scene.snapshot, scene.known, scene.unread)
        if self._of is None or any(one is not other for one, other in zip(self._of, asked, strict=True)):
            self._of, self._ordered, self._facts = asked, self._gathered(scene), {}
        return self._ordered

    def _gathered(self, scene: Scene) -> Sequence[Alert]:
        assert scene.snapshot is not None
        found = {alert.id: alert for alert in told_once(scene.snapshot.alerts)}
        if not scene.past:
            for id_, known in scene.known.items():
                mine = (
                    known.alert.basis is scene.snapshot.lens.basis
                    and known.alert.period.grain is scene.snapshot.period.grain
                )
                if known.unread or (known.alert.state is Standing.RETRACTED and mine):
                    found[id_] = known.alert
        return sorted(
            found.values(),
            key=lambda a: (a.state is not Standing.ON_COURSE, a.id not in scene.unread, -a.dated.timestamp()),
        )

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
        snapshot = self.scene.snapshot
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
        return Facts(slug, snapshot.names.get(who, who) if snapshot else who, country, country_words(country))

    def row_key(self, row: Alert) -> str:
        return row.id

    def badge(self) -> list[Piece]:
        badge = super().badge()
        new = sum(1 for alert in self.source() if alert.id in self.scene.unread)
        return badge or ([(f"{new} new", "accent+")] if new else [])

    def title_facts(self) -> list[str]:
        snapshot = self.scene.snapshot
        return [snapshot.lens.basis, age_text(self.scene.age_s)] if snapshot else []

    def position(self, seen: int) -> str:
        return super().position(seen) if self.active or self.scene.filter else ""

    @property
    def headed(self) -> bool:
        """Among the four panes the rows speak for themselves."""
        return self.alone

    def columns(self, width: int) -> list[Column[Alert]]:
        unread = self.scene.unread

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
            over = sum(cells(text) for text, _ in pieces) - w
            while over > 0 and len(pieces) > 1 and (pieces[-1][1] == "dim" or pieces[-1][0] == " leads"):
                over -= cells(pieces.pop()[0])
            if over > 0:
                text, role = max(pieces, key=lambda piece: cells(piece[0]))
                n = pieces.index((text, role))
                pieces[n] = (formats.middle_cut(text, max(3, cells(text) - over)), role)
            return pieces

        def value(row: Alert, _: int) -> list[Piece]:
            return [(self.value_text(row), "bright" if row.id in unread else "text")]

        columns: list[Column[Alert]] = [
            Column("mark", "", 1, mark, right=False, gap=0),
            Column("when", "Known", 6, when, gap=1),
            Column(
                "rule",
                "Rule",
                max((cells(rule_word(row)) for row in self.rows), default=6),
                lambda row, _: [(rule_word(row), "text" if row.id in unread else "dim")],
                right=False,
                gap=2 if width >= 46 else 1,
            ),
            Column("subject", "Subject", 16, subject, right=False, gap=2 if width >= 46 else 1, grow=True, most=44),
            Column(
                "value",
                "Value",
                max((cells(self.value_text(row)) for row in self.source()), default=5),
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
        return self.scene.snapshot.names if self.scene.snapshot else {}

    def value_text(self, row: Alert) -> str:
        """The value; in a narrow pane the mark alone of one that was crossed."""
        return value_text(row, self.names, short=not self.alone)

    def subject_pieces(self, row: Alert) -> list[Piece]:
        """`CN passes US`, `Hy3 preview leads`, `deepseek leads`."""
        phrase = subject_phrase(row, self.names)
        return [(text, role_of(text) if kind == "side" else kind) for text, kind in phrase]
