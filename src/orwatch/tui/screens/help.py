"""Help for what is in focus, from the table of actions and the words of the definitions."""

from __future__ import annotations

from textual import events
from textual.app import ComposeResult
from textual.strip import Strip
from textual.widget import Widget

from orwatch.domain.periods import Grain
from orwatch.tui.keymap import Keymap
from orwatch.tui.screens.overlay import Overlay
from orwatch.tui.themes import Ink
from orwatch.tui.widgets.paint import Line, Piece, blank

Row = tuple[Piece, str]


def marks(grain: Grain) -> list[Row]:
    """What a mark beside a figure says."""
    return [
        (("✓", "accent"), "complete period"),
        (("~", "accent+"), "in progress, same days"),
        (("+d", "dim"), "composed from days"),
        (("▲2 ▼1", "text"), f"rank, against last {grain}"),
        (("new", "accent"), "never seen before"),
        (("back", "text"), "seen before, not last"),
        (("??", "unattributed+"), "country not known"),
        (("other", "dim"), "outside the top 50"),
        (("—", "faint"), "no data; never zero"),
        (("≥ 8", "text"), "at least: history ends"),
        (("◆ • ·", "text"), "major, notable, note"),
        (("◇ ~", "accent"), "on course, not confirmed"),
    ]


BASES: list[Row] = [
    (("chart", "bright"), "the nine largest, as"),
    (("", "text"), "the public chart"),
    (("top10", "bright"), "the ten largest"),
    (("top50", "bright"), "every named model"),
]


def words(grain: Grain) -> list[Row]:
    """Terms of the definitions."""
    return [
        (("leader", "bright"), "most tokens on the basis; a tie keeps the earlier"),
        (("flip", "bright"), f"two complete {grain}s in a row with different leaders"),
        (("streak", "bright"), f"complete {grain}s in a row, to the newest"),
        (("attrib.", "bright"), "share of the tokens whose country is known"),
        (("filter", "bright"), "hides rows only; changes no figure"),
    ]


class Help(Widget):
    """Three columns, two or one, as wide as the terminal is; it scrolls where it is longer."""

    def __init__(self, ink: Ink, title: str, where: str, keymap: Keymap, grain: Grain) -> None:
        super().__init__(id="help")
        self.ink = ink
        self.title = title
        self.where = where
        self.keymap = keymap
        self.grain = grain
        self.top = 0
        self._laid: tuple[int, list[Strip]] | None = None

    def lines(self) -> list[Strip]:
        """The whole help, laid out once for a width."""
        width = self.size.width
        if self._laid is None or self._laid[0] != width:
            self._laid = (width, self._lay_out(width))
        return self._laid[1]

    def _lay_out(self, width: int) -> list[Strip]:
        ink = self.ink

        def section(title: str, rows: list[Row], size: int, key: int) -> list[Strip]:
            out = [Line(ink, size).to(1).put(title, "text+").strip()]
            for (mark, role), text in rows:
                out.append(Line(ink, size).to(1).put(mark, role).to(key + 1).put(text, "text").strip())
            return [*out, blank(size)]

        def beside(stacks: list[list[Strip]], sizes: list[int]) -> list[Strip]:
            height = max(len(stack) for stack in stacks)
            return [
                Strip.join([s[n] if n < len(s) else blank(size) for s, size in zip(stacks, sizes, strict=True)])
                for n in range(height)
            ]

        groups = {
            group: [((label, "accent+"), text) for label, text in self.keymap.help_lines(group, self.where)]
            for group in ("pane", "shown", "everywhere")
        }
        columns = 3 if width >= 92 else 2 if width >= 62 else 1
        size = width // columns
        here = section("In this pane", groups["pane"], size, 10) + section("What is shown", groups["shown"], size, 10)
        everywhere = section("Everywhere", groups["everywhere"], size, 10)
        legend = section("Marks", marks(self.grain), size, 7) + section("Basis", BASES, size, 7)
        glossary = words(self.grain)
        if columns == 3:
            left = beside([here, everywhere], [size, size]) + section("Words", glossary, 2 * size, 10)
            return beside([left, legend], [2 * size, width - 2 * size])
        if columns == 2:
            return beside([here + everywhere, legend], [size, width - size]) + section("Words", glossary, width, 10)
        return here + everywhere + legend + section("Words", glossary, width, 10)

    def scroll(self, by: int) -> None:
        """Moves the view."""
        self.top = max(0, min(self.top + by, max(0, len(self.lines()) - (self.size.height - 2))))
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """One row on the widget's own ground."""
        return self.draw_line(y).apply_style(self.rich_style)

    def draw_line(self, y: int) -> Strip:
        """Title, a blank row, the help."""
        ink, (width, height) = self.ink, self.size
        if y == 0:
            line = Line(ink, width).put(" ? ", "cap").put(" Help", "bright").put(f" for {self.title} ", "dim")
            total = len(self.lines())
            more = f"{min(self.top + height - 2, total)} of {total} lines · " if total > height - 2 else ""
            end = f"{more}Esc closes"
            end = end if line.room > len(end) + 1 else "Esc closes"
            line.put("─" * max(0, width - line.at - len(end) - 1), "accent")
            return line.right([(end, "dim")]).strip()
        lines = self.lines()
        at = y - 2 + self.top
        return lines[at] if y >= 2 and at < len(lines) else blank(width)


class HelpScreen(Overlay[None]):
    """The help over the whole screen, under the header."""

    def __init__(self, ink: Ink, title: str, where: str, keymap: Keymap, grain: Grain) -> None:
        super().__init__()
        self.help = Help(ink, title, where, keymap, grain)

    def compose(self) -> ComposeResult:
        yield self.help

    def on_mount(self) -> None:
        """Takes the terminal's size, less the margin."""
        self.on_resize()

    def on_resize(self) -> None:
        """Takes the terminal's size, less the margin."""
        width, height = self.app.size
        self.help.styles.width = width - 2
        roomy = width >= 100 and height >= 30
        self.help.styles.height = max(4, height - (2 if not roomy else 4 if height > 30 else 3))
        self.help.styles.offset = (1, 2 if roomy else 1)

    def take_key(self, event: events.Key) -> None:
        """Closes, or scrolls."""
        steps = {"down": 1, "j": 1, "up": -1, "k": -1, "pagedown": 10, "pageup": -10, "g": -999, "G": 999, "space": 10}
        if event.key in ("escape", "question_mark", "q", "enter"):
            self.finish(None)
        elif event.key in steps:
            self.help.scroll(steps[event.key])
