"""Pane 1: the models of the period, `other` always last."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from textual.strip import Strip

from orwatch.domain.filters import Facts
from orwatch.domain.records import Basis
from orwatch.domain.views.overview import ModelRow, Snapshot
from orwatch.present import formats
from orwatch.present.sentences import OUTSIDE
from orwatch.tui.panes.base import age_text
from orwatch.tui.panes.tables import TablePane
from orwatch.tui.themes import Ink
from orwatch.tui.widgets.paint import Line, Piece, cells, width_of
from orwatch.tui.widgets.table import Column, bar, sparkline

NAMES_SEEN = 20
"""Rows whose names set the width of their column: a long name far below is cut, so that bars have room."""

OTHER_LINE = {basis: f"other, {words}" for basis, words in OUTSIDE.items()} | {Basis.TOP50: "other, outside the top 50"}


def change_cell(change: float | None, status: str | None) -> Piece:
    """A change: new in the accent, back plain, bold from a move of a half."""
    if change is None:
        return (status, "accent" if status == "new" else "text") if status else (formats.NO_DATA, "faint")
    return (formats.signed(change), "bright" if abs(change) >= 0.5 else "text")


def name_cell(name: str, width: int, *, free: bool = False, cloaked: bool = False) -> list[Piece]:
    """A model's name cut in the middle, with `free` or `cloaked` after it."""
    note = " cloaked" if cloaked else " free" if free else ""
    return [(formats.middle_cut(name, max(4, width - len(note))), "text"), (note, "dim")]


class ModelsPane(TablePane[ModelRow]):
    """Who leads: rank and its change, country, name, vendor, tokens, bar, share, change, periods in the top 10, trend."""

    key: ClassVar[str] = "models"
    number: ClassVar[int] = 1
    title: ClassVar[str] = "Models"
    noun: ClassVar[str] = "model"
    default_sort: ClassVar[str] = "tokens"
    sorts: ClassVar[dict[str, Callable[[Any], Any]]] = {
        "tokens": lambda row: -row.figures.tokens,
        "name": lambda row: row.name.casefold(),
        "vendor": lambda row: (row.figures.vendor, row.figures.rank),
        "change": lambda row: None if row.figures.change is None else -row.figures.change,
        "streak": lambda row: (-row.figures.streak.length, row.figures.rank),
    }

    def source(self) -> Sequence[ModelRow]:
        return self.view.snapshot.models if self.view.snapshot else ()

    def facts(self, row: ModelRow) -> Facts:
        return row.facts

    def row_key(self, row: ModelRow) -> str:
        return row.figures.permaslug

    def title_facts(self) -> list[str]:
        snapshot = self.view.snapshot
        if snapshot is None:
            return []
        past = f"as of {formats.day(snapshot.as_of.date())}" if self.view.age_s is None else ""
        return [past or age_text(self.view.age_s)]

    def columns(self, width: int) -> list[Column[ModelRow]]:
        snapshot = self.view.snapshot
        assert snapshot is not None
        unit, letter = formats.unit_of([row.figures.tokens for row in snapshot.models] + [snapshot.outside])
        most = max((row.figures.tokens for row in snapshot.models), default=1)
        longest = max(
            (cells(row.name) + 5 * row.figures.free + 8 * row.cloaked for row in snapshot.models[:NAMES_SEEN]),
            default=12,
        )
        head = formats.CHANGE_HEADS[snapshot.period.grain]
        tilde = "~ " if self.view.running else ""
        grain = snapshot.period.grain
        country = self.ink.country

        def moved(row: ModelRow, _: int) -> list[Piece]:
            figures = row.figures
            if figures.status:
                return [(figures.status, "accent" if figures.status == "new" else "text")]
            if figures.rank_change is None:
                return [(formats.NO_DATA, "faint")]
            if figures.rank_change == 0:
                return [(formats.NOTHING, "faint")]
            up = figures.rank_change > 0
            return [(f"{'▲' if up else '▼'}{abs(figures.rank_change)}", "text" if up else "dim")]

        def code(row: ModelRow, _: int) -> list[Piece]:
            return [(row.country or "??", country(row.country) + "+")]

        def weeks(row: ModelRow, _: int) -> list[Piece]:
            streak = row.figures.streak
            if not streak:
                return [(formats.NO_DATA if streak.is_floor else formats.NOTHING, "faint")]
            return [("≥" if streak.is_floor else "", "dim"), (str(streak.length), "text")]

        periods = {"day": "Days", "week": "Wks", "month": "Mos"}[grain]
        return [
            Column("rank", "#", 2, lambda row, _: [(str(row.figures.rank), "dim")], gap=0),
            Column("moved", "Δ", 4, moved, right=False, gap=1, give_up=6),
            Column("country", "CC", 2, code, right=False, gap=1),
            Column(
                "model",
                "Model",
                min(22, longest),
                lambda row, w: name_cell(row.name, w, free=row.figures.free, cloaked=row.cloaked),
                right=False,
                gap=1,
                grow=True,
                most=max(12, longest),
                sort="name",
            ),
            Column(
                "vendor",
                "Vendor",
                10,
                lambda row, w: [(row.figures.vendor[:w], "dim")],
                right=False,
                give_up=1,
                sort="vendor",
            ),
            Column(
                "tokens",
                f"Tokens {letter}",
                6,
                lambda row, _: [(formats.tokens_in(row.figures.tokens, unit), "text")],
                sort="tokens",
            ),
            Column(
                "bar",
                "",
                4,
                lambda row, w: bar(row.figures.tokens / most, w, country(row.country)),
                right=False,
                give_up=5,
                grow=True,
                most=14,
            ),
            Column(
                "share", "of all %", 8, lambda row, _: [(formats.percent(row.figures.share), "dim")], give_up=3, gap=1
            ),
            Column(
                "change",
                f"{tilde}{head}",
                7,
                lambda row, _: [change_cell(row.figures.change, row.figures.status)],
                gap=1,
                sort="change",
            ),
            Column("streak", periods, 3 + (grain == "day"), weeks, give_up=4, gap=1, sort="streak"),
            Column(
                "trend",
                f"8 {formats.plural(8, grain)[2:]}",
                8,
                lambda row, _: sparkline(row.figures.trend),
                right=False,
                give_up=2,
            ),
        ]

    def foot(self, width: int, height: int) -> list[Strip]:
        """`other`, and the first vendors where the bases disagree on them."""
        snapshot = self.view.snapshot
        if snapshot is None or not self._layout.placed:
            return []
        return [
            other_line(self, width),
            *([disagreement(self.ink, snapshot, width)] if snapshot.vendors_disagree else []),
        ]

    def build(self, width: int, height: int) -> list[Strip]:
        """The columns are placed before the foot is drawn under them."""
        if self.view.snapshot is not None:
            self.lay_columns(width)
        return super().build(width, height)


def other_line(pane: ModelsPane, width: int) -> Strip:
    """The row of everything outside: dim, last, always there, under whatever columns there are."""
    snapshot = pane.view.snapshot
    assert snapshot is not None
    placed = {p.column.key: p for p in pane._layout.placed}
    unit, _ = formats.unit_of([row.figures.tokens for row in snapshot.models] + [snapshot.outside])
    most = max((row.figures.tokens for row in snapshot.models), default=1)
    figures = {
        "tokens": formats.tokens_in(snapshot.outside, unit),
        "share": formats.percent(snapshot.outside_share),
        "change": formats.signed(snapshot.outside_change),
    }
    line = Line(pane.ink, width)
    if "model" not in placed:
        line.to(1).put("other", "dim")
    for p in pane._layout.placed:
        key = p.column.key
        if key == "model":
            long = OTHER_LINE[snapshot.lens.basis]
            tokens = placed.get("tokens")
            room = tokens.at + tokens.width - 9 - p.at if tokens and tokens.at > p.at else p.width
            line.to(p.at).put(long if len(long) <= room else "other", "dim")
        elif key == "bar":
            line.to(p.at).pieces(bar(min(1.0, snapshot.outside / most), p.width, "other"))
        elif key in figures:
            line.right([(figures[key], "dim")], p.at + p.width)
    return line.strip()


def disagreement(ink: Ink, snapshot: Snapshot, width: int) -> Strip:
    """`first vendor on chart: deepseek 1.1 : 1 · top50: google 1.0 : 1`: the basis on screen, and one that differs from it."""
    mine = next(first for first in snapshot.first_vendors if first.basis is snapshot.lens.basis)
    rest = [first for first in snapshot.first_vendors if first.vendor not in (None, mine.vendor)]
    # The public chart and the whole list are what people compare: the ten in between say it only where nobody else does.
    pair = [mine, *(rest[-1:] if mine.basis is Basis.CHART else rest[:1])]
    whole: list[Piece] = [("first vendor  ", "dim")]
    short: list[Piece] = []
    for n, first in enumerate(pair):
        gap = " · " if n else ""
        whole += [(f"{gap}{first.basis}: ", "dim"), (first.vendor or "not known", "text")]
        whole.append((f" {formats.ratio(first.ratio)}" if first.vendor else "", "dim"))
        short += [(f"{gap}{first.basis} ", "dim"), (first.vendor or "not known", "text")]
    return Line(ink, width).to(1).pieces(whole if width_of(whole) < width else short).strip()
