"""Alerts about what the cache saw of prices: `price-change`, `discount` and `free`.

Some listed prices rotate between upstream hosts. A price is told once it has stood for a day and differs enough from the one
told last; the first one seen of a model counts as told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from decimal import Context, Decimal
from typing import Annotated, NamedTuple, TypeVar

from orwatch.domain.alerts.catalogue_history import CatalogueHistory
from orwatch.domain.alerts.records import Alert, Severity, Value, day_alert
from orwatch.domain.alerts.rule import Observed, Rule, fraction, in_hours
from orwatch.domain.catalogue import ObservedPrice
from orwatch.domain.names import variant_of
from orwatch.domain.prices import per_million

LOOKED_EVERY = timedelta(hours=1)
"""How far apart two looks at the catalogue are: a price may have been gone for as long when that was seen."""

_NOISE = Context(prec=6)
_Figure = TypeVar("_Figure", Decimal, bool)


class Move(NamedTuple):
    """A price (USD per million) or discount that stood long enough, and the one told before it."""

    before: Decimal
    now: Decimal


class PriceChange(Rule, frozen=True):
    """`price-change`: a price differs from the last one told."""

    change: Annotated[float, fraction("The smallest difference from the price told last.")] = 0.07
    hours: Annotated[float, in_hours("How long a new price must have stood.")] = 24.0

    def find(self, observed: Observed) -> Iterable[Alert]:
        """Every lasting change of a price."""
        return price_alerts(observed.catalogue, self)


class Discount(Rule, frozen=True):
    """`discount`: a discount begins, ends or changes."""

    points: Annotated[float, fraction("The smallest change of a discount, of the list price.")] = 0.05
    hours: Annotated[float, in_hours("How long a new discount must have stood.")] = 24.0

    def find(self, observed: Observed) -> Iterable[Alert]:
        """Every lasting change of a discount."""
        return discount_alerts(observed.catalogue, self)


class Free(Rule, frozen=True):
    """`free`: a model starts or ends being free."""

    hours: Annotated[float, in_hours("How long the change must have stood.")] = 24.0

    def find(self, observed: Observed) -> Iterable[Alert]:
        """Every lasting start and end."""
        return free_alerts(observed.catalogue, self)


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


def price_alerts(catalogue: CatalogueHistory, rule: PriceChange) -> list[Alert]:
    """Every lasting change of an input or output price, one alert for both, by time.

    A price that becomes zero, or stops being it, belongs to `free`. A variant that changes together with its model is not told
    beside it. Aliases (`~`) are not told.
    """

    def differs(told: Decimal, now: Decimal) -> bool:
        return not told or not now or abs(now - told) >= Decimal(str(rule.change)) * told

    found: dict[tuple[datetime, str], Alert] = {}
    for id_, observed in catalogue.by_id.items():
        if len(observed) == 1:
            continue  # the first price is no change, and few have another: looked at by every refresh
        until = catalogue.seen_until(id_)
        moves: dict[datetime, dict[str, Move]] = {}
        for name in ("input", "output"):
            series = [(price.observed_at, _usd(price, name)) for price in observed]
            for at, told, now in lasting(series, until, rule.hours, differs):
                if told and now:
                    moves.setdefault(at, {})[name] = Move(told, now)
        for at, pair in moves.items():
            found[at, id_] = _price_alert(catalogue, rule, id_, at, pair)
    return [
        alert
        for (at, id_), alert in sorted(found.items())
        if not variant_of(id_) or (at, id_.partition(":")[0]) not in found
    ]


def _usd(price: ObservedPrice, name: str) -> Decimal | None:
    """USD per million, six digits; None where unknown, and for both where either varies."""
    pair = (price.prompt, price.completion)
    if any(figure is not None and figure < 0 for figure in pair):
        return None
    figure = per_million(pair[0] if name == "input" else pair[1])
    return None if figure is None else _NOISE.plus(figure).normalize()


def _price_alert(
    catalogue: CatalogueHistory, rule: PriceChange, id_: str, at: datetime, moves: dict[str, Move]
) -> Alert:
    values: dict[str, Value] = {"model": catalogue.permaslug(id_)}
    for name, move in moves.items():
        values[name] = f"{move.now:f}"
        values[f"{name}_before"] = f"{move.before:f}"
        values[f"{name}_change"] = float((move.now - move.before) / move.before)
    first = moves.get("input") or moves["output"]
    direction = "up" if first.now > first.before else "down"
    return day_alert(
        "price-change",
        Severity.NOTABLE,
        id_,
        at,
        values,
        threshold=f"{rule.change:g}",
        direction=direction,
        after=timedelta(hours=rule.hours),
    )


def discount_alerts(catalogue: CatalogueHistory, rule: Discount) -> list[Alert]:
    """Every lasting discount that begins, ends or changes by the rule's points, by time."""

    def differs(told: Decimal, now: Decimal) -> bool:
        return told != now and (not told or not now or abs(now - told) >= Decimal(str(rule.points)))

    alerts = []
    for id_, observed in catalogue.discounts_by_id.items():
        for at, told, now in lasting(observed, catalogue.seen_until(id_), rule.hours, differs):
            values: dict[str, Value] = {
                "model": catalogue.permaslug(id_),
                "discount": float(now),
                "discount_before": float(told),
            }
            direction = "starts" if not told else "ends" if not now else "up" if now > told else "down"
            after = timedelta(hours=rule.hours)
            alerts.append(
                day_alert(
                    "discount",
                    Severity.NOTABLE,
                    id_,
                    at,
                    values,
                    threshold=f"{now:g}",
                    direction=direction,
                    after=after,
                )
            )
    return sorted(alerts, key=lambda alert: (alert.dated, alert.id))


def free_alerts(catalogue: CatalogueHistory, rule: Free) -> list[Alert]:
    """Every model that starts or ends being free, by time: its price becomes zero or stops being it, or its `:free` variant
    is listed or taken off. A free variant that is listed together with its model is told as new.
    """
    after = timedelta(hours=rule.hours)
    alerts = []

    def tell(id_: str, at: datetime, free: bool) -> None:
        values: dict[str, Value] = {"model": catalogue.permaslug(id_), "free": free}
        direction = "starts" if free else "ends"
        alerts.append(
            day_alert("free", Severity.NOTABLE, id_, at, values, threshold="", direction=direction, after=after)
        )

    for id_, observed in catalogue.by_id.items():
        if variant_of(id_) != "free":
            if len(observed) == 1:
                continue
            series = [(price.observed_at, _is_free(price)) for price in observed]
            for at, _, free in lasting(series, catalogue.seen_until(id_), rule.hours, lambda told, now: told != now):
                tell(id_, at, free)
            continue
        seen = catalogue.sightings.get(id_)
        if seen is None or catalogue.seen_at is None:
            continue
        if seen.first_seen > catalogue.first_new(id_) and seen.last_seen - seen.first_seen >= after:
            tell(id_, seen.first_seen, True)
        if not seen.present and catalogue.seen_at - seen.last_seen >= after:
            tell(id_, seen.last_seen, False)
    return sorted(alerts, key=lambda alert: (alert.dated, alert.id))


def _is_free(price: ObservedPrice) -> bool | None:
    given, out = _usd(price, "input"), _usd(price, "output")
    return None if given is None or out is None else not given and not out
