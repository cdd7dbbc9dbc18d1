"""The detail of a row: its history, prices, hosts, benchmarks, streaks, caveats and alerts. It scrolls where it is too long."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import ClassVar

from textual.strip import Strip

from orwatch.core.hosts import host_rows
from orwatch.core.market import Market
from orwatch.core.views.detail import group_detail, model_detail
from orwatch.domain.detail import Detail
from orwatch.domain.explain import Figure
from orwatch.domain.hosts import HostRow
from orwatch.domain.leads import Kind
from orwatch.domain.overview import Snapshot
from orwatch.domain.vendors import UNATTRIBUTED
from orwatch.present import formats
from orwatch.present.report import Report, View
from orwatch.present.table import Column, Piece, width_of
from orwatch.present.tables import history
from orwatch.present.tables.serving import HOSTS
from orwatch.present.terms import country_in, country_words
from orwatch.tui.charts.ranked_columns import ranked_columns
from orwatch.tui.panes.detail_blocks import (
    alert_lines,
    benchmark_lines,
    caveat_lines,
    model_lines,
    price_lines,
    streak_lines,
    vendor_lines,
)
from orwatch.tui.panes.pane import Pane, PaneReader, age_text
from orwatch.tui.themes import Ink
from orwatch.tui.view_state import ViewState
from orwatch.tui.widgets.paint import Line, beside, blank, section, stacked
from orwatch.tui.widgets.table import draw_table

TWO_COLUMNS = 92
"""Cells from which the blocks stand in two columns."""
GUTTER = 3
ASSIGNED = {"shipped": "country by the shipped table", "user": "country assigned by you"}


class DetailPane(Pane):
    """Fills the body while it is open. Title and the line under it stay, the blocks scroll."""

    key: ClassVar[str] = "detail"
    title: ClassVar[str] = "Detail"
    also: ClassVar[tuple[str, ...]] = (
        "rank",
        "leads",
        "top_ten",
        "grew",
        "shrank",
        "in",
        "out",
        "cached",
        "price_move",
        "list",
    )

    def __init__(self, ink: Ink, reader: PaneReader) -> None:
        super().__init__(ink, reader)
        self._detail: Detail | None = None
        self.hosts: tuple[HostRow, ...] = ()
        self.hosts_note = ""
        self.top = 0
        self._room = 1
        self._length = 0

    @property
    def detail(self) -> Detail | None:
        """What is shown; None: closed. Another row's begins at its top, the same one's stays where it is."""
        return self._detail

    @detail.setter
    def detail(self, detail: Detail | None) -> None:
        before = self._detail
        if detail is None or before is None or (before.kind, before.id) != (detail.kind, detail.id):
            self.top = 0
        self._detail = detail

    def read(self, view: ViewState, kind: Kind, key: str) -> None:
        """Takes the detail of a model, vendor or country, as of the period of a view."""
        snapshot, market, alerts = view.snapshot, self.reader.market, view.alerts or ()
        if snapshot is None:
            self.detail = None
        elif kind is Kind.MODEL:
            self.detail = model_detail(market, snapshot, alerts, key)
        else:
            self.detail = group_detail(market, snapshot, alerts, kind, key)
        self.redraw()

    def tell_hosts(self, model_id: str | None, note: str) -> None:
        """Takes the hosts of a model that the cache knows, and what is said of them where none is."""
        self.hosts = () if model_id is None else host_rows(self.reader.market, model_id)
        self.hosts_note = note

    def scroll_by(self, lines: int) -> None:
        """Scrolls by lines, down where positive, as far as there are any."""
        to = max(0, min(self._length - self._room, self.top + lines))
        if to != self.top:
            self.top = to
            self.redraw()

    def move(self, by: int) -> None:
        """Scrolls: the wheel's way."""
        self.scroll_by(by)

    def page(self, by: int) -> None:
        """Scrolls by views."""
        self.scroll_by(by * max(1, self.size.height - 4))

    def jump(self, *, last: bool) -> None:
        """To the first or the last line."""
        self.scroll_by(10_000 if last else -10_000)

    def figures(self) -> tuple[Sequence[Figure], int]:
        """Its tokens, rank, share and streaks, then its prices, then those of its models."""
        detail = self.detail
        if detail is None:
            return (), 0
        terms = ["tokens", "rank", "share", "change", "leads", "grew", "shrank"]
        terms += ["top_ten"] if detail.top_ten is not None else []
        found = [Figure(term, detail.kind, detail.id) for term in terms]
        if detail.price is not None and detail.listed_as is not None:
            found += [Figure(term, Kind.MODEL, detail.listed_as) for term in ("in", "out", "cached", "discount")]
        found += [Figure(term, Kind.MODEL, part.id) for part in detail.models for term in ("tokens", "change")]
        return found, 0

    def columns(self) -> Sequence[Column[HostRow]]:
        return HOSTS.drawn(None)

    def target(self) -> tuple[Kind, str] | None:
        return (self.detail.kind, self.detail.id) if self.detail is not None else None

    def sentence(self) -> str | None:
        snapshot = self.view.snapshot
        return history.sentence(self.detail, snapshot) if self.detail is not None and snapshot is not None else None

    def report(self, how: View, market: Market) -> tuple[str, Report]:
        detail, snapshot = self.detail, self.view.snapshot
        if detail is None or snapshot is None:
            return super().report(how, market)
        rankings = market.rankings(snapshot.query.grain, snapshot.lens)
        name = f"history-{detail.id}-{self.stamp}"
        if detail.kind is Kind.MODEL:
            return name, history.model_report(how, snapshot, rankings, detail.id, detail.name)
        by_country = detail.kind is Kind.COUNTRY
        key_of = market.attribution.country if by_country else str
        return name, history.group_report(how, snapshot, rankings, detail, key_of)

    def build(self, width: int, height: int) -> list[Strip]:
        detail, snapshot = self.detail, self.view.snapshot
        if detail is None or snapshot is None:
            return []
        about = self._about(detail, width)
        self._room = max(1, height - 1 - len(about))
        body = self._body(detail, snapshot, width, self._room)
        self._length = len(body)
        self.top = max(0, min(self.top, self._length - self._room))
        seen = body[self.top : self.top + self._room]
        place = f"lines {self.top + 1}–{self.top + len(seen)} of {self._length}" if self._length > self._room else ""
        return [self._title(detail, snapshot, width, place), *about, *seen][:height]

    def _body(self, detail: Detail, snapshot: Snapshot, width: int, room: int) -> list[Strip]:
        """The blocks, a blank row before each: in two columns where there is room, else one under the other."""
        wide = width >= TWO_COLUMNS
        left = round((width - GUTTER) * 0.58) if wide else width
        right = width - GUTTER - left if wide else width
        rows = min(max(9, room // 2), 16) if wide else max(6, min(12, room // 2))
        chart = ranked_columns(self.ink, detail, snapshot.period.grain, left, rows)
        model = detail.kind is Kind.MODEL
        prices = self.view.prices
        price = price_lines(self.ink, detail, prices, right) if model and prices else []
        benchmarks = benchmark_lines(self.ink, detail, right)
        streaks = streak_lines(self.ink, detail, snapshot, right)
        caveats = caveat_lines(self.ink, detail, snapshot, right)
        alerts = alert_lines(self.ink, detail, self.view.names, right)
        main = (
            [self._hosts(detail, snapshot, left)]
            if model
            else [vendor_lines(self.ink, detail, snapshot, left), model_lines(self.ink, detail, snapshot, left)]
        )
        if not wide:
            return [blank(width), *stacked([chart, price, streaks, caveats, *main, benchmarks, alerts], width)]
        one = stacked([chart, *main], left)
        two = stacked([price, benchmarks, streaks, caveats, alerts], right)
        return [blank(width), *beside(one, left, two, right, max(len(one), len(two)), GUTTER)]

    def _title(self, detail: Detail, snapshot: Snapshot, width: int, position: str) -> Strip:
        ink = self.ink
        nameless = detail.id == UNATTRIBUTED
        code = None if nameless else detail.id
        named = country_words(code) if detail.kind is Kind.COUNTRY else detail.name
        rank = f"{detail.place} of {detail.of}" if detail.place else "" if nameless else "no rank"
        facts = [fact for fact in (position, rank, snapshot.lens.basis.value) if fact]
        variant = detail.id.partition(":")[2] if detail.kind is Kind.MODEL else ""
        note = f" {variant}" if variant else ""
        while len(facts) > 1 and 8 + min(len(named), 16) + len(note) + len(" · ".join(facts)) > width:
            facts.pop()
        fact = " · ".join(facts)
        key = self.hint("close")
        line = Line(ink, width).put(f" {key} " if key else "", "cap").put(" ")
        room = max(6, width - line.at - len(note) - len(fact) - 2)
        line.put(country_in(code, room) if detail.kind is Kind.COUNTRY else formats.middle_cut(named, room), "bright")
        return line.put(note, "dim").rule("accent", [(fact, "dim")]).strip()

    def _about(self, detail: Detail, width: int) -> list[Strip]:
        """Country, company, what the catalogue says; the permaslug at the right."""
        ink = self.ink
        words: list[str] = []
        if detail.vendor is not None:
            words.append(detail.vendor.company or detail.vendor.slug)
            if detail.kind is Kind.VENDOR:
                words.append(detail.vendor.evidence)
                words += [ASSIGNED[detail.vendor.assigned]] if detail.vendor.assigned else []
        if detail.entry is not None:
            if detail.entry.open_weights:
                words.append("open weights")
            if detail.entry.context:
                words.append(f"context {formats.context(detail.entry.context)}")
            if detail.entry.created:
                words.append(f"listed {formats.day(detail.entry.created.date(), year=True)}")
        if detail.kind is Kind.COUNTRY:
            words.append(f"{formats.plural(len(detail.models), 'model')} on the basis")
        if detail.share is not None and detail.kind is not Kind.MODEL:
            words.append(f"{formats.tokens(detail.tokens)}, {formats.percent(detail.share)} % of all tokens")
        while len(words) > 1 and 4 + len(" · ".join(words)) > width:
            words.pop()
        left: list[Piece] = [
            (detail.country or "??", f"{ink.country(detail.country)}+"),
            (" " + " · ".join(words), "text"),
        ]
        line = Line(ink, width).to(1).pieces(left)
        slug: list[Piece] = [(detail.id, "dim")] if detail.kind is not Kind.COUNTRY else []
        if line.room > width_of(slug) + 2:
            return [line.right(slug).strip()]
        return [line.strip(), Line(ink, width).to(1).pieces(slug).strip()]

    def _hosts(self, detail: Detail, snapshot: Snapshot, width: int) -> list[Strip]:
        prices = self.view.prices
        count = formats.plural(len(self.hosts), "host") if self.hosts else ""
        age = ""
        if self.hosts and detail.hosts_at is not None:
            age = f"seen {formats.day(detail.hosts_at.date(), year=True)}"
            since = self.view.price_age_s
            if since is not None and prices is not None and prices.seen_at is not None and prices.until is None:
                # The source's time now: the catalogue's own, and how long ago that was.
                now = prices.seen_at + timedelta(seconds=since)
                age = age_text((now - detail.hosts_at).total_seconds())
        facts = [f"{count} · by input price · {age}", f"{count} · {age}", count] if count and age else [count]
        head = section(self.ink, width, "Hosts", *facts)
        if not self.hosts:
            return [head, Line(self.ink, width).to(1).put(self.hosts_note, "dim").strip()]
        return [head, *draw_table(self.ink, width, HOSTS.drawn(None), self.hosts)]
