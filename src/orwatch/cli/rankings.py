"""`top`, `share`, `versus` and `history`: who leads, and how it came about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orwatch.cli.result import TABLE_ROWS, Result, Row
from orwatch.errors import UsageError

if TYPE_CHECKING:
    from orwatch.cli.session import Session
    from orwatch.core.snapshots import ModelRow


def top(session: Session) -> Result:
    """The models of a period by tokens: rank, share, change, periods in the top 10.

    A table shows the first 20; --limit and the other formats show more. Shares are of all tokens, so the line `other`
    stands for everything outside the rows. Filters hide rows and change no figure.
    """
    from orwatch.cli.layout import headline, model_columns
    from orwatch.cli.meta import credit, meta_of

    snap = session.snapshot()
    rows = [_model_row(row) for row in snap.models if session.shows(row.facts)]
    other = {"tokens": snap.outside, "share": snap.outside_share, "change": snap.outside_change}
    meta = meta_of(session, snap) | {f"other_{name}": value for name, value in other.items()}
    tail = {"rank": None, "permaslug": None, "country": None, "streak": None, **other}
    return Result(
        meta,
        rows,
        model_columns([*rows, tail], snap),
        title=headline("Models", snap),
        tail=(tail,),
        first=TABLE_ROWS,
        credit=credit(session, snap, computed=False),
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


def share(session: Session) -> Result:
    """The tokens of a period by country: shares, changes, and who leads.

    Shares are of all tokens, and of those whose country is known. The split speaks of the rows of --basis. `??` are
    rows of the basis whose country is not known, `other` is everything outside the basis; the rows add up to the total."""
    from orwatch.cli.layout import headline, share_columns
    from orwatch.cli.meta import credit, meta_of
    from orwatch.domain.leads import Kind, Subject
    from orwatch.present import formats

    snap = session.snapshot()
    leads = session.market.leadership(snap.period.grain, snap.lens, Subject(Kind.COUNTRY)).lead(snap.period)
    shown = {row.country for row in snap.models if session.shows(row.facts)}
    if not (session.filter.vendors or session.filter.countries):
        shown.add("other")
    rows = [
        {
            "country": row.key,
            "tokens": row.tokens,
            "share_of_all": row.share_of_all,
            "share_of_attributed": row.share_of_attributed,
            "change": row.change,
            "models": row.models,
            "lead_streak": leads.streak.length if leads.leader == row.key and row.key else 0,
            "lead_streak_is_floor": leads.streak.is_floor if leads.leader == row.key and row.key else False,
        }
        for row in snap.split.rows
        if row.key in shown
    ]
    meta = meta_of(session, snap) | {"leader": leads.leader, "unattributed": list(snap.split.unattributed)}
    notes = []
    if leads.leader:
        notes.append(f"{leads.leader} leads for {formats.streak(leads.streak, snap.period.grain)}.")
    if snap.split.unattributed:
        notes.append(f"?? {', '.join(snap.split.unattributed)}")
    columns = share_columns(rows, snap)
    return Result(
        meta,
        rows,
        columns,
        title=headline("Countries", snap),
        notes=tuple(notes),
        credit=credit(session, snap, computed=True),
    )


def versus(session: Session) -> Result:
    """A head to head, period by period: two countries (`versus CN US`) or vendors.

    The newest row is the period that --at asks for. A flip is confirmed on complete periods only; the leader of a
    running period is on course.
    """
    from orwatch.cli.layout import headline, versus_columns
    from orwatch.cli.meta import credit, day, meta_of
    from orwatch.core.views import duels
    from orwatch.dataclass import replace
    from orwatch.domain.leads import Subject
    from orwatch.present import formats

    a, b = _sides(session)
    session.query = query = replace(session.query, versus=(a, b))
    snap = session.snapshot()
    leads = session.market.leadership(query.grain, query.lens, Subject.versus(a, b))
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
        for duel in duels(session.market, query, snap.period)
    ]
    flips = leads.flips_until(snap.period)
    meta = meta_of(session, snap) | {
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
        notes = (
            f"{lead.leader} leads for {formats.streak(lead.streak, query.grain)}, since {lead.since}; flips so far: {len(flips)}.",
        )
    title = headline(f"{a} against {b}", snap)
    return Result(
        meta, rows, versus_columns(rows, a, b), title=title, notes=notes, credit=credit(session, snap, computed=True)
    )


def _sides(session: Session) -> tuple[str, str]:
    """The two sides as asked for. Raises UsageError where one is not known, or both are the same."""
    from orwatch.cli.session import check_country
    from orwatch.config import sides
    from orwatch.domain.leads import is_country_pair

    given = (session.given("a"), session.given("b"))
    try:
        a, b = sides(given)
    except ValueError:
        raise UsageError(f"A head to head needs two different sides, not {given[0]!r} twice.") from None
    if is_country_pair(a, b):
        check_country(a)
        check_country(b)
        return a, b
    if all(len(side) == 2 for side in given) or any(side.isupper() and len(side) == 2 for side in given):
        raise UsageError(
            f"{given[0]!r} and {given[1]!r} are neither two countries nor two vendors; write two codes in capitals, as in"
            " `orwatch versus CN US`, or two vendors."
        )
    session.check_vendor(a)
    session.check_vendor(b)
    return a, b


def history(session: Session) -> Result:
    """One model, period by period: rank, tokens, share and change.

    The newest period comes first. MODEL is a permaslug, an id, or a part of a name or slug that fits one model alone. A
    period in which the record does not name the model has neither rank nor tokens: it may have had some."""
    from orwatch.cli.layout import headline, history_columns
    from orwatch.cli.meta import credit, day, meta_of
    from orwatch.cli.models import find_model
    from orwatch.domain.rankings import change

    snap = session.snapshot()
    rankings = session.market.rankings(snap.period.grain, snap.lens)
    slug = find_model(session.market, rankings, session.given("model"))
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
    name = session.market.catalogue.name(slug)
    meta = meta_of(session, snap) | {"permaslug": slug, "name": name}
    return Result(
        meta,
        rows,
        history_columns(rows, snap.period.grain),
        title=headline(f"{name} ({slug})", snap),
        credit=credit(session, snap, computed=False),
    )
