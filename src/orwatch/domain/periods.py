"""Days, weeks, months and trailing weeks (UTC): spans, neighbours, days that are compared while one runs, and how many in a row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise, starmap

from msgspec import Struct

FIRST_YEAR = 2015
LAST_YEAR = 2199
"""Outside these years a date is an error of the source, and reckoning from it could leave the calendar."""


class Grain(StrEnum):
    """The length of a period. Weeks are ISO weeks, Monday to Sunday; a trailing one is seven days that end with any day.

    A further one is a line here and one in `_MONTHS` or `_DAYS`: what the source is not asked for is composed from days.
    """

    DAY = "day"
    TRAILING = "7d"
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

    @property
    def trailing(self) -> bool:
        """Whether a period ends with every day, so that they overlap: without streaks and flips, and none is in progress."""
        return self is Grain.TRAILING


SOURCE_GRAINS = (Grain.DAY, Grain.WEEK, Grain.MONTH)
"""Those that the source gives and the cache keeps."""
_MONTHS = {Grain.MONTH: 1}
"""Calendar months in a period of a grain that consists of whole ones. A year begins with one of them."""
_DAYS = {Grain.DAY: 1, Grain.TRAILING: 7, Grain.WEEK: 7}
"""Days in a period of the other grains. The first day ever counted, 0001-01-01, is a Monday, and begins one."""


class State(StrEnum):
    """What is known of a period: all of it, all until now because it runs, or less because a day that has ended is missing.

    A period that runs and lacks such a day is partial.
    """

    COMPLETE = "complete"
    RUNNING = "running"
    PARTIAL = "partial"


class Period(Struct, frozen=True, order=True):
    """A day, ISO week, month or trailing seven days, named by its first day (UTC); or `count` of them, one after the other."""

    grain: Grain
    start: date
    count: int = 1

    @classmethod
    def of(cls, grain: Grain, day: date) -> Period:
        """The period of this grain that holds the day; of trailing ones, that which ends with it."""
        if grain.trailing:
            return cls(grain, day - timedelta(days=grain.days - 1))
        if months := grain.months:
            return cls(grain, date(day.year, (day.month - 1) // months * months + 1, 1))
        return cls(grain, day - timedelta(days=(day.toordinal() - 1) % grain.days))

    @classmethod
    def between(cls, grain: Grain, since: date, until: date) -> Period | None:
        """The periods of a grain that lie wholly between two days, both included; None where none does."""
        first, last = cls.of(grain, since), cls.of(grain, until)
        first = first if first.start >= since else first.next()
        last = last if last.end <= until else last.previous()
        return cls(grain, first.start, first.steps_to(last) + 1) if first <= last else None

    @property
    def day(self) -> date:
        """The day for which `Period.of` gives it: its first, of a trailing one its last."""
        return self.end if self.grain.trailing else self.start

    @property
    def end(self) -> date:
        """The last day, inclusive."""
        return self.after - timedelta(days=1)

    @property
    def after(self) -> date:
        """The day after the last: the first on which it is over."""
        return self._start_of(self.count)

    @property
    def length(self) -> int:
        return (self.after - self.start).days

    def days(self) -> Iterator[date]:
        return (self.start + timedelta(days=n) for n in range(self.length))

    def like_days(self, until: date, before: Period) -> list[tuple[date, date]]:
        """What is compared while it runs: its days up to one, each with the day of an earlier period that it is held against.

        That is the same weekday of a week, and the same date of a month; dates that the earlier one lacks are left out.
        """
        return [(day, then) for day, then in zip(self.days(), before.days(), strict=False) if day <= until]

    def parts(self) -> Iterator[Period]:
        """The periods that it consists of, oldest first."""
        return (Period(self.grain, self._start_of(n)) for n in range(self.count))

    def back(self, steps: int) -> Period:
        """The same number of periods, so many periods before."""
        return Period(self.grain, self._start_of(-steps), self.count)

    def previous(self) -> Period:
        """The period before, which ends where this one begins: what it is compared with."""
        return self.back(self.count)

    def next(self) -> Period:
        """The period after, which begins where this one ends."""
        return self.back(-self.count)

    @property
    def ends_at(self) -> datetime:
        """The midnight (UTC) with which it is over."""
        return datetime.combine(self.after, time(), UTC)

    def _start_of(self, steps: int) -> date:
        """The first day of the period so many periods of the grain later."""
        if months := self.grain.months:
            years, month = divmod(self.start.month - 1 + steps * months, 12)
            return date(self.start.year + years, month + 1, 1)
        return self.start + timedelta(steps * self.grain.days)

    def earlier(self) -> Period:
        """The one before it in a list of periods: of trailing ones that which ends a day earlier."""
        return Period(self.grain, self.start - timedelta(days=1)) if self.grain.trailing else self.previous()

    def steps_to(self, later: Period) -> int:
        """How many steps of `earlier` lead from another one of the grain to this one."""
        if self.grain.trailing:
            return (later.start - self.start).days
        if months := self.grain.months:
            return ((later.start.year - self.start.year) * 12 + later.start.month - self.start.month) // months
        return (later.start - self.start).days // self.grain.days

    @property
    def has_streaks(self) -> bool:
        """Whether it can be one of several in a row: neither trailing ones, which overlap, nor several added up."""
        return self.count == 1 and not self.grain.trailing

    def settled_by(self, as_of: datetime) -> bool:
        """Whether the period ended before the UTC day of `as_of`."""
        return self.after <= as_of.astimezone(UTC).date()


class Streak(Struct, frozen=True):
    """length: complete periods in a row, to the newest. is_floor: the record ends before the streak does ("at least").

    counted: whether there is such a thing; periods that overlap do not follow each other.
    """

    length: int
    is_floor: bool = False
    counted: bool = True

    def __bool__(self) -> bool:
        return self.length > 0


UNCOUNTED = Streak(0, True, counted=False)
"""Of trailing periods, and of several added up."""


def streak_of(holds: Iterable[bool | None]) -> Streak:
    """Counts from the newest period back. False ends the streak; None (unknown) or the record's beginning make it a floor."""
    length = 0
    for held in holds:
        if held is False:
            return Streak(length)
        if held is None:
            return Streak(length, True)
        length += 1
    return Streak(length, True)


def grown(tokens: Iterable[int | None], *, up: bool) -> Streak:
    """Periods in a row whose tokens grew (or shrank). tokens: from the newest period back, None where unknown."""

    def held(now: int | None, before: int | None) -> bool | None:
        if now is None or before is None:
            return None
        return now > before if up else now < before

    return streak_of(starmap(held, pairwise(tokens)))
