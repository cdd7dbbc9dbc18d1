"""The alert rules applied to a cache: every alert that the record as it stands supports."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta

from msgspec import Struct
from msgspec.structs import replace

from orwatch.core.market import Market
from orwatch.domain.alerts.catalogue_history import CatalogueHistory, FirstDay
from orwatch.domain.alerts.records import Alert, Severity, Standing
from orwatch.domain.alerts.registry import AlertRules
from orwatch.domain.alerts.rule import BasisRule, Freshness, PeriodRule
from orwatch.domain.alerts.subjects import speaks_of
from orwatch.domain.leads import CountryOf, Leadership, Subject
from orwatch.domain.periods import Grain, State
from orwatch.domain.query import Query
from orwatch.domain.rankings import Lens, Rankings
from orwatch.domain.vendors import NEVER_ATTRIBUTED
from orwatch.domain.views.overview import Snapshot

KINDS = ("versus", "country", "total", "model", "vendor")
"""Kinds of subjects in the order in which alerts of one moment stand: the head to head before what decides it."""

SEVERITIES = tuple(Severity)


class MarketObserved(Struct, frozen=True):
    """A market as the rules look at it. lens, grain: of the view, for rules that follow it."""

    market: Market
    lens: Lens
    grain: Grain
    versus: tuple[str, str]
    on_course: Collection[str]
    freshness: Freshness | None
    catalogue: CatalogueHistory
    today: date | None

    @property
    def country_of(self) -> CountryOf:
        """The country of a vendor."""
        return self.market.attribution.country

    def cloaked_first_days(self) -> Iterable[FirstDay]:
        """The first day that ranks each cloaked model."""
        return self.market.cache.rankings.first_days(NEVER_ATTRIBUTED)

    def rankings(self, rule: PeriodRule) -> Rankings:
        """The rankings of a rule's grain, and of its basis where it has one."""
        return self.market.rankings(rule.grain or self.grain, self._lens(rule))

    def leadership(self, rule: BasisRule, subject: Subject) -> Leadership:
        """Who led, of a subject, in a rule's grain and basis."""
        return self.market.leadership(rule.grain or self.grain, self._lens(rule), subject)

    def _lens(self, rule: PeriodRule) -> Lens:
        basis = rule.basis if isinstance(rule, BasisRule) else None
        return replace(self.lens, basis=basis) if basis else self.lens


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
    finds nothing without. since, until: bounds of the first day of the period (or of the day observed), both included. The same
    record gives the same alerts, whenever it is asked.
    """
    cache = market.cache
    as_of = cache.rankings.newest_as_of()
    models = {model.id: model for model in market.catalogue.models}
    catalogue = CatalogueHistory(
        models,
        cache.catalogue.prices(),
        cache.catalogue.sightings(),
        cache.catalogue.seen_at(),
        cache.catalogue.discounts(),
    )
    now = as_of or catalogue.seen_at
    observed = MarketObserved(
        market, lens or Lens(), grain, versus, course, freshness, catalogue, None if now is None else now.date()
    )
    found = [
        alert
        for _, rule in rules.items()
        if rule.on and (as_of is not None or not isinstance(rule, PeriodRule))
        for alert in rule.find(observed)
        if speaks_of(rule, alert, favourites, market.attribution.country)
        and (since is None or alert.period.start >= since)
        and (until is None or alert.period.start <= until)
    ]
    return tuple(sorted(found, key=_newest_first))


def judge_view(
    market: Market, rules: AlertRules, query: Query, favourites: Collection[str] = (), course: Collection[str] = ()
) -> tuple[Alert, ...]:
    """Every alert at a query's grain and through its lens, whatever its period, newest first."""
    return judge(
        market,
        rules.at_grain(query.grain),
        versus=query.versus,
        favourites=favourites,
        lens=query.lens,
        grain=query.grain,
        course=course,
    )


def known_then(alerts: Sequence[Alert], snapshot: Snapshot) -> tuple[Alert, ...]:
    """Those that were known when the period on screen had ended.

    What is on course belongs to the present, as does what was known since the newest period ended.
    """
    if snapshot.query.at == "newest" or snapshot.state is State.RUNNING:
        return tuple(alerts)
    then = datetime.combine(snapshot.period.end + timedelta(days=1), time(), UTC)
    return tuple(alert for alert in alerts if alert.state is not Standing.ON_COURSE and alert.fired_at <= then)


def alert_names(market: Market, alerts: Sequence[Alert]) -> dict[str, str]:
    """Names of the models that alerts speak of, by permaslug."""
    slugs = {str(value) for alert in alerts for value in alert.values.values() if isinstance(value, str)}
    return {slug: market.catalogue.name(slug) for slug in slugs if "/" in slug}


def _newest_first(alert: Alert) -> tuple[bool, float, int, int, str]:
    """On course first; of one moment the graver before the others."""
    confirmed = alert.state is not Standing.ON_COURSE
    kind, severity = KINDS.index(alert.subject_kind), SEVERITIES.index(alert.severity)
    return (confirmed, -alert.dated.timestamp(), severity, kind, alert.id)
