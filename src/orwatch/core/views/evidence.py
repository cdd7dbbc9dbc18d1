"""What an alert rests on, read of a market."""

from __future__ import annotations

from orwatch.core.market import Market
from orwatch.domain.alerts.alert import Alert
from orwatch.domain.detail import Evidence, LeadTurn, Side, TokenMove
from orwatch.domain.leads import Kind, Leadership, Subject
from orwatch.domain.periods import Period, State
from orwatch.domain.query import Query
from orwatch.domain.rankings import Lens, Ranking, change

FLIPS = 8
"""Flips of the lead that are listed, the newest."""

MOVES = 7
"""Models that are listed, those whose tokens changed most."""

CONTENDERS = 4
"""Contenders that are compared at most."""


def evidence(market: Market, query: Query, alert: Alert) -> Evidence | None:
    """What an alert rests on, read through its own basis; None for one of no period or basis, or without a subject there."""
    subject = _subject(alert, query)
    if alert.basis is None or alert.at is not None or alert.known_at is not None or subject is None:
        return None
    grain, lens = alert.period.grain, Lens(alert.basis, query.lens.free, query.lens.merged)
    leads, rankings = market.leadership(grain, lens, subject), market.rankings(grain, lens)
    now, before = alert.period, alert.period.previous()
    keys = _contenders(alert, leads)
    running = rankings.record.state(now) is State.RUNNING
    # A period in progress is never held against a whole one: both are cut to the days that are complete.
    here, there = (rankings.compared(now) or (None, None)) if running else (rankings.at(now), rankings.at(before))
    earlier = None if running else rankings.at(before.previous())

    def sides(ranking: Ranking | None, past: Ranking | None) -> tuple[Side, ...]:
        own, then = leads.tally(ranking) or {}, leads.tally(past) or {}
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
        _moves(market, there, here, subject, keys) if there is not None and here is not None else (),
        _turns(leads, now),
        len(rankings.record.compared_days(now, before)) if running else None,
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


def _contenders(alert: Alert, leads: Leadership) -> tuple[str, ...]:
    """Who is compared: the two sides; else whom the alert names, and the leaders of both periods."""
    if leads.subject.sides:
        return leads.subject.sides
    named = [alert.values.get(key) for key in ("to", "from", "leader", "model")]
    led = [leads.leaders.get(period) for period in (alert.period, alert.period.previous())]
    own = alert.subject if alert.rule not in ("lead-flip", "streak") else None
    return tuple(dict.fromkeys(str(key) for key in (own, *named, *led) if key))[:CONTENDERS]


def _named(market: Market, subject: Subject, key: str) -> tuple[str, str | None]:
    name = market.catalogue.name(key) if subject.kind is Kind.MODEL else key
    return name, key if subject.by_country else market.attribution.country(key)


def _moves(
    market: Market, before: Ranking, now: Ranking, subject: Subject, keys: tuple[str, ...]
) -> tuple[TokenMove, ...]:
    """The largest changes of single models on the basis: of all, or of the vendors or countries that are compared."""
    then, here, country_of = before.by_key(str), now.by_key(str), market.attribution.country
    found = []
    for slug in {**then, **here}:
        group = subject.key_of(country_of)(slug)
        if subject.kind is Kind.MODEL or group is None or group in keys:
            tokens, name = here.get(slug, 0) - then.get(slug, 0), market.catalogue.name(slug)
            found.append(TokenMove(slug, name, country_of(slug), tokens, slug not in then, slug not in here))
    found.sort(key=lambda move: (-abs(move.tokens), move.permaslug))
    return tuple(found[:MOVES])


def _turns(leads: Leadership, until: Period) -> tuple[LeadTurn, ...]:
    """Every flip to a period, newest first, and how long each leader held the lead as far as it was known then."""
    flips = leads.flips_until(until)
    periods = [period for period in leads.leaders if period <= until]
    out = []
    for n, flip in enumerate(flips):
        end = flips[n + 1].period if n + 1 < len(flips) else None
        held = sum(1 for period in periods if flip.period <= period and (end is None or period < end))
        old, new = flip.tokens.get(flip.before), flip.tokens.get(flip.after)
        out.append(LeadTurn(n + 1, flip.period, flip.after, new / old if new and old else None, held, end is None))
    return tuple(reversed(out[-FLIPS:]))
