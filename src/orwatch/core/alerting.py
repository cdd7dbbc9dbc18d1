"""The memory of alerts kept up to the cache: what the rules find is recorded once, by whichever process sees it first."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from orwatch import __version__
from orwatch.config import Settings
from orwatch.core.market import Market
from orwatch.core.source import Source
from orwatch.core.views import Query, alert_names, alerts_until
from orwatch.domain.alerts.memory import Judgement, KnownAlert
from orwatch.domain.alerts.records import Alert
from orwatch.domain.rankings import Lens
from orwatch.domain.records import Grain
from orwatch.errors import NoDataError
from orwatch.present import formats
from orwatch.present.sentences import message
from orwatch.store.ledger import EVERYTHING, Recorded

__all__ = ["EVERYTHING", "RULES", "Alerting", "Judge", "Recorded", "facts_of", "judge_of"]

RULES = ("lead-flip", "streak")
"""The rules by name."""

ATTEMPTS = 3
"""How often a judgement is made again where the cache changed meanwhile; after that the next look does it."""


@dataclass(frozen=True)
class Judge:
    """The rules as the settings have them.

    scope: another one wherever they could find something else in the same record. grains: that they judge. find: everything
    that a record supports, confirmed and on course. words: what is watched, for people.
    """

    scope: str
    grains: tuple[Grain, ...]
    find: Callable[[Market], tuple[Alert, ...]]
    words: str = ""


def judge_of(settings: Settings) -> Judge:
    """The judge of the settings: the leads of their grain, on their basis."""
    query = Query(
        settings.period, "newest", Lens(settings.basis, settings.free, settings.merge_variants), settings.versus
    )

    def find(market: Market) -> tuple[Alert, ...]:
        return alerts_until(market, query, market.resolve(query.grain, "newest"))

    words = f"{', '.join(RULES)} · {query.grain} · basis {query.lens.basis}"
    return Judge(_scope(query, sorted(settings.vendors.items())), (query.grain,), find, words)


def _scope(*parts: object) -> str:
    """A short name of what a judge depends on; another version of orwatch may have other rules and countries."""
    return hashlib.sha256(repr((__version__, *parts)).encode()).hexdigest()[:16]


class Alerting:
    """The alerts of a source: judged, remembered, acknowledged, snoozed. Threads may share one; their looks take turns."""

    def __init__(self, source: Source, judge: Judge | None = None) -> None:
        self.source = source
        self.ledger = source.cache.ledger
        self._judge = judge or judge_of(source.settings)
        self._market = source.market()
        self._judged: int | None = None
        self._lock = threading.Lock()

    def look(self) -> Recorded:
        """Judge the cache if it has changed since, and record what is new: nothing is recorded twice.

        Blocks for as long as the rules take: for a thread. While a poll is under way it does nothing, for half a record would
        make the other half history. Raises CacheError.
        """
        with self._lock:
            cache = self.source.cache
            for _ in range(ATTEMPTS):
                revision = cache.revision()
                if revision == self._judged or cache.lease_held("poll", self.source.machine()):
                    return Recorded()
                found = self._judgement(revision)
                recorded = None if found is None else self.ledger.record(found, self.source.machine())
                if found is None or recorded is not None:
                    self._judged = revision
                    return recorded or Recorded()
            return Recorded()

    def _judgement(self, revision: int) -> Judgement | None:
        """What the rules find; None in an empty cache."""
        market = self._market
        market.refresh()
        try:
            alerts = self._judge.find(market)
            complete = {grain: market.record(grain).complete_periods for grain in self._judge.grains}
        except NoDataError:
            return None
        return Judgement(self._judge.scope, revision, alerts, complete, self.source.cache.models_seen_at())

    def known(self, *, after: int | None = None) -> tuple[KnownAlert, ...]:
        """Every alert, by the time it fired, newest first. after: only news of a higher number, oldest first."""
        return self.ledger.known(self.source.machine(), after=after)

    def acknowledge(self, *ids: str) -> int:
        """Acknowledge alerts, without ids all news; how many were not yet."""
        return self.ledger.acknowledge(ids or None, self.source.machine())

    def snooze(self, subject: str, until: datetime | None) -> None:
        """Hold deliveries about a subject until a time, by the machine's clock; None: no longer.

        subject: `kind:id` as in `versus:CN:US`, `rule:streak`, or EVERYTHING. What is held is sent when the snooze is over, unless
        it was acknowledged, or is older than three days then.
        """
        self.ledger.snooze(subject, until, self.source.machine())

    def names(self, *alerts: Alert) -> Mapping[str, str]:
        """Names of the models that alerts speak of, by permaslug."""
        with self._lock:
            self._market.refresh()
            return alert_names(self._market, alerts)


def subject_of(alert: Alert) -> str:
    """An alert's subject as a snooze names it."""
    return f"{alert.subject_kind}:{alert.subject}"


def facts_of(alert: Alert, names: Mapping[str, str]) -> dict[str, Any]:
    """An alert as programs read it; nothing in it is markup."""
    period = alert.period
    return {
        "id": alert.id,
        "rule": alert.rule,
        "severity": alert.severity.value,
        "subject": {"kind": alert.subject_kind, "id": alert.subject},
        "basis": alert.basis.value,
        "period": {"grain": period.grain.value, "start": period.start.isoformat(), "end": period.end.isoformat()},
        "state": alert.state.value,
        "fired_at": formats.moment(alert.fired_at),
        "message": message(alert, names),
        "values": dict(alert.values),
    }
