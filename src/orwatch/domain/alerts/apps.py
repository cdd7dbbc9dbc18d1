"""Alerts about public apps: `app-flip` (another is first) and `app-entrant` (one enters the largest), by complete ISO week."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from orwatch.domain.alerts.alert import Alert, Severity, Value
from orwatch.domain.alerts.rule import Observed, Rule
from orwatch.domain.setting import setting


class AppFlip(Rule, frozen=True):
    """Another public app has the most tokens of a week than of the week before."""

    def find(self, observed: Observed) -> Iterator[Alert]:
        record = observed.apps()
        if record is None:
            return
        for flip in record.leadership.flips:
            values: dict[str, Value] = {
                "name": record.names[int(flip.after)],
                "passed": record.names[int(flip.before)],
                "from_id": int(flip.before),
                "from_tokens": flip.tokens[flip.before],
                "to_tokens": flip.tokens[flip.after],
            }
            yield Alert("app-flip", Severity.NOTABLE, "app", flip.after, flip.period, values, direction=flip.after)


class AppEntrant(Rule, frozen=True):
    """A public app is among the largest of a week and was not in the week before, which names as many."""

    top: Annotated[int, setting("How many apps are the largest.", "a number of apps", ge=1, le=50)] = 10

    def find(self, observed: Observed) -> Iterator[Alert]:
        record = observed.apps()
        if record is None:
            return
        for period, _, _ in record.rankings.neighbours():
            before = record.places(period.previous())
            if len(before) < self.top:
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
                    id_, top = str(app.app_id), str(self.top)
                    yield Alert("app-entrant", Severity.NOTABLE, "app", id_, period, values, top, "up")
