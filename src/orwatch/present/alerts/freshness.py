"""Words of `stale`."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from orwatch.domain.alerts.alert import Alert
from orwatch.present.alerts.words import Names, Phrase, Words
from orwatch.present.formats import day, short_moment


def _since(alert: Alert) -> datetime:
    return datetime.fromisoformat(str(alert.values["since"]))


def _message(alert: Alert, _: Names) -> str:
    since = short_moment(_since(alert))
    if alert.values["what"] == "poll":
        return f"No poll has succeeded since {since}; `orwatch doctor` looks for the cause"
    return f"The source has published nothing since {since}, though it answers"


def _phrase(alert: Alert, _: Names) -> Phrase:
    return (("no poll succeeds" if alert.values["what"] == "poll" else "nothing new published", "text"),)


WORDS: Final = {
    "stale": Words(
        "stale", _message, lambda alert, names: f"since {day(_since(alert).date())}", _phrase, about="stale data"
    )
}
