"""The memory of alerts kept up to the cache: what the rules find is recorded once, by whichever process sees it first."""

from __future__ import annotations

import threading
import zlib
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from typing import Protocol

from msgspec import Struct

from orwatch import __version__
from orwatch.config import Settings
from orwatch.core.judge import alert_names, judge
from orwatch.core.market import Market
from orwatch.core.source import Source
from orwatch.domain.alerts.memory import Judgement, KnownAlert
from orwatch.domain.alerts.records import Alert
from orwatch.domain.alerts.rule import Freshness, PeriodRule
from orwatch.domain.periods import Grain
from orwatch.domain.rankings import Lens
from orwatch.errors import NoDataError
from orwatch.present.formats import plural
from orwatch.store.alerts import EVERYTHING, Recorded

__all__ = ["EVERYTHING", "Alerting", "Judge", "Recorded", "judge_of"]

POLLED = timedelta(minutes=30)
"""A poll tried within this time (or two intervals) means that somebody polls: failures are tried again within ten minutes."""

ATTEMPTS = 3
"""How often a judgement is made again where the cache changed meanwhile; after that the next look does it."""


class Find(Protocol):
    """Everything that a record supports, confirmed and on course.

    course: ids that were on course when it was judged last. freshness: None where nobody polls, so that nothing can be stale.
    """

    def __call__(self, market: Market, course: Collection[str], freshness: Freshness | None) -> tuple[Alert, ...]: ...


class Judge(Struct, frozen=True):
    """The rules as the settings have them.

    scope: another one wherever they could find something else in the same record. grains: that they judge. find: what they
    find. words: what is watched, for people.
    """

    scope: str
    grains: tuple[Grain, ...]
    find: Find
    words: str = ""


def judge_of(settings: Settings) -> Judge:
    """The judge of the settings."""
    rules, grain = settings.alerts, settings.view.period
    lens = Lens(settings.view.basis, settings.view.free, settings.view.merge_variants)

    def find(market: Market, course: Collection[str], freshness: Freshness | None) -> tuple[Alert, ...]:
        return judge(
            market,
            rules,
            versus=settings.view.versus,
            favourites=settings.view.favourites,
            lens=lens,
            grain=grain,
            course=course,
            freshness=freshness,
        )

    on = [rule for _, rule in rules.items() if rule.on]
    grains = {rule.grain or grain for rule in on if isinstance(rule, PeriodRule)} | {Grain.DAY}
    words = f"{plural(len(on), 'rule')} · basis {lens.basis}"
    scope = _scope(rules, lens, grain, settings.view.versus, settings.view.favourites, sorted(settings.vendors.items()))
    return Judge(scope, tuple(one for one in Grain if one in grains), find, words)


def _scope(*parts: object) -> str:
    """A short name of what a judge depends on; another version of orwatch may have other rules and countries."""
    text = repr((__version__, *parts)).encode()
    # Checksums tell a handful of scopes apart as well as a digest would, whose library takes a megabyte.
    return f"{zlib.crc32(text):08x}{zlib.adler32(text):08x}"


class Alerting:
    """The alerts of a source: judged, remembered, acknowledged, snoozed. Threads may share one; their looks take turns.

    shared: a market read up to now that somebody else has already, None where there is none to be had just then.
    waiting: whether the last look left something to judge, as a poll was under way or the cache kept changing: to be called again
    soon, for the end of that poll changes nothing that is looked at.
    """

    def __init__(
        self, source: Source, judge: Judge | None = None, shared: Callable[[], Market | None] = lambda: None
    ) -> None:
        self.source = source
        self.ledger = source.cache.alerts
        self._judge = judge or judge_of(source.settings)
        self._shared = shared
        self._own: Market | None = None
        self._judged: tuple[int, Freshness | None] | None = None
        self.waiting = False
        self._lock = threading.Lock()

    def look(self) -> Recorded:
        """Judge the cache if it has changed since, and record what is new: nothing is recorded twice.

        Blocks for as long as the rules take: for a thread. While a poll is under way it does nothing, for half a record would
        make the other half history. Raises CacheError.
        """
        with self._lock:
            cache = self.source.cache
            for _ in range(ATTEMPTS):
                seen = (cache.revision(), self._freshness())
                self.waiting = seen != self._judged
                if not self.waiting or cache.leases.held("poll", self.source.machine()):
                    return Recorded()
                found = self._judgement(*seen)
                recorded = None if found is None else self.ledger.record(found, self.source.machine())
                if found is None or recorded is not None:
                    self._judged, self.waiting = seen, False
                    return recorded or Recorded()
            return Recorded()

    @property
    def judged(self) -> bool:
        """Whether it has judged any state of the cache."""
        return self._judged is not None

    def _judgement(self, revision: int, freshness: Freshness | None) -> Judgement | None:
        """What the rules find; None in an empty cache."""
        market = self._market()
        try:
            alerts = self._judge.find(market, self.ledger.on_course(), freshness)
            complete = {grain: market.complete_periods(grain) for grain in self._judge.grains}
        except NoDataError:
            return None
        return Judgement(self._judge.scope, revision, alerts, complete, self.source.cache.catalogue.seen_at())

    def _market(self) -> Market:
        """The market as the cache is now: the shared one, or else one of its own."""
        market = self._shared()
        if market is None:
            if self._own is None:
                self._own = self.source.market()
            market = self._own = self._own.renewed()
        return market

    def _freshness(self) -> Freshness | None:
        """How fresh the data are, by the hour, while somebody polls: a cache that nobody has asked for is not stale."""
        source = self.source
        now, tried = source.machine(), source.coordination.last_try
        if (
            source.demo_clock is not None
            or tried is None
            or abs(now - tried) > max(POLLED, 2 * timedelta(seconds=source.interval))
        ):
            return None
        return Freshness(
            now=_hour(now),
            last_success=source.coordination.last_success,
            server_now=_hour(source.coordination.server_now),
            as_of=source.cache.rankings.newest_as_of(),
        )

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
            return alert_names(self._market(), alerts)


def _hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)


def subject_of(alert: Alert) -> str:
    """An alert's subject as a snooze names it."""
    return f"{alert.subject_kind}:{alert.subject}"
