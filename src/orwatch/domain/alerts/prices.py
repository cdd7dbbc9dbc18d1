"""Alerts about what the cache saw of prices: `price-change`, `discount`, `free`, and `price-crosses`, an alarm at a value.

Some listed prices rotate between upstream hosts. A price is told once it has stood for a day and differs enough from the one
told last; the first one seen of a model counts as told. Aliases (`~`) are not told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from decimal import Context, Decimal
from typing import Annotated, Final, Literal, TypeVar

from msgspec import Meta

from orwatch.domain.alerts.alert import Alert, Severity, Value, day_alert
from orwatch.domain.alerts.rule import ListedRule, Observed, Rule, fraction, in_hours
from orwatch.domain.catalogue import CatalogueHistory, ObservedPrice, per_million
from orwatch.domain.names import is_free, variant_of, without_variant
from orwatch.domain.setting import setting

LOOKED_EVERY = timedelta(hours=1)
"""How far apart two looks at the catalogue are: a price may have been gone for as long when that was seen."""

PRICES: Final[Mapping[str, Callable[[ObservedPrice], Decimal | None]]] = {
    "input": lambda price: price.prompt,
    "output": lambda price: price.completion,
    "cached_input": lambda price: price.cache_read,
}
"""The prices that are judged, each for itself, by the name of their values: USD per token."""

_NOISE = Context(prec=6)
_Figure = TypeVar("_Figure", Decimal, bool)


class PriceChange(ListedRule, frozen=True):
    """A lasting change of the input, output or cached input price, one alert for those that change together.

    A price that becomes zero, or stops being it, belongs to `free`. A variant that changes together with its model is not told
    beside it.
    """

    change: Annotated[float, fraction("The smallest difference from the price told last.")] = 0.07
    hours: Annotated[float, in_hours("How long a new price must have stood.")] = 24.0

    def find(self, observed: Observed) -> Iterator[Alert]:
        catalogue = observed.catalogue
        changes: dict[tuple[datetime, str], dict[str, tuple[Decimal, Decimal]]] = {}
        for id_, prices in catalogue.by_id.items():
            for name in PRICES:
                series = [(price.observed_at, _usd(price, name)) for price in prices]
                for at, told, now in lasting(series, catalogue.seen_until(id_), self.hours, self._differs):
                    if told and now:
                        changes.setdefault((at, id_), {})[name] = (told, now)
        for (at, id_), pair in changes.items():
            if not variant_of(id_) or (at, without_variant(id_)) not in changes:
                yield self._alert(id_, catalogue.permaslug(id_), at, pair)

    def _differs(self, told: Decimal, now: Decimal) -> bool:
        return not told or not now or abs(now - told) >= Decimal(str(self.change)) * told

    def _alert(self, id_: str, model: str, at: datetime, pair: dict[str, tuple[Decimal, Decimal]]) -> Alert:
        values: dict[str, Value] = {"model": model}
        for name, (told, now) in pair.items():
            values[name] = f"{now:f}"
            values[f"{name}_before"] = f"{told:f}"
            values[f"{name}_change"] = float((now - told) / told)
        told, now = next(pair[name] for name in PRICES if name in pair)
        direction, after = "up" if now > told else "down", timedelta(hours=self.hours)
        mark = f"{self.change:g}"
        return day_alert("price-change", Severity.NOTABLE, id_, at, values, mark, direction, after)


def dollars(given: object) -> float:
    """A price in USD per million tokens. Raises ValueError for what is none."""
    if isinstance(given, bool) or not isinstance(given, str | int | float) or not 0 <= (value := float(given)) < 1e6:
        raise ValueError
    return value


def _alarm(description: str) -> Meta:
    return setting(
        f"{description}, in USD per million tokens.", "USD per million tokens, or never", unset="never", reader=dollars
    )


class PriceCrosses(Rule, frozen=True):
    """An alarm: a price of one model comes down to a value, or up to one.

    It fires at once, and again only after the price has stood on the other side for the hours: a price that rotates between hosts
    does not fire at each turn. Where the first price that was seen is past the value, nothing is crossed.
    """

    model: Annotated[str | None, setting("The model that is watched; without one nothing is.", "a model's id")] = None
    price: Annotated[Literal["input", "output", "cached_input"], setting("Which of its prices.")] = "input"
    at_most: Annotated[float | None, _alarm("Fires when the price has come down to this")] = None
    at_least: Annotated[float | None, _alarm("Fires when the price has come up to this")] = None
    hours: Annotated[float, in_hours("How long the price must stand on the other side before it fires again.")] = 24.0

    @property
    def active(self) -> bool:
        return self.on and self.model is not None and (self.at_most, self.at_least) != (None, None)

    def watches(self, catalogue: CatalogueHistory, id_: str) -> bool:
        """Whether an id of the catalogue is the model, which may be given by its id or as it is ranked."""
        return self.model is not None and self.model.lower() in (id_.lower(), catalogue.permaslug(id_).lower())

    def find(self, observed: Observed) -> Iterator[Alert]:
        for id_, prices in observed.catalogue.by_id.items():
            if self.watches(observed.catalogue, id_):
                seen = [
                    (price.observed_at, figure) for price in prices if (figure := _usd(price, self.price)) is not None
                ]
                for side, mark in (("at most", self.at_most), ("at least", self.at_least)):
                    if mark is not None:
                        yield from self._crossed(observed.catalogue, id_, seen, side, Decimal(str(mark)))

    def _crossed(
        self, catalogue: CatalogueHistory, id_: str, seen: list[tuple[datetime, Decimal]], side: str, mark: Decimal
    ) -> Iterator[Alert]:
        """seen: each change of the price with its time, oldest first."""
        away_since: datetime | None = None
        armed = False
        for n, (at, price) in enumerate(seen):
            if not (price <= mark if side == "at most" else price >= mark):
                away_since = away_since or at
                armed = armed or n == 0
                continue
            if away_since is not None and (armed or at - away_since >= timedelta(hours=self.hours)):
                values: dict[str, Value] = {
                    "model": catalogue.permaslug(id_),
                    "price": self.price,
                    "now": f"{price:f}",
                    "before": f"{seen[n - 1][1]:f}",
                    "mark": f"{mark:f}",
                }
                direction = f"{self.price} {side}"
                yield day_alert("price-crosses", Severity.NOTABLE, id_, at, values, f"{mark:f}", direction)
            away_since, armed = None, False


class Discount(ListedRule, frozen=True):
    """A lasting discount that begins, ends or changes."""

    points: Annotated[float, fraction("The smallest change of a discount, of the list price.")] = 0.05
    hours: Annotated[float, in_hours("How long a new discount must have stood.")] = 24.0

    def find(self, observed: Observed) -> Iterator[Alert]:
        catalogue, after = observed.catalogue, timedelta(hours=self.hours)
        for id_, discounts in catalogue.discounts_by_id.items():
            for at, told, now in lasting(discounts, catalogue.seen_until(id_), self.hours, self._differs):
                values: dict[str, Value] = {
                    "model": catalogue.permaslug(id_),
                    "discount": float(now),
                    "discount_before": float(told),
                }
                direction = "starts" if not told else "ends" if not now else "up" if now > told else "down"
                yield day_alert("discount", Severity.NOTABLE, id_, at, values, f"{now:g}", direction, after)

    def _differs(self, told: Decimal, now: Decimal) -> bool:
        return told != now and (not told or not now or abs(now - told) >= Decimal(str(self.points)))


class Free(ListedRule, frozen=True):
    """A model starts or ends being free: its price becomes zero or stops being it, or its `:free` variant is listed or taken off.

    A free variant that is listed together with its model is told as new.
    """

    hours: Annotated[float, in_hours("How long the change must have stood.")] = 24.0

    def find(self, observed: Observed) -> Iterator[Alert]:
        catalogue, after = observed.catalogue, timedelta(hours=self.hours)
        variants = [id_ for id_ in catalogue.sightings if is_free(id_) and not id_.startswith("~")]
        for id_ in dict.fromkeys((*catalogue.by_id, *variants)):
            for at, free in self._changes(observed, id_):
                values: dict[str, Value] = {"model": catalogue.permaslug(id_), "free": free}
                direction = "starts" if free else "ends"
                yield day_alert("free", Severity.NOTABLE, id_, at, values, "", direction, after)

    def _changes(self, observed: Observed, id_: str) -> Iterator[tuple[datetime, bool]]:
        """When an id became free, or stopped being it."""
        catalogue, after = observed.catalogue, timedelta(hours=self.hours)
        if not is_free(id_):
            series = [(price.observed_at, _is_free(price)) for price in catalogue.by_id[id_]]
            for at, _, free in lasting(series, catalogue.seen_until(id_), self.hours, lambda told, now: told != now):
                yield at, free
            return
        seen = catalogue.sightings.get(id_)
        if seen is None or catalogue.seen_at is None:
            return
        if seen.first_seen > catalogue.first_new(id_) and seen.last_seen - seen.first_seen >= after:
            yield seen.first_seen, True
        if not seen.present and catalogue.seen_at - seen.last_seen >= after:
            yield seen.last_seen, False


def lasting(
    observed: Iterable[tuple[datetime, _Figure | None]],
    until: datetime,
    hours: float,
    differs: Callable[[_Figure, _Figure], bool],
) -> Iterator[tuple[datetime, _Figure, _Figure]]:
    """The time, the figure told before and the new one, of every figure that stood for `hours` and differs from the one told.

    observed: each change with its time, oldest first; None: unknown then. until: when the last of them was still seen.
    """
    runs: list[tuple[datetime, _Figure | None]] = []
    for at, figure in observed:
        if not runs or runs[-1][1] != figure:
            runs.append((at, figure))
    needed = timedelta(hours=hours)
    told: _Figure | None = None
    for n, (at, figure) in enumerate(runs):
        if figure is None:
            continue
        if told is None:
            told = figure
            continue
        last = n == len(runs) - 1
        stood = until - at >= needed if last else runs[n + 1][0] - at >= needed + LOOKED_EVERY
        if stood and differs(told, figure):
            yield at, told, figure
            told = figure


def _usd(price: ObservedPrice, name: str) -> Decimal | None:
    """USD per million, six digits; None where unknown, and for all where one varies."""
    if any(figure is not None and figure < 0 for figure in (price.prompt, price.completion)):
        return None
    figure = per_million(PRICES[name](price))
    return None if figure is None else _NOISE.plus(figure).normalize()


def _is_free(price: ObservedPrice) -> bool | None:
    given, out = _usd(price, "input"), _usd(price, "output")
    return None if given is None or out is None else not given and not out
