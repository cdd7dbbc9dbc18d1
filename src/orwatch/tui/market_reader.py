"""What the screen reads of the market: one reader at a time, since the market is not made for several threads."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

from orwatch.core.details import Detail, group_detail, model_detail
from orwatch.core.evidence import Evidence, evidence
from orwatch.core.hosts import HostRow, host_rows
from orwatch.core.market import Market
from orwatch.core.races import Race, race
from orwatch.core.views import Query, Snapshot, snapshot
from orwatch.domain.alerts.records import Alert
from orwatch.domain.leads import Kind
from orwatch.domain.records import Grain, Period
from orwatch.domain.vendors import Attribution
from orwatch.errors import NoDataError

T = TypeVar("T")


class MarketReader:
    """Reads a market for the screen and for the threads that work for it. market: read by nobody else."""

    def __init__(self, market: Market) -> None:
        self.market = market
        self._lock = threading.Lock()
        self._attribution = market.attribution
        self._shown: int | None = None

    def read(self, what: Callable[[Market], T]) -> T:
        """What is read of the market, while nobody else reads it."""
        with self._lock:
            return what(self.market)

    def look(self, query: Query) -> Snapshot:
        """The figures of a query, from the cache as it is now. Raises NoDataError and CacheError."""
        with self._lock:
            try:
                self._refresh()
                found = snapshot(self.market, query)
            except NoDataError:
                self._shown = self.market.revision  # it has been read: there is nothing to show of it
                raise
            self._shown = self.market.revision
            return found

    def look_whole(self, query: Query) -> Snapshot:
        """The figures of a query, with what the panes draw first computed already: for a thread."""
        found = self.look(query)
        with self._lock:
            _ = found.alerts, found.names, found.history, found.prices[:20], found.gaps
        return found

    def moved(self) -> bool:
        """Whether the cache has changed since what is on screen was read, perhaps by another process. Raises CacheError."""
        return self._shown != self.market.revision or self.market.revision_moved()

    def to_judge(self) -> Market | None:
        """The market of now, in a state that stays, for the alert rules.

        None where the user has assigned a country: alerts are judged by the countries of the start, since others would find
        other flips in the past, which are no news.
        """
        with self._lock:
            if self.market.attribution is not self._attribution:
                return None
            self._refresh()
            return self.market.as_it_is()

    def _refresh(self) -> None:
        """Takes up what the cache holds now, with the catalogue: a pane shows its prices."""
        if self.market.refresh():
            _ = self.market.catalogue

    def attribute(self, attribution: Attribution) -> None:
        """Takes other countries of vendors."""
        with self._lock:
            self.market.attribute(attribution)

    def neighbour(self, period: Period, by: int) -> Period | None:
        """The next period of the record after one (by > 0) or before it; a gap is stepped over."""
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
        """Tokens of a subject's contestants over time, up to a query's period. Raises NoDataError."""
        with self._lock:
            return race(self.market, query, kind)

    def evidence(self, query: Query, alert: Alert) -> Evidence | None:
        """What an alert rests on, in the view of a query."""
        with self._lock:
            return evidence(self.market, query, alert)

    def detail(self, shown: Snapshot, kind: Kind, key: str) -> Detail | None:
        """The detail of a model, vendor or country, as of the period on screen."""
        with self._lock:
            if kind is Kind.MODEL:
                return model_detail(self.market, shown, key)
            return group_detail(self.market, shown, kind, key)

    def hosts(self, model_id: str) -> tuple[HostRow, ...]:
        """The hosts of a model that the cache knows."""
        with self._lock:
            return host_rows(self.market, model_id)
