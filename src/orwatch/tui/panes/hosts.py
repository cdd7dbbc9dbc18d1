"""The hosts of a model, in its detail."""

from __future__ import annotations

from collections.abc import Sequence

from textual.strip import Strip

from orwatch.domain.hosts import HostRow
from orwatch.present.table import place, spread
from orwatch.present.tables.hosts import HOSTS
from orwatch.tui.themes import Ink
from orwatch.tui.widgets.paint import Line
from orwatch.tui.widgets.table import draw_head, draw_row


def hosts_lines(ink: Ink, rows: Sequence[HostRow], width: int, height: int, note: str) -> list[Strip]:
    """Heads and the rows that fit; a sentence where no host is known yet."""
    if not rows:
        return [Line(ink, width).to(1).put(note, "dim").strip()]
    placed = spread(place(HOSTS.drawn, None, width), width)
    shown = rows[: max(0, height - 1)]
    return [draw_head(ink, width, placed), *(draw_row(ink, width, placed, row) for row in shown)]
