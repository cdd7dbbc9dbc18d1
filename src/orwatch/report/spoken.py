"""The market in sentences, for ears: no columns, marks, bars or arrows, and units as words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from orwatch.domain.alerts.records import Alert, Standing
from orwatch.domain.prices import Gap
from orwatch.domain.records import OTHER, Basis, Grain, Period, State
from orwatch.domain.streaks import Streak
from orwatch.domain.views.overview import ModelRow, Snapshot
from orwatch.domain.views.prices import PriceRow
from orwatch.present import formats
from orwatch.present.alerts import message
from orwatch.present.citation import citation
from orwatch.present.sentences import BASIS_WORDS, OUTSIDE, country_words

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
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
    last = f"{end.day} {MONTHS[end.month - 1]} {end.year}"
    if period.grain is Grain.MONTH:
        return f"{MONTHS[start.month - 1]} {start.year}"
    if period.grain is Grain.DAY:
        return last
    month = "" if start.month == end.month else f" {MONTHS[start.month - 1]}"
    year = "" if start.year == end.year else f" {start.year}"
    return f"week of {start.day}{month}{year} to {last}"


def state(snap: Snapshot) -> str:
    """`complete`, `in progress, day 5 of 7`, `partial, some days are missing`."""
    done, days = snap.days
    words = {
        State.COMPLETE: "complete",
        State.RUNNING: f"in progress, day {min(done + 1, days)} of {days}",
        State.PARTIAL: "partial, some days are missing",
    }[snap.state]
    return f"{words}, added up from days" if snap.composed else words


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


def models(snap: Snapshot, rows: Sequence[ModelRow], count: int = TOP) -> list[str]:
    """A sentence a model, then everything outside."""
    grain, running = snap.period.grain, snap.state is State.RUNNING
    out = []
    for row in rows[:count]:
        figures = row.figures
        parts = [f"{amount(figures.tokens)} tokens", f"{percent(figures.share)} of all"]
        if figures.status:
            parts.append(figures.status)
        elif figures.rank_change:
            parts.append(f"{'up' if figures.rank_change > 0 else 'down'} {abs(figures.rank_change)} in rank")
        if figures.change is not None:
            parts.append(f"tokens {moved(figures.change, like_days=running)}")
        if figures.streak:
            parts.append(f"in the top 10 for {length(figures.streak, grain)}")
        country = country_words(row.country) if row.country else "country not known"
        out.append(f"{figures.rank}. {named(row)}, {country}: {', '.join(parts)}.")
    if not rows:
        out.append(f"No model of this {grain} matches.")
    elif len(rows) > count:
        out.append(f"{len(rows) - count} more models; say models {len(rows)} for all.")
    outside = "Outside these rows" if snap.lens.basis is Basis.TOP50 else f"The rest, {OUTSIDE[snap.lens.basis]}"
    return [*out, f"{outside}: {amount(snap.outside)} tokens, {percent(snap.outside_share)} of all."]


def countries(snap: Snapshot) -> list[str]:
    """A sentence a country of the split."""
    out = []
    for row in snap.split.rows:
        name = OUTSIDE[snap.lens.basis] if row.key == OTHER else country_words(row.key)
        parts = [f"{amount(row.tokens)} tokens", f"{percent(row.share_of_all)} of all"]
        if row.share_of_attributed is not None:
            parts.append(f"{percent(row.share_of_attributed)} of attributed")
        if row.change is not None:
            parts.append(moved(row.change, like_days=snap.state is State.RUNNING))
        if row.key != OTHER:
            parts.append(formats.plural(row.models, "model"))
        out.append(f"{name[0].upper()}{name[1:]}: {', '.join(parts)}.")
    return out


def medians(gaps: Mapping[str, Gap]) -> list[str]:
    """The medians of CN and US, input and output."""
    out = []
    for name, gap in gaps.items():
        if gap.cn is None or gap.us is None or gap.ratio is None:
            continue
        times = formats.multiple(gap.ratio if gap.ratio >= 1 else 1 / gap.ratio)
        dear = "United States" if gap.ratio >= 1 else "China"
        out.append(
            f"Median {name} price of a million tokens: China {formats.price(gap.cn)} dollars, United States"
            f" {formats.price(gap.us)} dollars; {dear} is {times} times as dear."
        )
    return out or ["No prices are known yet."]


def prices(rows: Sequence[PriceRow], count: int = TOP) -> list[str]:
    """A sentence a model."""
    out = []
    for row in rows[:count]:
        figures = row.figures
        if figures.varies:
            text = "varies with the model that it picks"
        elif figures.free:
            text = "free"
        else:
            known = (("input", figures.input), ("output", figures.output), ("cached input", figures.cached_input))
            text = ", ".join(f"{name} {formats.price(value)}" for name, value in known if value is not None)
            text = f"{text} dollars per million tokens" if text else "price not known"
            if figures.change is not None:
                text += f", input {moved(figures.change)} lately"
        out.append(f"{row.name}: {text}.")
    if len(rows) > count:
        out.append(f"{len(rows) - count} more; say prices {len(rows)} for all.")
    return out


def alert(found: Alert, names: Mapping[str, str]) -> str:
    """One alert as a sentence. names: of models, by permaslug."""
    text = re.sub(r"(?<=\d)([TBMK])\b", lambda unit: f" {UNITS[unit[1]]}", message(found, names))
    if found.subject_kind in ("versus", "country"):
        for who in {str(value) for value in found.values.values()} | {*found.subject.split(":")}:
            if who != side(who):
                text = re.sub(rf"\b{who}\b", side(who), text)
    return f"{text}." if found.state is Standing.ON_COURSE else f"Alert: {text}."


def alerts(found: Iterable[Alert], names: Mapping[str, str]) -> list[str]:
    """Alerts, a sentence each; two that read alike, as of the head to head and of first place, are told once."""
    return list(dict.fromkeys(alert(one, names) for one in found))


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
