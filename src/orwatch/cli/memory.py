"""`alerts ack`, `alerts snooze` and `alerts test`: what is read, what is held, and whether a channel works."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from orwatch.cli import output
from orwatch.cli.parser import near
from orwatch.errors import OrwatchError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from orwatch.cli.session import Session
    from orwatch.core.alerting import Alerting
    from orwatch.core.source import Source
    from orwatch.notify.message import Message
    from orwatch.present.report import Report

_WORDS = {"hour": "1h", "day": "1d"}
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


def acknowledge(session: Session, ids: list[str]) -> None:
    """Acknowledge alerts by id, or all. Raises UsageError, naming the nearest, for an id that is not known."""
    from orwatch.cli.alerts import remembered
    from orwatch.core.alerting import Alerting

    known = remembered(session)
    if ids != ["all"]:
        for id_ in ids:
            if id_ not in known:
                raise UsageError(
                    f"{id_!r} is no alert; {near(id_, known, '`orwatch alerts --format json` lists them')}."
                )
    done = Alerting(session.source).acknowledge(*([] if ids == ["all"] else ids))
    output.say(f"{done} alert{'' if done == 1 else 's'} acknowledged.")


def snooze(session: Session, words: list[str]) -> Report | None:
    """Hold the deliveries of everything or of a subject, end it, or list what is held."""
    from orwatch.core.alerting import EVERYTHING, Alerting
    from orwatch.present.formats import moment

    alerting = Alerting(session.source)
    if not words:
        return _snoozes(session)
    if len(words) > 2:
        raise UsageError("alerts snooze takes a time (1h, 1d, off) and perhaps a subject.")
    subject = _subject(alerting, words[1]) if len(words) == 2 else EVERYTHING
    length = _length(words[0])
    until = None if length is None else session.source.machine() + length
    alerting.snooze(subject, until)
    what = subject or "everything"
    output.say(f"{what} is snoozed until {moment(until)}." if until else f"{what} is snoozed no longer.")
    return None


def _snoozes(session: Session) -> Report:
    from orwatch.present.report import listing, moment

    source = session.source
    rows = [
        {"subject": subject or "everything", "until": moment(until)}
        for subject, until in source.cache.alerts.snoozes(source.machine()).items()
    ]
    return listing(session.view, source.cache.rankings.newest_as_of(), ("subject", "until"), rows, title="Snoozed")


def _length(text: str) -> timedelta | None:
    if text == "off":
        return None
    found = re.fullmatch(r"([1-9]\d{0,2})([mhd])", _WORDS.get(text, text), re.ASCII)
    if not found:
        raise UsageError(f"alerts snooze takes a time such as 30m, 1h, 1d, or off, not {text!r}.")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def _subject(alerting: Alerting, text: str) -> str:
    from orwatch.core.alerting import subject_of

    for known in alerting.known():
        if text == known.alert.id:
            return subject_of(known.alert)
    if text.partition(":")[0] not in ("model", "vendor", "country", "versus", "total", "rule"):
        raise UsageError(
            f"{text!r} is no subject: give one such as versus:CN:US, country:CN, rule:streak, or an alert's id."
        )
    return text


def test(session: Session, name: str) -> None:
    """Send a sample to a channel, whether it is on or not, and say what came of it."""
    from orwatch.core import threads
    from orwatch.core.channels import CHANNELS, make, missing
    from orwatch.notify.message import DeliveryError

    if name not in CHANNELS:
        raise UsageError(f"{name!r} is no channel; {near(name, CHANNELS)}.")
    channel = make(name, session.settings.notify, session.env, terminal())
    if channel is None:
        raise UsageError(missing(name))
    try:
        threads.run(channel.send(_sample(session.source)))
    except DeliveryError as error:
        raise OrwatchError(f"{name} does not work: {error}.") from None
    output.say(f"A sample is sent to {name}.")


def terminal() -> Callable[[str], None] | None:
    """Writes to the terminal that orwatch is run in; None without one."""
    import sys

    from orwatch.notify.terminal import tty_writer

    return tty_writer() if sys.stderr.isatty() or sys.stdout.isatty() else None


def _sample(source: Source) -> Message:
    from datetime import date

    from orwatch.domain.alerts.records import Alert, Severity, Standing
    from orwatch.domain.periods import Grain, Period
    from orwatch.domain.records import Basis
    from orwatch.notify.message import Message
    from orwatch.present.alerts import facts_of, notices

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
