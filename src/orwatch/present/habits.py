"""Habits in words: what is paid for, and what is wrong with one as it is typed."""

from __future__ import annotations

from datetime import datetime
from typing import Final

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
from orwatch.domain.names import near
from orwatch.domain.value import SessionWindow
from orwatch.errors import UsageError
from orwatch.present import formats
from orwatch.present.citation import DATA_API, LICENSED, cited, models_citation

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


def typed(text: str, otherwise: Habit | None = None) -> Habit:
    """A habit of a line as it is typed. Raises UsageError."""
    try:
        parts = parts_of(text)
        return read_habit(parts) if otherwise is None else read_habit(parts, otherwise)
    except HabitError as error:
        raise wrong(error) from None


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
