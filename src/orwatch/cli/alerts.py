"""`alerts`: what happened, what is remembered of it, and where it goes."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from orwatch.cli.result import Result, Row
from orwatch.errors import CacheError, UsageError

if TYPE_CHECKING:
    from orwatch.cli.session import Session
    from orwatch.core.snapshots import Snapshot
    from orwatch.domain.alerts.memory import KnownAlert
    from orwatch.domain.alerts.records import Alert

VIEW_OPTIONS = ("view.period", "view.basis", "view.free", "view.merge_variants")


def alerts(session: Session) -> Result | None:
    """What happened to the leads, up to the period: flips and streaks, newest first.

    With what the cache remembers of each: whether it is unread, and where it went. A flip of the running period is on
    course, never confirmed; `retracted` is what restated figures no longer support. --unread, --state and --rule choose.

    `alerts ack ID…|all` acknowledges; `alerts snooze 1h|1d|off [SUBJECT]` holds deliveries, of everything or of a
    subject such as versus:CN:US, rule:streak or an alert's id; `alerts test CHANNEL` sends a sample to bell, osc, desktop,
    webhook, command or file. `alerts backtest` gives what the rules find in the record, without the memory."""
    from orwatch.cli import memory

    match session.given("words", []):
        case [] | ["backtest"]:
            return _listing(session)
        case ["ack", *ids] if ids:
            memory.acknowledge(session, ids)
        case ["snooze", *words]:
            return memory.snooze(session, words)
        case ["test", channel]:
            memory.test(session, channel)
        case ["ack", *_]:
            raise UsageError("alerts ack takes the ids of alerts, or all.")
        case ["test", *_]:
            raise UsageError("alerts test takes one channel, as in `orwatch alerts test bell`.")
        case _:
            raise UsageError("alerts takes ack, snooze, test, backtest or nothing.")
    return None


def _listing(session: Session) -> Result:
    from orwatch.cli.layout import alert_columns, headline
    from orwatch.cli.meta import credit, meta_of

    _check_filter(session)
    snap = session.snapshot()
    known = {} if session.given("words") == ["backtest"] else remembered(session)
    found = [*snap.alerts, *_retracted(snap, known)]
    found.sort(key=lambda alert: -alert.fired_at.timestamp())
    rows = [
        row_of(alert, snap.names, known.get(alert.id))
        for alert in found
        if _shown(session, alert) and _chosen(session, alert, known.get(alert.id))
    ]
    title = headline("Alerts", snap)
    return Result(
        meta_of(session, snap), rows, alert_columns(), title=title, credit=credit(session, snap, computed=True)
    )


def remembered(session: Session) -> dict[str, KnownAlert]:
    """What the cache remembers, by id. What it has not judged yet is judged first, as the settings are without options."""
    from orwatch.core.alerting import Alerting

    alerting = Alerting(session.source)
    if not any(session.settings.came_from[name].startswith("--") for name in VIEW_OPTIONS):
        with contextlib.suppress(CacheError):  # a file that cannot be written can still be read
            alerting.look()
    return {known.alert.id: known for known in alerting.known()}


def row_of(alert: Alert, names: Any, known: KnownAlert | None) -> Row:
    """An alert as programs read it, with what is remembered of it."""
    from orwatch.cli.meta import moment
    from orwatch.core.alerting import facts_of

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


def _retracted(snap: Snapshot, known: dict[str, KnownAlert]) -> list[Alert]:
    """What no longer holds of the same grain and basis, up to the period."""
    from orwatch.domain.alerts.records import Standing

    there = {alert.id for alert in snap.alerts}
    return [
        one.alert
        for one in known.values()
        if one.alert.state is Standing.RETRACTED
        and one.alert.id not in there
        and one.alert.basis is snap.lens.basis
        and one.alert.period.grain is snap.period.grain
        and one.alert.period <= snap.period
    ]


def _check_filter(session: Session) -> None:
    from orwatch.cli.parser import near
    from orwatch.cli.watch import check_rule
    from orwatch.domain.alerts.records import Standing

    state = session.given("state")
    if state is not None and state not in list(Standing):
        raise UsageError(f"--state is {state!r}; {near(state, [one.value for one in Standing])}.")
    for rule in session.given("rule", []):
        check_rule("--rule", rule)


def _chosen(session: Session, alert: Alert, known: KnownAlert | None) -> bool:
    state, rules = session.given("state"), session.given("rule", [])
    return (
        (state is None or alert.state.value == state)
        and (not rules or alert.rule in rules)
        and (not session.given("unread") or (known is not None and known.unread))
    )


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
