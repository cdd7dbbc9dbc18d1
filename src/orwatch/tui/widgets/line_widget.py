"""A widget whose rows are drawn all at once; only rows that differ from those on the screen are painted."""

from __future__ import annotations

from rich.style import Style
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from orwatch.tui.widgets.paint import blank


class LineWidget(Widget):
    """Draws itself as a list of rows. Whatever changes, `redraw` is called: what stays as it is costs the terminal nothing."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - the name that Textual's widgets give it
        super().__init__(id=id)
        self._drawn: list[Strip] | None = None
        self._drawn_at = Size(0, 0)
        self._drawn_on = Style.null()
        self._painted: list[Strip] = []

    def build(self, width: int, height: int) -> list[Strip]:
        """All rows, at most `height`."""
        raise LookupError(type(self).__name__)

    def redraw(self) -> None:
        """Draws anew when the app is idle next; calls until then count as one."""
        self._drawn = None
        if self.is_attached and self.display:
            self.check_idle()

    def drawn_rows(self) -> list[Strip]:
        """The rows at the present size, on the widget's own colours."""
        colours = self.rich_style
        if self._drawn is None or self.size != self._drawn_at or colours != self._drawn_on:
            self._drawn_at = width, height = self.size
            self._drawn_on = colours
            drawn = self.build(width, height)[:height] if width > 0 and height > 0 else []
            rows = [*drawn, *(blank(width) for _ in range(height - len(drawn)))]
            self._drawn = [row.apply_style(colours) for row in rows]
        return self._drawn

    def on_idle(self) -> None:
        """Asks Textual to paint the rows that differ."""
        if self._drawn is not None or not (self.is_attached and self.display):
            return
        before, rows = self._painted, self.drawn_rows()
        self._painted = rows
        if len(before) != len(rows):
            self.refresh()
            return
        width = self.size.width
        changed = [Region(0, y, width, 1) for y, (row, old) in enumerate(zip(rows, before, strict=True)) if row != old]
        if changed:
            self.refresh(*changed)

    def on_resize(self) -> None:
        """Textual paints a new size whole: what it has painted of it by now needs no second time."""
        if self._drawn is not None and self._drawn_at == self.size:
            self._painted = self._drawn
        else:
            self._painted = []
            self.redraw()

    def render_line(self, y: int) -> Strip:
        """One row, as Textual takes it."""
        rows = self.drawn_rows()
        return rows[y] if y < len(rows) else blank(self.size.width).apply_style(self.rich_style)


class Bar(LineWidget):
    """A line whose parts can be clicked: those in a role with `@` and a target.

    A target is the id of an action, `key:` and a key, or `open:` and a part of the header (period, basis, free, leader).
    """

    class Pressed(Message):
        """A part was clicked."""

        def __init__(self, target: str) -> None:
            super().__init__()
            self.target = target

    def on_click(self, event: events.Click) -> None:
        """Tells what was clicked."""
        target = event.style.meta.get("target")
        if target:
            self.post_message(self.Pressed(target))
