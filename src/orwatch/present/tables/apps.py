"""The apps of a week that use models, everything else always last."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from orwatch.domain.apps import AppFigures, Apps
from orwatch.domain.filters import Facts
from orwatch.domain.overview import Snapshot
from orwatch.domain.periods import Grain, State
from orwatch.present import cells, formats, sentences
from orwatch.present.citation import APPS as APPS_PAGE
from orwatch.present.citation import cited, export_citation, record_citation
from orwatch.present.explain import Explanation, WhatIf, Worked, explanation, neighbours, part_of
from orwatch.present.quote import Quotation
from orwatch.present.report import TABLE_ROWS, Report, View, bare_meta
from orwatch.present.sentences import Sentence
from orwatch.present.table import Column, Pieces, Table, fields
from orwatch.present.topic import Topic

TRENDING = "Trending: tokens of the week less the mean of the three before it, by orwatch from its own weeks."
NO_TREND = (
    "Trending takes four complete weeks in a row, and the cache lacks some of them: each day's polls bring twelve."
)
LOWER_BOUND = "public apps that opted in: a lower bound"


class AppsScale(Struct, frozen=True):
    """What the cells are measured by. unit: of tokens. requests: the unit of requests. most: tokens of the first.

    longest: cells of a name. trending: the gain on the weeks before is shown.
    """

    unit: formats.Unit = formats.ONE
    requests: formats.Unit = formats.ONE
    most: int = 1
    longest: int = 12
    trending: bool = False


def scale(found: Apps, *, trending: bool = False) -> AppsScale:
    """One unit for all apps of a week."""
    return AppsScale(
        formats.unit_of([app.tokens for app in found.rows]),
        formats.unit_of([app.requests for app in found.rows]),
        most=max((app.tokens for app in found.rows), default=1),
        longest=max((formats.cell_width(app.name) for app in found.rows), default=12),
        trending=trending,
    )


def _facts(app: AppFigures) -> Mapping[str, Any]:
    return {
        **fields(
            app, "rank", "rank_change", "status", "app_id", "name", "tokens", "share", "change", "gain", "requests"
        ),
        "tokens_per_request": app.tokens_per_request,
        **cells.streak_facts("streak", app.streak),
        **cells.streak_facts("lead_streak", app.lead_streak),
    }


def _columns(scale: AppsScale) -> tuple[Column[AppFigures], ...]:
    (requests_unit, letter), longest = scale.requests, scale.longest
    head = f"Requests {letter}".rstrip()

    def gain(row: AppFigures, _: int) -> Pieces:
        if row.gain is None:
            return cells.NO_DATA
        return [(gained(row.gain, lambda tokens: formats.tokens_in(tokens, scale.unit[0])), "bright")]

    def each(row: AppFigures, _: int) -> Pieces:
        one = row.tokens_per_request
        return cells.NO_DATA if one is None else [(f"{one / 1000:.{0 if one >= 10_000 else 1}f}", "text")]

    return (
        Column("rank", "#", 3, lambda row, _: [(str(row.rank), "dim")], gap=0),
        cells.moved_column(lambda row: (row.rank_change, row.status)),
        cells.name_column(
            lambda row: row.name, min(22, longest), max(12, longest), key="app", head="App", facts=("app_id", "name"),
        ),
        cells.tokens_column(scale.unit, lambda row: row.tokens, 6, sort="tokens"),
        Column(
            "bar", "", 5, lambda row, width: cells.bar(row.tokens / scale.most, width, "text"),
            right=False, give_up=5, grow=True, most=16, written=False,
        ),
        Column(
            "app_share", cells.SHARE_HEAD, 8, lambda row, _: cells.percent(row.share, "dim"),
            gap=1, give_up=3, facts=("share",),
        ),
        Column(
            "change", formats.change_head(Grain.WEEK), 7, lambda row, _: cells.change(row.change, row.status),
            gap=1, sort="change",
        ),
        Column("gain", "on mean", 8, gain, gap=1, sort="gain", shown=scale.trending),
        Column(
            "requests", head, len(head),
            lambda row, _: [(formats.tokens_in(row.requests, requests_unit, 1), "text")], give_up=4, sort="requests",
        ),
        Column("per_request", "K / req", 7, each, sort="per_request", facts=("tokens_per_request",)),
        cells.streak_column("Wks", lambda row: row.streak, 4, give_up=2),
        cells.trend_column(Grain.WEEK, lambda row: row.trend, give_up=1),
    )  # fmt: skip


APPS: Table[AppFigures, AppsScale] = Table(
    key="apps",
    title="Apps",
    noun="app",
    facts=_facts,
    row_id=lambda row: str(row.app_id),
    asked=lambda row: (Facts(name=row.name),),
    default_sort="tokens",
    sorts={
        "tokens": lambda row: row.rank,
        "name": lambda row: row.name.casefold(),
        "change": lambda row: None if row.change is None else -row.change,
        "gain": lambda row: None if row.gain is None else -row.gain,
        "requests": lambda row: -row.requests,
        "per_request": lambda row: None if row.tokens_per_request is None else -row.tokens_per_request,
        "streak": lambda row: (-row.streak.length, row.rank),
    },
    columns=_columns,
    scale=AppsScale(),
)


def other(found: Apps, unit: formats.Unit) -> Mapping[str, Pieces]:
    """The cells of everything that is not among the apps."""
    return {
        "app": [(f"all else, private or below {found.asked}", "dim")],
        "tokens": cells.tokens(found.outside, unit, "dim"),
        "app_share": [(formats.percent(found.outside / found.total if found.outside and found.total else None), "dim")],
        "change": [(formats.signed(found.outside_change), "dim")],
        "requests": cells.NO_DATA,
        "per_request": cells.NO_DATA,
    }


def gained(tokens: float, text: Callable[[int], str]) -> str:
    """`+1.19`, `−0.09`: tokens above a mean. text: tokens as they are written."""
    return f"{formats.MINUS if tokens < 0 else '+'}{text(round(abs(tokens)))}"


def can_trend(found: Apps) -> bool:
    """Whether the weeks before are known."""
    return any(row.gain is not None for row in found.rows)


def lead_words(found: Apps) -> str | None:
    """`Hermes Agent leads ≥7 weeks`; None where it is not known who leads."""
    if found.leader is None:
        return None
    return f"{found.leader} leads {formats.streak(found.lead.streak, Grain.WEEK)}"


def report(
    view: View, found: Apps, rows: Sequence[AppFigures], category: str | None = None, *, trending: bool = False
) -> Report:
    """The apps of a week. rows: those to show, in order. category: which they are of; None: of all. trending: by their gain."""
    measures, week = scale(found, trending=trending), formats.span(found.period, year=True)
    state = {State.COMPLETE: "✓", State.RUNNING: f"~ to {formats.day(found.end)}", State.PARTIAL: "partial"}[
        found.state
    ]
    notes = [words] if (words := lead_words(found)) else []
    if found.wanting:
        weeks = formats.plural(found.wanting, "week")
        notes.append(f"{weeks} back to January 2025 are still to be asked for: each day's polls bring twelve.")
    if category is not None:
        notes.append(f"Only apps of the category {category}; ranks are of all. An app can be in several, or in none.")
    notes += [TRENDING if can_trend(found) else NO_TREND] if trending else []
    warnings = [f"Shares are of all tokens: {LOWER_BOUND}."]
    if found.state is not State.COMPLETE:
        warnings.append("The week is not complete: it is compared with nothing, and its share is not known.")
    shares = "" if found.total is None else f" {export_citation(view.source, found.ranked_at, computed=True)}"
    return Report(
        APPS,
        tuple(rows),
        name=f"apps-{found.period.start}-week",
        scale=measures,
        meta=bare_meta(view, found.as_of)
        | {
            "citation": cited(APPS_PAGE, found.as_of),
            "period": {
                "grain": Grain.WEEK,
                **fields(found.period, "start", "end"),
                "complete": found.state is State.COMPLETE,
                "partial": found.state is State.PARTIAL,
                "until": found.end,
            },
            "total_tokens": found.total,
            "other_tokens": found.outside,
            "asked": found.asked,
            "category": category,
            "leader": found.leader,
            "flips": [{"start": one.period.start, "app": one.name, "passes": one.passed} for one in found.passes],
            "weeks": len(found.weeks),
            "weeks_wanting": found.wanting,
            "warnings": warnings,
        },
        title=f"{APPS.title} {formats.NOTHING} week {week} {state} {formats.NOTHING} {LOWER_BOUND}",
        tail=(other(found, measures.unit),) if found.outside is not None else (),
        notes=tuple(notes),
        sums={"tokens": ""},
        first=TABLE_ROWS,
        credit=f"{record_citation('apps', found.as_of)}{shares}",
    )


def sentence(_: Snapshot, found: Apps, app: AppFigures) -> str:
    """One app's figures, with their week and source."""
    share = "" if app.share is None else f", {formats.percent(app.share)} % of all"
    moved = "" if app.change is None else f", {formats.signed(app.change)} % on the week before"
    return (
        f"{app.name}: {formats.tokens(app.tokens)} tokens{share}{moved}, rank {app.rank} of public apps; week of"
        f" {formats.span(found.period, year=True)}. {cited(APPS_PAGE, found.as_of)}"
    )


TERMS = ("rank", "tokens", "app_share", "change", "gain", "requests", "per_request", "top_ten")


def _source(snap: Snapshot, found: Apps) -> str:
    return f"{cited(APPS_PAGE, found.as_of)} {sentences.source_of(snap)}"


def _command(verb: str, what: str, found: Apps) -> str:
    return f"orwatch {verb} {what} --at {found.period.start}"


def quote(snap: Snapshot, found: Apps, row: AppFigures | None) -> Quotation:
    """A public app in a week: tokens, share, change, requests, and how long it has led; without one, who leads."""
    app = row or found.rows[0]
    whole = found.state is State.COMPLETE
    when = f"In the {formats.long_span(found.period)}{'' if whole else ' so far'}"
    figures: dict[str, Any] = {"app_id": app.app_id, "tokens": app.tokens, "requests": app.requests, "rank": app.rank}
    text = f"{when}, {app.name} used {sentences.amount(app.tokens)} tokens through OpenRouter"
    if app.share is not None:
        text += f", at least {formats.percent(app.share)} % of all"
        figures["share"] = app.share
    if app.change is not None:
        text += f" ({sentences.signed(app.change)} on the week before)"
        figures["change"] = app.change
    place = "the most" if app.rank == 1 else f"the {formats.ordinal(app.rank)} most"
    text += f": {place} of the public apps that let it be known."
    source = _source(snap, found)
    told = [Sentence(text, figures, None, source)]
    if app.tokens_per_request is not None:
        each = f"{app.tokens_per_request:,.0f}"
        text = f"It made {formats.exact(app.requests)} requests, {each} tokens each."
        told.append(Sentence(text, {"tokens_per_request": app.tokens_per_request}, None, source))
    if app.lead_streak and app.lead_streak.counted:
        weeks = sentences.length(app.lead_streak, Grain.WEEK)
        text = f"It has led them for {weeks}." if whole else f"It had led them for {weeks} by the last complete one."
        told.append(Sentence(text, {"lead_streak": app.lead_streak.length}, None, source))
    return Quotation(
        subject=f"{app.name}, week of {formats.span(found.period, year=True)}",
        sentences=tuple(told),
        basis="public apps that opted in, a lower bound; aliases are one app",
        source=source,
        command=_command("quote", f"app:{app.app_id}" if row else "apps", found),
    )


def spoken(found: Apps, app: AppFigures) -> str:
    """One app, without marks."""
    parts = [f"{formats.spoken_tokens(app.tokens)} tokens"]
    parts += [] if app.share is None else [f"{formats.spoken_percent(app.share)} of all"]
    parts += [app.status] if app.status else [] if app.change is None else [formats.spoken_change(app.change)]
    parts.append(f"{formats.exact(app.requests)} requests")
    return f"{app.rank}. {app.name}: {', '.join(parts)}."


def explained(snap: Snapshot, found: Apps, id_: str, term: str) -> Explanation | None:
    """A figure of an app, with what it is computed from."""
    app = TOPIC.row(found, id_)
    if app is None:
        return None
    told = _worked(found, app, term)
    state = "complete" if found.state is State.COMPLETE else f"to {formats.day(found.end)}"
    unknown = "a week that is not complete, or not in the cache, is compared with nothing"
    told = replace(
        told,
        inputs=[
            *told.inputs,
            *([unknown] if told.figure == formats.NO_DATA else []),
            f"week {formats.span(found.period, year=True)}, {state}",
        ],
        left_out=("private apps, and keys without an app: they are in the total alone",),
    )
    return explanation(
        term, app.name, found.as_of.date(), told, basis=f"none: {LOWER_BOUND}", heads=("of all", "%"),
        known=f"Apps are told by id ({app.app_id}); names change. Only a restated week can move it.",
        source=_source(snap, found) if term == "app_share" else cited(APPS_PAGE, found.as_of),
        command=_command("explain", term, found),
    )  # fmt: skip


def _worked(found: Apps, app: AppFigures, term: str) -> Worked:
    weeks = [*reversed(app.trend)]
    before, tokens, requests = (
        weeks[1] if len(weeks) > 1 else None,
        formats.exact(app.tokens),
        formats.exact(app.requests),
    )
    inputs = [f"tokens {tokens}, {requests} requests, as OpenRouter counts them"]
    match term:
        case "rank":
            return Worked(
                str(app.rank), inputs=[*neighbours(((row.rank, row.name, row.tokens) for row in found.rows), app.rank)]
            )
        case "tokens":
            return Worked(formats.press_tokens(app.tokens), tokens, inputs=inputs)
        case "requests":
            return Worked(requests, inputs=inputs)
        case "per_request" if app.tokens_per_request is not None:
            each = app.tokens_per_request
            return Worked(f"{each / 1000:.1f}", f"{each:,.1f} tokens", f"{tokens} ÷ {requests}", inputs)
        case "app_share" if app.share is not None and found.total:
            named = sum(other.tokens for other in found.rows)
            words, share = f"of the {len(found.rows)} apps that are named", formats.percent(app.tokens / named)
            other = WhatIf("", words, formats.press_tokens(named), share)
            return replace(part_of(app.share, f"{tokens} ÷ {formats.exact(found.total)}", inputs), alternatives=[other])
        case "change" if app.change is not None and before:
            then = formats.exact(before)
            figure, exactly = (f"{formats.signed(app.change, places)} %" for places in (1, 4))
            inputs = [f"the week before, {formats.span(found.period.previous())}: {then}"]
            return Worked(figure, exactly, f"({tokens} − {then}) ÷ {then}", inputs)
        case "gain":
            inputs = [
                *(f"{formats.span(found.period.back(n))}: {formats.exact(week)}" for n, week in enumerate(weeks[:4])),
                "by orwatch, from its own weeks; not the API's order",
            ]
            if app.gain is not None:
                past = " + ".join(formats.exact(week) for week in weeks[1:4])
                figure = gained(app.gain, formats.press_tokens)
                return Worked(figure, f"{app.gain:+,.0f}", f"{tokens} − ({past}) ÷ 3", inputs)
        case "top_ten":
            ranks = ", ".join(f"> {found.asked}" if rank is None else str(rank) for rank in app.ranks)
            inputs = [
                f"places of the weeks from {formats.day(found.shown_weeks[0].start)} on: {ranks}",
                f"the cache has weeks from {formats.day(found.weeks[0].start, year=True)} on: at least, where it reaches that far",
            ]
            return Worked(formats.streak(app.streak, Grain.WEEK), inputs=inputs)
    return Worked(formats.NO_DATA, inputs=inputs)


TOPIC: Topic[Apps, AppFigures, AppsScale] = Topic(
    key="apps",
    table=APPS,
    rows=lambda found: found.rows,
    scale=scale,
    name=lambda row: row.name,
    sentence=sentence,
    spoken=spoken,
    quote=quote,
    cites=lambda _, found: (
        cited(APPS_PAGE, found.as_of).rstrip("."),
        f"{APPS_PAGE}, as of {formats.short_moment(found.as_of)}",
    ),
    report=lambda view, _, found, rows, __: report(view, found, rows),
    terms=TERMS,
    explain=explained,
)
