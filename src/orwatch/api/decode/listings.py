"""The catalogue of models and the list of providers."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

import msgspec

from orwatch.api.decode import values
from orwatch.api.decode.benchmarks import benchmarks
from orwatch.api.decode.text import is_slug
from orwatch.domain.catalogue import CatalogueModel, Override, Pricing, Provider
from orwatch.domain.foreign import clean
from orwatch.errors import AnswerError

_MOST_CONTEXT = 10**12  # tokens
_TIME_OF_DAY = re.compile(r"([01]\d|2[0-4]):?([0-5]\d)", re.ASCII)
_PROVIDER_SLUG = re.compile(r"[A-Za-z0-9][\w./-]{0,99}", re.ASCII)
_COUNTRY = re.compile(r"[A-Za-z]{2}", re.ASCII)


class _Page(msgspec.Struct):
    data: list[msgspec.Raw]
    links: Any = None


class _Model(msgspec.Struct):
    id: str
    canonical_slug: str
    name: str
    created: Any = None
    context_length: Any = None
    hugging_face_id: Any = None
    pricing: Any = None
    expiration_date: Any = None
    benchmarks: Any = None


class _Provider(msgspec.Struct):
    slug: str
    name: str
    headquarters: Any = None


_PAGE, _MODEL, _PROVIDER = values.decoder(_Page), values.decoder(_Model), values.decoder(_Provider)


def models(body: bytes) -> tuple[tuple[CatalogueModel, ...], int, str | None]:
    """The answer of `/models`: models in its order, the number of items skipped, the link to the next page if any.

    Skipped: items without a usable id, canonical slug or name, and repeated ids. Any other absurd value is None.
    Raises AnswerError where not one model can be read: the catalogue is a whole, and an empty one would delist all.
    """
    page = values.parse(body, _PAGE, "model catalogue")
    found: dict[str, CatalogueModel] = {}
    for raw in page.data:
        entry = values.item(raw, _MODEL)
        model = _model(entry) if entry is not None else None
        if model is not None:
            found.setdefault(model.id, model)
    if not found:
        raise AnswerError("The model catalogue holds no model that orwatch can read; try again, then update orwatch.")
    link = values.table(page.links).get("next")
    return tuple(found.values()), len(page.data) - len(found), link if isinstance(link, str) and link else None


def providers(body: bytes) -> tuple[tuple[Provider, ...], int]:
    """The answer of `/providers`: providers in its order and the number of items skipped.

    Raises AnswerError where there are some and not one can be read; an empty list stands.
    """
    page = values.parse(body, _PAGE, "list of providers")
    found: dict[str, Provider] = {}
    for raw in page.data:
        entry = values.item(raw, _PROVIDER)
        if entry is None or not _PROVIDER_SLUG.fullmatch(entry.slug) or not (name := clean(entry.name)):
            continue
        seat = entry.headquarters
        country = seat.upper() if isinstance(seat, str) and _COUNTRY.fullmatch(seat) else None
        found.setdefault(entry.slug, Provider(entry.slug, name, country))
    if page.data and not found:
        raise AnswerError("The list of providers holds none that orwatch can read; try again, then update orwatch.")
    return tuple(found.values()), len(page.data) - len(found)


def _model(entry: _Model) -> CatalogueModel | None:
    name = clean(entry.name)
    if not name or not is_slug(entry.id) or not is_slug(entry.canonical_slug):
        return None
    return CatalogueModel(
        id=entry.id,
        canonical_slug=entry.canonical_slug,
        name=name,
        created=_created(entry.created),
        context=values.count(entry.context_length, _MOST_CONTEXT) or None,
        open_weights=isinstance(entry.hugging_face_id, str) and bool(clean(entry.hugging_face_id)),
        pricing=_pricing(values.table(entry.pricing)),
        expires=_expires(entry.expiration_date),
        benchmarks=benchmarks(entry.benchmarks),
    )


def _pricing(prices: dict[str, Any]) -> Pricing:
    discount = values.decimal(prices.get("discount"))
    overrides = prices.get("overrides")
    conditional = [_override(values.table(entry)) for entry in overrides] if isinstance(overrides, list) else []
    return Pricing(
        prompt=values.decimal(prices.get("prompt")),
        completion=values.decimal(prices.get("completion")),
        cache_read=values.decimal(prices.get("input_cache_read")),
        discount=discount if discount is not None and 0 <= discount <= 1 else None,
        overrides=tuple(override for override in conditional if override is not None),
    )


def _override(entry: dict[str, Any]) -> Override | None:
    """A conditional price, or None where it names no price orwatch shows or no condition it knows."""
    prompt, completion = values.decimal(entry.get("prompt")), values.decimal(entry.get("completion"))
    cache_read = values.decimal(entry.get("input_cache_read"))
    tokens = values.count(entry.get("min_prompt_tokens"), _MOST_CONTEXT)
    start, end = _time_of_day(entry.get("utc_start")), _time_of_day(entry.get("utc_end"))
    priced = prompt is not None or completion is not None or cache_read is not None
    conditional = tokens is not None or (start is not None and end is not None)
    return Override(prompt, completion, cache_read, tokens, start, end) if priced and conditional else None


def _time_of_day(value: object) -> str | None:
    """HHMM, from `"0030"`, `"00:30"` or the number 30; None if it is no time of day."""
    number = None if isinstance(value, str) else values.count(value, 2400)
    match = _TIME_OF_DAY.fullmatch(value if isinstance(value, str) else f"{number:04}" if number is not None else "")
    return match[1] + match[2] if match else None


def _created(value: object) -> datetime | None:
    """A moment from Unix seconds, or None."""
    seconds = values.count(value, 10**10)
    found = datetime.fromtimestamp(seconds, UTC) if seconds is not None else None
    return found if found is not None and values.FIRST_YEAR <= found.year <= values.LAST_YEAR else None


def _expires(value: object) -> date | None:
    """A date, from a date or a date and time."""
    found = values.moment(value)
    return found.date() if found is not None else values.day(value)
