"""One GET at a time to OpenRouter's API: keys, redirects, limits, and failures as sentences."""

from __future__ import annotations

import asyncio
import logging
import re
import zlib
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final, Self
from urllib.parse import urljoin

import httpx
from msgspec import Struct

from orwatch import __version__, network
from orwatch.api.failures import broken, http_date, is_page, redacted, refused
from orwatch.api.origin import check_base_url, host_of, is_loopback, origin_of
from orwatch.domain.foreign_text import clean
from orwatch.errors import AnswerError, KeyMissingError, KeyRefusedError, UsageError
from orwatch.threads import aside

_log = logging.getLogger(__name__)

USER_AGENT = f"orwatch/{__version__} (+https://github.com/orwatch/orwatch)"
# One compression, which `read_body` undoes itself: httpx would decompress a whole chunk, a thousandfold, at once.
HEADERS: Final = {"User-Agent": USER_AGENT, "Accept": "application/json, text/csv", "Accept-Encoding": "gzip"}
BODY_LIMIT = 16 * 2**20
"""Bytes of a body, decompressed; the largest that OpenRouter serves has under 2 MB."""
PIECE = 256 * 2**10
"""Bytes that are decompressed at once: 64 KB can hold 64 MB."""
MEMBER = b"\x1f\x8b"
"""How a member of gzip begins."""
ERROR_LIMIT = 64 * 2**10
"""Bytes of an error's body that are read: its message is short, a proxy's web page need not be."""
MOST_REDIRECTS: Final = 3
_WHOLE = 6
"""A whole answer may take this many times as long as one step of it, or a trickle would hold a poll for ever."""
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_KEY = re.compile(r"[!-~]+", re.ASCII)
_ETAG = re.compile(r'(W/)?"[!#-~]{0,250}"', re.ASCII)


class Answer(Struct, frozen=True):
    """A good answer: HTTP 200, or 304 where the caller's ETag still holds.

    body: decompressed bytes, empty for a 304. etag: to send with the next request, None where the server gives none.
    date: the server's clock (its `Date` header, UTC).
    """

    status: int
    body: bytes
    etag: str | None
    date: datetime | None

    @property
    def not_modified(self) -> bool:
        """Whether nothing has changed since the ETag that was sent."""
        return self.status == 304


class Client:
    """Requests to one base URL. An async context manager; every failure is a SourceError or a KeyMissingError.

    base_url: checked by `check_base_url`, which raises UsageError. key: goes along with every request to the base URL's own
    origin, and with none to another. transport: in place of the network. timeout: seconds without any progress; whole: for
    a whole answer, six times as long unless given. before_keyed: called before each request that needs the key, redirects among
    them; what it raises is raised in place of the request. after_any: called after each request, failures and redirects among
    them, with whether it needed the key, its HTTP status (0: none came) and the bytes of its body. requests_made,
    bytes_received: of this client so far, redirects and failures included, bytes as they came over the wire.
    """

    def __init__(
        self,
        base_url: str,
        key: str | None = None,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        timeout: float = 20.0,
        whole: float | None = None,
    ) -> None:
        self._key = (key or "").strip() or None
        self.base_url = check_base_url(base_url, self._key)
        self.origin = origin_of(self.base_url)
        self.requests_made = 0
        self.bytes_received = 0
        self.before_keyed: Callable[[], None] | None = None
        self.after_any: Callable[[bool, int, int], None] | None = None
        self._transport = transport
        self._timeout = timeout
        self._whole = _WHOLE * timeout if whole is None else whole
        self._http: httpx.AsyncClient | None = None
        self._keeps = True
        """Whether the server keeps connections open."""
        self._kept = False
        """Whether a connection may have been kept from an answer before."""

    def __repr__(self) -> str:
        return f"<Client {self.base_url}>"

    @property
    def has_key(self) -> bool:
        """Whether keyed requests can be made."""
        return self._key is not None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._http is not None:
            await self._http.aclose()
            self._http = None

    def resolve(self, link: str) -> str:
        """The full URL of a link found in an answer. Raises AnswerError where it leads to another origin."""
        try:
            url = urljoin(self.base_url + "/", link)
            if origin_of(url) == self.origin:
                return url
        except (UsageError, ValueError):
            pass
        raise AnswerError(
            f"{host_of(self.base_url)} links to another server, where orwatch does not follow; try later."
        )

    async def get(
        self, path: str, params: Mapping[str, str] | None = None, *, keyed: bool = False, etag: str | None = None
    ) -> Answer:
        """The answer to GET `base_url + path`, or to a full URL that `resolve` gave.

        keyed: it needs the key, and counts in its budget; the others are answered without one too, if with less. etag: of the
        answer the caller has; if it still holds, the answer is a 304 without body.

        Raises KeyMissingError without a key, KeyRefusedError (401, 403), NotFoundError (404), RateLimitError (429),
        AnswerError for any other answer that is not the documented one, and NetworkError where none came.
        """
        if keyed and self._key is None:
            raise KeyMissingError(
                "This needs an OpenRouter key and none is set; set OPENROUTER_API_KEY or run `orwatch key set`."
            )
        if keyed and not _KEY.fullmatch(self._key or ""):
            # httpx would refuse it too, but with the key in its message.
            raise KeyRefusedError("The key holds characters that no key has; set it again with `orwatch key set`.")
        etag = etag if etag and _ETAG.fullmatch(etag) else None
        url = self.resolve(path if "://" in path else self.base_url + path)
        http = await self._session()

        try:
            async with asyncio.timeout(self._whole):
                for _ in range(MOST_REDIRECTS + 1):
                    response, body = await self._send(http, url, params, keyed=keyed, etag=etag)
                    if response.status_code not in _REDIRECTS:
                        return self._judged(response, body, url, keyed=keyed, etag=etag)
                    url, params = self._next_hop(url, response.headers.get("location"), keyed=keyed), None
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError, UnicodeError) as error:
            raise broken(error, host=host_of(self.base_url), timeout=self._timeout) from None
        raise AnswerError(f"{host_of(self.base_url)} redirects without an end; check the base URL and the proxy.")

    async def _send(
        self, http: httpx.AsyncClient, url: str, params: Mapping[str, str] | None, *, keyed: bool, etag: str | None
    ) -> tuple[httpx.Response, bytes]:
        """One request: the closed response, and its body."""
        request = http.build_request("GET", url, params=params or None)
        if etag is not None:
            request.headers["If-None-Match"] = etag
        # Asked of the request itself, so that nothing between here and the wire can have changed where it goes. httpx
        # hides this header when it prints; no variable here holds it, for crash reports print variables.
        own = origin_of(str(request.url)) == self.origin
        if own and self._key is not None and _KEY.fullmatch(self._key):
            request.headers["Authorization"] = f"Bearer {self._key}"
        try:
            return await self._sent(http, request, url, keyed=own and keyed)
        except (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError):
            # A connection that was kept may be closed at any time: what was asked on it is asked once more on another. A server
            # that does so is not asked on a kept one again.
            if not self._kept:
                raise
            self._keeps = self._kept = False
            return await self._sent(http, request, url, keyed=own and keyed)

    async def _sent(
        self, http: httpx.AsyncClient, request: httpx.Request, url: str, *, keyed: bool
    ) -> tuple[httpx.Response, bytes]:
        """One try of a request. keyed: it counts in the budget."""
        if keyed and self.before_keyed is not None:
            self.before_keyed()
        if not self._keeps:
            request.headers["Connection"] = "close"
        self.requests_made += 1
        status, body = 0, b""
        try:
            response = await http.send(request, stream=True)
            self._kept = False  # from here on an answer has begun
            status = response.status_code
            _log.info("GET %s: %d", redacted(str(request.url), self._key), status)
            try:
                if status not in _REDIRECTS:
                    body = await read_body(response, host_of(url))
            finally:
                await response.aclose()
                # Answers of a transport in memory come over no wire and count as they are.
                self.bytes_received += response.num_bytes_downloaded or len(body)
        finally:
            if self.after_any is not None:
                self.after_any(keyed, status, len(body))
        self._kept = self._keeps
        return response, body

    def _next_hop(self, url: str, location: str | None, *, keyed: bool) -> str:
        """Where a redirect leads, if it may be followed: a keyed one within the origin, others not to plain HTTP."""
        here = host_of(self.base_url)
        try:
            target = urljoin(url, location).partition("#")[0] if location else ""
            origin, current = origin_of(target), origin_of(url)
        except (UsageError, ValueError):
            raise AnswerError(f"{here} redirects to no web address; check the base URL and the proxy.") from None
        if origin == current:
            return target
        told = redacted(host_of(target) if keyed else origin, self._key)
        if keyed:
            raise AnswerError(f"{here} redirects to {told}, where the key must not go; check the base URL.")
        secure = current.startswith("https:") and origin.startswith("https:")
        if not secure and not (is_loopback(current) and is_loopback(origin)):
            raise AnswerError(f"{here} redirects to {told}, which is not safe to follow; check the base URL.")
        return target

    def _judged(self, response: httpx.Response, body: bytes, url: str, *, keyed: bool, etag: str | None) -> Answer:
        status, headers = response.status_code, response.headers
        host = host_of(url)
        path = redacted(clean(url.partition("?")[0].removeprefix(self.origin), 120), self._key)
        if self._key is not None:
            # A server may give back what it is told: nothing of the key is shown or kept.
            body = body.replace(self._key.encode(), "…".encode())
        given = redacted(headers.get("etag", ""), self._key)
        new_etag = given if _ETAG.fullmatch(given) else None
        date = http_date(headers.get("date"))
        if status == 304 and etag is not None:
            return Answer(304, b"", new_etag or etag, date)
        if status != 200:
            raise refused(status, headers, body, host=host, path=path, key=self._key, keyed=keyed)
        if not body.strip():
            raise AnswerError(
                f"The answer of {host} for {path} is empty; a proxy may be in the way, try again later.", 200
            )
        if is_page(headers, body):
            raise AnswerError(f"{host} gave a web page for {path}; a proxy or a sign-in page is in the way.", 200)
        return Answer(200, body, new_etag, date)

    async def _session(self) -> httpx.AsyncClient:
        if self._http is None:
            # In a thread, so that a screen can be drawn meanwhile. Of two opened at once the first stays; the other
            # has no connection yet and needs no closing.
            opened = await aside(
                network.open_session,
                self.base_url,
                timeout=self._timeout,
                headers=HEADERS,
                transport=self._transport,
            )
            self._http = self._http or opened
        return self._http


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
