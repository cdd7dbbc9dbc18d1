"""What models are used for: shares of tokens and of requests by task, of sampled and classified traffic of seven days."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from msgspec import Struct


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

    def rows(self) -> Iterator[Mapping[str, object]]:
        """A row for each macro category, each task, and each model named in it, with its shares of the task."""
        for macro in self.macros:
            yield {"as_of": self.as_of, "macro": macro.key, "tag": None, "permaslug": None, **_shares(macro)}
        for task in self.tasks:
            head = {"as_of": self.as_of, "macro": task.macro, "tag": task.tag}
            yield {**head, "permaslug": None, **_shares(task)}
            for model in task.models:
                yield {**head, "permaslug": model.permaslug, **_shares(model)}


def _shares(one: Macro | Task | TaskModel) -> Mapping[str, float]:
    return {"request_share": one.request_share, "token_share": one.token_share}
