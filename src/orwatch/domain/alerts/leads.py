"""Alerts about leads: `lead-flip` (a lead changes hands) and `streak` (a lead reaches a mark, or ends)."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from orwatch.domain.alerts.records import Alert, Severity, Standing, Value
from orwatch.domain.alerts.rules import LeadFlip, LeadStreak
from orwatch.domain.leads import Flip, Kind, Leadership
from orwatch.domain.records import Period
from orwatch.domain.streaks import Streak


def flip_alerts(leadership: Leadership, rule: LeadFlip, course: Collection[str] = ()) -> list[Alert]:
    """Every flip of a subject, oldest first, and the one that the running period is on course for.

    A flip comes on course once the new leader is ahead by the rule's band over the complete days of the running period, and
    stays so while it is ahead at all. course: ids that were on course at the last look.
    """
    alerts = [_flip(leadership, flip, Standing.CONFIRMED) for flip in leadership.flips]
    ahead = leadership.on_course()
    if ahead is not None:
        alert = _flip(leadership, ahead, Standing.ON_COURSE)
        new, old = ahead.tokens[ahead.after], ahead.tokens[ahead.before]
        if alert.id in course or old is None or new is None or new > old * (1 + rule.band):
            alerts.append(alert)
    return alerts


def streak_alerts(leadership: Leadership, rule: LeadStreak) -> list[Alert]:
    """Every length of the rule that a lead reached and every end of a lead that is told, oldest first. Floors raise none."""
    alerts = []
    shortest = rule.ended if leadership.subject.kind is Kind.VERSUS else min(rule.marks, default=rule.ended)
    before: tuple[Period, str, Streak] | None = None
    for period, leader, streak in streaks_by_period(leadership):
        if before is not None and before[0] == period.previous() and before[1] != leader:
            _, old, held = before
            if held.length >= shortest and not held.is_floor:
                values: dict[str, Value] = {"leader": old, "length": held.length, "ended": True, "by": leader}
                alerts.append(_streak(leadership, period, old, "ended", values))
        if streak.length in rule.marks and not streak.is_floor:
            values = {"leader": leader, "length": streak.length}
            alerts.append(_streak(leadership, period, leader, str(streak.length), values))
        before = period, leader, streak
    return alerts


def streaks_by_period(leadership: Leadership) -> Iterator[tuple[Period, str, Streak]]:
    """The length of the lead at each complete period, oldest first."""
    for period, (streak, _) in leadership.streaks.items():
        leader = leadership.leaders[period]
        if leader is not None:
            yield period, leader, streak


def _subject(leadership: Leadership, leader: str) -> tuple[str, str]:
    subject = leadership.subject
    return subject.kind.value, subject.id if subject.kind is Kind.VERSUS else leader


def _flip(leadership: Leadership, flip: Flip, state: Standing) -> Alert:
    kind, subject = _subject(leadership, flip.after)
    new, old = flip.tokens[flip.after], flip.tokens[flip.before]
    held = leadership.lead(flip.period.previous()).streak
    values: dict[str, Value] = {
        "from": flip.before,
        "to": flip.after,
        "from_tokens": old,
        "to_tokens": new,
        "ratio": new / old if new is not None and old else None,
        "held": held.length,
        "held_is_floor": held.is_floor,
    }
    basis = leadership.rankings.lens.basis
    return Alert("lead-flip", Severity.MAJOR, kind, subject, basis, flip.period, state, values, direction=flip.after)


def _streak(leadership: Leadership, period: Period, leader: str, mark: str, values: dict[str, Value]) -> Alert:
    kind, subject = _subject(leadership, leader)
    basis = leadership.rankings.lens.basis
    return Alert("streak", Severity.NOTABLE, kind, subject, basis, period, Standing.CONFIRMED, values, mark, leader)
