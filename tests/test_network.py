"""What stands between this machine and a server: proxies, kept connections, pages of others, waits that are asked for."""

from __future__ import annotations

import gzip
import json
from collections.abc import AsyncIterator, Iterator, Mapping

import httpx
import pytest

from orwatch.api import decode, models
from orwatch.api.client import Client
from orwatch.api.pricing import read_pricing
from orwatch.core.coordination import backoff
from orwatch.errors import AnswerError, KeyRefusedError, NetworkError, SourceError
from orwatch.proxies import proxy_for

HTTP, SOCKS = "http://proxy.example:3128", "socks5://127.0.0.1:9"
API = "https://openrouter.ai/api/v1"


@pytest.mark.parametrize(
    ("url", "proxies", "expected"),
    [
        (API, {}, None),
        (API, {"https": HTTP, "all": SOCKS}, HTTP),
        (API, {"http": HTTP, "all": SOCKS}, SOCKS),
        (API, {"https": "proxy.example:3128"}, HTTP),
        ("http://[::1]:8999/api", {"http": HTTP, "all": HTTP}, None),
        ("http://localhost:8999", {"all": HTTP}, None),
        ("http://127.8.8.8", {"all": HTTP}, None),
        (API, {"https": HTTP, "no": "*"}, None),
        (API, {"https": HTTP, "no": "localhost,openrouter.ai"}, None),
        (API, {"https": HTTP, "no": "localhost .OpenRouter.ai"}, None),
        ("https://eu.openrouter.ai", {"https": HTTP, "no": "*.openrouter.ai"}, None),
        (API, {"https": HTTP, "no": "router.ai"}, HTTP),
        (API, {"https": HTTP, "no": "openrouter.ai:443"}, None),
        (API, {"https": HTTP, "no": "openrouter.ai:8443"}, HTTP),
        (API, {"https": HTTP, "no": "[::1],fd00::/8,fe80::1%eth0"}, HTTP),
        ("https://10.1.2.3/api", {"https": HTTP, "no": "10.0.0.0/8"}, None),
        ("https://10.1.2.3/api", {"https": HTTP, "no": "10.1.2.3:443"}, None),
        ("https://11.1.2.3/api", {"https": HTTP, "no": "10.0.0.0/8"}, HTTP),
        ("https://[fd00::7]/api", {"https": HTTP, "no": "fd00::/8"}, None),
        ("https://[fd00::7]:8443/api", {"https": HTTP, "no": "[fd00::7]:8443"}, None),
    ],
)
def test_the_proxy_of_the_scheme_is_used_and_no_proxy_is_heeded(
    url: str, proxies: dict[str, str], expected: str | None
) -> None:
    assert proxy_for(url, proxies) == expected


class Dropping(httpx.AsyncBaseTransport):
    """Closes every connection at its second request, without an answer."""

    def __init__(self, *, keeps: bool = True) -> None:
        self.asked: list[str] = []
        self.open = False
        self.keeps = keeps

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request.url.path)
        if self.open or not self.keeps:
            self.open = False
            raise httpx.RemoteProtocolError("Server disconnected without sending a response.", request=request)
        self.open = request.headers.get("connection") != "close"
        return httpx.Response(200, json={"data": []}, request=request)


async def test_what_is_asked_on_a_connection_that_was_closed_is_asked_once_more() -> None:
    server, counted = Dropping(), list[tuple[bool, int]]()
    async with Client(API, "sk-or-v1-key", transport=server) as client:
        client.after_any = lambda keyed, status, size: counted.append((keyed, status))
        for path in ("/a", "/b", "/c", "/d"):
            assert (await client.get(path, keyed=True)).status == 200
        assert client.requests_made == 5
    assert server.asked == [f"/api/v1/{name}" for name in ("a", "b", "b", "c", "d")]
    assert counted == [(True, 200), (True, 0), (True, 200), (True, 200), (True, 200)]


async def test_a_server_that_answers_nothing_is_not_asked_twice() -> None:
    server = Dropping(keeps=False)
    async with Client(API, transport=server) as client:
        with pytest.raises(NetworkError, match="broke off"):
            await client.get("/a")
    assert server.asked == ["/api/v1/a"]


async def answer(response: httpx.Response, *, key: str | None = "sk-or-v1-key") -> SourceError:
    """The error that an answer is."""
    async with Client(API, key, transport=httpx.MockTransport(lambda _: response)) as client:
        with pytest.raises(SourceError) as error:
            await client.get("/models", keyed=key is not None)
    return error.value


@pytest.mark.parametrize("key", ["sk-or-v1-key", None])
@pytest.mark.parametrize("status", [401, 403])
async def test_a_page_in_place_of_an_answer_blames_no_key(key: str | None, status: int) -> None:
    error = await answer(httpx.Response(status, html="<html>Just a moment…</html>"), key=key)
    assert isinstance(error, AnswerError)
    assert error.exit_code == 1
    assert "something between here and openrouter.ai" in str(error)


async def test_an_answer_of_the_api_does_blame_the_key() -> None:
    error = await answer(httpx.Response(403, json={"error": {"code": 403, "message": "revoked"}}))
    assert isinstance(error, KeyRefusedError)


@pytest.mark.parametrize(("status", "header", "wait"), [(503, "600", 600.0), (429, "600", 600.0), (503, None, None)])
async def test_the_wait_that_a_server_asks_for_is_kept_and_told(
    status: int, header: str | None, wait: float | None
) -> None:
    error = await answer(httpx.Response(status, headers={"retry-after": header} if header else {}))
    assert error.retry_after == wait
    assert ("600 s" in str(error)) == (wait is not None)
    assert backoff(1, error) == (wait or 15.0)


MODEL = {
    "id": "lab/a",
    "canonical_slug": "lab/a-1",
    "name": "A",
    "pricing": {"prompt": "0.000001", "completion": "0.000002"},
}


def body(*entries: Mapping[str, object]) -> bytes:
    """A catalogue."""
    return json.dumps({"data": entries}).encode()


@pytest.mark.parametrize(
    ("found", "name"),
    [
        (body(dict(MODEL) | {"description": "half an emoji \ud83d"}), "A"),
        (body(dict(MODEL) | {"name": "A \ud83d"}), "A �"),
        (body(dict(MODEL) | {"name": "A \udc00\ud83d\ude00"}), "A �😀"),
        (body(dict(MODEL) | {"name": "A \\ud83d"}), "A \\ud83d"),
        (body(MODEL).replace(b'"lab/a"', b'"lab/a", "description": "\xe9\xff"'), "A"),
        (body(MODEL).replace(b'"A"', b'"A\xe9"'), "A�"),
        (b"\xef\xbb\xbf" + body(MODEL), "A"),
        (body(MODEL, {"id": "lab/b", "label": "renamed"}, {"name": 7}), "A"),
    ],
)
def test_what_is_not_read_cannot_hurt_what_is(found: bytes, name: str) -> None:
    catalogue, _ = models.read(found)
    assert [(model.id, model.name) for model in catalogue] == [("lab/a", name)]


def test_what_is_no_json_is_none_still() -> None:
    with pytest.raises(AnswerError, match="no complete JSON"):
        decode.parse(b'{"data": [\\ud83d]}', decode.decoder(decode.Page), "list")


def test_an_old_catalogue_goes_by_its_ids() -> None:
    entry = {name: value for name, value in MODEL.items() if name != "canonical_slug"}
    catalogue, _ = models.read(body(entry | {"id": "lab/a:free"}))
    assert [(model.id, model.canonical_slug) for model in catalogue] == [("lab/a:free", "lab/a")]


@pytest.mark.parametrize(
    ("prices", "free"),
    [
        ({"prompt": "0", "completion": "0"}, True),
        ({"prompt": "0", "completion": "0", "request": "0", "image": "0", "web_search": "0.01"}, True),
        ({"prompt": "0", "completion": "0", "request": "0.01"}, False),
        ({"prompt": "0", "completion": "0", "image": "0.04"}, False),
        ({"prompt": "0", "completion": "0", "some_new_price": "0.04"}, False),
    ],
)
def test_what_a_request_costs_is_not_free(prices: dict[str, str], free: bool) -> None:
    found = read_pricing(prices)
    assert (found.prompt == 0, found.completion == 0) == (free, free)
    assert free or (found.prompt is None and found.completion is None)


def members() -> Iterator[bytes]:
    """A body compressed in several members, and one with padding behind it."""
    whole = body(MODEL)
    yield gzip.compress(whole[:20]) + gzip.compress(whole[20:])
    yield gzip.compress(whole) + b"\0" * 8


@pytest.mark.parametrize("compressed", [*members()])
async def test_every_member_of_a_compressed_body_is_read(compressed: bytes) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(compressed), 7):
            yield compressed[start : start + 7]

    def server(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, headers={"content-encoding": "gzip"}, content=pieces())

    async with Client(API, transport=httpx.MockTransport(server)) as client:
        assert (await client.get("/models")).body == body(MODEL)
