"""When the hosts of a model are asked for, what is kept of the answer, and the rows that are shown."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from email.utils import format_datetime

import httpx
import pytest

from orwatch.api import providers
from orwatch.api.client import Client
from orwatch.config import Config, Settings
from orwatch.core.datasets.hosts import refresh_hosts
from orwatch.core.source import DemoOptions, Source, open_source
from orwatch.core.views.detail import host_rows
from orwatch.domain.catalogue import Pricing, Provider
from orwatch.domain.hosts import Host
from orwatch.errors import AnswerError, NetworkError, NotFoundError, RateLimitError, SourceError
from orwatch.store.cache import Cache

ORIGIN = "https://openrouter.ai"
NOON = datetime(2026, 6, 10, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


class Lab:
    """A source whose API has one model, `lab/a`, and a clock of its own. machine: how far the machine's is ahead.

    hosts: providers and their prices. asked: the ETag that came with each request, and the status of its answer.
    """

    def __init__(self, cache: Cache, machine: timedelta = timedelta()) -> None:
        self.now = NOON
        self.hosts: dict[str, str] = {"Lab": "0.1"}
        self.failure: httpx.Response | Exception | None = None
        self.asked: list[tuple[str | None, int]] = []
        lab = self

        class Wired(Source):
            def client(self) -> Client:
                return Client(self.base_url, "sk-or-test", transport=httpx.MockTransport(lab.answer))

        self.source = Wired(Settings(), cache, f"{ORIGIN}/api/v1", "sk-or-test", machine=lambda: self.now + machine)

    def answer(self, request: httpx.Request) -> httpx.Response:
        assert request.headers["authorization"] == "Bearer sk-or-test"
        if isinstance(self.failure, Exception):
            raise self.failure
        etag = f'"{len(self.hosts)}{"".join(self.hosts.values())}"'
        given = request.headers.get("if-none-match")
        if self.failure is not None:
            response = self.failure
        elif request.url.path != "/api/v1/models/lab/a/endpoints":
            response = httpx.Response(404)
        elif given == etag:
            response = httpx.Response(304)
        else:
            found = [{"provider_name": name, "pricing": {"prompt": price}} for name, price in self.hosts.items()]
            response = httpx.Response(200, content=json.dumps({"data": {"endpoints": found}}), headers={"ETag": etag})
        response.headers["Date"] = format_datetime(self.now, usegmt=True)
        self.asked.append((given, response.status_code))
        return response

    async def refresh(self, model_id: str = "lab/a") -> bool:
        return await refresh_hosts(self.source, model_id)

    @property
    def kept(self) -> tuple[dict[str, str], datetime | None]:
        hosts = self.source.cache.hosts.read("lab/a")
        return {host.provider: str(host.pricing.prompt) for host in hosts}, self.source.cache.hosts.seen_at("lab/a")


@pytest.fixture
def lab() -> Iterator[Lab]:
    with Cache.open(None, ORIGIN) as cache:
        yield Lab(cache)


@contextmanager
def wired(machine: timedelta) -> Iterator[Lab]:
    with Cache.open(None, ORIGIN) as cache:
        yield Lab(cache, machine)


async def test_hosts_are_kept_at_the_servers_time(lab: Lab) -> None:
    assert await lab.refresh()
    assert lab.kept == ({"Lab": "0.1"}, NOON)
    assert lab.asked == [(None, 200)]


async def test_hosts_of_less_than_an_hour_are_not_asked_for_again(lab: Lab) -> None:
    await lab.refresh()
    lab.now += 59 * MINUTE
    lab.hosts = {"Lab": "0.2"}
    assert not await lab.refresh()
    lab.now += MINUTE
    assert await lab.refresh()
    assert lab.kept == ({"Lab": "0.2"}, NOON + 60 * MINUTE)
    assert [status for _, status in lab.asked] == [200, 200]


@pytest.mark.parametrize("machine", [timedelta(days=-3), timedelta(days=3)])
async def test_a_wrong_machine_clock_changes_nothing(machine: timedelta) -> None:
    with wired(machine) as lab:
        await lab.refresh()
        assert lab.kept[1] == NOON
        lab.now += 59 * MINUTE
        await lab.refresh()
        assert len(lab.asked) == 1
        lab.now += MINUTE
        await lab.refresh()
        assert len(lab.asked) == 2


async def test_hosts_seen_in_the_future_are_asked_for_again(lab: Lab) -> None:
    lab.source.cache.hosts.put("lab/a", [Host("Old", "old")], NOON + timedelta(days=300))
    assert await lab.refresh()
    assert lab.kept == ({"Lab": "0.1"}, NOON)


async def test_an_etag_that_holds_makes_the_hosts_fresh_again(lab: Lab) -> None:
    await lab.refresh()
    lab.now += 61 * MINUTE
    assert not await lab.refresh()
    assert lab.kept == ({"Lab": "0.1"}, NOON + 61 * MINUTE)
    assert lab.asked == [(None, 200), ('"10.1"', 304)]


async def test_requests_are_logged_without_the_key(lab: Lab) -> None:
    await lab.refresh()
    assert lab.source.cache.journal.requests(NOON, keyed=False) == (NOON,)
    assert lab.source.cache.journal.requests(NOON, keyed=True) == ()


async def test_an_answer_without_hosts_withdraws_none(lab: Lab) -> None:
    await lab.refresh()
    lab.now += 61 * MINUTE
    lab.hosts = {}
    assert not await lab.refresh()
    assert lab.kept == ({"Lab": "0.1"}, NOON)
    # The ETag of the empty answer is not shown, or it would vouch for the hosts in the cache.
    assert not await lab.refresh()
    assert lab.asked[1:] == [('"10.1"', 200), ('"10.1"', 200)]


async def test_a_model_without_hosts_is_asked_for_once_an_hour(lab: Lab) -> None:
    lab.hosts = {}
    assert await lab.refresh()
    assert not await lab.refresh()
    lab.now += 61 * MINUTE
    assert not await lab.refresh()
    assert lab.kept == ({}, NOON + 61 * MINUTE)
    assert lab.asked == [(None, 200), ('"0"', 304)]


@pytest.mark.parametrize(
    ("failure", "error"),
    [
        (httpx.ConnectError("refused"), NetworkError),
        (httpx.Response(404, json={"error": {"code": 404, "message": "Model not found"}}), NotFoundError),
        (httpx.Response(429), RateLimitError),
        (httpx.Response(200, content=b'{"data": {"endpoints": [{}]}}'), AnswerError),
    ],
)
async def test_a_failure_is_told_and_leaves_the_cache_as_it_was(
    lab: Lab, failure: httpx.Response | Exception, error: type[SourceError]
) -> None:
    await lab.refresh()
    lab.now += 61 * MINUTE
    lab.failure = failure
    with pytest.raises(error):
        await lab.refresh()
    assert lab.kept == ({"Lab": "0.1"}, NOON)
    lab.failure = None
    assert not await lab.refresh()
    assert lab.kept == ({"Lab": "0.1"}, NOON + 61 * MINUTE)


async def test_what_is_no_id_is_not_asked_for(lab: Lab) -> None:
    with pytest.raises(NotFoundError):
        await lab.refresh("lab/..")
    assert lab.asked == []


async def test_the_demo_has_no_hosts() -> None:
    with open_source(Config(), demo=DemoOptions()) as source:
        assert await refresh_hosts(source, "deepseek/deepseek-v4-flash")
        assert not await refresh_hosts(source, "deepseek/deepseek-v4-flash")
        assert host_rows(source.market(), "deepseek/deepseek-v4-flash") == ()


def test_rows_are_sorted_by_input_price_and_have_the_country_of_the_headquarters(lab: Lab) -> None:
    def host(provider: str, tag: str, prompt: str | None) -> Host:
        return Host(provider, tag, Pricing(None if prompt is None else Decimal(prompt)))

    lab.source.cache.catalogue.put_providers(
        [
            Provider("streamlake", "StreamLake", "CN"),
            Provider("google-vertex", "Google", "US"),
            Provider("digitalocean", "DigitalOcean"),
            Provider("mistral", "Mistral", "FR"),
            Provider("lab", "Other", "SG"),
            Provider("other", "Lab", "DE"),
        ],
        NOON,
    )
    hosts = [
        host("Mistral AI", "Mistral/eu", None),
        host("google", "vertex", "0.2"),
        host("STREAMLAKE", "", "0.1"),
        host("digitalocean", "digitalocean", "0.4"),
        host("Unheard Of", "unheard", "0.5"),
        host("Lab", "lab", "0.3"),
    ]
    lab.source.cache.hosts.put("lab/a", hosts, NOON)
    rows = host_rows(lab.source.market(), "lab/a")
    assert [(row.host.provider, row.country) for row in rows] == [
        ("STREAMLAKE", "CN"),
        ("google", "US"),
        ("Lab", "DE"),
        ("digitalocean", None),
        ("Unheard Of", None),
        ("Mistral AI", "FR"),
    ]


# On the recorded data


@pytest.mark.recorded
async def test_the_recorded_hosts_of_deepseek_v4_flash(standin: str) -> None:
    flash = "deepseek/deepseek-v4-flash"
    with Cache.open(None, standin) as cache:
        source = Source(Settings(), cache, standin, None)
        async with source.client() as client:
            listed, _ = await providers.fetch(client)
        assert listed is not None
        cache.catalogue.put_providers(listed, NOON)
        assert await refresh_hosts(source, flash)
        assert not await refresh_hosts(source, flash)
        rows = host_rows(source.market(), flash)
        seen = cache.hosts.seen_at(flash)
    figures = [(row.host.provider, row.country, f"{(row.host.pricing.prompt or 0) * 10**6:.3f}") for row in rows]
    assert figures[:8] == [
        ("StreamLake", "CN", "0.068"),
        ("Baidu", "CN", "0.069"),
        ("OpenInference", "US", "0.070"),
        ("DigitalOcean", None, "0.084"),
        ("DeepInfra", "US", "0.090"),
        ("GMICloud", "US", "0.094"),
        ("SiliconFlow", "SG", "0.130"),
        ("Alibaba", "SG", "0.134"),
    ]
    assert len(rows) == 20
    assert seen is not None
    assert seen.date() == datetime(2026, 8, 22, tzinfo=UTC).date()
