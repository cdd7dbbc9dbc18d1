"""Alerts and judgements for tests: a head to head of CN and US by week, and a cache to keep them in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from orwatch.domain.alerts.alert import Alert, Severity, Standing, Value
from orwatch.domain.alerts.memory import Findings
from orwatch.domain.periods import Grain, Period
from orwatch.domain.records import Basis
from orwatch.store.cache import Cache
from orwatch.store.deliveries import Terms

ORIGIN = "https://openrouter.ai"
NOON = datetime(2026, 6, 8, 12, tzinfo=UTC)
"""By the machine's clock."""

LAST = Period(Grain.WEEK, date(2026, 6, 1))
"""The week that ends the day before."""


def weeks(until: Period, count: int) -> tuple[Period, ...]:
    """So many weeks, the last one `until`."""
    return tuple(Period(Grain.WEEK, until.start - timedelta(days=7 * n)) for n in reversed(range(count)))


def flip(
    period: Period = LAST,
    to: str = "CN",
    state: Standing = Standing.CONFIRMED,
    ratio: float = 1.5,
    severity: Severity = Severity.MAJOR,
) -> Alert:
    """A flip of the head to head."""
    values: dict[str, Value] = {
        "from": "US" if to == "CN" else "CN",
        "to": to,
        "from_tokens": 2_000_000_000_000,
        "to_tokens": round(ratio * 2_000_000_000_000),
        "ratio": ratio,
        "held": 2,
        "held_is_floor": False,
    }
    return Alert("lead-flip", severity, "versus", "CN:US", period, values, "", to, Basis.CHART, state)


def mark(period: Period = LAST, length: int = 4) -> Alert:
    """A streak of the head to head."""
    values: dict[str, Value] = {"leader": "CN", "length": length}
    return Alert(
        "streak",
        Severity.NOTABLE,
        "versus",
        "CN:US",
        period,
        values,
        str(length),
        "CN",
        Basis.CHART,
    )


def judged(
    cache: Cache, alerts: Iterable[Alert], complete: tuple[Period, ...] = weeks(LAST, 9), scope: str = "rules"
) -> Findings:
    """What rules found in the cache as it is now. complete: the complete weeks of the record."""
    return Findings(scope, cache.revision(), tuple(alerts), {Grain.WEEK: complete})


def with_news(cache: Cache, *alerts: Alert, at: datetime = NOON) -> tuple[str, ...]:
    """Makes alerts of the newest week news: the record was judged before it was complete."""
    cache.alerts.record(judged(cache, [], weeks(LAST.previous(), 8)), at)
    recorded = cache.alerts.record(judged(cache, alerts), at)
    assert recorded is not None
    return recorded.news


FILE = Terms("file", limit=1, tries=0, heeds=False)
WEBHOOK = Terms("webhook")
