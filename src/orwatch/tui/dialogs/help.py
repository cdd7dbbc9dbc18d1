"""Help for what is in focus, from the table of actions and the table of definitions."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence

from textual import events
from textual.app import ComposeResult
from textual.containers import Grid, Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Rule, Static

from orwatch.domain.periods import Grain
from orwatch.present.definitions import TERMS
from orwatch.present.formats import cell_width, noun
from orwatch.tui.dialogs.dialog import SCROLLS, STYLES
from orwatch.tui.keymap import Keymap

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


def section(title: str, lines: Iterable[Line], width: int) -> Static:
    """A title and its lines, each with its key in a column of a width."""
    parts: list[Content] = [Content.styled(title, "bold")]
    for key, style, meaning in lines:
        first, *rest = meaning.split("\n")
        parts.append(Content.assemble((key, style), " " * max(1, width - len(key)), first))
        parts += [Content(" " * width + more) for more in rest]
    return Static(Content("\n").join(parts), classes="section")


class Meanings(Static):
    """What figures stand under, each head with its definition in a sentence, wrapped at the width there is."""

    def __init__(self, heads: Sequence[tuple[str, str]], grain: Grain) -> None:
        super().__init__(classes="section")
        terms = {key: head or TERMS[key].heads[0] for head, key in reversed(heads)}
        self.told = [(terms[key], TERMS[key].of(noun(grain)).meaning) for key in dict.fromkeys(key for _, key in heads)]

    def on_resize(self) -> None:
        """Lays them out anew."""
        start = max((cell_width(head) for head, _ in self.told), default=0) + 2
        parts = [Content.styled("Its figures", "bold")]
        for head, meaning in self.told:
            first, *rest = textwrap.wrap(meaning, max(20, self.size.width - start))
            gap = " " * (start - cell_width(head))
            parts += [
                Content.assemble((head, "$ink-bright"), gap, first),
                *(Content(" " * start + more) for more in rest),
            ]
        self.update(Content("\n").join(parts))


class HelpScreen(ModalScreen[None]):
    """Over the whole screen, under the header, in three columns, two or one; it scrolls where it is longer.

    title: what has the focus, in words; where: its name in the table of actions. heads: what its figures stand under, each with the
    key of its definition.
    """

    CSS_PATH = STYLES
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
                        yield self._keys("In this pane", "pane")
                        yield self._keys("What is shown", "shown")
                    yield self._keys("Everywhere", "everywhere")
                    with Vertical(id="legend"):
                        yield section("Marks", in_short(MARKS, self.grain), MARK_WIDTH)
                        yield section("Basis", in_short(BASES, self.grain), MARK_WIDTH)
                    yield section("Words", in_short(words(self.grain), self.grain), WORD_WIDTH)
                yield Meanings(self.heads, self.grain)

    def _keys(self, title: str, group: str) -> Static:
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

    def on_key(self, event: events.Key) -> None:
        """Closes, or scrolls."""
        event.stop()
        event.prevent_default()
        if not self.is_current:
            self.app.post_message(events.Key(event.key, event.character))
        elif event.key in ("escape", "question_mark", "q", "enter"):
            self.dismiss()
        elif event.key in SCROLLS:
            SCROLLS[event.key](self.query_one(VerticalScroll), animate=False)
