"""Models, countries, a head to head and a model's history: who leads, and how it came about."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from orwatch.domain.rankings import change
from orwatch.domain.records import State
from orwatch.present import formats
from orwatch.report.layout import headline, history_columns, model_columns, share_columns, versus_columns
from orwatch.report.meta import View, credit, day, meta_of
from orwatch.report.result import TABLE_ROWS, Result, Row

if TYPE_CHECKING:
    from orwatch.domain.leads import Lead, Leadership
    from orwatch.domain.rankings import Rankings
    from orwatch.domain.views.detail import Detail
    from orwatch.domain.views.overview import ModelRow, Snapshot
    from orwatch.domain.views.versus import Duel


def models(view: View, snap: Snapshot, shown: Sequence[ModelRow]) -> Result:
    """The models of a period. shown: those that are to be seen, in their order; `other` follows them."""
    rows = [_model_row(row) for row in shown]
    other = {"tokens": snap.outside, "share": snap.outside_share, "change": snap.outside_change}
    meta = meta_of(view, snap) | {f"other_{name}": value for name, value in other.items()}
    tail = {"rank": None, "permaslug": None, "country": None, "streak": None, **other}
    return Result(
        meta,
        rows,
        model_columns([*rows, tail], snap),
        title=headline("Models", snap),
        tail=(tail,),
        first=TABLE_ROWS,
        credit=credit(view, snap, computed=False),
    )


def _model_row(row: ModelRow) -> Row:
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
        "streak": figures.streak.length,
        "streak_is_floor": figures.streak.is_floor,
        "lead_streak": figures.lead_streak.length,
        "lead_streak_is_floor": figures.lead_streak.is_floor,
        "free": figures.free,
        "open_weights": row.open_weights,
    }


def countries(view: View, snap: Snapshot, lead: Lead, shown: Collection[str | None]) -> Result:
    """The split by country. lead: of the countries in the period. shown: keys of the rows that are to be seen."""
    rows = [
        {
            "country": row.key,
            "tokens": row.tokens,
            "share_of_all": row.share_of_all,
            "share_of_attributed": row.share_of_attributed,
            "change": row.change,
            "models": row.models,
            "lead_streak": lead.streak.length if lead.leader == row.key and row.key else 0,
            "lead_streak_is_floor": lead.streak.is_floor if lead.leader == row.key and row.key else False,
        }
        for row in snap.split.rows
        if row.key in shown
    ]
    notes = []
    if lead.leader:
        notes.append(f"{lead.leader} leads for {formats.streak(lead.streak, snap.period.grain)}.")
    if snap.split.unattributed:
        notes.append(f"?? {', '.join(snap.split.unattributed)}")
    return Result(
        meta_of(view, snap) | {"leader": lead.leader, "unattributed": list(snap.split.unattributed)},
        rows,
        share_columns(rows, snap),
        title=headline("Countries", snap),
        notes=tuple(notes),
        credit=credit(view, snap, computed=True),
    )


def versus(view: View, snap: Snapshot, leads: Leadership, duels: Sequence[Duel]) -> Result:
    """A head to head, period by period. leads: of the two sides of the snapshot's query. duels: newest first."""
    a, b = snap.query.versus
    lead = leads.lead(snap.period)
    rows = [
        {
            "start": day(duel.period.start),
            "end": day(duel.period.end),
            "complete": duel.complete,
            "a_tokens": duel.a if duel.known else None,
            "b_tokens": duel.b if duel.known else None,
            "ratio": duel.a / duel.b if duel.known and duel.b else None,
            "leader": duel.leader if duel.known else None,
            "flip": duel.flip,
        }
        for duel in duels
    ]
    flips = leads.flips_until(snap.period)
    meta = meta_of(view, snap) | {
        "a": a,
        "b": b,
        "leader": lead.leader,
        "streak": lead.streak.length,
        "streak_is_floor": lead.streak.is_floor,
        "since": None if lead.since is None else day(lead.since),
        "flips": [{"start": day(flip.start), "from": flip.before, "to": flip.after} for flip in flips],
    }
    notes: tuple[str, ...] = ()
    if lead.leader:
        length = formats.streak(lead.streak, snap.period.grain)
        notes = (f"{lead.leader} leads for {length}, since {lead.since}; flips so far: {len(flips)}.",)
    title = headline(f"{a} against {b}", snap)
    return Result(
        meta, rows, versus_columns(rows, a, b), title=title, notes=notes, credit=credit(view, snap, computed=True)
    )


def history(view: View, snap: Snapshot, rankings: Rankings, slug: str, name: str) -> Result:
    """One model, period by period, newest first, from the snapshot's period back to the beginning of the record."""
    record, rows = rankings.record, []
    period, first = snap.period, record.first
    while first is not None and period >= first:
        ranking = rankings.at(period)
        found = ranking.by_slug.get(slug) if ranking else None
        pair = rankings.compared(period) if found else None
        now, before = (side.by_slug.get(slug) for side in pair) if pair else (None, None)
        rows.append(
            {
                "start": day(period.start),
                "end": day(period.end),
                "complete": record.complete(period) is not None,
                "rank": found.rank if found else None,
                "tokens": found.tokens if found else None,
                "share": found.tokens / ranking.total if found and ranking and ranking.total else None,
                "change": change(now.tokens, before.tokens) if now and before else None,
            }
        )
        period = period.previous()
    return Result(
        meta_of(view, snap) | {"permaslug": slug, "name": name},
        rows,
        history_columns(rows, snap.period.grain),
        title=headline(f"{name} ({slug})", snap),
        credit=credit(view, snap, computed=False),
    )


def group_history(view: View, snap: Snapshot, rankings: Rankings, detail: Detail) -> Result:
    """A country or vendor, period by period, newest first: the rows of the basis, added up.

    Changes stand between neighbouring complete periods alone.
    """
    rows: list[Row] = []
    before: int | None = None
    for point in detail.points:
        ranking = rankings.at(point.period)
        whole = point.state is State.COMPLETE
        rows.append(
            {
                "start": day(point.period.start),
                "end": day(point.period.end),
                "complete": whole,
                "rank": point.rank,
                "tokens": point.tokens,
                "share": point.tokens / ranking.total
                if point.tokens is not None and ranking and ranking.total
                else None,
                "change": change(point.tokens, before) if whole and point.tokens is not None and before else None,
            }
        )
        before = point.tokens if whole else None
    rows.reverse()
    return Result(
        meta_of(view, snap) | {detail.kind.value: detail.id, "name": detail.name},
        rows,
        history_columns(rows, snap.period.grain),
        title=headline(detail.name, snap),
        credit=credit(view, snap, computed=True),
    )
