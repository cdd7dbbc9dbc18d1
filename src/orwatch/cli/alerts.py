"""`alerts`: what happened to leads, ranks, shares and prices, what is remembered of it, and what rules would have said."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from orwatch.errors import CacheError, UsageError

if TYPE_CHECKING:
    from orwatch.cli.session import Session
    from orwatch.domain.alerts.memory import KnownAlert
    from orwatch.domain.alerts.records import Alert
    from orwatch.domain.views.overview import Snapshot
    from orwatch.present.report import Report

VIEW_OPTIONS = ("view.period", "view.basis", "view.free", "view.merge_variants")


def alerts(session: Session) -> Report | None:
    """What happened to leads, ranks, shares and prices, up to the period, newest first.

    Computed from the record of the grain on --basis, with the rules and the head to head of the settings, and with what
    the cache remembers of each: whether it is unread, and where it went. What the running period is on course for is
    told apart and never confirmed; `retracted` is what restated figures no longer support.

    `alerts ack ID…|all` acknowledges. `alerts snooze 1h|1d|off [SUBJECT]` holds deliveries, of everything or of a subject
    such as versus:CN:US, rule:streak or an alert's id. `alerts test CHANNEL` sends a sample to bell, osc, desktop, webhook,
    command or file. `alerts backtest` runs the rules over the whole record, whatever --at says, and gives what would have
    fired; a rule that is off runs if --rule names it: orwatch alerts backtest --rule rank-jump --from 2026-02-09
    """
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


def _listing(session: Session) -> Report:
    from orwatch.core.judge import alert_names
    from orwatch.present.tables import alerts as table

    backtest = session.given("words", []) == ["backtest"]
    _check_filter(session)
    if (session.day("from"), session.day("until")) != (None, None) and not backtest:
        raise UsageError("--from and --until belong to `orwatch alerts backtest`; --at names a period.")
    snap = session.snapshot()
    known = {} if backtest else remembered(session)
    found = _backtest(session) if backtest else _of_view(session, snap, known)
    names = alert_names(session.market, found)
    shown = [
        alert
        for alert in sorted(found, key=lambda alert: (not _on_course(alert), -alert.dated.timestamp()))
        if _shown(session, alert) and _chosen(session, alert, known.get(alert.id))
    ]
    return table.report(session.view, snap, shown, names, known, "Backtest" if backtest else "Alerts")


def _on_course(alert: Alert) -> bool:
    from orwatch.domain.alerts.records import Standing

    return alert.state is Standing.ON_COURSE


def _backtest(session: Session) -> tuple[Alert, ...]:
    """What the rules would have fired over the record: what is on course fires nothing."""
    from orwatch.core.judge import judge
    from orwatch.domain.alerts.records import Standing

    market, query, settings = session.market, session.query, session.settings
    names = session.given("rule", [])
    rules = settings.alerts.at_grain(query.grain)
    found = judge(
        market,
        rules.only(names) if names else rules,
        versus=query.versus,
        favourites=settings.view.favourites,
        lens=query.lens,
        grain=query.grain,
        since=session.day("from"),
        until=session.day("until"),
    )
    return tuple(alert for alert in found if alert.state is Standing.CONFIRMED)


def remembered(session: Session) -> dict[str, KnownAlert]:
    """What the cache remembers, by id. What it has not judged yet is judged first, as the settings are without options."""
    from orwatch.core.alerting import Alerting

    alerting = Alerting(session.source)
    if not any(session.config.by_option(name) for name in VIEW_OPTIONS):
        with contextlib.suppress(CacheError):  # a file that cannot be written can still be read
            alerting.look()
    return {known.alert.id: known for known in alerting.known()}


def _of_view(session: Session, snap: Snapshot, known: dict[str, KnownAlert]) -> tuple[Alert, ...]:
    """What was known at the end of the period, and what no longer holds of the same grain and basis, up to it."""
    from orwatch.core.judge import judge_view, known_then
    from orwatch.domain.alerts.records import Standing

    settings = session.settings
    course = session.source.cache.alerts.on_course()
    found = known_then(judge_view(session.market, settings.alerts, snap.query, settings.view.favourites, course), snap)
    there = {alert.id for alert in found}
    retracted = (
        one.alert
        for one in known.values()
        if one.alert.state is Standing.RETRACTED
        and one.alert.id not in there
        and one.alert.basis is snap.lens.basis
        and one.alert.period.grain is snap.period.grain
        and one.alert.period <= snap.period
    )
    return (*found, *retracted)


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
