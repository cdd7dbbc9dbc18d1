"""The topics beside the rankings, by their key, and what each has in a market: for the commands that take any of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from msgspec import Struct

from orwatch.core.market import Market
from orwatch.core.views.apps import apps
from orwatch.core.views.hosts import host_map
from orwatch.core.views.overview import snapshot
from orwatch.core.views.spend import spend
from orwatch.core.views.tasks import tasks
from orwatch.core.views.value import value_list
from orwatch.domain.names import near
from orwatch.domain.query import Query
from orwatch.errors import UsageError
from orwatch.present.tables import apps as of_apps
from orwatch.present.tables import hosts as of_hosts
from orwatch.present.tables import spend as of_spend
from orwatch.present.tables import tasks as of_tasks
from orwatch.present.tables import value as of_value
from orwatch.present.topic import Topic


class TopicReader(Struct, frozen=True):
    """A topic, what a row of it is called, and how it is found.

    find: of a query, and of what else was asked for by name (`score`, `today`). also: further rows that are asked for by name.
    """

    topic: Topic[Any, Any, Any]
    one: str
    find: Callable[[Market, Query, Mapping[str, Any]], Any]
    also: Callable[[Any], Sequence[Any]] = lambda _: ()


MOST: Final = 5
"""Rows that are named where a name fits several."""


TOPICS: Final[Mapping[str, TopicReader]] = {
    "apps": TopicReader(of_apps.TOPIC, "app", lambda market, query, _: apps(market, query)),
    "tasks": TopicReader(
        of_tasks.TOPIC, "task", lambda market, query, _: tasks(market, query), lambda found: found.macros
    ),
    "value": TopicReader(
        of_value.TOPIC, "value", lambda market, query, asked: value_list(market, query, asked.get("score"))
    ),
    "hosts": TopicReader(of_hosts.TOPIC, "host", lambda market, query, _: host_map(market, snapshot(market, query))),
    "spend": TopicReader(
        of_spend.TOPIC,
        "spend",
        lambda market, query, asked: spend(market, query, today=asked.get("today", False)),
        lambda found: found.countries,
    ),
}


def find_row(reader: TopicReader, found: Any, text: str) -> Any:
    """The row of an id, a name, or a part of one that fits one alone.

    Raises UsageError where none or more than one fits, naming them or the nearest.
    """
    topic, wanted = reader.topic, text.strip().casefold()
    rows = [*topic.rows(found), *reader.also(found)]
    ids = [topic.table.row_id(row).removeprefix("=").casefold() for row in rows]
    names = [topic.name(row) for row in rows]
    for fits in (
        [n for n, id_ in enumerate(ids) if id_ == wanted][:1],
        [n for n, name in enumerate(names) if name.casefold() == wanted][:1],
        [n for n, name in enumerate(names) if wanted and (wanted in name.casefold() or wanted in ids[n])],
    ):
        if len(fits) == 1:
            return rows[fits[0]]
        if fits:
            some = ", ".join(names[n] for n in fits[:MOST])
            raise UsageError(f"{text!r} fits {len(fits)} rows of {topic.key}: {some}; write more of the name.")
    raise UsageError(f"{text!r} is in no row of {topic.key}; {near(text, names, f'`orwatch {topic.key}` lists them')}.")
