"""Which period is looked at, and how: grain, basis, free variants, merged variants, and the way through time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TypeVar

from msgspec.structs import replace

from orwatch.domain.alerts.records import Alert
from orwatch.domain.periods import Grain, State
from orwatch.domain.query import At, Query
from orwatch.domain.records import Basis
from orwatch.domain.views.overview import Snapshot
from orwatch.errors import OrwatchError
from orwatch.tui.market_reader import MarketReader
from orwatch.tui.view_state import Look

T = TypeVar("T")


class QueryControls:
    """Holds the query that is on screen. show: takes the figures of another."""

    def __init__(self, query: Query, reader: MarketReader, show: Callable[[Look], None]) -> None:
        self.asked = query
        self.shown: Snapshot | None = None
        self._reader = reader
        self._show = show

    def ask(self, query: Query) -> bool:
        """Shows another query, at once; whether there was anything to show."""
        try:
            look = self._reader.look(query)
        except OrwatchError:
            return False
        self.asked = query
        self._show(look)
        return True

    def again(self) -> None:
        """Shows the same query anew."""
        self.ask(self.asked)

    def next_grain(self) -> None:
        """Day, week, month: the period that holds the one on screen, or the newest."""
        query = replace(self.asked, grain=_next(list(Grain), self.asked.grain))
        if not self.ask(query):
            self.ask(replace(query, at="newest"))

    def next_basis(self) -> None:
        """Chart, top10, top50."""
        self._look_through(basis=_next(list(Basis), self.asked.lens.basis))

    def toggle_free(self) -> None:
        """Free variants in or out."""
        self._look_through(free=not self.asked.lens.free)

    def toggle_merged(self) -> None:
        """Variants as one row, or apart."""
        self._look_through(merged=not self.asked.lens.merged)

    def _look_through(self, **changes: object) -> None:
        """Shows the same period through another lens."""
        self.ask(replace(self.asked, lens=replace(self.asked.lens, **changes)))

    def step(self, by: int) -> None:
        """One period back or on; a gap of the record is stepped over."""
        if self.shown is None:
            return
        found = self._reader.neighbour(self.shown.period, by)
        if found is None:
            return
        newest = self.shown.newest
        at: At = "newest" if found == newest else "now" if found > newest else found.start
        self.ask(replace(self.asked, at=at))

    def first(self) -> None:
        """The first period of the record."""
        first = self._reader.first_period(self.asked.grain)
        if first is not None:
            self.ask(replace(self.asked, at=first.start))

    def now(self) -> None:
        """The newest complete period; from there, the one in progress."""
        shown = self.shown
        at_newest = shown is not None and shown.period == shown.newest and shown.state is State.COMPLETE
        if not (at_newest and self.ask(replace(self.asked, at="now"))):
            self.ask(replace(self.asked, at="newest"))

    def travel(self, start: date) -> bool:
        """The period of the grain on screen that starts on a day."""
        return self.ask(replace(self.asked, at=start))

    def travel_to(self, alert: Alert) -> bool:
        """The period that an alert speaks of, on its grain and basis."""
        lens = replace(self.asked.lens, basis=alert.basis or self.asked.lens.basis)
        return self.ask(replace(self.asked, grain=alert.period.grain, at=alert.period.start, lens=lens))


def _next(values: list[T], now: T) -> T:
    """The value after one, the first after the last."""
    return values[(values.index(now) + 1) % len(values)]
