"""`stale`: no fresh data, because no poll succeeds or because the source publishes nothing new."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, timedelta
from typing import Annotated

from orwatch.domain.alerts.records import Alert, Severity, Standing, Value
from orwatch.domain.alerts.rule import Freshness, Observed, Rule, in_hours
from orwatch.domain.periods import Grain, Period


class Stale(Rule, frozen=True):
    """`stale`: no fresh data."""

    hours: Annotated[float, in_hours("How long no poll may have succeeded.", 0.1)] = 6.0
    source_hours: Annotated[float, in_hours("How old the newest figures of a source that answers may be.", 1)] = 48.0

    def find(self, observed: Observed) -> Iterable[Alert]:
        """At most one alert."""
        return [] if observed.freshness is None else stale_alerts(observed.freshness, self)


def stale_alerts(freshness: Freshness, rule: Stale) -> list[Alert]:
    """At most one: polls have failed for the rule's hours, or else they succeed and bring nothing newer than its source_hours.

    Its id holds the last success (or the newest figures), so that one failure is told once, however long it lasts.
    """
    for what, at, now, hours in (
        ("poll", freshness.last_success, freshness.now, rule.hours),
        ("source", freshness.as_of, freshness.server_now, rule.source_hours),
    ):
        if at is None or now < (known := at + timedelta(hours=hours)):
            continue
        at = at.astimezone(UTC)
        values: dict[str, Value] = {"what": what, "since": f"{at:%Y-%m-%dT%H:%M:%SZ}", "hours": hours}
        day, state = Period(Grain.DAY, at.date()), Standing.CONFIRMED
        return [
            Alert(
                "stale",
                Severity.MAJOR,
                "total",
                "total",
                None,
                day,
                state,
                values,
                f"{hours:g}",
                what,
                at=at,
                known_at=known,
            )
        ]
    return []
