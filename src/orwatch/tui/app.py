"""The application: the cache read first, then the poller, and one snapshot given to the dashboard each time either moves."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import ClassVar

from msgspec.structs import replace
from textual.app import App
from textual.binding import Binding

from orwatch.config import Config, exposed, read_state, state_path, write_state
from orwatch.core.market import Market
from orwatch.core.poller import Wake
from orwatch.core.source import DemoOptions, Source, on_demo, open_source
from orwatch.domain.alerts.records import Alert
from orwatch.domain.filters import Filter
from orwatch.domain.query import Query
from orwatch.errors import CacheError, DamagedCacheError, NoDataError, OrwatchError
from orwatch.present.palette import DARK, LIGHT, NONE, TERMINAL, Palette, choose
from orwatch.tui.desk import Desk
from orwatch.tui.following import Follower
from orwatch.tui.keeper import unread_of
from orwatch.tui.keymap import Keymap
from orwatch.tui.leaving import die_of
from orwatch.tui.program import RESTART
from orwatch.tui.resuming import recall, remember, start_of
from orwatch.tui.screens.dashboard import DashboardScreen
from orwatch.tui.themes import Ink, textual_theme

FIRST_START = {
    True: "Asking OpenRouter for the whole record since 2025",
    False: "Asking OpenRouter for the last 30 days of rankings, and what its exports hold before them",
}

DEMO_START = "Reconstructing the spring of 2026 from published figures"


class OrwatchApp(Follower, App[int]):
    """The dashboard on a source.

    offline: never polls. config: where choices are kept; None: nowhere. warnings: told at its start.
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
        palette: Palette = DARK,
        offline: bool = False,
        keymap: Keymap | None = None,
        config: Path | None = None,
        warnings: Sequence[str] = (),
    ) -> None:
        super().__init__(ansi_color=palette.ansi)
        self.palette = palette
        self._start_in(textual_theme(palette))
        self.source = source
        self._market: Market | None = None
        self._shown: Market | None = None
        self._judged: tuple[tuple[object, ...], tuple[Alert, ...]] | None = None
        self.offline = offline
        self.keymap = keymap or Keymap()
        self.config = config
        self.warnings = warnings
        self.favourites = frozenset(source.settings.view.favourites)
        self.wake = Wake()
        self.problem: str | None = None
        self.desk = Desk(source, self.market_to_judge)
        self.restart_s = RESTART
        self.fault: Exception | None = None
        self._held = False
        self._undelivered: set[str] = set()
        self._next_at: float | None = None
        self._used: int | None = None
        self._stamp: tuple[int, int] | None = None
        self._behind = self._unshown = False
        self._renewing = asyncio.Lock()
        self._noted: tuple[datetime | None, datetime | None] | None = None
        self._hosts_problem = ""
        self.themed = False
        self.assigned: dict[str, str] = {}
        self._query = query
        self.dashboard = DashboardScreen(Ink(palette), query, filter_ or Filter(), self.series)
        self.dashboard.footer.keymap = self.keymap
        self.dashboard.serve_evidence(self.evidence)
        self.dashboard.view = replace(self.dashboard.view, favourites=self.favourites)
        self.dashboard.choose_columns(
            {"models": source.settings.view.columns.models, "prices": source.settings.view.columns.prices}
        )

    def get_default_screen(self) -> DashboardScreen:
        """The dashboard, with what the cache has before it is first drawn."""
        self.first_look()
        return self.dashboard

    def first_look(self) -> None:
        """Reads the cache: the first paint waits for nothing else."""
        found, progress = None, None
        try:
            try:
                known = self.desk.remembered() or {}
                self.dashboard.view = replace(self.dashboard.view, known=known, unread=unread_of(known))
                found = self.look(self._query)
            except DamagedCacheError:
                self.source.coordination.mend()
                found = self.look(self._query)
        except CacheError as error:
            progress = str(error)
        except NoDataError as error:
            demo = self.source.demo_clock is not None
            progress = str(error) if self.offline else DEMO_START if demo else FIRST_START[self.source.has_key]
        view = replace(self.dashboard.view, progress=progress, age_s=self.age(), price_age_s=self.price_age())
        self.dashboard.view = view if found is None else view.showing(found)

    def on_mount(self) -> None:
        """Ends cleanly when the terminal goes; all else begins when the first frame is drawn."""
        self.call_after_refresh(self._begin)
        self._answer_signals()
        self.app_resume_signal.subscribe(self, self._resumed)
        for note in self.keymap.notes:
            self.tell(note, "Keys", trouble=True)
        self._tell_notices()
        for sentence in self.warnings:
            self.tell(sentence, "A secret", trouble=True)
        self._count_requests()
        self._tick()

    def next_theme(self) -> None:
        """The next palette; a terminal without colour keeps none."""
        if self.palette is NONE:
            return
        cycle = [DARK, LIGHT, TERMINAL]
        self.themed = True
        self.palette = cycle[(cycle.index(self.palette) + 1) % len(cycle)]
        self.ansi_color = self.palette.ansi
        self.register_theme(textual_theme(self.palette))
        self.theme = f"orwatch-{self.palette.name}"
        self.dashboard.restyle(Ink(self.palette))

    def action_quit_now(self) -> None:
        """Quits."""
        self.exit(0)


def run(
    config: Config, query: Query, *, filter_: Filter, demo: DemoOptions | None = None, offline: bool = False
) -> int:
    """Draws the dashboard until the user quits; the exit code."""
    if sys.__stderr__ is not None and not sys.__stderr__.isatty():
        # Textual draws on standard error; where that is a file (`2>log`) the screen would go there.
        sys.__stderr__ = sys.__stdout__  # type: ignore[misc]
    if demo is not None:
        config = on_demo(config)
        query = replace(query, lens=replace(query.lens, basis=config.settings.view.basis))
    settings = config.settings
    keymap = Keymap(settings.keys)
    start = start_of(settings, query, filter_)
    left = state_path(os.environ) if settings.start.restore and demo is None else None
    if left is not None:
        start = recall(read_state(left), config, start)
    palette = choose(start.theme, os.environ)
    with open_source(config, demo=demo) as source:
        app = OrwatchApp(
            source,
            start.query,
            start.filter,
            palette=palette,
            offline=offline,
            keymap=keymap,
            config=config.path,
            warnings=exposed(config, os.environ),
        )
        app.dashboard.begin(start.pane, start.sorts)
        app.end_on_signals()
        code = app.run(mouse=settings.view.mouse)
        if app.fault is not None:
            raise app.fault
        if left is not None:
            with suppress(OrwatchError):  # a home that cannot be written to is no reason to end with an error
                write_state(left, remember(app.dashboard, app.palette.name if app.themed else start.theme))
    if app.signalled == signal.SIGQUIT:
        die_of(signal.SIGQUIT)
    return code if isinstance(code, int) else app.return_code or 0
