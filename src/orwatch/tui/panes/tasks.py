"""View 7: what models are used for: macro categories, whose models, programming by week; and every task, with a cursor."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial

from msgspec.structs import replace
from textual.strip import Strip

from orwatch.core.views.tasks import tasks
from orwatch.domain.tasks import ROUNDING, TaskLine, Tasks
from orwatch.present import cells, formats
from orwatch.present.table import Piece
from orwatch.present.tables import tasks as tables
from orwatch.tui.charts.canvas import EIGHTHS, Band, strip_100
from orwatch.tui.panes.topic_pane import TopicPane
from orwatch.tui.widgets.paint import Block, blank

COUNTRIES = ("CN", "US")
"""Those that are named beside the strip of whose models."""


class TasksPane(TopicPane[Tasks, TaskLine, Sequence[TaskLine]]):
    """Shares of tokens and of requests, changes in points, who leads in each task, and the models of the one that is read."""

    key = "tasks"
    narrowed = frozenset({"words"})
    table = tables.TASKS
    topic = tables.TOPIC
    part = 0.39
    also = ("programming",)

    def handlers(self) -> Mapping[str, Callable[[], object]]:
        return {"detail": self.read, "task_share": partial(self.turn_sort, "requests")}

    def find(self) -> Tasks:
        asked = self.snapshot.query
        at = self.snapshot.period.end if isinstance(asked.at, date) else "newest"
        return tasks(self.reader.market, replace(asked, at=at))

    def rest(self, width: int) -> list[Strip]:
        rows = self._models(self.found, width - 1) or self._macros(self.found, width - 1)
        return [Strip.join([blank(1), row]) for row in rows]

    def draw_found(self, found: Tasks, width: int, height: int) -> list[Strip]:
        since = f"change since {formats.day(found.before)}, in points" if found.before else "no earlier snapshot yet"
        if not self.is_beside:
            head, blocks = self.head(width, [tables.span(found), self.age]), []
        else:
            left = self.list_at - 3
            head = self.head(left, [f"{found.days} days to {formats.day(found.as_of)}, sampled"])
            blocks = [self._macros(found, left), self._models(found, left) or self._whose(found, left)]
            used = len(head) + sum(len(block) + 1 for block in blocks)
            blocks.append(self._programming(found, left, height - used))
        return self.with_list(head, blocks, since, height)

    def _macros(self, found: Tasks, width: int) -> list[Strip]:
        """The macro categories: tokens and requests in two columns and two greys, then what they come to."""
        block, name = Block(self.ink, width), self._name_cells(found)
        half = (width - name - 4) // 2
        first = name + 1 + half
        block.line("Category", "dim").right([("of tokens %", "dim")], first).figures(("of requests %", "dim", 0))
        most = max((max(row.token_share, row.request_share) for row in found.macros), default=1.0) or 1.0
        for row in found.macros:
            line = block.line(row.name)
            for share, role, shade, start, end in (
                (row.token_share, "bright", "text", name + 1, first),
                (row.request_share, "text", "dim", width - half, width),
            ):
                line.to(start).pieces(cells.bar(share / most, max(1, half - 7), shade))
                line.right([(formats.percent(share), role)], end)
        if found.together is not None:
            tokens, requests = (formats.percent(share) for share in found.together)
            told: list[Piece] = [("Code + agent ", "dim"), (f"{tokens} %", "bright"), (" · of requests ", "dim")]
            block.prose(*told, (f"{requests} %", "text"), indent=0)
        moved = [row for row in found.macros if row.token_change is not None and abs(row.token_change) >= ROUNDING]
        if moved:
            moved.sort(key=lambda row: -(row.token_change or 0))
            words = " ".join(f"{row.name.casefold()} {formats.signed(row.token_change)}" for row in moved)
            block.prose(("Δ points ", "dim"), (words, "text"), indent=0)
        return block.strips()

    @staticmethod
    def _name_cells(found: Tasks) -> int:
        return max([8, *(len(row.name) for row in found.macros)])

    def _models(self, found: Tasks, width: int) -> list[Strip]:
        """The models that are named in the task that is read, most tokens first; none where none is."""
        block = Block(self.ink, width)
        row = next((row for row in found.tasks if row.tag == self.reading), None)
        if row is None or found.named is None:
            return []
        block.section(row.name, f"of its tokens, requests %, to {formats.day(found.named)}", "tokens, requests %")
        if not row.leaders:
            block.prose(("No models of it are named.", "dim"), indent=0)
        for model in row.leaders:
            line = block.line().pieces(cells.code(model.country)).put(" ")
            line.put(formats.middle_cut(model.name, max(4, width - 18)))
            requests = formats.percent(model.request_share), "dim", 0
            line.figures((formats.percent(model.token_share), "bright", 7), requests)
        return block.strips()

    def _whose(self, found: Tasks, width: int) -> list[Strip]:
        """Whose models a macro category's tokens go to, as far as they are named."""
        block, name = Block(self.ink, width), self._name_cells(found) + 1
        if found.named is None:
            return []
        block.section("Whose models", f"of tokens %, to {formats.day(found.named)}")
        for row in found.macros:
            held = found.countries.get(row.macro, {})
            line = block.line(row.name).to(name)
            line.segments(strip_100(self.ink, max(8, width - name - 14), self._bands(held)))
            told: list[Piece] = []
            for code in COUNTRIES:
                told += [(code, f"{self.ink.country(code)}+"), (f" {formats.percent(held.get(code), 0):>2} ", "text")]
            line.right(told)
        block.prose(("the rest: not among the ten that are named", "dim"), indent=0)
        return block.strips()

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
        block, shares = Block(self.ink, width), [share for _, share in weeks]
        top, rows = max(shares), height - 4
        step = max(1, min(2, (width - 8) // len(weeks)))
        block.section("Programming", "of all tokens %, sampled")
        peak = shares.index(top)
        block.line(formats.percent(top), "bright", max(0, min(width - 8, peak * step - 2)))
        first = formats.percent(shares[0])
        below = max(shares[: -(-len(first) // step)]) / top * rows  # the columns that it would stand on
        for row in range(rows, 0, -1):
            line = block.line(first if row == math.ceil(below) + 1 else "", "dim")
            for n, share in enumerate(shares[line.at // step :], line.at // step):
                level = round(max(0.0, min(1.0, share / top * rows - (row - 1))) * 8)
                line.put(EIGHTHS[level] * step, "unattributed" if n in (peak, len(shares) - 1) else "unattributed-")
            if row == max(1, round(shares[-1] / top * rows)):
                line.put(f" {formats.percent(shares[-1])}", "bright")
        months, last = block.line(), None
        for n, (week, _) in enumerate(weeks):
            name = f"{week.start:%b}"
            if name != last and n * step >= months.at:
                months.to(n * step).put(f"{name} ", "dim")
            last = name
        end = formats.day(weeks[-1][0].start, year=True)
        block.prose((f"to {end}, by another classifier", "dim"), indent=0)
        return block.strips()
