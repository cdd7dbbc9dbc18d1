"""The apps of a week: an app's figures in sentences to print and to hear, and each of them with what it is computed from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec.structs import replace

from orwatch.domain.apps import AppFigures, Apps
from orwatch.domain.overview import Snapshot
from orwatch.domain.periods import Grain, State
from orwatch.present import formats, sentences, speech
from orwatch.present.citation import APPS, cited
from orwatch.present.explain import Explanation, WhatIf, Worked, explanation, neighbours, part_of
from orwatch.present.quote import Quotation
from orwatch.present.sentences import Sentence
from orwatch.present.tables import apps as tables
from orwatch.present.topics.topic import Topic

TERMS = ("rank", "tokens", "app_share", "change", "gain", "requests", "per_request", "top_ten")


def _source(snap: Snapshot, found: Apps) -> str:
    return f"{cited(APPS, found.as_of)} {sentences.source_of(snap)}"


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
    parts = [f"{speech.amount(app.tokens)} tokens"]
    parts += [] if app.share is None else [f"{speech.percent(app.share)} of all"]
    parts += [app.status] if app.status else [] if app.change is None else [speech.moved(app.change)]
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
        term, app.name, found.as_of.date(), told, basis=f"none: {tables.LOWER_BOUND}", heads=("of all", "%"),
        known=f"Apps are told by id ({app.app_id}); names change. Only a restated week can move it.",
        source=_source(snap, found) if term == "app_share" else cited(APPS, found.as_of),
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
                figure = tables.gained(app.gain, formats.press_tokens)
                return Worked(figure, f"{app.gain:+,.0f}", f"{tokens} − ({past}) ÷ 3", inputs)
        case "top_ten":
            return Worked(formats.streak(app.streak, Grain.WEEK), inputs=[*_places(found, app)])
    return Worked(formats.NO_DATA, inputs=inputs)


def _places(found: Apps, row: AppFigures) -> Iterator[str]:
    """Its places in the weeks that are shown."""
    ranks = ", ".join(f"> {found.asked}" if rank is None else str(rank) for rank in row.ranks)
    yield f"places of the weeks from {formats.day(found.shown_weeks[0].start)} on: {ranks}"
    yield f"the cache has weeks from {formats.day(found.weeks[0].start, year=True)} on: at least, where it reaches that far"


TOPIC: Topic[Apps, AppFigures, tables.AppsScale] = Topic(
    key="apps",
    table=tables.APPS,
    rows=lambda found: found.rows,
    scale=tables.scale,
    name=lambda row: row.name,
    sentence=lambda _, found, row: tables.sentence(row, found),
    spoken=spoken,
    quote=quote,
    cites=lambda _, found: (
        cited(APPS, found.as_of).rstrip("."),
        f"{APPS}, as of {formats.short_moment(found.as_of)}",
    ),
    report=lambda view, _, found, rows, __: (f"apps-{found.period.start}-week", tables.report(view, found, rows)),
    terms=TERMS,
    explain=explained,
)
