"""Alerts about public apps: `app-flip` (another is first) and `app-entrant` (one enters the largest), by complete ISO week."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from orwatch.domain.alerts.alert import Alert, Severity, Value
from orwatch.domain.alerts.ranks import entrants
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
        for period, row, _ in entrants(record.rankings, self.top):
            # Places are the source's own: where rows are missing, or two are alike, they are not those by tokens.
            id_ = int(row.permaslug)
            rank, then = record.places(period)[id_], record.places(period.previous()).get(id_)
            if rank > self.top or (then is not None and then <= self.top):
                continue
            values: dict[str, Value] = {
                "name": record.names[id_],
                "rank": rank,
                "rank_before": then,
                "tokens": row.tokens,
                "top": self.top,
            }
            about = Severity.NOTABLE, "app", row.permaslug, period
            yield Alert("app-entrant", *about, values, str(self.top), "up")
