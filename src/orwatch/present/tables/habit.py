"""What a habit costs by model, and models mixed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import ROUND_DOWN, Decimal
from typing import Any

from msgspec import Struct

from orwatch.domain.habit import Habit, SessionHabit
from orwatch.domain.names import variant_of
from orwatch.domain.value import HabitList, HabitRow, Mix, MixRow, SessionWindow
from orwatch.present import cells, formats, habits
from orwatch.present.report import TABLE_ROWS, Report, View, bare_meta
from orwatch.present.table import Column, Pieces, Table, fields
from orwatch.present.tables.prices import rounded


class HabitScale(Struct, frozen=True):
    """What the cells are measured by. base: permaslug of the base. each, monthly: the heads of both costs."""

    base: str | None = None
    each: str = "$ a call"
    monthly: str = "$ a month"


def scale(habit: Habit, base: str | None) -> HabitScale:
    """The scale of a habit."""
    each = "$ a session" if isinstance(habit, SessionHabit) else "$ a call"
    return HabitScale(base, each, habits.monthly_head(habit))


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
    asked=lambda row: row.facts,
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
        "citation": " ".join(habits.sources(view.source, seen, sessions)) or None,
        "habit": None if habit is None else _habit_facts(habit),
        "estimate": True,
        "session_window_end": None if sessions is None else sessions.window_end,
        "prices_seen": seen,
    }


def _habit_facts(habit: Habit) -> dict[str, Any]:
    if isinstance(habit, SessionHabit):
        return fields(habit, "sessions", "harness", "turns", "days")
    return fields(habit, "calls", "context", "cached", "out", "days")


def basis_note(habit: Habit, sessions: SessionWindow | None) -> str:
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
    notes = [basis_note(found.habit, found.sessions)]
    if unknown:
        why = "no sessions are known" if found.sessions else "no price is known"
        notes.append(f"— of {formats.plural(unknown, 'model')}: {why}.")
    return Report(
        HABIT,
        tuple(rows),
        scale=scale(found.habit, found.base),
        meta=_meta(view, found.habit, found.sessions, found.prices_seen) | {"baseline": found.base},
        title=f"Habit · {habits.words(found.habit, found.sessions)} · base {found.base_name or 'none'}",
        notes=tuple(notes),
        first=TABLE_ROWS,
        credit=" ".join(habits.sources(view.source, found.prices_seen, found.sessions, licensed=True)) or None,
    )


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


MIX: Table[MixRow, str] = Table(
    key="mix",
    title="Mix",
    facts=_mix_facts,
    columns=_mix_columns,
    scale="$ a month",
)


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
    notes = [] if habit is None else [f"{habits.words(habit, sessions)}. {basis_note(habit, sessions)}"]
    if not found.by_habit:
        notes.append("What the habit costs is not known of all of them: the bill is by the blend of prices.")
    if (allowed := allowed_words(found)) is not None:
        notes.append(allowed)
    shares = " : ".join(formats.part(row.share) for row in found.rows)
    return Report(
        MIX,
        (*found.rows, found.whole),
        scale="$ a month" if habit is None else habits.monthly_head(habit),
        meta=_meta(view, habit, sessions, found.prices_seen)
        | {"budget": found.budget, "allowed_dear_share": found.allowed},
        title=f"Mix {shares} · USD per million tokens",
        notes=tuple(notes),
        credit=" ".join(habits.sources(view.source, found.prices_seen, sessions, licensed=True)) or None,
    )
