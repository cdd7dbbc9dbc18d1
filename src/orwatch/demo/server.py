"""OpenRouter's API in the process: an httpx transport that answers from the archive, at the demo's present.

It follows the rules of the live API (key, date windows, grains, ETag, error bodies), so that the demo and the tests run the same
client, cache and screens as the live program. There is no network, nothing is random, and nothing is made up: a period that the
archive does not have is absent from the answer.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qs

import httpx

from orwatch.demo import DEMO_KEY, NO_CATALOGUE, record
from orwatch.demo.clock import DemoClock
from orwatch.domain.catalogue import CatalogueModel
from orwatch.domain.periods import Grain, Period
from orwatch.domain.records import OTHER

Body = dict[str, Any]
Query = Mapping[str, str]

PREFIX = "/api/v1"
DATASET_START = date(2025, 1, 1)
"""Where OpenRouter's dataset begins: earlier starts of a window are moved up to it."""
WINDOW_DAYS = 366


class ApiError(Exception):
    """An answer other than 200. status: of HTTP. message: what the error body says."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


def transport(clock: DemoClock) -> httpx.MockTransport:
    """A transport for `httpx.Client` and `httpx.AsyncClient` that answers as of the clock's present.

    That is its present of now: all that one client is told belongs to one moment, however fast the clock runs.
    """
    now = clock.now()

    def answer(request: httpx.Request) -> httpx.Response:
        headers = {"Date": format_datetime(now, usegmt=True)}
        try:
            body = _body(request, now)
            content = json.dumps(body).encode()
        except ApiError as problem:
            error = {"error": {"code": problem.status, "message": problem.message}}
            return httpx.Response(problem.status, headers=headers, json=error)
        empty = body.get("total_count") == 0
        headers["ETag"] = etag = NO_CATALOGUE if empty else f'"{hashlib.sha256(content).hexdigest()[:32]}"'
        if request.headers.get("If-None-Match") == etag:
            return httpx.Response(304, headers=headers)
        return httpx.Response(200, headers=headers | {"Content-Type": "application/json"}, content=content)

    return httpx.MockTransport(answer)


def _body(request: httpx.Request, now: datetime) -> Body:
    if request.method != "GET":
        raise ApiError(405, "Method Not Allowed")
    path = request.url.path.removeprefix(PREFIX)
    query = {key: values[-1] for key, values in parse_qs(request.url.query.decode(), keep_blank_values=True).items()}
    if path == "/models":
        return catalogue(now)
    if path == "/datasets/exports/index.json":
        return {"datasets": []}
    if path == "/providers":
        return {"data": []}
    if found := re.fullmatch(r"/models/([^/]+/[^/]+)/endpoints", path):
        return endpoints(now, found[1])
    if path == "/datasets/rankings-daily":
        if (given := request.headers.get("Authorization")) != f"Bearer {DEMO_KEY}":
            raise ApiError(401, "Missing Authentication header" if given is None else "User not found.")
        return rankings(now, query)
    raise ApiError(404, "Not Found")


def rankings(now: datetime, query: Query) -> Body:
    """`/datasets/rankings-daily`: tokens by period and model, as decimal strings. now: UTC."""
    start, end = _window(now, query)
    try:
        grain = Grain(query.get("period", "day"))
    except ValueError:
        raise ApiError(400, "Invalid period") from None
    data: list[Body] = []
    period = Period.of(grain, start)
    while period.start <= end:
        if known := record.listing(period, now):
            data += [
                {"date": period.start.isoformat(), "model_permaslug": slug, "total_tokens": str(tokens)}
                for slug, tokens in (*known.rows, (OTHER, known.other))
            ]
        period = period.next()
    as_of = now.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    meta = {"as_of": as_of, "version": "v1", "start_date": start.isoformat(), "end_date": end.isoformat()}
    return {"data": data, "meta": meta}


def catalogue(now: datetime) -> Body:
    """`/models`: every entry that had been seen by now, at its price of then; none before the first day of recorded prices."""
    entries = [_entry(entry) for entry in record.catalogue(now.date())]
    return {"data": entries, "total_count": len(entries), "links": {"next": None}}


def endpoints(now: datetime, model_id: str) -> Body:
    """`/models/{author}/{slug}/endpoints`: the model without hosts, of which nothing is recorded."""
    for entry in catalogue(now)["data"]:
        if model_id in (entry["id"], entry["canonical_slug"]):
            return {"data": {key: entry[key] for key in ("id", "name", "created", "description")} | {"endpoints": []}}
    raise ApiError(404, "Model not found")


def _entry(entry: CatalogueModel) -> Body:
    pricing = entry.pricing
    prices = {"prompt": pricing.prompt, "completion": pricing.completion, "input_cache_read": pricing.cache_read}
    return {
        "id": entry.id,
        "canonical_slug": entry.canonical_slug,
        "hugging_face_id": entry.canonical_slug if entry.open_weights else None,
        "name": entry.name,
        "created": None,
        "description": "",
        "context_length": entry.context,
        "pricing": {name: format(price.normalize(), "f") for name, price in prices.items() if price is not None},
        "expiration_date": None,
    }


def _window(now: datetime, query: Query) -> tuple[date, date]:
    end = _day(query["end_date"]) if "end_date" in query else now.date() - timedelta(days=1)
    if end < DATASET_START:
        raise ApiError(400, "end_date is before the dataset begins (2025-01-01)")
    start = max(_day(query["start_date"]) if "start_date" in query else end - timedelta(days=29), DATASET_START)
    if start > end:
        raise ApiError(400, "start_date must be on or before end_date")
    if (end - start).days >= WINDOW_DAYS:
        raise ApiError(400, "The maximum span between start_date and end_date is 366 days")
    return start, end


def _day(text: str) -> date:
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        raise ApiError(400, "Invalid date: expected YYYY-MM-DD")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ApiError(400, f"Invalid calendar date: {text}") from None
