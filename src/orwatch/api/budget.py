"""The documented budget of keyed requests: 30 a minute per key, 500 a day per account."""

from __future__ import annotations

from msgspec import Struct

MINUTE = 60.0
MARGIN = 1.0
"""Seconds more than reckoned: the server counts from when a request arrived, and by its own clock."""


class Budget(Struct, frozen=True):
    """How many keyed requests may go out in any 60 seconds and in one UTC day, all processes together.

    kept_per_minute: of those of a minute, how many are for the rankings alone. any_per_minute: requests of any kind with which
    a poll may still begin; no limit of those without a key is documented; this one holds off a held key `r`.
    """

    per_minute: int = 30
    per_day: int = 500
    kept_per_minute: int = 6
    any_per_minute: int = 120

    def wait(self, minute_count: int, day_count: int, oldest_in_minute_age: float, seconds_to_midnight: float) -> float:
        """Seconds to wait before the next keyed request may go out; 0 where it may go now.

        minute_count: requests of the last 60 seconds. day_count: of this UTC day. oldest_in_minute_age: seconds since
        the first of the last 60. seconds_to_midnight: until the day's count begins anew (UTC).
        """
        waits = [0.0]
        if minute_count >= self.per_minute:
            waits.append(MINUTE - max(oldest_in_minute_age, 0.0) + MARGIN)
        if day_count >= self.per_day:
            waits.append(seconds_to_midnight + MARGIN)
        return max(waits)
