"""What a number is: one figure after the other with its formula, its inputs, and what would change it; and all definitions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from textual.containers import VerticalScroll
from textual.content import Content

from orwatch.domain.explain import Figure
from orwatch.domain.foreign_text import safe
from orwatch.errors import OrwatchError
from orwatch.present.explain import Explanation
from orwatch.present.formats import cell_width, end_cut
from orwatch.present.table import plain
from orwatch.present.writers import explanation as writers
from orwatch.present.writers.briefing import wrapped
from orwatch.tui.dialogs.dialog import Key, Keys, Laid, nothing, styled, with_addresses
from orwatch.tui.dialogs.pages import PAGE, Copy, PrintPage, definitions_page

LABEL = 12
"""Cells of what stands before the facts."""
Hint = Callable[[str], str]
"""The key of an action, as people read it."""


def laid_out(told: Explanation | str, hint: Hint, width: int) -> Content:
    """A figure explained, or why it is not, at a width in cells."""
    lines = map(Content, wrapped(safe(told), width)) if isinstance(told, str) else _lines(told, hint, width)
    return Content("\n").join(lines)


def _lines(told: Explanation, hint: Hint, width: int) -> Iterator[Content]:
    exactly = f"exactly {told.worked.exactly}" if told.worked.exactly else ""
    figure = Content.assemble(*styled(told.figure))
    together = figure.cell_length + 3 + len(exactly) <= width
    yield Content.assemble(figure, "   ", (exactly, "$ink-dim")) if together else figure
    if exactly and not together:
        yield Content.styled(exactly, "$ink-dim")
    for label, facts in writers.facts(told):
        if label != "left out":
            yield Content("")
        yield from _fact(label, facts, width)
    if told.worked.alternatives or told.known:
        yield Content("")
    if told.worked.alternatives:
        yield from _alternatives(told, hint, width)
    for line in wrapped(told.known, width - 4):
        yield Content.styled(f"    {line}", "$ink-dim")
    yield Content("")
    yield from map(with_addresses, _fact("source", (told.source,), width))


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


def _alternatives(told: Explanation, hint: Hint, width: int) -> Iterator[Content]:
    """What would change it: the key that does, what it is, the figures, and the result."""
    figures, result = told.heads
    middle = max(cell_width(figures), *(cell_width(each.figures) for each in told.worked.alternatives))
    last = max(cell_width(result), *(cell_width(each.result) for each in told.worked.alternatives))
    room = width - 4 - middle - last - 4
    heads = f"{figures:>{middle}}  {result:>{last}}"
    yield Content.styled(f"{'what would change it':<{width - len(heads)}}{heads}", "$ink-dim")
    for each in told.worked.alternatives:
        key = hint(each.action) if each.action else "≈"
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
        hint: Hint,
        opens: Callable[[Figure], tuple[str, Callable[[], None]] | None],
        quote: Callable[[Figure], None],
        copy: Copy,
    ) -> None:
        self.figures = figures
        self.at = at
        self.place = place
        self.read = read
        self.act = act
        self.hint = hint
        self.opens = opens
        self.told: Explanation | str = ""
        self.body = Laid(lambda width: laid_out(self.told, hint, width), "explained", PAGE)
        does = {
            "?": ("all definitions", lambda: self.app.push_screen(definitions_page())),
            "Y": ("quote", lambda: quote(self.figure)),
            "y": ("copy", lambda: self._copy(copy)),
        }
        super().__init__("What this number is", "", does, [self.body])

    @property
    def figure(self) -> Figure:
        """The one that is shown."""
        return self.figures[self.at]

    def keys(self) -> Keys:
        """Goes to another number, opens its row, does what would change it; else as every page."""
        last = len(self.figures) - 1
        gone_to = {"down": self.at + 1, "j": self.at + 1, "up": self.at - 1, "k": self.at - 1}
        gone_to |= {"home": 0, "g": 0, "end": last, "G": last}
        own: dict[str, Key] = {"↑ ↓": ("next number", nothing)}
        if opens := self.opens(self.figure):
            own["enter"] = (opens[0], partial(self._open, opens[1]))
        for each in self.told.worked.alternatives if isinstance(self.told, Explanation) else ():
            if each.action and self.hint(each.action):
                own[self.hint(each.action)] = ("", partial(self._change, each.action))
        own |= {key: ("", partial(self.show_figure, at)) for key, at in gone_to.items()}
        return {**own, **super().keys(), **own}  # in the order of the first, done as the last says

    def on_mount(self) -> None:
        """Shows the first one: before the first layout, which then knows its height."""
        self.show_figure(self.at)

    def show_figure(self, at: int) -> None:
        """Shows a figure as it is now, from its first line."""
        self.at = at % len(self.figures)
        try:
            self.told = self.read(self.figure)
        except OrwatchError as error:
            self.told = str(error)
        self.body.update(self.body.draw(self.room))
        count = f"{self.at + 1} of {len(self.figures)} numbers"
        when = self.told.when if isinstance(self.told, Explanation) else ""
        self.retitle(" · ".join(part for part in (self.place, when, count) if part))
        self.query_one(VerticalScroll).scroll_home(animate=False)

    def _open(self, opened: Callable[[], None]) -> None:
        self.close()
        opened()

    def _change(self, action: str) -> None:
        self.act(action)
        self.show_figure(self.at)

    def _copy(self, copy: Copy) -> None:
        if isinstance(self.told, Explanation):
            said = f"{plain(self.told.figure).strip()}, explained."
            copy("\n".join(map(safe, writers.figure_text(self.told))), safe(said))
