"""What to snooze, and for how long: this subject or everything, an hour or a day."""

from __future__ import annotations

from datetime import timedelta

from textual import events
from textual.app import ComposeResult
from textual.strip import Strip
from textual.widget import Widget

from orwatch.tui.screens.overlay import Frame, Overlay
from orwatch.tui.themes import Ink
from orwatch.tui.widgets.paint import Line

HOUR, DAY = timedelta(hours=1), timedelta(days=1)

Snoozed = tuple[bool, timedelta]
"""Whether only the subject is meant, and for how long."""


class Snooze(Widget):
    """The choices, one a line. subject: of the alert under the cursor, in words; None: there is none."""

    def __init__(self, ink: Ink, subject: str | None) -> None:
        super().__init__(id="snooze")
        self.ink = ink
        self.choices: list[tuple[str, Snoozed]] = []
        if subject:
            self.choices += [(f"{subject}, for an hour", (True, HOUR)), (f"{subject}, for a day", (True, DAY))]
        self.choices += [("everything, for an hour", (False, HOUR)), ("everything, for a day", (False, DAY))]
        self.cursor = 0

    def render_line(self, y: int) -> Strip:
        """One row on the widget's own ground."""
        return self.draw_line(y).apply_style(self.rich_style)

    def draw_line(self, y: int) -> Strip:
        """Border, choices, what it does, keys."""
        ink, height = self.ink, self.size.height
        frame = Frame(ink, self.size.width, height)
        if y in (0, height - 1):
            return frame.edge(y, "Snooze", "")
        line = Line(ink, frame.inner)
        if y <= len(self.choices):
            here = y - 1 == self.cursor
            line.put("▌" if here else " ", "accent").put(self.choices[y - 1][0], "bright" if here else "text")
            return frame.inside(line.strip(ink.selected if here else None))
        if y == height - 3:
            line.to(1).put("Alerts go on being shown here; the other channels wait.", "dim")
        elif y == height - 2:
            line.to(1)
            for key, word in (("↑ ↓", "move"), ("Enter", "snooze"), ("Esc", "cancel")):
                line.put(key, "accent+").put(f" {word}  ", "dim")
        return frame.inside(line.strip())


class SnoozeScreen(Overlay[Snoozed | None]):
    """Returns what was chosen; None where it was cancelled."""

    def __init__(self, ink: Ink, subject: str | None) -> None:
        super().__init__()
        self.snooze = Snooze(ink, subject)

    def compose(self) -> ComposeResult:
        yield self.snooze

    def on_mount(self) -> None:
        """Sizes the list to the terminal."""
        self.on_resize()

    def on_resize(self) -> None:
        """Sizes the list to the terminal."""
        self.snooze.styles.width = min(62, self.app.size.width - 2)
        self.snooze.styles.height = len(self.snooze.choices) + 5

    def take_key(self, event: events.Key) -> None:
        """Moves, snoozes, cancels."""
        snooze, key = self.snooze, event.key
        if key in ("escape", "q"):
            self.finish(None)
        elif key == "enter":
            self.finish(snooze.choices[snooze.cursor][1])
        elif key in ("down", "j", "up", "k", "n"):
            step = -1 if key in ("up", "k") else 1
            snooze.cursor = (snooze.cursor + step) % len(snooze.choices)
            snooze.refresh()
