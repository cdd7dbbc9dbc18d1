"""`growth-streak`: the total of all tokens grew in so many periods in a row."""

from collections.abc import Iterator
from typing import Annotated

from msgspec import Meta

from orwatch.domain.alerts.alert import Alert, Severity, Standing, Value
from orwatch.domain.alerts.leads import LENGTHS
from orwatch.domain.alerts.rule import Observed, PeriodRule
from orwatch.domain.periods import Period
from orwatch.domain.setting import setting
from orwatch.domain.streaks import Streak


class GrowthStreak(PeriodRule, frozen=True):
    """The growth of the total reached a length, or ended after it had reached the first.

    After a gap the length is a floor, which raises none; its end is told.
    """

    marks: Annotated[
        tuple[Annotated[int, Meta(ge=2, le=999)], ...],
        setting("The lengths of a growth of all tokens that are told.", "a list of periods"),
    ] = LENGTHS

    def find(self, observed: Observed) -> Iterator[Alert]:
        """Oldest first."""
        record = observed.rankings(self).record
        streak = Streak(0, True)
        for period in record.complete_periods:
            now, before = record.complete(period), record.complete(period.previous())
            if now is None or before is None:
                streak = Streak(0, True)
                continue
            values: dict[str, Value] = {"length": streak.length, "tokens": now.total, "tokens_before": before.total}
            if now.total > before.total:
                streak = Streak(streak.length + 1, streak.is_floor)
                if streak.length in self.marks and not streak.is_floor:
                    yield _alert(period, str(streak.length), values | {"length": streak.length})
            else:
                if streak.length >= min(self.marks, default=1):
                    yield _alert(period, "ended", values | {"length_is_floor": streak.is_floor, "ended": True})
                streak = Streak(0)


def _alert(period: Period, mark: str, values: dict[str, Value]) -> Alert:
    confirmed = Standing.CONFIRMED
    return Alert("growth-streak", Severity.NOTABLE, "total", "total", None, period, confirmed, values, mark, "up")
