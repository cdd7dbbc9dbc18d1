"""Days, weeks and months (UTC): what a period spans, its neighbours, and which of its days are compared while it runs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from msgspec import Struct

FIRST_YEAR = 2015
LAST_YEAR = 2199
"""Outside these years a date is an error of the source, and reckoning from it could leave the calendar."""


class Grain(StrEnum):
    """The length of a period. Weeks are ISO weeks, Monday to Sunday.

    A further one is a line here and one in `_MONTHS` or `_DAYS`: what the source is not asked for is composed from days.
    """

    DAY = "day"
    WEEK = "week"
    MONTH = "month"

    @property
    def months(self) -> int:
        """Calendar months in a period; 0 where it is a number of days."""
        return _MONTHS.get(self, 0)

    @property
    def days(self) -> int:
        """Days in a period; 0 where it consists of calendar months."""
        return _DAYS.get(self, 0)


_MONTHS = {Grain.MONTH: 1}
"""Calendar months in a period of a grain that consists of whole ones. A year begins with one of them."""
_DAYS = {Grain.DAY: 1, Grain.WEEK: 7}
"""Days in a period of the other grains. The first day ever counted, 0001-01-01, is a Monday, and begins one."""


class State(StrEnum):
    """What is known of a period: all of it, all until now because it runs, or less because a day that has ended is missing.

    A period that runs and lacks such a day is partial.
    """

    COMPLETE = "complete"
    RUNNING = "running"
    PARTIAL = "partial"


class Period(Struct, frozen=True, order=True):
    """A day, ISO week or month, named by its first day (UTC)."""

    grain: Grain
    start: date

    @classmethod
    def of(cls, grain: Grain, day: date) -> Period:
        """The period of this grain that holds the day."""
        if months := grain.months:
            return cls(grain, date(day.year, (day.month - 1) // months * months + 1, 1))
        return cls(grain, day - timedelta(days=(day.toordinal() - 1) % grain.days))

    @property
    def end(self) -> date:
        """The last day, inclusive."""
        return self.next().start - timedelta(days=1)

    @property
    def length(self) -> int:
        """The number of days."""
        return (self.next().start - self.start).days

    def days(self) -> Iterator[date]:
        """Every day, oldest first."""
        return (self.start + timedelta(days=n) for n in range(self.length))

    def like_days(self, until: date) -> list[tuple[date, date]]:
        """What is compared while it runs: its days up to one, each with the day of the period before that it is held against.

        That is the same weekday of the week before, and the same date of the month before; dates that it lacks are left out.
        """
        pairs = zip(self.days(), self.previous().days(), strict=False)
        return [(day, then) for day, then in pairs if day <= until]

    def previous(self) -> Period:
        """The period before."""
        if self.grain.months:
            return Period.of(self.grain, self.start - timedelta(days=1))
        return Period(self.grain, self.start - timedelta(days=self.grain.days))

    def next(self) -> Period:
        """The period after."""
        if months := self.grain.months:
            years, month = divmod(self.start.month - 1 + months, 12)
            return Period(self.grain, date(self.start.year + years, month + 1, 1))
        return Period(self.grain, self.start + timedelta(days=self.grain.days))

    def steps_to(self, later: Period) -> int:
        """How many periods later another one of the grain begins."""
        if months := self.grain.months:
            return ((later.start.year - self.start.year) * 12 + later.start.month - self.start.month) // months
        return (later.start - self.start).days // self.grain.days

    def settled_by(self, as_of: datetime) -> bool:
        """Whether the period ended before the UTC day of `as_of`."""
        return self.end < as_of.astimezone(UTC).date()
