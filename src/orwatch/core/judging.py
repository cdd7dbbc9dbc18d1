"""The alert rules applied to a cache: every alert that the record as it stands supports."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from orwatch.core.market import Market
from orwatch.core.rulings import Judging
from orwatch.domain.alerts.choice import speaks_of
from orwatch.domain.alerts.records import Alert, Severity, Standing
from orwatch.domain.alerts.rules import AlertRules
from orwatch.domain.query import Query
from orwatch.domain.rankings import Lens
from orwatch.domain.records import Grain, State
from orwatch.domain.views.overview import Snapshot

if TYPE_CHECKING:
    from orwatch.domain.alerts.freshness import Freshness

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
    country = market.attribution.country
    work = Judging(market, rules, lens, grain, versus)
    found = [a for a in work.alerts(course) if speaks_of(rules.named(a.rule), a, favourites, country)]
    known = sorted(found, key=_newest_first)
    stale: list[Alert] = []
    if freshness is not None and rules.stale.on:
        from orwatch.domain.alerts.freshness import stale_alerts

        stale = stale_alerts(freshness, rules.stale)
    return tuple(
        alert
        for alert in (*stale, *known)
        if (since is None or alert.period.start >= since) and (until is None or alert.period.start <= until)
    )


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
    """On course first; of one moment the graver before the others, and the head to head before what decides it."""
    confirmed = alert.state is not Standing.ON_COURSE
    kind, severity = _KINDS.index(alert.subject_kind), _SEVERITIES.index(alert.severity)
    return (confirmed, -alert.dated.timestamp(), severity, kind, alert.id)
