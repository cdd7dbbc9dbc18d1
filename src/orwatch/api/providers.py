"""The list of providers, no key needed, asked again by ETag."""

from __future__ import annotations

import re
from typing import Any, Final

import msgspec

from orwatch.api import decode
from orwatch.api.client import Answer, Client
from orwatch.domain.catalogue import Provider
from orwatch.domain.foreign_text import clean
from orwatch.errors import AnswerError

PATH: Final = "/providers"
_SLUG = re.compile(r"[A-Za-z0-9][\w./-]{0,99}", re.ASCII)
_COUNTRY = re.compile(r"[A-Za-z]{2}", re.ASCII)


class _Provider(msgspec.Struct):
    slug: str
    name: str
    headquarters: Any = None


_PAGE, _PROVIDER = decode.decoder(decode.Page), decode.decoder(_Provider)


async def fetch(client: Client, etag: str | None = None) -> tuple[tuple[Provider, ...] | None, Answer]:
    """All providers, or None where the ETag still holds."""
    answer = await client.get(PATH, etag=etag)
    return None if answer.not_modified else read(answer.body), answer


def read(body: bytes) -> tuple[Provider, ...]:
    """The providers of the answer of `/providers`, in its order.

    Raises AnswerError where there are some and not one can be read; an empty list is an answer.
    """
    page = decode.parse(body, _PAGE, "list of providers")
    found: dict[str, Provider] = {}
    for raw in page.data:
        entry = decode.item(raw, _PROVIDER)
        if entry is None or not _SLUG.fullmatch(entry.slug) or not (name := clean(entry.name)):
            continue
        seat = entry.headquarters
        country = seat.upper() if isinstance(seat, str) and _COUNTRY.fullmatch(seat) else None
        found.setdefault(entry.slug, Provider(entry.slug, name, country))
    if page.data and not found:
        raise AnswerError("The list of providers holds none that orwatch can read; try again, then update orwatch.")
    return tuple(found.values())
