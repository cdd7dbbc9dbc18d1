"""Lines of ink: text with roles, put side by side into a strip of an exact width; rows of a table, blocks, widgets made of them.

In a table figures stand right, text left, heads aligned as their column. The cursor is a bar at the left and a tinted row.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from rich.cells import set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Offset, Region, Size
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from orwatch.domain.foreign_text import safe
from orwatch.present.citation import ADDRESS, target
from orwatch.present.formats import cell_width
from orwatch.present.table import Column, Piece, Pieces, Placed, RowT, cut, place, spread, width_of
from orwatch.tui.themes import Ink
from orwatch.tui.view_state import ViewState


class Line:
    """One row of cells, filled from the left. What does not fit is cut at the end.

    at: the column that comes next. over: a style of the whole row, such as a selected row's ground.
    """

    def __init__(self, ink: Ink, width: int) -> None:
        self.ink = ink
        self.width = width
        self.at = 0
        self.over = Style.null()
        self._segments: list[Segment] = []

    @property
    def room(self) -> int:
        """Cells left."""
        return self.width - self.at

    def put(self, text: str, role: str | Style = "text") -> Line:
        """Puts text in a role (or a style of its own)."""
        if not text or self.room <= 0:
            return self
        text = safe(text)  # text in the cache may not have come through the decoder
        width = cell_width(text)
        if width > self.room:
            text, width = set_cell_size(text, self.room), self.room
        self._segments.append(Segment(text, self.ink[role] if isinstance(role, str) else role))
        self.at += width
        return self

    def pieces(self, pieces: Iterable[Piece]) -> Line:
        """Puts several."""
        for text, role in pieces:
            self.put(text, role)
        return self

    def segments(self, segments: Iterable[Segment]) -> Line:
        """Puts what is drawn already."""
        for segment in segments:
            self.put(segment.text, segment.style or Style.null())
        return self

    def to(self, column: int) -> Line:
        """Blank up to a column."""
        gap = min(column, self.width) - self.at
        if gap > 0:
            self._segments.append(Segment(" " * gap, Style.null()))
            self.at += gap
        return self

    def right(self, pieces: Iterable[Piece], end: int | None = None) -> Line:
        """Puts pieces so that they end at a column (default: the line's end)."""
        pieces = list(pieces)
        return self.to((self.width if end is None else end) - width_of(pieces)).pieces(pieces)

    def figures(self, *figures: tuple[str, str, int]) -> Line:
        """Puts figures, each with its role, so that they end so many cells before the line's end."""
        for text, role, before in figures:
            self.right([(text, role)], self.width - before)
        return self

    def rule(self, role: str, end: Sequence[Piece] = (), dash: str = "─") -> Line:
        """A rule up to the pieces at the line's end; none where it would be shorter than two cells."""
        size = width_of(end)
        to = self.width - (size + 1 if size else 0)
        if to - self.at >= 3:
            self.put(" ").put(dash * (to - self.at), role)
        return self.right(end)

    def strip(self) -> Strip:
        """The line as a strip of its width."""
        self.to(self.width)
        if self.over.reverse:
            return Strip(under(self.over, self._segments), self.width)
        strip = Strip(self._segments, self.width)
        return strip.apply_style(self.over) if self.over else strip


def under(reverse: Style, segments: Iterable[Segment]) -> list[Segment]:
    """The segments of a row in reverse.

    Reversed colours would turn a thin bar and a code into blocks of colour: the row is read by its text alone.
    """
    return [Segment(text, (style or Style.null()).without_color + reverse) for text, style, _ in segments]


def clickable(pieces: Iterable[Piece], target: str) -> list[Piece]:
    """Pieces that do something when they are clicked, those that have no target of their own. target: see `Bar`."""
    return [(text, role if "@" in role else f"{role}@{target}") for text, role in pieces]


def with_links(text: str, role: str) -> list[Piece]:
    """A text whose addresses are links."""
    pieces: list[Piece] = []
    at = 0
    for found in ADDRESS.finditer(text):
        pieces += [(text[at : found.start()], role), (found[0], f"{role}@{target(found[0])}")]
        at = found.end()
    return [*pieces, (text[at:], role)]


def blank(width: int) -> Strip:
    """An empty row."""
    return Strip.blank(max(0, width))


Layout = tuple[Sequence[Piece], Sequence[Piece], int]
"""The left and the right end of a line, and the blank cells it needs at least."""


class Block:
    """Rows of one width, put one under the other. A section begins with a blank row before it, unless it is the first."""

    def __init__(self, ink: Ink, width: int) -> None:
        self.ink = ink
        self.width = width
        self._rows: list[Line | Strip] = []

    def __len__(self) -> int:
        return len(self._rows)

    def line(self, text: str = "", role: str = "text", at: int = 0, *, selected: bool = False) -> Line:
        """A row that begins with a text at a column, to be gone on with. selected: it stands on the selection's ground."""
        line = Line(self.ink, self.width).to(at).put(text, role)
        line.over = self.ink.selected if selected else line.over
        self._rows.append(line)
        return line

    def add(self, rows: Iterable[Strip]) -> None:
        """Rows as they are."""
        self._rows += rows

    def prose(self, *pieces: Piece, indent: int = 1, hang: int = 0) -> None:
        """A sentence broken into rows."""
        self.add(prose(self.ink, self.width, pieces, indent, hang))

    def gap(self) -> None:
        """A blank row, where there are rows already."""
        if self._rows:
            self._rows.append(blank(self.width))

    def section(self, title: str, *facts: str) -> None:
        """The head of a section: see `section`."""
        self.gap()
        self._rows.append(section(self.ink, self.width, title, *facts))

    def table(self, columns: Sequence[Column[RowT]], rows: Iterable[RowT]) -> None:
        """Heads and rows without a cursor."""
        self.add(draw_table(self.ink, self.width, columns, rows))

    def strips(self) -> list[Strip]:
        """All rows."""
        return [row.strip() if isinstance(row, Line) else row for row in self._rows]


def stacked(blocks: Iterable[Sequence[Strip]], width: int) -> list[Strip]:
    """Blocks of rows one under the other, a blank row between them; empty ones are passed over."""
    return [line for block in blocks if block for line in (blank(width), *block)][1:]


def around(at: int, count: int, room: int) -> slice:
    """Which of so many rows are in view where there is room for fewer: those around one."""
    first = max(0, min(at - room // 2, count - room))
    return slice(first, first + room)


def section(ink: Ink, width: int, title: str, *facts: str) -> Strip:
    """The head of a block: a title, a thin rule, a dim fact at the right end, the first of several that fits."""
    line = Line(ink, width).put(title, "text+")
    fact = next((text for text in facts if text and line.at + len(text) + 3 <= width), "")
    return line.rule("rule", [(fact, "dim")]).strip()


def prose(ink: Ink, width: int, pieces: Iterable[Piece], indent: int = 1, hang: int = 0) -> list[Strip]:
    """A sentence broken into lines. hang: how much further its later lines are indented."""
    lines = wrap(pieces, max(1, width - indent - hang))
    return [Line(ink, width).to(indent + (hang if n else 0)).pieces(line).strip() for n, line in enumerate(lines)]


def filled(rows: Sequence[Strip], width: int, height: int) -> list[Strip]:
    """Rows cut or filled up to a height."""
    return [*rows[:height], *(blank(width) for _ in range(height - len(rows)))]


def beside(left: list[Strip], width: int, right: list[Strip], side: int, height: int, gutter: int) -> list[Strip]:
    """Two columns of rows, `width` and `side` cells wide, filled up to a height, with a gutter between."""
    both = zip(filled(left, width, height), filled(right, side, height), strict=True)
    return [Strip.join([one, blank(gutter), two]) for one, two in both]


def wrap(pieces: Iterable[Piece], width: int) -> list[list[Piece]]:
    """Breaks a sentence of pieces into lines of at most `width` cells, at spaces."""
    lines: list[list[Piece]] = [[]]
    used = 0
    for text, role in pieces:
        for part in re.findall(r"\S+|\s+", text):
            if used + cell_width(part) > width and used and not part.isspace():
                lines.append([])
                used = 0
            if used or not part.isspace():
                lines[-1].append((part, role))
                used += cell_width(part)
    return lines


def lit(pieces: Iterable[Piece], needles: Iterable[str]) -> list[Piece]:
    """The pieces with every occurrence of a needle, whatever its case, in the role `lit`."""
    wanted = [needle.casefold() for needle in needles if needle]
    if not wanted:
        return list(pieces)
    out: list[Piece] = []
    for text, role in pieces:
        folded = text.casefold()
        if len(folded) != len(text):  # a letter that folds into two: places would not agree
            out.append((text, role))
            continue
        marked: set[int] = set()
        for needle in wanted:
            for found in re.finditer(f"(?={re.escape(needle)})", folded):
                marked |= {*range(found.start(), found.start() + len(needle))}
        for on, run in groupby(range(len(text)), key=marked.__contains__):
            out.append(("".join(text[n] for n in run), "lit" if on else role))
    return out


STRONG = (
    "model", "tokens", "in", "out", "subject", "country",
    "app", "task", "task_tokens", "host", "could", "score", "blend", "spend", "of_spend",
)  # fmt: skip
"""Columns that are bright in the cursor's row."""

LIT = ("model", "vendor", "subject", "name", "words", "country", "app", "task", "host")
"""Columns in which a filter's words are lit; its country codes are in `country` alone."""


def draw_table(ink: Ink, width: int, columns: Sequence[Column[Any]], rows: Iterable[Any]) -> list[Strip]:
    """Heads and rows without a cursor, over the whole width."""
    placed = spread(place(columns, width), width)
    return [draw_head(ink, width, placed), *(draw_row(ink, width, placed, row) for row in rows)]


def draw_head(ink: Ink, width: int, placed: Sequence[Placed[Any]], sort: str = "", reverse: bool = False) -> Strip:
    """The row of heads; the column that is sorted by is bright and carries an arrow."""
    line = Line(ink, width)
    for p in placed:
        by = bool(sort) and p.column.sort == sort
        text = f"{'↑' if reverse else '↓'} {p.column.head}" if by and p.column.head else p.column.head
        text = text if not p.column.right or cell_width(text) < p.end - line.at else p.column.head
        piece: Piece = (text, "text" if by else "dim")
        if p.column.right:
            line.right([piece], p.end)
        else:
            line.to(p.at).pieces([piece])
    return line.strip()


def draw_row(
    ink: Ink,
    width: int,
    placed: Sequence[Placed[Any]],
    row: Any,
    *,
    cursor: bool = False,
    pinned: bool = False,
    needles: Sequence[str] = (),
) -> Strip:
    """One row. cursor: the bar, the tint, and name and value in bold. pinned: a star before it. needles: texts to be lit."""
    line = Line(ink, width)
    if cursor:
        line.over = ink.selected
        line.put("▌", "accent")
    elif pinned:
        line.put("*", "accent+")
    for n, p in enumerate(placed):
        room = p.width
        if p.column.reach and n + 1 < len(placed):
            after = placed[n + 1]
            room = max(1, after.end - width_of(after.column.cell(row, after.width)) - after.column.gap - p.at)
        pieces: Pieces = p.column.cell(row, room)
        if needles and p.column.key in LIT:
            names = p.column.key != "country"
            pieces = lit(pieces, [n for n in needles if not (names and len(n) == 2 and n.isupper())])
        if cursor and p.column.key in STRONG:
            pieces = [(text, "bright" if role == "text" else role) for text, role in pieces]
        if p.column.right:
            line.right(pieces, p.end)
        else:
            line.to(p.at).pieces(cut(pieces, room))
    return line.strip()


class LineWidget(Widget):
    """Shows a drawing, the only kind of widget on the dashboard: what stays as it is costs the terminal nothing."""

    def __init__(self, drawing: Drawing, id: str) -> None:  # noqa: A002 - the name that Textual's widgets give it
        super().__init__(id=id)
        self.drawing = drawing
        self._drawn: list[Strip] = []
        self._drawn_at: Size | None = None
        self._painted: list[Strip] = []

    def place(self, region: Region | None) -> None:
        """Puts it there on the screen; None: nowhere."""
        self.display = region is not None
        if region is not None:
            self.styles.offset = Offset(region.x, region.y)
            self.styles.width, self.styles.height = region.width, max(1, region.height)

    def redraw(self) -> None:
        """Draws anew when the app is idle next; calls until then count as one."""
        self._drawn_at = None
        if self.is_attached and self.display:
            self.check_idle()

    def notify_style_update(self) -> None:
        """Its own colours may be others."""
        super().notify_style_update()
        self._drawn_at = None

    def _draw(self) -> None:
        """Makes the rows at the present size, on the widget's own colours, unless they are made."""
        if self.size != self._drawn_at:
            self._drawn_at = width, height = self.size
            drawn = self.drawing.build(width, height) if width > 0 and height > 0 else []
            colours = self.rich_style
            self._drawn = [row.apply_style(colours) for row in filled(drawn, width, height)]

    def on_idle(self) -> None:
        """Asks Textual to paint the rows that differ."""
        if self._drawn_at is not None or not (self.is_attached and self.display):
            return
        self._draw()
        before, self._painted = self._painted, self._drawn
        if len(before) != len(self._drawn):
            self.refresh()
            return
        width = self.size.width
        pairs = enumerate(zip(self._drawn, before, strict=True))
        changed = [Region(0, y, width, 1) for y, (row, old) in pairs if row != old]
        if changed:
            self.refresh(*changed)

    def on_resize(self) -> None:
        """Textual paints a new size whole: what it has painted of it by now needs no second time."""
        self.drawing.resized()
        if self._drawn_at == self.size:
            self._painted = self._drawn
        else:
            self._painted = []
            self.redraw()

    def render_line(self, y: int) -> Strip:
        """One row, as Textual takes it."""
        self._draw()
        return self._drawn[y]

    def on_click(self, event: events.Click) -> None:
        """The drawing knows what a click means."""
        event.prevent_default()  # else Textual would select text
        self.drawing.clicked(event)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """The wheel, towards the end."""
        event.stop()
        self.drawing.wheeled(1)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """The wheel, towards the beginning."""
        event.stop()
        self.drawing.wheeled(-1)


class Drawing:
    """A view drawn as a list of rows, and what the mouse does to it. Whatever changes, `redraw` is called.

    ink, view: what it is drawn with, and of. widget: shows it.
    """

    def __init__(self, ink: Ink, id: str) -> None:  # noqa: A002 - as above
        self.ink = ink
        self.view = ViewState()
        self.widget = LineWidget(self, id)

    @property
    def size(self) -> Size:
        """Of the widget, which has none before it has a place."""
        return self.widget.size

    def build(self, width: int, height: int) -> list[Strip]:
        """All rows, at most `height`."""
        raise LookupError(type(self).__name__)

    def show(self, view: ViewState) -> None:
        """Takes a view and draws it; nothing moves."""
        self.view = view
        self.redraw()

    def redraw(self) -> None:
        """Draws anew; calls until the app is idle count as one."""
        self.widget.redraw()

    def resized(self) -> None:
        """Its size is another, and it is drawn anew."""

    def clicked(self, event: events.Click) -> None:
        """A click on one of its cells."""

    def wheeled(self, notches: int) -> None:
        """The wheel turned over it, towards the end (> 0) or the beginning."""


class Bar(Drawing):
    """A line whose parts can be clicked: those in a role with `@` and a target.

    A target is the id of an action, `key:` and a key, or `open:` and a part of the header (period, basis, free, leader).
    """

    class Pressed(Message):
        """A part was clicked."""

        def __init__(self, target: str) -> None:
            super().__init__()
            self.target = target

    def ends(self, layouts: Iterable[Layout], width: int) -> Strip:
        """The first layout that fits, else the last one; a blank cell at each end."""
        left: Sequence[Piece] = ()
        right: Sequence[Piece] = ()
        for left, right, blanks in layouts:
            if width_of([*left, *right]) + blanks <= width:
                break
        return Line(self.ink, width).to(1).pieces(left).right(right, width - 1).strip()

    def clicked(self, event: events.Click) -> None:
        target = event.style.meta.get("target")
        if target:
            self.widget.post_message(self.Pressed(target))
