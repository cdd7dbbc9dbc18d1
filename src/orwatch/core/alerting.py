"""The alerts of a source: judged, remembered, acknowledged, snoozed and delivered. Every front end holds one of these."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Collection, Mapping
from datetime import datetime, timedelta

from msgspec.structs import replace

from orwatch.api.origin import check_base_url, origin_of
from orwatch.config import Settings, key_for
from orwatch.core.judge import RuleSet, alert_names, app_weeks, idle_alarms, judge, newest_first
from orwatch.core.market import Market
from orwatch.core.outbox import Sink, Undelivered, deliver, open_sinks, sink, starting_now
from orwatch.core.source import Source
from orwatch.domain.alerts.alert import Alert, Standing
from orwatch.domain.alerts.memory import APPS, Findings, KnownAlert, is_of_the_record
from orwatch.domain.alerts.rule import Freshness
from orwatch.domain.alerts.totals import Stale
from orwatch.domain.periods import Period
from orwatch.errors import CacheError, NoDataError, UsageError
from orwatch.notify.channel import Send, Write
from orwatch.store.alerts import Recorded

POLLED = timedelta(minutes=30)
"""A poll tried within this time (or two intervals) means that somebody polls: failures are tried again within ten minutes."""

ATTEMPTS = 3
"""How often a judgement is made again where the cache changed meanwhile; after that the next look does it."""


class AlertService:
    """The alerts of a source. What judges and reads is called by one thread alone.

    market: gives a market of the cache as it is now that is read already, or None where there is none. rules: those of the
    settings. sinks: the channels. serving: whether `serve` was called; a demo's clock then waits for what is judged. waiting:
    whether the last `look` left something to judge, because a poll was under way or the cache kept changing; then it is to be
    called again soon. by_id: every alert as `remembered` read it last, by id.
    """

    def __init__(self, source: Source, market: Callable[[], Market | None] = lambda: None) -> None:
        self.source = source
        self.memory = source.cache.alerts
        self.rules = RuleSet.of(source.settings)
        self.sinks: tuple[Sink, ...] = ()
        self.serving = False
        self.waiting = False
        self._shared = market
        self._own: Market | None = None
        self._looked: tuple[int, Freshness | None] | None = None
        self._remembered: int | None = None
        self.by_id: Mapping[str, KnownAlert] = {}
        self._idle: set[str] = set()

    def serve(self, env: Mapping[str, str], write: Write | None, toast: Send | None = None) -> str | None:
        """Opens the channels of the settings, which take what fires from now on; a sentence where one cannot be served.

        To be called before anything is judged. env: the environment, which names the terminal. write: writes to it, None without
        one. toast: shows a message on the screen. Raises CacheError, and UsageError where there is no toast to fall back on.
        """
        notify, problem = self.source.settings.notify, None
        sinks = [] if toast is None else [sink(notify, "toast", toast)]
        try:
            sinks += open_sinks(notify, env, write, demo=self.source.demo_clock is not None)
        except UsageError as error:
            if toast is None:
                raise
            problem = f"{error} Only toasts are shown."
        self.sinks = starting_now(self.source, sinks)
        self.serving = True
        return problem

    def watch(self, favourites: tuple[str, ...]) -> None:
        """Takes other favourites, from the next judgement on."""
        self.rules = replace(self.rules, favourites=favourites)

    async def failures(self) -> AsyncIterator[Undelivered]:
        """Delivers for ever; yields what did not arrive."""
        async for event in deliver(self.source, self.sinks):
            if isinstance(event, Undelivered):
                yield event

    def look(self) -> Recorded:
        """Judge the cache if it has changed since, and record what is new: nothing is recorded twice.

        Blocking: to be called in a thread. While a poll is under way it does nothing: news of half a record would make history of
        the other half. Raises CacheError.
        """
        cache = self.source.cache
        for _ in range(ATTEMPTS):
            seen = (cache.revision(), self._freshness())
            self.waiting = seen != self._looked
            if not self.waiting or cache.leases.held("poll", self.source.machine()):
                return Recorded()
            as_of = cache.rankings.newest_as_of()
            findings = None if self._is_known(*seen) else self._findings(*seen)
            recorded = None if findings is None else self.memory.record(findings, self.source.machine())
            if findings is None or recorded is not None:
                self._looked, self.waiting = seen, False
                if self.serving and as_of is not None and self.source.demo_clock is not None:
                    self.source.demo_clock.judged(as_of)
                return recorded or Recorded()
        return Recorded()

    def _is_known(self, revision: int, freshness: Freshness | None) -> bool:
        """Whether these rules have judged this revision, in whatever process, and are remembered to have told how stale it is."""
        if self.memory.found(self.rules.scope, revision) is None:
            return False
        stale = [rule for _, rule in self.rules.rules.items() if isinstance(rule, Stale) and rule.active]
        return all(alert.id in self.by_id for rule in stale for alert in rule.judged(freshness))

    def found(self, market: Market, rules: RuleSet) -> tuple[Alert, ...] | None:
        """What these rules find of a market of the user's own countries, newest first, as it is remembered.

        None where others have judged that revision, or none yet. Raises CacheError.
        """
        count = self.memory.found(self.rules.scope, market.revision)
        if count is None or rules != replace(self.rules, vendors=rules.vendors, brief=rules.brief):
            return None
        found = [
            one.alert
            for one in self.by_id.values()
            if one.scope == self.rules.scope
            and one.alert.state is not Standing.RETRACTED
            and is_of_the_record(one.alert)
        ]
        return tuple(sorted(found, key=newest_first)) if len(found) == count else None

    def _findings(self, revision: int, freshness: Freshness | None) -> Findings | None:
        """What the rules find; None in an empty cache."""
        market, rules = self._market(), self.rules
        try:
            alerts = judge(market, rules, self.memory.on_course(), freshness, self.by_id)
            fetched: dict[str, tuple[Period, ...]] = {grain: market.fetched_periods(grain) for grain in rules.grains}
            apps = app_weeks(market)
            if apps is not None:
                fetched[APPS] = apps.record.complete_periods
        except NoDataError:
            return None
        return Findings(rules.scope, revision, alerts, fetched, self.source.cache.catalogue.seen_at())

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
        source, tried = self.source, self.source.coordination.last_try
        lately = max(POLLED, 2 * timedelta(seconds=source.interval))
        if source.demo_clock is not None or tried is None or abs(source.machine() - tried) > lately:
            return None
        fresh = source.freshness
        return replace(fresh, now=_hour(fresh.now), server_now=_hour(fresh.server_now))

    def known(self, *, after: int | None = None) -> dict[str, KnownAlert]:
        """Every alert by id, in order of the time it fired, newest first. after: only news of a higher number, oldest first."""
        return self.memory.known(self.source.machine(), after=after)

    def remembered(self) -> Mapping[str, KnownAlert]:
        """Every alert by id: the same map where nothing has changed since the last call. Raises CacheError."""
        revision = self.memory.revision()
        if revision != self._remembered:
            old = self.by_id  # what others hold of it already is not held twice
            self.by_id = {id_: old[id_] if old.get(id_) == one else one for id_, one in self.known().items()}
            self._remembered = revision
        return self.by_id

    def moved(self) -> bool:
        """Whether the alerts have changed since `remembered` was called. A cache that fails is reported by the poller, not here."""
        try:
            return self._remembered is not None and self.memory.revision() != self._remembered
        except CacheError:
            return False

    def acknowledge(self, *ids: str) -> int:
        """Acknowledge alerts, without ids all news; how many were not yet."""
        return self.memory.acknowledge(ids or None, self.source.machine())

    def unacknowledge(self, *ids: str) -> int:
        """Make alerts unread again; how many were read."""
        return self.memory.acknowledge(ids, None)

    def snooze(self, subject: str, until: datetime | None) -> None:
        """Hold deliveries about a subject until a time, by the machine's clock; None: no longer.

        subject: `kind:id` as in `versus:CN:US` (see `subject_of`), `rule:streak`, or EVERYTHING. What is held is sent when the
        snooze is over, unless it was acknowledged, or is older than three days then.
        """
        self.memory.snooze(subject, until, self.source.machine())

    def idle(self) -> list[str]:
        """What keeps price alarms from firing as they are set: a sentence for each, and each once. Raises CacheError."""
        found = [said for said in idle_alarms(self._market(), self.rules.rules) if said not in self._idle]
        self._idle.update(found)
        return found

    def names(self, *alerts: Alert) -> Mapping[str, str]:
        """Names of the models that alerts speak of, by permaslug."""
        return alert_names(self._market(), alerts)


def check_settings(names: Collection[str], env: Mapping[str, str], settings: Settings) -> None:
    """Raises UsageError for settings with which the dashboard and `watch` would not begin. names: of those to be written."""
    if any(name.startswith("notify.") for name in names):
        open_sinks(settings.notify, env, None)
    if "source.base_url" in names:
        base_url = settings.source.base_url
        key = key_for(origin_of(check_base_url(base_url, None)), env)
        check_base_url(base_url, key[0] if key else None)


def _hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)


def subject_of(alert: Alert) -> str:
    """An alert's subject as a snooze names it."""
    return f"{alert.subject_kind}:{alert.subject}"
