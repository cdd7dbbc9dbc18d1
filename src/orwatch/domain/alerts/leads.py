"""Alerts about leads: `lead-flip` (a lead changes hands) and `streak` (a lead reaches a mark, or ends)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Annotated, Final

from msgspec import Meta

from orwatch.domain.alerts.alert import Alert, Severity, Standing, Value
from orwatch.domain.alerts.rule import BasisRule, Observed, fraction
from orwatch.domain.leads import Flip, Kind, Leadership, Subject
from orwatch.domain.periods import Period
from orwatch.domain.setting import setting

LENGTHS: Final = (4, 8, 13, 26, 52)
"""Lengths of a streak, in periods, that are told: of weeks a month, two, a quarter, half a year and a year."""


def contests(versus: tuple[str, str]) -> tuple[Subject, ...]:
    """Whose leads are watched: the head to head's, and those of models, countries and vendors."""
    return (Subject.versus(*versus), *map(Subject, (Kind.MODEL, Kind.COUNTRY, Kind.VENDOR)))


class LeadFlip(BasisRule, frozen=True):
    """`lead-flip`: a lead changes hands."""

    band: Annotated[
        float,
        fraction(
            "How far ahead, of the old leader's tokens, a new one must be over the running period's complete days to come on "
            "course; it stays so until it is behind."
        ),
    ] = 0.02

    def find(self, observed: Observed) -> Iterator[Alert]:
        for subject in contests(observed.versus):
            yield from self.of_lead(observed.leadership(self, subject), observed.on_course)

    def of_lead(self, leadership: Leadership, course: Collection[str] = ()) -> Iterator[Alert]:
        """Every flip of a subject, oldest first, and the one that the running period is on course for.

        A flip comes on course once the new leader is ahead by the band over the complete days of the running period, and stays so
        while it is ahead at all. course: ids that were on course at the last look.
        """
        for flip in leadership.flips:
            yield _flip(leadership, flip, Standing.CONFIRMED)
        ahead = leadership.on_course()
        if ahead is not None:
            alert = _flip(leadership, ahead, Standing.ON_COURSE)
            new, old = ahead.tokens[ahead.after], ahead.tokens[ahead.before]
            if alert.id in course or old is None or new is None or new > old * (1 + self.band):
                yield alert


class LeadStreak(BasisRule, frozen=True):
    """`streak`: a lead reaches a length, or ends.

    The end of a lead of models, vendors or countries is told where it had reached the first mark: the flip tells the others. A
    length that is a floor is no mark, its end is told.
    """

    marks: Annotated[
        tuple[Annotated[int, Meta(ge=2, le=999)], ...],
        setting("The lengths of a lead that are told.", "a list of periods"),
    ] = LENGTHS
    ended: Annotated[
        int,
        setting(
            "The shortest lead of a head to head whose end is told; of models, vendors and countries it is the "
            "first mark.",
            "periods",
            ge=1,
            le=999,
        ),
    ] = 2

    def find(self, observed: Observed) -> Iterator[Alert]:
        for subject in contests(observed.versus):
            yield from self.of_lead(observed.leadership(self, subject))

    def of_lead(self, leadership: Leadership) -> Iterator[Alert]:
        """Every length that a lead of a subject reached and every end that is told, oldest first. A floor reaches none."""
        shortest = self.ended if leadership.subject.kind is Kind.VERSUS else min(self.marks, default=self.ended)
        for period, lead in leadership.leads.items():
            streak, before = lead.streak, leadership.leads.get(period.previous())
            if before is not None and before.leader != lead.leader and before.streak.length >= shortest:
                length: dict[str, Value] = {
                    "length": before.streak.length,
                    "length_is_floor": before.streak.is_floor,
                }
                values = {"leader": before.leader, **length, "ended": True, "by": lead.leader}
                yield _alert("streak", Severity.NOTABLE, leadership, before.leader, period, values, "ended")
            if streak.length in self.marks and not streak.is_floor:
                values = {"leader": lead.leader, "length": streak.length}
                yield _alert("streak", Severity.NOTABLE, leadership, lead.leader, period, values, str(streak.length))


def _flip(leadership: Leadership, flip: Flip, state: Standing) -> Alert:
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
    return _alert("lead-flip", Severity.MAJOR, leadership, flip.after, flip.period, values, state=state)


def _alert(
    rule: str,
    severity: Severity,
    leadership: Leadership,
    leader: str | None,
    period: Period,
    values: Mapping[str, Value],
    threshold: str = "",
    state: Standing = Standing.CONFIRMED,
) -> Alert:
    """About a head to head, or else about the leader of models, vendors or countries."""
    contest, basis = leadership.subject, leadership.rankings.lens.basis
    subject = contest.id if contest.kind is Kind.VERSUS else str(leader)
    return Alert(rule, severity, contest.kind.value, subject, period, values, threshold, str(leader), basis, state)
