"""Words of `app-flip` and `app-entrant`."""

from __future__ import annotations

from typing import Final

from orwatch.domain.alerts.alert import Alert
from orwatch.present.alerts.words import Names, Phrase, Words, count, entry, ranks, when
from orwatch.present.formats import NO_DATA, ratio, tokens, told_apart


def _flip_message(alert: Alert, _: Names) -> str:
    values = alert.values
    now, then = count(alert, "to_tokens"), values["from_tokens"]
    figures = " to ".join(told_apart(tokens, now, then)) if isinstance(then, int) else tokens(now)
    return f"{values['name']} passes {values['passed']} as first public app: {figures}, {when(alert)}"


def _flip_value(alert: Alert, _: Names) -> str:
    then = alert.values["from_tokens"]
    return ratio(count(alert, "to_tokens") / then) if isinstance(then, int) and then else NO_DATA


def _flip_phrase(alert: Alert, _: Names) -> Phrase:
    return (str(alert.values["name"]), "text"), (" passes ", "dim"), (str(alert.values["passed"]), "text")


def _entrant_message(alert: Alert, _: Names) -> str:
    return f"{alert.values['name']} {entry(alert, 'public apps')}"


def _app_phrase(alert: Alert, _: Names) -> Phrase:
    return (str(alert.values["name"]), "text"), (" app", "dim")


WORDS: Final = {
    "app-flip": Words(
        "app", _flip_message, _flip_value, _flip_phrase, own="first public app", title="First public app"
    ),
    "app-entrant": Words(
        "apps", _entrant_message, ranks, _app_phrase, own="among the largest apps", title="New among the apps"
    ),
}
