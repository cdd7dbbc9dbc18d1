"""Words of `new-model` and `expiring`."""

from __future__ import annotations

from datetime import date
from typing import Final

from orwatch.present.alerts.words import Told, Words
from orwatch.present.formats import day, day_in_full, plural, tokens


def _new_message(told: Told) -> str:
    name, vendor = told.model, told["vendor"]
    if told["cloaked"]:
        figures = f"{tokens(told['tokens'])}, {told.when}"
        return f"{name}, a cloaked model under {vendor}, is ranked for the first time: {figures}"
    return f"{name} of {vendor} is listed for the first time, {told.seen}"


def _end(told: Told) -> date:
    return date.fromisoformat(told["expires"])


def _expiring_message(told: Told) -> str:
    return f"{told.model} is taken off on {day_in_full(_end(told))}, {plural(told['days'], 'day')} after this was known"


WORDS: Final = {
    "new-model": Words(
        "new",
        _new_message,
        lambda told: f"{'' if told['country'] else '?? '}{told['vendor']}",
        own="first seen",
    ),
    "expiring": Words("ends", _expiring_message, lambda told: f"on {day(_end(told))}", own="taken off"),
}
