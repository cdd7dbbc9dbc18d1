"""The catalogue of models, no key needed, asked again by ETag."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Final

from msgspec.structs import replace

from orwatch.api import decode
from orwatch.api.client import Answer, Client
from orwatch.api.decode import count, measure, need, table, text
from orwatch.api.pricing import MOST_TOKENS, read_pricing
from orwatch.domain.catalogue import CatalogueModel
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
    page = decode.parse(body, decode.PAGE, "model catalogue")
    found = decode.by_key(lambda model: model.id, decode.items(page.data, _model))
    if not found:
        raise AnswerError("The model catalogue holds no model that orwatch can read; try again, then update orwatch.")
    link = table(page.links).get("next")
    return tuple(found.values()), link if isinstance(link, str) and link else None


def _model(entry: decode.Fields) -> CatalogueModel:
    id_, canonical = need(decode.slug(entry.get("id"))), entry.get("canonical_slug")
    # Catalogues of before 2025 have no canonical slug: the id without its variant was it.
    slug = id_.partition(":")[0] if canonical is None else need(decode.slug(canonical))
    return CatalogueModel(
        id=id_,
        canonical_slug=slug,
        name=need(text(entry.get("name"))),
        created=_created(entry.get("created")),
        context=count(entry.get("context_length"), MOST_TOKENS) or None,
        open_weights=bool(text(entry.get("hugging_face_id"))),
        pricing=read_pricing(table(entry.get("pricing"))),
        expires=_expires(entry.get("expiration_date")),
        benchmarks=_benchmarks(entry.get("benchmarks")),
    )


def _created(value: object) -> datetime | None:
    """A moment from Unix seconds, or None."""
    seconds = count(value, 10**10)
    found = datetime.fromtimestamp(seconds, UTC) if seconds is not None else None
    return found if found is not None and FIRST_YEAR <= found.year <= LAST_YEAR else None


def _expires(value: object) -> date | None:
    """A date, from a date or a date and time."""
    found = decode.moment(value)
    return found.date() if found is not None else decode.day(value)


def _benchmarks(value: object) -> Benchmarks:
    """The `benchmarks` of an entry: empty where it has none, or none that can be read."""
    found = table(value)
    scores = found.get("design_arena")
    arena = decode.items(scores[:_MOST_SCORES], _score) if isinstance(scores, list) else []
    # Of one category given twice the first counts.
    kept = {(score.arena, score.category): score for score in reversed(arena)}
    indices = [
        Index(match[1], number)
        for key, given in table(found.get("artificial_analysis")).items()
        if (match := _INDEX.fullmatch(key)) and (number := measure(given, 100)) is not None
    ]
    return Benchmarks(by_elo(tuple(kept.values())), tuple(indices[:_MOST_INDICES]))


def _score(entry: decode.Fields) -> ArenaScore:
    """One category: it has a name and some figure. Win rates come in percent."""
    name, where = need(text(entry.get("category"), 40)), text(entry.get("arena"), 20) or "models"
    place = count(entry.get("rank"), _LOWEST_PLACE) or None
    elo, won = measure(entry.get("elo"), _HIGHEST_ELO), measure(entry.get("win_rate"), 100)
    if place is None and elo is None and won is None:
        raise decode.UnreadableError
    return ArenaScore(where, name, place, elo, None if won is None else won / 100)
