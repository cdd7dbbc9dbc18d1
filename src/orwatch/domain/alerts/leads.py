"""Alerts about leads: `lead-flip` (a lead changes hands) and `streak` (a lead reaches a mark)."""

from __future__ import annotations

from collections.abc import Iterator

from orwatch.domain.alerts.records import Alert, Severity, Standing, Value
from orwatch.domain.leads import Flip, Kind, Leadership
from orwatch.domain.records import Period
from orwatch.domain.streaks import Streak

MARKS = (4, 8, 13, 26, 52)
"""Lengths of a lead, in periods, that raise a streak alert."""


def lead_alerts(leadership: Leadership, until: Period) -> list[Alert]:
    """Every flip and streak mark of a subject up to a period, oldest first, and the flip on course if `until` still runs."""
    alerts = [_flip(leadership, flip, Standing.CONFIRMED) for flip in leadership.flips_until(until)]
    alerts += [_mark(leadership, period, leader, n) for period, leader, n in _marks(leadership) if period <= until]
    course = leadership.on_course()
    if course is not None and course.period <= until:
        alerts.append(_flip(leadership, course, Standing.ON_COURSE))
    return sorted(alerts, key=lambda alert: (alert.fired_at, alert.id))


def streaks_by_period(leadership: Leadership) -> Iterator[tuple[Period, str, Streak]]:
    """The length of the lead at each complete period, oldest first."""
    for period, (streak, _) in leadership.streaks.items():
        leader = leadership.leaders[period]
        if leader is not None:
            yield period, leader, streak


def _marks(leadership: Leadership) -> Iterator[tuple[Period, str, int]]:
    for period, leader, streak in streaks_by_period(leadership):
        if streak.length in MARKS and not streak.is_floor:
            yield period, leader, streak.length


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


def _mark(leadership: Leadership, period: Period, leader: str, length: int) -> Alert:
    kind, subject = _subject(leadership, leader)
    basis = leadership.rankings.lens.basis
    values: dict[str, Value] = {"leader": leader, "length": length}
    return Alert(
        "streak", Severity.NOTABLE, kind, subject, basis, period, Standing.CONFIRMED, values, str(length), leader
    )
