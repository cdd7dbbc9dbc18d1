"""The parts of every dialog: a thin frame, a list of one-line rows, a line of keys."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, ClassVar, Final, TypeVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.app import ComposeResult
from textual.color import Color
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.strip import Strip
from textual.style import Style as ContentStyle
from textual.widgets import Input, OptionList, Static

from orwatch.domain.foreign_text import safe
from orwatch.present.formats import cell_width
from orwatch.present.links import ADDRESS, target
from orwatch.present.table import Column, Pieces, Placed, RowT, cut, place, tidy, width_of

ResultT = TypeVar("ResultT")


STYLES: Final = Path(__file__).with_name("dialogs.tcss")
"""Of all dialogs."""

Keys = Sequence[tuple[str, str]]
"""Keys as people read them, each with what it does."""


SCROLLS: dict[str, Callable[..., None]] = {
    "down": VerticalScroll.scroll_down, "j": VerticalScroll.scroll_down,
    "up": VerticalScroll.scroll_up, "k": VerticalScroll.scroll_up,
    "pagedown": VerticalScroll.scroll_page_down, "space": VerticalScroll.scroll_page_down,
    "pageup": VerticalScroll.scroll_page_up,
    "g": VerticalScroll.scroll_home, "home": VerticalScroll.scroll_home,
    "G": VerticalScroll.scroll_end, "end": VerticalScroll.scroll_end,
}  # fmt: skip
"""How a text that is longer than its frame is moved, by key."""


def styled(pieces: Pieces) -> list[tuple[str, str]]:
    """Pieces with the style of their role in words of the theme; a `+` makes it bold."""
    return [(text, f"$ink-{role.removesuffix('+')}{' bold' * role.endswith('+')}") for text, role in tidy(pieces)]


def with_addresses(content: Content) -> Content:
    """A text whose addresses are links."""
    for found in ADDRESS.finditer(content.plain):
        content = content.stylize(ContentStyle(link=target(found[0])), found.start(), found.end())
    return content


def in_place(placed: Sequence[Placed[Any]], cells: Sequence[Pieces]) -> Content:
    """The cells of a row, each where its column stands."""
    parts: list[str | tuple[str, str]] = []
    at = 0
    for column, cell in zip(placed, cells, strict=True):
        pieces = cut(tidy(cell), column.width)
        begin = column.end - width_of(pieces) if column.column.right else column.at
        parts += [" " * (begin - at), *styled(pieces)]
        at = begin + width_of(pieces)
    return Content.assemble(*parts)


def drawn(columns: Sequence[Column[RowT]], width: int, rows: Iterable[RowT]) -> list[Content]:
    """Rows at a width, in the layout of every table; the first column is left to the cursor."""
    placed = place(columns, width)
    return [in_place(placed, [each.column.cell(row, each.width) for each in placed]) for row in rows]


def heads(columns: Sequence[Column[RowT]], width: int) -> Content:
    """The heads of the columns."""
    placed = place(columns, width)
    return in_place(placed, [[(each.column.head, "dim")] for each in placed])


def keys_line(keys: Keys, room: int = 0) -> Content:
    """Keys and what they do; closer together where they have no room. room: cells, 0: enough."""
    length = sum(cell_width(f"{key} {word}  ") for key, word in keys) - 2
    return Content(" " if 0 < room < length else "  ").join(
        Content.assemble((key, "$ink-accent bold"), (f" {word}", "$ink-dim")) for key, word in keys
    )


def with_cursor(rows: OptionList, y: int, strip: Strip) -> Strip:
    """A line of a list of one-line rows: that of the cursor with `▌` in its first column.

    Textual leaves `text-style: reverse` of the style sheet out of a list's rows, so that is done here too.
    """
    if rows.highlighted is None or rows.scroll_offset.y + y != rows.highlighted:
        return strip
    segments = list(strip)
    if rows.get_component_styles("option-list--option-highlighted").text_style.reverse:
        # Reversed colours would turn a thin bar and a code into blocks of colour: the row is read by its text alone.
        plain = Style(reverse=True)
        segments = [Segment(text, style.without_color + plain if style else plain) for text, style, _ in segments]
    accent = Style(color=Color.parse(rows.app.theme_variables["accent"]).rich_color)
    mark = Segment("▌", segments[0].style + accent if segments[0].style else accent)
    return Strip([mark, *Strip(segments).crop(1)], strip.cell_length)


class Options(OptionList):
    """A list of one-line rows. draw: the rows at a width in cells, each with a blank first column, where the cursor's mark goes."""

    def __init__(self, draw: Callable[[int], Sequence[Content]]) -> None:
        super().__init__(markup=False)
        self.draw = draw

    def on_resize(self) -> None:
        """Draws the rows at the new width."""
        self.fill()

    def fill(self) -> None:
        """Draws the rows anew; the cursor stays where it is."""
        rows = self.draw(self.scrollable_content_region.width)
        if len(rows) == self.option_count:
            for at, prompt in enumerate(rows):
                self.replace_option_prompt_at_index(at, prompt)
            return
        at = self.highlighted or 0
        self.clear_options()
        self.add_options(rows)
        self.highlighted = at if rows else None

    def render_line(self, y: int) -> Strip:
        """A row, that of the cursor marked."""
        return with_cursor(self, y, super().render_line(y))


class SearchLine(Input):
    """A line to type in, above a list or below it. What it does not take goes to the dialog. leaves: printable keys among these."""

    leaves: frozenset[str] = frozenset()

    def on_mount(self) -> None:
        """Nothing blinks."""
        self.cursor_blink = False

    def on_key(self, event: events.Key) -> None:
        """Gives to the dialog what is no text, and what was typed before this line had the focus or after it lost it.

        At once: else keys of a burst would become text before the dialog hears of the one that ends it.
        """
        dialog = self.screen
        assert isinstance(dialog, Dialog)
        mine = dialog.is_current and dialog.focused is self and event.key not in self.leaves
        if mine and event.is_printable:
            return
        dialog.on_key(event)
        if not mine:
            event.prevent_default()


class Dialog(ModalScreen[ResultT]):
    """A frame over the dimmed screen. It takes every key while it is open, and is dismissed once.

    heading: in the frame. count: most rows of the list. keys: what they do here. first: what has the keys when it opens.
    """

    CSS_PATH = STYLES
    MOVES: ClassVar[dict[str, Callable[[OptionList], None]]] = {
        "down": OptionList.action_cursor_down, "j": OptionList.action_cursor_down,
        "up": OptionList.action_cursor_up, "k": OptionList.action_cursor_up,
        "pagedown": OptionList.action_page_down, "pageup": OptionList.action_page_up,
        "home": OptionList.action_first, "g": OptionList.action_first,
        "end": OptionList.action_last, "G": OptionList.action_last,
    }  # fmt: skip
    CHROME: ClassVar[int] = 5
    """Lines of the frame beside its rows: two edges, a blank line, a note, the keys."""

    def __init__(self, heading: str, count: int, keys: Keys) -> None:
        super().__init__()
        self.heading = heading
        self.count = count
        self.keys = keys
        self.options = Options(self.draw)
        self.first: Options | SearchLine = self.options

    def compose(self) -> ComposeResult:
        frame = Vertical(*self.body(), Static(keys_line(self.keys), id="keys"), id="frame")
        frame.border_title = Content(safe(self.heading))
        yield frame

    def body(self) -> ComposeResult:
        """The widgets in the frame, above the keys."""
        yield self.options

    def draw(self, width: int) -> Sequence[Content]:
        """The rows of the list at a width in cells."""
        raise LookupError(type(self).__name__)

    def on_mount(self) -> None:
        """The frame is as high as all of its rows need, and stays so when fewer are found."""
        self.set_focus(self.first)
        self.options.fill()  # at whatever width: keys may come before the first layout
        # The one thing that the style sheet cannot know.
        self.query_one("#frame").styles.max_height = max(1, self.count) + self.CHROME

    def turn_to(self, widget: Options | SearchLine, keys: Keys) -> None:
        """Gives the list or the line the focus, and shows its keys."""
        self.set_focus(widget)
        self.query_one("#keys", Static).update(keys_line(keys))

    def close(self, result: ResultT) -> None:
        """Dismisses with a result; a second time does nothing."""
        if self.is_current:
            self.dismiss(result)

    def on_key(self, event: events.Key) -> None:
        """Gives a key to the dialog, and one that was typed in a burst with the key that closed it to the screen below."""
        if not self.is_current:
            event.stop()
            self.app.post_message(events.Key(event.key, event.character))
        elif self.take(event.key) or self._typed(event) or self._moved(event.key):
            event.stop()
            event.prevent_default()

    def take(self, key: str) -> bool:
        """Does what a key does here; False where it is none of this dialog's."""
        raise LookupError(type(self).__name__)

    def _typed(self, event: events.Key) -> bool:
        """Takes a character that was typed in a burst with the key that gave the line the focus."""
        find = self.focused
        if isinstance(find, SearchLine) and event.is_printable and event.character:
            find.insert_text_at_cursor(event.character)
            return True
        return False

    def _moved(self, key: str) -> bool:
        typing = isinstance(self.focused, SearchLine) and key in ("home", "end")
        move = None if typing else self.MOVES.get(key)
        if move is not None:
            move(self.options)
        return move is not None


class Search(Dialog[ResultT]):
    """A list in which typing searches at once: letters are text, and what the dialog can do has keys that are none.

    hint: what rows are found by. commands: printable keys that are not text.
    """

    CHROME = 6

    def __init__(self, heading: str, count: int, keys: Keys, hint: str, commands: Iterable[str] = ()) -> None:
        super().__init__(heading, count, keys)
        self.first = self.find = SearchLine(placeholder=hint, compact=True)
        self.find.leaves = frozenset(commands)
        self._found_by = ""

    def body(self) -> ComposeResult:
        yield Horizontal(Static("/"), self.find, id="find")
        yield self.options

    def found(self) -> int:
        """How many rows match what is typed."""
        raise LookupError(type(self).__name__)

    @property
    def wanted(self) -> str:
        """What is typed, to be compared with."""
        return self.find.value.strip().casefold()

    @property
    def at(self) -> int | None:
        """The row under the cursor: the first one found, as long as the list is still that of the letters before."""
        current = self.options.highlighted if self._found_by == self.find.value else 0
        return current if current is not None and current < self.found() else None

    def on_input_changed(self, event: Input.Changed) -> None:
        """Finds while it is typed; the cursor goes to the first that is found."""
        if event.input is self.find:
            self.show(0)

    def show(self, at: int) -> None:
        """Draws the rows that are found. at: the one that the cursor goes to."""
        self._found_by = self.find.value
        self.options.fill()
        self.options.highlighted = at if self.found() else None

    def cleared(self) -> bool:
        """Shows all rows again; False where nothing was typed."""
        if not self.find.value:
            return False
        self.find.value = ""
        return True
