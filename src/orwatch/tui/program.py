"""What any program on a terminal owes it: to end cleanly, to say what went wrong in a sentence, to draw anew."""

from __future__ import annotations

import _thread
import asyncio
import os
import signal
import time
from collections.abc import Awaitable, Callable

from rich.segment import Segment
from textual.app import App
from textual.color import Color
from textual.filter import LineFilter, NoColor
from textual.theme import Theme

from orwatch.domain.foreign_text import safe
from orwatch.errors import DEBUG, OrwatchError, unexpected
from orwatch.tui import clipboard
from orwatch.tui.leaving import die_of, put_back, terminal_is_there
from orwatch.tui.parts import AppPart

LAST_RESORT = 3.0
"""Seconds after a signal in which the screen is to be put back."""

TERMINAL_GONE = 0.2
"""The same where there is no terminal any more."""

RESTART = 60.0
"""Seconds after an unexpected error before what it ended begins anew."""


class Colourless(LineFilter):
    """Takes every colour away. Textual's own filter sets the terminal's default colours, which are codes of colours too."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The segments with what is left of their styles."""
        return [Segment(text, style and style.without_color, control) for text, style, control in segments]


class Program(AppPart):
    """An app that ends at once and never with a report.

    fault: what ended it. signalled: the signal that did. restart_s: seconds before ended work begins anew.
    """

    restart_s: float
    fault: Exception | None
    signalled: int | None = None
    _answering: asyncio.AbstractEventLoop | None = None
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
        self._filters = [Colourless() if isinstance(each, NoColor) else each for each in self._filters]
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

    def end_on_signals(self) -> None:
        """From now on a signal ends the app in good order; to be called before it runs.

        SIGTERM, SIGHUP and SIGQUIT leave the terminal as it was. Nothing is raised for them: in the middle of a loop that begins,
        or of the terminal being set up, that would be lost, or leave the terminal half done. Where the loop does not answer
        (the terminal is gone and Textual's writer has died), or a second signal comes, the process ends without it. The cache
        is never left half written: each write is one transaction.
        """
        for name in (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
            signal.signal(name, self._signalled)

    def _signalled(self, number: int, _: object) -> None:
        again, self.signalled = self.signalled is not None, number
        if again:
            put_back(self._driver)
            die_of(number)
        # Not by `threading`, whose lock the code that was interrupted may hold.
        _thread.start_new_thread(self._last_resort, (number,))
        if self._answering is not None and not self._answering.is_closed():
            self._answering.call_soon_threadsafe(self.exit, 0)

    def _last_resort(self, number: int) -> None:
        time.sleep(LAST_RESORT if terminal_is_there() else TERMINAL_GONE)
        put_back(self._driver)
        os._exit(128 + number if number == signal.SIGQUIT else 0)

    def _answer_signals(self) -> None:
        """From now on the loop answers signals; what came before does not wait any longer."""
        self._answering = asyncio.get_running_loop()
        if self.signalled is not None:
            self.exit(0)

    def action_quit_by_signal(self) -> None:
        """What Ctrl+\\ does to a program: the terminal's own signal, which keys that are read one by one do not send."""
        os.kill(os.getpid(), signal.SIGQUIT)

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
