"""Addresses: which server a key belongs to, and where it may go."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import SplitResult, urlsplit

from orwatch import proxies
from orwatch.errors import UsageError

_HOST = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*\.?", re.ASCII)
_PRINTABLE = re.compile(r"[!-~]+", re.ASCII)
_PORTS = {"http": 80, "https": 443}
_NO_URL = "The base URL is no web address; give it like https://openrouter.ai/api/v1."


def check_base_url(url: str, key: str | None) -> str:
    """The base URL in its one spelling: lower-case scheme and host, no default port, no slash at the end.

    Raises UsageError where it is not http(s), holds credentials, a query or a fragment, or where a key would travel
    over plain HTTP to another machine. The URL is quoted only where no secret can be in it.
    """
    url = url.strip()
    parts = _split(url)
    if "@" in parts.netloc:
        raise UsageError("The base URL must not hold a user name or password; give the key with OPENROUTER_API_KEY.")
    if "?" in url or "#" in url:
        raise UsageError("The base URL must not hold a query or fragment; give it like https://openrouter.ai/api/v1.")
    origin = origin_of(url)
    if key and origin.startswith("http:") and not is_loopback(origin):
        raise UsageError("A key is not sent over plain HTTP to another machine; use an https:// base URL or no key.")
    return origin + parts.path.rstrip("/")


def origin_of(url: str) -> str:
    """`scheme://host[:port]` in lower case, the default port dropped.

    Raises UsageError if it is no http(s) URL, or one with credentials.
    """
    parts = _split(url)
    try:
        host, port = parts.hostname or "", parts.port
        if "[" in parts.netloc:
            host = f"[{ipaddress.IPv6Address(host).compressed}]"
        elif not _HOST.fullmatch(host):
            raise ValueError
        if parts.scheme not in _PORTS or port == 0 or "@" in parts.netloc:
            raise ValueError
    except ValueError:
        raise UsageError(_NO_URL) from None
    return f"{parts.scheme}://{host}" + ("" if port in (None, _PORTS[parts.scheme]) else f":{port}")


def host_of(url: str) -> str:
    """The host of an http(s) URL, as error messages name it."""
    return origin_of(url).partition("://")[2]


def is_loopback(url: str) -> bool:
    """Whether the URL's host is this machine: `localhost` or a loopback address."""
    return proxies.is_loopback(_split(url).hostname or "")


def _split(url: str) -> SplitResult:
    # `urlsplit` drops tabs and line ends without a word; other parsers do not, and would see another host.
    try:
        if not _PRINTABLE.fullmatch(url) or "\\" in url:
            raise ValueError
        return urlsplit(url)
    except ValueError:
        raise UsageError(_NO_URL) from None
