"""The line of tabs, where the terminal is too small for four panes."""

from __future__ import annotations

from textual.strip import Strip

from orwatch.present.table import Piece
from orwatch.tui.panes.pane import Pane
from orwatch.tui.themes import Ink
from orwatch.tui.widgets.paint import Bar, Line, clickable


class Tabs(Bar):
    """Names of the panes, the active one under a key cap; the filter or the position at the right end."""

    def __init__(self, ink: Ink, panes: list[Pane]) -> None:
        super().__init__(ink, "tabs")
        self.panes = panes

    def build(self, width: int, height: int) -> list[Strip]:
        line = Line(self.ink, width)
        active = next((pane for pane in self.panes if pane.active), self.panes[0])
        short = width < 66
        for pane in self.panes:
            if pane is active:
                line.put(" " if line.at == 0 else "")
                line.pieces(
                    clickable([(f" {pane.number} ", "cap"), (f" {pane.title}", "bright")], f"pane{pane.number}")
                )
            elif not short:
                line.pieces(clickable([(f"  {pane.number} ", "accent"), (pane.title, "dim")], f"pane{pane.number}"))
            else:
                line.put(f" {pane.number}", f"accent@pane{pane.number}")
            if pane is active or pane.key == "alerts":
                badge = pane.badge()
                if badge:
                    line.put(" ").pieces(badge)
            line.put("  ")
        facts = active.facts_line()
        end = width - 1 - (len(facts) + 1 if facts else 0)
        if end - line.at >= 3:
            line.put("─" * (end - line.at), "rule")
        right: list[Piece] = [(facts, "dim")] if line.room > len(facts) else []
        return [line.right(right, width - 1).strip()]
