"""What the panes are given: the figures of a period and the state of the view on them, in one frozen record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from msgspec import Struct, field
from msgspec.structs import asdict, replace

from orwatch.domain.alerts.alert import Alert
from orwatch.domain.alerts.memory import KnownAlert
from orwatch.domain.filters import BadWord, Fault, Filter
from orwatch.domain.now import Now
from orwatch.domain.overview import Snapshot
from orwatch.domain.periods import State
from orwatch.domain.prices import PriceList
from orwatch.domain.spend import Skew, Spend

STALE_AFTER: Final = 3600.0
"""Seconds that two polls leave data at most."""


class Look(Struct, frozen=True):
    """What a query finds.

    now: the period in progress, whichever is asked for. alerts: those that were known by the end of the snapshot's period; None:
    not judged yet. names: of their models. skew: free and discounted shares, None where too few rows are named.
    """

    snapshot: Snapshot
    now: Now
    prices: PriceList
    alerts: tuple[Alert, ...] | None
    names: Mapping[str, str]
    skew: Skew | None


class ViewState(Struct, frozen=True):
    """A snapshot, what belongs to it, and the view of it.

    now, prices, alerts, names, skew: as in `Look`. spend: what the tokens cost, where that is the measure. filter: what hides rows;
    typing: whether its text is being typed. age_s: seconds since the last successful poll; price_age_s: since the catalogue was
    seen; None where never. problem: why the last poll failed. unread: ids of alerts that fired while the program ran and were not
    acknowledged. progress: what a first start is asking for. favourites: permaslugs, vendors and countries that are pinned on top,
    that pinned last at the end. known: what is remembered of alerts, by id.
    """

    snapshot: Snapshot | None = None
    now: Now | None = None
    prices: PriceList | None = None
    alerts: tuple[Alert, ...] | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    skew: Skew | None = None
    spend: Spend | None = None
    filter: Filter = field(default_factory=Filter)
    typing: bool = False
    age_s: float | None = None
    price_age_s: float | None = None
    problem: str | None = None
    unread: frozenset[str] = frozenset()
    progress: str | None = None
    favourites: tuple[str, ...] = ()
    known: Mapping[str, KnownAlert] = field(default_factory=dict)

    def showing(self, look: Look) -> ViewState:
        """The same view of other figures."""
        return replace(self, **asdict(look))

    @property
    def typed(self) -> str:
        """The text of the filter."""
        return self.filter.text

    @property
    def bad_word(self) -> BadWord | None:
        """A word of the filter that cannot be read; while it is typed, one that is not finished may still become one."""
        told = (bad for bad in self.filter.faults if not (self.typing and bad.fault is Fault.UNFINISHED))
        return next(told, None)

    @property
    def running(self) -> bool:
        """Whether the period on screen is in progress."""
        return self.snapshot is not None and self.snapshot.state is State.RUNNING

    @property
    def past(self) -> bool:
        """Whether an earlier period than the newest complete one is on screen: "then", not "now"."""
        return self.snapshot is not None and self.snapshot.period < self.snapshot.newest

    @property
    def stale(self) -> bool:
        """Whether the data is older than two polls would leave it and the last poll failed."""
        return self.problem is not None and self.age_s is not None and self.age_s > STALE_AFTER
