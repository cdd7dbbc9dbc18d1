"""Pane 2: the lead in words, one 100 % strip, the table, tokens by period stacked."""

from __future__ import annotations

from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from orwatch.core.views import Snapshot
from orwatch.domain.records import OTHER
from orwatch.domain.shares import ShareRow, Stack
from orwatch.present import formats
from orwatch.present.sentences import country_words
from orwatch.tui.panes.axis import month_axis
from orwatch.tui.panes.base import Pane, age_text, spread
from orwatch.tui.panes.models import change_cell
from orwatch.tui.panes.zoom import zoomed
from orwatch.tui.widgets.charts import Band, Canvas, layers, strip_100
from orwatch.tui.widgets.paint import Line, Piece, blank, width_of
from orwatch.tui.widgets.table import Column, draw_head, draw_row, place


def lead_pieces(snapshot: Snapshot) -> list[Piece]:
    """`CN leads US 1.6 : 1`, of the period on screen; on course where it still runs."""
    a, b = snapshot.query.versus
    here = next((s for s in snapshot.standoffs if s.basis is snapshot.lens.basis), None)
    if here is None or not here.known or here.a == here.b:
        return [("split not known on this basis" if here is None or not here.known else "level", "dim")]
    first, second = (a, b) if here.a > here.b else (b, a)
    return [
        (first, role_of(first)),
        (" leads ", "text"),
        (second, role_of(second)),
        (f" {formats.ratio(here.ratio)}", "bright"),
    ]


def role_of(side: str) -> str:
    """The role of a side of a head to head: a country's colour, or bright for a vendor."""
    return {"CN": "cn+", "US": "us+"}.get(side, "elsewhere+" if len(side) == 2 else "bright")


def streak_text(snapshot: Snapshot, *, words: bool) -> str:
    """`≥ 8 weeks`, `at least 8 weeks`, `16th week`; empty where it is not known."""
    streak, grain = snapshot.lead.streak, snapshot.period.grain
    if not streak:
        return ""
    if streak.is_floor:
        return formats.streak_words(streak, grain) if words else formats.streak(streak, grain)
    return formats.streak_words(streak, grain)


def other_bases(snapshot: Snapshot) -> list[Piece]:
    """The ratio on the other bases, and their leader where it is another: `chart 3.6 : 1 · top10 3.0 : 1`."""
    a, b = snapshot.query.versus
    here = next(s for s in snapshot.standoffs if s.basis is snapshot.lens.basis)
    out: list[Piece] = []
    for other in snapshot.standoffs:
        if other.basis is here.basis or not other.known or not (other.a or other.b):
            continue
        if out:
            out.append((" · ", "dim"))
        out.append((f"{other.basis} ", "dim"))
        if here.known and (other.a > other.b) != (here.a > here.b):
            leader = a if other.a > other.b else b
            out.append((f"{leader} ", role_of(leader)))
        out.append((formats.ratio(other.ratio), "dim"))
    return out


class CountriesPane(Pane):
    """Which country's models carry the traffic."""

    key: ClassVar[str] = "countries"
    number: ClassVar[int] = 2
    title: ClassVar[str] = "Countries"

    def build(self, width: int, height: int) -> list[Strip]:
        snapshot = self.scene.snapshot
        if snapshot is None:
            head = [self.title_line(width, [])] if self.titled else []
            return [
                *head,
                blank(width),
                *self.sentences(width, [[(self.scene.progress or "Reading the cache", "text")]]),
            ]
        if self.zoomed and height >= 20 and width >= 76:
            return zoomed(self, snapshot, width, height)
        head = [self.title_line(width, [snapshot.lens.basis, age_text(self.scene.age_s)])] if self.titled else []
        return [*head, *self.body(snapshot, width, height - len(head))]

    def body(self, snapshot: Snapshot, width: int, height: int) -> list[Strip]:
        """What fits, in this order of need: strip, table, lead in words, chart, blank rows between."""
        ink = self.ink
        rows = self.table_rows(snapshot, 99)
        lead = height >= 16 or not self.scene.snapshot or self.alone
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
            tail: list[Piece] = [("  " + streak, "text")] if streak and not self.scene.running else []
            if self.scene.running:
                tail = [("  ~ ", "accent"), ("on course", "dim")]
            right = other_bases(snapshot)
            if width_of([*left, *tail, *right]) + 4 > width:
                right = right[:2] if not any(role != "dim" for _, role in right) else right[-3:]
            lines.append(spread([*left, *tail], right, ink, width))
            if airy:
                lines.append(blank(width))
        lines += self.strip(snapshot, width)
        if spare >= 1:
            lines.append(blank(width))
        lines += self.table(snapshot, rows, width)
        left_over = height - len(lines)
        if left_over >= 5:
            if left_over >= 6:
                lines.append(blank(width))
                left_over -= 1
            lines += history_chart(self, snapshot, width, left_over)
        return lines

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
            if row.share_of_all < 0.08 or at < labels.at or at + width_of(text) > width - width_of(end) - 1:
                continue
            labels.to(at).pieces(text)
        labels.right(end)
        return [labels.strip(), Strip([Segment(" ", Style()), *strip_100(ink, span, parts)], width)]

    def table_rows(self, snapshot: Snapshot, most: int) -> list[ShareRow]:
        """Rows that the filter leaves; small countries fold into one where there is no room for all."""
        chosen = self.scene.filter
        rows = list(snapshot.split.rows)
        if chosen.countries or chosen.not_countries or chosen.words:
            kept = {model.country for model in snapshot.models if chosen.matches(model.facts)}
            rows = [row for row in rows if row.key == OTHER or row.key in kept]
        named = [row for row in rows if row.key not in (None, OTHER)]
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
        tilde = "~ " if self.scene.running else ""

        def name(row: ShareRow, w: int) -> list[Piece]:
            if row.key == OTHER:
                return [("   ", "dim"), (_outside_words(snapshot) if w >= 24 else "other", "dim")]
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
        return [
            draw_head(ink, width, placed, None, False),
            *(draw_row(ink, width, placed, row) for row in rows),
        ]


def _outside_words(snapshot: Snapshot) -> str:
    return {"chart": "outside the nine largest", "top10": "outside the ten largest", "top50": "other"}[
        snapshot.lens.basis
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


def bands(stack: Stack, pane: Pane) -> list[Band]:
    """A period's layers, CN at the floor, US on it, then the others, unattributed, and what is outside."""
    if not stack.known:
        return [Band("other", stack.total)]
    order = sorted(stack.tokens, key=lambda key: ({"CN": 0, "US": 1}.get(key or "??", 2), key is None, key or ""))
    out: list[Band] = []
    for key in order:
        role = pane.ink.country(key)
        if out and out[-1].role == role:
            out[-1] = Band(role, out[-1].value + stack.tokens[key])
        else:
            out.append(Band(role, stack.tokens[key]))
    return [*out, Band("other", stack.outside)]


def history_chart(pane: Pane, snapshot: Snapshot, width: int, height: int) -> list[Strip]:
    """Tokens by period, stacked: names and last values at the newest column, months below, the first total above."""
    ink = pane.ink
    stacks = list(snapshot.history)
    if not stacks:
        return []
    side = 10
    room = width - side - 2
    running = pane.scene.running
    gap = 1 if running else 0
    step = 2 if (room - gap) // 2 >= 25 or len(stacks) * 2 + gap <= room else 1
    if len(stacks) * 3 + gap <= room and len(stacks) <= 12:
        step = 3
    stacks = stacks[-((room - gap) // step) :]
    start = max(1, width - side - 1 - len(stacks) * step - gap)
    top = max((stack.total for stack in stacks if stack), default=1)
    rows = height - 1
    canvas = Canvas(ink, width, rows)
    if ink.hatch and rows >= 4:
        return hatched_bands(pane, snapshot, stacks, width, height)
    scale = rows * 8 / top
    for n, stack in enumerate(stacks):
        if stack is None:
            continue
        x = start + n * step + (gap if running and n == len(stacks) - 1 else 0)
        canvas.column(x, layers(bands(stack, pane), scale), size=2 if step == 3 else step)
    _caption(pane, snapshot, canvas, stacks, start, scale)
    _side_labels(pane, canvas, stacks[-1], width - side, scale)
    axis = month_axis([stack.period if stack else None for stack in stacks], width - side, step, start)
    lines = [Strip(canvas.row(y), width) for y in range(rows)]
    return [*lines, Line(ink, width).put(axis, "dim").strip()]


def _caption(
    pane: Pane, snapshot: Snapshot, canvas: Canvas, stacks: list[Stack | None], start: int, scale: float
) -> None:
    ink, grain = pane.ink, snapshot.period.grain
    unknown = any(stack is not None and not stack.known for stack in stacks)
    count = formats.plural(len(stacks), grain)
    captions: list[tuple[str, ...]] = [(f"Tokens by {grain}, {count}", count)]
    if unknown:
        captions.append((f"grey: split not known on {snapshot.lens.basis}", "grey: split not known", "grey: no split"))
    for n, texts in enumerate(captions):
        text = next((text for text in texts if n < canvas.height and canvas.empty(n, 1, 2 + len(text))), "")
        canvas.text(1, n, text, ink["dim"])
    first = stacks[0]
    if first is not None:
        text = formats.tokens(first.total)
        y = canvas.height - 1 - -(-round(first.total * scale) // 8)
        if y >= len(captions) and canvas.empty(y, start, start + len(text) + 1):
            canvas.text(start, y, text, ink["dim"])


def _side_labels(pane: Pane, canvas: Canvas, stack: Stack | None, x: int, scale: float) -> None:
    """The newest total, and each leading country at the height of its layer."""
    if stack is None:
        return
    ink = pane.ink
    unit, _ = formats.unit_of([stack.total])
    tilde = "~" if not stack.complete else ""
    taken: set[int] = set()

    def put(value: float, pieces: list[Piece]) -> None:
        y = max(0, min(canvas.height - 1, canvas.height - 1 - int(value * scale / 8)))
        while y in taken and y < canvas.height - 1:
            y += 1
        taken.add(y)
        at = x
        for text, role in pieces:
            canvas.text(at, y, text, ink[role])
            at += len(text)

    put(stack.total, [(f"{tilde}{formats.tokens(stack.total)}", "bright")])
    if stack.known:
        cn, us = stack.tokens.get("CN", 0), stack.tokens.get("US", 0)
        if us:
            put(cn + us * 0.6, [(f"US {formats.tokens_in(us, unit, 1)}", "us+")])
        if cn:
            put(cn * 0.5, [(f"CN {formats.tokens_in(cn, unit, 1)}", "cn+")])


def hatched_bands(pane: Pane, snapshot: Snapshot, stacks: list[Stack | None], width: int, height: int) -> list[Strip]:
    """Without colour a low stack comes apart into one band a country, all on one scale; from the first known split on."""
    ink = pane.ink
    while stacks and (stacks[0] is None or not stacks[0].known):
        stacks = stacks[1:]
    if not stacks:
        return [Line(ink, width).to(1).put(f"The split is not known on {snapshot.lens.basis}", "dim").strip()]
    step = max(1, min(3, (width - 12) // len(stacks)))
    start = width - 11 - len(stacks) * step
    newest = stacks[-1]
    unit, _ = formats.unit_of([newest.total if newest else 0])
    rows = height - 2
    keys: list[tuple[str, str]] = [("outside", "other"), ("US", "US"), ("CN", "CN")]
    peaks = {}
    for key, _ in keys:
        values = [
            (s.outside if key == "outside" else s.tokens.get(key, 0)) for s in stacks if s is not None and s.known
        ]
        peaks[key] = max(values, default=0)
    total = sum(peaks.values()) or 1
    heights = {key: max(1, round(rows * peaks[key] / total)) for key, _ in keys}
    heights["CN"] = max(1, rows - heights["outside"] - heights["US"])
    scale = min(heights[key] * 8 / peaks[key] for key, _ in keys if peaks[key]) if total > 1 else 1
    lines = [
        Line(ink, width)
        .to(1)
        .put(f"Tokens by {snapshot.period.grain}, {formats.plural(len(stacks), snapshot.period.grain)}", "dim")
        .strip()
    ]
    for key, label in keys:
        canvas = Canvas(ink, width, heights[key])
        for n, stack in enumerate(stacks):
            if stack is None or not stack.known:
                continue
            value = stack.outside if key == "outside" else stack.tokens.get(key, 0)
            eighths = max(1, round(value * scale)) if value else 0
            canvas.column(start + n * step, [("cn", eighths)], size=step)
        last = (newest.outside if key == "outside" else newest.tokens.get(key, 0)) if newest and newest.known else None
        text = f"{label} {formats.tokens_in(last, unit, 1)}"
        canvas.text(width - 10, heights[key] - 1, text, ink["dim" if key == "outside" else "bright"])
        lines += [Strip(canvas.row(y), width) for y in range(heights[key])]
    axis = month_axis([stack.period if stack else None for stack in stacks], width - 10, step, start)
    return [*lines[: height - 1], Line(ink, width).put(axis, "dim").strip()]
