"""Pickers of vendors and countries: several at once, with counts and tokens beside each; type to find."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct
from textual import events
from textual.app import ComposeResult
from textual.strip import Strip
from textual.widget import Widget

from orwatch.present import formats
from orwatch.present.cells import bar
from orwatch.present.table import Column, place, spread
from orwatch.tui.screens.overlay import Frame, Overlay
from orwatch.tui.themes import Ink
from orwatch.tui.widgets.paint import Line, Piece
from orwatch.tui.widgets.table import draw_head, draw_row


class Choice(Struct, frozen=True):
    """A line of the picker. key: what is chosen; tokens, share (fraction of all) and models: of the basis."""

    key: str
    country: str | None
    words: str
    models: int
    tokens: int
    share: float


class Picked(Struct, frozen=True):
    """What was chosen; empty: all. save: it is to be kept in the config."""

    keys: frozenset[str]
    save: bool = False


class Picker(Widget):
    """The list, in a thin border of the accent."""

    def __init__(self, ink: Ink, title: str, head: str, rows: Sequence[Choice], chosen: Iterable[str]) -> None:
        super().__init__(id="picker")
        self.ink = ink
        self.title = title
        self.head = head
        self.all = list(rows)
        self.chosen = set(chosen)
        self.typed = ""
        self.typing = False
        self.cursor = 0
        self.top = 0

    @property
    def rows(self) -> list[Choice]:
        """The lines that match what was typed."""
        wanted = self.typed.casefold()
        return [row for row in self.all if wanted in f"{row.key} {row.words} {row.country or '??'}".casefold()]

    def move(self, by: int) -> None:
        """Moves the cursor."""
        self.cursor = max(0, min(len(self.rows) - 1, self.cursor + by))
        room = max(1, self.size.height - 7)
        self.top = max(min(self.top, self.cursor), self.cursor - room + 1, 0)
        self.refresh()

    def toggle(self) -> None:
        """Chooses the row, or not."""
        if self.rows:
            self.chosen ^= {self.key_of(self.rows[self.cursor])}
            self.refresh()

    def key_of(self, row: Choice) -> str:
        """What a choice is kept by: vendors are compared without case."""
        return row.key.casefold() if self.head == "Vendor" else row.key

    def render_line(self, y: int) -> Strip:
        """One row on the widget's own ground."""
        return self.draw_line(y).apply_style(self.rich_style)

    def draw_line(self, y: int) -> Strip:
        """Border, title, find line, heads, rows, sum, keys."""
        ink, (width, height) = self.ink, self.size
        frame = Frame(ink, width, height)
        if y in (0, height - 1):
            return frame.edge(y, self.title, f"{len(self.chosen)} of {len(self.all)} chosen")
        return frame.inside(self._content(y, frame.inner, height))

    def _content(self, y: int, width: int, height: int) -> Strip:
        ink = self.ink
        rows = self.rows
        room = height - 7
        if y == 1:
            line = Line(ink, width).put("/ ", "accent+")
            if self.typed or self.typing:
                return line.put(self.typed, "text").put("▏" if self.typing else "", "accent").strip()
            return line.put(f"{'name, company or country' if self.head == 'Vendor' else 'name or code'}", "dim").strip()
        placed = spread(place(self._columns(), None, width), width)
        if y == 2:
            return draw_head(ink, width, placed)
        if y < 3 + room:
            at = y - 3 + self.top
            if at < len(rows):
                row = rows[at]
                strip = draw_row(ink, width, placed, row, cursor=at == self.cursor)
                return strip
            empty = "Nothing matches" if not rows and y == 3 else ""
            return Line(ink, width).to(2).put(empty, "dim").strip()
        if y == 3 + room:
            return Line(ink, width).put("─" * width, "rule").strip()
        if y == 4 + room:
            picked = [row for row in self.all if self.key_of(row) in self.chosen]
            noun = f"{self.head.lower()}s" if self.head == "Vendor" else "countries"
            if len(picked) == 1:
                noun = self.head.lower()
            line = (
                Line(ink, width)
                .to(1)
                .put(f"{len(picked)} {noun} · {sum(r.models for r in picked)} models" if picked else "all", "text")
            )
            columns = {p.column.key: p for p in placed}
            unit, _ = formats.unit_of([row.tokens for row in self.all])
            if picked and "tokens" in columns and "share" in columns:
                tokens, share = columns["tokens"], columns["share"]
                line.right(
                    [(formats.tokens_in(sum(r.tokens for r in picked), unit), "bright")], tokens.at + tokens.width
                )
                line.right([(formats.percent(sum(r.share for r in picked)), "bright")], share.at + share.width)
            return line.strip()
        line = Line(ink, width).to(1)
        keys = (
            ("Space", "choose"),
            ("a", "all"),
            ("n", "none"),
            ("i", "invert"),
            ("Enter", "apply"),
            ("w", "save too"),
            ("Esc", "cancel"),
        )
        for key, word in keys if width >= 76 else (keys[4], keys[6], *keys[:4], keys[5]):
            if line.room >= len(key) + len(word) + 2:
                line.put(key, "accent+").put(f" {word}  ", "dim")
        return line.strip()

    def _columns(self) -> list[Column[Choice, None]]:
        ink = self.ink
        unit, letter = formats.unit_of([row.tokens for row in self.all])
        most = max((row.tokens for row in self.all), default=1) or 1

        def mark(row: Choice, _: None, w: int) -> list[Piece]:
            return [("✓", "accent")] if self.key_of(row) in self.chosen else [("·", "faint")]

        def name(row: Choice, _: None, w: int) -> list[Piece]:
            return [(row.key[:w], "bright" if self.key_of(row) in self.chosen else "text")]

        return [
            Column("mark", "", 1, mark, right=False, gap=0),
            Column("name", self.head, 14, name, right=False, gap=1, grow=True, most=14),
            Column(
                "country",
                "CC",
                2,
                lambda row, _, w: [(row.country or "??", ink.country(row.country) + "+")],
                right=False,
                give_up=3,
                strong=True,
            ),
            Column(
                "words",
                "Company" if self.head == "Vendor" else "Name",
                12,
                lambda row, _, w: [(formats.middle_cut(row.words, w), "dim")],
                right=False,
                gap=1,
                give_up=2,
                grow=True,
                most=24,
            ),
            Column("models", "Models", 6, lambda row, _, w: [(str(row.models), "text")], give_up=1),
            Column(
                "tokens",
                f"Tokens {letter}",
                8,
                lambda row, _, w: [(formats.tokens_in(row.tokens, unit), "text")],
                strong=True,
            ),
            Column(
                "bar",
                "",
                10,
                lambda row, _, w: bar(row.tokens / most, w, ink.country(row.country)),
                right=False,
                give_up=0,
            ),
            Column("share", "of all %", 8, lambda row, _, w: [(formats.percent(row.share), "dim")], gap=1),
        ]


class PickerScreen(Overlay[Picked | None]):
    """Returns the chosen keys; None where it was cancelled. Nothing chosen means all."""

    def __init__(self, ink: Ink, title: str, head: str, rows: Sequence[Choice], chosen: Iterable[str]) -> None:
        super().__init__()
        self.picker = Picker(ink, title, head, rows, chosen)

    def compose(self) -> ComposeResult:
        yield self.picker

    def on_mount(self) -> None:
        """Sizes the list to its rows and the terminal."""
        self.on_resize()

    def on_resize(self) -> None:
        """Sizes the list to its rows and the terminal."""
        width, height = self.app.size
        self.picker.styles.width = min(82, width - 2)
        self.picker.styles.height = max(8, min(len(self.picker.all) + 8, height - 4 if height >= 30 else height - 2))

    def take_key(self, event: events.Key) -> None:
        """Chooses, finds, applies, cancels."""
        picker, key = self.picker, event.key
        if picker.typing:
            if key == "escape":
                picker.typing, picker.typed = False, ""
            elif key == "enter":
                picker.typing = False
            elif key == "backspace":
                picker.typed = picker.typed[:-1]
            elif key in ("up", "down"):
                picker.move(1 if key == "down" else -1)
            elif event.is_printable and event.character and event.character != " ":
                picker.typed += event.character
            elif key == "space":
                picker.toggle()
            picker.cursor = min(picker.cursor, max(0, len(picker.rows) - 1))
            picker.refresh()
            return
        if key == "escape" or key == "q":
            self.finish(None)
        elif key == "enter":
            self.finish(Picked(frozenset(picker.chosen)))
        elif key == "w":
            self.finish(Picked(frozenset(picker.chosen), save=True))
        elif key == "space":
            picker.toggle()
        elif key == "slash":
            picker.typing = True
        elif key in ("down", "j", "up", "k", "pagedown", "pageup"):
            picker.move({"down": 1, "j": 1, "up": -1, "k": -1, "pagedown": 10, "pageup": -10}[key])
        elif key in ("g", "home", "G", "end"):
            picker.move(-10_000 if key in ("g", "home") else 10_000)
        elif key == "a":
            picker.chosen |= {picker.key_of(row) for row in picker.rows}
        elif key == "n":
            picker.chosen.clear()
        elif key == "i":
            picker.chosen ^= {picker.key_of(row) for row in picker.all}
        picker.refresh()
