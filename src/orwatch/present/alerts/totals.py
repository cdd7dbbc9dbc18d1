"""Words of `growth-streak`, `brief` and `stale`."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from orwatch.domain.alerts.alert import Alert
from orwatch.present.alerts.words import (
    Names,
    Phrase,
    Words,
    before_and_now,
    count,
    ended,
    length_value,
    length_words,
    number,
    when,
)
from orwatch.present.formats import day, long_span, noun, ordinal, short_moment, signed, tokens


def _growth_message(alert: Alert, _: Names) -> str:
    figures = f"{before_and_now(alert, ' to ')}, {when(alert)}"
    if alert.values.get("ended"):
        return f"All tokens stop growing after {length_words(alert)}: {figures}"
    return f"All tokens grow for the {ordinal(count(alert, 'length'))} {alert.period.grain} in a row: {figures}"


def _brief_message(alert: Alert, _: Names) -> str:
    moved = ""
    if alert.values["change"] is not None:
        moved = f", {signed(number(alert, 'change'))} % on the {noun(alert.period.grain)} before"
    span = long_span(alert.period)
    which = f"The {span}" if span.startswith(noun(alert.period.grain)) else span
    return f"{which} is complete: {tokens(count(alert, 'tokens'))}{moved}"


def _since(alert: Alert) -> datetime:
    return datetime.fromisoformat(str(alert.values["since"]))


def _stale_message(alert: Alert, _: Names) -> str:
    since = short_moment(_since(alert))
    if alert.values["what"] == "poll":
        return f"No poll has succeeded since {since}; `orwatch doctor` looks for the cause"
    return f"The source has published nothing since {since}, though it answers"


def _stale_phrase(alert: Alert, _: Names) -> Phrase:
    return (("no poll succeeds" if alert.values["what"] == "poll" else "nothing new published", "text"),)


WORDS: Final = {
    "growth-streak": Words(
        "growth",
        _growth_message,
        length_value,
        phrase=lambda alert, names: (("all tokens", "text"), *ended(alert)),
        about="all tokens",
    ),
    "brief": Words(
        "brief",
        _brief_message,
        lambda alert, names: tokens(count(alert, "tokens")),
        phrase=lambda alert, names: (("all tokens", "text"),),
        about="all tokens",
        title="Brief",
    ),
    "stale": Words(
        "stale",
        _stale_message,
        lambda alert, names: f"since {day(_since(alert).date())}",
        _stale_phrase,
        about="stale data",
    ),
}
