"""The detail of a row: its history, prices, hosts, benchmarks, streaks, caveats and alerts. It scrolls where it is too long."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from decimal import Decimal

from textual.strip import Strip

from orwatch.core.views.detail import group_detail, host_rows, model_detail
from orwatch.domain.alerts.alert import Standing
from orwatch.domain.catalogue import per_million
from orwatch.domain.detail import Detail, Part, PriceMove
from orwatch.domain.explain import Figure
from orwatch.domain.hosts import HostRow
from orwatch.domain.leads import Kind
from orwatch.domain.names import vendor_of
from orwatch.domain.overview import Snapshot
from orwatch.domain.periods import State
from orwatch.domain.scores import ArenaScore
from orwatch.domain.vendors import UNATTRIBUTED
from orwatch.present import cells, formats
from orwatch.present.alerts import MARKS, own_phrase, own_value, rule_word
from orwatch.present.benchmarks import ARTIFICIAL_ANALYSIS, DESIGN_ARENA, category_words, through_openrouter
from orwatch.present.caveats import caveat_sentence
from orwatch.present.report import Report, View
from orwatch.present.table import Column, Piece, Pieces, width_of
from orwatch.present.tables import history
from orwatch.present.tables.hosts import HOSTS
from orwatch.present.terms import condition_words, country_in, country_words, no_prices_then
from orwatch.tui.charts.detail import price_steps, ranked_columns
from orwatch.tui.panes.pane import Pane, age_text
from orwatch.tui.view_state import ViewState
from orwatch.tui.widgets.paint import Block, Line, beside, blank

TWO_COLUMNS = 92
"""Cells from which the blocks stand in two columns."""
GUTTER = 3
ASSIGNED = {"shipped": "country by the shipped table", "user": "country assigned by you"}


class DetailPane(Pane):
    """Fills the body while it is open. Title and the line under it stay, the blocks scroll.

    detail: what is shown; None: it is closed.
    """

    key = "detail"
    title = "Detail"
    also = ("rank", "leads", "top_ten", "grew", "shrank", "in", "out", "cached", "price_move", "list")

    detail: Detail | None = None
    hosts: tuple[HostRow, ...] = ()
    hosts_note = ""
    top = 0
    _room = 1
    _length = 0

    def read(self, view: ViewState, kind: Kind, key: str) -> None:
        """Takes the detail of a model, vendor or country, as of the period of a view."""
        snapshot, market, alerts = view.snapshot, self.reader.market, view.alerts or ()
        assert snapshot is not None
        if kind is Kind.MODEL:
            self.detail = model_detail(market, snapshot, alerts, key)
        else:
            self.detail = group_detail(market, snapshot, alerts, kind, key)
        self.redraw()

    def tell_hosts(self, model_id: str | None, note: str) -> None:
        """Takes the hosts of a model that the cache knows, and what is said of them where none is."""
        self.hosts = () if model_id is None else host_rows(self.reader.market, model_id)
        self.hosts_note = note

    def move(self, by: int) -> None:
        """Scrolls by lines, down where positive, as far as there are any."""
        to = max(0, min(self._length - self._room, self.top + by))
        if to != self.top:
            self.top = to
            self.redraw()

    def page(self, by: int) -> None:
        """Scrolls by views."""
        self.move(by * max(1, self.size.height - 4))

    def figures(self) -> tuple[Sequence[Figure], int]:
        """Its tokens, rank, share and streaks, then its prices, then those of its models."""
        detail = self.detail
        assert detail is not None
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
        return None if self.detail is None else history.sentence(self.detail, self.snapshot)

    def report(self, how: View) -> Report:
        detail, snapshot, market = self.detail, self.snapshot, self.reader.market
        assert detail is not None
        rankings = market.rankings(snapshot.query.grain, snapshot.lens)
        if detail.kind is Kind.MODEL:
            return history.model_report(how, snapshot, rankings, detail.id, detail.name)
        by_country = detail.kind is Kind.COUNTRY
        key_of = market.attribution.country if by_country else vendor_of
        return history.group_report(how, snapshot, rankings, detail, key_of)

    def draw(self, width: int, height: int) -> list[Strip]:
        detail, snapshot = self.detail, self.snapshot
        assert detail is not None
        about = self._about(detail, width)
        self._room = max(1, height - 1 - len(about))
        body = self._body(detail, snapshot, width, self._room)
        self._length = len(body)
        self.top = max(0, min(self.top, self._length - self._room))
        seen = body[self.top : self.top + self._room]
        place = f"lines {self.top + 1}–{self.top + len(seen)} of {self._length}" if self._length > self._room else ""
        return [self._title(detail, snapshot, width, place), *about, *seen]

    def _body(self, detail: Detail, snapshot: Snapshot, width: int, room: int) -> list[Strip]:
        """The sections: in two columns where there is room, else one under the other."""
        wide = width >= TWO_COLUMNS
        left = round((width - GUTTER) * 0.58) if wide else width
        rows = min(max(9, room // 2), 16) if wide else max(6, min(12, room // 2))
        one = Block(self.ink, left)
        two = Block(self.ink, width - GUTTER - left) if wide else one
        one.add(ranked_columns(self.ink, detail, snapshot.period.grain, left, rows))
        model = detail.kind is Kind.MODEL
        price = (self._price,) if model else ()
        said, main = (_streaks, _caveats), (self._hosts,) if model else (_vendors, _models)
        order = (*main, *price, _benchmarks, *said) if wide else (*price, *said, *main, _benchmarks)
        for write in (*order, self._alerts):
            write(one if write in main else two, detail, snapshot)
        if two is one:
            return [blank(width), *one.strips()]
        return [blank(width), *beside(one.strips(), left, two.strips(), two.width, max(len(one), len(two)), GUTTER)]

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
        cut = [(formats.middle_cut(text, width - 2), role) for text, role in slug]
        return [line.strip(), Line(ink, width).to(1).pieces(cut).strip()]

    def _hosts(self, block: Block, detail: Detail, snapshot: Snapshot) -> None:
        prices = self.listed
        count = formats.plural(len(self.hosts), "host") if self.hosts else ""
        age = ""
        if self.hosts and detail.hosts_at is not None:
            age = f"seen {formats.day(detail.hosts_at.date(), year=True)}"
            since = self.view.price_age_s
            if since is not None and prices.seen_at is not None and prices.until is None:
                # The source's time now: the catalogue's own, and how long ago that was.
                now = prices.seen_at + timedelta(seconds=since)
                age = age_text((now - detail.hosts_at).total_seconds())
        facts = [f"{count} · by input price · {age}", f"{count} · {age}", count] if count and age else [count]
        block.section("Hosts", *facts)
        if self.hosts:
            block.table(HOSTS.drawn(None), self.hosts)
        else:
            block.line(self.hosts_note, "dim", 1)

    def _price(self, block: Block, detail: Detail, snapshot: Snapshot) -> None:
        """Now, before, change and list price of each; the step lines; conditional prices. As of the period on screen."""
        prices, price, width = self.listed, detail.price, block.width
        at = max((move.changed_at for move in detail.moves if move.changed_at), default=None)
        fact = f"changed {formats.day(at.date())}" if at else ""
        if prices.until is not None and prices.seen_at is not None:
            fact = f"as of {formats.day(prices.seen_at.date(), year=True)}"
        block.section("Price, $ per million", fact)
        if price is None:
            words = "Not listed: no price is known."
            if prices.until is not None and prices.since is not None:
                words = "It was not listed then." if prices.seen_at else no_prices_then(prices.since)
            block.prose((words, "dim"))
            return
        if price.varies:
            block.prose(("It varies with the model that the router picks.", "text"))
            return
        columns: list[tuple[str, Callable[[PriceMove], Piece]]] = [
            ("now ", lambda move: _price_cell(move.now, "bright", free=price.free)),
            ("before ", lambda move: _price_cell(move.before)),
            ("change %", lambda move: (formats.signed(move.change), "faint" if move.change is None else "text")),
            ("list ", lambda move: _price_cell(move.listed)),
        ]
        before = (25, 17, 8, 0) if width >= 42 else (17, 8, 0)
        block.line().figures(*((head, "dim", end) for (head, _), end in zip(columns, before, strict=False)))
        for move in detail.moves:
            line = block.line(move.name, at=1)
            for (_, cell), end in zip(columns, before, strict=False):
                line.figures((*cell(move), end))
        if price.discount:
            block.prose((f"{formats.percent(price.discount, 0)} % off the list price, as its hosts tell", "dim"))
        for override in detail.overrides:
            given = (("in", override.prompt), ("out", override.completion), ("cached", override.cache_read))
            told = (f"{name} {formats.price(per_million(value))}" for name, value in given if value is not None)
            block.prose((f"{condition_words(override)}: ", "dim"), (", ".join(told), "text"), hang=2)
        block.add(price_steps(self.ink, detail.observed, self.ink.country(detail.country), width, prices.seen_at))

    def _alerts(self, block: Block, detail: Detail, snapshot: Snapshot) -> None:
        """Newest first."""
        names = self.view.names
        if detail.alerts:
            block.section(f"Alerts of this {detail.kind}", str(len(detail.alerts)))
        for alert in detail.alerts:
            course = alert.state is Standing.ON_COURSE
            line = block.line("◇" if course else MARKS[alert.severity], "accent" if course else "dim", 1)
            line.right([("~", "accent") if course else (formats.day(alert.dated.date()), "dim")], 9)
            text, value = own_phrase(alert, detail.id, names), own_value(alert, names)
            text = f"retracted: {text}" if alert.state is Standing.RETRACTED else text
            line.to(11).put(rule_word(alert), "dim").to(max(18, line.at + 1))
            line.put(formats.middle_cut(text, max(6, block.width - line.at - len(value) - 2)))
            line.right([(value, "text")])


def _price_cell(value: Decimal | None, role: str = "text", *, free: bool = False) -> Piece:
    text = "free " if free and value == 0 else formats.aligned_price(value)
    return text, "faint" if value is None else role


def _benchmarks(block: Block, detail: Detail, snapshot: Snapshot) -> None:
    """Design Arena by category, win rates as dots from 40 to 60 %; the indices of Artificial Analysis. Nothing without them."""
    found = detail.benchmarks
    if found.arena:
        block.section("Benchmarks", through_openrouter(DESIGN_ARENA), DESIGN_ARENA)
        block.table(ARENA, found.arena)
    if found.indices:
        title = "Indices" if found.arena else "Benchmarks"
        block.section(title, through_openrouter(ARTIFICIAL_ANALYSIS), ARTIFICIAL_ANALYSIS)
    for index in found.indices:
        block.line(index.name.replace("_", " "), at=1).figures((f"{index.value:.1f}", "text", 0))


def _figure(value: float | None, places: int) -> Pieces:
    return cells.NO_DATA if value is None else [(f"{value:.{places}f}", "text")]


def _dots(rate: float | None, size: int) -> Pieces:
    """A win rate as a dot on the cells from 40 to 60 %, the middle marked; an arrow where it is beyond either end."""
    scale = "·" * (size // 2) + "┊" + "·" * (size // 2)
    if rate is None:
        return [(scale, "faint")]
    at = round((rate - 0.4) / 0.2 * (size - 1))
    mark = "●" if 0 <= at < size else "◂" if at < 0 else "▸"
    at = max(0, min(size - 1, at))
    return [(scale[:at], "faint"), (mark, "text"), (scale[at + 1 :], "faint")]


ARENA: Sequence[Column[ArenaScore]] = (
    Column(
        "name", "category", 8, lambda s, w: [(formats.middle_cut(category_words(s.category, s.arena), w), "text")],
        right=False, gap=1, grow=True, most=30,
    ),
    Column("rank", "rank", 4, lambda s, w: [(str(s.rank or formats.NO_DATA), "dim")], gap=1, give_up=2),
    Column("elo", "Elo", 4, lambda s, w: _figure(s.elo, 0)),
    Column("won", "win %", 5, lambda s, w: _figure(None if s.win_rate is None else s.win_rate * 100, 1)),
    Column("dots", "40   50  60", 11, lambda s, w: _dots(s.win_rate, w), right=False, give_up=1),
)  # fmt: skip


def _streaks(block: Block, detail: Detail, snapshot: Snapshot) -> None:
    """In first place, among the ten largest, growing, shrinking: two a line where there is room; and the best rank."""
    grain, width = snapshot.period.grain, block.width
    best = f"best rank {detail.best}" if detail.best else ""
    block.section("Streaks", f"{best} · to {formats.span(snapshot.period)}".lstrip(" ·"), best)
    rows = [("first", detail.lead)] if detail.id != UNATTRIBUTED else []
    rows += [("top 10", detail.top_ten)] if detail.top_ten is not None else []
    rows += [("growing", detail.grew), ("shrinking", detail.shrank)]
    columns = 2 if width >= 46 else 1
    size = (width - 1 - 3 * (columns - 1)) // columns
    line = block.line()
    for n, (name, streak) in enumerate(rows):
        if n and n % columns == 0:
            line = block.line()
        unknown = streak is None or (not streak and streak.is_floor)
        text = formats.NO_DATA if unknown else formats.streak(streak, grain) if streak else "not now"
        at = 1 + n % columns * (size + 3)
        end = at + size if n % columns < columns - 1 else width
        line.to(at).put(name).right([(text, "text" if streak else "dim")], end)


def _caveats(block: Block, detail: Detail, snapshot: Snapshot) -> None:
    """What to know before quoting it, a sentence each."""
    if detail.caveats:
        block.section("To know")
    for caveat in detail.caveats:
        sentence = caveat_sentence(caveat, snapshot.period.grain, snapshot.lens)
        block.prose(("· ", "faint"), (sentence, "text"), hang=2)


def _models(block: Block, detail: Detail, snapshot: Snapshot) -> None:
    """The models of a vendor or country; unattributed ones with their slug."""
    slugs = detail.kind is Kind.COUNTRY and detail.country is None

    def name(part: Part, width: int) -> Pieces:
        return cells.name(part.id, width) if slugs else cells.name(part.name, width, part.id.partition(":")[2])

    head = _C("name", "Permaslug" if slugs else "Model", 10, name, right=False, gap=1, grow=True, most=60)
    _parts(block, "Models", detail.models, (head,), snapshot)
    if not detail.models:
        block.prose((f"None of its models is on the basis this {formats.noun(snapshot.period.grain)}.", "dim"))


def _vendors(block: Block, detail: Detail, snapshot: Snapshot) -> None:
    """The vendors of a country, with the number of their models."""
    columns = (
        _C("name", "Vendor", 10, lambda part, w: cells.name(part.name, w), right=False, gap=1, grow=True, most=60),
        _C("models", "Models", 6, lambda part, _: [(str(part.models), "dim")], give_up=1),
    )
    if detail.vendors:
        _parts(block, "Vendors", detail.vendors, columns, snapshot)


_C = Column[Part]


def _parts(block: Block, title: str, parts: Sequence[Part], columns: Sequence[_C], snapshot: Snapshot) -> None:
    """A table of parts: columns of its own, then tokens, share of the whole, and change."""
    unit, letter = formats.unit_of([part.tokens for part in parts])
    change = formats.change_head(snapshot.period.grain, running=snapshot.state is State.RUNNING)
    figures = (
        _C("tokens", cells.tokens_head(letter), 8, lambda part, _: [(formats.tokens_in(part.tokens, unit), "text")]),
        _C("share", "of it %", 7, lambda part, _: [(formats.percent(part.share), "dim")]),
        _C("change", change, 7, lambda part, _: cells.change(part.change, part.status)),
    )
    block.section(title, f"{len(parts)} on {snapshot.lens.basis}")
    if parts:
        block.table((*columns, *figures), parts)
