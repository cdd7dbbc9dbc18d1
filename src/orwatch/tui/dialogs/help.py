"""Help for what is in focus, from the table of actions and the words of the definitions."""

from __future__ import annotations

from collections.abc import Iterable

from textual import events
from textual.app import ComposeResult
from textual.containers import Grid, Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Rule, Static

from orwatch.domain.periods import Grain
from orwatch.present.formats import noun
from orwatch.tui.dialogs.dialog import SCROLLS, STYLES
from orwatch.tui.keymap import Keymap

Line = tuple[str, str, str]
"""A key, mark or term; its style; what it means."""

KEY_WIDTH, MARK_WIDTH = 10, 7


def marks(grain: Grain) -> list[Line]:
    """What a mark beside a figure says."""
    return [
        ("✓", "$ink-accent", "complete period"),
        ("~", "$ink-accent bold", "in progress, same days"),
        ("+d", "$ink-dim", "composed from days"),
        ("▲2 ▼1", "$foreground", f"rank, against last {noun(grain)}"),
        ("new", "$ink-accent", "never seen before"),
        ("back", "$foreground", "seen before, not last"),
        ("??", "$ink-unattributed bold", "country not known"),
        ("other", "$ink-dim", "outside the top 50"),
        ("—", "$ink-faint", "no data; never zero"),
        ("≥ 8", "$foreground", "at least: history ends"),
        ("◆ • ·", "$foreground", "major, notable, note"),
        ("◇ ~", "$ink-accent", "on course, not confirmed"),
    ]


BASES = (
    ("chart", "$ink-bright", "the nine largest, as\nthe public chart"),
    ("top10", "$ink-bright", "the ten largest"),
    ("top50", "$ink-bright", "every named model"),
)


def words(grain: Grain) -> list[Line]:
    """Terms of the definitions."""
    overlapping = (("7d", "the seven complete days to any day: no flips, no streaks"),)
    following = (
        ("flip", f"two complete {noun(grain)}s in a row with different leaders"),
        ("streak", f"complete {noun(grain)}s in a row, to the newest"),
    )
    told = (
        ("leader", "most tokens on the basis; a tie keeps the earlier"),
        *(overlapping if grain.trailing else following),
        ("attrib.", "share of the tokens whose country is known"),
        ("filter", "hides rows only; changes no figure"),
    )
    return [(term, "$ink-bright", meaning) for term, meaning in told]


def section(title: str, lines: Iterable[Line], width: int) -> Static:
    """A title and its lines, each with its key in a column of a width."""
    parts: list[Content] = [Content.styled(title, "bold")]
    for key, style, meaning in lines:
        first, *rest = meaning.split("\n")
        parts.append(Content.assemble((key, style), " " * max(1, width - len(key)), first))
        parts += [Content(" " * width + more) for more in rest]
    return Static(Content("\n").join(parts), classes="section")


class HelpScreen(ModalScreen[None]):
    """Over the whole screen, under the header, in three columns, two or one; it scrolls where it is longer.

    title: what has the focus, in words; where: its name in the table of actions.
    """

    CSS_PATH = STYLES
    HORIZONTAL_BREAKPOINTS = [(0, "-one"), (64, "-two"), (100, "-three")]  # noqa: RUF012 - as Screen declares it
    VERTICAL_BREAKPOINTS = [(0, "-low"), (30, "-high"), (31, "-tall")]  # noqa: RUF012

    def __init__(self, title: str, where: str, keymap: Keymap, grain: Grain) -> None:
        super().__init__()
        self.heading = title
        self.where = where
        self.keymap = keymap
        self.grain = grain

    def compose(self) -> ComposeResult:
        with Vertical(id="help"):
            with Horizontal(id="title"):
                yield Static(Content.styled(" ? ", "$ink-cap"), id="cap")
                yield Static(Content.assemble(("Help ", "$ink-bright"), (f"for {self.heading} ", "$ink-dim")))
                yield Rule()
                yield Static(id="place")
            with VerticalScroll(), Grid():
                with Vertical():
                    yield self._keys("In this pane", "pane")
                    yield self._keys("What is shown", "shown")
                yield self._keys("Everywhere", "everywhere")
                with Vertical(id="legend"):
                    yield section("Marks", marks(self.grain), MARK_WIDTH)
                    yield section("Basis", BASES, MARK_WIDTH)
                yield section("Words", words(self.grain), KEY_WIDTH)

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
