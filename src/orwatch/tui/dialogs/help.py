"""Help for what is in focus, from the table of actions and the table of definitions."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from functools import partial

from textual.app import ComposeResult
from textual.containers import Grid, Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Rule, Static

from orwatch.domain.periods import Grain
from orwatch.present.definitions import TERMS
from orwatch.present.formats import cell_width, noun
from orwatch.tui.actions import Keymap
from orwatch.tui.dialogs.dialog import Keys, Laid, TextOverlay

Line = tuple[str, str, str]
"""A key, mark or term; its style; what it means."""

KEY_WIDTH, WORD_WIDTH, MARK_WIDTH = 9, 10, 7

MARKS = (
    ("complete", "✓", "$ink-accent"),
    ("running", "~", "$ink-accent bold"),
    ("composed", "+d", "$ink-dim"),
    ("moved", "▲2 ▼1", "$foreground"),
    ("new", "new", "$ink-accent"),
    ("back", "back", "$foreground"),
    ("unattributed", "??", "$ink-unattributed bold"),
    ("other", "other", "$ink-dim"),
    ("no_data", "—", "$ink-faint"),
    ("floor", "≥ 8", "$foreground"),
    ("mark", "◆ • ·", "$foreground"),
    ("on_course", "◇ ~", "$ink-accent"),
)
"""What stands beside a figure: the key of its definition, the mark, its style."""

BASES = tuple((key, key, "$ink-bright") for key in ("chart", "top10", "top50"))

WORDS = ("leader", "flip", "streak", "attributed", "filter")
OVERLAPPING = ("leader", "7d", "attributed", "filter")
"""The words of trailing weeks, which have neither flips nor streaks."""


def words(grain: Grain) -> list[tuple[str, str, str]]:
    """Terms of the definitions, as `MARKS`."""
    keys = OVERLAPPING if grain.trailing else WORDS
    return [(key, "attrib." if key == "attributed" else key, "$ink-bright") for key in keys]


def in_short(terms: Iterable[tuple[str, str, str]], grain: Grain) -> list[Line]:
    """Terms with what they mean in a few words."""
    return [(mark, style, TERMS[key].of(noun(grain)).short) for key, mark, style in terms]


def told(title: str, lines: Iterable[Line], width: int) -> Content:
    """A title and its lines, each with its key in a column of a width."""
    parts: list[Content] = [Content.styled(title, "bold")]
    for key, style, meaning in lines:
        first, *rest = meaning.split("\n")
        parts.append(Content.assemble((key, style), " " * max(1, width - cell_width(key)), first))
        parts += [Content(" " * width + more) for more in rest]
    return Content("\n").join(parts)


def section(title: str, lines: Iterable[Line], width: int) -> Static:
    """What is told at every width alike."""
    return Static(told(title, lines, width), classes="section")


def meanings(heads: Sequence[tuple[str, str]], grain: Grain, width: int) -> Content:
    """What figures stand under, each head with its definition in a sentence, wrapped at a width."""
    terms = {key: head or TERMS[key].heads[0] for head, key in reversed(heads)}
    start = max(map(cell_width, terms.values()), default=0) + 2
    meant = {key: textwrap.fill(TERMS[key].of(noun(grain)).meaning, max(20, width - start)) for _, key in heads}
    return told("Its figures", [(terms[key], "$ink-bright", text) for key, text in meant.items()], start)


class HelpScreen(TextOverlay):
    """Over the whole screen, under the header, in three columns, two or one; it scrolls where it is longer.

    title: what has the focus, in words; where: its name in the table of actions. heads: what its figures stand under, each with the
    key of its definition.
    """

    HORIZONTAL_BREAKPOINTS = [(0, "-one"), (64, "-two"), (100, "-three")]  # noqa: RUF012 - as Screen declares it
    VERTICAL_BREAKPOINTS = [(0, "-low"), (30, "-high"), (31, "-tall")]  # noqa: RUF012

    def __init__(self, title: str, where: str, keymap: Keymap, grain: Grain, heads: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self.heading = title
        self.where = where
        self.keymap = keymap
        self.grain = grain
        self.heads = heads

    def compose(self) -> ComposeResult:
        with Vertical(id="help"):
            with Horizontal(id="title"):
                yield Static(Content.styled(" ? ", "$ink-cap"), id="cap")
                yield Static(Content.assemble(("Help ", "$ink-bright"), (f"for {self.heading} ", "$ink-dim")))
                yield Rule()
                yield Static(id="place")
            with VerticalScroll():
                with Grid():
                    with Vertical():
                        yield self._told("In this pane", "pane")
                        yield self._told("What is shown", "shown")
                    yield self._told("Everywhere", "everywhere")
                    with Vertical(id="legend"):
                        yield section("Marks", in_short(MARKS, self.grain), MARK_WIDTH)
                        yield section("Basis", in_short(BASES, self.grain), MARK_WIDTH)
                    yield section("Words", in_short(words(self.grain), self.grain), WORD_WIDTH)
                yield Laid(partial(meanings, self.heads, self.grain), "section meanings", self.app.size.width)

    def _told(self, title: str, group: str) -> Static:
        lines = self.keymap.help_lines(group, self.where)
        return section(title, [(keys, "$ink-accent bold", told) for keys, told in lines], KEY_WIDTH)

    def on_mount(self) -> None:
        """Tells where in the help it is, whenever that changes."""
        scroll = self.query_one(VerticalScroll)
        self.watch(scroll, "scroll_y", self._tell_place, init=False)
        self.watch(scroll, "virtual_size", self._tell_place)

    def _tell_place(self) -> None:
        scroll = self.query_one(VerticalScroll)
        total, seen = scroll.virtual_size.height, scroll.size.height
        longer = total > seen and not self.has_class("-one")
        place = f"{min(total, round(scroll.scroll_y) + seen)} of {total} lines · " if longer else ""
        self.query_one("#place", Static).update(Content.styled(f" {place}Esc closes", "$ink-dim"))

    def keys(self) -> Keys:
        return dict.fromkeys(("escape", "?", "q", "enter"), ("", self.close))
