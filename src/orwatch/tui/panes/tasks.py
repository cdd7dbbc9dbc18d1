"""View 7: what models are used for: macro categories, whose models, programming by week; and every task, with a cursor."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import date
from typing import ClassVar

from msgspec.structs import replace
from rich.style import Style
from textual.strip import Strip

from orwatch.core.market import Market
from orwatch.core.views.tasks import tasks
from orwatch.domain.overview import Snapshot
from orwatch.domain.tasks import ROUNDING, TaskLine, Tasks
from orwatch.present import cells, formats
from orwatch.present.table import Piece
from orwatch.present.tables import tasks as tables
from orwatch.present.topics.tasks import TOPIC
from orwatch.tui.charts.canvas import Band, strip_100
from orwatch.tui.panes.topic_pane import TopicPane
from orwatch.tui.widgets.paint import Line, blank, prose, section

EIGHTHS = " ▁▂▃▄▅▆▇█"
COUNTRIES = ("CN", "US")
"""Those that are named beside the strip of whose models."""


class TasksPane(TopicPane[Tasks, TaskLine, tables.TasksScale]):
    """Shares of tokens and of requests, changes in points, who leads in each task, and the models of the one that is read."""

    key: ClassVar[str] = "tasks"
    narrowed = frozenset({"words"})
    title: ClassVar[str] = tables.TASKS.title
    table = tables.TASKS
    topic = TOPIC
    part = 0.39
    also: ClassVar[tuple[str, ...]] = ("programming",)

    def handlers(self) -> Mapping[str, Callable[[], object]]:
        return {"detail": self.read, "task_share": self.turn_share}

    def turn_share(self) -> None:
        """By their shares of requests, and of tokens again."""
        self.sort_by(self.table.default_sort if self.sort == "requests" else "requests")

    def find(self, market: Market, snapshot: Snapshot) -> Tasks:
        at = snapshot.period.end if isinstance(snapshot.query.at, date) else "newest"
        return tasks(market, replace(snapshot.query, at=at))

    def rest(self, width: int) -> list[Strip]:
        rows = []
        if (found := self.found) is not None:
            rows = self._models(found, width - 1) or self._macros(found, width - 1)
        return [Strip.join([blank(1), row]) for row in rows]

    def build(self, width: int, height: int) -> list[Strip]:
        found = self.found
        if found is None:
            return self.sentences(width, self.empty_state())
        since = f"change since {formats.day(found.before)}, in points" if found.before else "no earlier snapshot yet"
        if not self.is_beside:
            head, blocks = self.head(width, [tables.span(found), self.age]), []
        else:
            left = self.list_at - 3
            head = self.head(left, [f"{found.days} days to {formats.day(found.as_of)}, sampled"])
            blocks = [self._macros(found, left), self._models(found, left) or self._whose(found, left)]
            used = len(head) + sum(len(block) + 1 for block in blocks)
            blocks.append(self._programming(found, left, height - used))
        return self.with_list(head, blocks, lambda where: f"{where} · {since}", height)

    def _macros(self, found: Tasks, width: int) -> list[Strip]:
        """The macro categories: tokens and requests in two columns and two greys, then what they come to."""
        name = max([8, *(len(row.name) for row in found.macros)])
        half = (width - name - 4) // 2
        head = Line(self.ink, width).put("Category", "dim").right([("of tokens %", "dim")], name + 1 + half)
        lines = [head.right([("of requests %", "dim")]).strip()]
        most = max((max(row.token_share, row.request_share) for row in found.macros), default=1.0) or 1.0
        for row in found.macros:
            line = Line(self.ink, width).put(row.name, "text")
            for share, role, bar, start in (
                (row.token_share, "bright", "text", name + 1),
                (row.request_share, "text", "dim", width - half),
            ):
                room = max(1, half - 7)
                line.to(start).pieces(cells.bar(share / most, room, bar))
                line.right([(formats.percent(share), role)], start + half if start == name + 1 else width)
            lines.append(line.strip())
        if found.together is not None:
            tokens, requests = (formats.percent(share) for share in found.together)
            told: list[Piece] = [("Code + agent ", "dim"), (f"{tokens} %", "bright"), (" · of requests ", "dim")]
            lines += prose(self.ink, width, [*told, (f"{requests} %", "text")], 0)
        moved = [row for row in found.macros if row.token_change is not None and abs(row.token_change) >= ROUNDING]
        if moved:
            moved.sort(key=lambda row: -(row.token_change or 0))
            words = " ".join(f"{row.name.casefold()} {formats.signed(row.token_change)}" for row in moved)
            lines += prose(self.ink, width, [("Δ points ", "dim"), (words, "text")], 0)
        return lines

    def _models(self, found: Tasks, width: int) -> list[Strip]:
        """The models that are named in the task that is read, most tokens first; none where none is."""
        row = next((row for row in found.tasks if row.tag == self.reading), None)
        if row is None or found.named is None:
            return []
        fact = f"of its tokens, requests %, to {formats.day(found.named)}"
        lines = [section(self.ink, width, row.name, fact, "tokens, requests %")]
        if not row.leaders:
            lines += prose(self.ink, width, [("No models of it are named.", "dim")], 0)
        for model in row.leaders:
            line = Line(self.ink, width).pieces(cells.code(model.country)).put(" ")
            line.put(formats.middle_cut(model.name, max(4, width - 18)), "text")
            line.right([(formats.percent(model.token_share), "bright")], width - 7)
            lines.append(line.right([(formats.percent(model.request_share), "dim")]).strip())
        return lines

    def _whose(self, found: Tasks, width: int) -> list[Strip]:
        """Whose models a macro category's tokens go to, as far as they are named."""
        if found.named is None:
            return []
        lines = [section(self.ink, width, "Whose models", f"of tokens %, to {formats.day(found.named)}")]
        name, right = max([8, *(len(row.name) for row in found.macros)]) + 1, 14
        room = max(8, width - name - right)
        for row in found.macros:
            held = found.countries.get(row.macro, {})
            line = Line(self.ink, width).put(row.name, "text").to(name)
            for segment in strip_100(self.ink, room, self._bands(held)):
                line.put(segment.text, segment.style or Style())
            told: list[Piece] = []
            for code in COUNTRIES:
                told += [(code, f"{self.ink.country(code)}+"), (f" {formats.percent(held.get(code), 0):>2} ", "text")]
            lines.append(line.right(told).strip())
        return [*lines, *prose(self.ink, width, [("the rest: not among the ten that are named", "dim")], 0)]

    def _bands(self, held: Mapping[str | None, float]) -> list[Band]:
        """Both countries, all others, those without one, and what is not named."""
        bands = [(self.ink.country(code), held.get(code, 0.0)) for code in COUNTRIES]
        rest = sum(share for code, share in held.items() if code is not None and code not in COUNTRIES)
        bands += [("elsewhere", rest), ("unattributed", held.get(None, 0.0))]
        return [*bands, ("other", max(0.0, 1 - sum(share for _, share in bands)))]

    def _programming(self, found: Tasks, width: int, height: int) -> list[Strip]:
        """The share of programming by week as columns, the highest, the first and the last named."""
        weeks = list(found.programming.items())[-(width - 8) :]
        if not weeks or height < 6:
            return []
        shares = [share for _, share in weeks]
        top, rows = max(shares), height - 4
        step = max(1, min(2, (width - 8) // len(weeks)))
        lines = [section(self.ink, width, "Programming", "of all tokens %, sampled")]
        peak = shares.index(top)
        label = Line(self.ink, width)
        label.to(max(0, min(width - 8, peak * step - 2))).put(formats.percent(top), "bright")
        lines.append(label.strip())
        first = formats.percent(shares[0])
        below = max(shares[: -(-len(first) // step)]) / top * rows  # the columns that it would stand on
        for row in range(rows, 0, -1):
            line = Line(self.ink, width)
            if row == math.ceil(below) + 1:
                line.put(first, "dim")
            for n, share in enumerate(shares[line.at // step :], line.at // step):
                level = round(max(0.0, min(1.0, share / top * rows - (row - 1))) * 8)
                line.put(EIGHTHS[level] * step, "unattributed" if n in (peak, len(shares) - 1) else "unattributed-")
            if row == max(1, round(shares[-1] / top * rows)):
                line.put(" ").put(formats.percent(shares[-1]), "bright")
            lines.append(line.strip())
        months, last = Line(self.ink, width), None
        for n, (week, _) in enumerate(weeks):
            name = f"{week.start:%b}"
            if name != last and n * step >= months.at:
                months.to(n * step).put(name, "dim").put(" ")
            last = name
        end = formats.day(weeks[-1][0].start, year=True)
        return [*lines, months.strip(), *prose(self.ink, width, [(f"to {end}, by another classifier", "dim")], 0)]
