"""What models are used for: macro categories and tasks, tokens and requests told apart; and programming by week."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from orwatch.domain.filters import Facts
from orwatch.domain.periods import Period
from orwatch.domain.tasks import ROUNDING, TaskLine, Tasks
from orwatch.present import cells, formats
from orwatch.present.citation import LICENSED, PAGE, cited
from orwatch.present.report import Report, View, bare_meta
from orwatch.present.table import Column, Pieces, Table, fields


def _points(value: float | None) -> float | None:
    return None if value is None else round(value * 100, 1)


def _facts(row: TaskLine) -> Mapping[str, Any]:
    return {
        **fields(row, "macro", "tag", "name", "token_share", "request_share"),
        "token_change_points": _points(row.token_change),
        "request_change_points": _points(row.request_change),
        "leaders": row.leaders,
    }


def points(value: float | None) -> Pieces:
    """A change in points: `+1.0`, `·` where it is rounding."""
    if value is None:
        return cells.NO_DATA
    return cells.NOTHING if abs(value) < ROUNDING else [(formats.signed(value), "text")]


def _columns(rows: Sequence[TaskLine]) -> tuple[Column[TaskLine], ...]:
    largest = max((row.token_share for row in rows), default=1.0) or 1.0
    longest = max((formats.cell_width(row.name) for row in rows), default=12)

    def first(row: TaskLine, width: int) -> Pieces:
        if not row.leaders:
            return cells.NO_DATA if row.tag else []
        model = row.leaders[0]
        return [*cells.code(model.country), (" ", "dim"), (formats.middle_cut(model.name, max(4, width - 3)), "text")]

    def leading(row: TaskLine, _: int) -> Pieces:
        return [(formats.percent(row.leaders[0].token_share, 0), "dim")] if row.leaders else []

    return (
        Column(
            "task", "Task", min(24, longest),
            lambda row, width: [(formats.middle_cut(row.name, width), "bright" if row.tag is None else "text")],
            right=False, gap=0, grow=True, most=max(12, longest), sort="name", facts=("tag", "name"),
        ),
        Column("macro", "Category", 8, lambda row, _: [(row.macro, "dim")], right=False, give_up=1, sort="macro"),
        Column(
            "bar", "", 4, lambda row, width: cells.bar(row.token_share / largest, width, "dim"),
            right=False, give_up=0, grow=True, most=14, written=False,
        ),
        Column(
            "task_tokens", "tokens %", 8, lambda row, _: cells.percent(row.token_share, "bright" if row.tag is None else "text"),
            gap=1, sort="tokens", facts=("token_share",),
        ),
        Column("token_points", "Δ", 5, lambda row, _: points(row.token_change), gap=1, give_up=6, facts=("token_change_points",)),
        Column(
            "task_requests", "req. %", 6, lambda row, _: cells.percent(row.request_share, "dim"),
            gap=1, sort="requests", facts=("request_share",),
        ),
        Column(
            "request_points", "Δ", 5, lambda row, _: points(row.request_change), gap=1, give_up=3,
            facts=("request_change_points",),
        ),
        Column("task_first", "First in it", 16, first, right=False, give_up=5, grow=True, most=26, facts=("leaders",)),
        Column("task_first_share", "%", 3, leading, gap=1, give_up=4, facts=("leaders",)),
    )  # fmt: skip


TASKS: Table[TaskLine, Sequence[TaskLine]] = Table(
    key="tasks",
    title="Tasks",
    noun="task",
    facts=_facts,
    row_id=lambda row: row.tag or f"={row.macro}",
    asked=lambda row: Facts(name=f"{row.name} {row.tag or row.macro}"),
    default_sort="tokens",
    sorts={
        "tokens": lambda row: -row.token_share,
        "requests": lambda row: -row.request_share,
        "name": lambda row: row.name.casefold(),
        "macro": lambda row: (row.macro, -row.token_share),
    },
    columns=_columns,
    scale=(),
)
"""Its scale is the rows by which it is measured."""

Week = tuple[Period, float]
"""A week, and the share of programming in its tokens."""


PROGRAMMING: Table[Week, None] = Table(
    key="programming",
    title="Programming",
    facts=lambda row: {"start": row[0].start, "programming_share": row[1], "sampled": True},
    columns=lambda _: (
        Column("start", "Week of", 11, lambda row, _: [(row[0].start.isoformat(), "text")], right=False, gap=0),
        Column(
            "programming", "of all %", 8, lambda row, _: cells.percent(row[1]), facts=("programming_share", "sampled")
        ),
    ),
    scale=None,
)


def span(found: Tasks) -> str:
    """`7 days to 11 Sep 2026, sampled`."""
    return f"{found.days} days to {formats.day(found.as_of, year=True)}, sampled"


def together_words(found: Tasks) -> str | None:
    """`Code and agents: 71.6 % of tokens, 27.9 % of requests`; None where they are not told."""
    if found.together is None:
        return None
    tokens, requests = (formats.percent(share) for share in found.together)
    return f"Code and agents: {tokens} % of tokens, {requests} % of requests."


def programming_words(found: Tasks) -> str | None:
    """The newest share of programming, and that it is of another classifier; None where none is known."""
    if not found.programming:
        return None
    period, share = next(reversed(found.programming.items()))
    return (
        f"Programming: {formats.percent(share)} % of all tokens in the week of {formats.day(period.start, year=True)},"
        " sampled, by another classifier."
    )


def report(view: View, found: Tasks, rows: Sequence[TaskLine]) -> Report:
    """A snapshot of tasks. rows: macro categories and tasks, those to show."""
    credit = cited(PAGE, found.as_of)
    since = "" if found.before is None else f"changes in points since {formats.day(found.before)}"
    notes = [words for words in (together_words(found), programming_words(found)) if words]
    if found.named is not None and found.named != found.as_of:
        notes.append(f"The models are those named to {formats.day(found.named, year=True)}.")
    warnings = (
        [] if found.before else ["No snapshot that is seven days older is in the cache: there are no changes yet."]
    )
    return Report(
        TASKS,
        tuple(rows),
        scale=rows,
        meta=bare_meta(view, found.taken)
        | {
            "citation": credit,
            "as_of": found.as_of,
            "days": found.days,
            "compared_with": found.before,
            "leaders_as_of": found.named,
            "code_and_agents": None
            if found.together is None
            else dict(zip(("token_share", "request_share"), found.together, strict=True)),
            "sampled": True,
            "warnings": warnings,
        },
        title=f" {formats.NOTHING} ".join(part for part in (TASKS.title, span(found), since) if part),
        notes=tuple(notes),
        credit=f"{credit} {LICENSED}",
    )


def programming_report(view: View, found: Tasks) -> Report:
    """The share of programming by week, newest first."""
    taken = found.programming_as_of
    return Report(
        PROGRAMMING,
        list(reversed(found.programming.items())),
        meta=bare_meta(view, taken) | {"sampled": True, "classifier": "use cases of the rankings, not those of tasks"},
        title="Programming · share of all tokens by week · sampled",
        notes=("It is of another classifier than tasks: one never continues the other's line.",),
        credit=None if taken is None else f"{cited(PAGE, taken)} {LICENSED}",
    )


def sentence(row: TaskLine, found: Tasks) -> str:
    """One task's shares, with their days and source."""
    tokens, requests = formats.percent(row.token_share), formats.percent(row.request_share)
    moved = ""
    if row.token_change is not None and found.before is not None and abs(row.token_change) >= ROUNDING:
        moved = f", {formats.signed(row.token_change)} points of tokens since {formats.day(found.before)}"
    return f"{row.name}: {tokens} % of tokens and {requests} % of requests{moved}; {span(found)}. {cited(PAGE, found.as_of)}"
