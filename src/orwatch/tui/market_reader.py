"""What the screen reads of the market."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec.structs import replace

from orwatch.core.judge import RuleSet, alert_names, judge, known_then
from orwatch.core.market import Market
from orwatch.core.source import Source
from orwatch.core.views.overview import now, skewed, snapshot
from orwatch.core.views.prices import price_list
from orwatch.domain.alerts.alert import Alert
from orwatch.domain.alerts.memory import KnownAlert
from orwatch.domain.now import Now
from orwatch.domain.overview import Snapshot
from orwatch.domain.periods import Grain, Period
from orwatch.domain.prices import PriceList
from orwatch.domain.query import Query
from orwatch.domain.spend import Skew
from orwatch.domain.vendors import Attribution
from orwatch.errors import NoDataError
from orwatch.tui.view_state import Look


class MarketReader:
    """Reads the market of a source, for the screen and for the threads that work for it.

    known: what is remembered of alerts, by id; their models are named before a view is judged. found: gives what rules found of a
    market, where that is remembered. favourites: what is pinned.
    """

    def __init__(self, source: Source) -> None:
        self.known: Mapping[str, KnownAlert] = {}
        self.found: Callable[[Market, RuleSet], tuple[Alert, ...] | None] = lambda *_: None
        self.favourites = source.settings.view.favourites
        self._source = source
        self._market: Market | None = None
        self._shown: tuple[object, ...] = ()
        self._assigned = False
        self._figures: tuple[Market, Query, Snapshot, Now, PriceList, Skew | None] | None = None
        self._judged: tuple[tuple[object, ...], tuple[Alert, ...], Mapping[str, str]] | None = None

    @property
    def market(self) -> Market:
        """The market as it was last read. Raises CacheError."""
        if self._market is None:
            self._market = self._source.market()
        return self._market

    @market.setter
    def market(self, market: Market) -> None:
        self._market = market

    def look(self, query: Query) -> Look:
        """What the cache as it is now has for a query. Raises NoDataError and CacheError."""
        market = self._renewed()
        try:
            found, running, prices, skew = self._figures_of(market, query)
            before = self._judged
            if before is not None and before[0] == self._judged_by(market, query):
                _, judged, names = before
                return Look(found, running, prices, known_then(judged, found), names, skew)
            names = alert_names(market, [one.alert for one in self.known.values()])
            return Look(found, running, prices, None, names, skew)
        finally:
            self._shown = self._read_of(market)

    def _renewed(self) -> Market:
        """The market of now. What was read of the one before makes room for it: what is on screen of that stays there."""
        market = self.market.renewed()
        if market is not self.market:
            self._figures = self._judged = None
            self.market = market
        return market

    def _figures_of(self, market: Market, query: Query) -> tuple[Snapshot, Now, PriceList, Skew | None]:
        """The figures of a query; what is looked at again, because its alerts have been judged, stays as it is."""
        figures = self._figures  # another thread may take up a newer market meanwhile
        if figures is None or figures[0] is not market or figures[1] != query:
            found = snapshot(market, query)
            running, prices = now(market, query), price_list(market, query)
            figures = self._figures = market, query, found, running, prices, skewed(market, found)
        return figures[2:]

    def look_whole(self, query: Query) -> Look:
        """A look with its alerts judged: for a thread. Raises NoDataError and CacheError."""
        self._renewed()
        self.judge(query)
        return self.look(query)

    def judge(self, query: Query) -> None:
        """Judges the alerts of a view, where the last ones are of another: for a thread. Raises CacheError."""
        market, settings = self.market, self._source.settings
        asked = self._judged_by(market, query)
        before = self._judged
        if before is None or before[0] != asked:
            rules = RuleSet.of_view(settings.alerts, query, self.favourites)
            judged = None if self._assigned else self.found(market, rules)
            if judged is None:
                judged = judge(market, rules, self._source.cache.alerts.on_course(), known=self.known)
            self._judged = asked, judged, alert_names(market, judged)

    def moved(self) -> bool:
        """Whether the cache has changed since the figures on screen were read. Raises CacheError."""
        return self._shown != self._read_of(self.market) or self.market.outdated()

    def to_judge(self) -> Market | None:
        """The market of now, for the alert rules.

        None where the user has assigned a country: alerts are judged by the countries of the start, since others would find
        other flips in the past, which are no news.
        """
        if self._assigned:
            return None
        return self._renewed()

    def attribute(self, vendors: Mapping[str, str]) -> None:
        """Takes other countries of vendors, of the user's own."""
        self._assigned = True
        source, settings = self._source, self.market.settings
        self.market = Market(source.cache, Attribution(vendors), source.kind, source.more, settings)

    def place(self, seats: Mapping[str, str]) -> None:
        """Takes other seats of hosts, of the user's own."""
        market = self.market
        settings = replace(market.settings, seats=seats)
        self.market = Market(market.cache, market.attribution, market.source, market.more, settings)

    def periods(self, grain: Grain) -> list[Period]:
        """The periods of the record, oldest first; none where there is no record."""
        try:
            return list(self.market.record(grain).listings)
        except NoDataError:
            return []

    def _read_of(self, market: Market) -> tuple[object, ...]:
        """What tells a market from others of the same cache, without holding it."""
        return market.revision, market.attribution, market.settings

    def _judged_by(self, market: Market, query: Query) -> tuple[object, ...]:
        """What the alerts of a view depend on, whatever its period."""
        return market, query.grain, query.lens, query.versus, self.favourites
