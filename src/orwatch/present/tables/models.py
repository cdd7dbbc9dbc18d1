"""The models of a period, `other` always last."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from orwatch.domain.names import variant_of
from orwatch.domain.overview import ModelRow, Snapshot
from orwatch.domain.periods import Grain, State
from orwatch.domain.rankings import TOP_TEN
from orwatch.domain.records import Basis
from orwatch.present import cells, formats
from orwatch.present.formats import cell_width
from orwatch.present.report import TABLE_ROWS, Report, View, cited, covered, of_period, reading_words
from orwatch.present.table import Column, Pieces, Table, fields
from orwatch.present.terms import OUTSIDE, country_words, than_before

NAMES_SEEN = 20
"""Rows whose names set the width of their column: a long name far below is cut, so that bars have room."""


def other_line(snap: Snapshot) -> str:
    """What the row of everything outside the rows is called where there is room."""
    basis = snap.lens.basis
    if snap.named < basis.size:
        return f"other, outside the {snap.named} named"
    return "other, outside the top 50" if basis is Basis.TOP50 else f"other, {OUTSIDE[basis]}"


class ModelsScale(Struct, frozen=True):
    """What the cells are measured by. unit: of the column of tokens. most: tokens of the first. longest: cells of names.

    count: periods that are added up. back: how many before lies what changes are on.
    """

    unit: formats.Unit = formats.ONE
    most: int = 1
    longest: int = 12
    grain: Grain = Grain.WEEK
    running: bool = False
    count: int = 1
    back: int = 1


def scale(snap: Snapshot) -> ModelsScale:
    """The scale of a period: one unit for its models and `other`."""
    return ModelsScale(
        formats.unit_of([row.tokens for row in snap.models] + [snap.other.tokens]),
        most=max((row.tokens for row in snap.models), default=1),
        longest=max((cell_width(f"{row.name} {_note(row)}".rstrip()) for row in snap.models[:NAMES_SEEN]), default=12),
        grain=snap.period.grain,
        running=snap.state is State.RUNNING,
        count=snap.period.count,
        back=snap.back,
    )


def _note(row: ModelRow) -> str:
    variant = variant_of(row.permaslug)
    return "cloaked" if row.cloaked else variant or ("free" if row.free else "")


def _facts(row: ModelRow) -> Mapping[str, Any]:
    return {
        **fields(
            row, "rank", "rank_change", "status", "permaslug", "name", "vendor", "country", "tokens", "share", "change"
        ),
        **cells.streak_facts("streak", row.streak),
        **cells.streak_facts("lead_streak", row.lead_streak),
        "free": row.free,
        "open_weights": row.facts.open_weights,
        **({} if row.periods is None else {"periods": row.periods}),
    }


def _columns(scale: ModelsScale) -> tuple[Column[ModelRow], ...]:
    longest, many = scale.longest, formats.words_of(scale.grain).many
    return (
        Column("rank", "#", 2, lambda row, _: [(str(row.rank), "dim")], gap=0),
        cells.moved_column(
            lambda row: (row.rank_change, row.status), "~ Δ" if scale.running else "Δ",
        ),
        cells.country_column(lambda row: row.country),
        cells.name_column(lambda row: row.name, min(22, longest), max(12, longest), _note),
        Column(
            "vendor", "Vendor", 10, lambda row, width: [(formats.end_cut(row.vendor, width), "dim")], right=False, give_up=1,
            sort="vendor",
        ),
        cells.tokens_column(scale.unit, lambda row: row.tokens, 6, sort="tokens"),
        Column(
            "bar", "", 5,
            lambda row, width: cells.bar(row.tokens / scale.most, width, cells.country_role(row.country)),
            right=False, give_up=5, grow=True, most=14, written=False,
        ),
        Column("share", cells.SHARE_HEAD, 8, lambda row, _: cells.percent(row.share, "dim"), gap=1, give_up=3),
        Column(
            "change", formats.change_head(scale.grain, running=scale.running, back=scale.back), 7,
            lambda row, _: cells.change(row.change, row.status), gap=1, sort="change",
        ),
        Column(
            "periods", many, max(3, len(many)), lambda row, _: cells.known(row.periods),
            gap=1, drawn=False, shown=scale.count > 1,
        ),
        cells.streak_column(
            many, lambda row: row.streak, max(3, len(many)),
            give_up=4, shown=scale.count == 1 and not scale.grain.trailing,
        ),
        cells.trend_column(scale.grain, lambda row: row.trend, give_up=2),
    )  # fmt: skip


MODELS: Table[ModelRow, ModelsScale] = Table(
    key="models",
    title="Models",
    noun="model",
    facts=_facts,
    row_id=lambda row: row.permaslug,
    asked=lambda row: (row.facts,),
    default_sort="tokens",
    sorts={
        "tokens": lambda row: -row.tokens,
        "name": lambda row: row.name.casefold(),
        "vendor": lambda row: (row.vendor, row.rank),
        "change": lambda row: None if row.change is None else -row.change,
        "streak": lambda row: (-row.streak.length, row.rank),
    },
    columns=_columns,
    scale=ModelsScale(),
)


def other(snap: Snapshot, unit: formats.Unit) -> Mapping[str, Pieces]:
    """The cells of everything outside the rows, by column."""
    return {
        "model": [("other", "dim")],
        "tokens": cells.tokens(snap.other.tokens, unit, "dim"),
        "share": cells.percent(snap.other.share_of_all, "dim"),
        "change": [(formats.signed(snap.other.change), "dim")],
    }


def report(view: View, snap: Snapshot, rows: Iterable[ModelRow], columns: Sequence[str] = ()) -> Report:
    """The models of a period. rows: those to show, in order. columns: by name, those chosen."""
    measures = scale(snap)
    return of_period(
        view,
        snap,
        MODELS,
        tuple(rows),
        scale=measures,
        facts={
            "other_tokens": snap.other.tokens,
            "other_share": snap.other.share_of_all,
            "other_change": snap.other.change,
        },
        tail=(other(snap, measures.unit),),
        notes=(f"Sums over {covered(snap)}.",) if snap.period.count > 1 else (),
        sums={"tokens": ""},
        columns=tuple(columns),
        first=TABLE_ROWS,
        computed=False,
    )


def sentence(row: ModelRow, snap: Snapshot) -> str:
    """One model's figures, with their basis and source."""
    change = "" if row.change is None else f", {formats.signed(row.change)} % on {than_before(snap)}"
    return cited(
        f"{row.name} ({row.permaslug}): {formats.tokens(row.tokens)} tokens, {formats.percent(row.share)} % of all"
        f"{change}, rank {row.rank}; {reading_words(snap)}",
        snap,
    )


def spoken(snap: Snapshot, rows: Sequence[ModelRow], count: int = TOP_TEN) -> list[str]:
    """A sentence a model for a screen reader, then everything outside."""
    out = [_spoken(row, snap) for row in rows[:count]]
    if not rows:
        out.append(f"No model of this {formats.noun(snap.period.grain)} matches.")
    elif len(rows) > count:
        out.append(f"{len(rows) - count} more models; say models {len(rows)} for all.")
    outside = "Outside these rows" if snap.lens.basis is Basis.TOP50 else f"The rest, {OUTSIDE[snap.lens.basis]}"
    share = formats.spoken_percent(snap.other.share_of_all)
    return [*out, f"{outside}: {formats.spoken_tokens(snap.other.tokens)} tokens, {share} of all."]


def _spoken(row: ModelRow, snap: Snapshot) -> str:
    parts = [f"{formats.spoken_tokens(row.tokens)} tokens", f"{formats.spoken_percent(row.share)} of all"]
    if row.status:
        parts.append(row.status)
    elif row.rank_change:
        parts.append(f"{'up' if row.rank_change > 0 else 'down'} {abs(row.rank_change)} in rank")
    if row.change is not None:
        parts.append(f"tokens {formats.spoken_change(row.change, like_days=snap.state is State.RUNNING)}")
    if row.streak:
        parts.append(f"in the top 10 for {formats.spoken_streak(row.streak, snap.period.grain)}")
    country = country_words(row.country) if row.country else "country not known"
    return f"{row.rank}. {named(row)}, {country}: {', '.join(parts)}."


def named(row: ModelRow) -> str:
    """A model's name as it is spoken, with what its variant is."""
    variant = variant_of(row.permaslug)
    return f"{row.name}{f', {variant} variant' if variant else ''}"
