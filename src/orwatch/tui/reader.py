"""What the screens ask of the market: one at a time, since a thread may be reading it too."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from orwatch.core.market import Market
from orwatch.core.source import Source
from orwatch.core.views import Query, Snapshot, snapshot
from orwatch.domain.alerts.records import Alert
from orwatch.domain.leads import Kind
from orwatch.domain.records import Grain, Period
from orwatch.domain.vendors import Attribution
from orwatch.errors import CacheError, NoDataError, OrwatchError
from orwatch.tui.program import Program

if TYPE_CHECKING:
    from orwatch.core.details import Detail
    from orwatch.core.evidence import Evidence
    from orwatch.core.hosts import HostRow
    from orwatch.core.races import Race
    from orwatch.tui.screens.dashboard import DashboardScreen

T = TypeVar("T")


class Reader(Program):
    """An app on a source, and its market."""

    source: Source
    market: Market
    offline: bool
    dashboard: DashboardScreen
    _lock: threading.Lock
    _attribution: Attribution
    _shown: int | None
    _hosts_problem: str
    _noted: tuple[datetime | None, datetime | None] | None

    def look(self, query: Query) -> Snapshot:
        """A snapshot of the cache as it is. Raises NoDataError."""
        with self._lock:
            try:
                self._refresh()
                found = snapshot(self.market, query)
            except NoDataError:
                self._shown = self.market.revision  # it has been read: there is nothing to show of it
                raise
            self._shown = self.market.revision
            return found

    def moved(self) -> bool:
        """Whether the cache has changed since what is on screen was read, perhaps by another process."""
        return self._shown != self.market.revision or self.market.revision_moved()

    def market_to_judge(self) -> Market | None:
        """The market up to now, in a state that stays. None where the user has assigned a country: alerts are judged by the
        countries of the start, for others would find other flips in the past, which are no news.
        """
        with self._lock:
            if self.market.attribution is not self._attribution:
                return None
            self._refresh()
            return self.market.as_it_is()

    def _refresh(self) -> None:
        """The market up to now, with the catalogue: a pane shows its prices, and those who have the market as it is share it."""
        if self.market.refresh():
            _ = self.market.catalogue

    def with_market(self, read: Callable[[Market], T]) -> T:
        """What is read of the market, while nobody else reads it."""
        with self._lock:
            return read(self.market)

    def neighbour(self, period: Period, by: int) -> Period | None:
        """The next period of the record before or after one."""
        with self._lock:
            known = list(self.market.record(period.grain).listings)
        later = [p for p in known if p > period] if by > 0 else [p for p in reversed(known) if p < period]
        return later[0] if later else None

    def first_period(self, grain: Grain) -> Period | None:
        """The first period of the record."""
        try:
            with self._lock:
                return self.market.record(grain).first
        except NoDataError:
            return None

    def race(self, query: Query, kind: Kind) -> Race:
        """The race of a subject up to a query's period."""
        from orwatch.core.races import race  # with the view it is for

        with self._lock:
            return race(self.market, query, kind)

    def evidence(self, alert: Alert) -> Evidence | None:
        """What an alert rests on."""
        from orwatch.core.evidence import evidence  # only when one is read

        with self._lock:
            return evidence(self.market, self.dashboard.asked, alert)

    def detail(self, kind: Kind, key: str) -> Detail | None:
        """The detail of a row, as of the period on screen."""
        from orwatch.core.details import group_detail, model_detail

        found = self.dashboard.view.snapshot
        if found is None:
            return None
        with self._lock:
            return (
                model_detail(self.market, found, key)
                if kind is Kind.MODEL
                else group_detail(self.market, found, kind, key)
            )

    def hosts(self, detail: Detail, *, ask: bool = True) -> tuple[tuple[HostRow, ...], str]:
        """The hosts of a model in the cache, and a sentence where there are none; they are asked for if they are old."""
        if detail.listed_as is None:
            return (), "Not listed: no host is known"
        from orwatch.core.hosts import host_rows

        rows = host_rows(self.market, detail.listed_as)
        if ask and not self.offline:
            self.run_worker(self._ask_hosts(detail.listed_as), group="hosts", exclusive=True, exit_on_error=False)
            return rows, "Asking for the hosts"
        return rows, self._hosts_problem or "No host is known" + (" while offline" if self.offline else "")

    async def _ask_hosts(self, model_id: str) -> None:
        from orwatch.core.hosts import refresh_hosts

        self._hosts_problem = ""
        try:
            await refresh_hosts(self.source, model_id)
        except OrwatchError as error:
            self._hosts_problem = str(error)
        except Exception as error:
            self._hosts_problem = self._mishap(error)
        self.dashboard.show_hosts()

    def age(self) -> float | None:
        """Seconds since the last successful poll, by the machine's clock; None in the demo, or where the cache cannot tell."""
        try:
            last = self._noted[0] if self._noted is not None else self.source.last_success
        except CacheError:
            return None
        return (
            None
            if last is None or self.source.demo_clock is not None
            else max(0.0, (self.source.machine() - last).total_seconds())
        )

    def price_age(self) -> float | None:
        """Seconds since the catalogue was seen, by the server's clock; None in the demo, whose clock runs fast."""
        try:
            seen = self.source.cache.models_seen_at()
            now = self.source.server_now
        except CacheError:
            return None
        return None if seen is None or self.source.demo_clock is not None else max(0.0, (now - seen).total_seconds())

    def _whole(self, query: Query) -> Snapshot:
        """A snapshot of which what the panes draw first is computed already: for a thread."""
        found = self.look(query)
        with self._lock:
            _ = found.alerts, found.names, found.history, found.prices[:20], found.gaps
        return found
