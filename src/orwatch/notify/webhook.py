"""A message posted to a web address: plain JSON, or as Slack, Discord, ntfy and Alertmanager want it.

The address may hold a secret: only its scheme and host are ever shown. The key of OpenRouter never goes here.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Final, Literal
from urllib.parse import unquote, urlsplit

from orwatch import __version__
from orwatch.domain.foreign_text import line, lines
from orwatch.domain.setting import setting, text
from orwatch.errors import NetworkError, UsageError
from orwatch.notify import alertmanager
from orwatch.notify.channel import ChannelSettings, DeliveryError, Message, Send, Write, cut
from orwatch.proxies import is_loopback

if TYPE_CHECKING:
    import httpx

DISCORD_LENGTH: Final = 2000
SLACK_LENGTH: Final = 3000
NTFY_LENGTH: Final = 4000
PRIORITY: Final = {"major": 5, "notable": 3, "note": 2}

_MARKDOWN: Final = "\\`*_~|[]()#>-"
_BREAK: Final = "\u200b"
"""Between `@` and a name: seen by nobody, and no mention any more."""


def shown(url: str) -> str:
    """`https://host/…`: what may be shown of an address."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.hostname or ''}{f':{parts.port}' if parts.port else ''}/…"


def check_url(url: str, *, insecure: bool) -> str:
    """The address without white space around it. Raises ValueError, saying why and nothing of a secret, for what is none.

    insecure: plain HTTP may go to other machines than this one.
    """
    url = url.strip()
    try:
        parts = urlsplit(url)
        host = "" if parts.port == 0 else parts.hostname or ""
    except ValueError:
        host, parts = "", urlsplit("")
    if parts.scheme not in ("http", "https") or not host or not url.isascii() or not url.isprintable() or " " in url:
        raise ValueError("it takes a web address such as https://example.org/hook")
    if parts.scheme == "http" and not insecure and not is_loopback(host):
        raise ValueError("plain HTTP goes to this machine only; use https://, or set notify.webhook.insecure")
    return url


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
            return alertmanager.address(url), alertmanager.posted(message, datetime.now(UTC))
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


def _url(given: object) -> str:
    return check_url(text(given), insecure=True)


class WebhookSettings(ChannelSettings, frozen=True):
    """Where which alerts are posted. url: None: nowhere. shape: of the body. insecure: plain HTTP may leave this machine."""

    again: ClassVar[bool] = True
    in_demo: ClassVar[bool] = False
    missing: ClassVar[str] = "No address is set: `orwatch config set notify.webhook.url URL`."

    on: Annotated[bool, setting("Whether alerts are posted to the address.")] = True
    url: Annotated[
        str | None, setting("Where to post; left out, nowhere.", "a web address", reader=_url, secret=True)
    ] = None
    shape: Annotated[Literal["json", "slack", "discord", "ntfy", "alertmanager"], setting("How the body looks.")] = (
        "json"
    )
    insecure: Annotated[bool, setting("Whether plain HTTP may go to other machines than this one.")] = False

    @property
    def ends(self) -> bool:
        """Alertmanager holds alerts until they end."""
        return self.shape == "alertmanager"

    def open(self, env: Mapping[str, str], write: Write | None) -> Send | None:
        """The webhook; None where no address is set. Raises UsageError for one that must not be posted to."""
        if not self.url:
            return None
        try:
            return partial(post, check_url(self.url, insecure=self.insecure), self.shape)
        except ValueError as error:
            raise UsageError(f"notify.webhook.url: {error}.") from None


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
    import asyncio  # only where something is sent: every command reads the settings of the channels
    import logging  # as asyncio

    import httpx  # as asyncio

    from orwatch.network import open_session  # httpx

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
