"""Words of `new-entrant`, `rank-jump`, `surge` and `plunge`."""

from __future__ import annotations

from typing import Final

from orwatch.present.alerts.words import Told, Words
from orwatch.present.formats import percent, plural, signed


def _jump_message(told: Told) -> str:
    places = told["places"]
    moves = f"{'climbs' if places > 0 else 'falls'} {plural(abs(places), 'place')}"
    return f"{told.model} {moves} on {told.alert.basis}: {told['rank_before']} to {told['rank']}, {told.when}"


def _move_message(told: Told) -> str:
    change = told["change"]
    surges = f"{'surges' if change > 0 else 'plunges'} by {percent(abs(change))}%"
    return f"{told.model} {surges}: {told.before_and_now(' to ')}, {told.when}"


WORDS: Final = {
    "new-entrant": Words(
        "top 10",
        lambda told: f"{told.model} {told.entry(f'on {told.alert.basis}')}",
        lambda told: told.ranks,
        own="among the largest",
        title="New in the top 10",
    ),
    "rank-jump": Words("rank", _jump_message, lambda told: told.ranks, own="place"),
} | {
    name: Words(
        name,
        _move_message,
        lambda told: f"{signed(told['change'])}%",
        own=lambda told, _: told.before_and_now(" → "),
    )
    for name in ("surge", "plunge")
}
