"""The market of a period told to ears, and what has changed in it."""

from __future__ import annotations

from orwatch.domain.periods import State
from orwatch.domain.records import Basis
from orwatch.domain.views.overview import Snapshot
from orwatch.present import formats
from orwatch.present.citation import citation
from orwatch.present.speech import TOP, amount, lead, length, moved, named, ratio, side, span, state
from orwatch.present.terms import BASIS_WORDS


def summary(snap: Snapshot) -> list[str]:
    """The period, the total, who leads whom, the basis, the source."""
    grain = snap.period.grain
    head = span(snap.period)
    out = [f"{head[0].upper()}{head[1:]}, {state(snap)}."]
    total = f"Total {amount(snap.total)} tokens"
    if snap.total_change is not None:
        total += f", {moved(snap.total_change, like_days=snap.state is State.RUNNING)}"
    for streak, word in ((snap.total_grew, "growing"), (snap.total_shrank, "shrinking")):
        if streak:
            total += f", {word} for {length(streak, grain)}"
    out.append(f"{total}.")
    if snap.models:
        first = snap.models[0]
        out.append(f"First model: {named(first)} with {amount(first.figures.tokens)} tokens.")
    out += [lead(snap)] if lead(snap) else []
    if snap.bases_disagree:
        a, b = (side(who) for who in snap.query.versus)
        told = [
            f"{s.basis}: {a if s.a > s.b else b} {ratio(s.ratio)}" for s in snap.standoffs if s.ratio and s.a != s.b
        ]
        out.append(f"The bases name different leaders: {'; '.join(told)}.")
    free = "counted" if snap.lens.free else "left out"
    merged = ", variants merged" if snap.lens.merged else ""
    out.append(f"Basis {snap.lens.basis}, {BASIS_WORDS[snap.lens.basis]}; free variants are {free}{merged}.")
    return [*out, citation(snap.source, snap.as_of)]


def changes(before: Snapshot, after: Snapshot) -> list[str]:
    """What became different between two snapshots of one view, most important first; nothing where nothing did."""
    out: list[str] = []
    if before.period != after.period:
        out.append(f"New {after.period.grain}: {span(after.period)}, {state(after)}.")
    if after.lead.leader != before.lead.leader and (text := lead(after)):
        out.append(f"New leader: {text}")
    out += ranks(before, after)
    if amount(after.total) != amount(before.total):
        change = (
            ""
            if after.total_change is None
            else f", {moved(after.total_change, like_days=after.state is State.RUNNING)}"
        )
        out.append(f"Total is now {amount(after.total)} tokens, was {amount(before.total)}{change}.")
    return out


def ranks(before: Snapshot, after: Snapshot) -> list[str]:
    """Changes of rank among the first ten, or the nine of the chart."""
    was = {row.figures.permaslug: row.figures.rank for row in before.models[:TOP]}
    now = {row.figures.permaslug: row for row in after.models[:TOP]}
    out = []
    listed = "first nine" if after.lens.basis is Basis.CHART else "top 10"
    for slug, row in now.items():
        rank = row.figures.rank
        if slug not in was:
            out.append(f"{named(row)} enters the {listed}, {formats.ordinal(rank)}.")
        elif was[slug] != rank:
            out.append(f"{named(row)} is now {formats.ordinal(rank)}, was {formats.ordinal(was[slug])}.")
    gone = [row for row in before.models[:TOP] if row.figures.permaslug not in now]
    return out + [f"{named(row)} leaves the {listed}." for row in gone]
