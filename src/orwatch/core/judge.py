"""The alert rules applied to a cache: every alert that the record as it stands supports."""

from __future__ import annotations

import zlib
from collections.abc import Collection, Mapping, Sequence
from typing import Self

from msgspec import Struct
from msgspec.structs import replace

from orwatch import __version__
from orwatch.config import Settings
from orwatch.core.market import Market
from orwatch.domain.alerts.alert import Alert, Severity, Standing
from orwatch.domain.alerts.memory import KnownAlert
from orwatch.domain.alerts.prices import PriceCrosses
from orwatch.domain.alerts.registry import AlertRules
from orwatch.domain.alerts.repeats import found_once, joined_flips
from orwatch.domain.alerts.rule import BasisRule, Freshness, Observed, PeriodRule, Rule
from orwatch.domain.alerts.totals import BriefDue
from orwatch.domain.apps import AppRecord
from orwatch.domain.filters import Facts
from orwatch.domain.names import is_free, near
from orwatch.domain.overview import Snapshot
from orwatch.domain.periods import Grain, State
from orwatch.domain.query import Query
from orwatch.domain.rankings import Lens
from orwatch.domain.scores import AnalysisScores
from orwatch.domain.vendors import NEVER_ATTRIBUTED
from orwatch.errors import KeyMissingError, NoDataError
from orwatch.present.formats import plural

KINDS = ("versus", "country", "total", "model", "vendor", "app")
"""Kinds of subjects, in the order in which alerts of the same time and severity are listed."""

SEVERITIES = tuple(Severity)


class RuleSet(Struct, frozen=True):
    """The alert rules, and the view that they follow.

    versus: the head to head. favourites: for rules that are for these alone. lens, grain: for rules that have no basis or grain of
    their own; the lens also says whether free rows count and variants are merged. vendors: the user's own countries. brief: whether
    the briefing of a week is due somewhere when it ends.
    """

    rules: AlertRules = AlertRules()
    versus: tuple[str, str] = ("CN", "US")
    favourites: tuple[str, ...] = ()
    lens: Lens = Lens()
    grain: Grain = Grain.WEEK
    vendors: tuple[tuple[str, str], ...] = ()
    brief: BriefDue = BriefDue(on=False)

    @classmethod
    def of(cls, settings: Settings) -> Self:
        view = settings.view
        lens = Lens(view.basis, view.free, view.merge_variants)
        vendors = tuple(sorted(settings.vendors.items()))
        brief = BriefDue(on=bool(settings.notify.brief.to))
        return cls(settings.alerts, view.versus, view.favourites, lens, view.period, vendors, brief)

    @classmethod
    def of_view(cls, rules: AlertRules, query: Query, favourites: Collection[str] = ()) -> Self:
        """That of a view: the rules at its grain and through its lens."""
        return cls(rules.at_grain(query.grain), query.versus, tuple(favourites), query.lens, query.grain)

    @property
    def scope(self) -> str:
        """A short name of this set. Sets that could find different alerts in the same record have different names.

        The version is part of it: another one may have other rules and countries. So is that flips are joined: what was found
        before they were is not retracted for it.
        """
        text = repr((__version__, "joined", self)).encode()
        return f"{zlib.crc32(text):08x}{zlib.adler32(text):08x}"

    @property
    def grains(self) -> tuple[Grain, ...]:
        """The grains that are judged; days always are."""
        judged = {rule.grain or self.grain for rule in self.on if isinstance(rule, PeriodRule)} | {Grain.DAY}
        return tuple(grain for grain in Grain if grain in judged and not grain.trailing)

    @property
    def summary(self) -> str:
        """`14 rules · basis top50`."""
        return f"{plural(sum(rule.active for _, rule in self.rules.items()), 'rule')} · basis {self.lens.basis}"

    @property
    def on(self) -> list[Rule]:
        """The rules that fire, that of briefings last."""
        return [rule for rule in (*(rule for _, rule in self.rules.items()), self.brief) if rule.active]


def judge(
    market: Market,
    rules: RuleSet,
    course: Collection[str] = (),
    freshness: Freshness | None = None,
    known: Mapping[str, KnownAlert] | None = None,
) -> tuple[Alert, ...]:
    """Every alert that the record supports, confirmed ones of all its history and those on course, newest first.

    course: ids of the alerts that were on course when judged last, which stay on course longer than others come on course.
    freshness: for `stale`, which finds nothing without it. known: remembered alerts by id; one that is found again as it was is
    not held twice. The same record always gives the same alerts.
    """
    held = known or {}

    def once(alert: Alert) -> Alert:
        old = held.get(alert.id)
        return old.alert if old is not None and old.alert == alert else alert

    observed = _observed(market, rules, course, freshness)
    ranked = market.cache.rankings.newest_as_of() is not None
    found = [
        once(alert)
        for rule in rules.on
        if not isinstance(rule, PeriodRule) or (ranked and not (rule.grain or rules.grain).trailing)
        for alert in rule.find(observed)
        if rule.lets_through(alert, observed)
    ]
    return tuple(sorted(joined_flips(found_once(found, held) if rules.rules.also else found), key=newest_first))


def _observed(market: Market, rules: RuleSet, course: Collection[str], freshness: Freshness | None) -> Observed:
    def lens(rule: PeriodRule) -> Lens:
        basis = rule.basis if isinstance(rule, BasisRule) else None
        return replace(rules.lens, basis=basis) if basis else rules.lens

    catalogue, rankings = market.history, market.cache.rankings
    newest = rankings.newest_as_of()
    now = newest or catalogue.seen_at
    return Observed(
        rankings=lambda rule: market.rankings(rule.grain or rules.grain, lens(rule)),
        leadership=lambda rule, subject: market.leadership(rule.grain or rules.grain, lens(rule), subject),
        versus=rules.versus,
        on_course=course,
        catalogue=catalogue,
        ranked=lambda model, at: newest is not None and market.record(Grain.WEEK).names_model(model, at),
        country_of=market.attribution.country,
        favourites=rules.favourites,
        cloaked=rankings.first_days(NEVER_ATTRIBUTED),
        apps=lambda: app_weeks(market),
        scores=lambda: market.cache.snapshots.read(AnalysisScores),
        today=None if now is None else now.date(),
        freshness=freshness,
    )


def app_weeks(market: Market) -> AppRecord | None:
    """The weeks of public apps; None where the cache has none."""
    try:
        return market.apps()
    except (KeyMissingError, NoDataError):
        return None


def idle_alarms(market: Market, rules: AlertRules) -> list[str]:
    """A sentence for each price alarm that cannot fire as it is set: no value, or a model that no catalogue has listed."""
    alarms = [rule for _, rule in rules.items() if isinstance(rule, PriceCrosses) and rule.on and rule.model]
    out = [
        f"The price alarm for {rule.model} has no value: set at_most or at_least of alerts.price-crosses."
        for rule in alarms
        if not rule.active
    ]
    for rule in alarms:
        catalogue = market.history
        if catalogue.models and not any(rule.watches(catalogue, id_) for id_ in catalogue.models):
            hint = near(str(rule.model), catalogue.models, "`orwatch prices` lists them")
            out.append(f"The price alarm for {rule.model} cannot fire: the catalogue lists no such model; {hint}.")
    return out


def judge_view(
    market: Market,
    rules: AlertRules,
    query: Query,
    favourites: Collection[str] = (),
    course: Collection[str] = (),
    known: Mapping[str, KnownAlert] | None = None,
) -> tuple[Alert, ...]:
    """Every alert at a query's grain and through its lens, whatever its period, newest first."""
    return judge(market, RuleSet.of_view(rules, query, favourites), course, known=known)


def known_then(alerts: Sequence[Alert], snapshot: Snapshot) -> tuple[Alert, ...]:
    """Those that were known when the period on screen had ended.

    What is on course belongs to the present, as does what was known since the newest period ended.
    """
    if snapshot.query.at == "newest" or snapshot.state is State.RUNNING:
        return tuple(alerts)
    end = snapshot.period.ends_at
    return tuple(alert for alert in alerts if alert.state is not Standing.ON_COURSE and alert.fired_at <= end)


def alert_names(market: Market, alerts: Sequence[Alert]) -> dict[str, str]:
    """Names of the models that alerts speak of, by permaslug."""
    slugs = {str(value) for alert in alerts for value in alert.values.values() if isinstance(value, str)}
    return {slug: market.catalogue.name(slug) for slug in slugs if "/" in slug}


def subjects(market: Market, alert: Alert) -> tuple[Facts, ...]:
    """What filters can ask of what an alert is about: a model, a vendor, a country, or both sides of a head to head."""

    def facts(side: str) -> Facts:
        if "/" in side:
            return market.facts(side, free=is_free(side))
        country = side if len(side) == 2 and side.isupper() else market.attribution.country(side)
        return Facts("" if country == side else f"{side}/", "", country)

    return tuple(map(facts, alert.subject.split(":" if alert.subject_kind == "versus" else "\n")))


def newest_first(alert: Alert) -> tuple[bool, float, int, int, str]:
    """On course first; of one moment the graver before the others."""
    confirmed = alert.state is not Standing.ON_COURSE
    kind, severity = KINDS.index(alert.subject_kind), SEVERITIES.index(alert.severity)
    return (confirmed, -alert.dated.timestamp(), severity, kind, alert.id)
