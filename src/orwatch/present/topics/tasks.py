"""What models are used for: a task's shares in sentences to print and to hear, and each with what it is computed from."""

from __future__ import annotations

from collections.abc import Sequence

from orwatch.domain.overview import Snapshot
from orwatch.domain.tasks import ROUNDING, TaskLine, Tasks
from orwatch.present import formats, speech
from orwatch.present.citation import PAGE, cited
from orwatch.present.explain import Explanation, WhatIf, Worked, explanation
from orwatch.present.quote import Quotation
from orwatch.present.sentences import Sentence
from orwatch.present.tables import tasks as tables
from orwatch.present.topics.topic import Topic

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
    parts = [f"{speech.percent(row.token_share)} of tokens", f"{speech.percent(row.request_share)} of requests"]
    if row.token_change is not None:
        moved = abs(row.token_change) >= ROUNDING
        parts.append(f"tokens {formats.signed(row.token_change)} points" if moved else "no change beyond rounding")
    if row.leaders:
        parts.append(f"first of those named {row.leaders[0].name}, {speech.percent(row.leaders[0].token_share)}")
    return f"{row.name}: {', '.join(parts)}."


def explained(_: Snapshot, found: Tasks, id_: str, term: str) -> Explanation | None:
    """A share of a task or macro category, or its change in points, with what it is computed from."""
    if term == "programming":
        return _programming(found)
    row = next((one for one in (*found.tasks, *found.macros) if tables.TASKS.row_id(one) == id_), None)
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
    table=tables.TASKS,
    rows=lambda found: found.tasks,
    scale=lambda found: found.tasks,
    name=lambda row: row.name,
    sentence=lambda _, found, row: tables.sentence(row, found),
    spoken=spoken,
    quote=quote,
    cites=lambda _, found: (cited(PAGE, found.as_of).rstrip("."), f"{PAGE}, as of {formats.day(found.as_of)}"),
    report=lambda view, _, found, rows, __: (
        f"tasks-{found.as_of}",
        tables.report(view, found, [*found.macros, *rows]),
    ),
    terms=(*TERMS, "programming"),
    explain=explained,
    below=lambda found: [
        *((tables.TASKS.row_id(row), term) for row in found.macros for term in ("task_tokens", "task_requests")),
        *([("", "programming")] if found.programming else []),
    ],
)
