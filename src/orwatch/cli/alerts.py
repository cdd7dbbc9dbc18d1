"""`alerts`: what happened to leads, ranks, shares and prices, what is read and held, and whether a channel works."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from functools import partial

from orwatch import threads
from orwatch.cli import output
from orwatch.cli.session import Session
from orwatch.core.alerting import AlertService, subject_of
from orwatch.core.judge import alert_names, idle_alarms, judge_view, known_then, subjects
from orwatch.core.source import Source
from orwatch.domain.alerts.alert import Alert, Severity, Standing
from orwatch.domain.alerts.memory import KnownAlert
from orwatch.domain.alerts.registry import RULES
from orwatch.domain.names import near
from orwatch.domain.overview import Snapshot
from orwatch.domain.periods import Grain, Period
from orwatch.domain.records import Basis
from orwatch.errors import CacheError, DamagedCacheError, OrwatchError, UsageError
from orwatch.notify.channel import DeliveryError, Message, Write, tty_writer
from orwatch.notify.registry import CHANNELS
from orwatch.present.alerts import facts_of, notices
from orwatch.present.formats import moment, plural
from orwatch.present.report import Report, listing
from orwatch.present.tables import alerts as table
from orwatch.store.alerts import EVERYTHING

VIEW_OPTIONS = ("view.period", "view.basis", "view.free", "view.merge_variants")

_WORDS = {"hour": "1h", "day": "1d"}
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


def check_rule(option: str, rule: str) -> None:
    """Raises UsageError, naming the nearest, for what is no rule."""
    if rule not in RULES:
        raise UsageError(f"{option} is {rule!r}, which is no rule; {near(rule, RULES)}.")


def remembered(session: Session) -> dict[str, KnownAlert]:
    """What the cache remembers, by id. What it has not judged yet is judged first, as the settings are without options."""
    service = AlertService(session.source)
    if not any(session.config.by_option(name) for name in VIEW_OPTIONS):
        try:
            service.look()
        except DamagedCacheError:
            raise
        except CacheError:
            pass  # a file that cannot be written can still be read
    return service.known()


def alerts_ack(session: Session) -> None:
    """Acknowledge alerts by id, or all. Raises UsageError, naming the nearest, for an id that is not known."""
    known, ids = remembered(session), session.given("ids")
    if ids != ["all"]:
        _check_ids(ids, known)
    done = AlertService(session.source).acknowledge(*([] if ids == ["all"] else ids))
    output.say(f"{plural(done, 'alert')} acknowledged.")


def alerts_unack(session: Session) -> None:
    """Make alerts unread again, by id or those that were acknowledged last, together. Raises UsageError as above."""
    known, ids = remembered(session), session.given("ids")
    if ids == ["last"]:
        read = [one for one in known.values() if one.acknowledged_at is not None]
        newest = max((one.acknowledged_at for one in read if one.acknowledged_at), default=None)
        ids = [one.alert.id for one in read if one.acknowledged_at == newest]
    _check_ids(ids, known)
    output.say(f"{plural(AlertService(session.source).unacknowledge(*ids), 'alert')} unread again.")


def _check_ids(ids: list[str], known: dict[str, KnownAlert]) -> None:
    for id_ in ids:
        if id_ not in known:
            raise UsageError(f"{id_!r} is no alert; {near(id_, known, '`orwatch alerts --format json` lists them')}.")


def alerts_snooze(session: Session) -> Report | None:
    """Hold the deliveries of everything or of a subject, end it, or list what is held."""
    source, given, about = session.source, session.given("time"), session.given("subject")
    if given is None:
        held = source.cache.alerts.snoozes(source.machine())
        rows = [{"subject": subject or "everything", "until": moment(until)} for subject, until in held.items()]
        as_of = source.cache.rankings.newest_as_of()
        return listing(session.view, as_of, rows, names=("subject", "until"), title="Snoozed")
    service = AlertService(source)
    subject = EVERYTHING if about is None else _subject(service, about)
    length = re.fullmatch(r"([1-9]\d{0,2})([mhd])", _WORDS.get(given, given), re.ASCII)
    if not length and given != "off":
        raise UsageError(f"alerts snooze takes a time such as 30m, 1h, 1d, or off, not {given!r}.")
    until = source.machine() + timedelta(**{_UNITS[length[2]]: int(length[1])}) if length else None
    service.snooze(subject, until)
    output.say(f"{subject or 'everything'} is snoozed {f'until {moment(until)}' if until else 'no longer'}.")
    return None


def _subject(service: AlertService, text: str) -> str:
    if (known := service.known().get(text)) is not None:
        return subject_of(known.alert)
    if text.partition(":")[0] not in ("model", "vendor", "country", "versus", "total", "rule"):
        raise UsageError(
            f"{text!r} is no subject: give one such as versus:CN:US, country:CN, rule:streak, or an alert's id."
        )
    return text


def alerts_test(session: Session) -> None:
    """Send a sample to a channel, whether it is on or not, and say what came of it."""
    name = session.given("channel")
    if name not in CHANNELS:
        raise UsageError(f"{name!r} is no channel; {near(name, CHANNELS)}.")
    settings = session.settings.notify.channel(name)
    send = settings.open(session.env, terminal())
    if send is None:
        raise UsageError(settings.missing)
    try:
        threads.run(send(_sample(session.source)))
    except DeliveryError as error:
        raise OrwatchError(f"{name} does not work: {error}.") from None
    output.say(f"A sample is sent to {name}.")


def terminal() -> Write | None:
    """Writes to the terminal that orwatch is run in; None without one."""
    return tty_writer() if sys.stderr.isatty() or sys.stdout.isatty() else None


def _sample(source: Source) -> Message:
    alert = Alert(
        rule="lead-flip",
        severity=Severity.MAJOR,
        subject_kind="versus",
        subject="CN:US",
        basis=Basis.CHART,
        period=Period(Grain.WEEK, date(2026, 4, 27)),
        state=Standing.CONFIRMED,
        values={
            "from": "US",
            "to": "CN",
            "from_tokens": 3_251_000_000_000,
            "to_tokens": 7_932_000_000_000,
            "ratio": 2.44,
            "held": 2,
            "held_is_floor": False,
        },
        direction="CN",
    )
    return Message(
        title=f"Sample: {notices.title([alert], {})}",
        lines=notices.lines([alert], {}),
        severity=alert.severity.value,
        alerts=(facts_of(alert, {}) | {"source": source.kind, "sample": True},),
        citation="A sample of orwatch, which says nothing of the present.",
    )


def alerts(session: Session) -> Report:
    return _listing(session, "Alerts", _of_view)


def alerts_backtest(session: Session) -> Report:
    return _listing(session, "Backtest", _backtest)


Judged = tuple[Sequence[Alert], Mapping[str, KnownAlert]]
"""Alerts, and what is remembered of them by id."""


def _listing(session: Session, title: str, judged: Callable[[Session, Snapshot], Judged]) -> Report:
    state, rules, unread = session.given("state"), session.given("rule", []), session.given("unread")
    for rule in rules:
        check_rule("--rule", rule)
    snap = session.snapshot()
    every, known = judged(session, snap)
    for sentence in idle_alarms(session.market, session.settings.alerts):
        output.warn(sentence)
    found = sorted(every, key=lambda alert: (alert.state is not Standing.ON_COURSE, -alert.dated.timestamp()))
    matching = session.select(found, partial(subjects, session.market))
    shown = [
        alert
        for alert in matching
        if (state is None or alert.state.value == state)
        and (not rules or alert.rule in rules)
        and (not unread or (alert.id in known and known[alert.id].unread))
    ]
    return table.report(session.view, snap, shown, alert_names(session.market, every), known, title)


def _backtest(session: Session, snap: Snapshot) -> Judged:
    """What the rules would have fired over the record: what is on course fires nothing."""
    query, settings, names = session.query, session.settings, session.given("rule", [])
    rules = settings.alerts.only(names) if names else settings.alerts
    since, until = session.day("from") or date.min, session.day("until") or date.max
    every = judge_view(session.market, rules, query, settings.view.favourites)
    return [one for one in every if one.state is Standing.CONFIRMED and since <= one.period.start <= until], {}


def _of_view(session: Session, snap: Snapshot) -> Judged:
    """What was known at the end of the period, and what no longer holds of the same grain and basis, up to it."""
    settings, known = session.settings, remembered(session)
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
    return (*found, *retracted), known
