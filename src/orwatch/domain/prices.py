"""What a million tokens costs: prices, discounts, ratios, changes and the gap between countries. Decimal arithmetic throughout.

Prices are USD per million tokens: the API's per-token decimal strings × 10⁶. Negative prices mark router models: they vary.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from itertools import pairwise

from msgspec import Struct

from orwatch.domain.catalogue import CatalogueModel, ObservedPrice, Pricing, per_million
from orwatch.domain.filters import Facts
from orwatch.domain.names import is_free, vendor_of

RECENT = timedelta(days=21)
"""How far back the recent change of a price looks."""


def unpriced(pricing: Pricing) -> bool:
    """Whether an entry has no input price to show: unknown, and not because it varies."""
    return pricing.prompt is None and (pricing.completion is None or pricing.completion >= 0)


def list_price(price: Decimal | None, discount: Decimal | None) -> Decimal | None:
    """Price ÷ (1 − discount); None where the discount is unknown or takes everything off."""
    if price is None or discount is None or not 0 <= discount < 1:
        return None
    return price / (1 - discount)


class PriceFigures(Struct, frozen=True):
    """What the prices table says of one catalogue entry.

    input, output, cached_input, list_input, list_output: USD per million tokens, None where unknown. discount: fraction, None where
    unknown. free: costs nothing. varies: a router, its price depends on the model it picks. context: tokens.
    input_ratio, output_ratio: to the baseline model's price. change: of the input price over `RECENT`, as a fraction.
    """

    id: str
    vendor: str
    input: Decimal | None
    output: Decimal | None
    cached_input: Decimal | None
    discount: Decimal | None
    list_input: Decimal | None
    list_output: Decimal | None
    free: bool
    varies: bool
    context: int | None
    open_weights: bool
    input_ratio: Decimal | None
    output_ratio: Decimal | None
    change: Decimal | None


def ratio(price: Decimal | None, base: Decimal | None) -> Decimal | None:
    """Price ÷ the baseline's price; None where either is unknown or the baseline is free."""
    return price / base if price is not None and base else None


def _told(pricing: Pricing) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    """Input, output and cached input in USD per million tokens; None where unknown or varying."""
    if pricing.varies:
        return None, None, None
    return per_million(pricing.prompt), per_million(pricing.completion), per_million(pricing.cache_read)


def costs_nothing(model: CatalogueModel) -> bool:
    """Whether an entry is free: by its prices, its discount or its variant."""
    pricing = model.pricing
    free = (pricing.prompt == 0 and pricing.completion == 0) or pricing.discount == 1 or is_free(model.id)
    return free and not pricing.varies


def price_figures(
    model: CatalogueModel, baseline: CatalogueModel | None = None, change: Decimal | None = None
) -> PriceFigures:
    """The figures of one entry, against a baseline if there is one."""
    pricing = model.pricing
    given, out, cached = _told(pricing)
    base_in = per_million(baseline.pricing.prompt) if baseline else None
    base_out = per_million(baseline.pricing.completion) if baseline else None
    return PriceFigures(
        id=model.id,
        vendor=vendor_of(model.id.lstrip("~")),
        input=given,
        output=out,
        cached_input=cached,
        discount=pricing.discount,
        list_input=list_price(given, pricing.discount),
        list_output=list_price(out, pricing.discount),
        free=costs_nothing(model),
        varies=pricing.varies,
        context=model.context,
        open_weights=model.open_weights,
        input_ratio=ratio(given, base_in),
        output_ratio=ratio(out, base_out),
        change=change,
    )


def recent_changes(history: Iterable[ObservedPrice], now: datetime) -> dict[str, Decimal]:
    """Fraction by which each input price differs from the one that held `RECENT` before `now`, or from the oldest seen since.

    history: oldest first. Only ids whose price moved are in it.
    """
    by_id: dict[str, list[ObservedPrice]] = {}
    for price in history:
        by_id.setdefault(price.id, []).append(price)
    out = {}
    for key, prices in by_id.items():
        before, after = held_before(prices, now).prompt, prices[-1].prompt
        if before is not None and after is not None and before > 0 and after >= 0 and after != before:
            out[key] = (after - before) / before
    return out


def held_before(history: Sequence[ObservedPrice], now: datetime) -> ObservedPrice:
    """The price that held `RECENT` before `now`, or the oldest seen since. history: of one id, oldest first, not empty."""
    return next((price for price in reversed(history) if price.observed_at <= now - RECENT), history[0])


def median(prices: Sequence[Decimal]) -> Decimal:
    """The middle price, or the mean of the two in the middle."""
    ordered = sorted(prices)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


ROTATION_CHANGES = 3
ROTATION_DAYS = 14
"""A price that moved so often within so many days, up and down, rotates between the hosts it is listed from."""


class Rotation(Struct, frozen=True):
    """How a price rotates. moves: changes within the last `ROTATION_DAYS` of its moving; days: from the first to the last."""

    moves: int
    days: int
    last: date


def rotation(history: Sequence[ObservedPrice]) -> Rotation | None:
    """How an input price rotated when it last moved, None where it did not.

    history: of one id, oldest first. Cuts that follow one another (or rises) are no rotation.
    """
    moves = [
        (now.observed_at, now.prompt > before.prompt)
        for before, now in pairwise(history)
        if now.prompt is not None and before.prompt is not None and now.prompt != before.prompt
    ]
    recent = [move for move in moves if moves[-1][0] - move[0] <= timedelta(days=ROTATION_DAYS)]
    if len(recent) < ROTATION_CHANGES or len({up for _, up in recent}) < 2:
        return None
    return Rotation(len(recent), max(1, (recent[-1][0] - recent[0][0]).days), recent[-1][0].date())


class Gap(Struct, frozen=True):
    """Country gap of one price: medians (USD per million) of CN and US, US ÷ CN, lowest, highest and number of prices of each."""

    cn: Decimal | None
    us: Decimal | None
    ratio: Decimal | None
    cn_low: Decimal | None
    cn_high: Decimal | None
    us_low: Decimal | None
    us_high: Decimal | None
    cn_count: int = 0
    us_count: int = 0


def gap(prices: Sequence[tuple[str | None, Decimal | None]]) -> Gap:
    """The gap over (country, price) pairs; only prices above zero count."""
    cn = [price for country, price in prices if country == "CN" and price]
    us = [price for country, price in prices if country == "US" and price]
    low = median(cn) if cn else None
    high = median(us) if us else None
    return Gap(
        cn=low,
        us=high,
        ratio=high / low if high is not None and low else None,
        cn_low=min(cn, default=None),
        cn_high=max(cn, default=None),
        us_low=min(us, default=None),
        us_high=max(us, default=None),
        cn_count=len(cn),
        us_count=len(us),
    )


def country_gap(models: Iterable[CatalogueModel], country_of: Callable[[str], str | None]) -> Mapping[str, Gap]:
    """Gaps of input and output over the models of the basis in the newest complete week (the caller gives those)."""
    told = [(country_of(model.id.lstrip("~")), _told(model.pricing)) for model in models]
    return {
        "input": gap([(country, given) for country, (given, _, _) in told]),
        "output": gap([(country, out) for country, (_, out, _) in told]),
    }


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
        return self.entry.id

    @cached_property
    def facts(self) -> Facts:
        """What filters can ask of it: made when the first one asks, for a catalogue is longer than any screen."""
        entry = self.entry
        slug, free = self.permaslug or entry.id, costs_nothing(entry)
        return Facts(slug, self.name, self.country, free, entry.open_weights)

    @cached_property
    def figures(self) -> PriceFigures:
        """What the table says of it: computed when it is first looked at, for a catalogue is longer than any screen."""
        return price_figures(self.entry, self.baseline, self.change)


class PriceList(Struct, frozen=True, dict=True):
    """The prices table, as they are or as they had been seen by a midnight.

    rows: ranked models first, in rank order, then the others by tokens of the newest day, then by name; those without a price
    come last, and free ones are left out where they do not count. base: the entry whose price is 1, None where no ranked model
    has one. gaps: of countries, by `input` and `output`. until: the midnight
    (UTC) before which the prices were seen; None: the newest. seen_at: when they were last seen, None where none were. since:
    when the cache first saw any. span: days that the recent price change looks back (up to 21).
    """

    rows: tuple[PriceRow, ...]
    base: CatalogueModel | None
    gaps: Mapping[str, Gap]
    until: datetime | None
    seen_at: datetime | None
    since: datetime | None
    span: int

    @property
    def baseline(self) -> str | None:
        """The id of its base."""
        return self.base.id if self.base else None

    @cached_property
    def moved(self) -> bool:
        """Whether a recent change is known of any of them."""
        return any(row.change is not None for row in self.rows)

    @cached_property
    def discounted(self) -> bool:
        """Whether a discount is known of any of them."""
        return any(row.entry.pricing.discount is not None for row in self.rows)
