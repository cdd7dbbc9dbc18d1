"""What happened to leads, ranks, shares and prices, with what is remembered of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from orwatch.domain.alerts.memory import KnownAlert
from orwatch.domain.alerts.records import Alert
from orwatch.domain.views.overview import Snapshot
from orwatch.present.alerts import facts_of
from orwatch.report.layout import alert_columns, headline
from orwatch.report.meta import View, credit, meta_of, moment
from orwatch.report.result import Result, Row


def alerts(
    view: View,
    snap: Snapshot,
    shown: Sequence[Alert],
    names: Mapping[str, str],
    known: Mapping[str, KnownAlert],
    title: str = "Alerts",
) -> Result:
    """Alerts. shown: those that are to be seen, in their order. names: of models by permaslug. known: what is remembered, by id."""
    return Result(
        meta_of(view, snap),
        [row_of(alert, names, known.get(alert.id)) for alert in shown],
        alert_columns(),
        title=headline(title, snap),
        credit=credit(view, snap, computed=True),
    )


def row_of(alert: Alert, names: Mapping[str, str], known: KnownAlert | None) -> Row:
    """An alert as programs read it, with what is remembered of it."""
    facts = facts_of(alert, names)
    return {
        **{name: facts[name] for name in list(facts)[: list(facts).index("message")]},
        "acknowledged": known is not None and known.acknowledged_at is not None,
        "message": facts["message"],
        "values": facts["values"],
        "unread": known is not None and known.unread,
        "first_seen": moment(known.first_seen) if known else None,
        "snoozed": known is not None and known.snoozed,
        "deliveries": [
            {
                "channel": one.channel,
                "state": one.fate.value,
                "at": moment(one.at),
                "tries": one.tries,
                "cause": one.cause,
            }
            for one in (known.deliveries if known else ())
        ],
    }
