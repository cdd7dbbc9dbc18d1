"""OpenRouter's API in the process: an httpx transport that answers from the demo's dataset, at the demo's present.

It follows the rules of the live API (keys, date windows, grains, exports, ETag, error bodies), so that the demo and the tests
run the same client, cache and screens as the live program. There is no network and nothing is random.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from datetime import datetime
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qs

import httpx

from orwatch.demo import ATTRIBUTION, DEMO_BASE_URL, DEMO_END, DEMO_KEY, DEMO_START
from orwatch.demo.answers import ApiError, Body, Query, app_rankings, catalogue, endpoints, rankings
from orwatch.demo.clock import DemoClock
from orwatch.demo.exports import export

__all__ = ["ATTRIBUTION", "DEMO_BASE_URL", "DEMO_END", "DEMO_KEY", "DEMO_START", "DemoClock", "transport"]

PREFIX = "/api/v1"
KEYED: dict[str, Callable[[datetime, Query], Body]] = {
    "/datasets/rankings-daily": rankings,
    "/datasets/app-rankings": app_rankings,
}


def transport(clock: DemoClock) -> httpx.MockTransport:
    """A transport for `httpx.Client` and `httpx.AsyncClient` that answers as of the clock's present."""

    def answer(request: httpx.Request) -> httpx.Response:
        now = clock.now()
        headers = {"Date": format_datetime(now, usegmt=True)}
        try:
            content, mime, more = _content(request, now)
        except ApiError as problem:
            error = {"error": {"code": problem.status, "message": problem.message}}
            return httpx.Response(problem.status, headers=headers, json=error)
        etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
        headers |= {"ETag": etag, **more}
        if request.headers.get("If-None-Match") == etag:
            return httpx.Response(304, headers=headers)
        return httpx.Response(200, headers=headers | {"Content-Type": mime}, content=content)

    return httpx.MockTransport(answer)


def _content(request: httpx.Request, now: datetime) -> tuple[bytes, str, dict[str, str]]:
    """The body of an answer, its media type and its further headers; raises ApiError for every other answer."""
    if request.method != "GET":
        raise ApiError(405, "Method Not Allowed")
    if not request.url.path.startswith(f"{PREFIX}/"):
        raise ApiError(404, "Not Found")
    path = request.url.path.removeprefix(PREFIX)
    query = {key: values[-1] for key, values in parse_qs(request.url.query.decode(), keep_blank_values=True).items()}
    if path.startswith("/datasets/exports/"):
        base = f"{request.url.scheme}://{request.url.netloc.decode()}{PREFIX}"
        content, mime = export(now, path.removeprefix("/datasets/exports/"), base)
        return content, mime, {"Cache-Control": "public, max-age=300"}
    return json.dumps(_body(request, path, query, now)).encode(), "application/json", {}


def _body(request: httpx.Request, path: str, query: Query, now: datetime) -> dict[str, Any]:
    if path == "/models":
        return catalogue(now, query)
    if path == "/providers":
        return {"data": []}
    if found := re.fullmatch(r"/models/([^/]+/[^/]+)/endpoints", path):
        return endpoints(now, found[1])
    if path in KEYED:
        _authorise(request)
        return KEYED[path](now, query)
    raise ApiError(404, "Not Found")


def _authorise(request: httpx.Request) -> None:
    value = request.headers.get("Authorization", "")
    if not value:
        raise ApiError(401, "Missing Authentication header")
    if not value.startswith("Bearer sk-or-"):
        raise ApiError(401, "User not found.")
