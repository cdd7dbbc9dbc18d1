"""What a habit costs by model, and models mixed; habits in words, and what is wrong with one as it is typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import ROUND_DOWN, Decimal
from typing import Any, Final

from msgspec import Struct

from orwatch.domain.habit import (
    MOST_DAYS,
    PARTS,
    TURN_RANGES,
    Habit,
    HabitError,
    SessionHabit,
    parts_of,
    read_habit,
    short_amount,
    short_turns,
)
from orwatch.domain.names import near, variant_of
from orwatch.domain.overview import Snapshot
from orwatch.domain.value import HabitList, HabitRow, Mix, MixRow, SessionWindow
from orwatch.errors import UsageError
from orwatch.present import cells, formats
from orwatch.present.citation import DATA_API, LICENSED, cited, models_citation
from orwatch.present.explain import Explanation, Worked, explanation, prices_words
from orwatch.present.report import TABLE_ROWS, Report, View, bare_meta
from orwatch.present.table import Column, Pieces, Table, fields
from orwatch.present.tables.prices import rounded

TAKES: Final = {
    "calls": "calls a day, such as 100",
    "context": "tokens of input a call, such as 230k",
    "cached": "the percentage of the input that a cache serves, 0% to 100%",
    "out": "tokens of output a call, such as 1k",
    "days": f"a number of days, 1 to {MOST_DAYS}",
    "sessions": "sessions a day, such as 5",
    "harness": "a harness such as claude-code",
    "turns": f"{', '.join(map(short_turns, TURN_RANGES))}",
}
"""What each part of a habit is."""


def wrong(error: HabitError, dash: str = "") -> UsageError:
    """What is wrong with a habit, in a sentence. dash: stands before the names of its parts."""
    name = f"{dash}{error.name}"
    if error.other:
        return UsageError(f"{name} counts calls and {dash}{error.other} sessions; give the parts of one or the other.")
    if error.name not in PARTS:
        return UsageError(f"{name!r} is no part of a habit; {near(error.name, PARTS)}.")
    if not error.text:
        return UsageError(f"{name} has no value; it takes {TAKES[error.name]}.")
    return UsageError(f"{name} is {error.text!r}; it takes {TAKES[error.name]}.")


def usual(text: str) -> Habit:
    """The habit of the setting `value.habit`. Raises UsageError, which names it."""
    try:
        return read_habit(parts_of(text))
    except HabitError as error:
        raise UsageError(f"value.habit: {wrong(error)}") from None


def words(habit: Habit, sessions: SessionWindow | None = None) -> str:
    """`5 sessions a day, 22 days · Claude Code, 10–49 turns`, `100 calls a day of 230k (80 % cached) and 1k out, 30 days`."""
    days = formats.plural(habit.days, "day")
    if isinstance(habit, SessionHabit):
        name = sessions.harness_name if sessions else habit.harness
        count = short_amount(habit.sessions)
        return f"{count} session{'s' * (count != '1')} a day, {days} · {name}, {turn_words(habit.turns)}"
    calls, context, out = (short_amount(value) for value in (habit.calls, habit.context, habit.out))
    cached = f" ({formats.percent(habit.cached, 0)} % cached)" if habit.cached else ""
    return f"{calls} call{'s' * (calls != '1')} a day of {context}{cached} and {out} out, {days}"


def turn_words(turns: str) -> str:
    """`10–49 turns`, `1 turn`, `50 turns and more`."""
    text = short_turns(turns)
    if text.endswith("-plus"):
        return f"{text.removesuffix('-plus')} turns and more"
    return "1 turn" if text == "1" else f"{text.replace('-', formats.DASH)} turns"


def monthly_head(habit: Habit) -> str:
    """The head of what all days cost: `$ a month`, `$ in 7 days`."""
    return "$ a month" if 20 <= habit.days <= 31 else f"$ in {formats.plural(habit.days, 'day')}"


def sources(
    source: str, prices_seen: datetime | None, sessions: SessionWindow | None, *, licensed: bool = False
) -> list[str]:
    """The lines that name the sources of a habit's costs. licensed: with the licence, where the source has one."""
    out = []
    if sessions is not None:
        out.append(cited(DATA_API, sessions.as_of) + (f" {LICENSED}" if licensed else ""))
    if prices_seen is not None:
        out.append(models_citation(source, prices_seen))
    return out


class HabitScale(Struct, frozen=True):
    """What the cells are measured by. base: permaslug of the base. each, monthly: the heads of both costs."""

    base: str | None = None
    each: str = "$ a call"
    monthly: str = "$ a month"


def scale(habit: Habit, base: str | None) -> HabitScale:
    """The scale of a habit."""
    each = "$ a session" if isinstance(habit, SessionHabit) else "$ a call"
    return HabitScale(base, each, monthly_head(habit))


def usd(value: Decimal | None, role: str = "text", mark: str = "") -> Pieces:
    """A cost, with a mark before it."""
    if value is None:
        return cells.NO_DATA
    return [(mark, "dim"), (formats.usd(value), role)]


def _facts(row: HabitRow) -> Mapping[str, Any]:
    return {
        "permaslug": row.permaslug,
        "id": row.entry.id,
        **fields(row, "name", "country", "each", "monthly", "ratio"),
    }


def _columns(scale: HabitScale) -> tuple[Column[HabitRow], ...]:
    return (
        cells.country_column(lambda row: row.country, gap=0),
        cells.name_column(
            lambda row: row.name, 16, 34, lambda row: variant_of(row.permaslug), facts=("permaslug", "id", "name"),
        ),
        Column("each", scale.each, len(scale.each), lambda row, _: cells.number(row.each, 4), give_up=1, sort="each"),
        Column(
            "monthly", scale.monthly, max(12, len(scale.monthly)), lambda row, _: usd(row.monthly, mark="≈ "), sort="monthly",
        ),
        Column(
            "ratio", "× base", 8, lambda row, _: cells.base_ratio(row.ratio, base=row.permaslug == scale.base),
            give_up=2, term="base",
        ),
    )  # fmt: skip


HABIT: Table[HabitRow, HabitScale] = Table(
    key="habit",
    title="Habit",
    facts=_facts,
    asked=lambda row: (row.facts,),
    sorts={
        "name": lambda row: row.name.casefold(),
        "each": lambda row: None if row.each is None else -row.each,
        "monthly": lambda row: None if row.monthly is None else -row.monthly,
    },
    columns=_columns,
    scale=HabitScale(),
)


def _meta(view: View, habit: Habit | None, sessions: SessionWindow | None, seen: datetime | None) -> dict[str, Any]:
    """The facts that go along. seen: when the prices were."""
    return bare_meta(view, seen) | {
        "citation": " ".join(sources(view.source, seen, sessions)) or None,
        "habit": None if habit is None else _habit_facts(habit),
        "estimate": True,
        "session_window_end": None if sessions is None else sessions.window_end,
        "prices_seen": seen,
    }


def _habit_facts(habit: Habit) -> dict[str, Any]:
    if isinstance(habit, SessionHabit):
        return fields(habit, "sessions", "harness", "turns", "days")
    return fields(habit, "calls", "context", "cached", "out", "days")


def basis_note(sessions: SessionWindow | None) -> str:
    """What the costs rest on, in a sentence."""
    if sessions is not None:
        return (
            f"Medians of {sessions.days} days to {formats.day(sessions.window_end, year=True)} × sessions × days: an estimate,"
            " for medians do not add up to a mean."
        )
    return (
        "List prices × tokens, those for prompts of that length: an estimate; batch prices and those of writing to a cache are"
        " left out."
    )


def report(view: View, found: HabitList, rows: Sequence[HabitRow]) -> Report:
    """What a habit costs. rows: those to show, in order."""
    unknown = sum(row.monthly is None for row in rows)
    notes = [basis_note(found.sessions)]
    if unknown:
        why = "no sessions are known" if found.sessions else "no price is known"
        notes.append(f"— of {formats.plural(unknown, 'model')}: {why}.")
    return Report(
        HABIT,
        tuple(rows),
        scale=scale(found.habit, found.base),
        meta=_meta(view, found.habit, found.sessions, found.prices_seen) | {"baseline": found.base},
        title=f"Habit · {words(found.habit, found.sessions)} · base {found.base_name or 'none'}",
        notes=tuple(notes),
        first=TABLE_ROWS,
        credit=" ".join(sources(view.source, found.prices_seen, found.sessions, licensed=True)) or None,
    )


COSTS: Final = ("monthly", "each")
"""Figures of a habit."""


def explained(snap: Snapshot, found: HabitList, row: HabitRow, term: str) -> Explanation | None:
    """What a habit costs with a model, of all its days or of one call or session; None where that is unknown."""
    habit, sessions, value = found.habit, found.sessions, row.monthly if term == "monthly" else row.each
    if value is None or row.each is None:
        return None
    by_session = isinstance(habit, SessionHabit)
    count, inputs = (
        (habit.sessions, []) if isinstance(habit, SessionHabit) else (habit.calls, [prices_words(row.entry.pricing)])
    )
    if by_session and sessions is not None:
        end = formats.day(sessions.window_end, year=True)
        inputs.append(f"${row.each:f} a session: the median of {formats.plural(sessions.days, 'day')} to {end}")
    day = sessions.as_of if sessions is not None else found.prices_seen
    told = Worked(
        f"${formats.usd(value)}",
        f"${value:,.6f}",
        f"{habit.days} × {short_amount(count)} × ${row.each:.4f}" if term == "monthly" else "",
        [words(habit, sessions), *inputs],
        ("what your own work has of cached input and output",),
    )
    return explanation(
        term, row.name, None if day is None else day.date(), told,
        head="$ a session" if term == "each" and by_session else "",
        basis="none: a habit is what you say it is (value.habit)",
        known="An estimate: medians do not add up to a mean, and list prices move.",
        source=" ".join(sources(snap.source, found.prices_seen, sessions)),
        command=f"orwatch explain {term}{' --demo' if snap.source == 'demo' else ''}",
    )  # fmt: skip


# Mixes


def _mix_facts(row: MixRow) -> Mapping[str, Any]:
    who = ("permaslug", "name", "country")
    return {
        **(dict.fromkeys(who) if row.cost is None else fields(row.cost, *who)),
        "share": row.share,
        "input": rounded(row.input),
        "output": rounded(row.output),
        **fields(row, "blend", "monthly", "share_of_bill"),
    }


def _mix_columns(head: str) -> tuple[Column[MixRow], ...]:
    def name(row: MixRow, width: int) -> Pieces:
        if row.cost is None:
            return [("all of it", "bright")]
        return cells.name(row.cost.name, width, variant_of(row.cost.permaslug))

    def price(value: Decimal | None, row: MixRow) -> Pieces:
        mean = value is not None and row.cost is None and value >= 1
        return [(f"{value:.2f} ", "bright")] if mean else cells.price(value, "text" if row.cost else "bright")

    return (
        Column("country", "CC", 2, lambda row, _: cells.code(row.cost.country) if row.cost else [], right=False, gap=0),
        Column("model", "Model", 16, name, right=False, gap=1, grow=True, most=34, facts=("permaslug", "name")),
        Column("share", "calls %", 7, lambda row, _: [(formats.part(row.share), "accent")], term="mix_share"),
        Column("in", "In ", 7, lambda row, _: price(row.input, row), facts=("input",), give_up=1),
        Column("out", "Out ", 7, lambda row, _: price(row.output, row), facts=("output",), give_up=2),
        Column("blend", "$ / M ", 7, lambda row, _: price(row.blend, row)),
        Column("monthly", head, max(12, len(head)), lambda row, _: usd(row.monthly, "text" if row.cost else "bright", "≈ ")),
        Column("bill", "of bill %", 9, lambda row, _: cells.percent(row.share_of_bill), facts=("share_of_bill",)),
    )  # fmt: skip


MIX: Table[MixRow, str] = Table("mix", "Mix", _mix_columns, "$ a month", _mix_facts)


def allowed_words(found: Mix) -> str | None:
    """What a budget allows, in a sentence; None without one."""
    if found.budget is None or not found.rows[0].cost or not found.rows[-1].cost:
        return None
    dear, cheap, dollars = (
        found.rows[0].cost.name,
        found.rows[-1].cost.name,
        f"${formats.usd(found.budget).removesuffix('.00')}",
    )
    if found.allowed is None:
        least = found.rows[-1].monthly
        if least is None or found.rows[0].monthly is None:
            return f"What {dollars} allows is unknown: a cost is."
        return f"{dollars} is less than {cheap} alone costs: ${formats.usd(least)}."
    if found.allowed == 1:
        return f"{dollars} allows {dear} for all of it."
    part = found.allowed.quantize(Decimal("0.001"), ROUND_DOWN)  # rounded up it would cost more
    return f"{dollars} allows {formats.percent(part)} % {dear}."


def mix_report(view: View, found: Mix) -> Report:
    """A mix, its parts and all of it."""
    costs = found.costs
    habit, sessions = (None, None) if costs is None else (costs.habit, costs.sessions)
    notes = [] if habit is None else [f"{words(habit, sessions)}. {basis_note(sessions)}"]
    if not found.by_habit:
        notes.append("What the habit costs is not known of all of them: the bill is by the blend of prices.")
    if (allowed := allowed_words(found)) is not None:
        notes.append(allowed)
    shares = " : ".join(formats.part(row.share) for row in found.rows)
    return Report(
        MIX,
        (*found.rows, found.whole),
        scale="$ a month" if habit is None else monthly_head(habit),
        meta=_meta(view, habit, sessions, found.prices_seen)
        | {"budget": found.budget, "allowed_dear_share": found.allowed},
        title=f"Mix {shares} · USD per million tokens",
        notes=tuple(notes),
        credit=" ".join(sources(view.source, found.prices_seen, sessions, licensed=True)) or None,
    )
