"""What orwatch is compared with: an empty Textual app with one table. `python yardsticks.py` runs it."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.widgets import DataTable

EMPTY_MARK = "row 20"


class Empty(App[None]):
    """An app with one table of 50 rows."""

    def compose(self) -> ComposeResult:
        yield DataTable()

    def on_mount(self) -> None:
        table = self.query_one(DataTable)
        table.add_columns("a", "b", "c")
        table.add_rows([(f"row {n}", "y", "z") for n in range(50)])


if __name__ == "__main__":
    Empty().run()
