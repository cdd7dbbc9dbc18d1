"""View 8: quality beside price, as a table and a chart; what a habit costs with a dear model, a cheap one, and both mixed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Final

from msgspec import Struct
from textual.strip import Strip

from orwatch.core.views.habit import habit_costs, mix
from orwatch.core.views.value import value_list
from orwatch.domain.explain import Figure
from orwatch.domain.habit import (
    SESSIONS,
    TOKENS,
    Habit,
    HabitError,
    SessionHabit,
    amount,
    habit_line,
    parts_of,
    percent,
    read_habit,
    short_amount,
)
from orwatch.domain.leads import Kind
from orwatch.domain.value import HabitList, Mix, ScoreKey, ValueList, ValueRow
from orwatch.errors import KeyMissingError, NoDataError, UsageError
from orwatch.present import cells, formats
from orwatch.present.benchmarks import benchmark_words, source_name
from orwatch.present.explain import Explanation
from orwatch.present.table import Piece, width_of
from orwatch.present.tables import habit as tables
from orwatch.present.tables import value as words
from orwatch.tui.charts.scatter import scatter
from orwatch.tui.dialogs.dialog import ask
from orwatch.tui.dialogs.menu import Item, LineDialog, Menu
from orwatch.tui.panes.topic_pane import TopicPane
from orwatch.tui.widgets.paint import Block, Line, beside, blank, filled, section

BESIDE: Final = 110
"""Columns from which the chart stands beside the table."""
BLOCKS: Final = 27
"""Rows from which habit and mix have blocks of their own; below that a line tells them."""
BLOCK_ROWS: Final = 8
FORMS: Final = ("table", "chart", "costs")
RULES: Final = {
    "beaten": "beaten: another is as good and no dearer",
    "unpriced": "no price in the catalogue",
    "free": "free to call",
}
"""What stands over each group but the first."""
SHARES: Final = (Decimal(0), Decimal("0.08"), Decimal("0.5"), Decimal(1))
"""Parts of the dear model that a mix is shown at, beside the one that is set."""


class Work(Struct, frozen=True):
    """What is paid for: a habit, the part of it (0 to 1) that a dear model takes, and a budget in USD for all of its days."""

    habit: Habit
    dear: Decimal = Decimal("0.2")
    budget: Decimal = Decimal(100)

    @property
    def line(self) -> str:
        """As it is typed."""
        return f"{habit_line(self.habit)} dear {formats.part(self.dear)}% budget {short_amount(self.budget)}"


def read_work(text: str, before: Work) -> Work:
    """What is paid for, of a line; what it leaves out stays as before. Raises UsageError."""
    try:
        parts = parts_of(text)
        given, spent = parts.pop("dear", None), parts.pop("budget", None)
        habit = read_habit(parts, before.habit)
    except HabitError as error:
        raise tables.wrong(error) from None
    try:
        dear = before.dear if given is None else percent(given)
    except ValueError:
        raise UsageError(f"dear is {given!r}; it takes the percentage of the work that the dear model takes.") from None
    try:
        budget = before.budget if spent is None else amount(spent.removeprefix("$"))
    except ValueError:
        raise UsageError(f"budget is {spent!r}; it takes USD, such as 100.") from None
    return Work(habit, dear, budget)


class ValuePane(TopicPane[ValueList, ValueRow, words.ValueScale]):
    """Models by a score beside their prices, and what work costs with them.

    key_of: the score; None: that of the settings. form: what a small terminal shows. dear: permaslug of the dear model of the mix;
    None: the best. work: what is paid for.
    """

    key = "value"
    kind = Kind.MODEL
    table = words.VALUE
    topic = words.TOPIC
    between = 2
    foot_below = True
    also = ("monthly", "each", "mix_share", "outside")

    score: ScoreKey | None = None
    form = 0
    dear: str | None = None
    work: Work | None = None
    wrong_habit = ""

    def handlers(self) -> Mapping[str, Callable[[], object]]:
        return {
            "score": self.choose_score,
            "value_form": self.next_form,
            "habit": self.edit_work,
            "dear": self.make_dear,
        }

    # What is shown

    def find(self) -> ValueList:
        score = None if self.score is None else f"{self.score.source}:{self.score.name}"
        return value_list(self.reader.market, self.snapshot.query, score, None, self._cell)

    @property
    def chosen_here(self) -> tuple[object, ...]:
        return self.score, self._cell

    @property
    def _cell(self) -> SessionHabit | None:
        habit = self._work.habit
        return habit if isinstance(habit, SessionHabit) else None

    @property
    def _work(self) -> Work:
        """What is paid for: as it was typed, else as the settings have it."""
        if self.work is None:
            try:
                self.work = Work(tables.usual(self.reader.market.settings.value.habit))
            except UsageError as error:
                self.wrong_habit = str(error)
                self.work = Work(SESSIONS)
        return self.work

    def select_rows(self) -> None:
        """As every table does; the groups stay together."""
        super().select_rows()
        here = self.current
        self.rows = sorted(self.rows, key=lambda row: words.GROUPS.index(words.group_of(row)))
        if here is not None:
            self.cursor = next(n for n, row in enumerate(self.rows) if row is here)

    def title_facts(self) -> list[str]:
        return words.heading(self.found)

    def figures_below(self) -> Sequence[Figure]:
        """What the habit costs with each model that is told of it."""
        rows = () if self.trouble else self.costs[0].rows
        told = [row for row in rows if row.monthly is not None]
        return [Figure("monthly", None, row.permaslug, said=(row.name, "", "monthly")) for row in told]

    def explanation(self, figure: Figure) -> Explanation | None:
        if figure.term != "monthly":
            return super().explanation(figure)
        listed = self.costs[0]
        row = next((row for row in listed.rows if row.permaslug == figure.id), None)
        return None if row is None else tables.explained(self.snapshot, listed, row, figure.term)

    # Keys

    def choose_score(self) -> None:
        """Asks which score models are compared by."""
        if self.trouble:
            return
        items = [Item(f"{benchmark_words(key)}, {source_name(key.source)}", key) for key in self.found.choices]
        menu = Menu("Score", items, "Each source by itself: scores are never averaged.", "compare by", "w")

        def take(key: ScoreKey) -> None:
            self.score = key
            self.choose()

        ask(self.widget.app, menu, take)

    def next_form(self) -> None:
        """Table (where there is room, beside the chart and over the costs), chart alone, costs alone."""
        self.form = (self.form + 1) % len(FORMS)
        self.redraw()

    def make_dear(self) -> None:
        """The row under the cursor is the dear model of the mix; once more, the best is it again."""
        if self.current is not None:
            self.dear = None if self.dear == self.current.permaslug else self.current.permaslug
            self.redraw()

    def edit_work(self) -> None:
        """Asks what is paid for."""
        before = self._work

        def meant(text: str) -> str:
            work = read_work(text, before)
            return f"{tables.words(work.habit)}; {formats.part(work.dear)} % dear; ${short_amount(work.budget)}"

        def take(line: str) -> None:
            self.work = read_work(line, before)
            self.choose()

        others = [Work(habit, before.dear, before.budget).line for habit in (SESSIONS, TOKENS)]
        ask(self.widget.app, LineDialog("Habit and mix", before.line, meant, others), take)

    # Costs

    @property
    def costs(self) -> tuple[HabitList, Mix | None, str]:
        """What the habit costs, its mix, and why it is not the one that was asked for."""
        return self.once("costs", (self.chosen_here, self.work, self.dear, self.view.favourites), self._read_costs)

    def _read_costs(self) -> tuple[HabitList, Mix | None, str]:
        market, query, found, work = self.reader.market, self.snapshot.query, self.found, self._work
        entry = market.catalogue.entry
        present = market.prices(found.until).present
        best = [row.permaslug for row in found.rows if row.best]
        wanted = [self.dear or (best[0] if best else None), *self.view.favourites, found.base]
        slugs = [slug for slug in wanted if slug and (one := entry(slug)) is not None and one.id in present]
        habit, why = work.habit, self.wrong_habit
        try:
            listed = habit_costs(market, query, habit, list(dict.fromkeys(slugs)))
        except (KeyMissingError, NoDataError, UsageError) as error:
            habit, why = TOKENS, str(error)
            listed = habit_costs(market, query, habit, list(dict.fromkeys(slugs)))
        if len(slugs) < 2 or slugs[0] == slugs[-1]:
            return listed, None, why
        parts = [(slugs[0], work.dear), (slugs[-1], 1 - work.dear)]
        share = market.settings.value.input
        return listed, mix(market, query, habit, parts, input_share=share, budget=work.budget), why

    # Drawing

    @property
    def list_width(self) -> int:
        width = self.size.width
        return max(70, round(width * 0.61)) if self._beside else width

    @property
    def _beside(self) -> bool:
        return self.size.width >= BESIDE

    def draw_found(self, found: ValueList, width: int, height: int) -> list[Strip]:
        """Table and chart beside each other with the costs below, or one of them where there is no room."""
        form, facts = FORMS[self.form], self.title_facts()
        if not self.rows:
            return self.sentences(width, self.empty_state(), facts)
        if form == "table":
            return super().draw_found(found, width, height)
        head = self.head(width, facts)
        if form == "costs":
            half = max(5, (height - len(head)) // 2)
            return [*filled([*head, *self._habit(width, half - 1)], width, len(head) + half), *self._mix(width)]
        chart = scatter(self.ink, width, height - len(head) - 1, found, self.rows, self.current)
        return [*filled([*head, *chart], width, height - 1), self._gap_line(width)]

    def aside(self, width: int, height: int) -> list[Strip]:
        """The chart."""
        axes = f"{words.score_head(self.found.key)} · $ per million, log"
        chart = scatter(self.ink, width, height - 2, self.found, self.rows, self.current)
        return [section(self.ink, width, "Score by price", axes, "log"), *chart, self._gap_line(width)]

    def foot(self, width: int, height: int) -> list[Strip]:
        """The costs: blocks where there is room, else a line."""
        if not (self._beside and height >= BLOCKS):
            return [self._costs_line(width)]
        left = self.list_width
        side = width - left - self.between
        habit, mix = self._habit(left, BLOCK_ROWS), self._mix(side)
        return [blank(width), *beside(habit, left, mix, side, BLOCK_ROWS, self.between)]

    @property
    def rules(self) -> Mapping[int, str]:
        """Over each group but the first."""
        groups = [words.group_of(row) for row in self.rows]
        return {n: group for n, group in enumerate(groups) if group in RULES and group not in groups[:n]}

    def rule(self, width: int, name: str) -> Strip:
        text = RULES[name]
        if name == "unpriced" and self.found.prices_seen is not None:
            text = f"{text} of {formats.day(self.found.prices_seen.date())}"
        line = Line(self.ink, width).to(2).put(text, "dim")
        step = next((p.at for p in self.placed(width) if p.column.key == "step"), 0)
        if name == "beaten" and step > line.at + 4:
            line.put(" ").put("─" * (step - 2 - line.at), "rule").to(step).put("beaten by", "dim")
            return line.strip()
        return line.rule("rule").strip()

    def _gap_line(self, width: int) -> Strip:
        """The place of the best of CN."""
        text = words.gap_words(self.found) or ""
        short = text if len(text) <= width else text.partition(",")[0]
        return Line(self.ink, width).put(formats.end_cut(short, width)).strip()

    def _costs_line(self, width: int) -> Strip:
        """Habit and mix in a line; names are cut so that it fits."""
        listed, mixed, _ = self.costs
        habit = listed.habit
        if isinstance(habit, SessionHabit):
            count = f"{short_amount(habit.sessions)} a day"
        else:
            count = f"{short_amount(habit.calls)} calls of {short_amount(habit.context)}"
        line: list[Piece] = []
        for longest in (22, 16, 12, 9, 6):
            line = [(f"{count}, {formats.plural(habit.days, 'day')}", "dim")]
            for row in (*listed.rows[:1], *listed.rows[1:][-1:]):
                line.append((f"  {formats.middle_cut(row.name, longest)} ", "dim"))
                line.append((f"{'' if row.monthly is None else '$'}{formats.usd(row.monthly)}", "text"))
            if mixed is not None:
                line.append((f"  {formats.part(self._work.dear)} % dear ", "accent"))
                line.append((f"≈ ${formats.usd(mixed.whole.monthly)}", "bright"))
            if width_of(line) < width:
                break
        while width_of(line) >= width and len(line) > 3:
            line = [*line[:3], *line[5:]]  # without the second of them, then without the mix
        return Line(self.ink, width).to(1).pieces(line).strip()

    def _habit(self, width: int, height: int) -> list[Strip]:
        """What the habit costs with each model, and with both mixed."""
        block, (listed, mixed, why) = Block(self.ink, width), self.costs
        told = tables.words(listed.habit, listed.sessions)
        if listed.sessions is not None:
            told += f" · medians to {formats.day(listed.sessions.window_end)}"
        block.section("Habit", told, tables.words(listed.habit), "")
        if why:
            block.prose(("! ", "trouble+"), (why, "dim"), indent=0)
        heads, wide = tables.scale(listed.habit, listed.base), width >= 80
        each, monthly, ratio = (52, 38, 28) if wide else (26, 13, 3)  # cells behind each column
        line = block.line("CC Model", "dim", 2)
        line.figures((heads.each, "dim", each), (heads.monthly, "dim", monthly), ("× base", "dim", ratio))
        rows = listed.rows[: max(1, height - len(block) - (mixed is not None))]
        if len(rows) < len(listed.rows):  # the cheap one is never left out
            rows = (*rows[:-1], listed.rows[-1])
        roles = {len(rows) - 1: "cheap", 0: "dear"}
        for n, row in enumerate(rows):
            line = block.line(at=2).pieces(cells.code(row.country)).put(" ")
            line.put(formats.middle_cut(row.name, max(8, width - each - 18)))
            line.right(cells.number(row.each, 4), width - each)
            line.right(tables.usd(row.monthly, mark="≈ "), width - monthly)
            line.right(cells.base_ratio(row.ratio, base=row.permaslug == listed.base), width - ratio)
            if wide:
                line.to(width - ratio + 2).put(roles.get(n, ""), "dim")
        if mixed is not None:
            shares = f"{formats.part(self._work.dear)} % dear : {formats.part(1 - self._work.dear)} % cheap"
            base = next((row.monthly for row in listed.rows if row.permaslug == listed.base), None)
            whole = mixed.whole.monthly
            times = formats.multiple(whole / base) if whole is not None and base else formats.NO_DATA
            line = block.line(shares, "accent", 2)
            line.right([("≈ ", "dim"), (formats.usd(whole), "bright")], width - monthly).figures((times, "text", ratio))
            if (allowed := tables.allowed_words(mixed)) and wide:
                line.to(width - ratio + 2).put(formats.end_cut(allowed.removesuffix("."), ratio - 2), "dim")
        return block.strips()

    def _mix(self, width: int) -> list[Strip]:
        """What the mix costs at several shares of the dear model, and whose the sessions and the bill are."""
        block, (_, mixed, _) = Block(self.ink, width), self.costs
        if mixed is None:
            block.section("Mix")
            dear_key, cheap_key = self.hint("dear"), self.hint("base")
            told = f"{dear_key} makes the row under the cursor the dear model, {cheap_key} the cheap one."
            block.prose((told, "dim"), indent=0)
            return block.strips()
        dear, cheap = mixed.rows[0], mixed.rows[-1]
        a, b, own = dear.cost, cheap.cost, dear.share
        if a is None or b is None:
            return []
        names = f"dear {formats.middle_cut(a.name, 18)} · cheap {formats.middle_cut(b.name, 18)}"
        block.section("Mix", names, f"{formats.middle_cut(a.name, 14)} · {formats.middle_cut(b.name, 14)}", "")
        shares = sorted({*SHARES, own})
        if (width - 14) // len(shares) < 8 and own != SHARES[1]:
            shares.remove(SHARES[1])
        size = max(6, min(8, (width - 14) // len(shares)))
        places = [(share, size * n) for n, share in enumerate(reversed(shares))][::-1]
        line = block.line("dear share %", "dim")
        line.figures(*((formats.part(share), "accent+" if share == own else "dim", end) for share, end in places))
        kinds = (
            (tables.monthly_head(self._work.habit), dear.monthly, cheap.monthly),
            ("$ / M, blend", dear.blend, cheap.blend),
            ("$ / M, output", dear.output, cheap.output),
        )
        for name, one, two in kinds:
            line = block.line(name, "dim")
            for share, end in places:
                value = None if one is None or two is None else share * one + (1 - share) * two
                line.figures((formats.usd(value), "bright" if share == own else "text", end))
        calls = "sessions" if isinstance(self._work.habit, SessionHabit) else "calls"
        for name, part in ((calls, own), ("the bill", dear.share_of_bill)):
            if part is not None:
                reach = width - 19
                line = block.line(name, "dim").to(10).put("━" * round(reach * part), cells.country_role(a.country))
                line.put("━" * (reach - round(reach * part)), cells.country_role(b.country))
                line.figures((f"{round(part * 100)} : {round((1 - part) * 100)}", "bright", 0))
        return block.strips()
