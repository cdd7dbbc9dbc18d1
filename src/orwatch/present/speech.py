"""A period for a screen reader, without columns, marks, bars or arrows, and what changed in it."""

from __future__ import annotations

from collections.abc import Iterator

from orwatch.domain.overview import Snapshot
from orwatch.domain.periods import State
from orwatch.domain.rankings import TOP_TEN
from orwatch.domain.records import Basis
from orwatch.present import formats
from orwatch.present.citation import citation
from orwatch.present.tables.models import named
from orwatch.present.terms import BASIS_WORDS, opening, side_words, total_run


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


def lead(snap: Snapshot) -> str:
    """`the United States leads China 1.6 to 1, for 6 weeks.`; nothing where it is not known."""
    leader, streak = snap.lead.leader, snap.lead.streak
    if leader is None:
        return ""
    other = next(who for who in snap.query.versus if who != leader)
    text = f"{side_words(leader)} leads {side_words(other)}"
    if snap.state is State.COMPLETE and snap.standoff.ratio:
        text += f" {formats.spoken_ratio(snap.standoff.ratio)}"
    return f"{text}, for {formats.spoken_streak(streak, snap.period.grain)}." if streak else f"{text}."


def summary(snap: Snapshot) -> Iterator[str]:
    """The period, the total, who leads whom, the basis, the source."""
    grain = snap.period.grain
    yield f"{formats.capital(formats.long_span(snap.period))}, {state(snap)}."
    total = f"Total {formats.spoken_tokens(snap.total)} tokens"
    if snap.total_change is not None:
        total += f", {formats.spoken_change(snap.total_change, like_days=snap.state is State.RUNNING)}"
    streak, word = total_run(snap, "growing", "shrinking")
    total += f", {word} for {formats.spoken_streak(streak, grain)}" if streak else ""
    yield f"{total}."
    if snap.models:
        first = snap.models[0]
        yield f"First model: {named(first)} with {formats.spoken_tokens(first.tokens)} tokens."
    if text := lead(snap):
        yield opening(text)
    if snap.bases_disagree:
        a, b = (side_words(who) for who in snap.query.versus)
        told = [
            f"{found.basis}: {found.order((a, b))[0]} {formats.spoken_ratio(found.ratio)}"
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
    if formats.spoken_tokens(after.total) != formats.spoken_tokens(before.total):
        change, running = after.total_change, after.state is State.RUNNING
        how = "" if change is None else f", {formats.spoken_change(change, like_days=running)}"
        yield f"Total is now {formats.spoken_tokens(after.total)} tokens, was {formats.spoken_tokens(before.total)}{how}."


def ranks(before: Snapshot, after: Snapshot) -> Iterator[str]:
    """Changes of rank among the first ten, or the nine of the chart."""
    was = {row.permaslug: row.rank for row in before.models[:TOP_TEN]}
    now = {row.permaslug: row for row in after.models[:TOP_TEN]}
    listed = "first nine" if after.lens.basis is Basis.CHART else "top 10"
    for slug, row in now.items():
        rank = row.rank
        if slug not in was:
            yield f"{named(row)} enters the {listed}, {formats.ordinal(rank)}."
        elif was[slug] != rank:
            yield f"{named(row)} is now {formats.ordinal(rank)}, was {formats.ordinal(was[slug])}."
    gone = (row for row in before.models[:TOP_TEN] if row.permaslug not in now)
    yield from (f"{named(row)} leaves the {listed}." for row in gone)
