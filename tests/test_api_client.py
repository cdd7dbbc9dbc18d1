from __future__ import annotations

import asyncio
import gzip
import json
import socket
import ssl
from collections.abc import AsyncIterator, Callable
from datetime import UTC, date, datetime

import httpx
import pytest

from orwatch import __version__
from orwatch.api import models, providers, rankings
from orwatch.api.client import Answer, Client
from orwatch.api.origin import check_base_url, origin_of
from orwatch.domain.periods import Grain
from orwatch.errors import (
    AnswerError,
    KeyMissingError,
    KeyRefusedError,
    NetworkError,
    NotFoundError,
    RateLimitError,
    SourceError,
    UsageError,
)

KEY = "sk-or-v1-0123456789abcdef"
BASE = "https://openrouter.ai/api/v1"
Handler = Callable[[httpx.Request], httpx.Response]


class Server:
    """Answers in turn, and remembers what it was asked; the last answer stays."""

    def __init__(self, *answers: httpx.Response | Handler | Exception) -> None:
        self.answers = list(answers)
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, httpx.Response) else answer(request)

    @property
    def keys(self) -> list[tuple[str, str | None]]:
        return [(request.url.host, request.headers.get("authorization")) for request in self.requests]

    def client(self, key: str | None = KEY, base: str = BASE) -> Client:
        return Client(base, key, transport=httpx.MockTransport(self))


def good(body: bytes = b"{}", **headers: str) -> httpx.Response:
    return httpx.Response(200, content=body, headers=headers)


def moved(to: str, status: int = 302) -> httpx.Response:
    return httpx.Response(status, headers={"location": to})


def refusal(status: int, message: str = "no", **headers: str) -> httpx.Response:
    return httpx.Response(status, json={"error": {"code": status, "message": message}}, headers=headers)


async def get(server: Server, path: str = "/models", *, keyed: bool = False, etag: str | None = None) -> Answer:
    async with server.client() as client:
        return await client.get(path, keyed=keyed, etag=etag)


async def failure(server: Server, *, keyed: bool = False) -> SourceError:
    with pytest.raises(SourceError) as caught:
        await get(server, keyed=keyed)
    assert KEY not in str(caught.value)
    assert "\n" not in str(caught.value)
    return caught.value


# Addresses


@pytest.mark.parametrize(
    ("url", "checked"),
    [
        ("https://openrouter.ai/api/v1", "https://openrouter.ai/api/v1"),
        (" HTTPS://OpenRouter.AI:443/api/v1/ ", "https://openrouter.ai/api/v1"),
        ("http://127.0.0.1:8999/api/v1", "http://127.0.0.1:8999/api/v1"),
        ("http://localhost:80", "http://localhost"),
        ("http://[::1]:8999/", "http://[::1]:8999"),
        ("https://Mirror.example/Or", "https://mirror.example/Or"),
    ],
)
def test_a_base_url_has_one_spelling(url: str, checked: str) -> None:
    assert check_base_url(url, KEY) == checked


@pytest.mark.parametrize(
    "url",
    [
        *("", "openrouter.ai", "ftp://openrouter.ai", "file:///etc/passwd", "https://", "https://:443", "https://a b/"),
        *("https://user:secret@openrouter.ai/api", "https://openrouter.ai/api?key=secret", "https://h/#secret"),
        *(
            "https://h:99999/",
            "https://[::1",
            "https://[v1.x]/",
            "https://h\n.evil/",
            "https://h\\@evil/",
            "https://ä.de",
        ),
        "https://exa%6dple.org/",
    ],
)
def test_what_is_no_base_url_is_refused_without_being_quoted(url: str) -> None:
    with pytest.raises(UsageError) as caught:
        check_base_url(url, None)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "url", ["http://openrouter.ai/api/v1", "http://127.evil.example", "http://10.0.0.1", "http://127.1"]
)
def test_a_key_never_travels_in_plain_text(url: str) -> None:
    with pytest.raises(UsageError, match="plain HTTP"):
        Client(url, KEY)
    assert Client(url).base_url == url


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://OpenRouter.ai:443/api/v1?x=1", "https://openrouter.ai"),
        ("http://127.0.0.1:8999/api", "http://127.0.0.1:8999"),
        ("http://h:443/", "http://h:443"),
        ("https://[::0001]:8443/", "https://[::1]:8443"),
    ],
)
def test_origins(url: str, origin: str) -> None:
    assert origin_of(url) == origin


# Requests


async def test_a_request_names_orwatch_and_its_parameters() -> None:
    server = Server(good())
    async with server.client() as client:
        await client.get("/datasets/rankings-daily", {"period": "week"})
        assert (client.requests_made, client.bytes_received) == (1, 2)
    (request,) = server.requests
    assert request.url == "https://openrouter.ai/api/v1/datasets/rankings-daily?period=week"
    assert request.headers["user-agent"] == f"orwatch/{__version__} (+https://github.com/orwatch/orwatch)"


async def test_an_answer_tells_its_etag_and_the_servers_time() -> None:
    answer = await get(Server(good(b"[1]", etag='W/"abc"', date="Sat, 22 Aug 2026 02:00:00 GMT")))
    assert answer == Answer(200, b"[1]", 'W/"abc"', datetime(2026, 8, 22, 2, tzinfo=UTC))
    assert not answer.not_modified


@pytest.mark.parametrize(
    "value", ["", "yesterday", "Sat, 99 Aug 2026 02:00:00 GMT", "1 2 3", "Sat, 22 Aug 99999 02:00:00 GMT"]
)
async def test_an_unreadable_server_time_is_unknown(value: str) -> None:
    assert (await get(Server(good(date=value)))).date is None


async def test_an_etag_that_still_holds_gives_a_304() -> None:
    server = Server(httpx.Response(304))
    answer = await get(server, etag='"abc"')
    assert server.requests[0].headers["if-none-match"] == '"abc"'
    assert (answer.not_modified, answer.body, answer.etag) == (True, b"", '"abc"')


@pytest.mark.parametrize("etag", ["abc", '"a\r\nX: y"', '"é"', ""])
async def test_what_is_no_etag_is_neither_sent_nor_kept(etag: str) -> None:
    server = Server(httpx.Response(200, content=b"{}", headers=[(b"etag", etag.encode())]))
    assert (await get(server, etag=etag)).etag is None
    assert "if-none-match" not in server.requests[0].headers


async def test_a_304_that_nobody_asked_for_is_no_answer() -> None:
    assert isinstance(await failure(Server(httpx.Response(304))), AnswerError)


async def test_compressed_bodies_count_as_they_came() -> None:
    packed = gzip.compress(b"[" + b"1," * 10_000 + b"1]")

    async def body() -> AsyncIterator[bytes]:
        yield packed

    server = Server(lambda _: httpx.Response(200, content=body(), headers={"content-encoding": "gzip"}))
    async with server.client() as client:
        assert len((await client.get("/models")).body) == 20_003
        assert client.bytes_received == len(packed)


async def test_cookies_are_not_kept() -> None:
    server = Server(httpx.Response(200, content=b"{}", headers={"set-cookie": "id=1"}), good())
    async with server.client() as client:
        await client.get("/models")
        await client.get("/models")
    assert "cookie" not in server.requests[1].headers


async def test_two_first_requests_at_once_share_a_session() -> None:
    server = Server(lambda _: good())
    async with server.client() as client:
        await asyncio.gather(client.get("/models"), client.get("/providers"))
    assert sorted(request.url.path for request in server.requests) == ["/api/v1/models", "/api/v1/providers"]


# The key


async def test_the_key_goes_with_every_request_and_those_that_need_it_are_counted() -> None:
    server = Server(lambda _: good())
    counted = []
    async with server.client() as client:
        client.before_keyed = lambda: counted.append(len(server.requests))
        await client.get("/models")
        await client.get("/datasets/rankings-daily", keyed=True)
    assert server.keys == [("openrouter.ai", f"Bearer {KEY}")] * 2
    assert counted == [1]


async def test_a_malformed_key_goes_with_none() -> None:
    server = Server(good())
    async with server.client("sk or") as client:
        await client.get("/models")
    assert server.keys == [("openrouter.ai", None)]


@pytest.mark.parametrize("key", [None, "", "  "])
async def test_without_a_key_keyed_requests_are_not_made(key: str | None) -> None:
    server = Server(good())
    async with server.client(key) as client:
        assert not client.has_key
        with pytest.raises(KeyMissingError, match="OPENROUTER_API_KEY"):
            await client.get("/datasets/rankings-daily", keyed=True)
    assert server.requests == []


@pytest.mark.parametrize("key", ["sk-or-a\nb", "sk-or-é", "sk or"])
async def test_a_malformed_key_is_refused_before_it_is_sent(key: str) -> None:
    server = Server(good())
    async with server.client(key) as client:
        with pytest.raises(KeyRefusedError) as caught:
            await client.get("/datasets/rankings-daily", keyed=True)
    assert (server.requests, key in str(caught.value)) == ([], False)


def test_the_key_is_not_printed() -> None:
    assert KEY not in repr(Client(BASE, KEY))


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_keyed_redirect_within_the_origin_keeps_the_key(status: int) -> None:
    server = Server(moved("/api/v2/models", status), good())
    await get(server, keyed=True)
    assert server.keys == [("openrouter.ai", f"Bearer {KEY}")] * 2


@pytest.mark.parametrize(
    "to",
    [
        *(
            "https://evil.example/",
            "//evil.example/x",
            "http://openrouter.ai/api/v1/models",
            "https://openrouter.ai:8443/",
        ),
        *("https://openrouter.ai.evil.example/", "https://openrouter.ai@evil.example/", "https://x:y@openrouter.ai/"),
        *("https://openrouter.ai\\@evil.example/", "ftp://openrouter.ai/", ""),
    ],
)
async def test_the_key_never_leaves_the_origin(to: str) -> None:
    server = Server(moved(to), good())
    assert isinstance(await failure(server, keyed=True), AnswerError)
    assert server.keys == [("openrouter.ai", f"Bearer {KEY}")]


@pytest.mark.parametrize("to", ["javascript:alert(1)", "https://[::1", "https://h:99999/"])
async def test_a_redirect_to_nonsense_is_not_followed(to: str) -> None:
    server = Server(moved(to), good())
    await failure(server, keyed=True)
    assert len(server.requests) == 1


async def test_an_unkeyed_redirect_to_another_secure_server_is_followed_without_the_key() -> None:
    server = Server(moved("https://cdn.example/models"), good(b"[1]"))
    assert (await get(server)).body == b"[1]"
    assert server.keys == [("openrouter.ai", f"Bearer {KEY}"), ("cdn.example", None)]


@pytest.mark.parametrize("to", ["http://cdn.example/", "http://127.0.0.1:22/", "http://openrouter.ai/api/v1/models"])
async def test_an_unkeyed_redirect_from_https_to_plain_http_is_not_followed(to: str) -> None:
    server = Server(moved(to), good())
    assert "not safe" in str(await failure(server))
    assert len(server.requests) == 1


async def test_loopback_may_redirect_to_loopback() -> None:
    server = Server(moved("http://localhost:9/x"), good(b"[1]"))
    async with server.client(None, "http://127.0.0.1:8999/api/v1") as client:
        assert (await client.get("/models")).body == b"[1]"


async def test_three_redirects_are_followed_and_no_more() -> None:
    server = Server(moved("/a"), moved("/b"), moved("/c"), good(b"[1]"))
    assert (await get(server)).body == b"[1]"
    endless = Server(lambda _: moved("/again"))
    assert "redirects" in str(await failure(endless))
    assert len(endless.requests) == 4


async def test_a_key_echoed_by_the_server_is_struck_out() -> None:
    error = await failure(Server(refusal(401, f"Bad key {KEY[:9]}\u200b{KEY[9:]} or sk-or-another")), keyed=True)
    assert "0123456789" not in str(error)
    assert "another" not in str(error)


# Failures


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, AnswerError),
        (401, KeyRefusedError),
        (402, AnswerError),
        (403, KeyRefusedError),
        (404, NotFoundError),
        (407, AnswerError),
        (429, RateLimitError),
        (500, AnswerError),
        (503, AnswerError),
        (204, AnswerError),
        (300, AnswerError),
    ],
)
async def test_each_status_has_its_error_in_one_sentence(status: int, kind: type[SourceError]) -> None:
    error = await failure(Server(refusal(status, "said so.")), keyed=True)
    assert type(error) is kind
    assert f"HTTP {status}: said so" in str(error)
    assert str(error).endswith(".")
    if isinstance(error, AnswerError):
        assert error.status == status


async def test_without_a_key_sent_403_is_not_blamed_on_the_key() -> None:
    error = await failure(Server(refusal(403)))
    assert isinstance(error, AnswerError)
    assert error.status == 403


async def test_what_the_server_says_is_cleaned_and_cut() -> None:
    error = await failure(Server(refusal(400, "\x1b[2J\u202e" + "x" * 500)))
    assert "\x1b" not in str(error)
    assert "\u202e" not in str(error)
    assert "x" * 150 in str(error)
    assert "x" * 201 not in str(error)


async def test_an_error_page_is_not_quoted() -> None:
    error = await failure(Server(httpx.Response(502, html="<h1>Bad gateway</h1>" * 10_000)))
    assert "<" not in str(error)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7.0),
        ("0", 1.0),
        ("86400", 3600.0),
        ("9" * 400, 3600.0),
        ("Sat, 22 Aug 2026 02:02:00 GMT", 120.0),
        ("Sat, 22 Aug 2026 01:00:00 GMT", 1.0),
        ("soon", None),
        ("-5", None),
        ("nan", None),
        (None, None),
    ],
)
async def test_the_wait_that_a_429_asks_for(header: str | None, seconds: float | None) -> None:
    headers = {"date": "Sat, 22 Aug 2026 02:00:00 GMT"} | ({"retry-after": header} if header else {})
    error = await failure(Server(refusal(429, **headers)), keyed=True)
    assert isinstance(error, RateLimitError)
    assert error.retry_after == seconds


@pytest.mark.parametrize(
    ("response", "words"),
    [
        (good(b""), "empty"),
        (good(b" \r\n"), "empty"),
        (httpx.Response(200, html="<html>Sign in</html>"), "web page"),
        (good(b"<!doctype html>"), "web page"),
    ],
)
async def test_a_proxys_answer_is_named(response: httpx.Response, words: str) -> None:
    error = await failure(Server(response))
    assert isinstance(error, AnswerError)
    assert words in str(error)


async def test_a_body_without_end_is_not_read_to_its_end() -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while True:
            sent += 1
            yield bytes(2**20)

    server = Server(lambda _: httpx.Response(200, content=endless()))
    assert "16 MB" in str(await failure(server))
    assert sent == 17


async def test_a_body_whose_compression_is_broken() -> None:
    async def body() -> AsyncIterator[bytes]:
        yield b"not gzip"

    server = Server(lambda _: httpx.Response(200, content=body(), headers={"content-encoding": "gzip"}))
    assert "garbled" in str(await failure(server))


def caused(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = OSError("All connection attempts failed")
    error.__cause__.__cause__ = ExceptionGroup("several", [cause])
    return error


def untrusted() -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError()
    error.verify_message = "self-signed certificate"
    return error


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (httpx.ConnectTimeout("x"), "within 20 s"),
        (caused(httpx.ConnectError("x"), untrusted()), "not trusted here (self-signed certificate)"),
        (httpx.ReadTimeout("x"), "within 20 s"),
        (httpx.ReadError("x"), "broke off"),
        (httpx.RemoteProtocolError("x"), "broke off"),
        (httpx.ProxyError("x"), "proxy"),
        (httpx.ConnectError("x"), "cannot be reached"),
        (caused(httpx.ConnectError("x"), ConnectionRefusedError()), "refuses the connection"),
        (caused(httpx.ConnectError("x"), socket.gaierror()), "cannot be found"),
        (caused(httpx.ConnectError("x"), ssl.SSLError()), "secure connection"),
        (UnicodeError("label too long"), "cannot be found"),
        (TimeoutError(), "too slowly"),
        (OSError("x"), "broke off"),
    ],
)
async def test_a_request_without_an_answer(error: Exception, words: str) -> None:
    found = await failure(Server(error), keyed=True)
    assert isinstance(found, NetworkError)
    assert "openrouter.ai" in str(found)
    assert words in str(found)


async def test_a_closed_port_on_this_machine() -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]
        async with Client(f"http://127.0.0.1:{port}/api/v1") as client:
            with pytest.raises(NetworkError, match=rf"127\.0\.0\.1:{port} refuses the connection"):
                await client.get("/models")


async def test_plain_http_where_tls_is_expected() -> None:
    async def speak_http(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(speak_http, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, Client(f"https://127.0.0.1:{port}/api/v1", KEY) as client:
        with pytest.raises(NetworkError, match="secure connection"):
            await client.get("/models", keyed=True)


async def test_a_server_that_says_nothing() -> None:
    release = asyncio.Event()

    async def silent(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await release.wait()
        writer.close()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        async with Client(f"http://127.0.0.1:{port}/api/v1", timeout=0.05) as client:
            with pytest.raises(NetworkError, match="did not answer"):
                await client.get("/models")
        release.set()


@pytest.mark.parametrize(
    ("proxy", "words"), [("socks5://127.0.0.1:1", "SOCKS"), ("gopher://user:secret@x", "HTTPS_PROXY")]
)
async def test_an_unusable_proxy_is_named_and_not_quoted(
    monkeypatch: pytest.MonkeyPatch, proxy: str, words: str
) -> None:
    monkeypatch.setenv("ALL_PROXY", proxy)
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    async with Client(BASE) as client:
        with pytest.raises(NetworkError, match=words) as caught:
            await client.get("/models")
    assert "secret" not in str(caught.value)


@pytest.mark.recorded
async def test_no_proxy_sees_requests_to_this_machine(monkeypatch: pytest.MonkeyPatch, standin: str) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("NO_PROXY", "")
    async with Client(standin, KEY) as client:
        assert (await client.get("/providers")).status == 200


# What is asked for


async def test_rankings_ask_for_the_grain_and_the_window_with_the_key() -> None:
    body = {
        "data": [{"date": "2026-06-01", "model_permaslug": "a/b", "total_tokens": "5"}],
        "meta": {"as_of": "2026-06-08T02:00:00.000Z"},
    }
    server = Server(httpx.Response(200, json=body))
    async with server.client() as client:
        found, answer = await rankings.fetch(client, Grain.WEEK, date(2026, 6, 1), date(2026, 6, 7))
    assert dict(server.requests[0].url.params) == {
        "start_date": "2026-06-01",
        "end_date": "2026-06-07",
        "period": "week",
    }
    assert server.keys == [("openrouter.ai", f"Bearer {KEY}")]
    assert (found.listings[0].total, answer.status) == (5, 200)


def page(number: int, following: str | None) -> httpx.Response:
    model = {"id": f"a/m{number}", "canonical_slug": f"a/m{number}", "name": f"M{number}"}
    body = {"data": [model, None], "links": {"next": following}}
    return httpx.Response(200, json=body, headers={"etag": f'"{number}"'})


async def test_the_catalogue_is_asked_for_whole_and_once() -> None:
    server = Server(page(0, None))
    async with server.client() as client:
        found, answer = await models.fetch(client)
    assert found is not None
    assert ([m.id for m in found], answer.etag) == (["a/m0"], '"0"')
    assert str(server.requests[0].url) == f"{BASE}/models"


async def test_a_catalogue_in_pages_is_put_together_and_its_etag_dropped() -> None:
    server = Server(page(0, "/api/v1/models?offset=1"), page(1, f"{BASE}/models?offset=2"), page(2, None))
    async with server.client() as client:
        found, answer = await models.fetch(client)
    assert found is not None
    assert ([m.id for m in found], answer.etag) == (["a/m0", "a/m1", "a/m2"], None)
    assert [request.url.query for request in server.requests] == [b"", b"offset=1", b"offset=2"]


@pytest.mark.parametrize("link", ["https://evil.example/models", "http://openrouter.ai/x", "https://[bad", "//h/"])
async def test_pages_of_another_origin_are_not_followed(link: str) -> None:
    server = Server(page(0, link))
    async with server.client() as client:
        with pytest.raises(AnswerError, match="another server"):
            await models.fetch(client)
    assert len(server.requests) == 1


async def test_pages_without_end_are_given_up() -> None:
    server = Server(lambda _: page(0, "/api/v1/models?offset=1"))
    async with server.client() as client:
        with pytest.raises(AnswerError, match="pages"):
            await models.fetch(client)
    assert len(server.requests) == 10


async def test_an_unchanged_catalogue_and_provider_list_are_none() -> None:
    server = Server(lambda _: httpx.Response(304))
    async with server.client() as client:
        assert (await models.fetch(client, '"a"'))[0] is None
        assert (await providers.fetch(client, '"b"'))[0] is None


async def test_providers_are_listed() -> None:
    body = json.dumps({"data": [{"slug": "x", "name": "X", "headquarters": "SG"}]}).encode()
    async with Server(good(body)).client() as client:
        found, _ = await providers.fetch(client)
    assert found is not None
    assert found[0].headquarters == "SG"
