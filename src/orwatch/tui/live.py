"""What runs beside the screen: polls, alerts, changes of the cache by other processes, and the clock line."""

from __future__ import annotations

import asyncio
import gc
import os
from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final, Protocol

from orwatch.core.alerting import AlertService, subject_of
from orwatch.core.poller import Failed, Synced, Wake, poll
from orwatch.core.source import DEMO_WEEKS_PER_SECOND, WEEK, Source
from orwatch.demo import DEMO_END
from orwatch.domain.alerts.alert import Alert
from orwatch.domain.query import Query
from orwatch.errors import CacheError, OrwatchError
from orwatch.notify.channel import Message
from orwatch.present import formats
from orwatch.store.alerts import EVERYTHING
from orwatch.threads import aside
from orwatch.tui.market_reader import MarketReader
from orwatch.tui.toasts import Toasts
from orwatch.tui.view_state import Look, ViewState
from orwatch.tui.widgets.bars import Polling

PACES: Final = (60, 120, 180, 240, 300, 600, 900, 1800, 3600)
"""Seconds between polls that `+` and `-` go through."""

DEMO_PACES: Final = (1 / 64, 100.0)
"""Weeks a second that the demo's clock runs at least and at most."""

TICK: Final = 2.0
"""Seconds between two clock lines."""

DEMO_TICK: Final = 0.25
"""The same where a demo's clock runs."""

STOP: Final = 3.0
"""Seconds for which a demo's clock stands where a flip has been confirmed."""

RESTART: Final = 60.0
"""Seconds after an unexpected error before what it ended begins anew."""


class Display(Protocol):
    """The dashboard as it is kept up to date."""

    view: ViewState

    @property
    def asked(self) -> Query: ...
    @property
    def is_mounted(self) -> bool: ...
    def take(self, look: Look, **changes: object) -> None: ...
    def note(self, **changes: object) -> None: ...
    def leave_past(self) -> None: ...
    def tick(self, polling: Polling) -> None: ...


class Program(Protocol):
    """The app: its dashboard, toasts and workers, the terminal, and the sentence for an error that nobody expected."""

    toasts: Toasts

    @property
    def dashboard(self) -> Display: ...
    def work(self, work: Coroutine[Any, Any, None], group: str, *, exclusive: bool = False) -> None: ...
    async def tell_alert(self, message: Message) -> None: ...
    def write(self, text: str) -> None: ...
    def mishap(self, error: Exception) -> str: ...


class Live:
    """Keeps the dashboard up to date with a source.

    wake: of the poller. problem: why the last poll failed, None where it did not. restart_s: seconds before work that an
    unexpected error ended begins anew. stop_s: seconds for which a demo stands where a flip has been confirmed. next_at: when the
    next poll is, by the loop's clock; None while it is not known. offline_note: what the footer says in its place where none comes.
    """

    def __init__(self, source: Source, reader: MarketReader, program: Program, *, offline: bool = False) -> None:
        self.source = source
        self.reader = reader
        self.alerts = AlertService(source, market=reader.to_judge)
        reader.found = self.alerts.found
        self.offline = offline
        self.offline_note = "offline"
        self.wake = Wake()
        self.problem: str | None = None
        self.restart_s = RESTART
        self.stop_s = STOP
        self.next_at: float | None = None
        self._program = program
        self._unshown = False
        self._renewing = asyncio.Lock()

    @property
    def _display(self) -> Display:
        return self._program.dashboard

    def start(self) -> None:
        """Starts the poller and the alerts: to be called when the first frame is drawn."""
        if self.offline:  # else it is judged once the channels are open
            if self._display.view.snapshot is not None:
                self.judge_view()
            return
        self._program.work(self.lasting(self.poll, partial(self._failed, retry_in=self.restart_s)), "poll")
        self._program.work(self.lasting(self.attend, self.unattended), "alerts")

    # Work without an end

    async def lasting(self, work: Callable[[], Awaitable[None]], said: Callable[[str], None]) -> None:
        """Runs work without an end: an unexpected error is told, and after a while the work begins anew."""
        while True:
            try:
                await work()
                return
            except Exception as error:
                task = asyncio.current_task()
                if task is not None and task.cancelling():
                    raise asyncio.CancelledError from None  # work that was ended, and failed of that
                said(self._program.mishap(error))
                await asyncio.sleep(self.restart_s)

    async def poll(self) -> None:
        """Polls for ever, and gives each outcome to the screen."""
        async for event in poll(self.source, self.wake, grown=self.renew):
            self.tell_notices()
            if isinstance(event, Failed):
                self._failed(event.reason, event.retry_in)
            elif isinstance(event, Synced):
                self.next_at = self.clock() + event.next_s
                self.problem = None
                await self.renew()
            gc.collect()  # lines of the screen that were replaced lie in cycles, and have outlived the poller's own collection
            while self.source.at_rest:
                self.next_at = None
                await asyncio.sleep(0.5)

    def _failed(self, reason: str, retry_in: float) -> None:
        """A poll has failed. retry_in: seconds until the next try."""
        self.next_at = self.clock() + retry_in
        self.problem = reason
        self._display.note(problem=reason, age_s=self.age())
        self.tick()

    async def attend(self) -> None:
        """Judges and delivers alerts; a failed delivery is told once for each cause."""
        try:
            problem = await aside(self.alerts.serve, os.environ, self._program.write, self._program.tell_alert)
        except OrwatchError as error:
            problem = str(error)
        if problem:
            self.unattended(problem)
        if self._display.view.snapshot is not None:
            await self.renew()
        told: set[str] = set()
        async for failure in self.alerts.failures():
            said = f"{failure.channel}: {failure.cause}"
            if said not in told:
                told.add(said)
                self._program.toasts.show(said, "Not delivered", "warning")

    def unattended(self, sentence: str) -> None:
        """Tells why alerts are not served."""
        self._program.toasts.show(sentence, "Alerts", "warning")

    # What the cache holds now

    async def renew(self) -> None:
        """Judges alerts, reads the next figures and shows them, in threads, so that no key waits; one renewal at a time.

        What the cache refuses is tried again with the next clock line.
        """
        async with self._renewing:
            display = self._display
            asked = None
            self._unshown = True
            try:
                while asked != display.asked:  # a key may have changed the query meanwhile
                    asked = display.asked
                    found, idle = await aside(self._look_whole, asked)
                    for sentence in idle:
                        self.unattended(sentence)
            except CacheError as error:
                display.note(problem=str(error))
            except OrwatchError as error:
                self._unshown = False  # it has been read: there is nothing to show of it
                display.note(progress=str(error), problem=self.problem)
            except Exception as error:
                self._mishap(error)
            else:
                self._unshown = False
                display.take(found, problem=self.problem, progress=None, age_s=self.age(), price_age_s=self.price_age())
            self.remember()

    def _mishap(self, error: Exception) -> None:
        self.problem = self._program.mishap(error)
        self._display.note(problem=self.problem)

    def _look(self) -> None:
        """Judges what has changed, once alerts are served, and reads what is remembered; a demo stands at a flip for a while."""
        news = self.alerts.look().news if self.alerts.serving else ()
        self.alerts.remembered()
        if self.source.demo_clock is not None and any(id_.startswith("lead-flip|") for id_ in news):
            self.source.demo_clock.stop(self.stop_s)

    def _look_whole(self, query: Query) -> tuple[Look, list[str]]:
        """Judges, and looks at what a query asks for; with what keeps price alarms from firing."""
        self._look()
        return self.reader.look_whole(query), self.alerts.idle()

    async def _judge(self) -> None:
        """Judges what was left while another process polled, if that has ended: cheap enough for every clock line."""
        async with self._renewing:
            try:
                await aside(self._look)
                self.remember()
            except CacheError:
                return  # the poll says why
            except Exception as error:
                self._mishap(error)

    def judge_view(self) -> None:
        """Has the alerts of the view on screen judged and shown; a renewal that is under way ends with them anyway."""
        if not self._renewing.locked():
            self._program.work(self.renew(), "renew")

    def remember(self) -> None:
        """Shows what is remembered of alerts as it was read last, where that is not on screen yet."""
        known = self.alerts.by_id
        if known is not self._display.view.known:
            self.reader.known = known
            self._display.note(known=known, unread=frozenset(id_ for id_, one in known.items() if one.unread))

    # The clock line

    def clock(self) -> float:
        """The loop's clock, in seconds."""
        return asyncio.get_running_loop().time()

    def tick(self) -> None:
        """The clock line; and what another process has put into the cache."""
        try:
            self._look_around()
            self._tell_time()
        except CacheError as error:
            self._unshown = True  # the rows stay; the next clock line tries again
            if self._display.is_mounted and self._display.view.problem != str(error):
                self._display.note(problem=str(error))

    def _look_around(self) -> None:
        """Takes up what has changed in the cache, and what was left to be judged."""
        if not self._display.is_mounted or self._renewing.locked():
            return  # one that takes long is not begun anew, or it would never end
        view = self._display.view
        unjudged = view.snapshot is not None and view.alerts is None
        if self._unshown or unjudged or self.reader.moved() or self.alerts.moved():
            self._program.work(self.renew(), "renew")
        elif self.alerts.waiting:
            self._program.work(self._judge(), "judge")

    def _tell_time(self) -> None:
        demo, shared = self.source.demo_clock, self.source.coordination
        next_s = None if self.next_at is None else max(0.0, self.next_at - self.clock())
        note = None
        if demo is not None:
            note = "nothing is asked of the network"
        elif self.offline:
            note = self.offline_note
        elif self.next_at is None:
            next_s = self.source.next_poll_s() or None
            note = "asking" if next_s is None else None
        used = shared.keyed_requests_today() if self.source.has_key and demo is None else None
        paused, budget = self.wake.paused, shared.budget.per_day
        self._display.tick(Polling(next_s, self.age(), used, budget, paused, note, shared.unkept))

    def tell_notices(self) -> None:
        """Tells what happened to the cache's file."""
        for sentence in self.source.coordination.take_notices():
            self._program.toasts.show(sentence, "Cache", "warning")

    def age(self) -> float | None:
        """Seconds since the last successful poll, by the machine's clock; None in the demo, or where the cache cannot tell."""
        return self._age(lambda: self.source.coordination.last_success, self.source.machine)

    def price_age(self) -> float | None:
        """Seconds since the catalogue was seen, by the server's clock; None in the demo, or where the cache cannot tell."""
        return self._age(self.source.cache.catalogue.seen_at, lambda: self.source.coordination.server_now)

    def _age(self, since: Callable[[], datetime | None], now: Callable[[], datetime]) -> float | None:
        if self.source.demo_clock is not None:
            return None  # its clock runs fast
        try:
            moment = since()
            return None if moment is None else max(0.0, (now() - moment).total_seconds())
        except CacheError:
            return None

    # What the user does

    def toggle_pause(self) -> None:
        """Pauses and resumes polling; in the demo, its clock."""
        demo = self.source.demo_clock
        if demo is not None:
            demo.resume() if demo.paused else demo.pause()
        elif self.wake.paused:
            self.wake.resume()
        else:
            self.wake.pause()
        self.tick()

    def refresh(self) -> None:
        """Polls now; a demo at its end begins anew."""
        demo = self.source.demo_clock
        if demo is not None and demo.at_end:
            self._program.work(self._restart(demo.start), "restart")
        else:
            self.wake.now()

    def skip(self, by: timedelta | None) -> None:
        """Takes a demo's clock on by a time, or back; None: to the next flip, or to the end."""
        demo = self.source.demo_clock
        if demo is None:
            return
        if by is None:
            demo.skip(DEMO_END)
        elif by > timedelta():
            demo.skip(demo.now() + by)
        else:
            self._program.work(self._restart(demo.now() + by), "restart")
        self.wake.reschedule()
        self.tick()

    async def _restart(self, moment: datetime) -> None:
        """Has the demo begin anew at a moment, and its alerts served from there on."""
        done = False
        while not done:
            async with self._renewing:
                done = await aside(self.play, moment)
            await asyncio.sleep(0.01)  # a poll that runs needs lock and thread to come to its end
        self._display.leave_past()
        self._program.work(self.lasting(self.attend, self.unattended), "alerts", exclusive=True)

    def play(self, moment: datetime | None = None) -> bool:
        """Fills a demo to its clock; moment: it begins anew there, unless a poll runs: False. Blocking."""
        from orwatch.core import replay  # the recorded record, which the demo alone plays

        if moment is not None:
            return replay.restart(self.source, moment)
        replay.begin(self.source)
        return True

    def change_pace(self, by: int) -> None:
        """Polls more often (by > 0) or less; in the demo, its clock runs faster or slower. What holds now is said."""
        self._program.toasts.show(self._changed_pace(by), "Pace")

    def _changed_pace(self, by: int) -> str:
        demo = self.source.demo_clock
        if demo is not None:
            slowest, fastest = DEMO_PACES
            faster = demo.speed * 2 if demo.speed else DEMO_WEEKS_PER_SECOND * WEEK
            demo.set_speed(min(max(faster if by > 0 else demo.speed / 2, slowest * WEEK), fastest * WEEK))
            return f"The demo's clock runs {formats.pace(demo.speed / WEEK)}."
        steps = [step for step in PACES if step >= self.source.shortest_interval]
        now = self.source.interval
        found = [step for step in steps if step < now][-1:] if by > 0 else [step for step in steps if step > now][:1]
        if not found:
            return f"Polls stay {formats.age(now)} apart" + (": more would exceed the budget." if by > 0 else ".")
        self.source.interval = float(found[0])
        self.wake.reschedule()
        self.next_at = self.clock() + self.source.next_poll_s()
        self.tick()
        return f"Polls are {formats.age(found[0])} apart, until you quit; poll.interval in the config keeps it."

    def watch(self, favourites: tuple[str, ...]) -> None:
        """Has the rules that watch favourites watch these."""
        self.reader.favourites = favourites
        self.alerts.watch(favourites)
        self.judge_view()

    def acknowledge(self, *ids: str) -> None:
        """Marks alerts as read, here and for every orwatch on this cache."""
        self._write(partial(self.alerts.acknowledge, *ids), "Not acknowledged")

    def unacknowledge(self, *ids: str) -> None:
        """Makes alerts unread again."""
        self._write(partial(self.alerts.unacknowledge, *ids), "Not undone")

    def snooze(self, alert: Alert | None, length: timedelta) -> None:
        """Holds what is delivered about an alert's subject, or everything."""
        held, until = EVERYTHING if alert is None else subject_of(alert), self.source.machine() + length
        subject = "everything" if alert is None else alert.subject
        told = (
            f"Nothing about {subject} is delivered until {until.astimezone():%H:%M}; it is shown here all the same.",
            "Snoozed",
        )
        self._write(partial(self.alerts.snooze, held, until), "Not snoozed", told)

    def _write(self, write: Callable[[], object], failed: str, told: tuple[str, str] | None = None) -> None:
        """Writes to the memory of alerts in a thread, in the order of the keys, and shows it. told: a toast about it."""

        async def written() -> None:
            try:
                await aside(write)
                await aside(self.alerts.remembered)
            except OrwatchError as error:
                self._program.toasts.show(str(error), failed, "warning")
                return
            self.remember()
            if told is not None:
                self._program.toasts.show(*told)

        self._program.work(written(), "write")

    async def ask_hosts(self, model_id: str) -> str:
        """Asks who serves a model; what to say where no host is known after that."""
        from orwatch.core.datasets.hosts import refresh_hosts  # httpx comes with it

        try:
            await refresh_hosts(self.source, model_id)
        except OrwatchError as error:
            return str(error)
        except Exception as error:
            return self._program.mishap(error)
        return "No host is known"
