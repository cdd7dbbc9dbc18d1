"""A widget of rows that are drawn at once, and painted only where they differ from what stands on the screen."""

from __future__ import annotations

from collections.abc import Iterable

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region, Size
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

from orwatch.tui.widgets.paint import blank

KEPT_STYLES = 2048
"""Styles on a sheet's ground that are kept."""


class Sheet(Widget):
    """Draws itself as a list of rows. Whatever changes, `redraw` is called: what stays as it is costs the terminal nothing."""

    _rows: list[Strip] | None = None
    _drawn_at = Size(0, 0)
    _painted: list[Strip] | None = None
    _ground: Style | None = None
    _on_ground: dict[int, tuple[Style | None, Style]]

    def build(self, width: int, height: int) -> list[Strip]:
        """All rows, at most `height`."""
        raise LookupError(type(self).__name__)

    def redraw(self) -> None:
        """Draws anew when what is going on is done, once for whatever happened."""
        self._rows = None
        if self.is_attached and self.display:
            screen = self.screen
            # A screen of sheets settles them all in its own idle moment, which spares one of each their own.
            (screen if isinstance(screen, SheetScreen) else self).check_idle()

    def stale(self) -> None:
        """Draws anew when it is next settled."""
        self._rows = None

    def on_idle(self) -> None:
        """Paints what differs."""
        self.settle()

    def settle(self) -> None:
        """Draws, if it was asked for, and paints the rows that differ."""
        if self._rows is not None or not self.display or not self.is_attached:
            return
        before, rows = self._painted, self._drawn()
        self._painted = rows
        if before is None or len(before) != len(rows):
            self.refresh()
            return
        width = self.size.width
        changed = [n for n, row in enumerate(rows) if row is not before[n] and row != before[n]]
        if changed:
            self.refresh(*(Region(0, n, width, 1) for n in changed))

    def on_resize(self) -> None:
        """Draws anew at the new size."""
        self._painted = None
        self.redraw()

    def notify_style_update(self) -> None:
        """The ground has changed: all of it is painted anew."""
        super().notify_style_update()
        self._ground = self._painted = None

    def _drawn(self) -> list[Strip]:
        """The rows, at the size that holds now: Textual may paint a new size before it tells of it."""
        width, height = size = self.size
        if self._rows is None or size != self._drawn_at:
            rows = self.build(width, height)[:height] if width > 0 and height > 0 else []
            self._rows = [*rows, *(blank(width) for _ in range(height - len(rows)))]
            self._drawn_at = size
        return self._rows

    def render_line(self, y: int) -> Strip:
        """One row on the widget's own ground."""
        rows = self._drawn()
        if y >= len(rows):
            return blank(self.size.width)
        if self._ground is None:
            self._ground, self._on_ground = self.rich_style, {}
        ground, known = self._ground, self._on_ground
        if len(known) >= KEPT_STYLES:
            known.clear()
        out: list[Segment] = []
        for text, style, control in rows[y]:
            pair = known.get(id(style))
            if pair is None:
                # The style itself is kept too, so that no other can take its place in memory.
                pair = known[id(style)] = (style, ground if style is None else ground + style)
            out.append(Segment(text, pair[1], control))
        return Strip(out, rows[y].cell_length)


class SheetScreen(Screen[None]):
    """A screen whose sheets are drawn in its idle moments."""

    def sheets(self) -> Iterable[Sheet]:
        """All of them."""
        raise LookupError(type(self).__name__)

    def on_idle(self) -> None:
        """Paints what differs."""
        for sheet in self.sheets():
            sheet.settle()


class Bar(Sheet):
    """A sheet whose rows are drawn one by one."""

    def draw_line(self, y: int) -> Strip:
        """One row."""
        raise LookupError(type(self).__name__)

    def build(self, width: int, height: int) -> list[Strip]:
        """All rows."""
        return [self.draw_line(y) for y in range(height)]

    def redraw_row(self, y: int) -> None:
        """Draws one row anew, and paints it if it differs: a clock does so all the time, so at no more cost than that."""
        rows = self._rows
        if rows is None or rows is not self._painted or y >= len(rows):
            self.redraw()
            return
        row = self.draw_line(y)
        if row != rows[y]:
            self._rows = self._painted = [*rows[:y], row, *rows[y + 1 :]]
            self.refresh(Region(0, y, self.size.width, 1))
