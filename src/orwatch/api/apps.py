"""Apps by the tokens they used in a span of days, from 2025-01-01 on. Needs a key."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from msgspec import Struct

from orwatch.api import decode
from orwatch.api.client import Answer, Client
from orwatch.api.decode import count, need, text
from orwatch.domain.apps import App

PATH: Final = "/datasets/app-rankings"
MOST_ROWS: Final = 100
"""Of one answer."""
CATEGORIES: Final[dict[str, tuple[str, ...]]] = {
    "coding": ("cli-agent", "ide-extension", "cloud-agent", "programming-app", "native-app-builder"),
    "creative": ("creative-writing", "video-gen", "image-gen", "audio-gen"),
    "productivity": ("writing-assistant", "general-chat", "personal-agent", "legal"),
    "entertainment": ("roleplay", "game"),
}
"""The categories of apps, with their subcategories. An app may be in a category and in none of its subcategories."""
_HIGHEST_RANK = 10_000


class AppsAnswer(Struct, frozen=True):
    """What an answer holds. lost: rows that could not be read and are left out."""

    as_of: datetime
    apps: tuple[App, ...]
    lost: int = 0


async def fetch(client: Client, start: date, end: date, category: str | None = None) -> tuple[AppsAnswer, Answer]:
    """The apps with the most tokens from `start` to `end`, inclusive (UTC), of all or of a category or subcategory.

    The API may refuse the running day as `end`: an AnswerError with status 400. Raises as `Client.get` does.
    """
    params = {"start_date": start.isoformat(), "end_date": end.isoformat(), "limit": str(MOST_ROWS)}
    if category is not None:
        params["category" if category in CATEGORIES else "subcategory"] = category
    answer = await client.get(PATH, params, keyed=True)
    return read(answer.body), answer


def read(body: bytes) -> AppsAnswer:
    """The answer of `/datasets/app-rankings`. Left out: rows without a rank, id or figures, and an id's second row."""
    data, _, as_of = decode.figures(body, "apps")
    found = decode.by_key(lambda app: app.app_id, decode.items(data, _app, "The apps hold"))
    ranked = sorted(found.values(), key=lambda app: app.rank)
    return AppsAnswer(as_of, tuple(ranked), len(data) - len(found))


def _app(entry: decode.Fields) -> App:
    rank, id_ = count(entry.get("rank"), _HIGHEST_RANK) or None, need(count(entry.get("app_id")))
    tokens, requests = count(entry.get("total_tokens")), count(entry.get("total_requests"))
    return App(need(rank), id_, text(entry.get("app_name"), 80) or f"app {id_}", need(tokens), need(requests))
