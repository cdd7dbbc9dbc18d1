"""The hosts of one model: who runs it, at what price, how fast. No key needed; asked again by ETag."""

from __future__ import annotations

import math
from collections.abc import Iterable

import msgspec

from orwatch.api import decode
from orwatch.api.client import Answer, Client
from orwatch.api.decode import count, measure, need, table, text
from orwatch.api.origin import host_of
from orwatch.api.pricing import MOST_TOKENS, read_pricing
from orwatch.domain.hosts import Host
from orwatch.errors import NotFoundError

_MOST_SECONDS = 3600.0
_MOST_TOKENS_PER_SECOND = 1e6
_SLOWEST_S = {"p50": 100, "p75": 1000, "p90": 1000, "p99": 1000}
"""No percentile of the seconds to a first token is longer: recorded were a p50 of 71 and a p99 of 473 at most."""


class _ModelEndpoints(msgspec.Struct):
    endpoints: list[msgspec.Raw]


class _Endpoints(msgspec.Struct):
    data: _ModelEndpoints


_ANSWER = decode.decoder(_Endpoints)


def path(model_id: str) -> str:
    """Where the hosts of a model are asked for. Raises NotFoundError for what cannot be a model's id.

    model_id: of the catalogue, with its variant: `author/slug:free` has hosts of its own.
    """
    # A slug of dots alone would be taken for a step up the path.
    if not decode.is_slug(model_id) or not model_id.partition("/")[2].strip("."):
        raise NotFoundError("What was asked for is no model's id, which reads author/slug; no hosts can be listed.")
    return f"/models/{model_id}/endpoints"


async def fetch(client: Client, model_id: str, etag: str | None = None) -> tuple[tuple[Host, ...] | None, Answer]:
    """The hosts of a model in the API's order, or None where the ETag still holds.

    Without a key the API gives prices and uptime, and leaves latency and throughput out. Raises NotFoundError where the
    source knows no such model, and the SourceError family.
    """
    where = path(model_id)
    try:
        answer = await client.get(where, etag=etag)
    except NotFoundError:
        raise NotFoundError(
            f"{host_of(client.base_url)} has no hosts of {model_id}; it may have been taken off the catalogue."
        ) from None
    if answer.not_modified:
        return None, answer
    return read(answer.body, model_id), answer


def read(body: bytes, model_id: str) -> tuple[Host, ...]:
    """The hosts of the answer of `/models/{author}/{slug}/endpoints`, in its order.

    Where some hosts name `model_id` as what they run, the others (of another variant, at another price) are left out.
    So are items without a provider; any other absurd value is None. Latencies are documented as
    milliseconds and were recorded as seconds: an answer that holds any too long for seconds is read as milliseconds.
    Raises AnswerError where there are hosts and not one can be read; an empty list is an answer.
    """
    found = decode.parse(body, _ANSWER, "hosts of a model").data.endpoints
    entries = decode.items(
        found,
        lambda entry: entry | {"provider_name": need(text(entry.get("provider_name"), 60))},
        "The hosts of the model hold",
    )
    own = [entry for entry in entries if entry.get("model_id") == model_id] or entries
    unit = 1000.0 if _in_milliseconds(own) else 1.0
    return tuple(_host(entry, unit) for entry in own)


def _host(entry: decode.Fields, unit: float) -> Host:
    """unit: how many of the latency's units a second has."""
    quantization = text(entry.get("quantization"), 20)
    uptime = measure(entry.get("uptime_last_30m"), 100)
    latency = measure(table(entry.get("latency_last_30m")).get("p50"), _MOST_SECONDS * unit)
    return Host(
        provider=entry["provider_name"],
        tag=text(entry.get("tag"), 100),
        pricing=read_pricing(table(entry.get("pricing"))),
        quantization=quantization if quantization.lower() not in ("", "unknown") else None,
        context=count(entry.get("context_length"), MOST_TOKENS) or None,
        uptime_30m=None if uptime is None else uptime / 100,
        latency_p50_s=None if latency is None else latency / unit,
        throughput_p50=measure(table(entry.get("throughput_last_30m")).get("p50"), _MOST_TOKENS_PER_SECOND),
    )


def _in_milliseconds(entries: Iterable[decode.Fields]) -> bool:
    """Whether an answer's latencies can only be milliseconds; one unit for all hosts, so that they stay comparable."""
    tables = [table(entry.get("latency_last_30m")) for entry in entries]
    return any(
        (measure(latency.get(name), math.inf) or 0.0) > slowest
        for latency in tables
        for name, slowest in _SLOWEST_S.items()
    )
