"""A line to type, checked as it is typed, with others below it to begin from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Input, Static

from orwatch.domain.foreign_text import safe
from orwatch.errors import UsageError
from orwatch.tui.dialogs.dialog import Dialog, Keys, SearchLine, nothing


class LineDialog(Dialog[str]):
    """Returns the line.

    text: to begin with. check: what a line means, in words; raises UsageError for one that means nothing. others: lines to begin
    from.
    """

    CHROME = 7
    CLICK = "↑ ↓"

    def __init__(self, heading: str, text: str, check: Callable[[str], str], others: Sequence[str]) -> None:
        super().__init__(heading, len(others))
        self.check = check
        self.others = others
        self.first = self.find = SearchLine(value=text, compact=True, max_length=200)
        self.note = Static(classes="note", markup=False)

    def body(self) -> ComposeResult:
        yield Horizontal(Static("›"), self.find, id="find")
        yield self.note
        yield self.options

    def on_mount(self) -> None:
        """What the line means stands below it from the start."""
        self.options.highlighted = None
        self._tell()

    def draw(self, width: int) -> list[Content]:
        """The lines to begin from."""
        return [Content.styled(f"  {safe(line)}"[:width], "$ink-dim") for line in self.others]

    def on_input_changed(self, _: Input.Changed) -> None:
        """Tells what is meant, or what is wrong."""
        self._tell()

    def _tell(self) -> bool:
        try:
            self.note.update(Content.styled(safe(self.check(self.find.value)), "$ink-text"))
        except UsageError as error:
            self.note.update(Content.assemble(("! ", "$ink-trouble bold"), safe(str(error))))
            return False
        return True

    def keys(self) -> Keys:
        """Takes the line, if it means anything; cancels; begins from another."""
        return {
            "enter": ("take", self._take),
            "↑ ↓": ("begin from", nothing),
            "escape": ("cancel", self.close),
            "up": ("", partial(self._begin_from, self.options.action_cursor_up)),
            "down": ("", partial(self._begin_from, self.options.action_cursor_down)),
        }

    def _take(self) -> None:
        if self._tell():
            self.close(self.find.value)

    def _begin_from(self, move: Callable[[], None]) -> None:
        move()
        if self.options.highlighted is not None:
            self.find.value = self.others[self.options.highlighted]
            self.find.cursor_position = len(self.find.value)
