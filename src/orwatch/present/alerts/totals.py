"""Words of `growth-streak`, `brief` and `stale`."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from orwatch.present.alerts.words import Phrase, Told, Words, length_value
from orwatch.present.formats import day, long_span, noun, short_moment, signed, tokens


def _growth_message(told: Told) -> str:
    figures = f"{told.before_and_now(' to ')}, {told.when}"
    if told.get("ended"):
        return f"All tokens stop growing after {told.length}: {figures}"
    return f"All tokens grow for the {told.nth} in a row: {figures}"


def _brief_message(told: Told) -> str:
    name, span = noun(told.alert.period.grain), long_span(told.alert.period)
    moved = "" if told["change"] is None else f", {signed(told['change'])} % on the {name} before"
    return f"{f'The {span}' if span.startswith(name) else span} is complete: {tokens(told['tokens'])}{moved}"


def _since(told: Told) -> datetime:
    return datetime.fromisoformat(told["since"])


def _stale_message(told: Told) -> str:
    since = short_moment(_since(told))
    if told["what"] == "poll":
        return f"No poll has succeeded since {since}; `orwatch doctor` looks for the cause"
    return f"The source has published nothing since {since}, though it answers"


def _stale_phrase(told: Told) -> Phrase:
    return (("no poll succeeds" if told["what"] == "poll" else "nothing new published", "text"),)


WORDS: Final = {
    "growth-streak": Words(
        "growth",
        _growth_message,
        length_value,
        phrase=lambda told: (("all tokens", "text"), *told.ended),
        about="all tokens",
    ),
    "brief": Words(
        "brief",
        _brief_message,
        lambda told: tokens(told["tokens"]),
        phrase=lambda _: (("all tokens", "text"),),
        about="all tokens",
        title="Brief",
    ),
    "stale": Words(
        "stale",
        _stale_message,
        lambda told: f"since {day(_since(told).date())}",
        _stale_phrase,
        about="stale data",
    ),
}
