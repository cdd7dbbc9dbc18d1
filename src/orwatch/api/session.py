"""The httpx session, and bodies read from it."""

from __future__ import annotations

import ssl
import zlib
from functools import cache
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpx

from orwatch import __version__
from orwatch.errors import AnswerError, NetworkError

USER_AGENT = f"orwatch/{__version__} (+https://github.com/orwatch/orwatch)"
BODY_LIMIT = 16 * 2**20
"""Bytes of a body, decompressed; the largest that OpenRouter serves has under 2 MB."""
PIECE = 256 * 2**10
"""Bytes that are decompressed at once: 64 KB can hold 64 MB."""
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
            # One compression, which `read_body` undoes itself: httpx would decompress a whole chunk, a thousandfold, at once.
            headers={"User-Agent": USER_AGENT, "Accept": "application/json, text/csv", "Accept-Encoding": "gzip"},
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
        )
    except ImportError:
        raise NetworkError("The environment names a SOCKS proxy; for one, `pip install 'httpx[socks]'`.") from None
    except (ValueError, httpx.InvalidURL):
        raise NetworkError("The environment names a proxy that is none; check HTTPS_PROXY and ALL_PROXY.") from None


async def read_body(response: httpx.Response, host: str) -> bytes:
    """The decompressed body, never more of it in memory than the limit and a chunk.

    Raises AnswerError where a good answer has over 16 MB, or one that cannot be decompressed; an error's body is cut.
    """
    good = response.status_code == 200
    limit = BODY_LIMIT if good else ERROR_LIMIT
    if good and _announced(response) > limit:
        raise _too_long(host)
    if response.is_stream_consumed:
        # A transport in memory has read, and decompressed, its prepared answer.
        return response.content[:limit]
    try:
        body = await _inflated(response, host, limit + 1)
    except AnswerError:
        if good:
            raise
        return b""  # what an error's body says is of less use than its status
    if good and len(body) > limit:
        raise _too_long(host)
    return bytes(body) if good else bytes(body[:limit])


async def _inflated(response: httpx.Response, host: str, most: int) -> bytearray:
    """The first `most` bytes of the body. Raises AnswerError where it is cut short or cannot be decompressed."""
    encoding = response.headers.get("content-encoding", "").strip().lower()
    if encoding not in ("", "identity", "gzip", "x-gzip"):
        raise AnswerError(f"The answer of {host} is compressed in a way that was not asked for; check the proxy.")
    gzip = zlib.decompressobj(16 + zlib.MAX_WBITS) if "gzip" in encoding else None
    whole, body = True, bytearray()
    async for chunk in response.aiter_raw():
        rest = chunk
        while rest:
            if gzip is None:
                piece, rest = rest, b""
            else:
                try:
                    piece = gzip.decompress(rest, PIECE)
                except zlib.error:
                    raise _garbled(host) from None
                rest = b"" if gzip.eof else gzip.unconsumed_tail
            body += piece[: most - len(body)]
            if len(body) >= most:
                return body
        whole = gzip is None or gzip.eof
    if not whole:
        raise _garbled(host)
    return body


def _announced(response: httpx.Response) -> int:
    text = response.headers.get("content-length", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else 0


def _too_long(host: str) -> AnswerError:
    return AnswerError(f"The answer of {host} is over {BODY_LIMIT // 2**20} MB, more than any the API has.", 200)


def _garbled(host: str) -> AnswerError:
    return AnswerError(f"The answer of {host} is garbled (its compression is broken); try again later.")


@cache
def _tls_context() -> ssl.SSLContext:
    """Trust in the system's certificates, or in those that httpx brings where the system has none.

    Read once and shared, as it is slow and large.
    """
    paths = ssl.get_default_verify_paths()
    if not (paths.cafile or paths.capath):
        return httpx.create_ssl_context()
    return ssl.create_default_context()
