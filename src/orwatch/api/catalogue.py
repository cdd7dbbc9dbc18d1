"""The model catalogue and the list of providers. No key needed; asked again by ETag."""

from __future__ import annotations

from typing import Generic, NamedTuple, TypeVar

from msgspec.structs import replace

from orwatch.api import decode
from orwatch.api.client import Answer, Client
from orwatch.domain.catalogue import CatalogueModel, Provider
from orwatch.errors import AnswerError

MODELS, PROVIDERS = "/models", "/providers"
MOST_PAGES = 10
T = TypeVar("T")


class Listed(NamedTuple, Generic[T]):
    """A whole list, in the API's order, and the number of its items that could not be read."""

    items: tuple[T, ...]
    skipped: int


async def models(client: Client, etag: str | None = None) -> tuple[Listed[CatalogueModel] | None, Answer]:
    """All models, or None where the ETag still holds.

    The API gives the whole catalogue at once; should it page, the pages are put together, and the answer's ETag is
    dropped because it vouches for the first page only. Raises AnswerError where the pages do not end.
    """
    found: dict[str, CatalogueModel] = {}
    skipped = 0
    address, first = MODELS, None
    for _ in range(MOST_PAGES):
        answer = await client.get(address, etag=etag if first is None else None)
        if answer.not_modified:
            return None, answer
        page, bad, link = decode.models(answer.body)
        skipped += bad
        for model in page:
            found.setdefault(model.id, model)
        if link is None:
            whole = answer if first is None else replace(first, etag=None)
            return Listed(tuple(found.values()), skipped), whole
        address, first = client.resolve(link), first or answer
    raise AnswerError(f"The model catalogue has more than {MOST_PAGES} pages; update orwatch.")


async def providers(client: Client, etag: str | None = None) -> tuple[Listed[Provider] | None, Answer]:
    """All providers, or None where the ETag still holds."""
    answer = await client.get(PROVIDERS, etag=etag)
    if answer.not_modified:
        return None, answer
    return Listed(*decode.providers(answer.body)), answer
