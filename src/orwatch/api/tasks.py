"""Shares of tasks over the last seven days: sampled, without a history upstream. Needs a key."""

from __future__ import annotations

from typing import Any, Final

import msgspec
from msgspec import Struct

from orwatch.api import decode
from orwatch.api.client import Answer, Client
from orwatch.api.decode import need, text
from orwatch.domain.tasks import Macro, Task, TaskModel, TaskShares
from orwatch.errors import AnswerError

PATH: Final = "/classifications/task"
WINDOW: Final = "7d"


class TasksAnswer(Struct, frozen=True):
    """What an answer holds. lost: tasks, macro categories and named models that could not be read and are left out."""

    shares: TaskShares
    lost: int = 0


class _TaskData(msgspec.Struct):
    as_of: str
    classifications: list[msgspec.Raw]
    macro_categories: list[msgspec.Raw] | None = None
    window_days: Any = None


class _TasksBody(msgspec.Struct):
    data: _TaskData


_ANSWER = decode.decoder(_TasksBody)


async def fetch(client: Client) -> tuple[TasksAnswer, Answer]:
    """The newest shares. Raises KeyMissingError without a key, and the SourceError family."""
    answer = await client.get(PATH, {"window": WINDOW}, keyed=True)
    return read(answer.body), answer


def read(body: bytes) -> TasksAnswer:
    """The answer of `/classifications/task`. Left out: what has no name or a share that is no fraction of 1."""
    data = decode.parse(body, _ANSWER, "tasks").data
    as_of = decode.day(data.as_of)
    if as_of is None:
        raise AnswerError("The tasks do not say of which days they are (as_of); try again later.")
    given, groups = data.classifications, data.macro_categories or []
    found = decode.items(given, _task, "The tasks hold")
    tasks = {task.tag: task for task, _ in found}
    macros = {macro.key: macro for macro in decode.items(groups, _macro)}
    lost = sum(lost for _, lost in found) + len(given) - len(tasks) + len(groups) - len(macros)
    days = decode.count(data.window_days, 366) or 7
    return TasksAnswer(TaskShares(as_of, days, tuple(tasks.values()), tuple(macros.values())), lost)


def _task(entry: decode.Fields) -> tuple[Task, int]:
    """A task, and how many of its models cannot be read."""
    tag, models = need(text(entry.get("tag"), 60)), entry.get("models")
    named = {model.permaslug: model for model in decode.items(models, _model)}
    task = Task(
        tag,
        text(entry.get("display_name"), 60) or tag,
        text(entry.get("macro_category"), 30) or "general",
        need(_share(entry.get("usage_share"))),
        need(_share(entry.get("token_share"))),
        _share(entry.get("category_usage_share")),
        _share(entry.get("category_token_share")),
        tuple(named.values()),
    )
    return task, len(models) - len(named) if isinstance(models, list) else 0


def _model(entry: decode.Fields) -> TaskModel:
    requests, tokens = _share(entry.get("tag_usage_share")), _share(entry.get("tag_token_share"))
    return TaskModel(need(decode.slug(entry.get("id"))), need(requests), need(tokens))


def _macro(entry: decode.Fields) -> Macro:
    key = need(text(entry.get("key"), 30))
    requests, tokens = _share(entry.get("usage_share")), _share(entry.get("token_share"))
    return Macro(key, text(entry.get("label"), 60) or key, need(requests), need(tokens))


def _share(value: object) -> float | None:
    return decode.measure(value, 1)
