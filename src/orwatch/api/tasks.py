"""Shares of tasks over the last seven days: sampled, without a history upstream. Needs a key."""

from __future__ import annotations

from typing import Any, Final

import msgspec
from msgspec import Struct

from orwatch.api import decode
from orwatch.api.client import Answer, Client
from orwatch.domain.foreign_text import clean
from orwatch.domain.tasks import Macro, Task, TaskModel, TaskShares
from orwatch.errors import AnswerError

PATH: Final = "/classifications/task"
WINDOW: Final = "7d"


class TasksAnswer(Struct, frozen=True):
    """What an answer holds. lost: tasks, macro categories and named models that could not be read and are left out."""

    shares: TaskShares
    lost: int = 0


class _Task(msgspec.Struct):
    tag: str
    usage_share: Any
    token_share: Any
    macro_category: str = ""
    display_name: Any = None
    category_usage_share: Any = None
    category_token_share: Any = None
    models: list[msgspec.Raw] | None = None


class _NamedModel(msgspec.Struct):
    id: str
    tag_usage_share: Any
    tag_token_share: Any


class _Macro(msgspec.Struct):
    key: str
    usage_share: Any
    token_share: Any
    label: Any = None


class _TaskData(msgspec.Struct):
    as_of: str
    classifications: list[msgspec.Raw]
    macro_categories: list[msgspec.Raw] | None = None
    window_days: Any = None


class _TasksBody(msgspec.Struct):
    data: _TaskData


_ANSWER, _TASK = decode.decoder(_TasksBody), decode.decoder(_Task)
_MODEL, _MACRO = decode.decoder(_NamedModel), decode.decoder(_Macro)


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
    found, groups = [_task(raw) for raw in data.classifications], data.macro_categories or []
    tasks = {task.tag: task for task, _ in found if task is not None}
    macros = {macro.key: macro for raw in groups if (macro := _macro(raw)) is not None}
    if data.classifications and not tasks:
        raise AnswerError("The tasks hold none that orwatch can read; try again, then update orwatch.")
    lost = sum(lost for _, lost in found) + len(found) - len(tasks) + len(groups) - len(macros)
    days = decode.count(data.window_days, 366) or 7
    return TasksAnswer(TaskShares(as_of, days, tuple(tasks.values()), tuple(macros.values())), lost)


def _task(raw: msgspec.Raw) -> tuple[Task | None, int]:
    """A task, or None where it cannot be read; and how many of its models cannot be."""
    entry = decode.item(raw, _TASK)
    if entry is None:
        return None, 0
    tag, macro = clean(entry.tag, 60), clean(entry.macro_category, 30)
    requests, tokens = _share(entry.usage_share), _share(entry.token_share)
    if not tag or requests is None or tokens is None:
        return None, 0
    models = [_model(one) for one in entry.models or ()]
    named = {model.permaslug: model for model in models if model is not None}
    name = clean(entry.display_name, 60) if isinstance(entry.display_name, str) else ""
    task = Task(
        tag,
        name or tag,
        macro or "general",
        requests,
        tokens,
        _share(entry.category_usage_share),
        _share(entry.category_token_share),
        tuple(named.values()),
    )
    return task, len(models) - len(named)


def _model(raw: msgspec.Raw) -> TaskModel | None:
    entry = decode.item(raw, _MODEL)
    if entry is None or not decode.is_slug(entry.id):
        return None
    requests, tokens = _share(entry.tag_usage_share), _share(entry.tag_token_share)
    return None if requests is None or tokens is None else TaskModel(entry.id, requests, tokens)


def _macro(raw: msgspec.Raw) -> Macro | None:
    entry = decode.item(raw, _MACRO)
    if entry is None or not (key := clean(entry.key, 30)):
        return None
    requests, tokens = _share(entry.usage_share), _share(entry.token_share)
    name = clean(entry.label, 60) if isinstance(entry.label, str) else ""
    return None if requests is None or tokens is None else Macro(key, name or key, requests, tokens)


def _share(value: object) -> float | None:
    return decode.measure(value, 1)
