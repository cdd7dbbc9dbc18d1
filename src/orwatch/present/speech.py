"""Words for a screen reader: figures without columns, marks, bars or arrows, units as words; a period, and what changed in it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from orwatch.domain.overview import ModelRow, Snapshot
from orwatch.domain.periods import Grain, State, Streak
from orwatch.domain.records import Basis
from orwatch.present import formats
from orwatch.present.citation import citation
from orwatch.present.terms import BASIS_WORDS, place_words, total_run

UNITS = {"T": "trillion", "B": "billion", "M": "million", "K": "thousand"}
TOP = 10
"""Models in a list, and those whose changes of rank are reported."""


def amount(tokens: int | None) -> str:
    """`4.96 trillion`."""
    text = formats.tokens(tokens)
    return "unknown" if tokens is None else f"{text[:-1]} {UNITS[text[-1]]}" if text[-1] in UNITS else text


def percent(value: float | Decimal) -> str:
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
    return formats.streak(streak, grain).replace("≥", "at least")


def state(snap: Snapshot) -> str:
    """`complete`, `in progress, day 5 of 7`, `partial, some days are missing`."""
    running = f"in progress, {formats.day_of(snap.days)}" if snap.days[1] > 1 else "in progress"
    words = {
        State.COMPLETE: "complete",
        State.RUNNING: running,
        State.PARTIAL: f"{running}, partial, some days are missing"
        if snap.in_progress
        else "partial, some days are missing",
    }[snap.state]
    return f"{words}, added up from days" if snap.composed else words


def side(who: str) -> str:
    """A side of the head to head: a country's name, with its article, or a vendor's."""
    return place_words(who) if len(who) == 2 and who.isupper() else who


def opening(text: str) -> str:
    """The same at the beginning of a sentence: an article takes a capital, the name of a vendor stays as it is."""
    return f"The {text.removeprefix('the ')}" if text.startswith("the ") else text


def lead(snap: Snapshot) -> str:
    """`the United States leads China 1.6 to 1, for 6 weeks.`; nothing where it is not known."""
    leader, streak = snap.lead.leader, snap.lead.streak
    if leader is None:
        return ""
    other = next(who for who in snap.query.versus if who != leader)
    text = f"{side(leader)} leads {side(other)}"
    if snap.state is State.COMPLETE and snap.standoff.ratio:
        text += f" {ratio(snap.standoff.ratio)}"
    return f"{text}, for {length(streak, snap.period.grain)}." if streak else f"{text}."


def named(row: ModelRow) -> str:
    """A model's name, with what its variant is."""
    variant = row.figures.permaslug.partition(":")[2]
    return f"{row.name}{f', {variant} variant' if variant else ''}"


def summary(snap: Snapshot) -> Iterator[str]:
    """The period, the total, who leads whom, the basis, the source."""
    grain = snap.period.grain
    head = formats.long_span(snap.period)
    yield f"{head[0].upper()}{head[1:]}, {state(snap)}."
    total = f"Total {amount(snap.total)} tokens"
    if snap.total_change is not None:
        total += f", {moved(snap.total_change, like_days=snap.state is State.RUNNING)}"
    streak, word = total_run(snap, "growing", "shrinking")
    total += f", {word} for {length(streak, grain)}" if streak else ""
    yield f"{total}."
    if snap.models:
        first = snap.models[0]
        yield f"First model: {named(first)} with {amount(first.figures.tokens)} tokens."
    if text := lead(snap):
        yield opening(text)
    if snap.bases_disagree:
        a, b = (side(who) for who in snap.query.versus)
        told = [
            f"{found.basis}: {found.order((a, b))[0]} {ratio(found.ratio)}"
            for found in snap.standoffs
            if found.ratio and found.a != found.b
        ]
        yield f"The bases name different leaders: {'; '.join(told)}."
    free = "counted" if snap.lens.free else "left out"
    merged = ", variants merged" if snap.lens.merged else ""
    yield f"Basis {snap.lens.basis}, {BASIS_WORDS[snap.lens.basis]}; free variants are {free}{merged}."
    yield citation(snap.source, snap.as_of)


def changes(before: Snapshot, after: Snapshot) -> Iterator[str]:
    """What became different between two snapshots of one view, most important first; nothing where nothing did."""
    if before.period != after.period:
        yield f"New {formats.noun(after.period.grain)}: {formats.long_span(after.period)}, {state(after)}."
    if after.lead.leader != before.lead.leader and (text := lead(after)):
        yield f"New leader: {text}"
    yield from ranks(before, after)
    if amount(after.total) != amount(before.total):
        change, running = after.total_change, after.state is State.RUNNING
        how = "" if change is None else f", {moved(change, like_days=running)}"
        yield f"Total is now {amount(after.total)} tokens, was {amount(before.total)}{how}."


def ranks(before: Snapshot, after: Snapshot) -> Iterator[str]:
    """Changes of rank among the first ten, or the nine of the chart."""
    was = {row.figures.permaslug: row.figures.rank for row in before.models[:TOP]}
    now = {row.figures.permaslug: row for row in after.models[:TOP]}
    listed = "first nine" if after.lens.basis is Basis.CHART else "top 10"
    for slug, row in now.items():
        rank = row.figures.rank
        if slug not in was:
            yield f"{named(row)} enters the {listed}, {formats.ordinal(rank)}."
        elif was[slug] != rank:
            yield f"{named(row)} is now {formats.ordinal(rank)}, was {formats.ordinal(was[slug])}."
    gone = (row for row in before.models[:TOP] if row.figures.permaslug not in now)
    yield from (f"{named(row)} leaves the {listed}." for row in gone)
