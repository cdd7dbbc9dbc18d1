"""What a million tokens costs: the price of each model of the catalogue, and the gap between countries."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from functools import cached_property

from msgspec import Struct

from orwatch.domain.catalogue import CatalogueModel
from orwatch.domain.filters import Facts
from orwatch.domain.prices import Gap, PriceFigures, costs_nothing, price_figures
from orwatch.domain.vendors import country_name


class PriceRow(Struct, frozen=True, dict=True):
    """A row of the prices table.

    entry: of the catalogue. baseline: the one whose price is 1, None where there is none. change: recent change of the input
    price, as a fraction. permaslug: the ranked row it belongs to, None where it is not among them.
    """

    entry: CatalogueModel
    baseline: CatalogueModel | None
    change: Decimal | None
    name: str
    country: str | None
    permaslug: str | None

    @property
    def id(self) -> str:
        """The entry's."""
        return self.entry.id

    @cached_property
    def facts(self) -> Facts:
        """What filters can ask of it: made when the first one asks, for a catalogue is longer than any screen."""
        entry, country = self.entry, self.country
        return Facts(
            permaslug=self.permaslug or entry.id,
            name=self.name,
            country=country,
            country_name=country_name(country) if country else "unattributed",
            free=costs_nothing(entry),
            open_weights=entry.open_weights,
        )

    @cached_property
    def figures(self) -> PriceFigures:
        """What the table says of it: computed when it is first looked at, for a catalogue is longer than any screen."""
        return price_figures(self.entry, self.baseline, self.change)


class PriceList(Struct, frozen=True, dict=True):
    """The prices table, as they are or as they had been seen by a midnight.

    rows: ranked models first, in rank order, then the others by tokens of the newest day, then by name; those without a price
    come last, and free ones are left out where they do not count. baseline: the id whose price is 1, None where no ranked model
    has one. gaps: of countries, by `input` and `output`. until: the midnight
    (UTC) before which the prices were seen; None: the newest. seen_at: when they were last seen, None where none were. since:
    when the cache first saw any. span: days that the recent price change looks back (up to 21).
    """

    rows: tuple[PriceRow, ...]
    baseline: str | None
    gaps: Mapping[str, Gap]
    until: datetime | None
    seen_at: datetime | None
    since: datetime | None
    span: int

    @cached_property
    def moved(self) -> bool:
        """Whether a recent change is known of any of them."""
        return any(row.change is not None for row in self.rows)

    @cached_property
    def discounted(self) -> bool:
        """Whether a discount is known of any of them."""
        return any(row.entry.pricing.discount is not None for row in self.rows)

    def name_of(self, id_: str | None) -> str | None:
        """The name of one of its models."""
        return next((row.name for row in self.rows if row.id == id_), None)
