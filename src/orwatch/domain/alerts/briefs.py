"""`brief`: a period is complete, so that its briefing can be sent. It fires where a channel takes briefings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from orwatch.domain.alerts.alert import Alert, Severity, Standing
from orwatch.domain.alerts.rule import BasisRule, Observed
from orwatch.domain.rankings import change

BRIEF: Final = "brief"
"""The name of the rule."""


class BriefDue(BasisRule, frozen=True):
    """The briefing of each complete period. Its id has no basis: whoever sees the period first says on which it is written."""

    def find(self, observed: Observed) -> Iterator[Alert]:
        """Oldest first."""
        rankings = observed.rankings(self)
        for period in rankings.record.complete_periods:
            now, before = rankings.record.complete(period), rankings.record.complete(period.previous())
            assert now is not None
            moved = change(now.total, before.total if before else None)
            values = {"basis": rankings.lens.basis.value, "tokens": now.total, "change": moved}
            yield Alert(BRIEF, Severity.NOTE, "total", "total", None, period, Standing.CONFIRMED, values)
