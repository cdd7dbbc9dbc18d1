"""Words of `new-entrant`, `rank-jump`, `surge` and `plunge`."""

from __future__ import annotations

from typing import Final

from orwatch.domain.alerts.alert import Alert
from orwatch.present.alerts.words import Names, Words, before_and_now, count, model_of, number, when
from orwatch.present.formats import percent, plural, signed, tokens


def _entrant_message(alert: Alert, names: Names) -> str:
    rank, before, top = count(alert, "rank"), alert.values["rank_before"], count(alert, "top")
    how = f"moves from {before} to {rank}, into" if before is not None else f"is {alert.values['status']} at {rank} in"
    figures = f"{tokens(count(alert, 'tokens'))}, {when(alert)}"
    return f"{model_of(alert, names)} {how} the {top} largest on {alert.basis}: {figures}"


def _entrant_value(alert: Alert, names: Names) -> str:
    if alert.values["rank_before"] is None:
        return f"{alert.values['status']} at {alert.values['rank']}"
    return _ranks(alert, names)


def _ranks(alert: Alert, _: Names) -> str:
    return f"{alert.values['rank_before']} → {alert.values['rank']}"


def _jump_message(alert: Alert, names: Names) -> str:
    places = count(alert, "places")
    climbs = "climbs" if places > 0 else "falls"
    ranks = f"{alert.values['rank_before']} to {alert.values['rank']}"
    return f"{model_of(alert, names)} {climbs} {plural(abs(places), 'place')} on {alert.basis}: {ranks}, {when(alert)}"


def _move_message(alert: Alert, names: Names) -> str:
    change = number(alert, "change")
    surges = "surges" if change > 0 else "plunges"
    figures = f"{before_and_now(alert, ' to ')}, {when(alert)}"
    return f"{model_of(alert, names)} {surges} by {percent(abs(change))}%: {figures}"


WORDS: Final = {
    "new-entrant": Words(
        "top 10", _entrant_message, _entrant_value, own="among the largest", title="New in the top 10"
    ),
    "rank-jump": Words("rank", _jump_message, _ranks, own="place"),
} | {
    name: Words(
        name,
        _move_message,
        lambda alert, names: f"{signed(number(alert, 'change'))}%",
        own=lambda alert, own, names: before_and_now(alert, " → "),
    )
    for name in ("surge", "plunge")
}
