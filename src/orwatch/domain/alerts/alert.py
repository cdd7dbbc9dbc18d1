"""The record of an alert, the same for every rule."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum

from msgspec import Struct

from orwatch.domain.periods import Grain, Period
from orwatch.domain.records import Basis


class Severity(StrEnum):
    """How much an alert matters: flips and stale data are major, moves notable, listings a note."""

    MAJOR = "major"
    NOTABLE = "notable"
    NOTE = "note"


class Standing(StrEnum):
    """Confirmed on complete periods; on course in the running one; retracted where restated data no longer support it."""

    CONFIRMED = "confirmed"
    ON_COURSE = "on_course"
    RETRACTED = "retracted"


Value = str | int | float | bool | None


class Alert(Struct, frozen=True):
    """One alert. subject_kind: model, vendor, country, versus, total or app; subject: its id ("CN:US", a permaslug …).

    basis: None where the rule knows none (totals, prices, listings). period: the one it is about, the day for prices and listings.
    values: the figures of the rule (tokens whole numbers, shares and changes fractions, prices decimal text in USD per
    million).
    at: the time observed, for what belongs to no period. known_at: when it could first be known, where that is not the
    period's end.
    """

    rule: str
    severity: Severity
    subject_kind: str
    subject: str
    period: Period
    values: Mapping[str, Value]
    threshold: str = ""
    direction: str = ""
    basis: Basis | None = None
    state: Standing = Standing.CONFIRMED
    at: datetime | None = None
    known_at: datetime | None = None

    @property
    def id(self) -> str:
        """Rule, subject, grain, basis, threshold, direction and start of the period or time observed: it fires once under it."""
        about = self.rule, self.subject_kind, self.subject, self.period.grain, self.basis or ""
        start = self.period.start.isoformat() if self.at is None else f"{self.at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
        return "|".join((*about, self.threshold, self.direction, start))

    @property
    def fired_at(self) -> datetime:
        """When it could first be known: as the day after the period begins (UTC); its beginning for one on course."""
        if self.known_at is not None:
            return self.known_at
        if self.state is Standing.ON_COURSE:
            return datetime.combine(self.period.start, time(), UTC)
        return self.period.ends_at

    @property
    def dated(self) -> datetime:
        """The time people see it under: when it was observed, or else when it could first be known."""
        return self.at or self.fired_at


def day_alert(
    rule: str,
    severity: Severity,
    subject: str,
    at: datetime,
    values: Mapping[str, Value],
    threshold: str = "",
    direction: str = "",
    after: timedelta = timedelta(),
) -> Alert:
    """A confirmed alert about a model at a time observed. after: how much later it could first be known."""
    day, known = Period(Grain.DAY, at.astimezone(UTC).date()), at + after
    return Alert(rule, severity, "model", subject, day, values, threshold, direction, at=at, known_at=known)
