"""`alerts`: what happened to leads, ranks, shares and prices, what is remembered of it, and what rules would have said."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from orwatch.cli import output
from orwatch.cli.alert_actions import check_rule, remembered
from orwatch.cli.session import Session
from orwatch.core.judge import alert_names, idle_alarms, judge_view, known_then
from orwatch.domain.alerts.alert import Alert, Standing
from orwatch.domain.alerts.memory import KnownAlert
from orwatch.domain.filters import Facts
from orwatch.domain.names import is_free
from orwatch.domain.overview import Snapshot
from orwatch.present.report import Report
from orwatch.present.tables import alerts as table
from orwatch.present.terms import country_words


def alerts(session: Session) -> Report:
    """The alerts up to the period."""
    _check_rules(session)
    snap = session.snapshot()
    known = remembered(session)
    return _listing(session, snap, _of_view(session, snap, known), known, "Alerts")


def alerts_backtest(session: Session) -> Report:
    """What the rules would have fired over the record."""
    _check_rules(session)
    return _listing(session, session.snapshot(), _backtest(session), {}, "Backtest")


def _listing(
    session: Session, snap: Snapshot, judged: Iterable[Alert], known: dict[str, KnownAlert], title: str
) -> Report:
    judged = tuple(judged)
    for sentence in idle_alarms(session.market, session.settings.alerts):
        output.warn(sentence)
    names = alert_names(session.market, judged)
    found = sorted(judged, key=lambda alert: (alert.state is not Standing.ON_COURSE, -alert.dated.timestamp()))
    subjects = [_subjects(session, alert) for alert in found]
    matching = [alert for alert, facts in zip(found, subjects, strict=True) if any(map(session.shows, facts))]
    session.matched(matching, [each for facts in subjects for each in facts])
    shown = [alert for alert in matching if _chosen(session, alert, known.get(alert.id))]
    return table.report(session.view, snap, shown, names, known, title)


def _backtest(session: Session) -> tuple[Alert, ...]:
    """What the rules would have fired over the record: what is on course fires nothing."""
    query, settings, names = session.query, session.settings, session.given("rule", [])
    rules = settings.alerts.only(names) if names else settings.alerts
    since, until = session.day("from") or date.min, session.day("until") or date.max
    return tuple(
        alert
        for alert in judge_view(session.market, rules, query, settings.view.favourites)
        if alert.state is Standing.CONFIRMED and since <= alert.period.start <= until
    )


def _of_view(session: Session, snap: Snapshot, known: dict[str, KnownAlert]) -> tuple[Alert, ...]:
    """What was known at the end of the period, and what no longer holds of the same grain and basis, up to it."""
    settings = session.settings
    course = session.source.cache.alerts.on_course()
    judged = judge_view(session.market, settings.alerts, snap.query, settings.view.favourites, course, known)
    found = known_then(judged, snap)
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


def _check_rules(session: Session) -> None:
    for rule in session.given("rule", []):
        check_rule("--rule", rule)


def _chosen(session: Session, alert: Alert, known: KnownAlert | None) -> bool:
    state, rules = session.given("state"), session.given("rule", [])
    return (
        (state is None or alert.state.value == state)
        and (not rules or alert.rule in rules)
        and (not session.given("unread") or (known is not None and known.unread))
    )


def _subjects(session: Session, alert: Alert) -> list[Facts]:
    """What the filter can ask of the subjects of an alert: a model, a vendor, a country, or both sides of a head to head."""

    def facts(side: str) -> Facts:
        if "/" in side:
            return session.market.facts(side, free=is_free(side))
        country = side if len(side) == 2 and side.isupper() else session.market.attribution.country(side)
        return Facts("" if country == side else f"{side}/", "", country, country_words(country))

    return [facts(side) for side in alert.subject.split(":" if alert.subject_kind == "versus" else "\n")]
