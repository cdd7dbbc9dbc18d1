"""The models of a period, `other` always last."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from orwatch.domain.names import variant_of
from orwatch.domain.overview import ModelRow, Snapshot
from orwatch.domain.periods import Grain, State
from orwatch.domain.records import Basis
from orwatch.present import cells, formats, speech
from orwatch.present.formats import cell_width
from orwatch.present.report import TABLE_ROWS, Report, View, cited, covered, credit, headline, meta_of, reading_words
from orwatch.present.table import Column, Pieces, Table
from orwatch.present.terms import OUTSIDE, country_words

NAMES_SEEN = 20
"""Rows whose names set the width of their column: a long name far below is cut, so that bars have room."""


def other_line(snap: Snapshot) -> str:
    """What the row of everything outside the rows is called where there is room."""
    basis = snap.lens.basis
    if snap.named < basis.size:
        return f"other, outside the {snap.named} named"
    return "other, outside the top 50" if basis is Basis.TOP50 else f"other, {OUTSIDE[basis]}"


class ModelsScale(Struct, frozen=True):
    """What the cells are measured by. unit, letter: of the column of tokens. most: tokens of the first. longest: cells of names.

    count: periods that are added up. back: how many before lies what changes are on.
    """

    unit: int = 1
    letter: str = ""
    most: int = 1
    longest: int = 12
    grain: Grain = Grain.WEEK
    running: bool = False
    count: int = 1
    back: int = 1


def scale(snap: Snapshot) -> ModelsScale:
    """The scale of a period: one unit for its models and `other`."""
    unit, letter = formats.unit_of([row.figures.tokens for row in snap.models] + [snap.outside])
    return ModelsScale(
        unit,
        letter,
        most=max((row.figures.tokens for row in snap.models), default=1),
        longest=max((cell_width(f"{row.name} {_note(row)}".rstrip()) for row in snap.models[:NAMES_SEEN]), default=12),
        grain=snap.period.grain,
        running=snap.state is State.RUNNING,
        count=snap.period.count,
        back=snap.back,
    )


def _note(row: ModelRow) -> str:
    variant = variant_of(row.figures.permaslug)
    return "cloaked" if row.cloaked else variant or ("free" if row.figures.free else "")


def _facts(row: ModelRow) -> Mapping[str, Any]:
    figures = row.figures
    return {
        "rank": figures.rank,
        "rank_change": figures.rank_change,
        "status": figures.status,
        "permaslug": figures.permaslug,
        "name": row.name,
        "vendor": figures.vendor,
        "country": row.country,
        "tokens": figures.tokens,
        "share": figures.share,
        "change": figures.change,
        **cells.streak_facts("streak", figures.streak),
        **cells.streak_facts("lead_streak", figures.lead_streak),
        "free": figures.free,
        "open_weights": row.open_weights,
        **({} if figures.periods is None else {"periods": figures.periods}),
    }


def _columns(scale: ModelsScale) -> tuple[Column[ModelRow], ...]:
    column = Column[ModelRow]

    def moved(row: ModelRow, _: int) -> Pieces:
        return cells.rank_change(row.figures.rank_change, row.figures.status)

    def name(row: ModelRow, width: int) -> Pieces:
        return cells.name(row.name, width, _note(row))

    def vendor(row: ModelRow, _: int) -> Pieces:
        return [(row.figures.vendor, "dim")]

    def tokens(row: ModelRow, _: int) -> Pieces:
        return [(formats.tokens_in(row.figures.tokens, scale.unit), "text")]

    def bar(row: ModelRow, width: int) -> Pieces:
        return cells.bar(row.figures.tokens / scale.most, width, cells.country_role(row.country))

    def share(row: ModelRow, _: int) -> Pieces:
        return cells.percent(row.figures.share, "dim")

    def change(row: ModelRow, _: int) -> Pieces:
        return cells.change(row.figures.change, row.figures.status)

    def streak(row: ModelRow, _: int) -> Pieces:
        return cells.streak(row.figures.streak)

    def periods(row: ModelRow, _: int) -> Pieces:
        return cells.known(row.figures.periods)

    def trend(row: ModelRow, _: int) -> Pieces:
        return cells.sparkline(row.figures.trend)

    longest, many = scale.longest, formats.words_of(scale.grain).many
    return (
        column("rank", "#", 2, lambda row, _: [(str(row.figures.rank), "dim")], gap=0),
        column("moved", "~ Δ" if scale.running else "Δ", 4, moved, right=False, gap=1, give_up=6, facts=("rank_change", "status")),
        column("country", "CC", 2, lambda row, _: cells.code(row.country), right=False, gap=1),
        column(
            "model", "Model", min(22, longest), name,
            right=False, gap=1, grow=True, most=max(12, longest), sort="name", facts=("permaslug", "name"),
        ),
        column("vendor", "Vendor", 10, vendor, right=False, give_up=1, sort="vendor"),
        column("tokens", cells.tokens_head(scale.letter), 6, tokens, sort="tokens"),
        column("bar", "", 5, bar, right=False, give_up=5, grow=True, most=14, written=False),
        column("share", cells.SHARE_HEAD, 8, share, gap=1, give_up=3),
        column("change", formats.change_head(scale.grain, running=scale.running, back=scale.back), 7, change, gap=1, sort="change"),
        column("periods", many, max(3, len(many)), periods, gap=1, drawn=False, shown=scale.count > 1),
        column(
            "streak", many, max(3, len(many)), streak,
            gap=1, give_up=4, sort="streak", facts=("streak", "streak_is_floor"), term="top_ten",
            shown=scale.count == 1 and not scale.grain.trailing,
        ),
        column("trend", formats.trend_head(scale.grain), 8, trend, right=False, give_up=2, written=False),
    )  # fmt: skip


MODELS: Table[ModelRow, ModelsScale] = Table(
    key="models",
    title="Models",
    noun="model",
    facts=_facts,
    row_id=lambda row: row.figures.permaslug,
    asked=lambda row: row.facts,
    default_sort="tokens",
    sorts={
        "tokens": lambda row: -row.figures.tokens,
        "name": lambda row: row.name.casefold(),
        "vendor": lambda row: (row.figures.vendor, row.figures.rank),
        "change": lambda row: None if row.figures.change is None else -row.figures.change,
        "streak": lambda row: (-row.figures.streak.length, row.figures.rank),
    },
    columns=_columns,
    scale=ModelsScale(),
)


def other(snap: Snapshot, unit: int) -> Mapping[str, Pieces]:
    """The cells of everything outside the rows, by column."""
    return {
        "model": [("other", "dim")],
        "tokens": [(formats.tokens_in(snap.outside, unit), "dim")],
        "share": [(formats.percent(snap.outside_share), "dim")],
        "change": [(formats.signed(snap.outside_change), "dim")],
    }


def report(view: View, snap: Snapshot, rows: Iterable[ModelRow], columns: Sequence[str] = ()) -> Report:
    """The models of a period. rows: those to show, in order. columns: by name, those chosen."""
    measures = scale(snap)
    outside = {"tokens": snap.outside, "share": snap.outside_share, "change": snap.outside_change}
    return Report(
        MODELS,
        tuple(rows),
        scale=measures,
        meta=meta_of(view, snap) | {f"other_{name}": value for name, value in outside.items()},
        title=headline(MODELS.title, snap),
        tail=(other(snap, measures.unit),),
        notes=(f"Sums over {covered(snap)}.",) if snap.period.count > 1 else (),
        sums={"tokens": ""},
        columns=tuple(columns),
        first=TABLE_ROWS,
        credit=credit(view, snap, computed=False),
    )


def sentence(row: ModelRow, snap: Snapshot) -> str:
    """One model's figures, with their basis and source."""
    figures = row.figures
    than = ("the same days of " if snap.in_progress else "") + formats.before(snap.period, snap.back)
    change = "" if figures.change is None else f", {formats.signed(figures.change)} % on {than}"
    return cited(
        f"{row.name} ({figures.permaslug}): {formats.tokens(figures.tokens)} tokens, {formats.percent(figures.share)} % of all"
        f"{change}, rank {figures.rank}; {reading_words(snap)}",
        snap,
    )


def spoken(snap: Snapshot, rows: Sequence[ModelRow], count: int = speech.TOP) -> list[str]:
    """A sentence a model for a screen reader, then everything outside."""
    out = [_spoken(row, snap) for row in rows[:count]]
    if not rows:
        out.append(f"No model of this {formats.noun(snap.period.grain)} matches.")
    elif len(rows) > count:
        out.append(f"{len(rows) - count} more models; say models {len(rows)} for all.")
    outside = "Outside these rows" if snap.lens.basis is Basis.TOP50 else f"The rest, {OUTSIDE[snap.lens.basis]}"
    share = speech.percent(snap.outside_share)
    return [*out, f"{outside}: {speech.amount(snap.outside)} tokens, {share} of all."]


def _spoken(row: ModelRow, snap: Snapshot) -> str:
    figures = row.figures
    parts = [f"{speech.amount(figures.tokens)} tokens", f"{speech.percent(figures.share)} of all"]
    if figures.status:
        parts.append(figures.status)
    elif figures.rank_change:
        parts.append(f"{'up' if figures.rank_change > 0 else 'down'} {abs(figures.rank_change)} in rank")
    if figures.change is not None:
        parts.append(f"tokens {speech.moved(figures.change, like_days=snap.state is State.RUNNING)}")
    if figures.streak:
        parts.append(f"in the top 10 for {speech.length(figures.streak, snap.period.grain)}")
    country = country_words(row.country) if row.country else "country not known"
    return f"{figures.rank}. {speech.named(row)}, {country}: {', '.join(parts)}."
