"""Words of `app-flip` and `app-entrant`."""

from __future__ import annotations

from typing import Final

from orwatch.present.alerts.words import Told, Words
from orwatch.present.formats import NO_DATA, ratio, tokens, told_apart


def _flip_message(told: Told) -> str:
    now, then = told["to_tokens"], told["from_tokens"]
    figures = tokens(now) if then is None else " to ".join(told_apart(tokens, now, then))
    return f"{told['name']} passes {told['passed']} as first public app: {figures}, {told.when}"


WORDS: Final = {
    "app-flip": Words(
        "app",
        _flip_message,
        lambda told: ratio(told["to_tokens"] / told["from_tokens"]) if told["from_tokens"] else NO_DATA,
        lambda told: ((told["name"], "text"), (" passes ", "dim"), (told["passed"], "text")),
        own="first public app",
        title="First public app",
    ),
    "app-entrant": Words(
        "apps",
        lambda told: f"{told['name']} {told.entry('public apps')}",
        lambda told: told.ranks,
        lambda told: ((told["name"], "text"), (" app", "dim")),
        own="among the largest apps",
        title="New among the apps",
    ),
}
