"""The record of an alert, the same for every rule."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from sys import intern

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
    """One alert. subject_kind: model, vendor, country, versus or total; subject: its id ("CN:US", a permaslug …).

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
    basis: Basis | None
    period: Period
    state: Standing
    values: Mapping[str, Value]
    threshold: str = ""
    direction: str = ""
    at: datetime | None = None
    known_at: datetime | None = None

    @property
    def id(self) -> str:
        """Rule, subject, grain, basis, threshold, direction and start of the period or time observed: it fires once under it."""
        parts = (
            self.rule,
            self.subject_kind,
            self.subject,
            self.period.grain,
            self.basis or "",
            self.threshold,
            self.direction,
        )
        start = self.period.start.isoformat() if self.at is None else f"{self.at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
        return "|".join((*parts, start))

    @property
    def fired_at(self) -> datetime:
        """When it could first be known: as the day after the period begins (UTC); its beginning for one on course."""
        if self.known_at is not None:
            return self.known_at
        day = self.period.start if self.state is Standing.ON_COURSE else self.period.end + timedelta(days=1)
        return datetime.combine(day, time(), UTC)

    @property
    def dated(self) -> datetime:
        """The time people see it under: when it was observed, or else when it could first be known."""
        return self.at or self.fired_at


class Rebuilder:
    """Alerts from plain values, as a cache keeps them: hundreds share a few dozen periods, times and words, each made once."""

    def __init__(self) -> None:
        self._severities = {each.value: each for each in Severity}
        self._bases: dict[str | None, Basis | None] = {each.value: each for each in Basis} | {None: None}
        self._states = {each.value: each for each in Standing}
        self._periods: dict[tuple[str, str], Period] = {}
        self._moments: dict[float | None, datetime | None] = {None: None}

    def alert(
        self,
        rule: str,
        severity: str,
        kind: str,
        subject: str,
        basis: str | None,
        grain: str,
        start: str,
        state: str,
        values: Mapping[str, Value],
        threshold: str,
        direction: str,
        at: float | None,
        known_at: float | None,
    ) -> Alert:
        """The alert of these values; days in ISO form, times in epoch seconds. Raises KeyError or ValueError for others."""
        return Alert(
            intern(rule),
            self._severities[severity],
            intern(kind),
            intern(subject),
            self._bases[basis],
            self._period(grain, start),
            self._states[state],
            values,
            intern(threshold),
            intern(direction),
            self._moment(at),
            self._moment(known_at),
        )

    def _period(self, grain: str, start: str) -> Period:
        known = self._periods.get((grain, start))
        if known is None:
            known = self._periods[grain, start] = Period(Grain(grain), date.fromisoformat(start))
        return known

    def _moment(self, seconds: float | None) -> datetime | None:
        if seconds not in self._moments:
            self._moments[seconds] = datetime.fromtimestamp(seconds or 0.0, UTC)
        return self._moments[seconds]


def day_alert(
    rule: str,
    severity: Severity,
    subject: str,
    at: datetime,
    values: Mapping[str, Value],
    *,
    threshold: str = "",
    direction: str = "",
    after: timedelta = timedelta(),
) -> Alert:
    """A confirmed alert about a model at a time observed. after: how much later it could first be known."""
    day, confirmed = Period(Grain.DAY, at.astimezone(UTC).date()), Standing.CONFIRMED
    return Alert(rule, severity, "model", subject, None, day, confirmed, values, threshold, direction, at, at + after)
