"""How the alerts of a rule are told, and what the words of several rules share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

from msgspec import Struct

from orwatch.domain.alerts.alert import Alert, Standing
from orwatch.domain.periods import Streak
from orwatch.present.formats import long_day, long_first_day, plural, streak, tokens, told_apart

Names = Mapping[str, str]
"""Names of models by permaslug."""

Phrase = tuple[tuple[str, Literal["side", "text", "dim"]], ...]
"""Text with its role: side: a country or vendor of a head to head; dim: what may be left out where there is no room."""

KINDS = {"model": "models", "vendor": "vendors", "country": "countries"}
"""Plurals of the kinds of subjects."""


def side(alert: Alert, who: str, names: Names) -> str:
    """A contender as people call it: a model's name, a vendor's slug, a country's code."""
    if alert.subject_kind != "model":
        return who
    variant = who.partition(":")[2]
    return names.get(who, who) + (f" ({variant})" if variant and who in names else "")


def named(who: str, names: Names) -> str:
    """A name with its variant: of one model each variant is a row of its own."""
    variant = who.partition(":")[2]
    return f"{names[who]} {variant}".rstrip() if who in names else who


def contender(alert: Alert, who: str, names: Names) -> Phrase:
    """A contender in pieces: `CN first`, `deepseek vendor`, `Hy3 preview free`."""
    if alert.subject_kind == "country":
        return ((who, "side"), (" first", "dim"))
    if alert.subject_kind == "vendor":
        return ((who, "text"), (" vendor", "dim"))
    variant = who.partition(":")[2]
    name = names.get(who, who)
    return ((name, "text"), (f" {variant}", "dim")) if variant and who in names else ((name, "text"),)


def subject_name(alert: Alert, names: Names) -> str:
    """Whom an alert is about, by name. Alerts about prices and listings are kept by an id, which is not the permaslug ranked."""
    who = alert.values.get("model", alert.values.get("name", alert.subject))
    return side(alert, str(who), names)


def model_of(alert: Alert, names: Names) -> str:
    """The model that an alert is about, by name."""
    return side(alert, str(alert.values["model"]), names)


def model_phrase(alert: Alert, names: Names) -> Phrase:
    """The same in pieces."""
    return contender(alert, str(alert.values["model"]), names)


def number(alert: Alert, key: str) -> float:
    """A figure that the rule always gives."""
    value = alert.values[key]
    assert isinstance(value, int | float)
    return value


def count(alert: Alert, key: str) -> int:
    """A whole number that the rule always gives."""
    return int(number(alert, key))


def when(alert: Alert) -> str:
    """`week of 27 April`, `27 April`, `April 2026`."""
    return long_first_day(alert.period)


def seen(alert: Alert) -> str:
    """`seen 28 July`: the day on which it was observed."""
    return f"seen {long_day(alert.period.start)}"


def verb(alert: Alert, plain: str, course: str) -> str:
    """`rises above`, or `is on course to rise above` in a period that still runs."""
    return f"is on course to {course}" if alert.state is Standing.ON_COURSE else plain


def before_and_now(alert: Alert, arrow: str) -> str:
    """`606B to 1.15T`: tokens of the period before and of this one."""
    before, now = told_apart(tokens, count(alert, "tokens_before"), count(alert, "tokens"))
    return f"{before}{arrow}{now}"


def entry(alert: Alert, of: str) -> str:
    """`is new at 7 in the 10 largest on chart: 606B, week of 27 April`. of: whose largest."""
    rank, before = alert.values["rank"], alert.values["rank_before"]
    how = f"moves from {before} to {rank}, into" if before is not None else f"is {_status(alert)} at {rank} in"
    return f"{how} the {count(alert, 'top')} largest {of}: {tokens(count(alert, 'tokens'))}, {when(alert)}"


def ranks(alert: Alert, _: Names) -> str:
    """`12 → 7`, `new at 7`."""
    rank, before = alert.values["rank"], alert.values["rank_before"]
    return f"{before} → {rank}" if before is not None else f"{_status(alert)} at {rank}"


def _status(alert: Alert) -> str:
    """`new`, or `back`: an app is never told to be."""
    return str(alert.values.get("status", "new"))


def streak_length(alert: Alert) -> Streak:
    """How long a streak has been, or was."""
    return Streak(count(alert, "length"), bool(alert.values.get("length_is_floor")))


def length_words(alert: Alert) -> str:
    """`6 weeks`, `at least 30 weeks`: the length of a streak."""
    found = streak_length(alert)
    return f"{'at least ' if found.is_floor else ''}{plural(found.length, alert.period.grain)}"


def length_value(alert: Alert, _: Names) -> str:
    """`6 weeks`, `≥ 30 weeks`: the same in the cell of a table."""
    return streak(streak_length(alert), alert.period.grain)


def ended(alert: Alert) -> Phrase:
    """`, ended` of a streak that is over."""
    return ((", ended", "text"),) if alert.values.get("ended") else ()


class Words(Struct, frozen=True):
    """How the alerts of a rule are told.

    short: a word for the rule. message: the sentence. value: the cell of a table. phrase: the subject in pieces that can be
    coloured. brief: the value where there is little room. own: what an alert says of its subject (the second argument) where
    that is named above. own_value: the value beside that. title: over its evidence. event: what happened, in three words, where
    a message says that. about: whom a message is about, if not the subject.
    Left out, brief is value, own_value is value up to a comma, and title is short.
    """

    short: str
    message: Callable[[Alert, Names], str]
    value: Callable[[Alert, Names], str]
    phrase: Callable[[Alert, Names], Phrase] = model_phrase
    brief: Callable[[Alert, Names], str] | None = None
    own: str | Callable[[Alert, str, Names], str] = ""
    own_value: Callable[[Alert, Names], str] | None = None
    title: str | None = None
    event: Callable[[Alert, Names], str] | None = None
    about: str | None = None
