"""What tokens cost: a band from low to high, always an estimate, with the share of the tokens that has a price beside it.

USD in decimal arithmetic. A free row costs 0 and is covered; a row without a price is left out. Discounts are in the price already;
batch prices and those of writing to a cache are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Annotated

from msgspec import Struct

from orwatch.domain.catalogue import MILLION, Pricing
from orwatch.domain.hosts import Host
from orwatch.domain.names import is_free
from orwatch.domain.overview import ModelRow
from orwatch.domain.periods import Period
from orwatch.domain.setting import setting

ZERO = Decimal(0)


class SpendSettings(Struct, frozen=True):
    """How tokens are taken to split: fractions of all tokens that are input, and of the input that is read from a cache."""

    low_input: Annotated[float, setting("Low end: input, of all tokens.", "a fraction from 0 to 1", ge=0, le=1)] = 0.98
    low_cached: Annotated[
        float, setting("Low end: read from a cache, of the input.", "a fraction from 0 to 1", ge=0, le=1)
    ] = 0.8
    high_input: Annotated[float, setting("High end: input, of all tokens.", "a fraction from 0 to 1", ge=0, le=1)] = 0.9
    high_cached: Annotated[
        float, setting("High end: read from a cache, of the input.", "a fraction from 0 to 1", ge=0, le=1)
    ] = 0.0


class Band(Struct, frozen=True):
    """USD: at the low end and at the high end."""

    low: Decimal = ZERO
    high: Decimal = ZERO

    def of(self, whole: Band) -> tuple[Decimal | None, Decimal | None]:
        """Its share of another band, low of low and high of high; None where that is nothing."""
        return (self.low / whole.low if whole.low else None, self.high / whole.high if whole.high else None)


FREE = Band()


def added(bands: Iterable[Band]) -> Band:
    listed = [*bands]
    return Band(sum((band.low for band in listed), ZERO), sum((band.high for band in listed), ZERO))


def is_priceless(permaslug: str, pricing: Pricing | None) -> bool:
    """Whether a row is known to cost nothing: its variant is free, or both of its prices are 0."""
    return is_free(permaslug) or (pricing is not None and pricing.prompt == 0 and pricing.completion == 0)


def estimate(permaslug: str, tokens: int, pricing: Pricing | None, settings: SpendSettings) -> Band | None:
    """What a row's tokens cost; None where it has no price, or one that varies."""
    if is_priceless(permaslug, pricing):
        return FREE
    if pricing is None:
        return None
    low = price_of_one(pricing, settings.low_input, settings.low_cached)
    high = price_of_one(pricing, settings.high_input, settings.high_cached)
    return None if low is None or high is None else Band(low * tokens, high * tokens)


def price_of_one(pricing: Pricing, given: float, cached: float = 0.0) -> Decimal | None:
    """USD of a token, on average. given: input, of all tokens; cached: of the input. None where a price is unknown or varies.

    Input is at its whole price where the cache has none of its own.
    """
    prompt, completion = pricing.prompt, pricing.completion
    if prompt is None or completion is None or prompt < 0 or completion < 0:
        return None
    reads = pricing.cache_read if pricing.cache_read is not None and pricing.cache_read >= 0 else prompt
    into, read = Decimal(str(given)), Decimal(str(cached))
    return into * (read * reads + (1 - read) * prompt) + (1 - into) * completion


def a_million(band: Band, tokens: int) -> Band | None:
    """USD for a million of the tokens that a band is of; None where there are none."""
    return Band(band.low / tokens * MILLION, band.high / tokens * MILLION) if tokens else None


class Skew(Struct, frozen=True):
    """What part of all tokens cost less than they will, or nothing: fractions, free rows in none but the first.

    free. shown: the listed price is one of a host with a discount. some, every: some or all of the hosts give one. None: no host of
    any row is known. seen_at: when the prices were seen, None where none were.
    """

    free: float
    shown: float | None
    some: float | None
    every: float | None
    seen_at: datetime | None


class Row(Struct, frozen=True):
    """A ranked row with what it costs. pricing: as listed, with its discount; None where it is not. hosts: () where unknown."""

    permaslug: str
    tokens: int
    pricing: Pricing | None
    hosts: tuple[Host, ...]


def skew(rows: Sequence[Row], total: int, seen_at: datetime | None) -> Skew:
    """Free and discounted shares of all tokens. total: of all tokens of the period."""
    paid = [row for row in rows if not is_priceless(row.permaslug, row.pricing)]
    free = sum(row.tokens for row in rows) - sum(row.tokens for row in paid)
    if not total or not any(row.hosts for row in rows):
        return Skew(free / total if total else 0.0, None, None, None, seen_at)

    def share(costs_less: Callable[[Row], bool]) -> float:
        return sum(row.tokens for row in paid if costs_less(row)) / total

    return Skew(
        free / total,
        share(lambda row: row.pricing is not None and bool(row.pricing.discount)),
        share(lambda row: any(host.pricing.discount for host in row.hosts)),
        share(lambda row: bool(row.hosts) and all(host.pricing.discount for host in row.hosts)),
        seen_at,
    )


class SpendRow(Struct, frozen=True):
    """A model, or a country with what its models cost.

    key: a permaslug or a country; None: unattributed rows. share: of all tokens. band: None where no price of it is known; covered:
    tokens of it that have one. free: it costs nothing. token_rank: by tokens, of a country None. blend: USD per million tokens,
    nothing read from a cache. pricing: that it is estimated by. model: its row of the rankings, of a country None. rank: by what it
    costs at most. share_low, share_high: of all spend, at both ends.
    """

    key: str | None
    name: str
    country: str | None
    tokens: int
    share: float
    band: Band | None
    covered: int
    free: bool
    token_rank: int | None = None
    blend: Decimal | None = None
    pricing: Pricing | None = None
    model: ModelRow | None = None
    rank: int = 0
    share_low: Decimal | None = None
    share_high: Decimal | None = None


class Spend(Struct, frozen=True):
    """The estimate of a period.

    today: at prices that the cache saw only after the period. seen_at: when the prices were seen; None where none were by then.
    input: the part of a blend that is input (0 to 1).
    total, named: tokens, of all and of the rows of the basis. rows: by their high end, those without a price last. countries: the
    same by country, unattributed rows under None.
    """

    period: Period
    settings: SpendSettings
    today: bool
    seen_at: datetime | None
    input: float
    total: int
    named: int
    rows: tuple[SpendRow, ...]
    countries: tuple[SpendRow, ...]

    @property
    def whole(self) -> Band:
        """Of all rows that have a price."""
        return added(row.band for row in self.rows if row.band is not None)

    @property
    def known(self) -> bool:
        """Whether the price of anything that is not free is known."""
        return any(row.band is not None and not row.free for row in self.rows)

    @property
    def covered(self) -> int:
        """Tokens that have a price, or are free."""
        return sum(row.covered for row in self.rows)

    @property
    def coverage(self) -> float:
        """Their part of all tokens."""
        return self.covered / self.total if self.total else 0.0

    @property
    def unpriced(self) -> Sequence[SpendRow]:
        """Rows of the basis that are left out."""
        return [row for row in self.rows if row.band is None]
