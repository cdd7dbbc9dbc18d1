"""A message posted to a web address: plain JSON, or as Slack, Discord, ntfy and Alertmanager want it."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import unquote, urlsplit

import httpx

from orwatch import __version__
from orwatch.domain.alerts.memory import HELD
from orwatch.domain.foreign_text import line, lines
from orwatch.errors import NetworkError
from orwatch.network import open_session
from orwatch.notify.channel import AlertFacts, DeliveryError, Message, cut, shown

DISCORD_LENGTH: Final = 2000
SLACK_LENGTH: Final = 3000
NTFY_LENGTH: Final = 4000
PRIORITY: Final = {"major": 5, "notable": 3, "note": 2}

ALERTMANAGER: Final = "/api/v2/alerts"
"""Where Alertmanager takes alerts: it routes, silences and repeats each until it ends, and orwatch says each once."""
SAMPLED: Final = timedelta(minutes=1)
"""When a sample ends."""
CLOCKS: Final = timedelta(minutes=1)
"""How far the clock of the other machine may be behind: there an end that lies ahead would end nothing."""

_MARKDOWN: Final = "\\`*_~|[]()#>-"
_BREAK: Final = "\u200b"
"""Between `@` and a name: seen by nobody, and no mention any more."""


def body_of(message: Message, shape: str, url: str) -> tuple[str, Any]:
    """Where a message goes, and the JSON of it in a shape."""
    title = line(message.title)
    match shape:
        case "slack":
            text = f"*{_slack(title)}*\n{_slack(lines(message.body))}"
            return url, {"text": cut(text, SLACK_LENGTH), "unfurl_links": False}
        case "discord":
            text = f"**{_discord(title)}**\n{_discord(lines(message.body))}"
            return url, {"content": cut(text, DISCORD_LENGTH), "allowed_mentions": {"parse": []}}
        case "ntfy":
            parts = urlsplit(url)
            folder, _, topic = parts.path.rstrip("/").rpartition("/")
            return parts._replace(path=f"{folder}/", fragment="").geturl(), {
                "topic": unquote(topic),
                "title": title,
                "message": cut(lines(message.body), NTFY_LENGTH),
                "priority": PRIORITY.get(message.severity, 3),
                "tags": ["orwatch", message.severity],
            }
        case "alertmanager":
            parts = urlsplit(url)
            path = parts.path.rstrip("/")
            whole = parts._replace(path=path if path.endswith(ALERTMANAGER) else path + ALERTMANAGER).geturl()
            return whole, [held_alert(message, facts, datetime.now(UTC)) for facts in message.alerts]
    return url, {
        "title": title,
        "body": lines(message.body),
        "severity": message.severity,
        "alerts": [dict(facts) for facts in message.alerts],
        "citation": line(message.citation),
    }


def _slack(text: str) -> str:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return escaped.replace("@", f"@{_BREAK}")


def _discord(text: str) -> str:
    escaped = "".join(f"\\{char}" if char in _MARKDOWN else char for char in text)
    return escaped.replace("@", f"@{_BREAK}").replace("<", f"<{_BREAK}")


def held_alert(message: Message, facts: AlertFacts, now: datetime) -> dict[str, Any]:
    """An alert of a message as Alertmanager's API v2 takes it: labels, annotations, begin and end. now: the machine's time."""
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


async def post(
    address: str,
    shape: str,
    message: Message,
    *,
    seconds: float = 10.0,
    transport: httpx.AsyncBaseTransport | None = None,
) -> None:
    """Post a message to an address; any answer but 2xx is a failure. A redirect, which could lead elsewhere, is not followed.

    transport: of tests; None: the network, its certificates checked.
    """
    # Their log of requests names the whole address.
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)
    where = shown(address)
    url, body = body_of(message, shape, address)
    agent = {"User-Agent": f"orwatch/{__version__}"}
    try:
        async with (
            asyncio.timeout(seconds),
            open_session(url, timeout=seconds, headers=agent, transport=transport) as client,
            client.stream("POST", url, json=body) as answer,
        ):
            status = answer.status_code
    except NetworkError as error:  # the proxy
        raise DeliveryError(str(error).rstrip(".")) from None
    except (TimeoutError, httpx.TimeoutException):
        raise DeliveryError(f"{where} did not answer within {seconds:g} s") from None
    except httpx.HTTPError as error:
        raise DeliveryError(f"{where} could not be reached ({_kind(error)})") from None
    except (httpx.InvalidURL, ValueError):
        raise DeliveryError(f"{where} is no address that can be posted to") from None
    if 300 <= status < 400:
        raise DeliveryError(f"{where} answered with a redirect ({status}), which is not followed")
    if not 200 <= status < 300:
        raise DeliveryError(f"{where} answered with HTTP {status}")


def _kind(error: Exception) -> str:
    """The kind of a network failure; its own text could hold the address."""
    if "CERTIFICATE" in str(error).upper():
        return "its certificate is not trusted"
    return {"ConnectError": "no connection", "ReadError": "broken off", "ProxyError": "the proxy refused"}.get(
        type(error).__name__, type(error).__name__
    )
