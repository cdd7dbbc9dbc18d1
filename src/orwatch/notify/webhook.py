"""The channel that posts to a web address.

The address may hold a secret: only its scheme and host are ever shown. The key of OpenRouter never goes here.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Annotated, ClassVar, Literal
from urllib.parse import urlsplit

from orwatch.domain.setting import setting, text
from orwatch.errors import UsageError
from orwatch.notify.channel import ChannelSettings, Send, Write
from orwatch.proxies import is_loopback


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
        from orwatch.notify.posting import post  # httpx: every command reads the settings of the channels

        try:
            return partial(post, check_url(self.url, insecure=self.insecure), self.shape)
        except ValueError as error:
            raise UsageError(f"notify.webhook.url: {error}.") from None
