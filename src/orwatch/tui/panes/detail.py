"""The detail of a row: its periods as columns with rank, its prices, its hosts, its alerts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.strip import Strip

from orwatch.core.details import Detail, Point
from orwatch.core.hosts import HostRow
from orwatch.domain.alerts.records import Standing
from orwatch.domain.leads import Kind
from orwatch.domain.prices import per_million
from orwatch.domain.records import Grain, State
from orwatch.present import formats
from orwatch.present.phrases import own_phrase, own_value, rule_word
from orwatch.present.sentences import country_words
from orwatch.tui.panes.alerts import MARKS
from orwatch.tui.panes.base import Pane
from orwatch.tui.panes.hosts import hosts_lines
from orwatch.tui.panes.steps import step_line
from orwatch.tui.themes import Ink
from orwatch.tui.widgets.charts import Canvas
from orwatch.tui.widgets.paint import Line, Piece, blank, width_of


def section(ink: Ink, width: int, title: str, fact: str = "") -> Strip:
    """A title, a thin rule, a dim fact at the right end."""
    line = Line(ink, width).to(1).put(title, "text+")
    end = width - (len(fact) + 1 if fact else 0)
    if end - line.at >= 3:
        line.put(" ").put("─" * (end - line.at), "rule")
    return line.right([(fact, "dim")]).strip()


class DetailPane(Pane):
    """Fills the body while it is open."""

    key: ClassVar[str] = "detail"
    number: ClassVar[int] = 0
    title: ClassVar[str] = "Detail"

    def __init__(self, ink: Ink) -> None:
        super().__init__(ink)
        self.detail: Detail | None = None
        self.hosts: tuple[HostRow, ...] = ()
        self.hosts_note = ""

    def build(self, width: int, height: int) -> list[Strip]:
        detail, snapshot = self.detail, self.scene.snapshot
        if detail is None or snapshot is None:
            return []
        lines = [self._title(detail, width), *self._about(detail, width)]
        room = height - len(lines)
        if width >= 92:
            gutter = 3
            left = round((width - gutter) * 0.58)
            right = width - gutter - left
            one, two = self._left(detail, left, room), self._right(detail, right, room)
            for n in range(room):
                first = one[n] if n < len(one) else blank(left)
                second = two[n] if n < len(two) else blank(right)
                lines.append(Strip.join([first, blank(gutter), second]))
            return lines
        if detail.kind is Kind.MODEL:
            chart = self._chart(detail, width, max(6, min(12, room // 2)))
            prices = self._prices(detail, width)
            left = room - len(chart) - len(prices) - 3
            alerts = [blank(width), *self._alerts(detail, width, left)] if left > 1 and detail.alerts else []
            return [*lines, blank(width), *chart, blank(width), *prices, *alerts]
        return [*lines, blank(width), *self._left(detail, width, room)]

    def _title(self, detail: Detail, width: int) -> Strip:
        ink, snapshot = self.ink, self.scene.snapshot
        assert snapshot is not None
        name = country_words(detail.id) if detail.kind is Kind.COUNTRY else detail.name
        line = Line(ink, width).put(" Esc ", "cap").put(" ").put(formats.middle_cut(name, max(8, width - 30)), "bright")
        if detail.id.endswith(":free"):
            line.put(" free", "dim")
        place = f"{detail.place} of {detail.of}" if detail.place else "not in this period"
        fact = f"{place} · {snapshot.lens.basis}"
        end = width - len(fact) - 1
        line.put(" ").put("─" * max(0, end - line.at), "accent")
        return line.right([(fact, "dim")]).strip()

    def _about(self, detail: Detail, width: int) -> list[Strip]:
        """Country, company, what the catalogue says; the permaslug at the right."""
        ink = self.ink
        left: list[Piece] = [(detail.country or "??", f"{ink.country(detail.country)}+")]
        words: list[str] = []
        if detail.vendor is not None:
            words.append(detail.vendor.company or detail.vendor.slug)
            if detail.kind is Kind.VENDOR:
                words.append(detail.vendor.evidence)
        if detail.entry is not None:
            if detail.entry.open_weights:
                words.append("open weights")
            if detail.entry.context:
                words.append(f"context {formats.context(detail.entry.context)}")
            if detail.entry.created:
                words.append(f"listed {formats.day(detail.entry.created.date(), year=True)}")
            if detail.entry.expires:
                words.append(f"ends {formats.day(detail.entry.expires, year=True)}")
        elif detail.kind is Kind.MODEL:
            words.append("not in the catalogue; named by its slug")
        if detail.country is None:
            words.append("country not known")
        if detail.kind is Kind.COUNTRY:
            words.append(f"{country_words(detail.id)} · {len(detail.parts)} models on the basis")
        while len(words) > 1 and 4 + len(" · ".join(words)) > width:
            words.pop()
        left.append((" " + " · ".join(words), "text"))
        line = Line(ink, width).to(1).pieces(left)
        slug: list[Piece] = [(detail.id, "dim")] if detail.kind is not Kind.COUNTRY else []
        if line.room > width_of(slug) + 2:
            return [line.right(slug).strip()]
        return [line.strip(), Line(ink, width).to(1).pieces(slug).strip()]

    def _left(self, detail: Detail, width: int, height: int) -> list[Strip]:
        tall = min(max(9, height // 2), 16)
        lines = [blank(width), *self._chart(detail, width, tall), blank(width)]
        if detail.kind is Kind.MODEL:
            count = f"{len(self.hosts)} · by input price" if self.hosts else ""
            lines.append(section(self.ink, width, "Hosts", count))
            return [*lines, *hosts_lines(self.ink, self.hosts, width, height - len(lines), self.hosts_note)]
        return [*lines, *self._parts(detail, width, height - len(lines))]

    def _right(self, detail: Detail, width: int, height: int) -> list[Strip]:
        lines: list[Strip] = [blank(width)]
        if detail.kind is Kind.MODEL:
            lines += [*self._prices(detail, width), *step_line(self.ink, detail, width), blank(width)]
        lines += [*self._streaks(detail, width), blank(width)]
        return [*lines, *self._alerts(detail, width, height - len(lines))]

    def _chart(self, detail: Detail, width: int, height: int) -> list[Strip]:
        """A column a period with its value, rank and date; solid where it was in first place."""
        ink = self.ink
        grain = self.scene.snapshot.period.grain if self.scene.snapshot else Grain.WEEK
        known = [point.tokens for point in detail.points if point.tokens]
        unit, letter = formats.unit_of(known)
        pitch = 1 + max(3, *(len(formats.tokens_in(n, unit, 1)) for n in known), 3)
        count = max(1, (width - 5) // pitch)
        points = list(detail.points[-count:])
        times = f"solid: in first place, {formats.plural(detail.times_first, grain)}" if detail.times_first else ""
        lines = [section(ink, width, f"Tokens by {grain}, {letter}", times)]
        if not points:
            return [*lines, Line(ink, width).to(1).put("No period of the record has it on this basis", "dim").strip()]
        rows = max(2, height - 5)
        top = max(known[-count * 2 :], default=1)
        canvas = Canvas(ink, width, rows + 1)
        role = ink.country(detail.country)
        for n, point in enumerate(points):
            x = 4 + n * pitch
            if not point.tokens:
                canvas.text(x, rows, " — ", ink["faint"])
                continue
            eighths = max(1, round(point.tokens / top * rows * 8))
            faded = "" if point.first or ink.hatch else "-"
            canvas.column(x, [(("cn" if ink.hatch else role) + faded, eighths)], size=pitch - 1)
            text = formats.tokens_in(point.tokens, unit, 1)
            y = max(0, rows - -(-eighths // 8))
            canvas.text(x, y, f"{text:>{pitch - 1}}", ink["bright" if point.first else "text"])
        lines += [Strip(canvas.row(y), width) for y in range(rows + 1)]
        return [*lines, self._ranks(points, width, pitch), *self._dates(points, width, pitch)]

    def _ranks(self, points: Sequence[Point], width: int, pitch: int) -> Strip:
        line = Line(self.ink, width).put(" #", "dim")
        for n, point in enumerate(points):
            text = str(point.rank) if point.rank else "—"
            line.to(4 + n * pitch).put(f"{text:^{pitch - 1}}", "bright" if point.first else "dim")
        return line.strip()

    def _dates(self, points: Sequence[Point], width: int, pitch: int) -> list[Strip]:
        days, months = Line(self.ink, width), Line(self.ink, width)
        last = None
        for n, point in enumerate(points):
            start = point.period.start
            month = str(start.year) if point.period.grain is Grain.MONTH else formats.MONTHS[start.month - 1]
            day = formats.MONTHS[start.month - 1] if point.period.grain is Grain.MONTH else str(start.day)
            mark = "~" if point.state is State.RUNNING else ""
            days.to(4 + n * pitch).put(f"{mark + day:^{pitch - 1}}", "dim")
            if month != last:
                months.to(4 + n * pitch).put(month, "dim")
                last = month
        return [days.strip(), months.strip()]

    def _prices(self, detail: Detail, width: int) -> list[Strip]:
        ink = self.ink
        at = max((move.changed_at for move in detail.moves if move.changed_at), default=None)
        fact = f"changed {formats.day(at.date())}" if at else ""
        lines = [section(ink, width, "Price, $ per million", fact)]
        price = detail.price
        if price is None:
            return [*lines, Line(ink, width).to(1).put("not listed", "dim").strip()]
        if price.varies:
            return [*lines, Line(ink, width).to(1).put("varies with the model that the router picks", "text").strip()]
        ends = (width - 18, width - 9, width)
        head = Line(ink, width)
        for text, end in zip(("now", "before", "change %"), ends, strict=True):
            head.right([(text, "dim")], end)
        lines.append(head.strip())
        for move in detail.moves:
            line = Line(ink, width).to(2).put(move.name, "text")
            now = "free" if price.free and move.now == 0 else formats.price(move.now)
            line.right([(now, "bright" if move.now is not None else "faint")], ends[0])
            line.right([(formats.price(move.before), "text" if move.before is not None else "faint")], ends[1])
            lines.append(
                line.right(
                    [(formats.signed(move.change), "text" if move.change is not None else "faint")], ends[2]
                ).strip()
            )
        if price.list_input is not None:
            text = f"list {formats.price(price.list_input)} · {formats.price(price.list_output)}"
            lines.append(Line(ink, width).to(2).put(text, "dim").strip())
        for override in detail.overrides[:2]:
            where = f"from {override.min_prompt_tokens:,} tokens" if override.min_prompt_tokens else "at set hours"
            if override.utc_start:
                where = f"{override.utc_start}–{override.utc_end} UTC"
            text = f"{where}: {formats.price(per_million(override.prompt))} · {formats.price(per_million(override.completion))}"
            lines.append(Line(ink, width).to(2).put(text, "dim").strip())
        return lines

    def _streaks(self, detail: Detail, width: int) -> list[Strip]:
        ink, snapshot = self.ink, self.scene.snapshot
        assert snapshot is not None
        grain = snapshot.period.grain
        lines = [section(ink, width, "Streaks", f"to {formats.span(snapshot.period)}")]
        rows = [("in first place", detail.lead)]
        if detail.top_ten is not None:
            rows.append(("in the top 10", detail.top_ten))
        for name, streak in rows:
            text = formats.streak(streak, grain) if streak else formats.NO_DATA if streak.is_floor else "not now"
            lines.append(Line(ink, width).to(2).put(name, "text").right([(text, "text" if streak else "dim")]).strip())
        return lines

    def _parts(self, detail: Detail, width: int, height: int) -> list[Strip]:
        ink = self.ink
        unit, letter = formats.unit_of([tokens for _, _, tokens in detail.parts])
        lines = [section(ink, width, "Models", f"{len(detail.parts)} on the basis · {letter}")]
        for slug, name, tokens in detail.parts[: max(0, height - 1)]:
            line = Line(ink, width).to(2).put(formats.middle_cut(name, width - 16), "text")
            if slug.endswith(":free"):
                line.put(" free", "dim")
            lines.append(line.right([(formats.tokens_in(tokens, unit), "text")]).strip())
        return lines

    def _alerts(self, detail: Detail, width: int, height: int) -> list[Strip]:
        ink, snapshot = self.ink, self.scene.snapshot
        assert snapshot is not None
        lines = [section(ink, width, f"Alerts of this {detail.kind}", str(len(detail.alerts)))]
        for alert in detail.alerts[: max(0, height - 1)]:
            course = alert.state is Standing.ON_COURSE
            line = Line(ink, width).to(2).put("◇" if course else MARKS[alert.severity], "accent" if course else "dim")
            when: Piece = ("~", "accent") if course else (formats.day(alert.dated.date()), "dim")
            line.right([when], 10)
            text, value = own_phrase(alert, detail.id, snapshot.names), own_value(alert, snapshot.names)
            line.to(12).put(rule_word(alert)[:6], "dim")
            line.to(19).put(formats.middle_cut(text, max(6, width - 19 - len(value) - 2)), "text")
            lines.append(line.right([(value, "text")]).strip())
        return lines
