"""The frozen records that a screen or a command is given: a query, and the snapshot that answers it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Literal, overload

from msgspec import Struct, field

from orwatch.domain.figures import ModelFigures
from orwatch.domain.filters import Facts
from orwatch.domain.leads import Lead
from orwatch.domain.rankings import Lens
from orwatch.domain.records import Basis, Grain, Period, State
from orwatch.domain.shares import Split, Stack
from orwatch.domain.streaks import Streak
from orwatch.domain.vendors import Vendor

if TYPE_CHECKING:
    from orwatch.core.pricebook import Prices
    from orwatch.domain.alerts.records import Alert
    from orwatch.domain.prices import Gap, PriceFigures

UNATTRIBUTED = "??"
"""The key of the rows whose country is not known."""

At = date | Literal["newest", "now"]
"""Which period: the one that holds a date, the newest complete one, or the one in progress."""


class Query(Struct, frozen=True):
    """What to look at. versus: the head to head of the header, two countries or two vendors. baseline: id whose price is 1."""

    grain: Grain = Grain.WEEK
    at: At = "newest"
    lens: Lens = field(default_factory=Lens)
    versus: tuple[str, str] = ("CN", "US")
    baseline: str | None = None


class ModelRow(Struct, frozen=True):
    """A row of the models table: its figures, and what the catalogue and the vendors table say of it."""

    figures: ModelFigures
    name: str
    country: str | None
    cloaked: bool
    open_weights: bool | None
    facts: Facts


class PriceRow(Struct, frozen=True):
    """A row of the prices table. permaslug: the ranked row it belongs to, None where it is not among them."""

    figures: PriceFigures
    name: str
    country: str | None
    permaslug: str | None
    facts: Facts


class Standoff(Struct, frozen=True):
    """A head to head on one basis: tokens of both sides, a ÷ b, and whether the split is known there."""

    basis: Basis
    a: int
    b: int
    known: bool

    @property
    def ratio(self) -> float | None:
        """Tokens of a ÷ tokens of b; None where b has none or the split is unknown."""
        return self.a / self.b if self.known and self.b else None


class FirstVendor(Struct, frozen=True):
    """The first vendor on one basis, with the lead over the second as a ratio (None where there is no second)."""

    basis: Basis
    vendor: str | None
    ratio: float | None


class VendorRow(Struct, frozen=True):
    """A vendor and what its rows on the basis carry."""

    vendor: Vendor
    tokens: int
    share: float
    models: int


class Duel(Struct, frozen=True):
    """One period of a head to head. leader: of the two; flip: it changed with this period."""

    period: Period
    a: int
    b: int
    known: bool
    complete: bool
    leader: str | None
    flip: bool


class PriceRows(Sequence[PriceRow]):
    """The prices table, each row made when it is first looked at: of hundreds, a screen shows ten.

    ids: of the catalogue, in the order of the table. discounted: whether a discount is known of any of them.
    """

    def __init__(self, ids: Sequence[str], make: Callable[[str], PriceRow], *, discounted: bool) -> None:
        self.ids = ids
        self.discounted = discounted
        self._make = make
        self._made: dict[str, PriceRow] = {}
        self._all: tuple[PriceRow, ...] | None = None

    def __len__(self) -> int:
        return len(self.ids)

    @overload
    def __getitem__(self, index: int) -> PriceRow: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[PriceRow, ...]: ...
    def __getitem__(self, index: int | slice) -> PriceRow | tuple[PriceRow, ...]:
        return tuple(map(self._row, self.ids[index])) if isinstance(index, slice) else self._row(self.ids[index])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PriceRows) and tuple(self) == tuple(other)

    def __iter__(self) -> Iterator[PriceRow]:
        if self._all is None:
            self._all = tuple(map(self._row, self.ids))
        return iter(self._all)

    def name_of(self, id_: str | None) -> str | None:
        """The name of one of its models."""
        return self._row(id_).name if id_ is not None and id_ in self._known else None

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(self.ids)

    def _row(self, id_: str) -> PriceRow:
        known = self._made.get(id_)
        if known is None:
            known = self._made[id_] = self._make(id_)
        return known


class Later(Struct, frozen=True):
    """What of a snapshot is computed when it is first looked at, from the same state of the cache."""

    first_vendors: Callable[[], tuple[FirstVendor, ...]]
    history: Callable[[], tuple[Stack | None, ...]]
    prices: Callable[[], tuple[PriceRows, str | None]]
    book: Callable[[], Prices]
    duels: Callable[[], tuple[Duel, ...]]
    gaps: Callable[[], Mapping[str, Gap]]
    alerts: Callable[[], tuple[Alert, ...]]
    names: Callable[[tuple[Alert, ...]], Mapping[str, str]]
    vendors: Callable[[], tuple[VendorRow, ...]]


class Snapshot(Struct, frozen=True, dict=True):
    """Everything shown of one period, read through one lens.

    as_of: the source's time of this period's figures; now: the newest of the cache. total: tokens. total_change: fraction, like
    for like in a running period. days: complete days and length. previous, next: neighbours in the record.
    catalogue_at: when these prices were last seen, None where none were. price_span: days that the recent price change looks
    back (up to 21). prices_until: the midnight (UTC) before which the prices of a past period were seen; None: the newest.
    prices_since: when the cache first saw any.
    """

    source: str
    query: Query
    now: datetime
    as_of: datetime
    period: Period
    state: State
    composed: bool
    days: tuple[int, int]
    total: int
    total_change: float | None
    total_grew: Streak
    total_shrank: Streak
    models: tuple[ModelRow, ...]
    named: int
    outside: int
    outside_share: float
    outside_change: float | None
    free_share: float
    split: Split
    lead: Lead
    standoffs: tuple[Standoff, ...]
    newest: Period
    periods: int
    later: Later
    prices_until: datetime | None = None

    @cached_property
    def first_vendors(self) -> tuple[FirstVendor, ...]:
        """The first vendor on each basis."""
        return self.later.first_vendors()

    @cached_property
    def history(self) -> tuple[Stack | None, ...]:
        """Tokens of the last periods, oldest first; None for a gap."""
        return self.later.history()

    @property
    def prices(self) -> PriceRows:
        """The prices table."""
        return self._priced[0]

    @property
    def baseline(self) -> str | None:
        """The id whose price is 1."""
        return self._priced[1]

    @cached_property
    def _priced(self) -> tuple[PriceRows, str | None]:
        return self.later.prices()

    @cached_property
    def _book(self) -> Prices:
        return self.later.book()

    @property
    def catalogue_at(self) -> datetime | None:
        """When these prices were last seen; None where none were."""
        return self._book.seen_at

    @property
    def price_span(self) -> int:
        """Days that the recent price change looks back."""
        return self._book.span

    @property
    def prices_since(self) -> datetime | None:
        """When the cache first saw any prices."""
        return self._book.since

    @cached_property
    def duels(self) -> tuple[Duel, ...]:
        """The head to head period by period, newest first."""
        return self.later.duels()

    @cached_property
    def gaps(self) -> Mapping[str, Gap]:
        """Country gaps of input and output prices."""
        return self.later.gaps()

    @cached_property
    def alerts(self) -> tuple[Alert, ...]:
        """Every alert that was known then, newest first."""
        return self.later.alerts()

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Names of the models that the alerts speak of, by permaslug."""
        return self.later.names(self.alerts)

    @cached_property
    def vendors(self) -> tuple[VendorRow, ...]:
        """Vendors of the basis by tokens, descending."""
        return self.later.vendors()

    @property
    def lens(self) -> Lens:
        """How the listing was read."""
        return self.query.lens

    @property
    def bases_disagree(self) -> bool:
        """Whether two bases name different leaders of the head to head."""
        leading = {s.a > s.b for s in self.standoffs if s.known and s.a != s.b}
        return len(leading) > 1

    @property
    def vendors_disagree(self) -> bool:
        """Whether two bases name different first vendors."""
        return len({v.vendor for v in self.first_vendors if v.vendor}) > 1
