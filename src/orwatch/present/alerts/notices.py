"""What a message about alerts says: its title, and a line for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from orwatch.domain.alerts.alert import Alert, Severity
from orwatch.domain.alerts.repeats import joined_flips
from orwatch.present.alerts import WORDS, mark, message
from orwatch.present.alerts.leads import flip_and_lead
from orwatch.present.alerts.words import subject_name
from orwatch.present.formats import plural

LINES: Final = 20
"""Alerts of a burst that are named; the rest are counted."""


def title(alerts: Sequence[Alert], names: Mapping[str, str]) -> str:
    """`CN passes US`, `Streak: DeepSeek V4`, and of a burst `5 alerts, 1 of them major`."""
    told = _gravest_first(alerts)
    if len(told) == 1:
        only = told[0]
        event = WORDS[only.rule].event
        if event is not None:
            return event(only, names)
        return f"{only.rule.replace('-', ' ').capitalize()}: {subject_name(only, names)}"
    major = sum(alert.severity is Severity.MAJOR for alert in told)
    return plural(len(told), "alert") + (f", {major} of them major" if major else "")


def lines(alerts: Sequence[Alert], names: Mapping[str, str]) -> tuple[str, ...]:
    """A sentence for each, gravest first. A flip of a head to head that is one of the first place as well says both."""
    told = _gravest_first(alerts)

    def sentence(alert: Alert) -> str:
        return flip_and_lead(alert, names) if "leads" in alert.values else message(alert, names)

    shown = [f"{mark(alert)} {sentence(alert)}" for alert in told[:LINES]]
    if len(told) > LINES:
        shown.append(f"and {plural(len(told) - LINES, 'more alert')}; `orwatch alerts` lists all")
    return tuple(shown)


def subjects(alerts: Sequence[Alert], names: Mapping[str, str]) -> tuple[str, ...]:
    """Whom a burst is about, gravest first, each once: `CN passes US`, `DeepSeek V4`, `all tokens`."""
    found: dict[tuple[str, str], str] = {}
    for alert in _gravest_first(alerts):
        words = WORDS[alert.rule]
        who = words.about or subject_name(alert, names)
        found.setdefault((alert.subject_kind, alert.subject), words.event(alert, names) if words.event else who)
    return tuple(found.values())


def _gravest_first(alerts: Sequence[Alert]) -> list[Alert]:
    """What is told: alerts that are remembered of an earlier version may tell one flip twice."""
    order = list(Severity)
    return sorted(joined_flips(alerts), key=lambda alert: order.index(alert.severity))


def gravest(alerts: Sequence[Alert]) -> Severity:
    """The highest severity of them."""
    return min((alert.severity for alert in alerts), key=list(Severity).index)
