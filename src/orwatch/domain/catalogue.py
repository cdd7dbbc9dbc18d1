"""The catalogue of models with their prices, and the providers that host them, as the API lists them; and what was seen of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property

from msgspec import Struct, field

from orwatch.domain.names import short_name, slug_name, variant_of, without_variant
from orwatch.domain.scores import Benchmarks

MILLION = Decimal(1_000_000)


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

    @property
    def varies(self) -> bool:
        """Whether it is a router's: its price depends on the model it picks."""
        return (self.prompt or 0) < 0 or (self.completion or 0) < 0


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

    @property
    def permaslug(self) -> str:
        """The ranked row that it belongs to: `canonical_slug[:variant]`."""
        variant = variant_of(self.id)
        return f"{self.canonical_slug}:{variant}" if variant else self.canonical_slug

    @property
    def short_name(self) -> str:
        """The name without vendor and variant; from the slug where it has none."""
        return short_name(self.name) if self.name else slug_name(self.canonical_slug)


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


def per_million(per_token: Decimal | None) -> Decimal | None:
    """USD per million tokens; None where unknown or varying (negative)."""
    if per_token is None or per_token < 0:
        return None
    price = (per_token * MILLION).normalize()
    exponent = price.as_tuple().exponent
    return price.quantize(Decimal(1)) if isinstance(exponent, int) and exponent > 0 else price


class Catalogue:
    """The entries of a catalogue, found by permaslug or id.

    The permaslug without its variant is an entry's `canonical_slug`; the variant picks the id. Some ranked slugs are not listed
    at all (cloaked models, embeddings, delisted variants): their name is one that is known otherwise, or made from the slug.

    models: where several are of one permaslug, the first of them counts. names: gives names that are known otherwise, by
    permaslug; it is called when the first is looked for.
    """

    def __init__(self, models: Iterable[CatalogueModel], names: Callable[[], Mapping[str, str]] = dict) -> None:
        self.models = tuple(models)
        self._names = names
        self.by_id = {model.id: model for model in self.models}
        self._entries = self.by_id | {model.permaslug: model for model in reversed(self.models)}
        self._kin = {model.canonical_slug: model for model in reversed(self.models)}

    def entry(self, permaslug: str) -> CatalogueModel | None:
        """The entry of a ranked row or an id; None where it is not listed."""
        return self._entries.get(permaslug)

    def kin(self, permaslug: str) -> CatalogueModel | None:
        """The entry, or that of any variant of the same model: for facts that variants share, never for prices."""
        return self.entry(permaslug) or self._kin.get(without_variant(permaslug))

    def name(self, permaslug: str) -> str:
        """The model's name without vendor and variant; from the slug where it is not known."""
        if (entry := self.kin(permaslug)) is not None:
            return entry.short_name
        name = self._known_names.get(without_variant(permaslug))
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


class CatalogueHistory(Struct, frozen=True, dict=True):
    """Models by id with all that was ever seen of them.

    prices: of the ids whose price has changed, oldest first. discounts: every change, oldest first. sightings: when each id was
    listed. seen_at: when the newest catalogue was observed, None where there is none.
    """

    models: Mapping[str, CatalogueModel]
    prices: Sequence[ObservedPrice]
    sightings: Mapping[str, Sighting]
    seen_at: datetime | None
    discounts: Sequence[ObservedDiscount] = ()

    @cached_property
    def by_id(self) -> dict[str, list[ObservedPrice]]:
        """Prices of each id that had more than one, aliases (`~`) aside."""
        out: dict[str, list[ObservedPrice]] = {}
        for price in self.prices:
            if not price.id.startswith("~"):
                out.setdefault(price.id, []).append(price)
        return out

    @cached_property
    def discounts_by_id(self) -> dict[str, list[tuple[datetime, Decimal | None]]]:
        """Discounts of each id (fractions) with the time they were observed."""
        out: dict[str, list[tuple[datetime, Decimal | None]]] = {}
        for found in self.discounts:
            out.setdefault(found.id, []).append((found.observed_at, found.discount))
        return out

    @cached_property
    def begins(self) -> datetime | None:
        """When the first catalogue was observed: what it lists is no news."""
        return min((seen.first_seen for seen in self.sightings.values()), default=None)

    @cached_property
    def models_begin(self) -> dict[str, datetime]:
        """When any variant of a model was first listed, by canonical slug."""
        out: dict[str, datetime] = {}
        for id_, seen in self.sightings.items():
            slug = without_variant(self.permaslug(id_))
            out[slug] = min(out.get(slug, seen.first_seen), seen.first_seen)
        return out

    def permaslug(self, id_: str) -> str:
        """The ranked row that an id belongs to; the id itself where no model has it."""
        model = self.models.get(id_)
        return id_ if model is None else model.permaslug

    def seen_until(self, id_: str) -> datetime:
        """When an id was last listed, or else when the newest price or discount of it was observed."""
        if (seen := self.sightings.get(id_)) is not None:
            return seen.last_seen
        prices, discounts = self.by_id.get(id_, []), self.discounts_by_id.get(id_, [])
        return max([price.observed_at for price in prices] + [at for at, _ in discounts])

    def first_new(self, id_: str) -> datetime:
        """When the model of an id was first listed, under whatever id: a variant that comes later is news of its own."""
        seen = self.sightings[id_].first_seen
        return max(self.models_begin.get(without_variant(self.permaslug(id_)), seen), self.begins or seen)
