"""The race of models, vendors, countries or two sides over time: who had how much in which period, who led, and every flip.

Unknown stays unknown: a period that the record lacks, or whose split is not known on the basis, has no figures, never zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct

from orwatch.core.market import Market
from orwatch.domain.countries import country_name
from orwatch.domain.filters import Facts
from orwatch.domain.leads import Flip, Kind, Leadership, Subject, is_country_pair, leader_of, tally
from orwatch.domain.periods import Period, State
from orwatch.domain.query import Query
from orwatch.domain.rankings import Ranking, Rankings, change
from orwatch.domain.streaks import Streak

CONTENDERS = 9
"""How many of the newest period race; all that ever led join them."""
PERIODS = 156
"""The most periods looked back: three years of weeks."""


class Place(Struct, frozen=True):
    """One contender in one period.

    tokens: None where unknown (for a model: not among the named rows); 0 where no row on the basis is the contender's.
    rank: among all models, vendors or countries. share: fraction of all tokens. change: fraction on the period before, on like days
    while the period runs. led: whether it led the (complete) period.
    """

    tokens: int | None = None
    rank: int | None = None
    share: float | None = None
    change: float | None = None
    led: bool = False


class Contender(Struct, frozen=True):
    """A permaslug, author slug or country code, with a place a period.

    facts: of the rows that were its on the basis: what filters ask. led: complete periods of the race that it led.
    """

    id: str
    name: str
    country: str | None
    free: bool
    facts: tuple[Facts, ...]
    places: tuple[Place, ...]
    led: int


class Lap(Struct, frozen=True):
    """One period of the race.

    state: None where the record lacks the period. known: whether the split on the basis is known. days: complete ones and length.
    total, outside (the basis), unattributed (rows of the basis without a country): tokens, None where unknown. leader: of a
    complete period, or the one on course. held: complete periods it has led in a row, to this one. flip: confirmed on a complete
    period, on course on the running one. number: the confirmed flip's, counted from the oldest of the race.
    """

    period: Period
    state: State | None
    composed: bool
    as_of: datetime | None
    days: tuple[int, int]
    known: bool
    total: int | None
    change: float | None
    outside: int | None
    unattributed: int | None
    leader: str | None
    held: Streak
    flip: Flip | None
    number: int | None


class Race(Struct, frozen=True):
    """Contenders over periods, both oldest first for periods; contenders by rank in the newest, then earlier ones, latest first.

    newest: how many of the contenders are of the newest period.
    """

    subject: Subject
    query: Query
    laps: tuple[Lap, ...]
    contenders: tuple[Contender, ...]
    newest: int

    def at(self, period: Period) -> int | None:
        """The place of a period among the laps."""
        first = self.laps[0].period.start if self.laps else None
        if first is None or period.start < first:
            return None
        return next((n for n, lap in enumerate(self.laps) if lap.period == period), None)


def race(market: Market, query: Query, kind: Kind, count: int = PERIODS) -> Race:
    """The race up to the period of a query, made once of a market as it was last read. NoDataError where there is none.

    kind: VERSUS races the two sides of the query.
    """
    subject = Subject.versus(*query.versus) if kind is Kind.VERSUS else Subject(kind)
    period = market.resolve(query.grain, query.at)
    key = (query.grain, query.lens, subject, period, count)
    known = market.races.get(key)
    if known is None:
        known = market.races[key] = _run(market, query, subject, period, count)
    return known


def _run(market: Market, query: Query, subject: Subject, until: Period, count: int) -> Race:
    rankings = market.rankings(query.grain, query.lens)
    leads = market.leadership(query.grain, query.lens, subject)
    periods = _periods(rankings, until, count)
    tallies = [leads.tokens(period) for period in periods]
    laps = _laps(market, leads, periods, tallies)
    ids = _contenders(subject, laps, tallies)
    newest = len(ids)
    ids += _earlier(subject, laps, tallies, ids)
    fields = _fields(market, leads, laps, tallies)
    contenders = tuple(_contender(market, subject, id_, laps, fields) for id_ in ids)
    return Race(subject, query, laps, contenders, newest)


def _periods(rankings: Rankings, until: Period, count: int) -> list[Period]:
    """Every period to `until`, gaps of the record among them, oldest first."""
    first, period = rankings.record.first, until
    out: list[Period] = []
    while first is not None and period >= first and len(out) < count:
        out.append(period)
        period = period.previous()
    return out[::-1]


def _laps(
    market: Market, leads: Leadership, periods: list[Period], tallies: list[dict[str, int] | None]
) -> tuple[Lap, ...]:
    record, rankings = leads.record, leads.rankings
    flips = {flip.period: flip for flip in leads.flips}
    course = leads.on_course()
    out: list[Lap] = []
    number = 0
    for period, tokens in zip(periods, tallies, strict=True):
        ranking = rankings.at(period)
        state = None if ranking is None else record.state(period)
        pair = rankings.compared(period) if ranking else None
        flip = flips.get(period) or (course if course is not None and course.period == period else None)
        confirmed = flip is not None and state is State.COMPLETE
        number += confirmed
        leader, held = leads.leaders.get(period), Streak(0)
        if state is State.COMPLETE:
            held = _held(leads, out[-1] if out else None, period, leader)
        elif tokens and state is State.RUNNING:
            leader = leader_of(tokens, leads.leaders.get(period.previous()))
            held = out[-1].held if out and out[-1].leader == leader else Streak(0)
        nameless = None
        if tokens is not None and ranking is not None:
            nameless = sum(row.tokens for row in ranking.on_basis if market.attribution.country(row.vendor) is None)
        out.append(
            Lap(
                period=period,
                state=state,
                composed=ranking is not None and ranking.listing.composed,
                as_of=ranking.listing.as_of if ranking else None,
                days=record.days_done(period),
                known=tokens is not None and bool(ranking and ranking.fills_basis),
                total=ranking.total if ranking else None,
                change=change(pair[0].total, pair[1].total) if pair else None,
                outside=ranking.outside if ranking and tokens is not None else None,
                unattributed=nameless,
                leader=leader,
                held=held,
                flip=flip,
                number=number if confirmed else None,
            )
        )
    return tuple(out)


def _held(leads: Leadership, before: Lap | None, period: Period, leader: str | None) -> Streak:
    """The streak of a complete period's leader, from that of the period before it."""
    if leader is None:
        return Streak(0, period not in leads.leaders)
    if before is None:
        return leads.lead(period).streak
    if before.period not in leads.leaders:
        return Streak(1, True)
    return Streak(before.held.length + 1, before.held.is_floor) if before.leader == leader else Streak(1)


def _contenders(subject: Subject, laps: tuple[Lap, ...], tallies: list[dict[str, int] | None]) -> list[str]:
    """The largest of the newest known period, by tokens; of a head to head its sides, in their order."""
    if subject.sides:
        return list(subject.sides)
    newest = next((tokens for tokens in reversed(tallies) if tokens), None) or {}
    return [id_ for id_, _ in sorted(newest.items(), key=_by_tokens)[:CONTENDERS]]


def _earlier(
    subject: Subject, laps: tuple[Lap, ...], tallies: list[dict[str, int] | None], ids: list[str]
) -> list[str]:
    """All others that led a complete period, those who led last first; every country that ever had a row, as they are few."""
    out: dict[str, None] = {}
    for lap, tokens in zip(reversed(laps), reversed(tallies), strict=True):
        if lap.state is State.COMPLETE and lap.leader is not None:
            out[lap.leader] = None
        if subject.kind is Kind.COUNTRY:
            out |= dict.fromkeys(tokens or ())
    return [id_ for id_ in out if id_ not in ids]


def _by_tokens(item: tuple[str, int]) -> tuple[int, str]:
    return (-item[1], item[0])


class _Field(Struct, frozen=True):
    """All contenders of one period. tokens, rank: of each. now, before: what changes are computed from; empty where unknown.

    whole: whether an absent contender is known to have nothing on the basis.
    """

    tokens: Mapping[str, int]
    rank: Mapping[str, int]
    now: Mapping[str, int]
    before: Mapping[str, int]
    whole: bool
    slugs: Mapping[str, list[tuple[str, bool]]]


def _fields(
    market: Market, leads: Leadership, laps: tuple[Lap, ...], tallies: list[dict[str, int] | None]
) -> list[_Field | None]:
    subject, rankings, country_of = leads.subject, leads.rankings, market.attribution.country
    by_country = subject.kind is Kind.COUNTRY or (subject.sides is not None and is_country_pair(*subject.sides))

    def counted(ranking: Ranking) -> Mapping[str, int]:
        """Models are looked for among all named rows, as their ranks are; groups on the basis."""
        if subject.kind is Kind.MODEL:
            return {row.permaslug: row.tokens for row in ranking.rows}
        return tally(ranking, subject, country_of)

    made: dict[Period, Mapping[str, int]] = {}
    out: list[_Field | None] = []
    for lap, tokens in zip(laps, tallies, strict=True):
        ranking = rankings.at(lap.period)
        if ranking is None or tokens is None:
            out.append(None)
            continue
        mine = made[lap.period] = counted(ranking) if subject.kind is Kind.MODEL else tokens
        now: Mapping[str, int] = {}
        before: Mapping[str, int] = {}
        pair = rankings.compared(lap.period)
        models = subject.kind is Kind.MODEL
        if pair is not None and (models or all(side.fills_basis for side in pair)):
            running = pair[0] is not ranking
            now = counted(pair[0]) if running else mine
            before = counted(pair[1]) if running else made.get(lap.period.previous()) or counted(pair[1])
        order = sorted((item for item in mine.items() if item[1] > 0), key=_by_tokens)
        slugs: dict[str, list[tuple[str, bool]]] = {}
        for row in ranking.rows if models else ranking.on_basis:
            group = row.permaslug if models else country_of(row.vendor) if by_country else row.vendor
            slugs.setdefault(group or "", []).append((row.permaslug, row.free))
        ranks = {id_: n for n, (id_, _) in enumerate(order, 1)}
        out.append(_Field(mine, ranks, now, before, not models, slugs))
    return out


def _contender(
    market: Market, subject: Subject, id_: str, laps: tuple[Lap, ...], fields: list[_Field | None]
) -> Contender:
    places: list[Place] = []
    slugs: dict[str, bool] = {}
    for lap, field in zip(laps, fields, strict=True):
        if field is None:
            places.append(Place())
            continue
        slugs.update(field.slugs.get(id_, ()))
        tokens = field.tokens.get(id_, 0 if field.whole else None)
        if tokens is None:
            places.append(Place())
            continue
        moved = None
        if id_ in field.before:
            moved = change(field.now.get(id_, 0 if field.whole else None), field.before[id_])
        led = lap.state is State.COMPLETE and lap.leader == id_
        share = tokens / lap.total if lap.total else 0.0
        places.append(Place(tokens, field.rank.get(id_), share, moved, led))
    facts = tuple(market.facts(slug, free=free) for slug, free in slugs.items())
    name, country, free = id_, None, False
    if subject.kind is Kind.MODEL:
        free = slugs.get(id_, id_.endswith(":free"))
        known = market.facts(id_, free=free)
        name, country = known.name, known.country
    elif subject.kind is Kind.COUNTRY or (subject.sides is not None and is_country_pair(*subject.sides)):
        name, country = country_name(id_), id_
    else:
        country = market.attribution.country(id_)
    return Contender(id_, name, country, free, facts, tuple(places), sum(place.led for place in places))
