"""What a number is: one figure after the other with its formula, its inputs, and what would change it; and all definitions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from textual import events
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from orwatch.domain.explain import Figure
from orwatch.domain.foreign_text import safe
from orwatch.errors import OrwatchError
from orwatch.present.definitions import TERMS
from orwatch.present.explain import Explanation
from orwatch.present.formats import cell_width, end_cut
from orwatch.present.table import plain
from orwatch.present.writers import explanation as writers
from orwatch.present.writers.briefing import wrapped
from orwatch.tui.dialogs.dialog import Keys, styled, with_addresses
from orwatch.tui.dialogs.pages import Copy, PrintPage

LABEL = 12
"""Cells of what stands before the facts."""
NEXT = {"down": 1, "j": 1, "up": -1, "k": -1}
"""Keys that go to the next number or the one before."""


class ExplainedText(Static):
    """One figure explained. hint: the key of an action, as people read it."""

    def __init__(self, hint: Callable[[str], str]) -> None:
        super().__init__(classes="explained")
        self.hint = hint
        self.told: Explanation | str = ""

    def show(self, told: Explanation | str, width: int) -> None:
        """Takes another one, or why there is none, and lays it out at a width in cells."""
        self.told = told
        lines = map(Content, wrapped(safe(told), width)) if isinstance(told, str) else self._laid_out(told, width)
        self.update(Content("\n").join(lines))

    def _laid_out(self, told: Explanation, width: int) -> Iterator[Content]:
        exactly = f"exactly {told.exactly}" if told.exactly else ""
        figure = Content.assemble(*styled(told.figure))
        together = figure.cell_length + 3 + len(exactly) <= width
        yield Content.assemble(figure, "   ", (exactly, "$ink-dim")) if together else figure
        if exactly and not together:
            yield Content.styled(exactly, "$ink-dim")
        for label, facts in writers.facts(told):
            if label != "left out":
                yield Content("")
            yield from self._fact(label, facts, width)
        if told.alternatives:
            yield Content("")
            yield from self._alternatives(told, width)
        elif told.known:
            yield Content("")
        for line in wrapped(told.known, width - 4):
            yield Content.styled(f"    {line}", "$ink-dim")
        yield Content("")
        yield from map(with_addresses, self._fact("source", (told.source,), width))

    @staticmethod
    def _fact(label: str, facts: Sequence[str], width: int) -> Iterator[Content]:
        """A label and its lines: of a formula that with the numbers is bright, behind a point it is dim."""
        for n, fact in enumerate(facts):
            for m, line in enumerate(wrapped(fact, width - LABEL)):
                head = (f"{label if n == m == 0 else '':<{LABEL}}", "$ink-dim")
                if label == "formula" and n:
                    yield Content.assemble(head, (safe(line), "$ink-bright bold"))
                    continue
                first, point, rest = line.partition(" · ")
                style = "$ink-bright bold" if label == "basis" and m == 0 else "$foreground"
                yield Content.assemble(head, (safe(first), style), (safe(f"{point}{rest}"), "$ink-dim"))

    def _alternatives(self, told: Explanation, width: int) -> Iterator[Content]:
        """What would change it: the key that does, what it is, the figures, and the result."""
        figures, result = told.heads
        middle = max(cell_width(figures), *(cell_width(each.figures) for each in told.alternatives))
        last = max(cell_width(result), *(cell_width(each.result) for each in told.alternatives))
        room = width - 4 - middle - last - 4
        heads = f"{figures:>{middle}}  {result:>{last}}"
        yield Content.styled(f"{'what would change it':<{width - len(heads)}}{heads}", "$ink-dim")
        for each in told.alternatives:
            key = self.hint(each.action) if each.action else "≈"
            words = end_cut(each.words, room)
            row = f"{words}{' ' * (room - cell_width(words))}  {each.figures:>{middle}}  "
            yield Content.assemble(
                (f" {key:<3}", "$ink-accent bold"),
                (safe(row), "$foreground"),
                (safe(f"{each.result:>{last}}"), "$ink-bright"),
            )


class ExplainPage(PrintPage):
    """The figures of a pane, one at a time.

    at: the first one shown. place: the name of the pane. read: explains one, as things are now. act: does an action of the
    dashboard. opens: what Enter opens of a figure, in a word and what is called; quote: opens the sentence of one.
    """

    def __init__(
        self,
        figures: Sequence[Figure],
        at: int,
        place: str,
        *,
        read: Callable[[Figure], Explanation],
        act: Callable[[str], None],
        hint: Callable[[str], str],
        opens: Callable[[Figure], tuple[str, Callable[[], None]] | None],
        quote: Callable[[Figure], None],
        copy: Copy,
    ) -> None:
        super().__init__(
            "What this number is",
            "",
            {
                "?": ("all definitions", self._definitions),
                "Y": ("quote", lambda: quote(self.figure)),
                "y": ("copy", lambda: self._copy(copy)),
            },
        )
        self.figures = figures
        self.at = at
        self.place = place
        self.read = read
        self.act = act
        self.hint = hint
        self.opens = opens
        self.body = ExplainedText(hint)

    @property
    def figure(self) -> Figure:
        """The one that is shown."""
        return self.figures[self.at]

    @property
    def keys(self) -> Keys:
        """What Enter does depends on the figure."""
        opens = self.opens(self.figure)
        return [("↑ ↓", "next number"), *([("Enter", opens[0])] if opens else []), *super().keys]

    def parts(self) -> ComposeResult:
        yield self.body

    def on_mount(self) -> None:
        """Shows the first one: before the first layout, which then knows its height."""
        self.show_figure()

    def on_resize(self) -> None:
        """Lays it out at the new width."""
        super().on_resize()
        self.body.show(self.body.told, self.room)

    def show_figure(self) -> None:
        """Shows the figure as it is now, from its first line."""
        told: Explanation | str
        try:
            told = self.read(self.figure)
        except OrwatchError as error:
            told = str(error)
        self.body.show(told, self.room)
        count = f"{self.at + 1} of {len(self.figures)} numbers"
        when = told.when if isinstance(told, Explanation) else ""
        self.retitle(" · ".join(part for part in (self.place, when, count) if part))
        self.query_one(VerticalScroll).scroll_home(animate=False)

    def _definitions(self) -> None:
        self.app.push_screen(DefinitionsPage())

    def _copy(self, copy: Copy) -> None:
        told = self.body.told
        if isinstance(told, Explanation):
            said = f"{plain(told.figure).strip()}, explained."
            copy("\n".join(map(safe, writers.figure_text(told))), safe(said))

    def on_key(self, event: events.Key) -> None:
        """Goes to another number, opens its row, does what would change it; else as every page."""
        if not (self.is_current and self._take(event)):
            super().on_key(event)
            return
        event.stop()
        event.prevent_default()

    def _take(self, event: events.Key) -> bool:
        told, opens = self.body.told, self.opens(self.figure)
        alternatives = told.alternatives if isinstance(told, Explanation) else ()
        actions = {self.hint(each.action): each.action for each in alternatives if each.action}
        if event.key in NEXT:
            self.at = (self.at + NEXT[event.key]) % len(self.figures)
        elif event.key in ("home", "end", "g", "G"):
            self.at = 0 if event.key in ("home", "g") else len(self.figures) - 1
        elif event.character and event.character in actions:
            self.act(actions[event.character])
        elif event.key == "enter" and opens is not None:
            self.dismiss()
            opens[1]()
            return True
        else:
            return False
        self.show_figure()
        return True


class DefinitionsPage(PrintPage):
    """Every term of the definitions."""

    def __init__(self) -> None:
        super().__init__("All definitions", f"{len(TERMS)} terms", {})

    def parts(self) -> ComposeResult:
        lines = writers.glossary([term.of() for term in TERMS.values()]).splitlines()
        yield Static(Content("\n").join(map(self._line, lines)), classes="lines")

    @staticmethod
    def _line(line: str) -> Content:
        title, rule, rest = line.partition(" ─")
        if rule:
            return Content.assemble((title, "$ink-bright bold"), (f"{rule}{rest}", "$ink-dim"))
        return Content.assemble((line[: writers.KEYS], "$ink-accent"), line[writers.KEYS :])
