"""A small OpenRouter in this process, with a clock of its own, and a source that asks it.

Every day has `lab/a` 1000, `lab/b` 500 and `other` 100 tokens unless a test says otherwise; the running day is in proportion to the
part of it that is over. Weeks and months are the days between the dates that were asked for, added up, so that a window
that halves a period gets half of its tokens.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from email.utils import format_datetime
from typing import Any

import httpx

from orwatch.api.client import Client
from orwatch.config import Settings
from orwatch.core.datasets.registry import RANKED
from orwatch.core.refresh import RefreshReport, refresh
from orwatch.core.source import Source
from orwatch.domain.periods import Grain, Period
from orwatch.store.cache import Cache

ORIGIN = "https://openrouter.ai"
BASE_URL = f"{ORIGIN}/api/v1"
KEY = "sk-or-test"
NOON = datetime(2026, 6, 10, 12, tzinfo=UTC)
"""A Wednesday."""

RECORD_BEGINS = date(2025, 1, 1)
RANKINGS = "/datasets/rankings-daily"
EXPORTED = "/datasets/exports/rankings-daily/"
Tokens = dict[str, int]
Hook = Callable[[httpx.Request], "httpx.Response | None"]


class Clock:
    """The machine's clock: it stands until it is moved."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


class Server:
    """The API. now: its clock. asked: path, parameters and status of every request, in order.

    days: figures of single days; None: the record lacks the day. hook: asked first; its answer counts, and it may raise.
    """

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now
        self.asked: list[tuple[str, dict[str, str], int]] = []
        self.days: dict[date, Tokens | None] = {}
        self.hook: Hook | None = None
        self.tells_time = True
        self.refuses_running_day = False
        self.as_of: datetime | None = None
        self.takes = timedelta()
        self.oldest_export = date(2026, 3, 1)
        self.prices = {"lab/a": "0.000001", "lab/b": "0.000002"}
        self.transport: httpx.AsyncBaseTransport = httpx.MockTransport(self.answer)

    def answer(self, request: httpx.Request) -> httpx.Response:
        """The answer to a request, after which `takes` has passed."""
        path = request.url.path.removeprefix("/api/v1")
        response = self.hook(request) if self.hook else None
        if response is None:
            body = self._body(path, dict(request.url.params), request)
            response = body if isinstance(body, httpx.Response) else self._found(body, request)
        if self.tells_time:
            response.headers["Date"] = format_datetime(self.now, usegmt=True)
        self.asked.append((path, dict(request.url.params), response.status_code))
        self.now += self.takes
        return response

    def windows(self, grain: str = "day", status: int = 200) -> list[tuple[str, str]]:
        """First and last day of every window of a grain that was asked for and answered so."""
        return [
            (q["start_date"], q["end_date"]) for _, q, code in self.asked if q.get("period") == grain and code == status
        ]

    def ranked(self) -> list[str]:
        """What was asked for of the rankings and the catalogue, without what stands beside them."""
        return [path for path, query, _ in self.asked if is_ranked(path, *query)]

    def paths(self) -> list[str]:
        """What was asked for, with `~` before what was answered with 304; windows by their grain."""
        return [
            ("~" if code == 304 else "") + (q.get("period") or path.removeprefix(EXPORTED))
            for path, q, code in self.asked
        ]

    def tokens(self, day: date) -> Tokens:
        """The figures of a day as they are now."""
        rows = self.days.get(day, {"lab/a": 1000, "lab/b": 500, "other": 100})
        if rows is None or not RECORD_BEGINS <= day <= self.now.date():
            return {}
        if day < self.now.date():
            return rows
        part = (self.now - datetime.combine(day, time(), UTC)).total_seconds() / 86_400
        return {slug: int(n * part) for slug, n in rows.items() if int(n * part)}

    def _found(self, body: bytes, request: httpx.Request) -> httpx.Response:
        etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        if request.headers.get("If-None-Match") == etag:
            return httpx.Response(304, headers={"ETag": etag})
        return httpx.Response(200, content=body, headers={"ETag": etag})

    def _body(self, path: str, query: dict[str, str], request: httpx.Request) -> bytes | httpx.Response:
        if path == "/models":
            entry = {"context_length": 128_000, "created": 1}
            data = [
                entry
                | {"id": id_, "canonical_slug": id_, "name": id_, "pricing": {"prompt": price, "completion": price}}
                for id_, price in self.prices.items()
            ]
            return _json({"data": data})
        if path == "/providers":
            return _json({"data": [{"slug": "lab", "name": "Lab", "headquarters": "FR"}]})
        if path.endswith("/endpoints"):
            return _json({"data": {"endpoints": [{"provider_name": "Lab", "pricing": {"prompt": "0.000001"}}]}})
        if path.startswith(EXPORTED):
            return self.export(path.removeprefix(EXPORTED))
        if request.headers.get("Authorization") != f"Bearer {KEY}":
            return problem(401, "User not found.")
        if path != RANKINGS:
            return self._beside(path, query)
        return self._rankings(query)

    def _beside(self, path: str, query: dict[str, str]) -> bytes | httpx.Response:
        """One row of everything that stands beside the rankings."""
        meta = {"as_of": self.now.isoformat()}
        if path == "/classifications/task":
            yesterday, shares = self.now.date() - timedelta(days=1), {"usage_share": 0.25, "token_share": 0.5}
            task = {"tag": "code:debugging", "display_name": "Debugging", "macro_category": "code"} | shares
            macro = {"key": "code", "label": "Code"} | shares
            return _json({"data": {"as_of": str(yesterday), "classifications": [task], "macro_categories": [macro]}})
        if path == "/datasets/session-cost":
            sunday = self.now.date() - timedelta(days=self.now.weekday() + 1)
            cells = {"app_slug": "cli", "model_permaslug": "lab/a", "median_session_cost_usd": 0.5}
            asked = [query["turn_range"]] if "turn_range" in query else []
            data: list[dict[str, Any]] = [cells | {"turn_range": turns} for turns in asked]
            return _json({"data": data, "meta": meta | {"window_end_date": str(sunday), "window_days": 30}})
        if path == "/benchmarks":
            row = {"source": query["source"], "model_permaslug": "lab/a", "intelligence_index": 50, "elo": 1200}
            row |= {"category": "3d", "arena": "models", "benchmark_type": "gpqa_diamond", "accuracy": 0.5}
            midnight = datetime.combine(self.now.date(), time(), UTC).isoformat()
            return _json({"data": [row], "meta": {"as_of": midnight, "citation": "Source: Lab."}})
        if path == "/datasets/app-rankings":
            app = {"rank": 1, "app_id": 7, "app_name": "Cli", "total_tokens": "100", "total_requests": 2}
            return _json({"data": [app], "meta": meta})
        return problem(404, "Not Found")

    def _rankings(self, query: dict[str, str]) -> bytes | httpx.Response:
        grain, today = Grain(query["period"]), self.now.date()
        start, end = (date.fromisoformat(query[name]) for name in ("start_date", "end_date"))
        if start > end or (end - start).days > 365 or (self.refuses_running_day and end >= today):
            return problem(400, "Invalid dates")
        sums: dict[date, Counter[str]] = {}
        for n in range((min(end, today) - start).days + 1):
            day = start + timedelta(days=n)
            sums.setdefault(Period.of(grain, day).start, Counter()).update(self.tokens(day))
        data = [
            {"date": first.isoformat(), "model_permaslug": slug, "total_tokens": str(n)}
            for first, rows in sums.items()
            for slug, n in rows.items()
        ]
        return _json({"data": data, "meta": {"as_of": (self.as_of or self.now).isoformat()}})

    def export(self, name: str) -> bytes | httpx.Response:
        """A manifest or a file of the public exports, at this moment."""
        newest = self.now.date() - timedelta(days=self.now.time() < time(1, 46))
        stem, _, kind = name.partition(".")
        day = newest if stem == "latest" else date.fromisoformat(stem)
        if not self.oldest_export <= day <= newest:
            return problem(404, "Export not found")
        lines = ["date,model_permaslug,rank,total_tokens,share_of_daily_tokens"]
        first_day = self.oldest_export - timedelta(days=30)
        for back in range(30, 0, -1):
            then = day - timedelta(days=back)
            if then >= first_day:
                lines += [f"{then},{slug},1,{n},0.5" for slug, n in self.tokens(then).items()]
        csv = "\r\n".join(lines).encode()
        if kind == "csv":
            return csv
        url = f"{BASE_URL}{EXPORTED}{day}.csv"
        file = {"url": url, "bytes": len(csv), "sha256": hashlib.sha256(csv).hexdigest()}
        taken = f"{day}T01:46:15Z"
        return _json(
            {"snapshot_date": str(day), "retrieved_at": taken, "row_count": len(lines) - 1, "files": {"csv": file}}
        )


class Wired(Source):
    """A source whose client asks the server of the test."""

    server: Server

    def client(self) -> Client:
        return Client(self.base_url, self._key, transport=self.server.transport)


class World:
    """A server, a machine and a cache in memory. machine_is_off: how far the machine's clock is ahead of the server's."""

    def __init__(self, key: str | None = KEY, now: datetime = NOON, machine_is_off: timedelta = timedelta()) -> None:
        self.server = Server(now)
        self.machine = Clock(now + machine_is_off)
        self.cache = Cache.open(None, ORIGIN)
        self.source = self.open(key)

    def open(self, key: str | None = KEY) -> Wired:
        """One more process on the cache."""
        source = Wired(Settings(), self.cache, BASE_URL, key, machine=self.machine)
        source.server = self.server
        return source

    def later(self, **by: float) -> None:
        """Time passes, for server and machine."""
        self.server.now += timedelta(**by)
        self.machine.now += timedelta(**by)

    async def refresh(self, *, force: bool = False, source: Source | None = None) -> RefreshReport:
        """One refresh of the rankings and the catalogue, with only its own requests in `server.asked`."""
        self.server.asked.clear()
        return await refresh(source or self.source, force=force, datasets=RANKED)

    def figures(self, grain: Grain = Grain.DAY) -> dict[str, Tokens]:
        """Tokens in the cache by first day of the period."""
        return {
            str(found.period.start): dict(found.rows) | {"other": found.other}
            for found in self.cache.rankings.read(grain)
        }


def is_ranked(path: str, *parameters: str) -> bool:
    """Whether a request is for the rankings or the catalogue, not for what stands beside them."""
    if "category" in parameters or "category=" in path:
        return False
    return path.partition("?")[0] in ("/models", "/providers", RANKINGS) or EXPORTED in path


def needs_key(url: str) -> bool:
    """Whether the API answers a request with a key alone."""
    keyed = (RANKINGS, "/datasets/app-rankings", "/datasets/session-cost", "/classifications/task", "/benchmarks")
    return url.partition("?")[0].removeprefix(BASE_URL) in keyed


def problem(status: int, message: str, **headers: str) -> httpx.Response:
    """An error as the API words it."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.Response(status, json={"error": {"code": status, "message": message}}, headers=named)


def fails_at(path: str, *, after: int = 0, with_: httpx.Response | Exception | None = None) -> Hook:
    """A hook: requests whose URL holds `path` fail once `after` of them have been answered."""
    left = [after]

    def hook(request: httpx.Request) -> httpx.Response | None:
        if path not in str(request.url):
            return None
        left[0] -= 1
        if left[0] >= 0:
            return None
        failure = httpx.ConnectError("refused") if with_ is None else with_
        if isinstance(failure, Exception):
            raise failure
        return httpx.Response(failure.status_code, content=failure.content, headers=failure.headers)

    return hook


def _json(value: Any) -> bytes:
    return json.dumps(value).encode()
