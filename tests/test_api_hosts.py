"""The hosts of one model: what the API's answer becomes, and what is asked for."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import httpx
import pytest

from orwatch.api import hosts as host_lists
from orwatch.api.client import Client
from orwatch.domain.catalogue import Override, Pricing
from orwatch.domain.hosts import Host, by_input_price, listed_discount, with_discounts
from orwatch.errors import AnswerError, NotFoundError

BASE = "https://openrouter.ai/api/v1"
FLASH = "deepseek/deepseek-v4-flash"


def body(*hosts: dict[str, Any]) -> bytes:
    return json.dumps({"data": {"id": "lab/a", "name": "A", "endpoints": hosts}}).encode()


def only(**fields: Any) -> Host:
    """The one host of an answer, whose provider is `Lab` unless the fields say otherwise."""
    (host,) = host_lists.read(body({"provider_name": "Lab"} | fields), "lab/a")
    return host


def priced(
    prompt: str | None,
    completion: str | None = "0.2",
    *,
    cached: str | None = None,
    off: str | None = None,
    name: str = "Lab",
) -> Host:
    given, out, read, discount = (None if text is None else Decimal(text) for text in (prompt, completion, cached, off))
    return Host(name, name.lower(), Pricing(given, out, read, discount))


def listed(prompt: str | None, completion: str | None = "0.2", cached: str | None = None) -> Pricing:
    return priced(prompt, completion, cached=cached).pricing


class TestDecoding:
    def test_a_host_is_read_field_by_field(self) -> None:
        answer = b"""{"data": {"endpoints": [{
            "name": "StreamLake | lab/a", "model_id": "lab/a", "provider_name": "StreamLake", "tag": "streamlake/fp8",
            "quantization": "fp8", "context_length": 1024000, "status": 0, "uptime_last_30m": 99.5,
            "pricing": {"prompt": "0.00000006846", "completion": "0.00000013692", "input_cache_read": "0.000000013692",
                        "discount": 0.511},
            "latency_last_30m": {"p50": 1.586, "p75": 2.202, "p90": 4.173, "p99": 10.797},
            "throughput_last_30m": {"p50": 30.0, "p99": 62.0}}]}}"""
        pricing = Pricing(
            Decimal("0.00000006846"), Decimal("0.00000013692"), Decimal("0.000000013692"), Decimal("0.511")
        )
        assert host_lists.read(answer, "lab/a") == (
            Host("StreamLake", "streamlake/fp8", pricing, "fp8", 1_024_000, 0.995, 1.586, 30.0),
        )

    def test_what_a_host_does_not_say_is_unknown(self) -> None:
        assert only() == Host("Lab", "", Pricing(), None, None, None, None, None)
        assert only(quantization="unknown", context_length=0, latency_last_30m=None, uptime_last_30m=None) == only()

    @pytest.mark.parametrize(
        ("pricing", "read"),
        [
            (None, Pricing()),
            ([], Pricing()),
            ({"prompt": None, "completion": True, "discount": None}, Pricing()),
            ({"prompt": "dear", "completion": "1e999", "discount": "NaN"}, Pricing()),
            ({"prompt": "0", "completion": 0, "discount": 0.0}, Pricing(Decimal(0), Decimal(0), None, Decimal(0))),
            ({"prompt": "-1", "discount": "0.25"}, Pricing(Decimal(-1), discount=Decimal("0.25"))),
            ({"prompt": "1e-7", "discount": 1}, Pricing(Decimal("1e-7"), discount=Decimal(1))),
            ({"prompt": "1", "discount": -0.1}, Pricing(Decimal(1))),
            ({"prompt": "1", "discount": 51}, Pricing(Decimal(1))),
            (
                {"prompt": "1", "overrides": [{"prompt": "2", "min_prompt_tokens": 200_000}, "odd"]},
                Pricing(Decimal(1), overrides=(Override(prompt=Decimal(2), min_prompt_tokens=200_000),)),
            ),
        ],
    )
    def test_prices(self, pricing: object, read: Pricing) -> None:
        assert only(pricing=pricing).pricing == read

    @pytest.mark.parametrize(
        ("percent", "fraction"),
        [(100, 1.0), (0, 0.0), (99.25, 0.9925), (100.1, None), (-1, None), ("99", None), (True, None), ({}, None)],
    )
    def test_uptime_is_a_fraction_of_the_percent_given(self, percent: object, fraction: float | None) -> None:
        assert only(uptime_last_30m=percent).uptime_30m == fraction

    @pytest.mark.parametrize(
        ("figures", "latency", "throughput"),
        [
            ({"p50": 0.677}, 0.677, 0.677),
            ({"p50": 71.049, "p99": 179.158}, 71.049, 71.049),
            ({"p50": -3}, None, None),
            ({"p50": None}, None, None),
            ({"p50": "fast"}, None, None),
            ({"p50": True}, None, None),
            ({"p50": 10**30}, None, None),
            ({"p99": 2}, None, None),
            (44, None, None),
        ],
    )
    def test_latency_and_throughput_are_the_median(
        self, figures: object, latency: float | None, throughput: float | None
    ) -> None:
        host = only(latency_last_30m=figures, throughput_last_30m=figures)
        assert (host.latency_p50_s, host.throughput_p50) == (latency, throughput)

    @pytest.mark.parametrize("slow", [{"p50": 550}, {"p50": 90, "p99": 1200}])
    def test_an_answer_with_a_latency_too_long_for_seconds_is_in_milliseconds(self, slow: dict[str, float]) -> None:
        quick = {"p50": 80, "p99": 95, "count": 7}
        hosts = [{"provider_name": "Lab", "latency_last_30m": figures} for figures in (slow, quick, None)]
        read = host_lists.read(body(*hosts), "lab/a")
        assert [host.latency_p50_s for host in read] == [slow["p50"] / 1000, 0.08, None]

    def test_hosts_of_another_variant_are_left_out(self) -> None:
        paid = {"provider_name": "Paid", "model_id": "lab/a"}
        free = {"provider_name": "Free", "model_id": "lab/a:free"}
        answer = body(paid, free)
        assert [host.provider for host in host_lists.read(answer, "lab/a")] == ["Paid"]
        assert [host.provider for host in host_lists.read(answer, "lab/a:free")] == ["Free"]
        assert [host.provider for host in host_lists.read(answer, "lab/a-20260601")] == ["Paid", "Free"]

    def test_a_provider_may_be_there_twice_under_one_tag(self) -> None:
        twice = {"provider_name": "Google", "tag": "google-vertex"}
        assert len(host_lists.read(body(twice, twice), "lab/a")) == 2

    def test_hosts_that_cannot_be_read_are_left_out(self) -> None:
        answer = json.dumps({"data": {"endpoints": [7, {}, {"provider_name": "\x1b"}, {"provider_name": "Lab"}]}})
        hosts = host_lists.read(answer.encode(), "lab/a")
        assert [host.provider for host in hosts] == ["Lab"]

    def test_foreign_text_is_cleaned(self) -> None:
        host = only(provider_name="La\x1b[31mb\n[/b]", tag="l\u202eab" * 99, quantization="f\x00p8")
        assert (host.provider, host.quantization) == ("La[31mb [/b]", "fp8")
        assert (len(host.tag), host.tag[:3]) == (100, "lab")

    def test_an_empty_list_stands(self) -> None:
        assert host_lists.read(body(), "lab/a") == ()

    @pytest.mark.parametrize(
        ("answer", "cause"),
        [
            (b"{", "is no complete JSON"),
            (b'{"data": []}', "documented shape"),
            (b'{"data": {"endpoints": null}}', "documented shape"),
            (b'{"error": {"code": 500, "message": "Busy"}}', "gave an error in place of the hosts of a model: Busy"),
            (b'{"data": {"endpoints": [{"provider_name": null}]}}', "none that orwatch can read"),
        ],
    )
    def test_a_body_that_is_no_answer_is_an_answer_error(self, answer: bytes, cause: str) -> None:
        with pytest.raises(AnswerError, match=cause):
            host_lists.read(answer, "lab/a")


class TestAsking:
    @pytest.mark.parametrize("model_id", ["lab/a", "lab/a:free", "~lab/latest", "Lab/a.b-1+x"])
    async def test_the_id_goes_into_the_path_as_it_is(self, model_id: str) -> None:
        asked: list[tuple[str, str | None]] = []

        def answer(request: httpx.Request) -> httpx.Response:
            asked.append((request.url.raw_path.decode(), request.headers.get("authorization")))
            return httpx.Response(200, content=body({"provider_name": "Lab"}), headers={"ETag": '"1"'})

        async with Client(BASE, "sk-or-test", transport=httpx.MockTransport(answer)) as client:
            found, given = await host_lists.fetch(client, model_id)
        assert asked == [(f"/api/v1/models/{model_id}/endpoints", "Bearer sk-or-test")]
        assert (found, given.etag) == ((Host("Lab", ""),), '"1"')

    @pytest.mark.parametrize(
        "model_id",
        ["", "lab", "lab/", "lab/a/b", "lab/..", "lab/.", "../a", "lab/a?x=1", "lab/a#b", "lab/%2e", "läb/a", "a/b c"],
    )
    async def test_what_is_no_id_is_never_sent(self, model_id: str) -> None:
        def answer(request: httpx.Request) -> httpx.Response:
            raise AssertionError(request.url)

        async with Client(BASE, transport=httpx.MockTransport(answer)) as client:
            with pytest.raises(NotFoundError, match="no model's id"):
                await host_lists.fetch(client, model_id)

    async def test_an_etag_that_holds_brings_no_hosts(self) -> None:
        def answer(request: httpx.Request) -> httpx.Response:
            return httpx.Response(304 if request.headers.get("if-none-match") == '"1"' else 500)

        async with Client(BASE, transport=httpx.MockTransport(answer)) as client:
            found, given = await host_lists.fetch(client, "lab/a", '"1"')
        assert (found, given.not_modified) == (None, True)

    async def test_an_unknown_model_is_named(self) -> None:
        def answer(_: httpx.Request) -> httpx.Response:
            return httpx.Response(404, json={"error": {"code": 404, "message": "Model not found"}})

        async with Client(BASE, transport=httpx.MockTransport(answer)) as client:
            with pytest.raises(
                NotFoundError, match=r"openrouter\.ai has no hosts of lab/a; it may have been taken off"
            ):
                await host_lists.fetch(client, "lab/a")


class TestPrices:
    def test_the_cheapest_input_comes_first_and_unknown_last(self) -> None:
        hosts = [
            priced(None, "0.1", name="Silent"),
            priced("-1", "-1", name="Router"),
            priced("0.3", "0.1", name="dear"),
            priced("0.1", None, name="C"),
            priced("0.10", "0.3", name="b"),
            priced("0.1", "0.2", name="D"),
            priced("0.1", "0.3", name="A"),
            priced("0", "0", name="Free"),
        ]
        order = ["Free", "D", "A", "b", "C", "dear", "Silent", "Router"]
        assert [host.provider for host in by_input_price(hosts)] == order
        assert [host.provider for host in by_input_price(reversed(hosts))] == order

    @pytest.mark.parametrize(
        ("pricing", "hosts", "discount"),
        [
            # Of the host whose price is listed, not the best one.
            (listed("0.14"), [priced("0.07", off="0.5"), priced("0.140", off="0.2")], "0.2"),
            (listed("0.14"), [priced("0.14", off="0"), priced("0.14", off="0.0")], "0"),
            # Nobody asks the listed price.
            (listed("0.14"), [priced("0.07", off="0.5")], None),
            (listed("0.14"), [priced("0.14", "0.3", off="0.5")], None),
            (listed("0.14"), [], None),
            # Two list prices for one price, unless the cached input tells whose it is.
            (listed("0.14"), [priced("0.14", off="0.5"), priced("0.14", off="0")], None),
            (listed("0.14", cached="0.01"), [priced("0.14", cached="0.01", off="0.5"), priced("0.14", off="0")], "0.5"),
            (listed("0.14", cached="0.02"), [priced("0.14", cached="0.01", off="0.5")], "0.5"),
            # A host that does not say.
            (listed("0.14"), [priced("0.14")], None),
            (listed("0.14"), [priced("0.14"), priced("0.14", off="0.5")], None),
            # Unknown and varying prices match nothing.
            (listed(None), [priced(None, off="0.5")], None),
            (listed("0.14", None), [priced("0.14", None, off="0.5")], None),
            (listed("-1", "-1"), [priced("-1", "-1", off="0.5")], None),
            (listed("0", "0"), [priced("0", "0", off="1")], "1"),
        ],
    )
    def test_the_discount_in_the_listed_price(self, pricing: Pricing, hosts: list[Host], discount: str | None) -> None:
        expected = None if discount is None else Decimal(discount)
        assert listed_discount(pricing, hosts) == expected
        assert with_discounts(pricing, hosts) == Pricing(
            pricing.prompt, pricing.completion, pricing.cache_read, expected
        )

    def test_a_discount_of_the_catalogue_itself_stands(self) -> None:
        own = priced("0.14", off="0.1").pricing
        assert with_discounts(own, [priced("0.14", off="0.2")]) is own


# On the recorded data


@pytest.mark.recorded
async def test_the_recorded_hosts_of_deepseek_v4_flash(standin: str) -> None:
    async with Client(standin) as client:
        found, answer = await host_lists.fetch(client, FLASH)
        again, _ = await host_lists.fetch(client, FLASH, answer.etag)
    assert found is not None
    assert again is None
    first = [(host.provider, host.pricing.prompt, host.pricing.discount) for host in by_input_price(found)[:3]]
    assert first == [
        ("StreamLake", Decimal("0.00000006846"), Decimal("0.511")),
        ("Baidu", Decimal("0.0000000686"), Decimal("0.51")),
        ("OpenInference", Decimal("0.00000007"), Decimal(0)),
    ]
    assert len(found) == 20
    streamlake = by_input_price(found)[0]
    assert (streamlake.quantization, streamlake.context, streamlake.latency_p50_s, streamlake.throughput_p50) == (
        *("fp8", 1_024_000, 1.586, 30.0),
    )
    assert max(host.pricing.discount or 0 for host in found) == Decimal("0.511")
    # The catalogue lists 0.14, which eight hosts ask without a discount.
    assert listed_discount(Pricing(Decimal("0.00000014"), Decimal("0.00000028")), found) == 0


@pytest.mark.recorded
async def test_a_recorded_variant_has_hosts_of_its_own(standin: str) -> None:
    async with Client(standin) as client:
        found, _ = await host_lists.fetch(client, "cohere/north-mini-code:free")
        by_permaslug, _ = await host_lists.fetch(client, "deepseek/deepseek-v4-flash-20260423")
        with pytest.raises(NotFoundError, match="has no hosts of lab/none"):
            await host_lists.fetch(client, "lab/none")
    assert found is not None
    assert [(host.provider, host.pricing.prompt) for host in found] == [("Cohere", Decimal(0))]
    assert by_permaslug is not None
    assert len(by_permaslug) == 20
