"""Alerts about the whole: `growth-streak` (its growth reaches a length, or ends), `brief` (a briefing is due), `stale`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, timedelta
from typing import Annotated, Final

from msgspec import Meta

from orwatch.domain.alerts.alert import Alert, Severity, Value
from orwatch.domain.alerts.leads import LENGTHS
from orwatch.domain.alerts.rule import BasisRule, Freshness, Observed, PeriodRule, Rule, in_hours
from orwatch.domain.periods import Grain, Period
from orwatch.domain.setting import setting

BRIEF: Final = "brief"
STALE: Final = "stale"
"""The names of the rules."""


class GrowthStreak(PeriodRule, frozen=True):
    """The growth of the total reached a length, or ended after it had reached the first.

    After a gap the length is a floor, which raises none; its end is told.
    """

    marks: Annotated[
        tuple[Annotated[int, Meta(ge=2, le=999)], ...],
        setting("The lengths of a growth of all tokens that are told.", "a list of periods"),
    ] = LENGTHS

    def find(self, observed: Observed) -> Iterator[Alert]:
        rankings = observed.rankings(self)
        shortest = min(self.marks, default=1)
        for period, now, before in rankings.neighbours():
            streak, held = (rankings.total_streak(each, grew=True) for each in (period, period.previous()))
            values: dict[str, Value] = {"length": streak.length, "tokens": now.total, "tokens_before": before.total}
            about = "growth-streak", Severity.NOTABLE, "total", "total", period
            if streak.length in self.marks and not streak.is_floor:
                yield Alert(*about, values, str(streak.length), "up")
            elif not streak and held.length >= shortest:
                ended: dict[str, Value] = {"length": held.length, "length_is_floor": held.is_floor, "ended": True}
                yield Alert(*about, values | ended, "ended", "up")


class BriefDue(BasisRule, frozen=True):
    """The briefing of each complete period, sent where a channel takes briefings.

    Its id has no basis: whoever sees the period first says on which it is written.
    """

    def find(self, observed: Observed) -> Iterator[Alert]:
        rankings = observed.rankings(self)
        for period in rankings.record.complete_periods:
            tokens, change = rankings.record.listings[period].total, rankings.total_change(period)
            values: dict[str, Value] = {"basis": rankings.lens.basis.value, "tokens": tokens, "change": change}
            yield Alert(BRIEF, Severity.NOTE, "total", "total", period, values)


class Stale(Rule, frozen=True):
    """Polls have failed for the hours, or else they succeed and bring nothing newer than the source's hours.

    Its id holds the last success (or the newest figures), so that one failure is told once, however long it lasts.
    """

    hours: Annotated[float, in_hours("How long no poll may have succeeded.", 0.1)] = 6.0
    source_hours: Annotated[float, in_hours("How old the newest figures of a source that answers may be.", 1)] = 48.0

    def find(self, observed: Observed) -> Iterator[Alert]:
        return self.judged(observed.freshness)

    def judged(self, seen: Freshness | None) -> Iterator[Alert]:
        """What there is to say of data as fresh as these: at most one alert."""
        if seen is None:
            return
        for what, at, now, hours in (
            ("poll", seen.last_success, seen.now, self.hours),
            ("source", seen.as_of, seen.server_now, self.source_hours),
        ):
            if at is None or now < (known := at + timedelta(hours=hours)):
                continue
            at = at.astimezone(UTC)
            values: dict[str, Value] = {"what": what, "since": f"{at:%Y-%m-%dT%H:%M:%SZ}", "hours": hours}
            about = Severity.MAJOR, "total", "total", Period(Grain.DAY, at.date())
            yield Alert(STALE, *about, values, f"{hours:g}", what, at=at, known_at=known)
            return
