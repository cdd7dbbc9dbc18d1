"""The demo's clock: it replays the record at a chosen speed, waits for the judge, can be paused, and stops at the end."""

from __future__ import annotations

import math
import time
from bisect import bisect_right
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from orwatch.demo import DEMO_END, DEMO_START


class DemoClock:
    """A clock that starts at `start` (UTC) and runs `speed` demo seconds per real second until it reaches `end`.

    monotonic: the real clock, in seconds; it only ever measures how much real time has passed. changes: the moments at which more
    becomes known, in order. Where somebody judges what comes (`wait`, `judged`), the clock passes one of them and stands before
    the next until the first has been judged, however fast it runs: nobody who looks again and again misses one.
    """

    def __init__(
        self,
        start: datetime = DEMO_START,
        speed: float = 1.0,
        end: datetime = DEMO_END,
        monotonic: Callable[[], float] = time.monotonic,
        changes: Sequence[datetime] = (),
    ) -> None:
        if start.tzinfo is None or end.tzinfo is None:
            raise ValueError("the demo's clock needs times with a time zone")
        if speed < 0:
            raise ValueError("the demo's clock cannot run backwards")
        self.start = start.astimezone(UTC)
        self._speed = speed
        self._end = self._limit = end.astimezone(UTC)
        self._changes = changes
        self._monotonic = monotonic
        self._moment = min(start.astimezone(UTC), self._end)
        self._since: float | None = monotonic()

    def now(self) -> datetime:
        """The demo's present (UTC), never after `end`, nor after what may be passed before it is judged."""
        if self._since is None:
            return min(self._moment, self._limit)
        passed = (self._monotonic() - self._since) * self._speed
        # Bounded before it becomes a timedelta: a demo that is left open for weeks must not overflow.
        left = (self._end - self._moment).total_seconds()
        return min(self._moment + timedelta(seconds=max(0.0, min(passed, left))), self._limit)

    def wait(self) -> None:
        """Stand until what is known now has been judged, or `run` is called."""
        self._limit = self.now()

    def judged(self, as_of: datetime) -> None:
        """Run on: what was known at a moment has been judged."""
        later = self._changes[bisect_right(self._changes, as_of) :]
        self._release(later[1] - timedelta(seconds=1) if len(later) > 1 else self._end)

    def run(self) -> None:
        """Wait for nobody."""
        self._release(self._end)

    def _release(self, limit: datetime) -> None:
        """Run on to another limit: the time for which it waited does not count."""
        if self._since is not None and self.now() >= self._limit:
            self._moment = max(self._moment, self._limit)
            self._since = max(self._since, self._monotonic())
        self._limit = limit

    def until_change(self, as_of: datetime) -> float:
        """Real seconds until more is known than at a moment, infinite where that will never be."""
        later = self._changes[bisect_right(self._changes, as_of) :]
        now = self.now()
        if not later or later[0] <= now:
            return 0.0 if later else math.inf
        if self._since is None or self._speed == 0:
            return math.inf
        held = max(0.0, self._since - self._monotonic())
        return held + (later[0] - now).total_seconds() / self._speed

    def stop(self, seconds: float) -> None:
        """Stand for some real seconds, and run on from there."""
        self._moment = self.now()
        if self._since is not None:
            self._since = self._monotonic() + seconds

    def skip(self, to: datetime) -> None:
        """Run to a later moment as fast as it may, and from there at its speed; a clock that was held runs on."""
        self._moment = max(self.now(), min(to, self._end))
        self._since = self._monotonic()

    def restart(self, moment: datetime) -> None:
        """Stand at another moment, earlier or later, until what is known then has been judged; then run on from there."""
        self._moment = self._limit = min(moment, self._end)
        self._since = self._monotonic()

    def pause(self) -> None:
        """Hold the present where it is."""
        self._moment, self._since = self.now(), None

    def resume(self) -> None:
        """Run on from where it was held."""
        if self._since is None:
            self._since = self._monotonic()

    @property
    def speed(self) -> float:
        """Demo seconds per real second."""
        return self._speed

    def set_speed(self, speed: float) -> None:
        """Run on at another speed, from where it is."""
        self.stop(0.0)
        self._speed = speed

    @property
    def paused(self) -> bool:
        """Whether the clock is held."""
        return self._since is None

    @property
    def stands(self) -> bool:
        """Whether its present does not move: it is held, its speed is nothing, or the record has ended."""
        return self.paused or self._speed == 0 or self.at_end

    @property
    def at_end(self) -> bool:
        """Whether there is nothing left to replay."""
        return self.now() >= self._end
