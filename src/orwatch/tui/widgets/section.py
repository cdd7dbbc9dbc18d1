"""The head of a block within a pane."""

from __future__ import annotations

from collections.abc import Sequence

from textual.strip import Strip

from orwatch.present.table import Piece
from orwatch.tui.themes import Ink
from orwatch.tui.widgets.paint import Line, wrap


def section(ink: Ink, width: int, title: str, *facts: str) -> Strip:
    """A title, a thin rule, a dim fact at the right end: the first of several that fits."""
    line = Line(ink, width).put(title, "text+")
    fact = next((text for text in facts if text and line.at + len(text) + 3 <= width), "")
    end = width - (len(fact) + 1 if fact else 0)
    if end - line.at >= 3:
        line.put(" ").put("─" * (end - line.at), "rule")
    return line.right([(fact, "dim")]).strip()


def prose(ink: Ink, width: int, pieces: Sequence[Piece], indent: int = 1, hang: int = 0) -> list[Strip]:
    """A sentence broken into lines. hang: how much further its later lines are indented."""
    lines = wrap(pieces, max(1, width - indent - hang))
    return [Line(ink, width).to(indent + (hang if n else 0)).pieces(line).strip() for n, line in enumerate(lines)]
