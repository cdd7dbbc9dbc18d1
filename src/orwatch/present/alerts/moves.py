"""Words of `surge` and `plunge`."""

from __future__ import annotations

from typing import Final

from orwatch.domain.alerts.alert import Alert
from orwatch.present.alerts.words import Names, Words, before_and_now, model_of, number, when
from orwatch.present.formats import percent, signed


def _message(alert: Alert, names: Names) -> str:
    change = number(alert, "change")
    surges = "surges" if change > 0 else "plunges"
    figures = f"{before_and_now(alert, ' to ')}, {when(alert)}"
    return f"{model_of(alert, names)} {surges} by {percent(abs(change))}%: {figures}"


WORDS: Final = {
    name: Words(
        name,
        _message,
        lambda alert, names: f"{signed(number(alert, 'change'))}%",
        own=lambda alert, own, names: before_and_now(alert, " → "),
    )
    for name in ("surge", "plunge")
}
