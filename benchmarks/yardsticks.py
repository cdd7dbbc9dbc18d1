"""What orwatch is compared with: an empty Textual app with one table, and a bare Line-API table that filters as one types.

`python yardsticks.py empty` and `python yardsticks.py bare ROWS` run them.
"""

from __future__ import annotations

import sys

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.app import App, ComposeResult
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

EMPTY_MARK = "row 20"
BARE_MARK = "model-20"
PLAIN, DIM = Style(), Style(dim=True)


class Empty(App[None]):
    """An app with one table of 50 rows."""

    def compose(self) -> ComposeResult:
        from textual.widgets import DataTable

        yield DataTable()

    def on_mount(self) -> None:
        from textual.widgets import DataTable

        table = self.query_one(DataTable)
        table.add_columns("a", "b", "c")
        table.add_rows([(f"row {n}", "y", "z") for n in range(50)])


class Lines(ScrollView):
    """Rows of ten cells, filtered and drawn, and nothing else."""

    def __init__(self, rows: int) -> None:
        super().__init__()
        self.all = [
            [f"model-{n} qwen" if n % 7 else f"model-{n} gpt", *(str(n * m) for m in range(9))] for n in range(rows)
        ]
        self.texts = [" ".join(row) for row in self.all]
        self.rows = list(range(rows))
        self.virtual_size = Size(110, rows)

    def keep(self, text: str) -> None:
        """Filters by a part of the text."""
        self.rows = [n for n, row in enumerate(self.texts) if text in row]
        self.virtual_size = Size(110, len(self.rows))
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """One row."""
        y += self.scroll_offset.y
        width = self.size.width
        if y >= len(self.rows):
            return Strip.blank(width)
        name, *cells = self.all[self.rows[y]]
        segments = [Segment(f"{name:<30}", PLAIN), *(Segment(f"{cell:>9}", DIM) for cell in cells)]
        return Strip(segments).adjust_cell_length(width)


class Bare(App[None]):
    """The table alone."""

    def __init__(self, rows: int) -> None:
        super().__init__()
        self.lines = Lines(rows)
        self.typed = ""

    def compose(self) -> ComposeResult:
        yield self.lines

    def on_key(self, event: events.Key) -> None:
        """Types the filter."""
        if event.key == "backspace":
            self.typed = self.typed[:-1]
        elif event.character and event.is_printable:
            self.typed += event.character
        self.lines.keep(self.typed)


if __name__ == "__main__":
    (Empty() if sys.argv[1] == "empty" else Bare(int(sys.argv[2]))).run()
