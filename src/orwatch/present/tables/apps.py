"""The apps of a week that use models, everything else always last."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from orwatch.domain.apps import AppFigures, Apps
from orwatch.domain.filters import Facts
from orwatch.domain.periods import Grain, State
from orwatch.present import cells, formats
from orwatch.present.citation import APPS as APPS_PAGE
from orwatch.present.citation import cited, export_citation, record_citation
from orwatch.present.report import TABLE_ROWS, Report, View, bare_meta
from orwatch.present.table import Column, Pieces, Table

TRENDING = "Trending: tokens of the week less the mean of the three before it, by orwatch from its own weeks."
NO_TREND = (
    "Trending takes four complete weeks in a row, and the cache lacks some of them: each day's polls bring twelve."
)
LOWER_BOUND = "public apps that opted in: a lower bound"


class AppsScale(Struct, frozen=True):
    """What the cells are measured by.

    unit, letter: of tokens. requests_unit, requests_letter: of requests. most: tokens of the first. longest: cells of a name.
    trending: the gain on the weeks before is shown.
    """

    unit: int = 1
    letter: str = ""
    requests_unit: int = 1
    requests_letter: str = ""
    most: int = 1
    longest: int = 12
    trending: bool = False


def scale(found: Apps, *, trending: bool = False) -> AppsScale:
    """One unit for all apps of a week."""
    unit, letter = formats.unit_of([app.tokens for app in found.rows])
    requests_unit, requests_letter = formats.unit_of([app.requests for app in found.rows])
    return AppsScale(
        unit,
        letter,
        requests_unit,
        requests_letter,
        most=max((app.tokens for app in found.rows), default=1),
        longest=max((formats.cell_width(app.name) for app in found.rows), default=12),
        trending=trending,
    )


def _facts(app: AppFigures) -> Mapping[str, Any]:
    return {
        "rank": app.rank,
        "rank_change": app.rank_change,
        "status": app.status,
        "app_id": app.app_id,
        "name": app.name,
        "tokens": app.tokens,
        "share": app.share,
        "change": app.change,
        "gain": app.gain,
        "requests": app.requests,
        "tokens_per_request": app.tokens_per_request,
        **cells.streak_facts("streak", app.streak),
        **cells.streak_facts("lead_streak", app.lead_streak),
    }


def _columns(scale: AppsScale) -> tuple[Column[AppFigures], ...]:
    column = Column[AppFigures]

    def moved(row: AppFigures, _: int) -> Pieces:
        return cells.rank_change(row.rank_change, row.status)

    def name(row: AppFigures, width: int) -> Pieces:
        return cells.name(row.name, width)

    def tokens(row: AppFigures, _: int) -> Pieces:
        return [(formats.tokens_in(row.tokens, scale.unit), "text")]

    def bar(row: AppFigures, width: int) -> Pieces:
        return cells.bar(row.tokens / scale.most, width, "text")

    def share(row: AppFigures, _: int) -> Pieces:
        return cells.percent(row.share, "dim")

    def change(row: AppFigures, _: int) -> Pieces:
        return cells.change(row.change, row.status)

    def gain(row: AppFigures, _: int) -> Pieces:
        if row.gain is None:
            return cells.NO_DATA
        return [(gained(row.gain, lambda tokens: formats.tokens_in(tokens, scale.unit)), "bright")]

    def requests(row: AppFigures, _: int) -> Pieces:
        return [(formats.tokens_in(row.requests, scale.requests_unit, 1), "text")]

    def each(row: AppFigures, _: int) -> Pieces:
        one = row.tokens_per_request
        return cells.NO_DATA if one is None else [(f"{one / 1000:.{0 if one >= 10_000 else 1}f}", "text")]

    def streak(row: AppFigures, _: int) -> Pieces:
        return cells.streak(row.streak)

    def trend(row: AppFigures, _: int) -> Pieces:
        return cells.sparkline(row.trend)

    head = f"Requests {scale.requests_letter}".rstrip()
    return (
        column("rank", "#", 3, lambda row, _: [(str(row.rank), "dim")], gap=0),
        column("moved", "Δ", 4, moved, right=False, gap=1, give_up=6, facts=("rank_change", "status")),
        column(
            "app", "App", min(22, scale.longest), name,
            right=False, gap=1, grow=True, most=max(12, scale.longest), sort="name", facts=("app_id", "name"),
        ),
        column("tokens", cells.tokens_head(scale.letter), 6, tokens, sort="tokens"),
        column("bar", "", 5, bar, right=False, give_up=5, grow=True, most=16, written=False),
        column("app_share", cells.SHARE_HEAD, 8, share, gap=1, give_up=3, facts=("share",)),
        column("change", formats.change_head(Grain.WEEK), 7, change, gap=1, sort="change"),
        column("gain", "on mean", 8, gain, gap=1, sort="gain", shown=scale.trending),
        column("requests", head, len(head), requests, give_up=4, sort="requests"),
        column("per_request", "K / req", 7, each, gap=1, sort="per_request", facts=("tokens_per_request",)),
        column("streak", "Wks", 4, streak, gap=1, give_up=2, sort="streak", facts=("streak", "streak_is_floor"), term="top_ten"),
        column("trend", formats.trend_head(Grain.WEEK), 8, trend, right=False, give_up=1, written=False),
    )  # fmt: skip


APPS: Table[AppFigures, AppsScale] = Table(
    key="apps",
    title="Apps",
    noun="app",
    facts=_facts,
    row_id=lambda row: str(row.app_id),
    asked=lambda row: Facts(name=row.name),
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


def other(found: Apps, unit: int) -> Mapping[str, Pieces]:
    """The cells of everything that is not among the apps."""
    return {
        "app": [(f"all else, private or below {found.asked}", "dim")],
        "tokens": [(formats.tokens_in(found.outside, unit), "dim")],
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
        scale=measures,
        meta=bare_meta(view, found.as_of)
        | {
            "citation": cited(APPS_PAGE, found.as_of),
            "period": {
                "grain": Grain.WEEK.value,
                "start": found.period.start.isoformat(),
                "end": found.period.end.isoformat(),
                "complete": found.state is State.COMPLETE,
                "partial": found.state is State.PARTIAL,
                "until": found.end.isoformat(),
            },
            "total_tokens": found.total,
            "other_tokens": found.outside,
            "asked": found.asked,
            "category": category,
            "leader": found.leader,
            "flips": [
                {"start": one.period.start.isoformat(), "app": one.name, "passes": one.passed} for one in found.passes
            ],
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


def sentence(app: AppFigures, found: Apps) -> str:
    """One app's figures, with their week and source."""
    share = "" if app.share is None else f", {formats.percent(app.share)} % of all"
    moved = "" if app.change is None else f", {formats.signed(app.change)} % on the week before"
    return (
        f"{app.name}: {formats.tokens(app.tokens)} tokens{share}{moved}, rank {app.rank} of public apps; week of"
        f" {formats.span(found.period, year=True)}. {cited(APPS_PAGE, found.as_of)}"
    )
