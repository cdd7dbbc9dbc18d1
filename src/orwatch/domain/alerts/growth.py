"""`growth-streak`: the total of all tokens grew in so many periods in a row."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from msgspec import Meta

from orwatch.domain.alerts.leads import LENGTHS
from orwatch.domain.alerts.records import Alert, Severity, Standing, Value
from orwatch.domain.alerts.rule import Observed, PeriodRule
from orwatch.domain.periods import Period
from orwatch.domain.records import Record
from orwatch.domain.streaks import Streak


class GrowthStreak(PeriodRule, frozen=True):
    """`growth-streak`: the total grew in so many periods in a row, or stopped after it had reached the first mark."""

    marks: Annotated[
        tuple[Annotated[int, Meta(ge=2, le=999)], ...],
        Meta(
            description="The lengths of a growth of all tokens that are told.", extra={"accepts": "a list of periods"}
        ),
    ] = LENGTHS

    def find(self, observed: Observed) -> Iterable[Alert]:
        """The marks and ends of the growth of the total."""
        return growth_alerts(observed.rankings(self).record, self)


def growth_alerts(record: Record, rule: GrowthStreak) -> list[Alert]:
    """Every length of the rule that the growth of the total reached, and the end of one that had reached the first.

    Oldest first. After a gap the length is a floor, which raises none, nor does its end.
    """
    alerts: list[Alert] = []
    streak = Streak(0, True)
    for period in record.complete_periods:
        now, before = record.complete(period), record.complete(period.previous())
        if now is None or before is None:
            streak = Streak(0, True)
            continue
        values: dict[str, Value] = {"length": streak.length, "tokens": now.total, "tokens_before": before.total}
        if now.total > before.total:
            streak = Streak(streak.length + 1, streak.is_floor)
            if streak.length in rule.marks and not streak.is_floor:
                alerts.append(_alert(period, str(streak.length), values | {"length": streak.length}))
        else:
            if streak.length >= min(rule.marks, default=1) and not streak.is_floor:
                alerts.append(_alert(period, "ended", values | {"ended": True}))
            streak = Streak(0)
    return alerts


def _alert(period: Period, mark: str, values: dict[str, Value]) -> Alert:
    confirmed = Standing.CONFIRMED
    return Alert("growth-streak", Severity.NOTABLE, "total", "total", None, period, confirmed, values, mark, "up")
