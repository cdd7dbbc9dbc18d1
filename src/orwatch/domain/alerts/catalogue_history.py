"""What the cache saw of the catalogue over time: what rules about prices and listings look at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from functools import cached_property

from msgspec import Struct

from orwatch.domain.catalogue import CatalogueModel, ObservedDiscount, ObservedPrice, Sighting
from orwatch.domain.names import variant_of, without_variant


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
        """The ranked row that an id belongs to: `canonical_slug[:variant]`."""
        model, variant = self.models.get(id_), variant_of(id_)
        if model is None:
            return id_
        return f"{model.canonical_slug}:{variant}" if variant else model.canonical_slug

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
