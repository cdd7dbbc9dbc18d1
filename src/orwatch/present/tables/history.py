"""A model, vendor or country, period by period, newest first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from orwatch.domain.detail import Detail
from orwatch.domain.leads import Kind
from orwatch.domain.overview import Snapshot
from orwatch.domain.periods import Grain, Period, State
from orwatch.domain.rankings import KeyOf, Rankings, Status
from orwatch.domain.vendors import UNATTRIBUTED
from orwatch.present import cells, formats
from orwatch.present.report import Report, View, cited, of_period, reading_words
from orwatch.present.table import Column, Table, fields
from orwatch.present.tables.versus import period_column, period_facts
from orwatch.present.terms import country_words


class HistoryRow(Struct, frozen=True):
    """One period. state, composed: of its listing. rank, tokens, share: None where it does not name the row.

    change: fraction, between complete periods, and on like days while one runs. status: new or back.
    """

    period: Period
    state: State
    composed: bool
    rank: int | None
    tokens: int | None
    share: float | None
    change: float | None
    status: Status | None


class HistoryScale(Struct, frozen=True):
    """What the cells are measured by.

    unit: of the column of tokens. running: the period that runs. back: how many periods before changes look.
    """

    unit: formats.Unit = formats.ONE
    grain: Grain = Grain.WEEK
    running: Period | None = None
    back: int = 1


def _facts(row: HistoryRow) -> Mapping[str, Any]:
    figures = fields(row, "rank", "tokens", "share", "change")
    return period_facts(row.period, row.state, figures, composed=row.composed) | {"status": row.status}


HISTORY: Table[HistoryRow, HistoryScale] = Table(
    key="history",
    title="History",
    facts=_facts,
    columns=lambda scale: (
        period_column(lambda row: (row.period, row.state), scale.running),
        Column("rank", "#", 3, lambda row, _: cells.known(row.rank, "dim")),
        cells.tokens_column(scale.unit, lambda row: row.tokens),
        Column("share", cells.SHARE_HEAD, 8, lambda row, _: cells.percent(row.share)),
        Column(
            "change", formats.change_head(scale.grain, back=scale.back), 7,
            lambda row, _: cells.change(row.change, row.status), facts=("change", "status"),
        ),
    ),
    scale=HistoryScale(),
)  # fmt: skip


def model_report(view: View, snap: Snapshot, rankings: Rankings, slug: str, name: str) -> Report:
    """One model, from the snapshot's period back to the beginning of the record."""
    record, rows = rankings.record, []
    period, first = snap.period, record.first
    while first is not None and period >= first:
        ranking = rankings.at(period)
        found = ranking.row(slug) if ranking else None
        rows.append(
            HistoryRow(
                period,
                record.state(period),
                composed=ranking is not None and ranking.listing.composed,
                rank=found.rank if found else None,
                tokens=found.tokens if found else None,
                share=found.tokens / ranking.total if found and ranking and ranking.total else None,
                change=rankings.model_changes(period).get(slug) if found else None,
                status=rankings.model_status(slug, period) if found else None,
            )
        )
        period = period.earlier()
    return _report(view, snap, rows, {"permaslug": slug, "name": name}, f"{name} ({slug})", computed=False)


def group_report(view: View, snap: Snapshot, rankings: Rankings, detail: Detail, key_of: KeyOf) -> Report:
    """A country or vendor: the rows of the basis, added up. key_of: what vendors belong to."""
    rows, key = [], None if detail.id == UNATTRIBUTED else detail.id
    for point in reversed(detail.points):
        listing = rankings.record.listings.get(point.period)
        composed = listing is not None and listing.composed
        status = rankings.group_status(key, key_of, point.period) if point.tokens else None
        rows.append(
            HistoryRow(point.period, point.state, composed, point.rank, point.tokens, point.share, point.change, status)
        )
    return _report(view, snap, rows, {detail.kind.value: detail.id, "name": detail.name}, detail.name, computed=True)


def _report(
    view: View, snap: Snapshot, rows: Sequence[HistoryRow], who: dict[str, Any], title: str, *, computed: bool
) -> Report:
    unit = formats.unit_of([row.tokens for row in rows if row.tokens is not None])
    return of_period(
        view,
        snap,
        HISTORY,
        rows,
        title=title,
        scale=HistoryScale(unit, snap.period.grain, snap.period if snap.in_progress else None, snap.back),
        facts=who,
        sums={} if snap.period.grain.trailing else {"tokens": ""},
        computed=computed,
    )


def sentence(detail: Detail, snap: Snapshot) -> str:
    """The figures of an open detail: of a model with its prices, of a vendor or country with its models."""
    grain = snap.period.grain
    name = country_words(detail.id) if detail.kind is Kind.COUNTRY else detail.name
    parts = [f"{name} ({detail.id})" if name != detail.id else name]
    tokens = next((point.tokens for point in detail.points if point.period == snap.period), None)
    if tokens is not None and detail.place:
        share = tokens / snap.total if snap.total else None
        parts[0] += (
            f": {formats.tokens(tokens)} tokens, {formats.percent(share)} % of all, rank {detail.place} of {detail.of}"
        )
    else:
        parts[0] += ": not among the rows of the basis"
    if detail.lead:
        parts.append(f"leads for {formats.streak(detail.lead, grain)}")
    if detail.top_ten:
        parts.append(f"in the top 10 for {formats.streak(detail.top_ten, grain)}")
    if detail.price is not None and detail.price.varies:
        parts.append("price varies")
    elif detail.price is not None and detail.price.input is not None:
        pair = formats.price(detail.price.input), formats.price(detail.price.output)
        parts.append(f"input {pair[0]}, output {pair[1]} USD per million tokens")
    if detail.kind is not Kind.MODEL:
        parts.append(f"{len(detail.models)} models on the basis")
    return cited("; ".join([*parts, reading_words(snap)]), snap)
