"""What goes on while the screen is up: polls, alerts, what other processes put into the cache, and the clock line."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os

from orwatch.core import threads
from orwatch.core.poller import Failed, Synced, Wake, next_poll_s, poll
from orwatch.core.source import WEEK
from orwatch.errors import CacheError, OrwatchError
from orwatch.present import formats
from orwatch.tui.keeper import Keeper
from orwatch.tui.widgets.footer import Polling

PACES = (60, 120, 180, 240, 300, 600, 900, 1800, 3600)
"""Seconds between polls that `+` and `-` go through."""

DEMO_PACES = (1 / 64, 4.0)
"""Weeks a second that the demo's clock runs at least and at most."""

TICK = 2.0
"""Seconds between two clock lines: each costs 1.5 ms, and is all that an idle screen does."""


class Follower(Keeper):
    """An app that follows the market.

    wake: of the poller. problem: why the last poll failed, None where it did not.
    """

    wake: Wake
    problem: str | None
    _held: bool
    _undelivered: set[str]
    _next_at: float | None
    _due_at: float
    _used: int | None
    _stamp: tuple[int, int] | None
    _behind: bool
    _unshown: bool
    _renewing: asyncio.Lock

    def _begin(self) -> None:
        """Starts the poller, the alerts and the clock."""
        threads.leave_behind(asyncio.get_running_loop())
        if self.dashboard.view.snapshot is not None:
            self.judge_later()
        if not self.offline:
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
        self.set_interval(TICK, self._tick)
        gc.freeze()  # what the start made stays: the collector need not look through it
        gc.enable()

    def _unpolled(self, sentence: str) -> None:
        """The poller has ended: a problem, with a next try."""
        self._next_at = self._clock() + self.restart_s
        self.problem = sentence
        self.dashboard.note(problem=sentence, age_s=self.age())
        self._tick()

    def _unattended(self, sentence: str) -> None:
        self.tell(sentence, "Alerts", trouble=True)

    async def _attend(self) -> None:
        """Judges alerts, and delivers them apart from the polls; what does not arrive is said once for each cause."""
        try:
            problem = await asyncio.to_thread(self.desk.serve, os.environ, self._toast, self._ring)
        except OrwatchError as error:
            problem = str(error)
        if problem:
            self.tell(problem, "Alerts", trouble=True)
        if self.dashboard.view.snapshot is not None:
            await self._renew()
        async for failure in self.desk.failures():
            said = f"{failure.channel}: {failure.cause}"
            if said not in self._undelivered:
                self._undelivered.add(said)
                self.tell(said, "Not delivered", trouble=True)

    async def _poll(self) -> None:
        """Polls for ever, and gives each outcome to the screen."""
        async for event in poll(self.source, self.wake):
            self._tell_notices()
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
        """Judges, builds the next snapshot and shows it; of several at once, one after the other."""
        async with self._renewing:
            await self._renewed()

    async def _renewed(self) -> None:
        """One renewal, in threads, so that no key waits for it. What the cache refuses is tried again with the next clock line."""
        known, asked = None, self.dashboard.asked
        self._unshown = True
        try:
            known = await asyncio.to_thread(self.desk.look)
            found = await asyncio.to_thread(self._whole, asked)
            if asked != self.dashboard.asked:
                found = self.look(self.dashboard.asked)
        except CacheError as error:
            self._remember(known)
            self.dashboard.note(problem=str(error))
            return
        except OrwatchError as error:
            self._unshown = False  # it has been read: there is nothing to show of it
            self._remember(known)
            self.dashboard.note(progress=str(error), problem=self.problem)
            return
        except Exception as error:
            self._remember(known)
            self.problem = self._mishap(error)
            self.dashboard.note(problem=self.problem)
            return
        self._unshown = False
        self.dashboard.take(found, problem=self.problem, progress=None, age_s=self.age(), price_age_s=self.price_age())
        self._remember(known)
        if self._held and self.desk.judged and self.source.demo_clock is not None:
            self._held = False
            self.source.demo_clock.resume()

    async def _judge(self) -> None:
        """Judges what was left while another process polled; until that is over it is a look at two numbers and a lease."""
        async with self._renewing:
            try:
                self._remember(await asyncio.to_thread(self.desk.look))
            except CacheError:
                return  # the poll says why
            except Exception as error:
                self.problem = self._mishap(error)
                self.dashboard.note(problem=self.problem)

    def _tell_notices(self) -> None:
        """What happened to the cache's file."""
        for sentence in self.source.coordination.take_notices():
            self.tell(sentence, "Cache", trouble=True)

    def _count_requests(self) -> None:
        """How much of the day's budget is used, by every process on this cache."""
        if self.source.has_key and self.source.demo_clock is None:
            with contextlib.suppress(CacheError):  # the poll says why
                self._used = self.source.coordination.keyed_requests_today()

    def _clock(self) -> float:
        return asyncio.get_running_loop().time()

    def _tick(self) -> None:
        """The clock line; and what another process has put into the cache."""
        try:
            self._tell_time()
        except CacheError as error:
            # The rows stay; the next clock line tries again.
            if self.dashboard.is_mounted and self.dashboard.view.problem != str(error):
                self.dashboard.note(problem=str(error))

    def _tell_time(self) -> None:
        stamp = self.source.cache.stamp()
        if stamp != self._stamp or self._behind:
            self._stamp, self._noted = stamp, None
            self._behind = self._unshown or self.moved() or self.desk.moved()
            # One that takes long is not begun anew, or it would never end; what it misses, the next clock line finds.
            if self._behind and self.dashboard.is_mounted and not self._renewing.locked():
                self.run_worker(self._renew(), group="renew", exit_on_error=False)
        if self.desk.waiting and not self._behind and not self._renewing.locked():
            self.run_worker(self._judge(), group="judge", exit_on_error=False)
        if self._noted is None:
            self._count_requests()
            self._noted = (self.source.coordination.last_success, self.source.coordination.last_try)
            self._due_at = self._clock() + next_poll_s(self.source, self._noted[1])
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
            due = self._due_at - self._clock()
            next_s = due if due > 0 else None
            note = note or ("asking" if next_s is None else None)
        polling = Polling(
            next_s,
            self._used,
            self.source.coordination.budget.per_day,
            self.wake.paused,
            note,
            unkept=self.source.coordination.unkept,
        )
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
