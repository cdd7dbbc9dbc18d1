"""What an alert rests on: the two periods side by side, what moved between them, and every flip of the lead it is about."""

from __future__ import annotations

from msgspec import Struct

from orwatch.core.market import Market
from orwatch.domain.alerts.records import Alert
from orwatch.domain.leads import Kind, Leadership, Subject, is_country_pair, tally
from orwatch.domain.periods import Period, State
from orwatch.domain.query import Query
from orwatch.domain.rankings import Lens, Ranking, change

FLIPS = 8
MOVES = 7


class Side(Struct, frozen=True):
    """One contender in one period. tokens: on the basis, None where unknown. change: fraction, on the period before."""

    key: str
    name: str
    country: str | None
    tokens: int | None
    change: float | None


class Move(Struct, frozen=True):
    """What a model's tokens on the basis changed by. entered, left: it came onto the basis, or left it."""

    permaslug: str
    name: str
    country: str | None
    tokens: int
    entered: bool
    left: bool


class Turn(Struct, frozen=True):
    """One flip. number: from the oldest. ratio: of the new leader to the old one, None where unknown. held: complete periods.

    stands: the leader still led in the newest period that was known.
    """

    number: int
    period: Period
    leader: str
    ratio: float | None
    held: int
    stands: bool


class Evidence(Struct, frozen=True):
    """Of a period's alert: both periods, the larger side first; what moved; the flips, newest first.

    days: complete days of a period in progress, to which both are then cut; None for two whole periods.
    """

    alert: Alert
    before: Period
    now: Period
    sides_before: tuple[Side, ...]
    sides_now: tuple[Side, ...]
    moves: tuple[Move, ...]
    flips: tuple[Turn, ...]
    days: int | None = None


def evidence(market: Market, query: Query, alert: Alert) -> Evidence | None:
    """What an alert rests on, read through its own basis; None for one of no period or basis, or without a subject there."""
    if alert.basis is None or alert.at is not None or alert.known_at is not None:
        return None
    lens = Lens(alert.basis, query.lens.free, query.lens.merged)
    subject = _subject(alert, query)
    if subject is None:
        return None
    leads = market.leadership(alert.period.grain, lens, subject)
    now, before = alert.period, alert.period.previous()
    keys = _keys(alert, leads)

    rankings = market.rankings(alert.period.grain, lens)
    running = rankings.record.state(now) is State.RUNNING
    # A period in progress is never held against a whole one: both are cut to the days that are complete.
    pair = rankings.compared(now) if running else (rankings.at(now), rankings.at(before))
    here, there = pair or (None, None)
    earlier = None if running else rankings.at(before.previous())

    def tokens(ranking: Ranking | None) -> dict[str, int]:
        known = ranking is not None and (ranking.fills_basis or subject.kind is Kind.MODEL)
        return tally(ranking, subject, market.attribution.country) if ranking is not None and known else {}

    def sides(ranking: Ranking | None, past: Ranking | None) -> tuple[Side, ...]:
        own, then = tokens(ranking), tokens(past)
        found = [
            Side(key, *_named(market, subject, key), own.get(key), change(own.get(key), then.get(key))) for key in keys
        ]
        return tuple(sorted(found, key=lambda side: (-(side.tokens or 0), side.key)))

    return Evidence(
        alert,
        before,
        now,
        sides(there, earlier),
        sides(here, there),
        _moves(market, there, here, subject, keys),
        _turns(leads, now),
        rankings.record.days_done(now)[0] if running else None,
    )


def _subject(alert: Alert, query: Query) -> Subject | None:
    match alert.subject_kind:
        case "versus":
            a, b = alert.subject.split(":")
            return Subject.versus(a, b)
        case "country" if alert.rule == "share-crosses" and alert.subject in query.versus:
            return Subject.versus(*query.versus)
        case "country" | "vendor" | "model":
            return Subject(Kind(alert.subject_kind))
    return None


def _keys(alert: Alert, leads: Leadership) -> tuple[str, ...]:
    """Who is compared: the two sides; else whom the alert names, and the leaders of both periods."""
    if leads.subject.sides:
        return leads.subject.sides
    named = [alert.values.get(key) for key in ("to", "from", "leader", "model")]
    led = [leads.leaders.get(period) for period in (alert.period, alert.period.previous())]
    own = alert.subject if alert.rule not in ("lead-flip", "streak") else None
    return tuple(dict.fromkeys(str(key) for key in (own, *named, *led) if key))[:4]


def _named(market: Market, subject: Subject, key: str) -> tuple[str, str | None]:
    """Name and country of a contender."""
    if subject.kind is Kind.MODEL:
        return market.catalogue.name(key), market.attribution.country(key.partition("/")[0])
    by_country = subject.kind is Kind.COUNTRY or (subject.sides is not None and is_country_pair(*subject.sides))
    return key, key if by_country else market.attribution.country(key)


def _moves(
    market: Market, before: Ranking | None, now: Ranking | None, subject: Subject, keys: tuple[str, ...]
) -> tuple[Move, ...]:
    """The largest changes of single models on the basis, of the sides that are compared."""
    if before is None or now is None:
        return ()
    then = {row.permaslug: row for row in before.on_basis}
    here = {row.permaslug: row for row in now.on_basis}
    found = []
    for slug in {**then, **here}:
        vendor = slug.partition("/")[0]
        country = market.attribution.country(vendor)
        group = {Kind.MODEL: None, Kind.VENDOR: vendor, Kind.COUNTRY: country, Kind.VERSUS: country}[subject.kind]
        if subject.kind is Kind.VERSUS and subject.sides and not is_country_pair(*subject.sides):
            group = vendor
        if group is not None and group not in keys:
            continue
        tokens = (here[slug].tokens if slug in here else 0) - (then[slug].tokens if slug in then else 0)
        name = market.catalogue.name(slug)
        found.append(Move(slug, name, country, tokens, slug not in then, slug not in here))
    found.sort(key=lambda move: (-abs(move.tokens), move.permaslug))
    return tuple(found[:MOVES])


def _turns(leads: Leadership, until: Period) -> tuple[Turn, ...]:
    """Every flip to a period, newest first, and how long each leader held the lead as far as it was known then."""
    flips = leads.flips_until(until)
    periods = [period for period in leads.leaders if period <= until]
    out = []
    for n, flip in enumerate(flips):
        end = flips[n + 1].period if n + 1 < len(flips) else None
        held = sum(1 for period in periods if flip.period <= period and (end is None or period < end))
        old, new = flip.tokens.get(flip.before), flip.tokens.get(flip.after)
        out.append(Turn(n + 1, flip.period, flip.after, new / old if new and old else None, held, end is None))
    return tuple(reversed(out[-FLIPS:]))
