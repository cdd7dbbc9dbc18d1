"""Quiet hours."""

from __future__ import annotations

import re
from datetime import datetime, time

from msgspec import Struct

from orwatch.domain.setting import text


class Quiet(Struct, frozen=True):
    """Hours of the day, local time, in which channels that make a noise are silent; past midnight where end is before start."""

    start: time
    end: time

    def holds(self, local: datetime) -> bool:
        """Whether it is quiet at a local time: from the start on, and not at the end any more."""
        at = local.time()
        return self.start <= at < self.end if self.start < self.end else at >= self.start or at < self.end

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M}"


def quiet_hours(given: object) -> Quiet | None:
    """`22:00-07:00`; empty text is None. Raises ValueError."""
    if given == "":
        return None
    found = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d) *[-–] *([01]?\d|2[0-3]):([0-5]\d)", text(given), re.ASCII)
    if not found:
        raise ValueError
    start, end = time(int(found[1]), int(found[2])), time(int(found[3]), int(found[4]))
    if start == end:
        raise ValueError
    return Quiet(start, end)
