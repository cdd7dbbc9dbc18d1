"""Words of `growth-streak`."""

from __future__ import annotations

from typing import Final

from orwatch.domain.alerts.alert import Alert
from orwatch.present.alerts.words import Names, Words, before_and_now, count, ended, length_value, length_words, when
from orwatch.present.formats import ordinal


def _message(alert: Alert, _: Names) -> str:
    figures = f"{before_and_now(alert, ' to ')}, {when(alert)}"
    if alert.values.get("ended"):
        return f"All tokens stop growing after {length_words(alert)}: {figures}"
    return f"All tokens grow for the {ordinal(count(alert, 'length'))} {alert.period.grain} in a row: {figures}"


WORDS: Final = {
    "growth-streak": Words(
        "growth",
        _message,
        length_value,
        phrase=lambda alert, names: (("all tokens", "text"), *ended(alert)),
        about="all tokens",
    )
}
