"""The bodies the demo's API answers with: rankings, catalogue and providers, in the shapes of OpenRouter's API.

Each takes the demo's present, in UTC, and the query; what is after the present does not exist yet.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from orwatch.demo import dataset
from orwatch.demo.figures import PRICES, weekly_order
from orwatch.demo.models import Model, models
from orwatch.domain.periods import Grain, Period

Body = dict[str, Any]
Query = Mapping[str, str]

DATASET_START = date(2025, 1, 1)
"""Where OpenRouter's own dataset begins: earlier window starts are moved up to it. The demo's days begin later."""

WINDOW_DAYS = 366
PAGE_SIZE = 500


class ApiError(Exception):
    """An answer other than 200. status: of HTTP. message: what the error body says."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


def rankings(now: datetime, query: Query) -> Body:
    """`/datasets/rankings-daily`: tokens by period and model. Tokens are decimal strings; the running day is in proportion."""
    start, end = _window(now, query)
    try:
        grain = Grain(query.get("period", "day"))
    except ValueError:
        raise ApiError(400, "Invalid period") from None
    data: list[Body] = []
    period = Period.of(grain, start)
    while period.start <= end:
        data += [
            {"date": period.start.isoformat(), "model_permaslug": slug, "total_tokens": str(tokens)}
            for slug, tokens in dataset.period(period, now)
        ]
        period = period.next()
    return {"data": data, "meta": _meta(now, start, end)}


def app_rankings(now: datetime, query: Query) -> Body:
    """`/datasets/app-rankings`: nothing was published to rebuild it from, so it is empty."""
    return {"data": [], "meta": _meta(now, *_window(now, query))}


def catalogue(now: datetime, query: Query) -> Body:
    """`/models`: every model that is listed by now. Only published prices are given, and 0 for free variants."""
    listed = [model for model in models().values() if listed_on(model) <= now.date()]
    if query.get("sort") == "top-weekly":
        used: Counter[str] = Counter()
        for back in range(7):
            used.update(dict(dataset.until(now.date() - timedelta(days=back), now)))
        listed.sort(key=lambda model: -used[model.permaslug])
    entries = [_entry(model) for model in listed]
    following = None
    if "limit" in query or "offset" in query:
        limit, offset = _whole(query, "limit", PAGE_SIZE), _whole(query, "offset", 0)
        if offset + limit < len(entries):
            following = f"/api/v1/models?offset={offset + limit}&limit={limit}"
        entries = entries[offset : offset + limit]
    return {"data": entries, "total_count": len(listed), "links": {"next": following}}


def endpoints(now: datetime, model_id: str) -> Body:
    """`/models/{author}/{slug}/endpoints`: the model, with no hosts: nothing was published about them."""
    for model in models().values():
        if listed_on(model) <= now.date() and model_id in (model.id, _canonical(model)):
            entry = _entry(model)
            return {"data": {key: entry[key] for key in ("id", "name", "created", "description")} | {"endpoints": []}}
    raise ApiError(404, "Model not found")


def listed_on(model: Model) -> date:
    """The day a model comes into the demo's catalogue: its listing, or its first week in the record where that is earlier."""
    charted = (week for week, slugs in weekly_order().items() if model.permaslug in slugs)
    return min([model.listed, *charted])


def _entry(model: Model) -> Body:
    pricing: dict[str, str] = {}
    if model.free:
        pricing = {"prompt": "0", "completion": "0"}
    for price in PRICES:
        if price.permaslug == model.permaslug:
            pricing = {"prompt": _per_token(price.input), "completion": _per_token(price.output)}
    return {
        "id": model.id,
        "canonical_slug": _canonical(model),
        "hugging_face_id": model.weights,
        "name": model.name,
        "created": int(datetime.combine(model.listed, time(), UTC).timestamp()),
        "description": "",
        "context_length": model.context,
        "pricing": pricing,
        "expiration_date": None,
    }


def _canonical(model: Model) -> str:
    return model.permaslug.partition(":")[0]


def _per_token(per_million: Decimal) -> str:
    return format(per_million.scaleb(-6).normalize(), "f")


def _whole(query: Query, name: str, default: int) -> int:
    text = query.get(name, str(default))
    if not re.fullmatch(r"\d{1,6}", text):
        raise ApiError(400, "limit and offset must be integers")
    return int(text)


def _window(now: datetime, query: Query) -> tuple[date, date]:
    end = _day(query["end_date"]) if "end_date" in query else now.date() - timedelta(days=1)
    if end < DATASET_START:
        raise ApiError(400, "end_date is before the dataset begins (2025-01-01)")
    start = _day(query["start_date"]) if "start_date" in query else end - timedelta(days=29)
    start = max(start, DATASET_START)
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


def _meta(now: datetime, start: date, end: date) -> Body:
    return {
        "as_of": now.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        "version": "v1",
        "start_date": start.isoformat(),
        "end_date": end.isoformat(),
    }
