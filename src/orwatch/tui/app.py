"""The application: the cache read first, then the poller, and one snapshot given to the dashboard each time either moves."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, TypeVar

from textual.app import App
from textual.binding import Binding

from orwatch.config import Settings, assign_vendor, exposed, read_state, set_values, state_path, write_state
from orwatch.core import threads
from orwatch.core.details import Detail, group_detail, model_detail
from orwatch.core.hosts import HostRow, host_rows, refresh_hosts
from orwatch.core.market import Market
from orwatch.core.poller import Failed, Synced, Wake, next_poll_s, poll
from orwatch.core.source import WEEK, DemoOptions, Source, open_source
from orwatch.core.views import Query, Snapshot, snapshot
from orwatch.domain.alerts.memory import KnownAlert
from orwatch.domain.alerts.records import Alert
from orwatch.domain.filters import Filter
from orwatch.domain.foreign import safe
from orwatch.domain.leads import Kind
from orwatch.domain.records import Basis, Grain, Period
from orwatch.domain.vendors import Attribution
from orwatch.errors import DEBUG, NoDataError, OrwatchError, unexpected
from orwatch.present import formats
from orwatch.present.sentences import country_words
from orwatch.tui import clipboard
from orwatch.tui.actions import ACTIONS
from orwatch.tui.desk import Desk
from orwatch.tui.keymap import Keymap
from orwatch.tui.resuming import recall, remember, start_of
from orwatch.tui.screens.dashboard import DashboardScreen
from orwatch.tui.themes import DARK, LIGHT, NONE, PALETTES, TERMINAL, Ink, Palette, choose, textual_theme
from orwatch.tui.widgets.footer import Polling

if TYPE_CHECKING:
    from textual.notifications import SeverityLevel

    from orwatch.core.races import Race
    from orwatch.notify.message import Message

T = TypeVar("T")

FIRST_START = {
    True: "Asking OpenRouter for the whole record since 2025",
    False: "Asking OpenRouter for the last 30 days of rankings, and what its exports hold before them",
}

PACES = (60, 120, 180, 240, 300, 600, 900, 1800, 3600)
"""Seconds between polls that `+` and `-` go through."""

DEMO_PACES = (1 / 64, 4.0)
"""Weeks a second that the demo's clock runs at least and at most."""

LAST_RESORT = 3.0
"""Seconds after a signal in which the screen is to be put back."""

TERMINAL_GONE = 0.2
"""The same where there is no terminal any more."""

RESTART = 60.0
"""Seconds after an unexpected error before what it ended begins anew."""

DEMO_START = "Reconstructing the spring of 2026 from published figures"


class OrwatchApp(App[int]):
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
        for known in PALETTES.values():
            self.register_theme(textual_theme(known))
        self.theme = f"orwatch-{palette.name}"
        self.source = source
        self.market = source.market()
        self.offline = offline
        self.keymap = keymap or Keymap()
        self.config = config
        self.warnings = warnings
        self.favourites = frozenset(source.settings.favourites)
        self.wake = Wake()
        self.problem: str | None = None
        self.desk = Desk(source)
        self.restart_s = RESTART
        self.fault: Exception | None = None
        self._held = False
        self._undelivered: set[str] = set()
        self._next_at: float | None = None
        self._used: int | None = None
        self._hosts_problem = ""
        self.themed = False
        self.assigned: dict[str, str] = {}
        self._lock = threading.Lock()
        self._query = query
        self.dashboard = DashboardScreen(Ink(palette), query, filter_ or Filter())
        self.dashboard.footer.keymap = self.keymap
        self.dashboard.scene = replace(self.dashboard.scene, favourites=self.favourites)
        self.dashboard.choose_columns(
            {"models": source.settings.model_columns, "prices": source.settings.price_columns}
        )

    def get_default_screen(self) -> DashboardScreen:
        """The dashboard, with what the cache has before it is first drawn."""
        self.first_look()
        return self.dashboard

    def first_look(self) -> None:
        """Reads the cache: the first paint waits for nothing else."""
        found, progress = None, None
        try:
            found = self.look(self._query)
        except NoDataError as error:
            demo = self.source.demo_clock is not None
            progress = str(error) if self.offline else DEMO_START if demo else FIRST_START[self.source.has_key]
        self.dashboard.scene = replace(
            self.dashboard.scene, snapshot=found, progress=progress, age_s=self.age(), price_age_s=self.price_age()
        )

    def on_mount(self) -> None:
        """Ends cleanly when the terminal goes; all else begins when the first frame is drawn."""
        self.call_after_refresh(self._begin)
        self._end_on_signals(asyncio.get_running_loop())
        self.app_resume_signal.subscribe(self, self._resumed)
        for note in self.keymap.notes:
            self.tell(note, "Keys", trouble=True)
        for sentence in self.warnings:
            self.tell(sentence, "A secret", trouble=True)
        self._count_requests()
        self._tick()

    def _begin(self) -> None:
        """Starts the poller, the alerts and the clock."""
        threads.leave_behind(asyncio.get_running_loop())
        if self.offline:
            self._remember(self.desk.remembered())
        else:
            demo = self.source.demo_clock
            if demo is not None and not demo.stands:
                demo.pause()  # what is there at its start is history, however fast it runs
                self._held = True
            self.run_worker(
                self._lasting(self._poll, self._unpolled), group="poll", exclusive=True, exit_on_error=False
            )
            self.run_worker(
                self._lasting(self._attend, self._unattended), group="alerts", exclusive=True, exit_on_error=False
            )
        self.set_interval(1.0, self._tick)

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

    def _unpolled(self, sentence: str) -> None:
        """The poller has ended: a problem, with a next try."""
        self._next_at = self._clock() + self.restart_s
        self.problem = sentence
        self.dashboard.note(problem=sentence, age_s=self.age())
        self._tick()

    def _unattended(self, sentence: str) -> None:
        self.tell(sentence, "Alerts", trouble=True)

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

    async def _attend(self) -> None:
        """Judges alerts, and delivers them apart from the polls; what does not arrive is said once for each cause."""
        try:
            problem = await asyncio.to_thread(self.desk.serve, os.environ, self._toast, self._ring)
        except OrwatchError as error:
            problem = str(error)
        if problem:
            self.tell(problem, "Alerts", trouble=True)
        if self.dashboard.scene.snapshot is not None:
            await self._renew()
        async for failure in self.desk.failures():
            said = f"{failure.channel}: {failure.cause}"
            if said not in self._undelivered:
                self._undelivered.add(said)
                self.tell(said, "Not delivered", trouble=True)

    def _toast(self, message: Message) -> None:
        """An alert in the corner, three lines, gone after ten seconds; of several bursts the last three stay."""
        for old in list(self._notifications)[: max(0, len(self._notifications) - 2)]:
            self._unnotify(old, refresh=False)
        keys = self.keymap
        by_id = {action.id: action for action in ACTIONS}
        hint = f"{keys.label(by_id['pane4'])} opens   {keys.label(by_id['acknowledge'])} acknowledges"
        first = message.lines[0] if len(message.lines) == 1 else f"{message.lines[0]}; {len(message.lines) - 1} more"
        severity: SeverityLevel = "error" if message.severity == "major" else "information"
        self.notify(f"{safe(first)}\n{hint}", title=safe(message.title), markup=False, severity=severity, timeout=10)

    def _ring(self, text: str) -> None:
        """Bytes for the terminal's bell and notices, in turn with what is drawn."""
        if self._driver is not None:
            self._driver.write(text)
            self._driver.flush()

    def _remember(self, known: Mapping[str, KnownAlert] | None) -> None:
        """Takes what is remembered of alerts, where that has changed."""
        if known is not None:
            unread = frozenset(id_ for id_, one in known.items() if one.unread)
            self.dashboard.note(known=known, unread=unread)

    def acknowledge(self, *ids: str) -> None:
        """Marks alerts as read, here and for every orwatch on this cache; without ids, all."""
        try:
            self.desk.acknowledge(*ids)
            self._remember(self.desk.remembered())
        except OrwatchError as error:
            self.tell(str(error), "Not acknowledged", trouble=True)

    def snooze(self, alert: Alert | None, length: timedelta) -> None:
        """Holds what is delivered about an alert's subject, or everything."""
        try:
            subject = self.desk.snooze(alert, length)
            self._remember(self.desk.remembered())
        except OrwatchError as error:
            self.tell(str(error), "Not snoozed", trouble=True)
            return
        until = (self.source.machine() + length).astimezone()
        self.tell(
            f"Nothing about {subject} is delivered until {until:%H:%M}; it is shown here all the same.", "Snoozed"
        )

    def _end_on_signals(self, loop: asyncio.AbstractEventLoop) -> None:
        """SIGTERM and SIGHUP leave the terminal as it was.

        Where the terminal is gone, Textual's writer has died and the loop may wait for it for ever: then the process ends by itself
        after a while. The cache is never left half written: each write is one transaction.
        """

        def end(*_: object) -> None:
            loop.call_soon_threadsafe(self.exit, 0)
            last_resort = threading.Timer(LAST_RESORT if _terminal_is_there() else TERMINAL_GONE, os._exit, (0,))
            last_resort.daemon = True
            last_resort.start()

        for name in (signal.SIGTERM, signal.SIGHUP):
            try:
                signal.signal(name, end)
            except ValueError:
                return  # not the main thread: a test, or a host that has its own handlers

    def look(self, query: Query) -> Snapshot:
        """A snapshot of the cache as it is. Raises NoDataError."""
        with self._lock:
            return snapshot(self.market, query)

    def with_market(self, read: Callable[[Market], T]) -> T:
        """What is read of the market, while nobody else reads it."""
        with self._lock:
            return read(self.market)

    def copy_to_clipboard(self, text: str) -> None:
        """Sets the terminal's clipboard, through tmux and screen too."""
        self._clipboard = text
        if self._driver is not None:
            self._driver.write(clipboard.sequence(text, os.environ))

    def neighbour(self, period: Period, by: int) -> Period | None:
        """The next period of the record before or after one."""
        with self._lock:
            known = list(self.market.record(period.grain).listings)
        later = [p for p in known if p > period] if by > 0 else [p for p in reversed(known) if p < period]
        return later[0] if later else None

    def first_period(self, grain: Grain) -> Period | None:
        """The first period of the record."""
        try:
            with self._lock:
                return self.market.record(grain).first
        except NoDataError:
            return None

    def race(self, query: Query, kind: Kind) -> Race:
        """The race of a subject up to a query's period."""
        from orwatch.core.races import race  # with the view it is for

        with self._lock:
            return race(self.market, query, kind)

    def detail(self, kind: Kind, key: str) -> Detail | None:
        """The detail of a row, as of the period on screen."""
        found = self.dashboard.scene.snapshot
        if found is None:
            return None
        with self._lock:
            return (
                model_detail(self.market, found, key)
                if kind is Kind.MODEL
                else group_detail(self.market, found, kind, key)
            )

    def hosts(self, detail: Detail, *, ask: bool = True) -> tuple[tuple[HostRow, ...], str]:
        """The hosts of a model in the cache, and a sentence where there are none; they are asked for if they are old."""
        if detail.listed_as is None:
            return (), "Not listed: no host is known"
        rows = host_rows(self.market, detail.listed_as)
        if ask and not self.offline:
            self.run_worker(self._ask_hosts(detail.listed_as), group="hosts", exclusive=True, exit_on_error=False)
            return rows, "Asking for the hosts"
        return rows, self._hosts_problem or "No host is known" + (" while offline" if self.offline else "")

    async def _ask_hosts(self, model_id: str) -> None:
        self._hosts_problem = ""
        try:
            await refresh_hosts(self.source, model_id)
        except OrwatchError as error:
            self._hosts_problem = str(error)
        except Exception as error:
            self._hosts_problem = self._mishap(error)
        self.dashboard.show_hosts()

    def age(self) -> float | None:
        """Seconds since the last successful poll, by the machine's clock; None in the demo."""
        last = self.source.last_success
        return (
            None
            if last is None or self.source.demo_clock is not None
            else max(0.0, (self.source.machine() - last).total_seconds())
        )

    def price_age(self) -> float | None:
        """Seconds since the catalogue was seen, by the server's clock; None in the demo, whose clock runs fast."""
        seen = self.source.cache.models_seen_at()
        return (
            None
            if seen is None or self.source.demo_clock is not None
            else max(0.0, (self.source.server_now - seen).total_seconds())
        )

    async def _poll(self) -> None:
        """Polls for ever, and gives each outcome to the screen."""
        async for event in poll(self.source, self.wake):
            self._count_requests()
            if isinstance(event, Failed):
                self._next_at = self._clock() + event.retry_in
                self.problem = event.reason
                self.dashboard.note(problem=event.reason, age_s=self.age())
                self._tick()
            elif isinstance(event, Synced):
                self._next_at = self._clock() + event.next_s
                self.problem = None
                await self._renew()
            while self.source.demo_clock is not None and self.source.demo_clock.stands:
                self._next_at = None
                await asyncio.sleep(0.5)

    async def _renew(self) -> None:
        """Builds the next snapshot in a thread, so that no key waits for it, and shows it."""
        asked = self.dashboard.asked
        try:
            known = await asyncio.to_thread(self.desk.look)
            found = await asyncio.to_thread(self.look, asked)
        except OrwatchError as error:
            self.dashboard.note(progress=str(error), problem=self.problem)
            return
        except Exception as error:
            self.problem = self._mishap(error)
            self.dashboard.note(problem=self.problem)
            return
        if asked != self.dashboard.asked:
            found = self.look(self.dashboard.asked)
        self.dashboard.take(found, problem=self.problem, progress=None, age_s=self.age(), price_age_s=self.price_age())
        self._remember(known)
        if self._held and self.desk.judged and self.source.demo_clock is not None:
            self._held = False
            self.source.demo_clock.resume()

    def _count_requests(self) -> None:
        """How much of the day's budget is used, by every process on this cache."""
        if self.source.has_key and self.source.demo_clock is None:
            self._used = self.source.keyed_requests_today()

    def _clock(self) -> float:
        return asyncio.get_running_loop().time()

    def _tick(self) -> None:
        """Once a second: the clock line; and what another process has put into the cache."""
        if self.dashboard.is_mounted and (self.market.revision_moved() or self.desk.moved()):
            self.run_worker(self._renew(), group="renew", exclusive=True, exit_on_error=False)
        demo = self.source.demo_clock
        note = None
        if demo is not None:
            note = (
                "starting"
                if self._held
                else "paused"
                if demo.paused
                else "the record ends here"
                if demo.at_end
                else f"demo clock {demo.now():%d %b %H:%M}Z"
            )
        elif self.offline:
            note = "offline"
        next_s = None if self._next_at is None else max(0.0, self._next_at - self._clock())
        if self._next_at is None and demo is None and not self.offline:
            due = next_poll_s(self.source)
            next_s = due if due > 0 else None
            note = note or ("asking" if next_s is None else None)
        polling = Polling(next_s, self._used, self.source.budget.per_day, self.wake.paused, note)
        self.dashboard.tick(polling, None if demo is not None else self.age())

    def poll_now(self) -> None:
        """Polls at once."""
        self.wake.now()

    def toggle_pause(self) -> None:
        """Pauses and resumes polling; in the demo, its clock."""
        demo = self.source.demo_clock
        if demo is not None:
            demo.resume() if demo.paused else demo.pause()
        elif self.wake.paused:
            self.wake.resume()
        else:
            self.wake.pause()
        self._tick()

    def change_pace(self, by: int) -> str:
        """Polls more often (by > 0) or less; in the demo, its clock runs faster or slower. What holds now, in words."""
        demo = self.source.demo_clock
        if demo is not None:
            slowest, fastest = DEMO_PACES
            demo.set_speed(min(max(demo.speed * (2.0 if by > 0 else 0.5), slowest * WEEK), fastest * WEEK))
            return f"The demo's clock runs {formats.pace(demo.speed / WEEK)}."
        steps = [step for step in PACES if step >= self.source.shortest_interval]
        now = self.source.interval
        found = [step for step in steps if step < now][-1:] if by > 0 else [step for step in steps if step > now][:1]
        if not found:
            return f"Polls stay {formats.age(now)} apart" + (": more would exceed the budget." if by > 0 else ".")
        self.source.interval = float(found[0])
        self.wake.reschedule()
        self._next_at = self._clock() + next_poll_s(self.source)
        self._tick()
        return f"Polls are {formats.age(found[0])} apart, until you quit; poll.interval in the config keeps it."

    def pin(self, name: str) -> None:
        """Pins a permaslug, vendor or country on top, or lets it go; kept in the config."""
        self.favourites ^= {name}
        self.dashboard.note(favourites=self.favourites)
        self.save({"view.favourites": sorted(self.favourites)}, None)

    def save(self, values: Mapping[str, object], what: str | None) -> None:
        """Keeps settings in the config, and says so of `what`; without a config file nothing is kept."""
        if self.config is None:
            return
        try:
            set_values(self.config, values)
        except OrwatchError as error:
            self.tell(str(error), "Not kept", trouble=True)
        else:
            if what:
                self.tell(f"{what} will be there at the next start: {self.config}", "Kept")

    def assign(self, vendor: str, code: str) -> str:
        """Gives a vendor a country of the user's own; what was done, in words. Raises UsageError."""
        own = {**self.source.settings.vendors, **self.assigned, vendor: code}
        with self._lock:
            self.market.attribute(Attribution(own))
        self.assigned[vendor] = code
        if self.config is not None:
            assign_vendor(self.config, vendor, code)
        return f"{vendor} counts for {code} ({country_words(code)}) from now on."

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

    def next_theme(self) -> None:
        """The next palette; a terminal without colour keeps none."""
        if self.palette is NONE:
            return
        cycle = [DARK, LIGHT, TERMINAL]
        self.themed = True
        self.palette = cycle[(cycle.index(self.palette) + 1) % len(cycle)]
        self.ansi_color = self.palette.ansi
        self.theme = f"orwatch-{self.palette.name}"
        self.dashboard.restyle(Ink(self.palette))

    def action_quit_now(self) -> None:
        """Quits."""
        self.exit(0)


def _terminal_is_there() -> bool:
    try:
        os.tcgetpgrp(sys.__stdin__.fileno())  # type: ignore[union-attr]
    except (OSError, ValueError, AttributeError):
        return False
    return True


def run(
    settings: Settings, query: Query, *, filter_: Filter, demo: DemoOptions | None = None, offline: bool = False
) -> int:
    """Draws the dashboard until the user quits; the exit code."""
    if sys.__stderr__ is not None and not sys.__stderr__.isatty():
        # Textual draws on standard error; where that is a file (`2>log`) the screen would go there.
        sys.__stderr__ = sys.__stdout__  # type: ignore[misc]
    if demo is not None and settings.came_from.get("view.basis", "default") == "default":
        # The published figures are sums over the nine that the public chart names.
        query = replace(query, lens=replace(query.lens, basis=Basis.CHART))
    keymap = Keymap(settings.keys)
    start = start_of(settings, query, filter_)
    left = state_path(os.environ) if settings.restore and demo is None else None
    if left is not None:
        start = recall(read_state(left), settings, start)
    palette = choose(start.theme, os.environ)
    with open_source(settings, demo=demo) as source:
        app = OrwatchApp(
            source,
            start.query,
            start.filter,
            palette=palette,
            offline=offline,
            keymap=keymap,
            config=settings.path,
            warnings=exposed(settings, os.environ),
        )
        app.dashboard.begin(start.pane, start.sorts)
        code = app.run(mouse=settings.mouse)
        if app.fault is not None:
            raise app.fault
        if left is not None:
            write_state(left, remember(app.dashboard, app.palette.name if app.themed else start.theme))
    return code if isinstance(code, int) else app.return_code or 0
