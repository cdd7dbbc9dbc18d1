"""The catalogue of models with their prices, and the providers that host them, as the API lists them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property

from msgspec import Struct, field

from orwatch.domain.benchmarks import Benchmarks
from orwatch.domain.names import short_name, slug_name, variant_of, without_variant


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


def sold_as(context: int) -> int:
    """A context length in the round number that vendors name: 256,000 for 262,144, a million for 1,048,576 and 1,050,000."""
    if context < 1000:
        return context
    kilo = round(context / 1024 if context % 1024 == 0 and context % 1000 else context / 1000)
    if kilo < 1000:
        return kilo * 1000
    million = context / 10**6
    near = round(million)
    return near * 10**6 if abs(million - near) <= 0.06 * near else round(million * 10) * 10**5


class Catalogue:
    """The entries of a catalogue, found by permaslug or id.

    The permaslug without its variant is an entry's `canonical_slug`; the variant picks the id. Some ranked slugs are not listed
    at all (cloaked models, embeddings, delisted variants): their name is one that is known otherwise, or made from the slug.

    names: gives such names by permaslug; it is called when the first is looked for.
    """

    def __init__(self, models: Iterable[CatalogueModel], names: Callable[[], Mapping[str, str]] = dict) -> None:
        self.models = tuple(models)
        self._names = names
        self.by_id = {model.id: model for model in self.models}
        self._kin: dict[str, tuple[CatalogueModel, ...]] = {}
        for model in self.models:
            self._kin[model.canonical_slug] = (*self._kin.get(model.canonical_slug, ()), model)

    def entry(self, permaslug: str) -> CatalogueModel | None:
        """The entry of a ranked row or an id; None where it is not listed."""
        base, _, variant = permaslug.partition(":")
        own = (model for model in self._kin.get(base, ()) if variant_of(model.id) == variant)
        return next(own, None) or self.by_id.get(permaslug)

    def kin(self, permaslug: str) -> CatalogueModel | None:
        """The entry, or that of any variant of the same model: for facts that variants share, never for prices."""
        return self.entry(permaslug) or next(iter(self._kin.get(without_variant(permaslug), ())), None)

    def name(self, permaslug: str) -> str:
        """The model's name without vendor and variant; from the slug where it is not known."""
        entry = self.kin(permaslug)
        name = entry.name if entry else self._known_names.get(without_variant(permaslug))
        return short_name(name) if name else slug_name(permaslug)

    @cached_property
    def _known_names(self) -> Mapping[str, str]:
        return self._names()


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
