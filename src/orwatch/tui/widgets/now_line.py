"""The line of the period in progress."""

from __future__ import annotations

from collections.abc import Iterator

from orwatch.present.now import lines
from orwatch.tui.view_state import ViewState
from orwatch.tui.widgets.paint import Layout, clickable


class NowLine:
    """What the row under the header tells, and the footer where there is no such row: the period in progress, for good."""

    def layouts(self, view: ViewState) -> Iterator[Layout]:
        """From the widest to the narrowest; none before there are figures."""
        if view.now is not None:
            for left, right in lines(view.now):
                yield clickable(left, "now"), clickable(right, "pane4"), 3
