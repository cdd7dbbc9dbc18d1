"""Words for ears: figures without columns, marks, bars or arrows, and units as words."""

from __future__ import annotations

from decimal import Decimal

from orwatch.domain.periods import Grain, Period, State
from orwatch.domain.streaks import Streak
from orwatch.domain.views.overview import ModelRow, Snapshot
from orwatch.present import formats
from orwatch.present.terms import country_words

UNITS = {"T": "trillion", "B": "billion", "M": "million", "K": "thousand"}
TOP = 10
"""Models that are told, and whose changes of rank are."""


def amount(tokens: int | None) -> str:
    """`4.96 trillion`."""
    text = formats.tokens(tokens)
    return "unknown" if tokens is None else f"{text[:-1]} {UNITS[text[-1]]}" if text[-1] in UNITS else text


def percent(value: float) -> str:
    """`10.6 percent`."""
    return f"{formats.percent(value)} percent"


def moved(value: float | Decimal, *, like_days: bool = False) -> str:
    """`up 12.4 percent`, `unchanged`; against the same days where a period is in progress."""
    text = formats.signed(value)
    words = "unchanged" if text == "0.0" else f"{'up' if value > 0 else 'down'} {text[1:]} percent"
    return f"{words} on the same days before" if like_days else words


def ratio(value: float) -> str:
    """`1.6 to 1`, the larger side first."""
    return formats.ratio(value).replace(" : ", " to ")


def length(streak: Streak, grain: Grain) -> str:
    """`6 weeks`, `at least 8 weeks`."""
    return f"{'at least ' if streak.is_floor else ''}{formats.plural(streak.length, grain)}"


def span(period: Period) -> str:
    """`week of 10 to 16 August 2026`, `16 August 2026`, `August 2026`."""
    start, end = period.start, period.end
    last = f"{end.day} {end:%B} {end.year}"
    if period.grain is Grain.MONTH:
        return f"{start:%B} {start.year}"
    if period.grain is Grain.DAY:
        return last
    month = "" if start.month == end.month else f" {start:%B}"
    year = "" if start.year == end.year else f" {start.year}"
    return f"week of {start.day}{month}{year} to {last}"


def state(snap: Snapshot) -> str:
    """`complete`, `in progress, day 5 of 7`, `partial, some days are missing`."""
    words = {
        State.COMPLETE: "complete",
        State.RUNNING: f"in progress, {formats.day_of(snap.days)}" if snap.days[1] > 1 else "in progress",
        State.PARTIAL: "partial, some days are missing",
    }[snap.state]
    return f"{words}, added up from days" if snap.composed else words


def side(who: str) -> str:
    """A side of the head to head: a country's name or a vendor's."""
    return country_words(who) if len(who) == 2 and who.isupper() else who


def lead(snap: Snapshot) -> str:
    """`China leads United States 1.6 to 1, for 6 weeks.`; nothing where it is not known."""
    leader, streak = snap.lead.leader, snap.lead.streak
    if leader is None:
        return ""
    other = next(who for who in snap.query.versus if who != leader)
    text = f"{side(leader)} leads {side(other)}"
    now = next((s for s in snap.standoffs if s.basis is snap.lens.basis), None)
    if snap.state is State.COMPLETE and now is not None and now.ratio:
        text += f" {ratio(now.ratio)}"
    return f"{text}, for {length(streak, snap.period.grain)}." if streak else f"{text}."


def named(row: ModelRow) -> str:
    """A model's name, with what its variant is."""
    variant = row.figures.permaslug.partition(":")[2]
    return f"{row.name}{f', {variant} variant' if variant else ''}"
