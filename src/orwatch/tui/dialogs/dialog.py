"""The parts of every dialog: what lies over the screen, a thin frame, a list of one-line rows, a line of keys."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar, Final, Generic, TypeVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.app import App, ComposeResult
from textual.color import Color
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.strip import Strip
from textual.style import Style as ContentStyle
from textual.widgets import Input, OptionList, Static

from orwatch.domain.foreign_text import safe
from orwatch.domain.names import nearest
from orwatch.present.citation import ADDRESS, target
from orwatch.present.formats import cell_width
from orwatch.present.table import Column, Pieces, Placed, RowT, cut, place, tidy, width_of
from orwatch.tui.actions import label_of
from orwatch.tui.widgets.paint import under

ResultT = TypeVar("ResultT")

STYLES: Final = Path(__file__).with_name("dialogs.tcss")
"""Of all dialogs."""

Key = tuple[str, Callable[[], object]]
"""What a key does in a word, empty where that is not told, and what is then called."""
Keys = Mapping[str, Key]
"""By Textual's name of a key, or by what it types."""


def nothing() -> None:
    """What a key does that is told of for what others do: `↑ ↓`, of the keys that move in every list."""


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
    told = [(label_of(key), word) for key, (word, _) in keys.items() if word]
    length = sum(cell_width(f"{key} {word}  ") for key, word in told) - 2
    return Content(" " if 0 < room < length else "  ").join(
        Content.assemble((key, "$ink-accent bold"), (f" {word}", "$ink-dim")) for key, word in told
    )


class Overlay(ModalScreen[ResultT]):
    """Lies over the dimmed screen, takes every key while it is open, and is dismissed once."""

    CSS_PATH = STYLES

    def keys(self) -> Keys:
        """What keys do here as it is now; in the order in which they are offered."""
        raise LookupError(type(self).__name__)

    def close(self, result: ResultT | None = None) -> None:
        """Dismisses with a result; a second time does nothing."""
        if self.is_current:
            self.dismiss(result)

    def on_key(self, event: events.Key) -> None:
        """Takes a key; one that was typed in a burst with the key that closed it goes to the screen below."""
        if not self.is_current:
            self.app.post_message(events.Key(event.key, event.character))
        elif not self.take(event):
            return
        event.stop()
        event.prevent_default()

    def work(self, event: events.Key) -> Callable[[], object] | None:
        keys = self.keys()
        _, work = keys.get(event.key) or keys.get(event.character or "") or ("", None)
        return work

    def take(self, event: events.Key) -> bool:
        """Does what a key does; False where it is none of this dialog's."""
        work = self.work(event)
        if work is not None:
            work()
        return work is not None


def ask(app: App[Any], dialog: ModalScreen[ResultT | None], answered: Callable[[ResultT], object]) -> None:
    """Opens a dialog. answered: takes what it returns, unless it was cancelled."""

    def take(answer: ResultT | None) -> None:
        if answer is not None:
            answered(answer)

    app.push_screen(dialog, take)


class TextOverlay(Overlay[None]):
    """A text that scrolls where it is longer than its frame; other keys do nothing."""

    def take(self, event: events.Key) -> bool:
        """Does what a key does, or scrolls."""
        if not super().take(event) and event.key in SCROLLS:
            SCROLLS[event.key](self.query_one(VerticalScroll), animate=False)
        return True


class Laid(Static):
    """A text laid out anew at each width. draw: at a width in cells; width: before its own is known."""

    def __init__(self, draw: Callable[[int], Content], classes: str, width: int) -> None:
        super().__init__(draw(width), classes=classes)
        self.draw = draw

    def on_resize(self) -> None:
        """Lays it out anew: later, or what holds it would keep the height that it has while it is resized."""
        self.call_later(lambda: self.update(self.draw(self.size.width)))


class Options(OptionList):
    """A list of one-line rows. draw: the rows at a width in cells, each with a blank first column, where the cursor's mark goes."""

    def __init__(self, draw: Callable[[int], Sequence[Content]]) -> None:
        super().__init__(markup=False)
        self.draw = draw

    def on_resize(self) -> None:
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
        """A row, that of the cursor with `▌` in its first column.

        Textual leaves `text-style: reverse` of the style sheet out of a list's rows, so that is done here too.
        """
        strip = super().render_line(y)
        if self.highlighted is None or self.scroll_offset.y + y != self.highlighted:
            return strip
        segments = list(strip)
        if self.get_component_styles("option-list--option-highlighted").text_style.reverse:
            segments = under(Style(reverse=True), segments)
        accent = Style(color=Color.parse(self.app.theme_variables["accent"]).rich_color)
        mark = Segment("▌", segments[0].style + accent if segments[0].style else accent)
        return Strip([mark, *Strip(segments).crop(1)], strip.cell_length)


class SearchLine(Input):
    """A line to type in, above a list or below it. What it does not take goes to the dialog."""

    def on_mount(self) -> None:
        """Nothing blinks."""
        self.cursor_blink = False

    def on_key(self, event: events.Key) -> None:
        """Gives to the dialog what is no text, and what was typed before this line had the focus or after it lost it.

        At once: else keys of a burst would become text before the dialog hears of the one that ends it.
        """
        dialog = self.screen
        assert isinstance(dialog, Dialog)
        mine = dialog.is_current and dialog.focused is self and dialog.work(event) is None
        if mine and event.is_printable:
            return
        dialog.on_key(event)
        if not mine:
            event.prevent_default()


class Dialog(Overlay[ResultT | None]):
    """A frame with a list. Returns None where it was cancelled.

    heading: in the frame. count: most rows of the list. first: what has the keys when it opens.
    """

    MOVES: ClassVar[dict[str, Callable[[OptionList], None]]] = {
        "down": OptionList.action_cursor_down, "j": OptionList.action_cursor_down,
        "up": OptionList.action_cursor_up, "k": OptionList.action_cursor_up,
        "pagedown": OptionList.action_page_down, "pageup": OptionList.action_page_up,
        "home": OptionList.action_first, "g": OptionList.action_first,
        "end": OptionList.action_last, "G": OptionList.action_last,
    }  # fmt: skip
    CHROME: ClassVar[int] = 5
    """Lines of the frame beside its rows: two edges, a blank line, a note, the keys."""
    CLICK: ClassVar[str] = "enter"
    """The key that does what a click on a row does."""

    def __init__(self, heading: str, count: int) -> None:
        super().__init__()
        self.heading = heading
        self.count = count
        self.options = Options(self.draw)
        self.first: Options | SearchLine = self.options

    def compose(self) -> ComposeResult:
        frame = Vertical(*self.body(), Static(keys_line(self.keys()), id="keys"), id="frame")
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

    def on_option_list_option_selected(self) -> None:
        self.keys()[self.CLICK][1]()

    def take(self, event: events.Key) -> bool:
        """Does what a key does here, moves in the list, and takes a character of a burst with the key that began a line."""
        if super().take(event):
            return True
        line = self.focused if isinstance(self.focused, SearchLine) else None
        if line is not None and event.is_printable and event.character:
            line.insert_text_at_cursor(event.character)
            return True
        move = None if line is not None and event.key in ("home", "end") else self.MOVES.get(event.key)
        if move is not None:
            move(self.options)
        return move is not None


class Search(Dialog[ResultT], Generic[RowT, ResultT]):
    """A list in which typing searches at once: letters are text, and what the dialog can do has keys that are none.

    everything: what there is to be found, as long as nothing is typed. hint: what rows are found by.
    """

    CHROME = 6

    def __init__(self, heading: str, everything: Sequence[RowT], hint: str) -> None:
        super().__init__(heading, len(everything))
        self.everything = everything
        self.first = self.find = SearchLine(placeholder=hint, compact=True)
        self._found_by = ""

    def body(self) -> ComposeResult:
        yield Horizontal(Static("/"), self.find, id="find")
        yield self.options

    def words(self, row: RowT) -> str:
        """What a row is found by."""
        raise LookupError(type(self).__name__)

    @property
    def wanted(self) -> str:
        """What is typed, to be compared with."""
        return self.find.value.strip().casefold()

    @property
    def rows(self) -> Sequence[RowT]:
        """The rows that match what is typed."""
        return [row for row in self.everything if self.wanted in self.words(row).casefold()]

    @property
    def row(self) -> RowT | None:
        """The row under the cursor: the first one found, as long as the list is still that of the letters before."""
        rows, at = self.rows, self.options.highlighted if self._found_by == self.find.value else 0
        return rows[at] if at is not None and at < len(rows) else None

    def nearest(self, names: Iterable[str]) -> str:
        """That nothing matches, and the nearest of some names."""
        near = nearest(self.wanted, names, 1)
        return f"Nothing matches; nearest: {safe(near[0])}" if near else "Nothing matches"

    def on_input_changed(self, event: Input.Changed) -> None:
        """Finds while it is typed; the cursor goes to the first that is found."""
        if event.input is self.find:
            self.show()

    def show(self, there: Callable[[RowT], bool] = lambda _: True) -> None:
        """Draws the rows that are found. there: of the row that the cursor goes to; to the first where it is of none."""
        self._found_by = self.find.value
        self.options.fill()
        rows = self.rows
        at = next((n for n, row in enumerate(rows) if there(row)), 0)
        self.options.highlighted = at if rows else None

    def back(self) -> None:
        """Shows all rows again; closes where nothing was typed."""
        if self.find.value:
            self.find.value = ""
        else:
            self.close()
