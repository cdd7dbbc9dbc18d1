"""`stale`: no fresh data, because no poll succeeds or because the source publishes nothing new."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from orwatch.domain.alerts.records import Alert, Severity, Standing, Value
from orwatch.domain.alerts.rules import Stale
from orwatch.domain.records import Grain, Period


@dataclass(frozen=True, slots=True)
class Freshness:
    """How fresh the data are, by one clock. now: its time. last_success: of the last poll that succeeded. as_of: of the newest
    figures. None where there was none.
    """

    now: datetime
    last_success: datetime | None
    as_of: datetime | None


def stale_alerts(freshness: Freshness, rule: Stale) -> list[Alert]:
    """At most one: polls have failed for the rule's hours, or else they succeed and bring nothing newer than its source_hours.

    Its id holds the last success (or the newest figures), so that one failure is told once, however long it lasts.
    """
    for what, at, hours in (
        ("poll", freshness.last_success, rule.hours),
        ("source", freshness.as_of, rule.source_hours),
    ):
        known = None if at is None else at + timedelta(hours=hours)
        if at is None or known is None or freshness.now < known:
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
