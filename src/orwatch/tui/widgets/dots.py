"""Lines in Braille dots: two by four to a cell, laid under what else stands on a canvas."""

from __future__ import annotations

from rich.style import Style

from orwatch.tui.widgets.charts import Canvas

_BITS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
"""The bit of a dot by row and column within its cell."""


class Dots:
    """A grid of dots, `2 × width` by `4 × height`. A cell takes the style of the line drawn last in it."""

    def __init__(self, width: int, height: int) -> None:
        self.width = width
        self.height = height
        self._cells: dict[tuple[int, int], tuple[int, Style]] = {}

    def dot(self, x: int, y: int, style: Style) -> None:
        """One dot; outside the grid it is lost."""
        if 0 <= x < 2 * self.width and 0 <= y < 4 * self.height:
            cell = (x // 2, y // 4)
            bits = self._cells[cell][0] if cell in self._cells else 0
            self._cells[cell] = (bits | _BITS[y % 4][x % 2], style)

    def line(self, start: tuple[int, int], end: tuple[int, int], style: Style) -> None:
        """A straight line between two dots, both of them included."""
        (x0, y0), (x1, y1) = start, end
        steps = max(abs(x1 - x0), abs(y1 - y0), 1)
        for n in range(steps + 1):
            self.dot(x0 + round((x1 - x0) * n / steps), y0 + round((y1 - y0) * n / steps), style)

    def taken(self, x: int, y: int) -> bool:
        """Whether a line runs through a cell."""
        return (x, y) in self._cells

    def paint(self, canvas: Canvas) -> None:
        """Puts the dots on the blank cells of a canvas of the same size."""
        for (x, y), (bits, style) in self._cells.items():
            if canvas.empty(y, x, x + 1):
                canvas.text(x, y, chr(0x2800 + bits), style)
