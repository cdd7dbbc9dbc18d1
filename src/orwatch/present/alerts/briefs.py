"""Words of `brief`."""

from __future__ import annotations

from typing import Final

from orwatch.domain.alerts.alert import Alert
from orwatch.present.alerts.words import Names, Words, count, number
from orwatch.present.formats import long_span, noun, signed, tokens


def _message(alert: Alert, _: Names) -> str:
    moved = ""
    if alert.values["change"] is not None:
        moved = f", {signed(number(alert, 'change'))} % on the {noun(alert.period.grain)} before"
    span = long_span(alert.period)
    which = f"The {span}" if span.startswith(noun(alert.period.grain)) else span
    return f"{which} is complete: {tokens(count(alert, 'tokens'))}{moved}"


WORDS: Final = {
    "brief": Words(
        "brief",
        _message,
        lambda alert, names: tokens(count(alert, "tokens")),
        phrase=lambda alert, names: (("all tokens", "text"),),
        about="all tokens",
        title="Brief",
    )
}
