"""Series over time, made of a market: contenders by period, who led, and every flip."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from orwatch.core.market import Market
from orwatch.domain.leads import CountryOf, Flip, Kind, Leadership, Subject, leader_of, tally
from orwatch.domain.names import is_free
from orwatch.domain.periods import Period, State, Streak
from orwatch.domain.query import Query
from orwatch.domain.rankings import Ranking, Rankings, Status, change
from orwatch.domain.records import Basis, Record
from orwatch.domain.series import Contender, Duel, Point, Series, SeriesPeriod, Stack
from orwatch.domain.vendors import UNATTRIBUTED, country_name

PERIODS_SHOWN = 52
"""Periods of the countries pane and of a head to head."""

CONTENDERS = 9
"""How many of the newest known period are in a series; all that ever led join them."""


class _Standings(Struct, frozen=True):
    """All contenders of one period.

    tokens, ranks: of each. changes: fractions, of those that have one. absent: the tokens of one that is not among them.
    """

    ranking: Ranking
    state: State
    tokens: Mapping[str, int]
    ranks: Mapping[str, int]
    changes: Mapping[str, float]
    absent: int | None
    unattributed: int
    leader: str | None

    def point(self, id_: str) -> Point:
        """One of them, or one that is absent."""
        tokens = self.unattributed if id_ == UNATTRIBUTED else self.tokens.get(id_, self.absent)
        period, total = self.ranking.listing.period, self.ranking.total
        if tokens is None:
            return Point(period, self.state)
        share, moved = tokens / total if total else 0.0, self.changes.get(id_)
        return Point(period, self.state, tokens, self.ranks.get(id_), share, moved, id_ == self.leader)


def series(market: Market, query: Query, kind: Kind, count: int | None = None) -> Series:
    """The series up to the period of a query, of at most `count` periods. Raises NoDataError where there is none.

    kind: VERSUS has the query's two sides.
    """
    leads = market.leads(query, kind)
    subject = leads.subject
    spans = _periods(leads.record, market.resolve(query.grain, query.at), count)
    standings = [_standings(market, leads, period) for period in spans]
    periods = _described(leads, spans, standings)
    ids = _largest(subject, standings)
    newest = len(ids)
    ids += [id_ for id_ in _earlier(subject, periods, standings) if id_ not in ids]
    rows = _rows(market, leads, standings)
    contenders = tuple(_contender(market, leads, id_, rows.get(id_, {}), spans, standings) for id_ in ids)
    return Series(subject, query, periods, contenders, newest)


def stacks(market: Market, query: Query, until: Period, count: int) -> tuple[Stack, ...]:
    """How the tokens of each of so many periods split by country, oldest first."""
    rankings = market.rankings(query.grain, query.lens)
    chart = market.rankings(query.grain, replace(query.lens, basis=Basis.CHART))
    return tuple(_stack(market, rankings, chart, period) for period in _periods(rankings.record, until, count))


def _stack(market: Market, rankings: Rankings, chart: Rankings, period: Period) -> Stack:
    ranking = rankings.at(period)
    if ranking is None:
        return Stack(period, None, False, None, {})
    split = ranking if ranking.fills_basis else chart.at(period)
    tokens = split.by_key(market.attribution.country) if split is not None and split.fills_basis else {}
    return Stack(period, rankings.record.state(period), ranking.fills_basis, ranking.total, tokens)


def statuses(market: Market, found: Series, index: int) -> Mapping[str, Status]:
    """Which contenders of a period of a series are `new` or `back`, of those without a change."""
    period, subject = found.periods[index].period, found.subject
    rankings = market.rankings(found.query.grain, found.query.lens)
    here = [each.id for each in found.contenders if each.points[index].tokens and each.points[index].change is None]
    if subject.kind is Kind.MODEL:
        return rankings.model_statuses(here, period)
    return rankings.group_statuses(here, subject.key_of(market.attribution.country), period)


def points(market: Market, query: Query, subject: Subject, until: Period, id_: str) -> tuple[Point, ...]:
    """All periods of one contender (or of `UNATTRIBUTED`) to `until`, oldest first, from the first in which it has tokens."""
    leads = market.leadership(query.grain, query.lens, subject)
    found = [
        _point(leads.record, period, _standings(market, leads, period), id_)
        for period in _periods(leads.record, until, None)
    ]
    first = next((n for n, point in enumerate(found) if point.tokens), len(found))
    return tuple(found[first:])


def duels(market: Market, query: Query, until: Period, count: int | None = None) -> tuple[Duel, ...]:
    """A head to head period by period, newest first; a gap in the record comes without figures.

    until: the newest; or several periods, and then it is these alone.
    """
    record = market.record(query.grain, query.lens)
    spans = _periods(record, until, count) if until.count == 1 else until.parts()
    return tuple(duel(market, query, period) for period in reversed([*spans]))


def duel(market: Market, query: Query, period: Period) -> Duel:
    """A head to head in one period, or in several added up."""
    leads = market.leads(query)
    (a, b), tokens, state = query.versus, leads.tokens(period), leads.record.state(period)
    leader = leads.leader(period) if period.count == 1 else leads.lead(period).leader
    if tokens and state is not State.COMPLETE:
        leader = a if tokens[a] > tokens[b] else b if tokens[b] > tokens[a] else None
    ranking, rankings = leads.rankings.at(period), market.rankings(query.grain, query.lens, query.back)
    moved = _group_changes(rankings, leads.subject, period, market.attribution.country)
    return Duel(
        period,
        state,
        ranking is not None and ranking.listing.composed,
        *((tokens[a], tokens[b]) if tokens else (0, 0)),
        tokens is not None,
        moved.get(a),
        moved.get(b),
        leader,
        leads.flip(period) is not None,
    )


def last_flip(market: Market, query: Query, until: Period) -> tuple[Basis, Flip, int, Kind | None] | None:
    """The last flip of the head to head to a complete period, its basis, and for how many periods the lead has held by then.

    Last the kind of which it is the first place as well. On the query's basis, or else on the nine largest, of which more weeks are
    known; None where neither has one.
    """
    kind = Kind.COUNTRY if query.subject(Kind.VERSUS).by_country else Kind.VENDOR
    for basis in (query.lens.basis, Basis.CHART):
        leads = market.leads(query, basis=basis)
        flip = next(filter(None, map(leads.flip, leads.record.back_from(until))), None)
        if flip is not None:
            first = market.leads(query, kind, basis).flip(flip.period)
            same = first is not None and (first.before, first.after) == (flip.before, flip.after)
            return basis, flip, leads.lead(until).streak.length, kind if same else None
    return None


def _periods(record: Record, until: Period, count: int | None) -> list[Period]:
    """Every period to `until`, gaps of the record among them, oldest first."""
    out: list[Period] = []
    period = until
    while record.first is not None and period >= record.first and (count is None or len(out) < count):
        out.append(period)
        period = period.earlier()
    return out[::-1]


def _standings(market: Market, leads: Leadership, period: Period) -> _Standings | None:
    """None where the record lacks the period, and for groups where the split on the basis is unknown."""
    subject, rankings, country_of = leads.subject, leads.rankings, market.attribution.country
    ranking = rankings.at(period)
    models = subject.kind is Kind.MODEL
    if ranking is None or not (models or ranking.fills_basis):
        return None
    # Models are looked for among all named rows, as their ranks are; groups on the basis.
    tokens = ranking.named if models else tally(ranking, subject, country_of)
    ordered = sorted((item for item in tokens.items() if item[1] > 0), key=_by_tokens)
    return _Standings(
        ranking=ranking,
        state=leads.record.state(period),
        tokens=tokens,
        ranks={id_: n for n, (id_, _) in enumerate(ordered, 1)},
        changes=rankings.model_changes(period) if models else _group_changes(rankings, subject, period, country_of),
        absent=None if models else 0,
        unattributed=ranking.by_key(country_of).get(None, 0),
        leader=leads.leader(period),
    )


def _group_changes(rankings: Rankings, subject: Subject, period: Period, country_of: CountryOf) -> dict[str, float]:
    """The change of each group that has one; unattributed rows are one of the countries."""
    pair = rankings.filled(period)
    if pair is None:
        return {}
    now, before = (side.by_key(subject.key_of(country_of)) for side in pair)
    moved = ((key or UNATTRIBUTED, change(now.get(key, 0), tokens)) for key, tokens in before.items())
    return {id_: fraction for id_, fraction in moved if fraction is not None}


def _point(record: Record, period: Period, standings: _Standings | None, id_: str) -> Point:
    return Point(period, record.state(period)) if standings is None else standings.point(id_)


def _described(leads: Leadership, spans: list[Period], standings: list[_Standings | None]) -> tuple[SeriesPeriod, ...]:
    """The periods with their totals, leaders and flips."""
    record, rankings = leads.record, leads.rankings
    flips = {period: flip for period in spans if (flip := leads.flip(period)) is not None}
    course = leads.on_course()
    if course is not None:
        flips.setdefault(course.period, course)
    out: list[SeriesPeriod] = []
    number = 0
    for period, found in zip(spans, standings, strict=True):
        ranking = rankings.at(period)
        state = None if ranking is None else record.state(period)
        flip = flips.get(period)
        confirmed = flip is not None and state is State.COMPLETE
        number += confirmed
        lead = leads.lead(period)
        leader = lead.leader if state is State.COMPLETE else None
        if state is State.RUNNING and found is not None:
            leader = leader_of(dict(found.tokens), leads.leader(period.previous()))
        out.append(
            SeriesPeriod(
                period=period,
                state=state,
                composed=ranking is not None and ranking.listing.composed,
                days=record.days_done(period),
                known=found is not None and bool(ranking and ranking.fills_basis),
                total=ranking.total if ranking else None,
                change=rankings.total_change(period) if ranking else None,
                outside=found.ranking.outside if found else None,
                unattributed=found.unattributed if found else None,
                leader=leader,
                streak=lead.streak if lead.leader == leader else Streak(0),
                flip=flip,
                number=number if confirmed else None,
            )
        )
    return tuple(out)


def _largest(subject: Subject, standings: list[_Standings | None]) -> list[str]:
    """The largest of the newest known period, by tokens; of a head to head its sides, in their order."""
    if subject.sides:
        return list(subject.sides)
    newest = next((found for found in reversed(standings) if found and found.tokens), None)
    return [id_ for id_, _ in sorted(newest.tokens.items(), key=_by_tokens)[:CONTENDERS]] if newest else []


def _earlier(subject: Subject, periods: tuple[SeriesPeriod, ...], standings: list[_Standings | None]) -> list[str]:
    """All that led a complete period, those who led last first; every country that ever had a row, as they are few."""
    out: dict[str, None] = {}
    for each, found in zip(reversed(periods), reversed(standings), strict=True):
        if each.state is State.COMPLETE and each.leader is not None:
            out[each.leader] = None
        if subject.kind is Kind.COUNTRY and found is not None:
            out |= dict.fromkeys(found.tokens)
    return list(out)


def _by_tokens(item: tuple[str, int]) -> tuple[int, str]:
    return (-item[1], item[0])


def _rows(market: Market, leads: Leadership, standings: list[_Standings | None]) -> dict[str, dict[str, bool]]:
    """By contender, the permaslugs that were its own, and whether each is free where it was seen last."""
    models, key_of = leads.subject.kind is Kind.MODEL, leads.subject.key_of(market.attribution.country)
    seen: dict[str, Ranking] = {}
    for ranking in (found.ranking for found in standings if found):
        seen |= dict.fromkeys(ranking.slugs if models else ranking.slugs_on_basis, ranking)
    out: dict[str, dict[str, bool]] = {}
    for slug, ranking in seen.items():
        out.setdefault(key_of(slug) or UNATTRIBUTED, {})[slug] = ranking.is_free(slug)
    return out


def _contender(
    market: Market,
    leads: Leadership,
    id_: str,
    rows: Mapping[str, bool],
    spans: list[Period],
    standings: list[_Standings | None],
) -> Contender:
    facts = tuple(market.facts(slug, free=free) for slug, free in rows.items())
    name, country, free = id_, market.attribution.country(id_), False
    if leads.subject.kind is Kind.MODEL:
        free = rows.get(id_, is_free(id_))
        known = market.facts(id_, free=free)
        name, country = known.name, known.country
    elif leads.subject.by_country:
        name, country = country_name(id_), id_
    over_time = tuple(_point(leads.record, *each, id_) for each in zip(spans, standings, strict=True))
    return Contender(id_, name, country, free, facts, over_time)
