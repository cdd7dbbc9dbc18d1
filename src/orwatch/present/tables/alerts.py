"""What happened to leads, ranks, shares and prices, with what is remembered of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from msgspec import Struct

from orwatch.domain.alerts.alert import Alert, Severity, Standing
from orwatch.domain.alerts.memory import KnownAlert
from orwatch.domain.alerts.repeats import Kind
from orwatch.domain.overview import Snapshot
from orwatch.present import cells, formats
from orwatch.present.alerts import MARKS, citations, facts_of, message, rule_word, subject_phrase, value_text
from orwatch.present.alerts.prices import several
from orwatch.present.alerts.words import Phrase
from orwatch.present.citation import citation
from orwatch.present.report import Report, View, of_period
from orwatch.present.table import Column, Piece, Pieces, Table, fields, plain, width_of
from orwatch.present.terms import opening, side_words

NARROW = 46
"""Cells of a pane below which its columns stand closer."""


class AlertRow(Struct, frozen=True):
    """An alert, the names of the models it speaks of by permaslug, what is remembered of it, and whether it is unread.

    others: alerts that it stands for as well. fold: what they all are, where they are folded into one row. ranked: how many of
    their models the period ranks. key: that opens it. within: the id of the open fold that it stands below.
    """

    alert: Alert
    names: Mapping[str, str]
    known: KnownAlert | None = None
    unread: bool = False
    others: tuple[Alert, ...] = ()
    fold: Kind = ""
    ranked: int = 0
    key: str = ""
    within: str = ""

    @property
    def alerts(self) -> tuple[Alert, ...]:
        """Every alert that it stands for."""
        return (self.alert, *self.others)

    @property
    def ids(self) -> frozenset[str]:
        """Their ids."""
        return frozenset(alert.id for alert in self.alerts)

    @property
    def id(self) -> str:
        """That of its alert; of a fold its kind and day, so that it stays when another alert comes in."""
        one = self.alert
        of = (one.dated.date().isoformat(), one.period.grain, one.basis or "", "unread" if self.unread else "")
        return "|".join((self.fold, *of)) if self.fold else one.id

    @property
    def on_course(self) -> bool:
        """Whether it belongs to a period that still runs."""
        return self.alert.state is Standing.ON_COURSE


class AlertsScale(Struct, frozen=True):
    """What the cells are measured by. rules, values: cells of the widest rule and value. brief: values are told in few words.

    wide: there is room for two blank cells between columns. severity: and for its word.
    """

    rules: int = 6
    values: int = 5
    brief: bool = False
    wide: bool = True
    severity: bool = False


def scale(rows: Sequence[AlertRow], width: int, *, alone: bool) -> AlertsScale:
    """The scale of a list. width: cells of its pane. alone: no other pane is on screen."""
    rules = max((formats.cell_width(_rule(row)) for row in rows), default=6)
    brief = not alone or width < NARROW
    values = max((formats.cell_width(value_words(row, short=brief)) for row in rows), default=5)
    return AlertsScale(rules, values, brief, width >= NARROW, alone and width >= 60)


def _mark(row: AlertRow, _: int) -> Pieces:
    if row.on_course:
        return [("◇", "accent")]
    role = ("trouble" if row.alert.severity is Severity.MAJOR else "text") if row.unread else "dim"
    return [(MARKS[Severity.NOTE if row.fold == "prices" else row.alert.severity], role)]


def subject_pieces(row: AlertRow) -> list[Piece]:
    """`CN passes US`, `Hy3 preview leads`, `MiMo-V2.5 passes Hy3 free +vendor`."""
    phrase = _fold_phrase(row) if row.fold else subject_phrase(row.alert, row.names)
    if row.others and not row.fold:
        phrase = (*phrase, (f" +{row.others[0].subject_kind}", "dim"))
    pieces = [(text, cells.side_role(text) if kind == "side" else kind) for text, kind in phrase if text]
    return [(text, "bright" if row.unread and role == "text" else role) for text, role in pieces]


def _fold_phrase(row: AlertRow) -> Phrase:
    """`21 price changes, 4 in the top 50`; `8 more, most Kimi K3`."""
    count = len(row.alerts)
    if row.fold == "prices":
        return ((several(row.alerts), "text"), (f", {row.ranked} in the top 50", "dim"))
    which = ", best " if row.alert.rule == "new-entrant" else ", most "
    return ((f"{count} more", "text"), (which, "text"), *subject_phrase(row.alert, row.names))


def _rule(row: AlertRow) -> str:
    """The word of its rule; those of one fold have several."""
    return {"": rule_word(row.alert), "prices": "price", "moves": "moves"}[row.fold]


def value_words(row: AlertRow, *, short: bool) -> str:
    """The value; of prices that are folded the key that opens them."""
    return row.key if row.fold == "prices" else value_text(row.alert, row.names, short=short)


def subject_words(alert: Alert, names: Mapping[str, str]) -> str:
    """An alert's subject in words."""
    return plain(subject_phrase(alert, names))


def _standing(row: AlertRow, _: int) -> Pieces:
    """`unread`, `read`, or how an alert stands that nobody has to read."""
    if row.unread:
        return [("unread", "bright")]
    read = row.known is not None and row.known.acknowledged_at is not None
    return [("read" if read else row.alert.state.value.replace("_", " "), "dim")]


def facts(row: AlertRow) -> Mapping[str, Any]:
    """An alert as programs read it, with what is remembered of it."""
    told, known = facts_of(row.alert, row.names), row.known
    message_, values = told.pop("message"), told.pop("values")
    return {
        **told,
        "acknowledged": known is not None and known.acknowledged_at is not None,
        "message": message_,
        "values": values,
        "unread": known is not None and known.unread,
        "first_seen": known.first_seen if known else None,
        "snoozed": known is not None and known.snoozed,
        "deliveries": [
            {"channel": one.channel, "state": one.fate, **fields(one, "at", "tries", "cause")}
            for one in (known.deliveries if known else ())
        ],
    }


def _columns(scale: AlertsScale) -> tuple[Column[AlertRow], ...]:
    gap = 2 if scale.wide else 1

    def when(row: AlertRow, _: int) -> Pieces:
        return [("~", "accent")] if row.on_course else [(formats.day(row.alert.dated.date()), "dim")]

    def subject(row: AlertRow, width: int) -> Pieces:
        indent = 1 if row.within else 0
        return [(" " * indent, "text"), *fitted(subject_pieces(row), width - indent)]

    def value(row: AlertRow, _: int) -> Pieces:
        role = "dim" if row.fold == "prices" else "bright" if row.unread else "text"
        return [(value_words(row, short=scale.brief), role)]

    return (
        Column("mark", "", 1, _mark, right=False, gap=0),
        Column(
            "severity", "Severity", 8, lambda row, _: [(row.alert.severity.value, "dim")],
            right=False, gap=1, term="mark", written=False, shown=scale.severity,
        ),
        Column("when", "Known", 6, when, gap=1, written=False),
        Column(
            "date", "Date", 10, lambda row, _: [(f"{row.alert.at or row.alert.fired_at:%Y-%m-%d}", "dim")],
            right=False, term="when", drawn=False,
        ),
        Column(
            "rule", "Rule", scale.rules, lambda row, _: [(_rule(row), "text" if row.unread else "dim")], right=False, gap=gap,
        ),
        Column("subject", "Subject", 16, subject, right=False, gap=gap, grow=True, most=44, reach=True, written=False),
        Column("value", "Value", scale.values, value, gap=1, written=False),
        Column("message", "What", 40, lambda row, _: [(message(row.alert, row.names), "text")], right=False, drawn=False),
        Column("state", "State", 9, _standing, right=False, give_up=2, drawn=False),
    )  # fmt: skip


ALERTS: Table[AlertRow, AlertsScale] = Table(
    key="alerts",
    title="Alerts",
    noun="alert",
    facts=facts,
    row_id=lambda row: row.id,
    columns=_columns,
    scale=AlertsScale(),
)

LEAST: Final = 3
"""Cells to which a name is cut at most."""

SHORTER: Final = {
    " leads ": " : ",
    ", ended": " ended",
    " passes ": " › ",
    ", of attributed": " share",
    ", most ": ", ",
    ", best ": ", ",
}
"""What a phrase becomes where there is no room for its words."""


def fitted(pieces: list[Piece], width: int) -> list[Piece]:
    """A subject in so many cells: words go before it is cut in the middle, the variant that tells a model from another last."""
    for narrower in (
        lambda pieces: [piece for piece in pieces if not piece[0].startswith((" vendor", " first", " +"))],
        lambda pieces: [piece for piece in pieces if piece[0] != " leads"],
        lambda pieces: [(SHORTER.get(text, text), role) for text, role in pieces],
        lambda pieces: [piece for piece in pieces if piece[1] != "dim"],
    ):
        if width_of(pieces) > width:
            pieces = narrower(pieces)
    sizes = [formats.cell_width(text) for text, _ in pieces]
    while sum(sizes) > width and max(sizes) > LEAST:
        sizes[sizes.index(max(sizes))] -= 1
    return [(formats.middle_cut(text, size), role) for (text, role), size in zip(pieces, sizes, strict=True)]


def report(
    view: View,
    snap: Snapshot,
    shown: Sequence[Alert],
    names: Mapping[str, str],
    known: Mapping[str, KnownAlert],
    title: str = "",
) -> Report:
    """Alerts. shown: those to show, in order. names: of models by permaslug. known: what is remembered, by id."""
    remembered = [(alert, known.get(alert.id)) for alert in shown]
    of_rankings = citation(view.source, snap.as_of)
    return of_period(
        view,
        snap,
        ALERTS,
        [AlertRow(alert, names, one, unread=one is not None and one.unread) for alert, one in remembered],
        title=title,
        scale=ALERTS.scale,
        sources=[line for line in citations(shown, view.source, snap.as_of) if line != of_rankings],
        notes=(f"No rule judges a {formats.noun(snap.period.grain)}.",) if snap.period.grain.trailing else (),
    )


def sentence(alert: Alert, names: Mapping[str, str], snap: Snapshot) -> str:
    """One alert, with its source. names: of models by permaslug."""
    return f"{message(alert, names)}. {' '.join(citations([alert], snap.source, snap.as_of))}"


def spoken_alert(found: Alert, names: Mapping[str, str]) -> str:
    """One alert as a sentence."""
    text = re.sub(r"(?<=\d)([TBMK])\b", lambda unit: f" {formats.UNIT_WORDS[unit[1]]}", message(found, names))
    if found.subject_kind in ("versus", "country"):
        text = text.replace(" : ", " to ")
        for who in {str(value) for value in found.values.values()} | {*found.subject.split(":")}:
            if who != side_words(who):
                text = re.sub(rf"\b{who}\b", side_words(who), text)
    return f"{opening(text)}." if found.state is Standing.ON_COURSE else f"Alert: {text}."


def spoken(found: Iterable[Alert], names: Mapping[str, str]) -> list[str]:
    """A sentence an alert; equal sentences (of the head to head and of first place) once."""
    return list(dict.fromkeys(spoken_alert(one, names) for one in found))
