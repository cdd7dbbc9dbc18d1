"""A head to head of two countries or two vendors, period by period."""

from __future__ import annotations

from orwatch.core.market import Market
from orwatch.domain.leads import Subject
from orwatch.domain.periods import Period
from orwatch.domain.query import Query
from orwatch.domain.views.versus import Duel


def duels(market: Market, query: Query, until: Period, count: int | None = None) -> tuple[Duel, ...]:
    """A head to head period by period, newest first, to `until`; a gap in the record comes without figures."""
    leads = market.leadership(query.grain, query.lens, Subject.versus(*query.versus))
    flips = {flip.period for flip in leads.flips}
    a, b = query.versus
    out: list[Duel] = []
    first = leads.record.first
    period = until
    while first is not None and period >= first and (count is None or len(out) < count):
        tokens = leads.tokens(period)
        complete = leads.record.complete(period) is not None
        leader = leads.leaders.get(period)
        if tokens and not complete:
            leader = a if tokens[a] > tokens[b] else b if tokens[b] > tokens[a] else None
        side = (tokens[a], tokens[b]) if tokens else (0, 0)
        out.append(Duel(period, *side, tokens is not None, complete, leader, period in flips))
        period = period.previous()
    return tuple(out)
