"""`stale`: no fresh data, because no poll succeeds or because the source publishes nothing new."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, timedelta
from typing import Annotated, Final

from orwatch.domain.alerts.alert import Alert, Severity, Standing, Value
from orwatch.domain.alerts.rule import Freshness, Observed, Rule, in_hours
from orwatch.domain.periods import Grain, Period

STALE: Final = "stale"
"""The name of the rule."""


class Stale(Rule, frozen=True):
    """Polls have failed for the hours, or else they succeed and bring nothing newer than the source's hours.

    Its id holds the last success (or the newest figures), so that one failure is told once, however long it lasts.
    """

    hours: Annotated[float, in_hours("How long no poll may have succeeded.", 0.1)] = 6.0
    source_hours: Annotated[float, in_hours("How old the newest figures of a source that answers may be.", 1)] = 48.0

    def find(self, observed: Observed) -> Iterator[Alert]:
        """At most one."""
        return self.judged(observed.freshness)

    def judged(self, seen: Freshness | None) -> Iterator[Alert]:
        """What there is to say of data as fresh as these."""
        if seen is None:
            return
        for what, at, now, hours in (
            ("poll", seen.last_success, seen.now, self.hours),
            ("source", seen.as_of, seen.server_now, self.source_hours),
        ):
            if at is None or now < (known := at + timedelta(hours=hours)):
                continue
            at = at.astimezone(UTC)
            values: dict[str, Value] = {"what": what, "since": f"{at:%Y-%m-%dT%H:%M:%SZ}", "hours": hours}
            day, state, mark = Period(Grain.DAY, at.date()), Standing.CONFIRMED, f"{hours:g}"
            yield Alert(
                STALE, Severity.MAJOR, "total", "total", None, day, state, values, mark, what, at=at, known_at=known
            )
            return
