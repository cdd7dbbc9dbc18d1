"""View 6: the public apps of a week, their places in the weeks before, and who passed whom."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from msgspec.structs import replace
from textual.strip import Strip

from orwatch.core.views.apps import apps, categories
from orwatch.domain.apps import AppFigures, Apps
from orwatch.domain.periods import State
from orwatch.present import formats
from orwatch.present.table import Piece
from orwatch.present.tables import apps as tables
from orwatch.tui.dialogs.dialog import ask
from orwatch.tui.dialogs.menu import Item, Menu
from orwatch.tui.panes.pane import spaced
from orwatch.tui.panes.topic_pane import TopicPane
from orwatch.tui.widgets.paint import Block, beside, blank

TALL = 24
"""Rows from which there are blocks under the table."""
BESIDE = 100
"""Columns from which two of them stand side by side."""
BLOCK = 12
"""Rows of a block, its head among them, at most."""


class AppsPane(TopicPane[Apps, AppFigures, tables.AppsScale]):
    """Rank, tokens, share, change, requests, tokens per request; places by week, of all or of one, and who passed whom."""

    key = "apps"
    narrowed = frozenset({"words"})
    table = tables.APPS
    topic = tables.TOPIC
    also = ("leads", "flip")

    category: str | None = None

    def handlers(self) -> Mapping[str, Callable[[], object]]:
        return {"trending": partial(self.turn_sort, "gain"), "category": self.choose_category, "detail": self.read}

    @property
    def trending(self) -> bool:
        """Whether the apps are in the order of what they gained on the weeks before."""
        return self.sort == "gain"

    def choose_category(self) -> None:
        """Asks which apps are shown."""
        if self.trouble:
            return
        known = categories(self.reader.market)
        shown = {row.app_id for row in self.found.rows}
        items = [Item(f"all apps, {len(shown)}", "")]
        items += [Item(f"{name}, {len(ids & shown)}", name) for name, ids in sorted(known.items())]
        menu = Menu("Category", items, "Of the newest whole week; an app can be in several.", "show", "g")

        def take(name: str) -> None:
            self.category = name or None
            self.choose()

        ask(self.widget.app, menu, take)

    def source(self) -> Sequence[AppFigures]:
        rows = super().source()
        if self.category is None:
            return rows
        ids = categories(self.reader.market).get(self.category, frozenset())
        return [row for row in rows if row.app_id in ids]

    def badge(self) -> list[Piece]:
        told = " ".join(filter(None, (self.category, "trending" if self.trending else "")))
        return spaced([(told, "accent")] if told else [], super().badge())

    def scale(self, width: int) -> tables.AppsScale:
        return replace(super().scale(width), trending=self.trending)

    def find(self) -> Apps:
        asked = self.snapshot.query
        at = asked.at if asked.at in ("newest", "now") else self.snapshot.period.day
        return apps(self.reader.market, replace(asked, at=at))

    def title_facts(self) -> list[str]:
        found = self.found
        if self.trending:
            how = "by orwatch" if tables.can_trend(found) else "not all in the cache"
            return [f"week {formats.span(found.period)} − mean of the 3 before, {how}", self.age]
        state = "" if found.state is State.COMPLETE else f"~ to {formats.day(found.end)}"
        return [f"week {formats.span(found.period)} {state}".rstrip(), tables.LOWER_BOUND, self.age]

    # Under the table

    def foot(self, width: int, height: int) -> list[Strip]:
        """Everything else; then places by week and who passed whom, where there is room."""
        found, out = self.found, []
        if found.outside is not None:
            cells = tables.other(found, tables.scale(found).unit)
            out.append(self.row_below(width, cells, "app", cells["app"][0][0], "all else"))
        if height < TALL and self.reading is None:
            return out
        room = min(BLOCK, height // 3)
        block = self._weeks if self.reading is not None else self._places
        if width < BESIDE:
            return [*out, blank(width), *block(found, width, room)]
        left = round((width - 3) * 0.55)
        side = width - 3 - left
        places, passes = block(found, left, room), self._passes(found, side, room)
        return [*out, blank(width), *beside(places, left, passes, side, room, gutter=3)]

    def _places(self, found: Apps, width: int, height: int) -> list[Strip]:
        """The rank of each app in the newest weeks, risers bright."""
        block, weeks = Block(self.ink, width), found.shown_weeks
        block.section("Place by week", f"weeks from {formats.day(weeks[0].start)} · bright: rose", "bright: rose")
        # Cells behind each week: tokens and growth, and later weeks.
        ends = [15 + 4 * n for n in reversed(range(len(weeks)))]
        head = block.line("App", "dim")
        head.figures(*((str(week.start.day), "dim", end) for week, end in zip(weeks, ends, strict=True)))
        unit, letter = formats.unit_of([row.tokens for row in found.rows])
        head.figures((letter, "dim", 7), (f"{len(weeks) - 1} wk %", "dim", 0))
        for row in found.rows[: height - 2]:
            line = block.line(formats.end_cut(row.name, width - ends[0] - 5))
            for rank, before, end in zip(row.ranks, (None, *row.ranks[:-1]), ends, strict=True):
                rose = rank is not None and (rank == 1 or (before is not None and rank < before))
                role = "faint" if rank is None else "bright" if rose else "dim"
                line.figures((formats.NOTHING if rank is None else str(rank), role, end))
            grown = formats.signed(row.growth, 0), "faint" if row.growth is None else "text", 0
            line.figures((formats.tokens_in(row.tokens, unit), "text", 7), grown)
        return block.strips()

    def _weeks(self, found: Apps, width: int, height: int) -> list[Strip]:
        """The weeks of one app, newest first."""
        block = Block(self.ink, width)
        row = next((row for row in found.rows if str(row.app_id) == self.reading), None)
        if row is None:
            block.section("Place by week")
            block.prose(("Not in this week.", "dim"), indent=0)
            return block.strips()
        block.section(row.name, f"id {row.app_id} · rank and tokens by week")
        unit, letter = formats.unit_of([value for value in row.trend if value])
        block.line("Week of", "dim").right([("rank", "dim")], 24).right([(letter, "dim")], 34)
        known = list(zip(found.shown_weeks, row.ranks, row.trend[-len(row.ranks) :], strict=True))
        for week, rank, tokens in reversed(known[-(height - 2) :]):
            place = (f"> {found.asked}", "faint") if rank is None else (str(rank), "bright")
            line = block.line(formats.span(week)).right([place], 24)
            line.right([(formats.tokens_in(tokens, unit), "text")], 34)
        return block.strips()

    def _passes(self, found: Apps, width: int, height: int) -> list[Strip]:
        """Who passed whom among the largest, newest first; who leads, and what is still to be asked for."""
        block, below = Block(self.ink, width), Block(self.ink, width)
        if words := tables.lead_words(found):
            below.prose((words, "text"), indent=0)
        if found.wanting:
            weeks = formats.plural(found.wanting, "week")
            below.prose((f"{weeks} back to January 2025 are asked for, twelve a day.", "dim"), indent=0)
        unit, letter = formats.unit_of([one.tokens for one in found.passes])
        block.section("Who passed whom", f"complete weeks · {letter} tokens", "complete weeks")
        for one in found.passes[: max(0, height - 2 - len(below))]:
            line = block.line().right([(formats.day(one.period.start), "dim")], 6).put("  ")
            figures = f"{formats.tokens_in(one.tokens, unit)} : {formats.tokens_in(one.passed_tokens, unit)}"
            names = max(8, width - line.at - len(figures) - 9)
            line.put(formats.end_cut(one.name, names // 2 + names % 2)).put(" passes ", "dim")
            line.put(formats.end_cut(one.passed, names // 2)).figures((figures, "text", 0))
        if not found.passes:
            block.prose(("Nobody, in the weeks that the cache has.", "dim"), indent=0)
        block.gap()
        return [*block.strips(), *below.strips()]
