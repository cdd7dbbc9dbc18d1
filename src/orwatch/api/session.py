"""The session for the API, and bodies read from it."""

from __future__ import annotations

import zlib

import httpx

from orwatch import __version__, network
from orwatch.errors import AnswerError

USER_AGENT = f"orwatch/{__version__} (+https://github.com/orwatch/orwatch)"
BODY_LIMIT = 16 * 2**20
"""Bytes of a body, decompressed; the largest that OpenRouter serves has under 2 MB."""
PIECE = 256 * 2**10
"""Bytes that are decompressed at once: 64 KB can hold 64 MB."""
MEMBER = b"\x1f\x8b"
"""How a member of gzip begins."""
ERROR_LIMIT = 64 * 2**10
"""Bytes of an error's body that are read: its message is short, a proxy's web page need not be."""


def open_session(url: str, transport: httpx.AsyncBaseTransport | None, timeout: float) -> httpx.AsyncClient:
    """A session for a base URL. Raises NetworkError where the environment names a proxy that cannot be used."""
    # One compression, which `read_body` undoes itself: httpx would decompress a whole chunk, a thousandfold, at once.
    headers = {"User-Agent": USER_AGENT, "Accept": "application/json, text/csv", "Accept-Encoding": "gzip"}
    return network.open_session(url, timeout=timeout, headers=headers, transport=transport)


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
                rest = gzip.unconsumed_tail
                if gzip.eof:  # another member may follow; what is none is padding
                    rest = gzip.unused_data if gzip.unused_data.startswith(MEMBER) else b""
                    gzip = zlib.decompressobj(16 + zlib.MAX_WBITS) if rest else gzip
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
