"""What models are used for, read of a market."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from orwatch.core.market import Market
from orwatch.domain.leads import CountryOf
from orwatch.domain.periods import Grain
from orwatch.domain.query import Between, Query
from orwatch.domain.tasks import (
    ProgrammingWeek,
    Task,
    TaskLeader,
    Tasks,
    TaskShares,
    by_country,
    changed,
    earlier,
    programming_shares,
    share_of,
)
from orwatch.errors import NoDataError, UsageError

CODE, AGENT = "code", "agent"


def tasks(market: Market, query: Query) -> Tasks:
    """The newest snapshot, or the newest by the day that a query asks for.

    NoDataError or KeyMissingError where there is none.
    """
    kept = [one for one in market.cache.snapshots.read(TaskShares) if one.tasks or one.macros]
    until = _until(query)
    known = [one for one in kept if until is None or one.as_of <= until]
    if not known:
        if not kept:
            raise market.lacking("tasks")
        raise NoDataError(
            f"The cache holds no tasks to {until}: they have no history, and its record begins with {kept[0].as_of}."
        )
    now = known[-1]
    before, named = earlier(known, now), _named(known)
    models = {task.tag: _leaders(market, task) for task in named.tasks} if named is not None else {}

    shown = programming_shares(market.cache.snapshots.read(ProgrammingWeek), market.record(Grain.WEEK).totals)
    return Tasks(
        as_of=now.as_of,
        days=now.days,
        taken=market.cache.snapshots.taken(TaskShares)[now.as_of.isoformat()],
        before=None if before is None else before.as_of,
        named=None if named is None else named.as_of,
        macros=changed(now.macros, before.macros if before else ()),
        tasks=changed(now.tasks, before.tasks if before else (), models),
        together=share_of(now, CODE, AGENT),
        countries={} if named is None else _countries(named, market.attribution.of_model),
        programming={period: share for period, share in shown.items() if until is None or period.start <= until},
        programming_as_of=_newest(market),
    )


def _until(query: Query) -> date | None:
    """The last day that counts; None: all of them."""
    if isinstance(query.at, Between):
        raise UsageError("Shares of tasks are of one snapshot: --at names its last day.")
    return query.at if isinstance(query.at, date) else None


def _named(known: Sequence[TaskShares]) -> TaskShares | None:
    return next((one for one in reversed(known) if any(task.models for task in one.tasks)), None)


def _leaders(market: Market, task: Task) -> tuple[TaskLeader, ...]:
    found = (
        TaskLeader(
            model.permaslug,
            market.catalogue.name(model.permaslug),
            market.attribution.of_model(model.permaslug),
            model.token_share,
            model.request_share,
        )
        for model in task.models
    )
    return tuple(sorted(found, key=lambda model: (-model.token_share, model.permaslug)))


def _countries(named: TaskShares, country: CountryOf) -> dict[str, Mapping[str | None, float]]:
    return {
        macro.key: by_country([task for task in named.tasks if task.macro == macro.key], country)
        for macro in named.macros
    }


def _newest(market: Market) -> datetime | None:
    return max(market.cache.snapshots.taken(ProgrammingWeek).values(), default=None)
