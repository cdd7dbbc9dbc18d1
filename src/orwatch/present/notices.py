"""What a message about alerts says: its title, and a line for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from orwatch.domain.alerts.records import Alert, Severity, Standing
from orwatch.present.formats import plural
from orwatch.present.sentences import message, side, verb_phrase

MARKS: Final = {Severity.MAJOR: "◆", Severity.NOTABLE: "•", Severity.NOTE: "·"}
ON_COURSE: Final = "◇"
LINES: Final = 20
"""Alerts of a burst that are named; the rest are counted."""


def mark(alert: Alert) -> str:
    """The mark of an alert: its severity, or that it is on course."""
    return ON_COURSE if alert.state is Standing.ON_COURSE else MARKS[alert.severity]


def title(alerts: Sequence[Alert], names: Mapping[str, str]) -> str:
    """`CN passes US`, `Streak: DeepSeek V4`, and of a burst `5 alerts, 1 of them major`."""
    if len(alerts) == 1:
        only = alerts[0]
        if only.rule == "lead-flip":
            return verb_phrase(only, names)
        return f"{only.rule.replace('-', ' ').capitalize()}: {side(only, only.subject, names)}"
    major = sum(alert.severity is Severity.MAJOR for alert in alerts)
    return plural(len(alerts), "alert") + (f", {major} of them major" if major else "")


def lines(alerts: Sequence[Alert], names: Mapping[str, str]) -> tuple[str, ...]:
    """A sentence for each, gravest first."""
    order = list(Severity)
    ranked = sorted(alerts, key=lambda alert: order.index(alert.severity))
    shown = [f"{mark(alert)} {message(alert, names)}" for alert in ranked[:LINES]]
    if len(ranked) > LINES:
        shown.append(f"and {plural(len(ranked) - LINES, 'more alert')}; `orwatch alerts` lists all")
    return tuple(shown)


def gravest(alerts: Sequence[Alert]) -> Severity:
    """The highest severity of them."""
    return min((alert.severity for alert in alerts), key=list(Severity).index)
