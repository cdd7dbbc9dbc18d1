"""What models are used for at a day, beside a snapshot that has no day in common with it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from msgspec import Struct

from orwatch.domain.periods import Period


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
