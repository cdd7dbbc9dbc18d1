"""What went wrong with a request, as one error of the SourceError family: cause, mend, and never the key."""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx

from orwatch.api.decode import error_message
from orwatch.domain.foreign_text import clean
from orwatch.errors import AnswerError, KeyRefusedError, NetworkError, NotFoundError, RateLimitError, SourceError

_KEY_LIKE = re.compile(r"sk-or-[\w-]*", re.ASCII)
_SECONDS = re.compile(r"\d+(\.\d+)?", re.ASCII)
_SHORTEST_WAIT, _LONGEST_WAIT = 1.0, 3600.0


def refused(
    status: int, headers: Mapping[str, str], body: bytes, *, host: str, path: str, key: str | None, keyed: bool
) -> SourceError:
    """The error of an answer whose status is neither 200 nor 304. `key`: struck from what the server says."""
    message = redacted(error_message(body) or "", key).rstrip(". ")
    said = f"HTTP {status}: {message}" if message else f"HTTP {status}"
    wait = retry_after(headers.get("retry-after"), headers.get("date"))
    when = "" if wait is None else f"in {wait:.0f} s"
    if status in (401, 403) and is_page(headers, body):
        return AnswerError(
            f"A web page came in place of {path} ({said}): something between here and {host} wants a sign-in or turns this network"
            f" away; open https://{host} in a browser, or ask who runs the proxy.",
            status,
        )
    if status == 401 or (status == 403 and keyed):
        if key is None:
            return KeyRefusedError(f"{host} wants a key ({said}); set OPENROUTER_API_KEY or run `orwatch key set`.")
        return KeyRefusedError(
            f"{host} refuses the key ({said}); check the key and set it again with `orwatch key set`."
        )
    if status == 404:
        return NotFoundError(f"{host} has no {path} ({said}); check the base URL.")
    if status == 429:
        return RateLimitError(f"{host} has had too many requests ({said}); try again {when or 'in a minute'}.", wait)
    if status == 407:
        return AnswerError(f"The proxy wants a sign-in ({said}); put it into HTTPS_PROXY.", status)
    if status == 511:
        return AnswerError(
            f"The network wants a sign-in before it lets anything through ({said}); open a browser.", status
        )
    if status >= 500:
        return AnswerError(f"{host} has trouble of its own ({said}); try again {when or 'later'}.", status, wait)
    return AnswerError(f"{host} does not take the request for {path} ({said}); update orwatch if it stays so.", status)


def is_page(headers: Mapping[str, str], body: bytes) -> bool:
    """Whether an answer is a web page: no answer of the API is one."""
    return "html" in headers.get("content-type", "").lower() or body.lstrip()[:1] == b"<"


def broken(error: Exception, *, host: str, timeout: float) -> SourceError:
    """The error of a request that got no whole answer, from the exception that httpx or the system raised."""
    if isinstance(error, httpx.ProxyError):
        return NetworkError(f"The proxy on the way to {host} refuses the connection; check HTTPS_PROXY and NO_PROXY.")
    if isinstance(error, TimeoutError):
        return NetworkError(f"{host} sends too slowly for its answer to arrive whole; try again later.")
    if isinstance(error, httpx.TimeoutException):
        return NetworkError(f"{host} did not answer within {timeout:g} s; check the network or try again later.")
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            reason = clean(cause.verify_message, 100)
            return NetworkError(
                f"The certificate of {host} is not trusted here ({reason}); check this machine's clock, "
                "or name a proxy's certificate in SSL_CERT_FILE."
            )
        if isinstance(cause, ssl.SSLError):
            return NetworkError(f"No secure connection to {host} can be made; check the proxy and the base URL.")
        if isinstance(cause, socket.gaierror | UnicodeError):
            return NetworkError(f"The name {host} cannot be found; check the network and the base URL.")
        if isinstance(cause, ConnectionRefusedError):
            return NetworkError(f"{host} refuses the connection; check the base URL and any proxy, or try again later.")
    if isinstance(error, httpx.ConnectError):
        return NetworkError(f"{host} cannot be reached; check the network.")
    if isinstance(error, httpx.ProtocolError):
        return NetworkError(f"The connection to {host} broke off or is no proper HTTP; try again, check the proxy.")
    return NetworkError(f"The connection to {host} broke off; try again.")


def retry_after(value: str | None, server_time: str | None) -> float | None:
    """Seconds from a `Retry-After` header, 1 to 3600: a number, or a date reckoned from the answer's own `Date`."""
    if value is None:
        return None
    if _SECONDS.fullmatch(value.strip()):
        seconds = float(value)
    else:
        until, now = http_date(value), http_date(server_time)
        if until is None or now is None:
            return None
        seconds = (until - now).total_seconds()
    return min(max(seconds, _SHORTEST_WAIT), _LONGEST_WAIT)


def http_date(value: str | None) -> datetime | None:
    """The moment an HTTP date names (UTC), or None."""
    try:
        found = parsedate_to_datetime(value or "")
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def redacted(text: str, key: str | None) -> str:
    """The text without the key, and without anything that looks like one."""
    return _KEY_LIKE.sub("sk-or-…", text.replace(key, "…") if key else text)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The exception and all that led to it; httpx wraps the system's own reason several layers deep."""
    yield error
    for each in error.exceptions if isinstance(error, BaseExceptionGroup) else ():
        yield from _causes(each)
    deeper = error.__cause__ or error.__context__
    if deeper is not None:
        yield from _causes(deeper)
