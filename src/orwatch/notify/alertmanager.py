"""Alerts as Alertmanager's API v2 takes them: labels that tell one from another, annotations, begin and end.

orwatch judges, and says each once; Alertmanager routes, silences and repeats it until it ends.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from orwatch.domain.alerts.memory import HELD
from orwatch.notify.channel import AlertFacts, Message

PATH: Final = "/api/v2/alerts"

SAMPLED: Final = timedelta(minutes=1)
"""When a sample ends."""

CLOCKS: Final = timedelta(minutes=1)
"""How far the clock of the other machine may be behind: there an end that lies ahead would end nothing."""


def address(url: str) -> str:
    """Where alerts are posted, of an Alertmanager's address with or without the path of its API."""
    parts = urlsplit(url)
    path = parts.path.rstrip("/")
    return parts._replace(path=path if path.endswith(PATH) else path + PATH).geturl()


def posted(message: Message, now: datetime) -> list[dict[str, Any]]:
    """The alerts of a message. now: the machine's time."""
    return [_alert(message, facts, now) for facts in message.alerts]


def _alert(message: Message, facts: AlertFacts, now: datetime) -> dict[str, Any]:
    rule, subject, period = facts["rule"], facts["subject"], facts["period"]
    ended: str | None = facts.get("ended_at")
    # Without an end it would end within minutes there, as nobody sends it again.
    ends = now + (SAMPLED if facts.get("sample") else HELD) if ended is None else datetime.fromisoformat(ended) - CLOCKS
    # What a label says never changes between the begin and the end: these name the alert there.
    labels = {
        "alertname": "Orwatch" + "".join(word.capitalize() for word in rule.split("-")),
        "id": facts["id"],
        "rule": rule,
        "severity": facts["severity"],
        "kind": subject["kind"],
        "subject": subject["id"],
        "basis": facts["basis"],
        "grain": period["grain"],
        "period": period["start"],
        "source": facts.get("source"),
        "sample": "true" if facts.get("sample") else None,
    }
    annotations = {
        "summary": facts["message"],
        "description": facts.get("text"),
        "citation": message.citation,
        "command": facts.get("command"),
    }
    found = {
        "labels": {name: value for name, value in labels.items() if value},
        "annotations": {name: value for name, value in annotations.items() if value},
        "startsAt": min(datetime.fromisoformat(facts["fired_at"]), ends).isoformat(),
        "endsAt": ends.isoformat(),
    }
    return found | ({"generatorURL": facts["page"]} if "page" in facts else {})
