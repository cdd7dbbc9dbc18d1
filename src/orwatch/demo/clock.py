"""The demo's clock: it replays the record at a chosen speed, can be paused, and stops at the end."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from orwatch.demo import DEMO_END, DEMO_START


class DemoClock:
    """A clock that starts at `start` and runs `speed` demo seconds per real second until it reaches `end`.

    monotonic: the real clock, in seconds; it only ever measures how much real time has passed.
    """

    def __init__(
        self,
        start: datetime = DEMO_START,
        speed: float = 1.0,
        end: datetime = DEMO_END,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        if start.tzinfo is None or end.tzinfo is None:
            raise ValueError("the demo's clock needs times with a time zone")
        if speed < 0:
            raise ValueError("the demo's clock cannot run backwards")
        self._speed = speed
        self._end = end.astimezone(UTC)
        self._monotonic = monotonic
        self._moment = min(start.astimezone(UTC), self._end)
        self._since: float | None = monotonic()

    def now(self) -> datetime:
        """The demo's present (UTC), never after `end`."""
        if self._since is None:
            return self._moment
        passed = (self._monotonic() - self._since) * self._speed
        # Bounded before it becomes a timedelta: a demo that is left open for weeks must not overflow.
        left = (self._end - self._moment).total_seconds()
        return self._moment + timedelta(seconds=max(0.0, min(passed, left)))

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
        """Run on at another speed, from where it is. Raises ValueError for one below zero."""
        if speed < 0:
            raise ValueError("the demo's clock cannot run backwards")
        self._moment = self.now()
        if self._since is not None:
            self._since = self._monotonic()
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
