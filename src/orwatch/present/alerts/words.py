"""How the alerts of a rule are told, and what the words of several rules share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

from msgspec import Struct

from orwatch.domain.alerts.alert import Alert, Standing
from orwatch.domain.periods import Streak
from orwatch.present.formats import long_day, long_first_day, ordinal, spoken_streak, streak, tokens, told_apart

Names = Mapping[str, str]
"""Names of models by permaslug."""

Phrase = tuple[tuple[str, Literal["side", "text", "dim"]], ...]
"""Text with its role: side: a country or vendor of a head to head; dim: what may be left out where there is no room."""

KINDS = {"model": "models", "vendor": "vendors", "country": "countries"}
"""Plurals of the kinds of subjects."""


def named(who: str, names: Names) -> str:
    """A name with its variant: of one model each variant is a row of its own."""
    variant = who.partition(":")[2]
    return f"{names[who]} {variant}".rstrip() if who in names else who


class Told(Struct, frozen=True):
    """An alert as it is told. names: of the models it speaks of."""

    alert: Alert
    names: Names

    def __getitem__(self, key: str) -> Any:
        """A value that the rule always gives."""
        return self.alert.values[key]

    def get(self, key: str) -> Any:
        """A value that the rule gives at times."""
        return self.alert.values.get(key)

    def side(self, who: str) -> str:
        """A contender as people call it: a model's name, a vendor's slug, a country's code."""
        if self.alert.subject_kind != "model":
            return who
        variant = who.partition(":")[2]
        return self.names.get(who, who) + (f" ({variant})" if variant and who in self.names else "")

    def contender(self, who: str) -> Phrase:
        """A contender in pieces: `CN first`, `deepseek vendor`, `Hy3 preview free`."""
        if self.alert.subject_kind == "country":
            return ((who, "side"), (" first", "dim"))
        if self.alert.subject_kind == "vendor":
            return ((who, "text"), (" vendor", "dim"))
        variant = who.partition(":")[2]
        name = self.names.get(who, who)
        return ((name, "text"), (f" {variant}", "dim")) if variant and who in self.names else ((name, "text"),)

    @property
    def subject(self) -> str:
        """Whom it is about, by name. Alerts about prices and listings are kept by an id, which is not the permaslug ranked."""
        return self.side(str(self.alert.values.get("model", self.alert.values.get("name", self.alert.subject))))

    @property
    def model(self) -> str:
        """The model that it is about, by name."""
        return self.side(self["model"])

    @property
    def when(self) -> str:
        """`week of 27 April`, `27 April`, `April 2026`."""
        return long_first_day(self.alert.period)

    @property
    def seen(self) -> str:
        """`seen 28 July`: the day on which it was observed."""
        return f"seen {long_day(self.alert.period.start)}"

    def verb(self, plain: str, course: str) -> str:
        """`rises above`, or `is on course to rise above` in a period that still runs."""
        return f"is on course to {course}" if self.alert.state is Standing.ON_COURSE else plain

    def before_and_now(self, arrow: str) -> str:
        """`606B to 1.15T`: tokens of the period before and of this one."""
        return arrow.join(told_apart(tokens, self["tokens_before"], self["tokens"]))

    def entry(self, of: str) -> str:
        """`is new at 7 in the 10 largest on chart: 606B, week of 27 April`. of: whose largest."""
        rank, before = self["rank"], self["rank_before"]
        how = f"moves from {before} to {rank}, into" if before is not None else f"is {self._status} at {rank} in"
        return f"{how} the {self['top']} largest {of}: {tokens(self['tokens'])}, {self.when}"

    @property
    def ranks(self) -> str:
        """`12 → 7`, `new at 7`."""
        rank, before = self["rank"], self["rank_before"]
        return f"{before} → {rank}" if before is not None else f"{self._status} at {rank}"

    @property
    def _status(self) -> str:
        """`new`, or `back`: an app is never told to be."""
        return self.get("status") or "new"

    @property
    def streak(self) -> Streak:
        """How long a streak has been, or was."""
        return Streak(self["length"], bool(self.get("length_is_floor")))

    @property
    def length(self) -> str:
        """`6 weeks`, `at least 30 weeks`: the length of a streak."""
        return spoken_streak(self.streak, self.alert.period.grain)

    @property
    def nth(self) -> str:
        """`6th week`: which of a streak it is."""
        return f"{ordinal(self['length'])} {self.alert.period.grain}"

    @property
    def ended(self) -> Phrase:
        """`, ended` of a streak that is over."""
        return ((", ended", "text"),) if self.get("ended") else ()


def length_value(told: Told) -> str:
    """`6 weeks`, `≥ 30 weeks`: the length of a streak in the cell of a table."""
    return streak(told.streak, told.alert.period.grain)


class Words(Struct, frozen=True):
    """How the alerts of a rule are told.

    short: a word for the rule. message: the sentence. value: the cell of a table. phrase: the subject in pieces that can be
    coloured. brief: the value where there is little room. own: what an alert says of its subject (the second argument) where
    that is named above. own_value: the value beside that. title: over its evidence. event: what happened, in three words, where
    a message says that. about: whom a message is about, if not the subject.
    Left out, brief is value, own_value is value up to a comma, and title is short.
    """

    short: str
    message: Callable[[Told], str]
    value: Callable[[Told], str]
    phrase: Callable[[Told], Phrase] = lambda told: told.contender(told["model"])
    brief: Callable[[Told], str] | None = None
    own: str | Callable[[Told, str], str] = ""
    own_value: Callable[[Told], str] | None = None
    title: str | None = None
    event: Callable[[Told], str] | None = None
    about: str | None = None
