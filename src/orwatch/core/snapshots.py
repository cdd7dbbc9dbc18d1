"""The frozen records that a screen or a command is given: a query, and the snapshot that answers it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Literal

from orwatch.dataclass import dataclass, field
from orwatch.domain.alerts.records import Alert
from orwatch.domain.filters import Facts
from orwatch.domain.leads import Lead
from orwatch.domain.prices import Gap, PriceFigures
from orwatch.domain.rankings import Lens, ModelFigures
from orwatch.domain.records import Basis, Grain, Period, State
from orwatch.domain.shares import Split, Stack
from orwatch.domain.streaks import Streak
from orwatch.domain.vendors import Vendor

At = date | Literal["newest", "now"]
"""Which period: the one that holds a date, the newest complete one, or the one in progress."""


@dataclass(frozen=True, slots=True)
class Query:
    """What to look at. versus: the head to head of the header, two countries or two vendors. baseline: id whose price is 1."""

    grain: Grain = Grain.WEEK
    at: At = "newest"
    lens: Lens = field(default_factory=Lens)
    versus: tuple[str, str] = ("CN", "US")
    baseline: str | None = None


@dataclass(frozen=True, slots=True)
class ModelRow:
    """A row of the models table: its figures, and what the catalogue and the vendors table say of it."""

    figures: ModelFigures
    name: str
    country: str | None
    cloaked: bool
    open_weights: bool | None
    facts: Facts


@dataclass(frozen=True, slots=True)
class PriceRow:
    """A row of the prices table. permaslug: the ranked row it belongs to, None where it is not among them."""

    figures: PriceFigures
    name: str
    country: str | None
    permaslug: str | None
    facts: Facts


@dataclass(frozen=True, slots=True)
class Standoff:
    """A head to head on one basis: tokens of both sides, a ÷ b, and whether the split is known there."""

    basis: Basis
    a: int
    b: int
    known: bool

    @property
    def ratio(self) -> float | None:
        """Tokens of a ÷ tokens of b; None where b has none or the split is unknown."""
        return self.a / self.b if self.known and self.b else None


@dataclass(frozen=True, slots=True)
class FirstVendor:
    """The first vendor on one basis, with the lead over the second as a ratio (None where there is no second)."""

    basis: Basis
    vendor: str | None
    ratio: float | None


@dataclass(frozen=True, slots=True)
class VendorRow:
    """A vendor and what its rows on the basis carry."""

    vendor: Vendor
    tokens: int
    share: float
    models: int


@dataclass(frozen=True, slots=True)
class Duel:
    """One period of a head to head. leader: of the two; flip: it changed with this period."""

    period: Period
    a: int
    b: int
    known: bool
    complete: bool
    leader: str | None
    flip: bool


@dataclass(frozen=True)
class Snapshot:
    """Everything shown of one period, read through one lens.

    as_of: the source's time of this period's figures; now: the newest of the cache. total: tokens. total_change: fraction, like
    for like in a running period. days: complete days and length. previous, next: neighbours in the record.
    catalogue_at: when prices were last seen. price_span: days that the recent price change looks back (up to 21).
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
    first_vendors: tuple[FirstVendor, ...]
    duels: tuple[Duel, ...]
    history: tuple[Stack | None, ...]
    prices: tuple[PriceRow, ...]
    baseline: str | None
    gaps: Mapping[str, Gap]
    catalogue_at: datetime | None
    price_span: int
    alerts: tuple[Alert, ...]
    names: Mapping[str, str]
    vendors: tuple[VendorRow, ...]
    newest: Period
    periods: int

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
