"""What the screens ask of the market."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import TYPE_CHECKING

from orwatch.core.judge import alert_names, judge_view, known_then
from orwatch.core.market import Market
from orwatch.core.source import Source
from orwatch.core.views.detail import group_detail, model_detail
from orwatch.core.views.overview import PERIODS_SHOWN, snapshot
from orwatch.core.views.prices import price_list
from orwatch.core.views.series import series
from orwatch.core.views.versus import duels
from orwatch.domain.alerts.records import Alert
from orwatch.domain.leads import Kind
from orwatch.domain.query import Query
from orwatch.domain.records import Grain, Period
from orwatch.domain.views.detail import Detail
from orwatch.domain.views.series import Series
from orwatch.errors import CacheError, NoDataError, OrwatchError
from orwatch.tui.program import Program
from orwatch.tui.view_state import Look

if TYPE_CHECKING:
    from orwatch.core.evidence import Evidence
    from orwatch.domain.views.hosts import HostRow
    from orwatch.tui.screens.dashboard import DashboardScreen


class Reader(Program):
    """An app on a source, and its market."""

    source: Source
    offline: bool
    dashboard: DashboardScreen
    assigned: dict[str, str]
    _market: Market | None
    _shown: Market | None
    _judged: tuple[tuple[object, ...], tuple[Alert, ...]] | None
    _hosts_problem: str
    _noted: tuple[datetime | None, datetime | None] | None

    @property
    def market(self) -> Market:
        """The market as it was last read. Raises CacheError."""
        if self._market is None:
            self._market = self.source.market()
        return self._market

    @market.setter
    def market(self, market: Market) -> None:
        self._market = market

    def look(self, query: Query) -> Look:
        """What the cache as it is has for a query. Raises NoDataError."""
        market = self.market.renewed()
        try:
            found = snapshot(market, query)
            ranked = [row.figures.permaslug for row in found.models]
            prices = price_list(market, query, ranked, found.prices_until)
            duelled = duels(market, query, found.period, PERIODS_SHOWN)
            asked, judged = self._judged or (None, ())
            if asked == _view(market, query):
                return Look(found, prices, duelled, known_then(judged, found), alert_names(market, judged))
            remembered = [one.alert for one in self.dashboard.view.known.values()]
            return Look(found, prices, duelled, None, alert_names(market, remembered))
        finally:
            self.market = self._shown = market

    def judge(self, query: Query) -> None:
        """Judges the alerts of a view, where the last ones are of another. For a thread. Raises CacheError."""
        market, source = self.market, self.source
        asked = _view(market, query)
        if self._judged is None or self._judged[0] != asked:
            course, favourites = source.cache.alerts.on_course(), source.settings.view.favourites
            self._judged = asked, judge_view(market, source.settings.alerts, query, favourites, course)

    def judge_later(self) -> None:
        """Judges the alerts of the view on screen in a thread, and shows them."""
        self.run_worker(self._judge_view(), group="view", exclusive=True, exit_on_error=False)

    async def _judge_view(self) -> None:
        asked = self.dashboard.asked
        try:
            await asyncio.to_thread(self.judge, asked)
            found = self.look(asked)
        except OrwatchError as error:
            self.dashboard.note(problem=str(error))
        except Exception as error:
            self.dashboard.note(problem=self._mishap(error))
        else:
            if found.alerts is not None and asked == self.dashboard.asked:
                self.dashboard.take(found)

    def moved(self) -> bool:
        """Whether the cache has changed since what is on screen was read, perhaps by another process."""
        return self._shown is not self.market or self.market.outdated()

    def market_to_judge(self) -> Market | None:
        """The market up to now. None where the user has assigned a country: alerts are judged by the countries of the start,
        for others would find other flips in the past, which are no news.
        """
        if self.assigned:
            return None
        self.market = self.market.renewed()
        return self.market

    def neighbour(self, period: Period, by: int) -> Period | None:
        """The next period of the record before or after one."""
        known = list(self.market.record(period.grain).listings)
        later = [p for p in known if p > period] if by > 0 else [p for p in reversed(known) if p < period]
        return later[0] if later else None

    def first_period(self, grain: Grain) -> Period | None:
        """The first period of the record."""
        try:
            return self.market.record(grain).first
        except NoDataError:
            return None

    def series(self, query: Query, kind: Kind, count: int) -> Series:
        """The series of a subject up to a query's period. count: the most periods. Raises NoDataError."""
        return series(self.market, query, kind, count)

    def evidence(self, alert: Alert) -> Evidence | None:
        """What an alert rests on."""
        from orwatch.core.evidence import evidence  # only when one is read

        return evidence(self.market, self.dashboard.asked, alert)

    def detail(self, kind: Kind, key: str) -> Detail | None:
        """The detail of a row, as of the period on screen."""
        view = self.dashboard.view
        if view.snapshot is None:
            return None
        if kind is Kind.MODEL:
            return model_detail(self.market, view.snapshot, view.alerts or (), key)
        return group_detail(self.market, view.snapshot, view.alerts or (), kind, key)

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
            last = self._noted[0] if self._noted is not None else self.source.coordination.last_success
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
            seen = self.source.cache.catalogue.seen_at()
            now = self.source.coordination.server_now
        except CacheError:
            return None
        return None if seen is None or self.source.demo_clock is not None else max(0.0, (now - seen).total_seconds())

    def _whole(self, query: Query) -> Look:
        """A look with its alerts judged. For a thread."""
        self.market = self.market.renewed()
        self.judge(query)
        return self.look(query)


def _view(market: Market, query: Query) -> tuple[object, ...]:
    """What the alerts of a view depend on, whatever its period."""
    return market, query.grain, query.lens, query.versus
