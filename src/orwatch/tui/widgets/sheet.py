"""A widget of rows that are drawn at once, and painted only where they differ from what stands on the screen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.color import Color
from textual.filter import LineFilter
from textual.geometry import Region, Size
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

from orwatch.tui.widgets.ansi import Row
from orwatch.tui.widgets.paint import blank

KEPT_STYLES = 2048
"""Styles on a sheet's ground that are kept."""


class Sheet(Widget):
    """Draws itself as a list of rows. Whatever changes, `redraw` is called: what stays as it is costs the terminal nothing.

    A sheet has a ground, and neither border, padding nor opacity: its rows are all that there is of it.
    """

    _rows: list[Strip] | None = None
    _asked = False
    _drawn_at = Size(0, 0)
    _painted: list[Strip] | None = None
    _grounded: tuple[list[Strip], list[Strip]] = ([], [])
    _ground: Ground | None = None

    def build(self, width: int, height: int) -> list[Strip]:
        """All rows, at most `height`."""
        raise LookupError(type(self).__name__)

    def redraw(self) -> None:
        """Draws anew when what is going on is done, once for whatever happened."""
        self._rows = None
        if not self._asked and self.is_attached and self.display:
            self._asked = True
            screen = self.screen
            # A screen of sheets settles them all in its own idle moment, which spares one of each their own.
            (screen if isinstance(screen, SheetScreen) else self).check_idle()

    def stale(self) -> None:
        """Draws anew when it is next settled."""
        self._rows = None

    def on_idle(self) -> None:
        """Paints what differs, where its screen does not."""
        if self.is_attached and not isinstance(self.screen, SheetScreen):
            self.settle()

    def settle(self) -> None:
        """Draws, if it was asked for, and paints the rows that differ."""
        self._asked = False
        if self._rows is not None or not self.display or not self.is_attached:
            return
        before, rows = self._painted, self._drawn(self.size)
        self._painted = rows
        if before is None or len(before) != len(rows):
            self._paint()
            return
        width = self._drawn_at.width
        changed = []
        for n, (row, old) in enumerate(zip(rows, before, strict=True)):
            if row is not old:
                if row == old:
                    rows[n] = old  # which stands on its ground already
                else:
                    changed.append(Region(0, n, width, 1))
        if changed:
            self._paint(*changed)

    def _paint(self, *regions: Region) -> None:
        """Has regions painted; without any, all of it."""
        screen = self.screen
        if isinstance(screen, SheetScreen) and self._is_mounted:
            self._set_dirty(*regions)
            screen.paint(self)
        else:
            self.refresh(*regions)

    def on_resize(self) -> None:
        """Draws anew at the new size."""
        self._painted = None
        self.redraw()

    def notify_style_update(self) -> None:
        """The ground has changed: all of it is painted anew."""
        super().notify_style_update()
        self._ground = self._painted = None

    def _drawn(self, size: Size) -> list[Strip]:
        """The rows, at the size that holds now: Textual may paint a new size before it tells of it."""
        if self._rows is None or size != self._drawn_at:
            width, height = size
            rows = self.build(width, height)[:height] if width > 0 and height > 0 else []
            self._rows = [*rows, *(blank(width) for _ in range(height - len(rows)))]
            self._drawn_at = size
        return self._rows

    def render_lines(self, crop: Region) -> list[Strip]:
        """The rows on the widget's own ground, as the compositor takes them."""
        filters = self.get_line_filters()
        ground = self._ground
        if ground is None or ground.filters != filters:
            ground = self._ground = Ground(self.rich_style, filters, self.background_colors[1])
            self._grounded = ([], [])
        size = self.size
        rows = self._drawn(size)
        before, stood = self._grounded
        if rows is not before:
            same = len(rows) == len(before)
            stood = [stood[n] if same and row is before[n] else ground.under(row) for n, row in enumerate(rows)]
            self._grounded = (rows, stood)
        x, y, width, height = crop
        if (x, y, width, height) == (0, 0, *size):
            return stood
        return [strip.crop(x, x + width) for strip in stood[y : y + height]]


class Ground:
    """What a sheet's rows stand on, and the filters that they are seen through."""

    def __init__(self, style: Style, filters: Sequence[LineFilter], background: Color) -> None:
        self.style, self.filters, self.background = style, filters, background
        self._known: dict[int, tuple[Style | None, Style | None]] = {}

    def under(self, row: Strip) -> Row:
        """A row on it."""
        known = self._known
        out: list[Segment] = []
        for text, style, _ in row._segments:
            pair = known.get(id(style))
            out.append(Segment(text, pair[1] if pair is not None else self._seen(style)))
        return Row(out, row.cell_length)

    def _seen(self, style: Style | None) -> Style | None:
        """A style on it. Filters change every segment by its style alone."""
        if len(self._known) >= KEPT_STYLES:
            self._known.clear()
        seen = [Segment(" ", self.style if style is None else self.style + style)]
        for each in self.filters:
            seen = each.apply(seen, self.background)
        # The style itself is kept too, so that no other can take its place in memory.
        self._known[id(style)] = (style, seen[0].style)
        return seen[0].style


class SheetScreen(Screen[None]):
    """A screen whose sheets are drawn in its idle moments."""

    _between: tuple[Ground, Strip] | None = None

    def sheets(self) -> Iterable[Sheet]:
        """All of them."""
        raise LookupError(type(self).__name__)

    def _on_screen_resume(self, event: events.ScreenResume) -> None:
        """Before its first frame the styles have just been applied: they are not looked through again, which takes 4 ms."""
        if not self.stack_updates:
            event.refresh_styles = False

    def on_idle(self) -> None:
        """Paints what differs."""
        for sheet in self.sheets():
            sheet.settle()

    def render_lines(self, crop: Region) -> list[Strip]:
        """What lies between the sheets: the ground, the same row all the way down, which the compositor cuts only once."""
        filters = self.get_line_filters()
        if self._between is None or self._between[0].filters != filters or self._between[1].cell_length != crop.width:
            ground = Ground(self.rich_style.background_style, filters, self.background_colors[1])
            self._between = (ground, ground.under(blank(crop.width)))
        return [self._between[1]] * crop.height

    def notify_style_update(self) -> None:
        """The ground has changed."""
        super().notify_style_update()
        self._between = None

    def paint(self, sheet: Sheet) -> None:
        """Has a sheet painted with the frame that this idle moment asks for: no message need go to and fro for it."""
        if sheet in self._compositor:
            self._dirty_widgets.add(sheet)


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
