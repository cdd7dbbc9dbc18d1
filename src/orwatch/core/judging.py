"""The alert rules applied to a cache: every alert that the record as it stands supports."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date

from orwatch.core.market import Market
from orwatch.dataclass import dataclass, replace
from orwatch.domain.alerts import crossings, growth, leads, listings, moves, prices, ranks
from orwatch.domain.alerts.choice import speaks_of
from orwatch.domain.alerts.freshness import Freshness, stale_alerts
from orwatch.domain.alerts.records import Alert, Severity, Standing
from orwatch.domain.alerts.rules import AlertRules, BasisRule, PeriodRule
from orwatch.domain.leads import Kind, Leadership, Subject
from orwatch.domain.rankings import Lens, Rankings
from orwatch.domain.records import Grain
from orwatch.domain.vendors import NEVER_ATTRIBUTED

_KINDS = ("versus", "country", "total", "model", "vendor")
_SEVERITIES = tuple(Severity)


def judge(
    market: Market,
    rules: AlertRules,
    *,
    versus: tuple[str, str],
    favourites: Collection[str] = (),
    lens: Lens | None = None,
    grain: Grain = Grain.WEEK,
    course: Collection[str] = (),
    freshness: Freshness | None = None,
    since: date | None = None,
    until: date | None = None,
) -> tuple[Alert, ...]:
    """Every alert that the record supports, confirmed ones of all its history and those on course, newest first.

    lens, grain: of the view, for rules that follow it; the lens also says whether free rows count and variants are merged.
    course: ids that were on course at the last look: they leave it later than others enter. freshness: for `stale`, which
    is not judged without. The caller refreshes the market.
    since, until: bounds of the first day of the period (or of the day observed), both included. The same record gives
    the same alerts, whenever it is asked.
    """
    lens = lens or Lens()
    key = (rules, lens, grain, versus, frozenset(favourites), frozenset(course))
    known = market.judged.get(key)
    if known is None:
        country = market.attribution.country
        work = _Judging(market, rules, lens, grain, versus)
        found = [a for a in work.alerts(course) if speaks_of(rules.named(a.rule), a, favourites, country)]
        known = market.judged[key] = tuple(sorted(found, key=_newest_first))
    stale = stale_alerts(freshness, rules.stale) if freshness is not None and rules.stale.on else []
    return tuple(
        alert
        for alert in (*stale, *known)
        if (since is None or alert.period.start >= since) and (until is None or alert.period.start <= until)
    )


def _newest_first(alert: Alert) -> tuple[bool, float, int, int, str]:
    """On course first; of one moment the graver before the others, and the head to head before what decides it."""
    confirmed = alert.state is not Standing.ON_COURSE
    kind, severity = _KINDS.index(alert.subject_kind), _SEVERITIES.index(alert.severity)
    return (confirmed, -alert.dated.timestamp(), severity, kind, alert.id)


@dataclass(frozen=True)
class _Judging:
    market: Market
    rules: AlertRules
    lens: Lens
    grain: Grain
    versus: tuple[str, str]

    def alerts(self, course: Collection[str]) -> Iterator[Alert]:
        if self.market.cache.newest_as_of() is not None:
            yield from self._of_leads(course)
            yield from self._of_ranks()
        yield from self._of_catalogue()

    def _rankings(self, rule: PeriodRule) -> Rankings:
        return self.market.rankings(rule.grain or self.grain, self._lens(rule))

    def _lens(self, rule: PeriodRule) -> Lens:
        basis = rule.basis if isinstance(rule, BasisRule) else None
        return replace(self.lens, basis=basis) if basis else self.lens

    def _leadership(self, rule: BasisRule, subject: Subject) -> Leadership:
        return self.market.leadership(rule.grain or self.grain, self._lens(rule), subject)

    def _of_leads(self, course: Collection[str]) -> Iterator[Alert]:
        rules, pair = self.rules, Subject.versus(*self.versus)
        for subject in (pair, *map(Subject, (Kind.MODEL, Kind.COUNTRY, Kind.VENDOR))):
            if rules.lead_flip.on:
                yield from leads.flip_alerts(self._leadership(rules.lead_flip, subject), rules.lead_flip, course)
            if rules.streak.on:
                yield from leads.streak_alerts(self._leadership(rules.streak, subject), rules.streak)
        if rules.share_crosses.on:
            countries = self._leadership(rules.share_crosses, Subject(Kind.COUNTRY))
            yield from crossings.share_alerts(countries, rules.share_crosses, course)
        if rules.ratio_crosses.on:
            yield from crossings.ratio_alerts(self._leadership(rules.ratio_crosses, pair), rules.ratio_crosses, course)

    def _of_ranks(self) -> Iterator[Alert]:
        rules = self.rules
        if rules.growth_streak.on:
            yield from growth.growth_alerts(self._rankings(rules.growth_streak).record, rules.growth_streak)
        if rules.new_entrant.on:
            yield from ranks.entrant_alerts(self._rankings(rules.new_entrant), rules.new_entrant)
        if rules.rank_jump.on:
            yield from ranks.jump_alerts(self._rankings(rules.rank_jump), rules.rank_jump)
        for rule, up in ((rules.surge, True), (rules.plunge, False)):
            if rule.on:
                yield from moves.move_alerts(self._rankings(rule), rule, up=up)

    def _of_catalogue(self) -> Iterator[Alert]:
        rules, book = self.rules, self.market.book
        if rules.price_change.on:
            yield from prices.price_alerts(book, rules.price_change)
        if rules.discount.on:
            yield from prices.discount_alerts(book, rules.discount)
        if rules.free.on:
            yield from prices.free_alerts(book, rules.free)
        if rules.new_model.on:
            yield from listings.new_alerts(book, self.market.attribution.country)
            yield from listings.cloaked_alerts(self.market.cache.first_days(NEVER_ATTRIBUTED))
        if rules.expiring.on:
            now = self.market.cache.newest_as_of() or book.seen_at
            if now is not None:
                yield from listings.expiring_alerts(book, rules.expiring, now.date())
