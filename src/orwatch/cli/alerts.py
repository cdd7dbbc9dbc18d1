"""`alerts`: what happened to the leads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orwatch.cli.result import Result, Row
from orwatch.errors import UsageError

if TYPE_CHECKING:
    from orwatch.cli.session import Session
    from orwatch.core.snapshots import Snapshot
    from orwatch.domain.alerts.records import Alert


def alerts(session: Session) -> Result:
    """What happened to the leads, up to the period: flips and streaks, newest first.

    Leads of models, vendors, countries, and of the head to head of the settings, computed from the record of the grain on
    --basis. A flip of the running period is on course, never confirmed. `alerts backtest` gives the same list.
    """
    from orwatch.cli.layout import alert_columns, headline
    from orwatch.cli.meta import credit, meta_of

    if session.given("words", []) not in ([], ["backtest"]):
        raise UsageError("alerts takes `backtest` or nothing.")
    snap = session.snapshot()
    rows = [_row(alert, snap) for alert in snap.alerts if _shown(session, alert)]
    title = headline("Alerts", snap)
    return Result(
        meta_of(session, snap), rows, alert_columns(), title=title, credit=credit(session, snap, computed=True)
    )


def _row(alert: Alert, snap: Snapshot) -> Row:
    from orwatch.cli.meta import day, moment
    from orwatch.present.sentences import message

    period = alert.period
    return {
        "id": alert.id,
        "rule": alert.rule,
        "severity": alert.severity.value,
        "subject": {"kind": alert.subject_kind, "id": alert.subject},
        "basis": alert.basis.value,
        "period": {"grain": period.grain.value, "start": day(period.start), "end": day(period.end)},
        "state": alert.state.value,
        "fired_at": moment(alert.fired_at),
        "acknowledged": False,
        "message": message(alert, snap.names),
        "values": dict(alert.values),
    }


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
