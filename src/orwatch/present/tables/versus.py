"""A head to head, period by period, newest first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from orwatch.domain.leads import Leadership
from orwatch.domain.overview import Snapshot
from orwatch.domain.periods import Period, State
from orwatch.domain.series import Duel
from orwatch.present import cells, formats
from orwatch.present.report import Report, View, covered, of_period
from orwatch.present.table import Column, Pieces, RowT, Table, fields


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


PERIOD_FACTS = ("start", "end", "complete", "partial", "composed")
"""What a row says of its period."""


def period_column(of: Callable[[RowT], tuple[Period, State]], running: Period | None) -> Column[RowT]:
    """The first day of a row's period: `~` marks that it runs, `*` that it is partial. running: the one that runs."""

    def start(row: RowT, _: int) -> Pieces:
        period, state = of(row)
        marks = "~" * (period == running) + "*" * (state is State.PARTIAL)
        return [(period.start.isoformat(), "text"), (f" {marks}" if marks else "", "accent")]

    return Column("start", "From", 12, start, right=False, gap=0, facts=PERIOD_FACTS)


def period_facts(period: Period, state: State, figures: Mapping[str, Any], *, composed: bool) -> dict[str, Any]:
    """The period of a row with its figures, for tables that have one a period."""
    return {
        **fields(period, "start", "end"),
        "complete": state is State.COMPLETE,
        **figures,
        "partial": state is State.PARTIAL,
        "composed": composed,
    }


def _ratio(row: Duel) -> float | None:
    return row.a / row.b if row.known and row.b else None


def _facts(row: Duel) -> Mapping[str, Any]:
    figures = {
        "a_tokens": row.a if row.known else None,
        "b_tokens": row.b if row.known else None,
        "a_change": row.a_change,
        "b_change": row.b_change,
        "ratio": _ratio(row),
        "leader": row.leader if row.known else None,
        "flip": row.flip,
    }
    return period_facts(row.period, row.state, figures, composed=row.composed)


def _columns(scale: VersusScale) -> tuple[Column[Duel], ...]:
    a, b, (_, letter), head = scale.a, scale.b, scale.unit, scale.change_head

    def tokens(value: int, row: Duel) -> Pieces:
        return cells.tokens(value, scale.unit) if row.known else cells.NO_DATA

    def leader(row: Duel, _: int) -> Pieces:
        return [(row.leader, cells.side_role(row.leader))] if row.known and row.leader else cells.NO_DATA

    return (
        period_column(lambda row: (row.period, row.state), scale.running),
        Column("a", f"{a} {letter}".rstrip(), 8, lambda row, _: tokens(row.a, row), term="tokens"),
        Column("b", f"{b} {letter}".rstrip(), 8, lambda row, _: tokens(row.b, row), term="tokens"),
        Column("a_change", f"{a} {head}", 10, lambda row, _: cells.change(row.a_change), term="change", give_up=1),
        Column("b_change", f"{b} {head}", 10, lambda row, _: cells.change(row.b_change), term="change", give_up=0),
        Column("ratio", "Ratio", 11, lambda row, _: [(formats.led(a, b, _ratio(row)), "text")], term="lead"),
        Column("leader", "Leader", 6, leader, right=False),
        Column("flip", "Flip", 4, lambda row, _: [("◆" * row.flip, "trouble")], right=False, shown=scale.flips),
    )


VERSUS: Table[Duel, VersusScale] = Table(
    key="versus",
    title="Head to head",
    facts=_facts,
    columns=_columns,
    scale=VersusScale(),
)


def report(
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
    facts = _facts(whole)
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
