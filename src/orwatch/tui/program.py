"""What any program on a terminal owes it: to end cleanly, to say what went wrong in a sentence, to draw anew."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Awaitable, Callable

from textual.app import App
from textual.theme import Theme

from orwatch.domain.foreign import safe
from orwatch.errors import DEBUG, OrwatchError, unexpected
from orwatch.tui import clipboard

LAST_RESORT = 3.0
"""Seconds after a signal in which the screen is to be put back."""

TERMINAL_GONE = 0.2
"""The same where there is no terminal any more."""

RESTART = 60.0
"""Seconds after an unexpected error before what it ended begins anew."""


class Program(App[int]):
    """An app that ends at once and never with a report. fault: what ended it. restart_s: before ended work begins anew."""

    restart_s: float
    fault: Exception | None
    _themed = False

    def _start_in(self, theme: Theme) -> None:
        """Takes a theme before the app runs. Setting it the usual way has all styles parsed twice before the first frame."""
        self._themed = True
        self.register_theme(theme)
        self.set_reactive(App.theme, theme.name)
        self.update_classes(
            {f"-theme-{theme.name}": True, "-dark-mode": theme.dark, "-light-mode": not theme.dark}, update=False
        )
        self._refresh_truecolor_filter(self.ansi_theme)
        self.stylesheet.set_variables(self.get_css_variables())

    def get_css_variables(self) -> dict[str, str]:
        """The colours of the theme; before the app has its own, none: Textual mixes those of its default first."""
        return super().get_css_variables() if self._themed else {}

    async def _lasting(self, work: Callable[[], Awaitable[None]], said: Callable[[str], None]) -> None:
        """Work that is never to end: an unexpected error is said, and after a while it begins anew."""
        while True:
            try:
                await work()
                return
            except Exception as error:
                said(self._mishap(error))
                await asyncio.sleep(self.restart_s)

    def _mishap(self, error: Exception) -> str:
        """The sentence for an unexpected error of a worker. Where errors are looked for, it ends the program instead."""
        if os.environ.get(DEBUG) == "1":
            self._handle_exception(error)
        return unexpected(error)

    def _handle_exception(self, error: Exception) -> None:
        """Ends with an error that nobody expected. Textual would print a report with the local variables, a key among them."""
        self._return_code = 1
        if self._exception is None:
            self._exception = error
            self._exception_event.set()
        self.fault = self.fault or error
        self._close_messages_no_wait()

    def panic(self, *renderables: object) -> None:
        """As for an exception; what was to be printed is not. The thread that reads the terminal ends so where that goes."""
        self._handle_exception(OrwatchError("The terminal cannot be read any more."))

    def _end_on_signals(self, loop: asyncio.AbstractEventLoop) -> None:
        """SIGTERM and SIGHUP leave the terminal as it was.

        Where the terminal is gone, Textual's writer has died and the loop may wait for it for ever: then the process ends by itself
        after a while. The cache is never left half written: each write is one transaction.
        """

        def end(*_: object) -> None:
            if loop.is_closed():
                return  # the program has ended already
            loop.call_soon_threadsafe(self.exit, 0)
            last_resort = threading.Timer(LAST_RESORT if _terminal_is_there() else TERMINAL_GONE, os._exit, (0,))
            last_resort.daemon = True
            last_resort.start()

        for name in (signal.SIGTERM, signal.SIGHUP):
            try:
                signal.signal(name, end)
            except ValueError:
                return  # not the main thread: a test, or a host that has its own handlers

    def copy_to_clipboard(self, text: str) -> None:
        """Sets the terminal's clipboard, through tmux and screen too."""
        self._clipboard = text
        if self._driver is not None:
            self._driver.write(clipboard.sequence(text, os.environ))

    def _ring(self, text: str) -> None:
        """Bytes for the terminal's bell and notices, in turn with what is drawn."""
        if self._driver is not None:
            self._driver.write(text)
            self._driver.flush()

    def tell(self, text: str, title: str, *, trouble: bool = False) -> None:
        """A toast, as plain text."""
        self.notify(safe(text), title=title, markup=False, severity="warning" if trouble else "information")

    def redraw(self) -> None:
        """Draws every cell anew: the terminal's own may be anything."""
        self.screen.refresh(layout=True, repaint=True)
        self.screen._compositor._dirty_regions.clear()
        self.refresh(repaint=True, layout=True)

    def _resumed(self, _: object) -> None:
        """Back from the shell: under tmux the screen is blank until it is drawn."""
        self.call_later(self.redraw)


def _terminal_is_there() -> bool:
    try:
        os.tcgetpgrp(sys.__stdin__.fileno())  # type: ignore[union-attr]
    except (OSError, ValueError, AttributeError):
        return False
    return True
