"""Pane 1: the models of the period, `other` always last."""

from __future__ import annotations

from collections.abc import Sequence

from textual.strip import Strip

from orwatch.domain.explain import Figure
from orwatch.domain.leads import Kind
from orwatch.domain.overview import ModelRow, Snapshot
from orwatch.domain.records import OTHER, Basis, Origin
from orwatch.present import formats
from orwatch.present.cells import bar
from orwatch.present.report import Report, View
from orwatch.present.table import Piece, width_of
from orwatch.present.tables import models
from orwatch.tui.panes.table_pane import TablePane
from orwatch.tui.themes import Ink
from orwatch.tui.widgets.paint import Line


class ModelsPane(TablePane[ModelRow, models.ModelsScale]):
    """Who leads: rank and its change, country, name, vendor, tokens, bar, share, change, periods in the top 10, trend."""

    key = "models"
    narrowed = frozenset({"words", "vendors", "countries", "free", "merged"})
    table = models.MODELS
    kind = Kind.MODEL
    also = ("total", "free_rows", "first_vendor")

    def source(self) -> Sequence[ModelRow]:
        return self.snapshot.models

    def scale(self, width: int) -> models.ModelsScale:
        return models.scale(self.snapshot)

    def figures_below(self) -> Sequence[Figure]:
        """`other`, the first vendor where the bases disagree on it, all tokens, and the period in progress."""
        snapshot, running = self.snapshot, self.view.now
        below = [Figure(term, Kind.MODEL, OTHER) for term in ("tokens", "share", "change")]
        below += [Figure("first_vendor", Kind.VENDOR)] if snapshot.vendors_disagree else []
        below += [Figure(term) for term in ("total", "change", "grew" if snapshot.total_grew else "shrank")]
        if running is not None and running.headline is not None:
            below += [Figure("total", at="now"), Figure("change", at="now")]
            below.append(Figure("lead", Kind.VERSUS, ":".join(running.headline.versus), "now"))
            below += [Figure("heading", at="now")] if running.outlook is not None else []
        return below

    def sentence(self) -> str | None:
        return models.sentence(self.current, self.snapshot) if self.current else None

    def report(self, how: View) -> Report:
        return models.report(how, self.snapshot, self.rows, self.column_names)

    def title_facts(self) -> list[str]:
        shown = sum(row.tokens for row in self.rows)
        archived = self.snapshot.origin is Origin.ARCHIVE
        age = f"archive, as of {formats.day(self.snapshot.as_of.date())}" if archived else self.age
        return [formats.tokens(shown) if self.view.filter and self.rows else "", age]

    def foot(self, width: int, height: int) -> list[Strip]:
        """`other`, and the first vendors where the bases disagree on them."""
        snapshot = self.snapshot
        more = [disagreement(self.ink, snapshot, width)] if snapshot.vendors_disagree else []
        scale = models.scale(snapshot)
        cells = dict(models.other(snapshot, scale.unit))
        room = next((p.width for p in self.placed(width) if p.column.key == "bar"), 0)
        cells["bar"] = bar(snapshot.other.tokens / scale.most, room, "other")
        return [self.row_below(width, cells, "model", models.other_line(snapshot), "other"), *more]


def disagreement(ink: Ink, snapshot: Snapshot, width: int) -> Strip:
    """`first vendor on chart: deepseek 1.1 : 1 · top50: google 1.0 : 1`: the basis on screen, and one that differs from it."""
    mine = next(first for first in snapshot.first_vendors if first.basis is snapshot.lens.basis)
    rest = [first for first in snapshot.first_vendors if first.vendor not in (None, mine.vendor)]
    # The public chart and the whole list are what people compare: the ten in between say it only where nobody else does.
    pair = [mine, *(rest[-1:] if mine.basis is Basis.CHART else rest[:1])]
    whole: list[Piece] = [("first vendor  ", "dim")]
    short: list[Piece] = []
    for n, first in enumerate(pair):
        gap, vendor = " · " if n else "", first.vendor or "not known"
        ratio = f" {formats.ratio(first.ratio)}" if first.vendor else ""
        whole += [(f"{gap}{first.basis}: ", "dim"), (vendor, "text"), (ratio, "dim")]
        short += [(f"{gap}{first.basis} ", "dim"), (vendor, "text")]
    return Line(ink, width).to(1).pieces(whole if width_of(whole) < width else short).strip()
