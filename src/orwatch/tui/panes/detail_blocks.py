"""The blocks of a detail beside its history: prices, benchmarks, streaks, caveats, its models and vendors, its alerts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textual.strip import Strip

from orwatch.domain.alerts.alert import Alert, Standing
from orwatch.domain.catalogue import per_million
from orwatch.domain.detail import Detail, Part, PriceMove
from orwatch.domain.leads import Kind
from orwatch.domain.overview import Snapshot
from orwatch.domain.periods import State, Streak
from orwatch.domain.prices import PriceList
from orwatch.domain.scores import ArenaScore
from orwatch.domain.vendors import UNATTRIBUTED
from orwatch.present import cells, formats
from orwatch.present.alerts import MARKS, own_phrase, own_value, rule_word
from orwatch.present.benchmarks import ARTIFICIAL_ANALYSIS, DESIGN_ARENA, category_words, through_openrouter
from orwatch.present.caveats import caveat_sentence
from orwatch.present.table import Column, Piece, Pieces
from orwatch.present.terms import condition_words, no_prices_then
from orwatch.tui.charts.price_steps import price_steps
from orwatch.tui.themes import Ink
from orwatch.tui.widgets.paint import Line, blank, prose, section
from orwatch.tui.widgets.table import draw_table


def price_lines(ink: Ink, detail: Detail, prices: PriceList, width: int) -> list[Strip]:
    """Now, before, change and list price of each; the step lines; conditional prices. As of the period on screen."""
    at = max((move.changed_at for move in detail.moves if move.changed_at), default=None)
    fact = f"changed {formats.day(at.date())}" if at else ""
    if prices.until is not None and prices.seen_at is not None:
        fact = f"as of {formats.day(prices.seen_at.date(), year=True)}"
    lines = [section(ink, width, "Price, $ per million", fact)]
    price = detail.price
    if price is None:
        words = "Not listed: no price is known."
        if prices.until is not None and prices.since is not None:
            words = "It was not listed then." if prices.seen_at else no_prices_then(prices.since)
        return [*lines, *prose(ink, width, [(words, "dim")])]
    if price.varies:
        return [*lines, *prose(ink, width, [("It varies with the model that the router picks.", "text")])]
    ends = [width - 25, width - 17, width - 8, width] if width >= 42 else [width - 17, width - 8, width]
    head = Line(ink, width)
    for text, end in zip(("now ", "before ", "change %", "list "), ends, strict=False):
        head.right([(text, "dim")], end)
    lines.append(head.strip())
    lines += [_move(ink, move, width, ends, free=price.free) for move in detail.moves]
    if price.discount:
        words = f"{formats.percent(price.discount, 0)} % off the list price, as its hosts tell"
        lines += prose(ink, width, [(words, "dim")])
    for override in detail.overrides:
        given = (("in", override.prompt), ("out", override.completion), ("cached", override.cache_read))
        figures = ", ".join(f"{name} {formats.price(per_million(value))}" for name, value in given if value is not None)
        lines += prose(ink, width, [(f"{condition_words(override)}: ", "dim"), (figures, "text")], hang=2)
    return [*lines, *price_steps(ink, detail.observed, ink.country(detail.country), width, prices.seen_at)]


def _move(ink: Ink, move: PriceMove, width: int, ends: list[int], *, free: bool) -> Strip:
    now = "free " if free and move.now == 0 else formats.aligned_price(move.now)
    figures: list[Piece] = [
        (now, "bright" if move.now is not None else "faint"),
        _known(formats.aligned_price(move.before), move.before),
        _known(formats.signed(move.change), move.change),
        _known(formats.aligned_price(move.listed), move.listed),
    ]
    line = Line(ink, width).to(1).put(move.name, "text")
    for cell, end in zip(figures, ends, strict=False):
        line.right([cell], end)
    return line.strip()


def benchmark_lines(ink: Ink, detail: Detail, width: int) -> list[Strip]:
    """Design Arena by category, win rates as dots from 40 to 60 %; the indices of Artificial Analysis.

    Nothing where there are none.
    """
    found, lines = detail.benchmarks, []
    if found.arena:
        lines.append(section(ink, width, "Benchmarks", through_openrouter(DESIGN_ARENA), DESIGN_ARENA))
        columns = [
            Column[ArenaScore](
                "name", "category", 8, lambda s, w: [(formats.middle_cut(category_words(s.category, s.arena), w), "text")],
                right=False, gap=1, grow=True, most=30,
            ),
            Column[ArenaScore](
                "rank", "rank", 4, lambda s, w: [(str(s.rank or formats.NO_DATA), "dim")], gap=1, give_up=2
            ),
            Column[ArenaScore]("elo", "Elo", 4, lambda s, w: [_figure(s.elo, 0)], gap=2),
            Column[ArenaScore](
                "won", "win %", 5, lambda s, w: [_figure(None if s.win_rate is None else s.win_rate * 100, 1)], gap=2
            ),
            Column[ArenaScore]("dots", DOTS_HEAD, 11, lambda s, w: _dots(s.win_rate), right=False, gap=2, give_up=1),
        ]  # fmt: skip
        lines += draw_table(ink, width, columns, found.arena)
    if found.indices:
        title = "Benchmarks" if not found.arena else "Indices"
        lines += [blank(width)] if found.arena else []
        lines.append(section(ink, width, title, through_openrouter(ARTIFICIAL_ANALYSIS), ARTIFICIAL_ANALYSIS))
        for index in found.indices:
            name = index.name.replace("_", " ")
            lines.append(Line(ink, width).to(1).put(name, "text").right([(f"{index.value:.1f}", "text")]).strip())
    return lines


DOTS_HEAD = "40   50  60"
_CELLS = 11


def _figure(value: float | None, places: int) -> Piece:
    return (formats.NO_DATA, "faint") if value is None else (f"{value:.{places}f}", "text")


def _dots(rate: float | None) -> list[Piece]:
    """A win rate as a dot on the cells from 40 to 60 %, the middle marked; an arrow where it is beyond either end."""
    scale = [("┊" if n == _CELLS // 2 else "·") for n in range(_CELLS)]
    if rate is None:
        return [("".join(scale), "faint")]
    at = round((rate - 0.4) / 0.2 * (_CELLS - 1))
    mark = "●" if 0 <= at < _CELLS else "◂" if at < 0 else "▸"
    at = max(0, min(_CELLS - 1, at))
    return [("".join(scale[:at]), "faint"), (mark, "text"), ("".join(scale[at + 1 :]), "faint")]


def streak_lines(ink: Ink, detail: Detail, snapshot: Snapshot, width: int) -> list[Strip]:
    """In first place, among the ten largest, growing, shrinking: two a line where there is room; and the best rank."""
    grain = snapshot.period.grain
    best = f"best rank {detail.best}" if detail.best else ""
    lines = [section(ink, width, "Streaks", f"{best} · to {formats.span(snapshot.period)}".lstrip(" ·"), best)]
    rows: list[tuple[str, Streak | None]] = [("first", detail.lead)] if detail.id != UNATTRIBUTED else []
    if detail.top_ten is not None:
        rows.append(("top 10", detail.top_ten))
    rows += [("growing", detail.grew), ("shrinking", detail.shrank)]
    columns = 2 if width >= 46 else 1
    size = (width - 1 - 3 * (columns - 1)) // columns
    for n in range(0, len(rows), columns):
        line = Line(ink, width)
        for k, (name, streak) in enumerate(rows[n : n + columns]):
            unknown = streak is None or (not streak and streak.is_floor)
            text = formats.NO_DATA if unknown else formats.streak(streak, grain) if streak else "not now"
            at = 1 + k * (size + 3)
            line.to(at).put(name, "text").right(
                [(text, "text" if streak else "dim")], width if k == columns - 1 else at + size
            )
        lines.append(line.strip())
    return lines


def caveat_lines(ink: Ink, detail: Detail, snapshot: Snapshot, width: int) -> list[Strip]:
    """What to know before quoting it, a sentence each."""
    if not detail.caveats:
        return []
    lines = [section(ink, width, "To know")]
    for caveat in detail.caveats:
        sentence = caveat_sentence(caveat, snapshot.period.grain, snapshot.lens)
        lines += prose(ink, width, [("· ", "faint"), (sentence, "text")], hang=2)
    return lines


def model_lines(ink: Ink, detail: Detail, snapshot: Snapshot, width: int) -> list[Strip]:
    """The models of a vendor or country; unattributed ones with their slug."""
    if not detail.models:
        says = f"None of its models is on the basis this {formats.noun(snapshot.period.grain)}."
        return [section(ink, width, "Models", f"0 on {snapshot.lens.basis}"), *prose(ink, width, [(says, "dim")])]
    slugs = detail.kind is Kind.COUNTRY and detail.country is None

    def name(part: Part, w: int) -> Pieces:
        return cells.name(part.id, w) if slugs else cells.name(part.name, w, part.id.partition(":")[2])

    head = _C("name", "Permaslug" if slugs else "Model", 10, name, right=False, gap=1, grow=True, most=60)
    return _parts(ink, "Models", detail.models, (head,), snapshot, width)


def vendor_lines(ink: Ink, detail: Detail, snapshot: Snapshot, width: int) -> list[Strip]:
    """The vendors of a country, with the number of their models."""
    columns = (
        _C("name", "Vendor", 10, lambda part, w: cells.name(part.name, w), right=False, gap=1, grow=True, most=60),
        _C("models", "Models", 6, lambda part, _: [(str(part.models), "dim")], give_up=1),
    )
    return _parts(ink, "Vendors", detail.vendors, columns, snapshot, width) if detail.vendors else []


_C = Column[Part]


def _parts(
    ink: Ink, title: str, parts: Sequence[Part], columns: Sequence[_C], snapshot: Snapshot, width: int
) -> list[Strip]:
    """A table of parts: columns of its own, then tokens, share of the whole, and change."""
    unit, letter = formats.unit_of([part.tokens for part in parts])
    head, change = (
        cells.tokens_head(letter),
        formats.change_head(snapshot.period.grain, running=snapshot.state is State.RUNNING),
    )
    figures = (
        _C("tokens", head, 8, lambda part, _: [(formats.tokens_in(part.tokens, unit), "text")], gap=2),
        _C("share", "of it %", 7, lambda part, _: [(formats.percent(part.share), "dim")], gap=2),
        _C("change", change, 7, lambda part, _: cells.change(part.change, part.status), gap=2),
    )
    title_line = section(ink, width, title, f"{len(parts)} on {snapshot.lens.basis}")
    return [title_line, *draw_table(ink, width, (*columns, *figures), parts)]


def _known(text: str, value: object) -> Piece:
    """A figure as text; fainter where it is not known."""
    return text, "text" if value is not None else "faint"


def alert_lines(ink: Ink, detail: Detail, names: Mapping[str, str], width: int) -> list[Strip]:
    """Its alerts, newest first. names: of models, by permaslug."""
    if not detail.alerts:
        return []
    lines = [section(ink, width, f"Alerts of this {detail.kind}", str(len(detail.alerts)))]
    return [*lines, *(_alert(ink, alert, detail, names, width) for alert in detail.alerts)]


def _alert(ink: Ink, alert: Alert, detail: Detail, names: Mapping[str, str], width: int) -> Strip:
    course = alert.state is Standing.ON_COURSE
    line = Line(ink, width).to(1).put("◇" if course else MARKS[alert.severity], "accent" if course else "dim")
    line.right([("~", "accent") if course else (formats.day(alert.dated.date()), "dim")], 9)
    text, value = own_phrase(alert, detail.id, names), own_value(alert, names)
    if alert.state is Standing.RETRACTED:
        text = f"retracted: {text}"
    line.to(11).put(rule_word(alert), "dim").to(max(18, line.at + 1))
    line.put(formats.middle_cut(text, max(6, width - line.at - len(value) - 2)), "text")
    return line.right([(value, "text")]).strip()
