"""What models are used for, read of a market."""

from __future__ import annotations

from datetime import date

from orwatch.core.market import Market
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
    if isinstance(query.at, Between):
        raise UsageError("Shares of tasks are of one snapshot: --at names its last day.")
    until = query.at if isinstance(query.at, date) else None
    table = market.cache.snapshots
    kept = [one for one in table.read(TaskShares) if one.tasks or one.macros]
    known = [one for one in kept if until is None or one.as_of <= until]
    if not known:
        if not kept:
            raise market.lacking("tasks")
        raise NoDataError(
            f"The cache holds no tasks to {until}: they have no history, and its record begins with {kept[0].as_of}."
        )
    now = known[-1]
    before = earlier(known, now)
    named = next((one for one in reversed(known) if any(task.models for task in one.tasks)), None)
    with_models = named.tasks if named else ()
    shown = programming_shares(table.read(ProgrammingWeek), market.record(Grain.WEEK).totals)
    return Tasks(
        as_of=now.as_of,
        days=now.days,
        taken=table.taken(TaskShares)[now.as_of.isoformat()],
        before=before.as_of if before else None,
        named=named.as_of if named else None,
        macros=changed(now.macros, before.macros if before else ()),
        tasks=changed(
            now.tasks, before.tasks if before else (), {one.tag: _leaders(market, one) for one in with_models}
        ),
        together=share_of(now, CODE, AGENT),
        countries={
            macro.key: by_country([task for task in with_models if task.macro == macro.key], market.attribution.country)
            for macro in (named.macros if named else ())
        },
        programming={period: share for period, share in shown.items() if until is None or period.start <= until},
        programming_as_of=max(table.taken(ProgrammingWeek).values(), default=None),
    )


def _leaders(market: Market, task: Task) -> tuple[TaskLeader, ...]:
    """The models that are named in a task, most tokens first."""
    found = []
    for one in sorted(task.models, key=lambda model: (-model.token_share, model.permaslug)):
        name, country = market.catalogue.name(one.permaslug), market.attribution.country(one.permaslug)
        found.append(TaskLeader(one.permaslug, name, country, one.token_share, one.request_share))
    return tuple(found)
