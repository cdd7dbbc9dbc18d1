"""What models are used for: shares of tokens and of requests by task, of sampled and classified traffic of seven days."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Final

from msgspec import Struct

from orwatch.domain.periods import Grain, Period


class TaskModel(Struct, frozen=True, array_like=True):
    """A model named in a task, of the ten with the most requests. request_share, token_share: of the task (0 to 1)."""

    permaslug: str
    request_share: float
    token_share: float


class Task(Struct, frozen=True):
    """A task. tag: `code:debugging`, a plain word for general ones. macro: the key of its macro category.

    request_share, token_share: of all classified requests and tokens (0 to 1). macro_request_share, macro_token_share: of those of
    its macro category; None where they are not told. models: by requests.
    """

    tag: str
    name: str
    macro: str
    request_share: float
    token_share: float
    macro_request_share: float | None = None
    macro_token_share: float | None = None
    models: tuple[TaskModel, ...] = ()

    @property
    def key(self) -> str:
        """What tells it from others: its tag."""
        return self.tag


class Macro(Struct, frozen=True):
    """A macro category: `code`, `agent`, `data`, `general`. request_share, token_share: of all that is classified (0 to 1)."""

    key: str
    name: str
    request_share: float
    token_share: float


class TaskShares(Struct, frozen=True, tag="tasks"):
    """A snapshot: the `days` up to `as_of` (UTC), which is its identity. tasks: by requests, as the source gives them."""

    as_of: date
    days: int
    tasks: tuple[Task, ...]
    macros: tuple[Macro, ...]


APART: Final = timedelta(days=7)
"""Snapshots that lie closer have days in common: no change is drawn between them."""

ROUNDING: Final = 0.002
"""Shares come with three decimals: a smaller change is rounding."""


def earlier(snapshots: Sequence[TaskShares], now: TaskShares) -> TaskShares | None:
    """The newest snapshot that has no day in common with another one: what changes are on; None where there is none."""
    return max((one for one in snapshots if one.as_of <= now.as_of - APART), key=lambda one: one.as_of, default=None)


class TaskLeader(Struct, frozen=True):
    """A model that is named in a task. country: None where it is not attributed. token_share, request_share: of the task."""

    permaslug: str
    name: str
    country: str | None
    token_share: float
    request_share: float


class TaskLine(Struct, frozen=True):
    """A task, or a macro category: then tag is None.

    token_share, request_share: of all that is classified (0 to 1). token_change, request_change: of these; None where unknown.
    leaders: the models that are named, most tokens first.
    """

    macro: str
    tag: str | None
    name: str
    token_share: float
    request_share: float
    token_change: float | None = None
    request_change: float | None = None
    leaders: tuple[TaskLeader, ...] = ()


def changed(
    now: Iterable[Task | Macro],
    before: Iterable[Task | Macro],
    leaders: Mapping[str, tuple[TaskLeader, ...]] = {},
) -> tuple[TaskLine, ...]:
    """Tasks, or macro categories, beside those of an earlier snapshot, most tokens first. leaders: of tasks by their tag."""
    then = {one.key: one for one in before}
    found = []
    for one in now:
        past = then.get(one.key)
        macro, tag = (one.macro, one.tag) if isinstance(one, Task) else (one.key, None)
        tokens = None if past is None else points(one.token_share, past.token_share)
        requests = None if past is None else points(one.request_share, past.request_share)
        shares = one.token_share, one.request_share, tokens, requests
        found.append(TaskLine(macro, tag, one.name, *shares, leaders.get(one.key, ())))
    return tuple(sorted(found, key=lambda line: (-line.token_share, line.tag or line.macro)))


def points(now: float, before: float) -> float:
    """The difference of two shares, without what binary fractions add to three decimals. Below `ROUNDING` it says nothing."""
    return round(now - before, 6)


def share_of(shares: TaskShares, *macros: str) -> tuple[float, float] | None:
    """The share of tokens and of requests of macro categories added up; None where one of them is not told.

    Programming is `code`, code and agents `code` and `agent`.
    """
    found = {macro.key: macro for macro in shares.macros}
    if not all(key in found for key in macros):
        return None
    tokens = sum(found[key].token_share for key in macros)
    return round(tokens, 6), round(sum(found[key].request_share for key in macros), 6)


def by_country(tasks: Iterable[Task], country_of: Callable[[str], str | None]) -> Mapping[str | None, float]:
    """Shares of the tokens of some tasks together by country of the models that are named; None: of those without one.

    The rest of 1 is not named. country_of: of a permaslug. Never of all tasks: what most of them name is not the market.
    """
    held: dict[str | None, float] = {}
    whole = 0.0
    for task in tasks:
        if not task.models:
            continue
        whole += task.token_share
        for model in task.models:
            country = country_of(model.permaslug)
            held[country] = held.get(country, 0.0) + task.token_share * model.token_share
    return {country: share / whole for country, share in held.items()} if whole else {}


class Tasks(Struct, frozen=True):
    """A snapshot of tasks.

    as_of: the last of its `days`. before: that of the snapshot that changes are on; None where there is none. named: that of the
    snapshot whose models are shown; None where none names any. macros, tasks: that with most tokens first. together: tokens and
    requests of code and agents; None where they are not told. countries: of the tokens of each macro category, of the models
    that are named. taken: when it was polled. programming: the share of each week, oldest first, by another classifier.
    programming_as_of: when the newest of these was taken.
    """

    as_of: date
    days: int
    taken: datetime
    before: date | None
    named: date | None
    macros: tuple[TaskLine, ...]
    tasks: tuple[TaskLine, ...]
    together: tuple[float, float] | None
    countries: Mapping[str, Mapping[str | None, float]]
    programming: dict[Period, float]
    programming_as_of: datetime | None


class ProgrammingWeek(Struct, frozen=True, tag="programming"):
    """Tokens that were used for programming in an ISO week.

    start: its Monday, its identity. as_of: when the figures were taken. slugs, tokens: of the models that are named, side by side,
    largest first. other: tokens of the rest.
    """

    start: date
    as_of: datetime
    slugs: tuple[str, ...]
    tokens: tuple[int, ...]
    other: int

    @property
    def total(self) -> int:
        return sum(self.tokens) + self.other


def programming_shares(weeks: Iterable[ProgrammingWeek], totals: Mapping[Period, int]) -> dict[Period, float]:
    """The share of programming in all tokens of each week whose total is known, oldest first: an estimate, of the whole alone.

    totals: all tokens of complete weeks, from the rankings. One week's figures count where they were taken after its end.
    """
    found = {Period(Grain.WEEK, week.start): week for week in weeks}
    return {
        period: found[period].total / totals[period]
        for period in sorted(found)
        if totals.get(period) and period.settled_by(found[period].as_of)
    }
