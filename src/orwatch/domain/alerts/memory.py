"""What is remembered of alerts: whether one was news or history, who acknowledged it, and where it went."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from msgspec import Struct, field

from orwatch.domain.alerts.alert import Alert, Standing
from orwatch.domain.alerts.totals import BRIEF, STALE
from orwatch.domain.periods import Period

APPS: Final = "apps"
"""The clock of the weeks of public apps, which come later than the rankings of the same weeks, and older ones later still."""

LATE: Final = timedelta(days=1)
"""How late news may come: an observed alert may have fired this long before the catalogue that was judged last."""

HELD: Final = timedelta(days=7)
"""How long an alert stands at most where others hold it: after that nobody is told that it is over."""


class Fate(StrEnum):
    """What became of an alert on one channel; ended: it was sent, and so was that it is over."""

    PENDING = "pending"
    CLAIMED = "claimed"
    SENT = "sent"
    ENDED = "ended"
    FAILED = "failed"


class Delivery(Struct, frozen=True):
    """An alert on one channel. at: when it was sent, given up or is tried next. tries: those that failed. cause: of the last."""

    channel: str
    fate: Fate
    at: datetime | None
    tries: int
    cause: str | None

    @property
    def arrived(self) -> bool:
        return self.fate in (Fate.SENT, Fate.ENDED)


class KnownAlert(Struct, frozen=True):
    """An alert in the cache.

    number: its place in the order of news, None for history and what is on course. first_seen: when an orwatch process first saw
    it, by its machine's clock. acknowledged_at: None where nobody has. snoozed: its deliveries are held. scope: of the judgement
    that found it last.
    """

    alert: Alert
    number: int | None
    first_seen: datetime
    acknowledged_at: datetime | None = None
    retracted_at: datetime | None = None
    snoozed: bool = False
    deliveries: tuple[Delivery, ...] = ()
    scope: str = ""

    @property
    def news(self) -> bool:
        """Whether it fired while orwatch watched; history was back-filled and is never delivered."""
        return self.number is not None

    @property
    def unread(self) -> bool:
        """News that stands and that nobody has acknowledged."""
        return self.number is not None and self.acknowledged_at is None and self.alert.state is Standing.CONFIRMED


class Mark(Struct, frozen=True):
    """How far the record of a clock was judged. until: the newest complete period; periods: complete ones up to it."""

    until: Period
    periods: int


class Findings(Struct, frozen=True):
    """What the rules found in one state of the cache.

    scope: names the rules and how they read the record; only alerts of the same scope are retracted. revision: of the cache.
    fetched: the complete periods of each clock (see `clock_of`) that was judged, oldest first, but for those of the archive.
    catalogue_at: when prices were last seen.
    """

    scope: str
    revision: int
    alerts: tuple[Alert, ...]
    fetched: Mapping[str, tuple[Period, ...]] = field(default_factory=dict)
    catalogue_at: datetime | None = None


class Watermark(Struct, frozen=True):
    """How far a scope has judged, by clock. own: this very scope has; else another one's marks are taken over."""

    marks: Mapping[str, Mark]
    catalogue_at: datetime | None
    own: bool = True


def of_a_period(alert: Alert) -> bool:
    """Whether it is about a period of the rankings; what was observed at a time is neither retracted nor back-filled."""
    return alert.at is None and alert.known_at is None


def is_of_the_record(alert: Alert) -> bool:
    """Whether the same record always gives it, in every front end: neither how fresh the data are nor who is sent a briefing."""
    return alert.rule not in (STALE, BRIEF)


def clock_of(alert: Alert) -> str:
    """What an alert about a period is judged by: the grain of the rankings, or the weeks of apps."""
    return APPS if alert.subject_kind == "app" else alert.period.grain


def mark_of(fetched: tuple[Period, ...]) -> Mark | None:
    """How far a clock with these complete periods is judged; None where there is none."""
    return Mark(fetched[-1], len(fetched)) if fetched else None


def is_news(alert: Alert, found: Findings, before: Watermark | None) -> bool:
    """Whether an alert that the cache did not know fired just now; anything else is history.

    News are alerts about periods that became complete since the record was last judged, and about the newest complete period
    where its figures were restated and no earlier period was added with them. The first judgement of a record brings no news, and
    nothing that the archive shows is any.
    """
    if before is None:
        return False
    if not of_a_period(alert):
        return before.catalogue_at is not None and alert.fired_at > before.catalogue_at - LATE
    mark = before.marks.get(clock_of(alert))
    if mark is None:
        return False
    fetched = found.fetched.get(clock_of(alert), ())
    if alert.period > mark.until:
        return alert.period in fetched
    still = sum(period <= mark.until for period in fetched)
    newest = fetched[-1:] == (alert.period,)
    return before.own and newest and alert.period == mark.until and still == mark.periods
