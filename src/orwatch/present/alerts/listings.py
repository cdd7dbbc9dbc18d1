"""Words of `new-model` and `expiring`."""

from __future__ import annotations

from datetime import date
from typing import Final

from orwatch.domain.alerts.alert import Alert
from orwatch.present.alerts.words import Names, Words, count, model_of, seen, when
from orwatch.present.formats import day, long_day, plural, tokens


def _new_message(alert: Alert, names: Names) -> str:
    name, vendor = model_of(alert, names), alert.values["vendor"]
    if alert.values["cloaked"]:
        figures = f"{tokens(count(alert, 'tokens'))}, {when(alert)}"
        return f"{name}, a cloaked model under {vendor}, is ranked for the first time: {figures}"
    return f"{name} of {vendor} is listed for the first time, {seen(alert)}"


def _new_value(alert: Alert, _: Names) -> str:
    vendor = str(alert.values["vendor"])
    return vendor if alert.values["country"] else f"?? {vendor}"


def _end(alert: Alert) -> date:
    return date.fromisoformat(str(alert.values["expires"]))


def _expiring_message(alert: Alert, names: Names) -> str:
    end, days = _end(alert), plural(count(alert, "days"), "day")
    return f"{model_of(alert, names)} is taken off on {long_day(end)} {end.year}, {days} after this was known"


WORDS: Final = {
    "new-model": Words("new", _new_message, _new_value, own="first seen"),
    "expiring": Words("ends", _expiring_message, lambda alert, names: f"on {day(_end(alert))}", own="taken off"),
}
