"""The hosts of one model: who runs it, at what price, how fast. No key needed; asked again by ETag."""

from __future__ import annotations

from orwatch.api import decode
from orwatch.api.client import Answer, Client
from orwatch.api.decode.text import is_slug
from orwatch.api.origin import host_of
from orwatch.domain.hosts import Host
from orwatch.errors import NotFoundError


def path(model_id: str) -> str:
    """Where the hosts of a model are asked for. Raises NotFoundError for what cannot be a model's id.

    model_id: of the catalogue, with its variant: `author/slug:free` has hosts of its own.
    """
    # A slug of dots alone would be taken for a step up the path.
    if not is_slug(model_id) or not model_id.partition("/")[2].strip("."):
        raise NotFoundError("What was asked for is no model's id, which reads author/slug; no hosts can be listed.")
    return f"/models/{model_id}/endpoints"


async def hosts(client: Client, model_id: str, etag: str | None = None) -> tuple[tuple[Host, ...] | None, Answer]:
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
    found, _ = decode.hosts(answer.body, model_id)
    return found, answer
