"""`alerts`: what happened to the leads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orwatch.errors import UsageError

if TYPE_CHECKING:
    from orwatch.cli.session import Session
    from orwatch.domain.alerts.records import Alert
    from orwatch.report.result import Result


def alerts(session: Session) -> Result:
    """What happened to the leads, up to the period: flips and streaks, newest first.

    Leads of models, vendors, countries, and of the head to head of the settings, computed from the record of the grain on
    --basis. A flip of the running period is on course, never confirmed. `alerts backtest` gives the same list.
    """
    from orwatch.report import alerts as report

    if session.given("words", []) not in ([], ["backtest"]):
        raise UsageError("alerts takes `backtest` or nothing.")
    snap = session.snapshot()
    return report.alerts(session.view, snap, [alert for alert in snap.alerts if _shown(session, alert)])


def _shown(session: Session, alert: Alert) -> bool:
    """Whether the filter leaves any of those whom the alert is about."""
    from orwatch.domain.filters import Facts

    country = session.market.attribution.country

    def facts(side: str) -> Facts:
        if len(side) == 2 and side.isupper():
            return Facts(country=side)
        vendor = side.partition("/")[0]
        return Facts(permaslug=side if "/" in side else f"{side}/", country=country(vendor))

    return any(
        session.shows(facts(side)) for side in alert.subject.split(":" if alert.subject_kind == "versus" else "\n")
    )
