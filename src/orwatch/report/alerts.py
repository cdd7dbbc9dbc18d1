"""What happened to the leads."""

from __future__ import annotations

from collections.abc import Sequence

from orwatch.core.snapshots import Snapshot
from orwatch.domain.alerts.records import Alert
from orwatch.present.sentences import message
from orwatch.report.layout import alert_columns, headline
from orwatch.report.meta import View, credit, day, meta_of, moment
from orwatch.report.result import Result, Row


def alerts(view: View, snap: Snapshot, shown: Sequence[Alert]) -> Result:
    """Alerts. shown: those that are to be seen, in their order."""
    return Result(
        meta_of(view, snap),
        [_row(alert, snap) for alert in shown],
        alert_columns(),
        title=headline("Alerts", snap),
        credit=credit(view, snap, computed=True),
    )


def _row(alert: Alert, snap: Snapshot) -> Row:
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
