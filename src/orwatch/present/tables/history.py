"""A model, vendor, country or head to head, period by period, newest first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from orwatch.domain.detail import Detail
from orwatch.domain.leads import Kind, Leadership
from orwatch.domain.overview import Snapshot
from orwatch.domain.periods import Grain, Period, State
from orwatch.domain.rankings import KeyOf, Rankings, Status
from orwatch.domain.series import Duel, Point
from orwatch.domain.vendors import UNATTRIBUTED
from orwatch.present import cells, formats
from orwatch.present.report import Report, View, cited, covered, of_period, reading_words
from orwatch.present.table import Column, Pieces, RowT, Table, fields
from orwatch.present.terms import country_words


def _start_column(of: Callable[[RowT], Point | Duel], running: Period | None) -> Column[RowT]:
    """The first day of a row's period: `~` marks that it runs, `*` that it is partial. running: the one that runs."""

    def start(row: RowT, _: int) -> Pieces:
        one = of(row)
        marks = "~" * (one.period == running) + "*" * (one.state is State.PARTIAL)
        return [(one.period.start.isoformat(), "text"), (f" {marks}" if marks else "", "accent")]

    facts = ("start", "end", "complete", "partial", "composed")
    return Column("start", "From", 12, start, right=False, gap=0, facts=facts)


def _facts_of(of: Point | Duel, figures: Mapping[str, Any], *, composed: bool) -> dict[str, Any]:
    return {
        **fields(of.period, "start", "end"),
        "complete": of.state is State.COMPLETE,
        **figures,
        "partial": of.state is State.PARTIAL,
        "composed": composed,
    }


# A model, vendor or country


class HistoryRow(Struct, frozen=True):
    """One period. composed: of its listing. status: new or back."""

    point: Point
    composed: bool
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
    figures = fields(row.point, "rank", "tokens", "share", "change")
    return _facts_of(row.point, figures, composed=row.composed) | {"status": row.status}


HISTORY: Table[HistoryRow, HistoryScale] = Table(
    key="history",
    title="History",
    facts=_facts,
    columns=lambda scale: (
        _start_column(lambda row: row.point, scale.running),
        Column("rank", "#", 3, lambda row, _: cells.known(row.point.rank, "dim")),
        cells.tokens_column(scale.unit, lambda row: row.point.tokens),
        Column("share", cells.SHARE_HEAD, 8, lambda row, _: cells.percent(row.point.share)),
        Column(
            "change", formats.change_head(scale.grain, back=scale.back), 7,
            lambda row, _: cells.change(row.point.change, row.status), facts=("change", "status"),
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
        tokens = ranking.named.get(slug) if ranking else None
        rows.append(
            HistoryRow(
                Point(
                    period,
                    record.state(period),
                    tokens=tokens,
                    rank=ranking.places.get(slug) if ranking else None,
                    share=tokens / ranking.total if tokens is not None and ranking and ranking.total else None,
                    change=rankings.model_changes(period).get(slug) if tokens is not None else None,
                ),
                composed=ranking is not None and ranking.listing.composed,
                status=rankings.model_statuses([slug], period).get(slug) if tokens is not None else None,
            )
        )
        period = period.earlier()
    return _report(view, snap, rows, "permaslug", slug, name, f"{name} ({slug})", computed=False)


def group_report(view: View, snap: Snapshot, rankings: Rankings, detail: Detail, key_of: KeyOf) -> Report:
    """A country or vendor: the rows of the basis, added up. key_of: what models belong to."""
    rows, key = [], None if detail.id == UNATTRIBUTED else detail.id
    for point in reversed(detail.points):
        listing = rankings.record.listings.get(point.period)
        status = rankings.group_statuses([key], key_of, point.period).get(key) if point.tokens else None
        rows.append(HistoryRow(point, listing is not None and listing.composed, status))
    return _report(view, snap, rows, detail.kind.value, detail.id, detail.name, detail.name, computed=True)


def _report(
    view: View,
    snap: Snapshot,
    rows: Sequence[HistoryRow],
    kind: str,
    id_: str,
    name: str,
    title: str,
    *,
    computed: bool,
) -> Report:
    unit = formats.unit_of([row.point.tokens for row in rows if row.point.tokens is not None])
    return of_period(
        view,
        snap,
        HISTORY,
        rows,
        name=f"history-{id_}",
        title=title,
        scale=HistoryScale(unit, snap.period.grain, snap.period if snap.in_progress else None, snap.back),
        facts={kind: id_, "name": name},
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


# A head to head


class VersusScale(Struct, frozen=True):
    """What the cells are measured by.

    a, b: the two sides. unit: of both columns of tokens. running: what runs. flips: there can be any. change_head: of the changes
    of both sides.
    """

    a: str = "CN"
    b: str = "US"
    unit: formats.Unit = formats.ONE
    running: Period | None = None
    flips: bool = True
    change_head: str = "WoW %"


def _ratio(row: Duel) -> float | None:
    return row.a / row.b if row.known and row.b else None


def _versus_facts(row: Duel) -> Mapping[str, Any]:
    figures = {
        "a_tokens": row.a if row.known else None,
        "b_tokens": row.b if row.known else None,
        "a_change": row.a_change,
        "b_change": row.b_change,
        "ratio": _ratio(row),
        "leader": row.leader if row.known else None,
        "flip": row.flip,
    }
    return _facts_of(row, figures, composed=row.composed)


def _versus_columns(scale: VersusScale) -> tuple[Column[Duel], ...]:
    a, b, (_, letter), head = scale.a, scale.b, scale.unit, scale.change_head

    def tokens(value: int, row: Duel) -> Pieces:
        return cells.tokens(value, scale.unit) if row.known else cells.NO_DATA

    def leader(row: Duel, _: int) -> Pieces:
        return [(row.leader, cells.side_role(row.leader))] if row.known and row.leader else cells.NO_DATA

    return (
        _start_column(lambda row: row, scale.running),
        Column("a", f"{a} {letter}".rstrip(), 8, lambda row, _: tokens(row.a, row), term="tokens"),
        Column("b", f"{b} {letter}".rstrip(), 8, lambda row, _: tokens(row.b, row), term="tokens"),
        Column("a_change", f"{a} {head}", 10, lambda row, _: cells.change(row.a_change), term="change", give_up=1),
        Column("b_change", f"{b} {head}", 10, lambda row, _: cells.change(row.b_change), term="change", give_up=0),
        Column("ratio", "Ratio", 11, lambda row, _: [(formats.led(a, b, _ratio(row)), "text")], term="lead"),
        Column("leader", "Leader", 6, leader, right=False),
        Column("flip", "Flip", 4, lambda row, _: [("◆" * row.flip, "trouble")], right=False, shown=scale.flips),
    )


VERSUS: Table[Duel, VersusScale] = Table("versus", "Head to head", _versus_columns, VersusScale(), _versus_facts)


def versus_report(
    view: View, snap: Snapshot, leads: Leadership, duels: Sequence[Duel], added_up: Duel | None = None
) -> Report:
    """A head to head, period by period.

    leads: of the two sides of the snapshot's query. duels: newest first, that of the snapshot's period before all others; or each
    of several periods, with all of them added up.
    """
    whole = added_up or duels[0]
    (a, b), period, lead = snap.query.versus, snap.period, leads.lead(snap.period)
    flips = leads.flips_until(period)
    if period.count > 1:
        flips = tuple(flip for flip in leads.flips if period.start <= flip.start <= period.end)
    facts = _versus_facts(whole)
    notes: tuple[str, ...] = ()
    if period.count > 1 and whole.known:
        sides = f"{a} {formats.tokens(whole.a)}, {b} {formats.tokens(whole.b)}, {formats.led(a, b, _ratio(whole))}"
        notes = (f"{sides} over {covered(snap)}; flips: {len(flips)}.",)
    elif period.count > 1:
        notes = (f"Sums of {a} and {b} are unknown over {covered(snap)}.",)
    elif lead.leader and lead.streak:
        length = formats.streak(lead.streak, period.grain)
        notes = (f"{lead.leader} leads for {length}, since {lead.since}; flips so far: {len(flips)}.",)
    return of_period(
        view,
        snap,
        VERSUS,
        duels,
        name=f"{a}-{b}",
        title=f"{a} against {b}",
        scale=VersusScale(
            a,
            b,
            formats.unit_of([tokens for duel in duels if duel.known for tokens in (duel.a, duel.b)]),
            running=period if snap.in_progress else None,
            flips=not period.grain.trailing,
            change_head=formats.change_head(period.grain, back=snap.query.back or 1),
        ),
        facts={
            "a": a,
            "b": b,
            **{name: facts[name] for name in ("a_tokens", "b_tokens", "a_change", "b_change", "ratio")},
            "leader": lead.leader,
            **cells.streak_facts("streak", lead.streak),
            "since": lead.since,
            "flips": [{"start": flip.start, "from": flip.before, "to": flip.after} for flip in flips],
        },
        notes=notes,
        sums={} if period.grain.trailing else {"a_tokens": a, "b_tokens": b},
        summable=all(duel.known or duel.state is State.PARTIAL for duel in duels),
    )
