"""The list of providers, no key needed, asked again by ETag."""

from __future__ import annotations

import re
from typing import Final

from orwatch.api import decode
from orwatch.api.client import Answer, Client
from orwatch.api.decode import need, text
from orwatch.domain.catalogue import Provider

PATH: Final = "/providers"
_SLUG = re.compile(r"[A-Za-z0-9][\w./-]{0,99}", re.ASCII)
_COUNTRY = re.compile(r"[A-Za-z]{2}", re.ASCII)


async def fetch(client: Client, etag: str | None = None) -> tuple[tuple[Provider, ...] | None, Answer]:
    """All providers, or None where the ETag still holds."""
    answer = await client.get(PATH, etag=etag)
    return None if answer.not_modified else read(answer.body), answer


def read(body: bytes) -> tuple[Provider, ...]:
    """The providers of the answer of `/providers`, in its order.

    Raises AnswerError where there are some and not one can be read; an empty list is an answer.
    """
    page = decode.parse(body, decode.PAGE, "list of providers")
    found = decode.by_key(
        lambda provider: provider.slug, decode.items(page.data, _provider, "The list of providers holds")
    )
    return tuple(found.values())


def _provider(entry: decode.Fields) -> Provider:
    slug, seat = entry.get("slug"), entry.get("headquarters")
    known = slug if isinstance(slug, str) and _SLUG.fullmatch(slug) else None
    country = seat.upper() if isinstance(seat, str) and _COUNTRY.fullmatch(seat) else None
    return Provider(need(known), need(text(entry.get("name"))), country)
