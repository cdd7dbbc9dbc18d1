"""The httpx session, and bodies read from it. Imported with httpx when the first request is made, not before."""

from __future__ import annotations

import ssl
from functools import cache
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpx

from orwatch import __version__
from orwatch.errors import AnswerError, NetworkError

USER_AGENT = f"orwatch/{__version__} (+https://github.com/orwatch/orwatch)"
BODY_LIMIT = 64 * 2**20
"""Bytes of a body, decompressed; the largest that OpenRouter serves has under 2 MB."""
ERROR_LIMIT = 64 * 2**10
"""Bytes of an error's body that are read: its message is short, a proxy's web page need not be."""


def open_session(transport: httpx.AsyncBaseTransport | None, timeout: float, *, local: bool) -> httpx.AsyncClient:
    """A session that follows no redirect and keeps no cookie. local: the base URL is this machine's.

    Raises NetworkError where the environment names a proxy that cannot be used.
    """
    try:
        return httpx.AsyncClient(
            transport=transport,
            verify=_tls_context() if transport is None else True,
            # A request to this machine may carry the key in plain text, so no proxy may see it.
            trust_env=not local,
            timeout=timeout,
            headers={"User-Agent": USER_AGENT, "Accept": "application/json, text/csv"},
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
        )
    except ImportError:
        raise NetworkError("The environment names a SOCKS proxy; for one, `pip install 'httpx[socks]'`.") from None
    except (ValueError, httpx.InvalidURL):
        raise NetworkError("The environment names a proxy that is none; check HTTPS_PROXY and ALL_PROXY.") from None


async def read_body(response: httpx.Response, host: str) -> bytes:
    """The decompressed body. Raises AnswerError where a good answer has over 64 MB; an error's body is cut."""
    good = response.status_code == 200
    limit = BODY_LIMIT if good else ERROR_LIMIT
    body = bytearray()
    async for chunk in response.aiter_bytes():
        body += chunk
        if len(body) > limit:
            if good:
                raise AnswerError(f"The answer of {host} is over 64 MB, more than any the API has.", 200)
            break
    return bytes(body[:limit])


@cache
def _tls_context() -> ssl.SSLContext:
    """Trust in the system's certificates, or in those that httpx brings where the system has none.

    Read once: every session shares it, for to read them takes 40 ms and a megabyte each time.
    """
    paths = ssl.get_default_verify_paths()
    if not (paths.cafile or paths.capath):
        return httpx.create_ssl_context()
    return ssl.create_default_context()
