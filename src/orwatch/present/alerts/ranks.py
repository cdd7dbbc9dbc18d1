"""Words of `new-entrant`, `rank-jump`, `surge` and `plunge`."""

from __future__ import annotations

from typing import Final

from orwatch.domain.alerts.alert import Alert
from orwatch.present.alerts.words import Names, Words, before_and_now, count, entry, model_of, number, ranks, when
from orwatch.present.formats import percent, plural, signed


def _entrant_message(alert: Alert, names: Names) -> str:
    return f"{model_of(alert, names)} {entry(alert, f'on {alert.basis}')}"


def _jump_message(alert: Alert, names: Names) -> str:
    places = count(alert, "places")
    climbs = "climbs" if places > 0 else "falls"
    moved = f"{alert.values['rank_before']} to {alert.values['rank']}"
    return f"{model_of(alert, names)} {climbs} {plural(abs(places), 'place')} on {alert.basis}: {moved}, {when(alert)}"


def _move_message(alert: Alert, names: Names) -> str:
    change = number(alert, "change")
    surges = "surges" if change > 0 else "plunges"
    figures = f"{before_and_now(alert, ' to ')}, {when(alert)}"
    return f"{model_of(alert, names)} {surges} by {percent(abs(change))}%: {figures}"


WORDS: Final = {
    "new-entrant": Words("top 10", _entrant_message, ranks, own="among the largest", title="New in the top 10"),
    "rank-jump": Words("rank", _jump_message, ranks, own="place"),
} | {
    name: Words(
        name,
        _move_message,
        lambda alert, names: f"{signed(number(alert, 'change'))}%",
        own=lambda alert, own, names: before_and_now(alert, " → "),
    )
    for name in ("surge", "plunge")
}
