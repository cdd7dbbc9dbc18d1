"""Words of `price-change`, `price-crosses`, `discount` and `free`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Final

from orwatch.domain.alerts.alert import Alert
from orwatch.present.alerts.words import Told, Words
from orwatch.present.formats import percent, plural, price, signed, told_apart

PRICES: Final = {"input": "input", "output": "output", "cached_input": "cached input"}
"""The prices of a model in words, by what their values are called."""


def several(alerts: Sequence[Alert]) -> str:
    """`9 price changes`; `3 price alerts`, where discounts or free offers are among them."""
    return plural(
        len(alerts), "price change" if all(alert.rule == "price-change" for alert in alerts) else "price alert"
    )


def _usd(told: Told, key: str) -> str:
    return price(Decimal(str(told[key])))


def _short(value: Callable[[Told], str]) -> Callable[[Told], str]:
    """The value with less of a word for output."""
    return lambda told: value(told).replace("output ", "out ")


def _first(told: Told) -> str:
    """Which price stands for the change: the input price, where it changed, else output, else cached input."""
    return next(name for name in PRICES if name in told.alert.values)


def _which(name: str) -> str:
    """A word for the price before its figure; none for the input price."""
    return "" if name == "input" else f"{PRICES[name].split()[0]} "


def _price_message(told: Told) -> str:
    parts = []
    for name, words in PRICES.items():
        if name in told.alert.values:
            change = told[f"{name}_change"]
            moved = f"{'up' if change > 0 else 'down'} {percent(abs(change))}%"
            parts.append(f"{words} {moved}, ${_usd(told, f'{name}_before')} to ${_usd(told, name)}")
    return f"{told.model} changes its price per million tokens: {'; '.join(parts)}, {told.seen}"


def _price_value(told: Told) -> str:
    name = _first(told)
    return f"{_which(name)}{signed(told[f'{name}_change'], 0)}% to {_usd(told, name)}"


def _price_own(told: Told, _: str) -> str:
    name = _first(told)
    return f"{PRICES[name]} {_usd(told, f'{name}_before')} → {_usd(told, name)}"


def _mark(told: Told) -> str:
    """`≤ 0.10`: what an alarm waits for."""
    sign = "≤" if told.alert.direction.endswith("most") else "≥"
    return f"{sign} {_usd(told, 'mark')}"


def _alarm_message(told: Told) -> str:
    moves = "falls" if told.alert.direction.endswith("most") else "rises"
    to = f"${_usd(told, 'now')} per million tokens ({_mark(told)}) from ${_usd(told, 'before')}"
    return f"{told.model}: the {PRICES[told['price']]} price {moves} to {to}, {told.seen}"


def _alarm_value(told: Told) -> str:
    return f"{_which(told['price'])}{_usd(told, 'now')} {_mark(told)}"


def _discount_message(told: Told) -> str:
    now, before = told["discount"], told["discount_before"]
    if not now:
        return f"{told.model} is no longer sold below its list price: it was {percent(before, 0)}% off, {told.seen}"
    off, was = told_apart(percent, now, before)
    after = f", after {was}%" if before else ""
    return f"{told.model} is sold at {off}% off its list price{after}, {told.seen}"


def _free_message(told: Told) -> str:
    name = told.names.get(told["model"], told["model"].partition(":")[0])
    return f"{name} {'is free now' if told['free'] else 'is free no longer'}, {told.seen}"


WORDS: Final = {
    "price-change": Words(
        "price",
        _price_message,
        _price_value,
        brief=_short(_price_value),
        own=_price_own,
        own_value=lambda told: f"{signed(told[f'{_first(told)}_change'])}%",
    ),
    "price-crosses": Words(
        "alarm", _alarm_message, _alarm_value, brief=_short(_alarm_value), own="price", title="Price alarm"
    ),
    "discount": Words(
        "discount",
        _discount_message,
        lambda told: f"{percent(told['discount'], 0)}% off" if told["discount"] else "ended",
        own="off the list price",
    ),
    "free": Words("free", _free_message, lambda told: "starts" if told["free"] else "ended", own="free of charge"),
}
