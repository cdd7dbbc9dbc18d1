"""`alerts`: what happened to leads, ranks, shares and prices, and what any rule would have said of the past."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orwatch.cli.result import Result, Row
from orwatch.errors import UsageError

if TYPE_CHECKING:
    from orwatch.cli.session import Session
    from orwatch.domain.alerts.records import Alert


def alerts(session: Session) -> Result:
    """What happened to leads, ranks, shares and prices, up to the period, newest first.

    Computed from the record of the grain on --basis, with the rules and the head to head of the settings; --rule shows
    one rule alone. What the running period is on course for is told apart and is never confirmed.

    `alerts backtest` runs the rules over the whole record, whatever --at says, and gives what would have fired; a rule
    that is off runs if --rule names it: orwatch alerts backtest --rule rank-jump --basis chart --from 2026-02-09
    """
    from orwatch.cli.layout import alert_columns, headline
    from orwatch.cli.meta import credit, meta_of

    words = session.given("words", [])
    if words not in ([], ["backtest"]):
        raise UsageError("alerts takes `backtest` or nothing.")
    rules = _rules(session)
    bounds = session.day("from"), session.day("until")
    if bounds != (None, None) and not words:
        raise UsageError("--from and --until belong to `orwatch alerts backtest`; --at names a period.")
    snap = session.snapshot()
    found = _backtest(session, rules) if words else snap.alerts
    names = _names(session, found)
    rows = [_row(alert, names) for alert in found if (not rules or alert.rule in rules) and _shown(session, alert)]
    title = headline("Backtest" if words else "Alerts", snap)
    return Result(
        meta_of(session, snap), rows, alert_columns(), title=title, credit=credit(session, snap, computed=True)
    )


def _rules(session: Session) -> list[str]:
    """The rules asked for; none: all that are on."""
    from orwatch.cli.parser import near
    from orwatch.domain.alerts.rules import RULES

    rules: list[str] = session.given("rule", [])
    for name in rules:
        if name not in RULES:
            raise UsageError(f"--rule is {name!r}; {near(name, RULES)}.")
    return rules


def _backtest(session: Session, names: list[str]) -> tuple[Alert, ...]:
    """What the rules would have fired over the record: what is on course fires nothing."""
    from orwatch.core.judging import judge
    from orwatch.domain.alerts.records import Standing

    market, query, settings = session.market, session.query, session.settings
    rules = settings.alerts.at_grain(query.grain)
    found = judge(
        market,
        rules.only(names) if names else rules,
        versus=query.versus,
        favourites=settings.favourites,
        lens=query.lens,
        grain=query.grain,
        since=session.day("from"),
        until=session.day("until"),
    )
    return tuple(alert for alert in found if alert.state is Standing.CONFIRMED)


def _names(session: Session, found: tuple[Alert, ...]) -> dict[str, str]:
    from orwatch.core.views import alert_names

    return alert_names(session.market, found)


def _row(alert: Alert, names: dict[str, str]) -> Row:
    from orwatch.cli.meta import day, moment
    from orwatch.present.sentences import message

    period = alert.period
    return {
        "id": alert.id,
        "rule": alert.rule,
        "severity": alert.severity.value,
        "subject": {"kind": alert.subject_kind, "id": alert.subject},
        "basis": alert.basis.value if alert.basis else None,
        "period": {"grain": period.grain.value, "start": day(period.start), "end": day(period.end)},
        "state": alert.state.value,
        "fired_at": moment(alert.fired_at),
        "observed_at": moment(alert.at),
        "acknowledged": False,
        "message": message(alert, names),
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
