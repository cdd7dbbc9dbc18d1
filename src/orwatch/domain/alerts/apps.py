"""Alerts about public apps: `app-flip` (another is first) and `app-entrant` (one enters the largest), by complete ISO week."""

from collections.abc import Iterator, Mapping
from typing import Annotated

from orwatch.domain.alerts.alert import Alert, Severity, Standing, Value
from orwatch.domain.alerts.rule import Observed, Rule
from orwatch.domain.periods import Period
from orwatch.domain.setting import setting


class AppFlip(Rule, frozen=True):
    """Another public app has the most tokens of a week than of the week before."""

    def find(self, observed: Observed) -> Iterator[Alert]:
        """Oldest first."""
        record = observed.apps()
        for flip in record.leadership.flips if record is not None else ():
            assert record is not None
            values: dict[str, Value] = {
                "name": record.names[int(flip.after)],
                "passed": record.names[int(flip.before)],
                "from_id": int(flip.before),
                "from_tokens": flip.tokens[flip.before],
                "to_tokens": flip.tokens[flip.after],
            }
            yield _alert("app-flip", flip.period, flip.after, values, flip.after)


class AppEntrant(Rule, frozen=True):
    """A public app is among the largest of a week and was not in the week before, which names as many."""

    top: Annotated[int, setting("How many apps are the largest.", "a number of apps", ge=1, le=50)] = 10

    def find(self, observed: Observed) -> Iterator[Alert]:
        """Oldest first."""
        record = observed.apps()
        if record is None:
            return
        for period in record.record.complete_periods:
            before = record.places(period.previous())
            if record.record.complete(period.previous()) is None or len(before) < self.top:
                continue
            for app in record.weeks[period].apps[: self.top]:
                then = before.get(app.app_id)
                if then is None or then > self.top:
                    values: dict[str, Value] = {
                        "name": record.names[app.app_id],
                        "rank": app.rank,
                        "rank_before": then,
                        "tokens": app.tokens,
                        "top": self.top,
                    }
                    yield _alert("app-entrant", period, str(app.app_id), values, "up", str(self.top))


def _alert(
    rule: str, period: Period, app_id: str, values: Mapping[str, Value], direction: str, threshold: str = ""
) -> Alert:
    confirmed = Standing.CONFIRMED
    return Alert(rule, Severity.NOTABLE, "app", app_id, None, period, confirmed, values, threshold, direction)
