"""The Textual application: it composes the market's reader, polling, the dashboard and the user's choices, and runs them."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import sys
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from functools import partial
from io import StringIO
from pathlib import Path
from typing import Any, ClassVar, Final

from msgspec.structs import asdict
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual.app import App
from textual.binding import Binding
from textual.color import Color
from textual.constants import DRIVER
from textual.filter import LineFilter
from textual.notifications import SeverityLevel

from orwatch import threads
from orwatch.config import Config, exposed, read_state, state_path, write_document
from orwatch.core.source import DemoOptions, Source, open_source
from orwatch.domain.filters import Filter
from orwatch.domain.query import Query
from orwatch.errors import DEBUG, CacheError, DamagedCacheError, NoDataError, OrwatchError, unexpected
from orwatch.notify.channel import Message, cut, named
from orwatch.notify.program import SECRETS
from orwatch.present.citation import links_wanted
from orwatch.present.colours import DARK
from orwatch.tui.actions import Keymap, refused
from orwatch.tui.choices import Choices, Start, kept_of, recalled, start_of
from orwatch.tui.ground import Ground
from orwatch.tui.live import DEMO_TICK, TICK, Live
from orwatch.tui.market_reader import MarketReader
from orwatch.tui.screens.dashboard import DashboardScreen
from orwatch.tui.terminal import Terminal, clipboard_through, die_of, draw_on_the_terminal
from orwatch.tui.themes import Themes, textual_theme
from orwatch.tui.toasts import Toasts

FIRST_START: Final = {
    True: "Asking OpenRouter for the whole record since 2025",
    False: "Asking OpenRouter for the last 30 days of rankings, and what its exports hold before them",
}

WRITTEN: Final = 0.05
"""Seconds for a frame to be written: a thread does it, which what begins meanwhile would hold up."""

TOAST_WIDTH: Final = 56
"""Cells of a line in a toast."""


class Restyled(LineFilter):
    """Changes the style of every segment. Textual keeps what a filter has made of a line: there is one of each."""

    def __init__(self, change: Callable[[Style], Style]) -> None:
        super().__init__()
        self.change = change

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        return [Segment(text, style and self.change(style), control) for text, style, control in segments]


COLOURLESS: Final = Restyled(lambda style: style.without_color)
"""Removes every colour. Textual's own filter sets the terminal's default colours, which are colour codes too."""
LINKLESS: Final = Restyled(lambda style: style.update_link(None))
"""Removes links, for a terminal that does not take them."""


class OrwatchApp(App[int]):
    """The dashboard on a source.

    offline: never polls. config: where choices are kept; None: nowhere. warnings: told at its start.
    fault: the unexpected error that ended it.
    """

    CSS_PATH = Path(__file__).with_name("orwatch.tcss")
    TITLE = "orwatch"
    ENABLE_COMMAND_PALETTE = False
    ESCAPE_TO_MINIMIZE: ClassVar[bool] = False
    BINDINGS: ClassVar[list[Binding]] = [  # type: ignore[assignment]
        Binding("ctrl+c", "quit_now", "quit", show=False, priority=True),
        Binding("ctrl+q", "quit_now", "quit", show=False, priority=True),
        Binding("ctrl+backslash", "quit_by_signal", "quit", show=False, priority=True),
    ]

    def __init__(
        self,
        source: Source,
        query: Query,
        filter_: Filter | None = None,
        *,
        themes: Themes | None = None,
        ground: Ground | None = None,
        offline: bool = False,
        keymap: Keymap | None = None,
        config: Path | None = None,
        warnings: Sequence[str] = (),
    ) -> None:
        ground = ground or Ground(asks=False)
        ground.tell = partial(self.call_later, self.follow, ground)
        self.terminal = Terminal(leave=self.action_quit_now, lost=self.panic, ground=ground)
        self.themes = themes or Themes(DARK.name, {})
        palette = self.themes.palette()
        super().__init__(driver_class=None if DRIVER else self.terminal.driver_class(), ansi_color=palette.ansi)
        # Textual's report of an error shows local variables, a key among them: it goes nowhere.
        self.error_console = Console(file=StringIO())
        self.register_theme(textual_theme(palette))
        # Set, not assigned: else the style sheet would be made twice.
        self.set_reactive(App.theme, f"orwatch-{palette.name}")
        self.stylesheet.set_variables(self.get_css_variables())
        self.fault: Exception | None = None
        self.source = source
        self.keymap = keymap or Keymap()
        self.toasts = Toasts(self.notify, self.clear_notifications)
        self.reader = MarketReader(source)
        self.choices = Choices(source.settings, config, self.reader, self.toasts)
        self.live = Live(source, self.reader, self, offline=offline)
        self.dashboard = DashboardScreen(
            self.live, self.choices, self.toasts, self.keymap, self.themes, query, filter_ or Filter()
        )
        self._warnings = warnings
        self.dashboard.board.choose_columns(asdict(source.settings.view.columns))

    # The start

    def get_default_screen(self) -> DashboardScreen:
        """The dashboard, with what the cache has before it is first drawn."""
        self.first_look()
        return self.dashboard

    def first_look(self) -> None:
        """Reads the cache: the first paint waits for nothing else."""
        found, progress = None, None
        query = self.dashboard.asked
        try:
            try:
                self.live.alerts.remembered()
                self.live.remember()
                found = self.reader.look(query)
            except DamagedCacheError:
                self.source.mend()
                found = self.reader.look(query)
        except CacheError as error:
            progress = str(error)
        except NoDataError as error:
            progress = str(error) if self.live.offline else FIRST_START[self.source.has_key]
        self.dashboard.note(progress=progress, age_s=self.live.age(), price_age_s=self.live.price_age())
        if found is not None:
            self.dashboard.take(found)

    def on_mount(self) -> None:
        """Shows the notes of the start; all work begins when the first frame is on the terminal."""
        self.call_after_refresh(self.set_timer, WRITTEN, self._begin)
        self.app_resume_signal.subscribe(self, lambda _: self.call_later(self.dashboard.refresh, layout=True))
        notes = {
            "Keys": self.keymap.notes,
            "Cache": self.source.coordination.take_notices(),
            "A theme": self.themes.faults,
            "A secret": self._warnings,
        }
        for title, sentences in notes.items():
            for sentence in sentences:
                self.toasts.show(sentence, title, "warning")
        self.live.tick()

    def _begin(self) -> None:
        """Starts the poller, the alerts and the clock line."""
        gc.collect(1)  # what the imports left behind makes room for the record; nothing else is old yet
        self.live.start()
        self.set_interval(TICK if self.source.demo_clock is None else DEMO_TICK, self.live.tick)

    # For its parts

    def work(self, work: Coroutine[Any, Any, None], group: str, *, exclusive: bool = False) -> None:
        """Runs a coroutine as a worker. exclusive: the others of its group end."""
        self.run_worker(work, group=group, exit_on_error=False, exclusive=exclusive)

    async def tell_alert(self, message: Message) -> None:
        """An alert in the corner: three lines, gone after ten seconds. Of several that are not major, whom they are about."""
        hints = (("pane4", "opens"), ("acknowledge", "acknowledges"))
        keys = "   ".join(f"{key} {does}" for id_, does in hints if (key := self.keymap.hint(id_)))
        mark, sentence = message.lines[0][:2], message.lines[0][2:].partition(";")[0]
        if len(message.lines) > 1 and message.severity != "major":
            room = min(TOAST_WIDTH, self.size.width // 2 - 4)  # a toast takes half of the screen at most
            sentence = named(message.subjects, room - 2)
        elif len(sentence) > TOAST_WIDTH - 2:
            sentence = sentence.partition(": ")[2] or sentence  # the figures: who it is stands in the title
        what, comma, more = message.title.partition(", and ")
        title = cut(what, TOAST_WIDTH - len(comma + more)) + comma + more
        severity: SeverityLevel = "error" if message.severity == "major" else "information"
        self.toasts.show(f"{mark}{cut(sentence, TOAST_WIDTH - 2)}\n{keys}", title, severity, seconds=10)

    def write(self, text: str) -> None:
        """Writes the bytes of bell and notices to the terminal."""
        self.terminal.write(text)

    def copy_to_clipboard(self, text: str) -> None:
        """Sets the terminal's clipboard, through tmux and screen too."""
        super().copy_to_clipboard(text)
        self.terminal.write(clipboard_through(text, os.environ))

    def open_url(self, url: str, *, new_tab: bool = True) -> None:
        """Opens a page in the browser, which is given no key."""
        hidden = {name: os.environ.pop(name) for name in SECRETS if name in os.environ}
        try:
            super().open_url(url, new_tab=new_tab)
        finally:
            os.environ.update(hidden)

    def follow(self, ground: Ground) -> None:
        """Wears what suits the terminal's ground, which has been answered after the first frame."""
        self.themes.dark = ground.dark
        if self.themes.follows:
            self.dashboard.wear(self.themes.worn)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """The filters of drawn lines: none of Textual's own, since every colour is a true one, or the terminal's."""
        colourless = [COLOURLESS] if self.no_color else []
        return colourless if links_wanted(self.source.settings.view.links, os.environ) else [*colourless, LINKLESS]

    # The end

    def mishap(self, error: Exception) -> str:
        """The sentence for an unexpected error of a worker. Where errors are looked for, it ends the program instead."""
        if os.environ.get(DEBUG) == "1":
            self.fault = self.fault or error
            self.exit(return_code=1)
        return unexpected(error)

    def bell(self) -> None:
        """Textual rings the bell for an error that nobody handled: the error is kept, to be told as a sentence."""
        error = sys.exc_info()[1]
        if self.fault is None and isinstance(error, Exception):
            self.fault = error

    def panic(self, *renderables: object) -> None:
        """Ends where the terminal cannot be read any more, without what Textual would print."""
        self.bell()
        self.fault = self.fault or OrwatchError("The terminal cannot be read any more.")
        super().panic()

    def action_quit_now(self) -> None:
        self.exit(0)

    def action_quit_by_signal(self) -> None:
        """What Ctrl+\\ does to a program: the terminal's own signal, which keys that are read one by one do not send."""
        os.kill(os.getpid(), signal.SIGQUIT)


def run(
    config: Config,
    query: Query,
    *,
    filter_: Filter,
    ground: Ground,
    demo: DemoOptions | None = None,
    offline: bool = False,
    read_only: bool = False,
) -> int:
    """Draws the dashboard until the user quits; the exit code.

    read_only: it asks nobody (but for the demo's own clock), keeps nothing, and refuses every key that would.
    """
    if not DRIVER:
        draw_on_the_terminal()
    settings = config.settings
    keymap = Keymap(settings.keys, refused(demo=demo is not None) if read_only else frozenset())
    start = start_of(settings, query, filter_)
    kept_in = state_path(os.environ) if settings.start.restore and demo is None and not read_only else None
    if kept_in is not None:
        start = recalled(read_state(kept_in), config, start)
    with open_source(config, demo=demo) as source:
        app = OrwatchApp(
            source,
            start.query,
            start.filter,
            themes=Themes(start.theme, os.environ, config.path, dark=ground.now()),
            ground=ground,
            offline=offline or (read_only and demo is None),
            keymap=keymap,
            config=config.path if demo is None and not read_only else None,
            warnings=() if read_only else exposed(config, os.environ),
        )
        if demo is not None:
            app.live.play()
        if read_only:
            app.live.offline_note = "read-only"
        dashboard, board = app.dashboard, app.dashboard.board
        board.begin(start.pane, start.sorts)
        gc.freeze()  # what the imports made stays, and need not be looked through after each poll
        with asyncio.Runner() as runner:
            loop = runner.get_loop()
            threads.leave_behind(loop)
            with app.terminal.answering_signals(loop):
                code = app.run(mouse=settings.view.mouse, loop=loop)
        if app.fault is not None:
            raise app.fault
        if kept_in is not None:
            left = Start(dashboard.asked, dashboard.view.filter, board.pane, app.themes.worn, board.sorts())
            with suppress(OrwatchError):  # a home that cannot be written to is no reason to end with an error
                write_document(kept_in, kept_of(left))
    if app.terminal.ended_by == signal.SIGQUIT:
        die_of(signal.SIGQUIT)
    return code if isinstance(code, int) else app.return_code or 0
