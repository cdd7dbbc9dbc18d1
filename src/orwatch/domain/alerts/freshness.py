"""`stale`: no fresh data, because no poll succeeds or because the source publishes nothing new."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from msgspec import Struct

from orwatch.domain.alerts.records import Alert, Severity, Standing, Value
from orwatch.domain.alerts.rules import Stale
from orwatch.domain.records import Grain, Period


class Freshness(Struct, frozen=True):
    """How fresh the data are. last_success: of the last poll that succeeded, by the machine's clock, whose time is now.
    as_of: of the newest figures, by the server's, whose time is server_now. None where there was none.
    """

    now: datetime
    last_success: datetime | None
    server_now: datetime
    as_of: datetime | None


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
