"""The record of an alert, the same for every rule."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property

from orwatch.dataclass import dataclass
from orwatch.domain.records import Basis, Period


class Severity(StrEnum):
    """How much an alert matters: a flip is major, a streak notable, the rest a note."""

    MAJOR = "major"
    NOTABLE = "notable"
    NOTE = "note"


class Standing(StrEnum):
    """Confirmed on complete periods; on course in the running one; retracted where restated data no longer support it."""

    CONFIRMED = "confirmed"
    ON_COURSE = "on_course"
    RETRACTED = "retracted"


Value = str | int | float | bool | None


@dataclass(frozen=True)
class Alert:
    """One alert. subject_kind: model, vendor, country, versus or total; subject: its id ("CN:US", a permaslug …).

    values: the figures of the rule (tokens whole numbers, ratios and changes fractions).
    """

    rule: str
    severity: Severity
    subject_kind: str
    subject: str
    basis: Basis
    period: Period
    state: Standing
    values: Mapping[str, Value]
    threshold: str = ""
    direction: str = ""

    @cached_property
    def id(self) -> str:
        """Rule, subject, grain, basis, threshold, direction and start of the period: an alert fires once under it."""
        parts = (
            self.rule,
            self.subject_kind,
            self.subject,
            self.period.grain,
            self.basis,
            self.threshold,
            self.direction,
        )
        return "|".join((*parts, self.period.start.isoformat()))

    @property
    def fired_at(self) -> datetime:
        """When it could first be known: as the day after the period begins (UTC); its beginning for one on course."""
        day = self.period.start if self.state is Standing.ON_COURSE else self.period.end + timedelta(days=1)
        return datetime.combine(day, time(), UTC)
