"""Giving an unattributed vendor a country: the vendors by name, then the code, with the country's name as it is typed."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.app import ComposeResult
from textual.strip import Strip
from textual.widget import Widget

from orwatch.domain.countries import COUNTRIES
from orwatch.domain.vendors import is_cloaked
from orwatch.domain.views.overview import VendorRow
from orwatch.present import formats
from orwatch.tui.screens.overlay import Frame, Overlay
from orwatch.tui.themes import Ink
from orwatch.tui.widgets.paint import Line

NEVER = "never attributed: who trained it is not public"


class Assign(Widget):
    """The list of vendors without a country, and of those whose country is the user's own."""

    def __init__(self, ink: Ink, rows: Sequence[VendorRow], focus: str | None) -> None:
        super().__init__(id="assign")
        self.ink = ink
        self.rows = list(rows)
        slugs = [row.vendor.slug for row in self.rows]
        self.cursor = slugs.index(focus) if focus in slugs else 0
        self.typing = False
        self.typed = ""

    @property
    def chosen(self) -> VendorRow | None:
        """The vendor under the cursor."""
        return self.rows[self.cursor] if self.rows else None

    def guess(self) -> tuple[str, str] | None:
        """Code and name of the country that is typed, by code or by name."""
        text = self.typed.strip()
        code = text.upper()
        if code in COUNTRIES:
            return code, COUNTRIES[code]
        found = [
            (c, name) for c, name in COUNTRIES.items() if len(text) > 2 and name.casefold().startswith(text.casefold())
        ]
        return found[0] if found else None

    def render_line(self, y: int) -> Strip:
        """One row on the widget's own ground."""
        return self.draw_line(y).apply_style(self.rich_style)

    def draw_line(self, y: int) -> Strip:
        """Border, vendors, the line where the country is typed, keys."""
        frame = Frame(self.ink, self.size.width, self.size.height)
        if y in (0, self.size.height - 1):
            return frame.edge(y, "Countries of vendors", f"{len(self.rows)} without one, or with yours")
        return frame.inside(self._content(y, frame.inner))

    def _content(self, y: int, width: int) -> Strip:
        ink, room = self.ink, self.size.height - 4
        line = Line(ink, width)
        if y == self.size.height - 2:
            keys = (
                (("Enter", "assign"), ("Esc", "back"))
                if self.typing
                else (("Enter", "give a country"), ("Esc", "close"))
            )
            line.to(1)
            for key, word in keys:
                line.put(key, "accent+").put(f" {word}  ", "dim")
            return line.strip()
        if y == self.size.height - 3:
            if not self.typing or self.chosen is None:
                return (
                    line.to(1).put("Kept in your config, over the shipped table." if self.rows else "", "dim").strip()
                )
            line.to(1).put(f"{self.chosen.vendor.slug} is from ", "text").put(self.typed, "bright").put("▏", "accent")
            found = self.guess()
            if found:
                return line.put(f"  {found[0]} ", f"{ink.country(found[0])}+").put(found[1], "dim").strip()
            return line.put("  a code such as FR, or a name" if not self.typed else "  no country yet", "dim").strip()
        top = max(0, self.cursor - room + 2)
        at = y - 1 + top
        if at >= len(self.rows):
            return (
                line.to(1)
                .put("Every vendor of this period has a country." if not self.rows and y == 1 else "", "dim")
                .strip()
            )
        row = self.rows[at]
        cursor = at == self.cursor
        line.put("▌" if cursor else " ", "accent").to(1).put(
            row.vendor.country or "??", f"{ink.country(row.vendor.country)}+"
        )
        line.put(f" {row.vendor.slug}", "bright" if cursor else "text")
        words = NEVER if is_cloaked(row.vendor.slug) else "yours" if row.vendor.assigned else row.vendor.company or ""
        line.put(f"  {words}", "dim").right([(formats.tokens(row.tokens), "text")], width - 1)
        return line.strip(ink.selected if cursor else None)


class AssignScreen(Overlay[tuple[str, str] | None]):
    """Returns the vendor and the code; None where nothing was assigned."""

    def __init__(self, ink: Ink, rows: Sequence[VendorRow], focus: str | None) -> None:
        super().__init__()
        self.assign = Assign(ink, rows, focus)

    def compose(self) -> ComposeResult:
        yield self.assign

    def on_mount(self) -> None:
        """Sizes the list to the terminal."""
        self.on_resize()

    def on_resize(self) -> None:
        """Sizes the list to the terminal."""
        width, height = self.app.size
        self.assign.styles.width = min(76, width - 2)
        self.assign.styles.height = max(6, min(len(self.assign.rows) + 5, height - 4))

    def take_key(self, event: events.Key) -> None:
        """Chooses a vendor, types its country, assigns."""
        assign, key = self.assign, event.key
        if assign.typing:
            if key == "escape":
                assign.typing, assign.typed = False, ""
            elif key == "enter":
                found = assign.guess()
                if found and assign.chosen is not None:
                    self.finish((assign.chosen.vendor.slug, found[0]))
            elif key == "backspace":
                assign.typed = assign.typed[:-1]
            elif event.is_printable and event.character:
                assign.typed += event.character
        elif key in ("escape", "q"):
            self.finish(None)
        elif key in ("down", "j", "up", "k"):
            assign.cursor = max(0, min(len(assign.rows) - 1, assign.cursor + (1 if key in ("down", "j") else -1)))
        elif key in ("enter", "C") and assign.chosen is not None:
            assign.typing = not is_cloaked(assign.chosen.vendor.slug)
        assign.refresh()
