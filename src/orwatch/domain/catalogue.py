"""Records of the model catalogue and of the providers that host models, as the API lists them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from msgspec import Struct, field

from orwatch.domain.benchmarks import Benchmarks


class Override(Struct, frozen=True):
    """A conditional price: USD per token, where the condition holds.

    min_prompt_tokens: from this prompt length on. utc_start, utc_end: between these times of day, as HHMM (UTC).
    """

    prompt: Decimal | None = None
    completion: Decimal | None = None
    cache_read: Decimal | None = None
    min_prompt_tokens: int | None = None
    utc_start: str | None = None
    utc_end: str | None = None


class Pricing(Struct, frozen=True):
    """Prices in USD per token, exactly as listed; None where the catalogue gives none. Negative: the price varies.

    discount: the fraction taken off the list price (0 to 1), None where unknown.
    """

    prompt: Decimal | None = None
    completion: Decimal | None = None
    cache_read: Decimal | None = None
    discount: Decimal | None = None
    overrides: tuple[Override, ...] = ()


class CatalogueModel(Struct, frozen=True):
    """One entry of the catalogue.

    id: with its variant (`author/slug:free`), what a caller asks for. canonical_slug: permanent, without variant; several ids can
    share one. open_weights: weights are published. created: when it was listed. context: tokens. expires: the day it is taken
    off, None where none is announced. benchmarks: empty where the catalogue has none, None where they were not read.
    """

    id: str
    canonical_slug: str
    name: str
    open_weights: bool = False
    created: datetime | None = None
    context: int | None = None
    pricing: Pricing = field(default_factory=Pricing)
    expires: date | None = None
    benchmarks: Benchmarks | None = None


class ObservedPrice(Struct, frozen=True):
    """A price as the cache first saw it: it held from `observed_at` until the next one of the same id.

    prompt, completion, cache_read: USD per token, None where the catalogue gave none.
    """

    id: str
    observed_at: datetime
    prompt: Decimal | None
    completion: Decimal | None
    cache_read: Decimal | None


class ObservedDiscount(Struct, frozen=True):
    """A discount (fraction off the list price) as the cache first saw it: it held from `observed_at` until the next of its id."""

    id: str
    observed_at: datetime
    discount: Decimal


class Sighting(Struct, frozen=True):
    """When an entry was first and last listed. present: it is in the newest catalogue."""

    first_seen: datetime
    last_seen: datetime
    present: bool


class Provider(Struct, frozen=True):
    """A company that runs models. headquarters: ISO 3166-1 alpha-2, None where unknown."""

    slug: str
    name: str
    headquarters: str | None = None
