"""Notices in the corner of the screen: three at most, the newest."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from msgspec import Struct
from textual.notifications import SeverityLevel

from orwatch.domain.foreign_text import safe
from orwatch.errors import OrwatchError

MOST: Final = 3
"""Toasts on the screen at once."""

SECONDS: Final = 5.0
"""How long one stays that does not say how long."""


class Notice(Struct, frozen=True):
    """One notice. until: when it goes, in seconds of the monotonic clock."""

    message: str
    title: str
    severity: SeverityLevel
    until: float


class Toasts:
    """Shows notices as plain text, whatever their words hold.

    notify, clear: those of Textual's App, which cannot take back a single one.
    """

    def __init__(self, notify: Callable[..., None], clear: Callable[[], None]) -> None:
        self._notify = notify
        self._clear = clear
        self.shown: list[Notice] = []

    @contextmanager
    def telling(self, title: str) -> Iterator[None]:
        """Within, an error is shown as a notice, and ends what is done there."""
        try:
            yield
        except OrwatchError as error:
            self.show(str(error), title, "warning")

    def show(self, text: str, title: str, severity: SeverityLevel = "information", *, seconds: float = SECONDS) -> None:
        """Shows a notice; the oldest gives way where there are too many."""
        now = time.monotonic()
        text = "\n".join(safe(line) for line in text.split("\n"))
        there = [toast for toast in self.shown if toast.until > now]
        fresh = [Notice(text, safe(title), severity, now + seconds)]
        if len(there) >= MOST:
            self._clear()
            there, fresh = [], [*there[1 - MOST :], *fresh]
        for toast in fresh:
            self._notify(
                toast.message, title=toast.title, severity=toast.severity, timeout=toast.until - now, markup=False
            )
        self.shown = [*there, *fresh]
