"""What models are used for: macro categories and tasks, tokens and requests told apart; and programming by week."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from orwatch.domain.filters import Facts
from orwatch.domain.overview import Snapshot
from orwatch.domain.periods import Period
from orwatch.domain.tasks import ROUNDING, TaskLine, Tasks
from orwatch.present import cells, formats
from orwatch.present.citation import LICENSED, PAGE, cited
from orwatch.present.explain import Explanation, WhatIf, Worked, explanation
from orwatch.present.quote import Quotation
from orwatch.present.report import Report, View, bare_meta
from orwatch.present.sentences import Sentence
from orwatch.present.table import Column, Pieces, Table, fields
from orwatch.present.topic import Topic


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
    asked=lambda row: (Facts(name=f"{row.name} {row.tag or row.macro}"),),
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


def report(view: View, found: Tasks, rows: Sequence[TaskLine]) -> Report:
    """A snapshot of tasks. rows: macro categories and tasks, those to show."""
    credit = cited(PAGE, found.as_of)
    since = "" if found.before is None else f"changes in points since {formats.day(found.before)}"
    notes = []
    if found.together is not None:
        tokens, requests = (formats.percent(share) for share in found.together)
        notes.append(f"Code and agents: {tokens} % of tokens, {requests} % of requests.")
    if found.programming:
        period, share = next(reversed(found.programming.items()))
        week = formats.day(period.start, year=True)
        told = f"{formats.percent(share)} % of all tokens in the week of {week}"
        notes.append(f"Programming: {told}, sampled, by another classifier.")
    if found.named is not None and found.named != found.as_of:
        notes.append(f"The models are those named to {formats.day(found.named, year=True)}.")
    warnings = (
        [] if found.before else ["No snapshot that is seven days older is in the cache: there are no changes yet."]
    )
    return Report(
        TASKS,
        tuple(rows),
        name=f"tasks-{found.as_of}",
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


def sentence(_: Snapshot, found: Tasks, row: TaskLine) -> str:
    """One task's shares, with their days and source."""
    tokens, requests = formats.percent(row.token_share), formats.percent(row.request_share)
    moved = ""
    if row.token_change is not None and found.before is not None and abs(row.token_change) >= ROUNDING:
        moved = f", {formats.signed(row.token_change)} points of tokens since {formats.day(found.before)}"
    return f"{row.name}: {tokens} % of tokens and {requests} % of requests{moved}; {span(found)}. {cited(PAGE, found.as_of)}"


TERMS = ("task_tokens", "token_points", "task_requests", "request_points", "task_first_share")
SAMPLE = "a sample that OpenRouter classifies; unclassified traffic is in no share"
NAMED = 5
"""Models of a task that are listed among the inputs."""


def quote(_: Snapshot, found: Tasks, row: TaskLine | None) -> Quotation:
    """The share of a task, or of the macro category with most tokens: of tokens and of requests, told apart."""
    line = row or (found.macros or found.tasks)[0]
    source = cited(PAGE, found.as_of)
    tokens, requests = formats.percent(line.token_share), formats.percent(line.request_share)
    days = f"In the {found.days} days to {formats.day_in_full(found.as_of)}"
    text = (
        f"{days}, {line.name} was {tokens} % of the classified tokens on OpenRouter and {requests} % of the requests."
    )
    told = [Sentence(text, {"token_share": line.token_share, "request_share": line.request_share}, None, source)]
    if line.token_change is not None and found.before is not None:
        moved = abs(line.token_change) >= ROUNDING
        points = f"{formats.signed(line.token_change)} points" if moved else "no more than rounding"
        text = f"Its share of tokens changed by {points} since the days to {formats.day_in_full(found.before)}."
        told.append(Sentence(text, {"token_change_points": round(line.token_change * 100, 1)}, None, source))
    if line.leaders and found.named is not None:
        first = line.leaders[0]
        then = "" if found.named == found.as_of else f" in the days to {formats.day_in_full(found.named)}"
        text = f"Of the models named in it, {first.name} had most: {formats.percent(first.token_share)} % of its tokens{then}."
        told.append(Sentence(text, {"model": first.permaslug, "token_share": first.token_share}, None, source))
    return Quotation(
        subject=f"{line.name}, {found.days} days to {formats.day(found.as_of, year=True)}",
        sentences=tuple(told),
        basis=SAMPLE,
        source=source,
        command=f"orwatch quote {f'task:{line.tag or line.macro}' if row else 'tasks'} --at {found.as_of}",
    )


def spoken(_: Tasks, row: TaskLine) -> str:
    """One task, without marks."""
    parts = [
        f"{formats.spoken_percent(row.token_share)} of tokens",
        f"{formats.spoken_percent(row.request_share)} of requests",
    ]
    if row.token_change is not None:
        moved = abs(row.token_change) >= ROUNDING
        parts.append(f"tokens {formats.signed(row.token_change)} points" if moved else "no change beyond rounding")
    if row.leaders:
        parts.append(
            f"first of those named {row.leaders[0].name}, {formats.spoken_percent(row.leaders[0].token_share)}"
        )
    return f"{row.name}: {', '.join(parts)}."


def explained(_: Snapshot, found: Tasks, id_: str, term: str) -> Explanation | None:
    """A share of a task or macro category, or its change in points, with what it is computed from."""
    if term == "programming":
        return _programming(found)
    row = next((one for one in (*found.tasks, *found.macros) if TASKS.row_id(one) == id_), None)
    told = None if row is None else _worked(found, row, term)
    if row is None or told is None:
        return None
    return explanation(
        term, row.name, found.as_of, told, basis=f"none: {SAMPLE}", heads=("of %", "%"),
        known="Another snapshot is another sample; programming by week is of another classifier.",
        source=cited(PAGE, found.as_of), command=f"orwatch explain {term} --at {found.as_of}",
    )  # fmt: skip


def _worked(found: Tasks, row: TaskLine, term: str) -> Worked | None:
    if term == "task_first_share":
        told = [f"{one.name} {formats.percent(one.token_share)} %" for one in row.leaders[:1]]
        inputs = [f"{one.name}: {formats.percent(one.token_share)} % of its tokens" for one in row.leaders[:NAMED]]
        left_out = ["models beyond the ten with the most requests: they are not named"]
        return Worked(told[0], inputs=inputs, left_out=left_out) if told else None
    what = "tokens" if term in ("task_tokens", "token_points") else "requests"
    left_out = [f"the counts of {what}: only shares are published"]

    def share_of(line: TaskLine) -> float:
        return line.token_share if what == "tokens" else line.request_share

    share, change = share_of(row), row.token_change if what == "tokens" else row.request_change
    if term in ("token_points", "request_points"):
        if change is None or found.before is None:
            return None
        then = share - change
        inputs = [
            f"{found.days} days to {formats.day(day, year=True)}: {formats.percent(part)} %"
            for day, part in ((found.as_of, share), (found.before, then))
        ]
        inputs.append("both without a day in common: closer snapshots overlap")
        if abs(change) < ROUNDING:
            inputs.append("shares come with three decimals: under 0.2 points it is rounding")
        numbers = f"{formats.percent(share)} − {formats.percent(then)}"
        return Worked(f"{formats.signed(change)} points", "", numbers, inputs, left_out)
    others = [
        WhatIf("", f"of {macro.name} alone", formats.percent(share_of(macro)), formats.percent(share / share_of(macro)))
        for macro in found.macros
        if row.tag is not None and macro.macro == row.macro and share_of(macro)
    ]
    inputs = [f"{found.days} days to {formats.day(found.as_of, year=True)}: OpenRouter states {share:.3f}"]
    return Worked(f"{formats.percent(share)} %", "", "", inputs, left_out, others)


def _programming(found: Tasks) -> Explanation | None:
    """The share of programming in the newest week that has one."""
    if not found.programming or found.programming_as_of is None:
        return None
    shares = found.programming
    weeks = [*shares]
    told = {"the newest": weeks[-1], "the highest": max(weeks, key=shares.__getitem__), "the first": weeks[0]}
    inputs = [
        f"{which} of {len(weeks)} weeks, {formats.span(week, year=True)}: {formats.percent(shares[week])} %"
        for which, week in told.items()
    ]
    left_out = ("the share of single models: their sampled tokens exceed the exact ones in many weeks",)
    return explanation(
        "programming", f"Week {formats.span(weeks[-1], year=True)}", found.programming_as_of.date(),
        Worked(f"{formats.percent(shares[weeks[-1]])} %", inputs=inputs, left_out=left_out),
        basis="none: sampled, by another classifier than tasks",
        known="One never continues the other's line: tasks of a day are no later point of these weeks.",
        source=cited(PAGE, found.programming_as_of), command="orwatch explain programming",
    )  # fmt: skip


TOPIC: Topic[Tasks, TaskLine, Sequence[TaskLine]] = Topic(
    key="tasks",
    table=TASKS,
    rows=lambda found: found.tasks,
    scale=lambda found: found.tasks,
    name=lambda row: row.name,
    sentence=sentence,
    spoken=spoken,
    quote=quote,
    cites=lambda _, found: (cited(PAGE, found.as_of).rstrip("."), f"{PAGE}, as of {formats.day(found.as_of)}"),
    report=lambda view, _, found, rows, __: report(view, found, [*found.macros, *rows]),
    terms=(*TERMS, "programming"),
    explain=explained,
    below=lambda found: [
        *((TASKS.row_id(row), term) for row in found.macros for term in ("task_tokens", "task_requests")),
        *([("", "programming")] if found.programming else []),
    ],
)
