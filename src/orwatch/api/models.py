"""The catalogue of models, no key needed, asked again by ETag."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from orwatch.api import decode
from orwatch.api.client import Answer, Client
from orwatch.api.pricing import MOST_TOKENS, read_pricing
from orwatch.domain.catalogue import CatalogueModel
from orwatch.domain.foreign_text import clean
from orwatch.domain.periods import FIRST_YEAR, LAST_YEAR
from orwatch.domain.scores import ArenaScore, Benchmarks, Index, by_elo
from orwatch.errors import AnswerError

PATH: Final = "/models"
MOST_PAGES: Final = 10
_MOST_SCORES = 100
_MOST_INDICES = 10
_HIGHEST_ELO = 10_000
_LOWEST_PLACE = 100_000
_INDEX = re.compile(r"([a-z][a-z_]{0,28}[a-z])_index", re.ASCII)


class _Model(msgspec.Struct):
    id: str
    name: str
    canonical_slug: Any = None
    created: Any = None
    context_length: Any = None
    hugging_face_id: Any = None
    pricing: Any = None
    expiration_date: Any = None
    benchmarks: Any = None


_PAGE, _MODEL = decode.decoder(decode.Page), decode.decoder(_Model)


async def fetch(client: Client, etag: str | None = None) -> tuple[tuple[CatalogueModel, ...] | None, Answer]:
    """All models, or None where the ETag still holds.

    The API gives the whole catalogue at once; should it page, the pages are put together, and the answer's ETag is
    dropped because it vouches for the first page only. Raises AnswerError where the pages do not end.
    """
    found: dict[str, CatalogueModel] = {}
    address, first = PATH, None
    for _ in range(MOST_PAGES):
        answer = await client.get(address, etag=etag if first is None else None)
        if answer.not_modified:
            return None, answer
        page, link = read(answer.body)
        for model in page:
            found.setdefault(model.id, model)
        if link is None:
            whole = answer if first is None else replace(first, etag=None)
            return tuple(found.values()), whole
        address, first = client.resolve(link), first or answer
    raise AnswerError(f"The model catalogue has more than {MOST_PAGES} pages; update orwatch.")


def read(body: bytes) -> tuple[tuple[CatalogueModel, ...], str | None]:
    """The answer of `/models`: models in its order, and the link to the next page if there is one.

    Left out: items without a usable id, canonical slug or name, and repeated ids. Any other absurd value is None.
    Raises AnswerError where not one model can be read: the catalogue is a whole, and an empty one would delist all.
    """
    page = decode.parse(body, _PAGE, "model catalogue")
    found: dict[str, CatalogueModel] = {}
    for raw in page.data:
        entry = decode.item(raw, _MODEL)
        model = _model(entry) if entry is not None else None
        if model is not None:
            found.setdefault(model.id, model)
    if not found:
        raise AnswerError("The model catalogue holds no model that orwatch can read; try again, then update orwatch.")
    link = decode.table(page.links).get("next")
    return tuple(found.values()), link if isinstance(link, str) and link else None


def _model(entry: _Model) -> CatalogueModel | None:
    name = clean(entry.name)
    # Catalogues of before 2025 have no canonical slug: the id without its variant was it.
    slug = entry.id.partition(":")[0] if entry.canonical_slug is None else entry.canonical_slug
    if not name or not decode.is_slug(entry.id) or not isinstance(slug, str) or not decode.is_slug(slug):
        return None
    return CatalogueModel(
        id=entry.id,
        canonical_slug=slug,
        name=name,
        created=_created(entry.created),
        context=decode.count(entry.context_length, MOST_TOKENS) or None,
        open_weights=isinstance(entry.hugging_face_id, str) and bool(clean(entry.hugging_face_id)),
        pricing=read_pricing(decode.table(entry.pricing)),
        expires=_expires(entry.expiration_date),
        benchmarks=_benchmarks(entry.benchmarks),
    )


def _created(value: object) -> datetime | None:
    """A moment from Unix seconds, or None."""
    seconds = decode.count(value, 10**10)
    found = datetime.fromtimestamp(seconds, UTC) if seconds is not None else None
    return found if found is not None and FIRST_YEAR <= found.year <= LAST_YEAR else None


def _expires(value: object) -> date | None:
    """A date, from a date or a date and time."""
    found = decode.moment(value)
    return found.date() if found is not None else decode.day(value)


def _benchmarks(value: object) -> Benchmarks:
    """The `benchmarks` of an entry: empty where it has none, or none that can be read."""
    found = decode.table(value)
    scores = found.get("design_arena")
    arena = [_score(entry) for entry in scores[:_MOST_SCORES]] if isinstance(scores, list) else []
    # Of one category given twice the first counts.
    kept = {(score.arena, score.category): score for score in reversed(arena) if score is not None}
    indices = [
        Index(match[1], number)
        for key, given in decode.table(found.get("artificial_analysis")).items()
        if (match := _INDEX.fullmatch(key)) and (number := decode.measure(given, 100)) is not None
    ]
    return Benchmarks(by_elo(tuple(kept.values())), tuple(indices[:_MOST_INDICES]))


def _score(entry: object) -> ArenaScore | None:
    """One category, or None where it has no name or no figure. Win rates come in percent."""
    fields = decode.table(entry)
    category, arena = fields.get("category"), fields.get("arena")
    name = clean(category, 40) if isinstance(category, str) else ""
    place = decode.count(fields.get("rank"), _LOWEST_PLACE) or None
    elo, won = decode.measure(fields.get("elo"), _HIGHEST_ELO), decode.measure(fields.get("win_rate"), 100)
    if not name or (place is None and elo is None and won is None):
        return None
    where = clean(arena, 20) if isinstance(arena, str) else ""
    return ArenaScore(where or "models", name, place, elo, None if won is None else won / 100)
