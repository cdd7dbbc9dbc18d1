"""What a message about alerts says: its title, and a line for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from orwatch.domain.alerts.choice import same_flips
from orwatch.domain.alerts.records import Alert, Severity, Standing
from orwatch.present.formats import plural
from orwatch.present.sentences import flip_and_lead, message, side, verb_phrase

MARKS: Final = {Severity.MAJOR: "◆", Severity.NOTABLE: "•", Severity.NOTE: "·"}
ON_COURSE: Final = "◇"
_TOTALS: Final = {"growth-streak": "all tokens", "stale": "stale data"}
LINES: Final = 20
"""Alerts of a burst that are named; the rest are counted."""


def mark(alert: Alert) -> str:
    """The mark of an alert: its severity, or that it is on course."""
    return ON_COURSE if alert.state is Standing.ON_COURSE else MARKS[alert.severity]


def title(alerts: Sequence[Alert], names: Mapping[str, str]) -> str:
    """`CN passes US`, `Streak: DeepSeek V4`, and of a burst `5 alerts, 1 of them major`."""
    told = _events(alerts)
    if len(told) == 1:
        only = told[0]
        if only.rule == "lead-flip":
            return verb_phrase(only, names)
        return f"{only.rule.replace('-', ' ').capitalize()}: {side(only, only.subject, names)}"
    major = sum(alert.severity is Severity.MAJOR for alert in told)
    return plural(len(told), "alert") + (f", {major} of them major" if major else "")


def lines(alerts: Sequence[Alert], names: Mapping[str, str]) -> tuple[str, ...]:
    """A sentence for each, gravest first. A flip of a head to head that is one of the first place as well is told in one."""
    told, same = _events(alerts), same_flips(alerts)

    def sentence(alert: Alert) -> str:
        first = same.get(alert.id)
        return message(alert, names) if first is None else flip_and_lead(alert, names, first)

    shown = [f"{mark(alert)} {sentence(alert)}" for alert in told[:LINES]]
    if len(told) > LINES:
        shown.append(f"and {plural(len(told) - LINES, 'more alert')}; `orwatch alerts` lists all")
    return tuple(shown)


def subjects(alerts: Sequence[Alert], names: Mapping[str, str]) -> tuple[str, ...]:
    """Whom a burst is about, gravest first, each once: `CN passes US`, `DeepSeek V4`, `all tokens`."""
    found: dict[tuple[str, str], str] = {}
    for alert in _events(alerts):
        who = _TOTALS.get(alert.rule) or side(alert, alert.subject, names)
        said = verb_phrase(alert, names) if alert.rule == "lead-flip" else who
        found.setdefault((alert.subject_kind, alert.subject), said)
    return tuple(found.values())


def _events(alerts: Sequence[Alert]) -> list[Alert]:
    """What is told, gravest first: each happening once."""
    told_already = {first.id for first in same_flips(alerts).values()}
    order = list(Severity)
    return sorted(
        (alert for alert in alerts if alert.id not in told_already), key=lambda alert: order.index(alert.severity)
    )


def gravest(alerts: Sequence[Alert]) -> Severity:
    """The highest severity of them."""
    return min((alert.severity for alert in alerts), key=list(Severity).index)
