"""What a way of working costs in so many days, by tokens or by sessions, whose medians are kept; and what a mix of models costs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from orwatch.domain.catalogue import Override, Pricing

_UNITS: Final = {"": 1, "k": 10**3, "m": 10**6, "b": 10**9}
MOST: Final = 10**12
"""More than anybody has of anything here."""
MOST_DAYS: Final = 366


class TokenHabit(Struct, frozen=True, tag="tokens"):
    """So many calls a day. context: tokens of input a call, of which the part `cached` (0 to 1) is read from the host's cache. out:
    tokens of output a call."""

    calls: Decimal
    context: int
    cached: Decimal
    out: int
    days: int


class SessionHabit(Struct, frozen=True, tag="sessions"):
    """So many sessions a day with a harness (`claude-code`), each of a range of turns (`10-49-turns`)."""

    sessions: Decimal
    days: int
    harness: str
    turns: str


Habit = TokenHabit | SessionHabit

TOKENS: Final = TokenHabit(Decimal(100), 230_000, Decimal("0.8"), 1_000, 30)
SESSIONS: Final = SessionHabit(Decimal(5), 22, "claude-code", "10-49-turns")
"""What is meant where nothing else is said."""


def cost_of_tokens(habit: TokenHabit, pricing: Pricing) -> Decimal | None:
    """USD of all days, at the prices that hold for prompts of that length; None where a price is unknown or varies.

    Input that comes from a cache without a price of its own costs what other input does.
    """
    holds: Pricing | Override = pricing
    longest = -1
    for each in pricing.overrides:
        least = each.min_prompt_tokens
        if least is not None and longest < least <= habit.context and each.utc_start is None:
            longest, holds = least, each
    given = holds.prompt if holds.prompt is not None else pricing.prompt
    out = holds.completion if holds.completion is not None else pricing.completion
    cached = holds.cache_read if holds.cache_read is not None else pricing.cache_read
    if given is None or out is None or given < 0 or out < 0:
        return None
    reads = cached if cached is not None and cached >= 0 else given
    call = habit.context * (habit.cached * reads + (1 - habit.cached) * given) + habit.out * out
    return habit.days * habit.calls * call


def cost(habit: Habit, pricing: Pricing, median: Decimal | None) -> tuple[Decimal | None, Decimal | None]:
    """USD of one call or session, and of all days; None where unknown. median: USD of one session.

    What sessions cost is an estimate, for medians do not add up to a mean.
    """
    if isinstance(habit, SessionHabit):
        return median, None if median is None else habit.days * habit.sessions * median
    whole = cost_of_tokens(habit, pricing)
    return None if whole is None else whole / (habit.calls * habit.days), whole


def mixed(parts: Iterable[tuple[Decimal, Decimal | None]]) -> Decimal | None:
    """The mean of costs by their shares (which sum to 1); None where one that has a share is unknown."""
    total = Decimal(0)
    for share, cost in parts:
        if share and cost is None:
            return None
        total += share * (cost or 0)
    return total


def dear_share(dear: Decimal | None, cheap: Decimal | None, budget: Decimal) -> Decimal | None:
    """The greatest part (0 to 1) of the dear model that a budget allows beside the cheap one.

    None where a cost is unknown, or the budget is too small for the cheap one alone.
    """
    if dear is None or cheap is None or budget < cheap:
        return None
    return Decimal(1) if dear <= budget or dear <= cheap else (budget - cheap) / (dear - cheap)


# As they are typed


class HabitError(ValueError):
    """What is typed of a habit is wrong. name: of its part; text: as typed. other: a part of the other kind of habit, where both
    are given."""

    def __init__(self, name: str, text: str, other: str = "") -> None:
        super().__init__(name)
        self.name = name
        self.text = text
        self.other = other


def amount(text: str) -> Decimal:
    """`100`, `230k`, `1.5M`. Raises ValueError for what is no number of things, or a senseless one."""
    found = re.fullmatch(r"(\d{1,12}(?:\.\d{1,6})?)([kmb]?)", text.strip().casefold(), re.ASCII)
    if found is None or Decimal(found[1]) * _UNITS[found[2]] > MOST:
        raise ValueError(text)
    return Decimal(found[1]) * _UNITS[found[2]]


def percent(text: str) -> Decimal:
    """A part: `80%` or `80` are 0.8. Raises ValueError for less than none and more than all."""
    found = re.fullmatch(r"(\d{1,3}(?:\.\d{1,6})?)\s*%?", text.strip(), re.ASCII)
    if found is None or Decimal(found[1]) > 100:
        raise ValueError(text)
    return Decimal(found[1]) / 100


def _positive(text: str) -> Decimal:
    value = amount(text)
    if not value:
        raise ValueError(text)
    return value


def _whole(text: str, least: int = 0, most: int = MOST) -> int:
    value = amount(text)
    if value != int(value) or not least <= value <= most:
        raise ValueError(text)
    return int(value)


def _turns(text: str) -> str:
    wanted = text.strip().casefold().replace("–", "-")
    return next(known for known in TURN_RANGES if wanted in (known, short_turns(known)))


def short_turns(turns: str) -> str:
    """`10-49`."""
    return turns.rpartition("-turn")[0]


_TOKEN_PARTS: Final[Mapping[str, Callable[[str], Any]]] = {
    "calls": _positive, "context": _whole, "cached": percent, "out": _whole,
}  # fmt: skip
_SESSION_PARTS: Final[Mapping[str, Callable[[str], Any]]] = {
    "sessions": _positive, "harness": lambda text: text.strip().casefold(), "turns": _turns,
}  # fmt: skip
PARTS: Final[Mapping[str, Callable[[str], Any]]] = {
    **_TOKEN_PARTS,
    **_SESSION_PARTS,
    "days": lambda text: _whole(text, 1, MOST_DAYS),
}
"""The parts of habits by name, each with what reads it."""


def read_habit(parts: Mapping[str, str], otherwise: Habit = SESSIONS) -> Habit:
    """A habit of its parts as typed; those that are not given are as in `otherwise`, or as they usually are. Raises HabitError."""
    read = {}
    for name, text in parts.items():
        try:
            read[name] = PARTS[name](text)
        except (ValueError, KeyError, StopIteration):
            raise HabitError(name, text) from None
    kinds = [[name for name in parts if name in kind] for kind in (_TOKEN_PARTS, _SESSION_PARTS)]
    if all(kinds):
        raise HabitError(kinds[0][0], parts[kinds[0][0]], kinds[1][0])
    if kinds[0] and isinstance(otherwise, SessionHabit):
        otherwise = TOKENS
    elif kinds[1] and isinstance(otherwise, TokenHabit):
        otherwise = SESSIONS
    return replace(otherwise, **read)


def parts_of(text: str) -> dict[str, str]:
    """The parts of a line: `sessions 5 days 22 cached 80 %`. Raises HabitError for one without a value."""
    words = text.replace(" %", "%").replace(",", " ").split()
    if len(words) % 2:
        raise HabitError(words[-1], "")
    return dict(zip(words[::2], words[1::2], strict=True))


def short_amount(value: Decimal | int) -> str:
    """`100`, `230k`, `1.5M`: as it is typed."""
    for letter, unit in (("M", 10**6), ("k", 10**3)):
        if value >= unit and value * 100 % unit == 0:
            return f"{Decimal(value) / unit:f}{letter}"
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def habit_line(habit: Habit) -> str:
    """A habit as it is typed: `sessions 5 days 22 harness claude-code turns 10-49`."""
    if isinstance(habit, SessionHabit):
        turns = short_turns(habit.turns)
        return f"sessions {short_amount(habit.sessions)} days {habit.days} harness {habit.harness} turns {turns}"
    context, out = short_amount(habit.context), short_amount(habit.out)
    cached = f"{(habit.cached * 100).normalize():f}%"
    return f"calls {short_amount(habit.calls)} context {context} cached {cached} out {out} days {habit.days}"


TURN_RANGES: Final = ("1-turn", "2-9-turns", "10-49-turns", "50-plus-turns")
"""The ranges of turns, shortest first."""


class SessionCell(Struct, frozen=True, array_like=True):
    """A cell. app, app_name: the harness (`claude-code`). turns: one of `TURN_RANGES`. median: USD per session."""

    app: str
    app_name: str
    turns: str
    permaslug: str
    median: Decimal


class SessionCosts(Struct, frozen=True, tag="session-cost"):
    """A snapshot: sessions of the `days` up to `window_end`, which is its identity. as_of: when it was answered.

    cells: by harness, turns, the dearest first. Windows that end a week apart overlap.
    """

    window_end: date
    days: int
    as_of: datetime
    cells: tuple[SessionCell, ...]
