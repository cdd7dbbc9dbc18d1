"""What a message about alerts says: its title, and a line for each; several price alerts are one line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from orwatch.domain.alerts.alert import Alert, Severity
from orwatch.domain.alerts.repeats import KINDS, joined_flips, size
from orwatch.present.alerts import mark, message, value_text
from orwatch.present.alerts.prices import several
from orwatch.present.alerts.registry import WORDS
from orwatch.present.alerts.words import Told
from orwatch.present.formats import plural

LINES: Final = 20
"""Lines of a burst; the rest are counted."""

NAMED: Final = 5
"""Models that the line of several price alerts names."""

FLIPS: Final = ("versus", "country", "model", "vendor")
"""Whose flip comes first."""


def title(alerts: Sequence[Alert], names: Mapping[str, str]) -> str:
    """`CN passes US, and 4 more alerts`, `Streak: DeepSeek V4`, `9 price changes`; of other bursts `5 alerts, 1 of them major`."""
    told = _gravest_first(alerts)
    first, more = told[0][0], sum(map(len, told)) - 1
    if (event := WORDS[first.rule].event) is not None:
        return event(Told(first, names)) + (f", and {plural(more, 'more alert')}" if more else "")
    if len(told) == 1:
        one = f"{first.rule.replace('-', ' ').capitalize()}: {Told(first, names).subject}"
        return several(told[0]) if more else one
    major = sum(group[0].severity is Severity.MAJOR for group in told)
    return plural(more + 1, "alert") + (f", {major} of them major" if major else "")


def lines(alerts: Sequence[Alert], names: Mapping[str, str]) -> tuple[str, ...]:
    """A sentence for each, flips first, then by severity; one for several price alerts."""
    told = _gravest_first(alerts)
    shown = [f"{mark(group[0])} {_sentence(group, names)}" for group in told[:LINES]]
    if left := sum(map(len, told[LINES:])):
        shown.append(f"and {plural(left, 'more alert')}; `orwatch alerts` lists all")
    return tuple(shown)


def _sentence(group: Sequence[Alert], names: Mapping[str, str]) -> str:
    first = group[0]
    if len(group) > 1:
        parts = [f"{Told(alert, names).subject} {value_text(alert, names)}" for alert in group[:NAMED]]
        left = f" and {len(group) - NAMED} more" if len(group) > NAMED else ""
        return f"{several(group)}: {', '.join(parts)}{left}"
    return message(first, names)


def subjects(alerts: Sequence[Alert], names: Mapping[str, str]) -> tuple[str, ...]:
    """Whom a burst is about, as `lines` has them, each once: `CN passes US`, `DeepSeek V4`, `9 price changes`."""
    found: dict[tuple[str, str], str] = {}
    for group in _gravest_first(alerts):
        alert, words = group[0], WORDS[group[0].rule]
        who = several(group) if len(group) > 1 else words.about or Told(alert, names).subject
        found.setdefault((alert.subject_kind, alert.subject), words.event(Told(alert, names)) if words.event else who)
    return tuple(found.values())


def _gravest_first(alerts: Sequence[Alert]) -> list[list[Alert]]:
    """What is told in a line each. Alerts that are remembered of an earlier version may tell one flip twice."""
    told = joined_flips(alerts)
    prices = sorted((alert for alert in told if KINDS.get(alert.rule) == "prices"), key=size, reverse=True)
    groups = [[alert] for alert in told if len(prices) < 2 or KINDS.get(alert.rule) != "prices"]
    groups += [prices] if len(prices) > 1 else []
    order = list(Severity)

    def place(group: list[Alert]) -> tuple[int, int]:
        first = group[0]
        return order.index(first.severity), FLIPS.index(first.subject_kind) if first.rule == "lead-flip" else len(FLIPS)

    return sorted(groups, key=place)


def gravest(alerts: Sequence[Alert]) -> Severity:
    """The highest severity of them."""
    return min((alert.severity for alert in alerts), key=list(Severity).index)
