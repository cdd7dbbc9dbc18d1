"""Words of `price-change`, `price-crosses`, `discount` and `free`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Final

from orwatch.domain.alerts.alert import Alert
from orwatch.present.alerts.words import Names, Words, model_of, number, seen
from orwatch.present.formats import percent, plural, price, signed, told_apart

PRICES: Final = {"input": "input", "output": "output", "cached_input": "cached input"}
"""The prices of a model in words, by what their values are called."""


def several(alerts: Sequence[Alert]) -> str:
    """`9 price changes`; `3 price alerts`, where discounts or free offers are among them."""
    return plural(
        len(alerts), "price change" if all(alert.rule == "price-change" for alert in alerts) else "price alert"
    )


def _usd(alert: Alert, key: str) -> str:
    return price(Decimal(str(alert.values[key])))


def _short(value: Callable[[Alert, Names], str]) -> Callable[[Alert, Names], str]:
    """The value with less of a word for output."""
    return lambda alert, names: value(alert, names).replace("output ", "out ")


def _first(alert: Alert) -> str:
    """Which price stands for the change: the input price, where it changed, else output, else cached input."""
    return next(name for name in PRICES if name in alert.values)


def _price_message(alert: Alert, names: Names) -> str:
    parts = []
    for name, words in PRICES.items():
        if name in alert.values:
            change = number(alert, f"{name}_change")
            moved = f"{'up' if change > 0 else 'down'} {percent(abs(change))}%"
            parts.append(f"{words} {moved}, ${_usd(alert, f'{name}_before')} to ${_usd(alert, name)}")
    return f"{model_of(alert, names)} changes its price per million tokens: {'; '.join(parts)}, {seen(alert)}"


def _price_value(alert: Alert, _: Names) -> str:
    name = _first(alert)
    which = "" if name == "input" else f"{PRICES[name].split()[0]} "
    return f"{which}{signed(number(alert, f'{name}_change'), 0)}% to {_usd(alert, name)}"


def _price_own(alert: Alert, _: str, __: Names) -> str:
    name = _first(alert)
    return f"{PRICES[name]} {_usd(alert, f'{name}_before')} → {_usd(alert, name)}"


def _price_change(alert: Alert, _: Names) -> str:
    return f"{signed(number(alert, f'{_first(alert)}_change'))}%"


def _mark(alert: Alert) -> str:
    """`≤ 0.10`: what an alarm waits for."""
    sign = "≤" if alert.direction.endswith("most") else "≥"
    return f"{sign} {_usd(alert, 'mark')}"


def _alarm_message(alert: Alert, names: Names) -> str:
    moves = "falls" if alert.direction.endswith("most") else "rises"
    words = PRICES[str(alert.values["price"])]
    to = f"${_usd(alert, 'now')} per million tokens ({_mark(alert)}) from ${_usd(alert, 'before')}"
    return f"{model_of(alert, names)}: the {words} price {moves} to {to}, {seen(alert)}"


def _alarm_value(alert: Alert, _: Names) -> str:
    which = "" if alert.values["price"] == "input" else f"{PRICES[str(alert.values['price'])].split()[0]} "
    return f"{which}{_usd(alert, 'now')} {_mark(alert)}"


def _discount_message(alert: Alert, names: Names) -> str:
    name, now, before = model_of(alert, names), number(alert, "discount"), number(alert, "discount_before")
    if not now:
        return f"{name} is no longer sold below its list price: it was {percent(before, 0)}% off, {seen(alert)}"
    off, was = told_apart(percent, now, before)
    after = f", after {was}%" if before else ""
    return f"{name} is sold at {off}% off its list price{after}, {seen(alert)}"


def _discount_value(alert: Alert, _: Names) -> str:
    now = number(alert, "discount")
    return f"{percent(now, 0)}% off" if now else "ended"


def _free_message(alert: Alert, names: Names) -> str:
    model = str(alert.values["model"])
    name = names.get(model, model.partition(":")[0])
    return f"{name} {'is free now' if alert.values['free'] else 'is free no longer'}, {seen(alert)}"


WORDS: Final = {
    "price-change": Words(
        "price", _price_message, _price_value, brief=_short(_price_value), own=_price_own, own_value=_price_change
    ),
    "price-crosses": Words(
        "alarm", _alarm_message, _alarm_value, brief=_short(_alarm_value), own="price", title="Price alarm"
    ),
    "discount": Words("discount", _discount_message, _discount_value, own="off the list price"),
    "free": Words(
        "free", _free_message, lambda alert, names: "starts" if alert.values["free"] else "ended", own="free of charge"
    ),
}
