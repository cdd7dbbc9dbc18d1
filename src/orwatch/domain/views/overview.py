"""One period through one lens: its total, its models, how it splits, and who leads."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from orwatch.domain.figures import ModelFigures
from orwatch.domain.filters import Facts
from orwatch.domain.leads import Lead
from orwatch.domain.periods import Period, State
from orwatch.domain.query import Query
from orwatch.domain.rankings import Lens
from orwatch.domain.records import Basis, Origin
from orwatch.domain.shares import Split
from orwatch.domain.streaks import Streak
from orwatch.domain.vendors import Vendor


class ModelRow(Struct, frozen=True):
    """A row of the models table: its figures, and what the catalogue and the vendors table say of it."""

    figures: ModelFigures
    name: str
    country: str | None
    cloaked: bool
    open_weights: bool | None
    facts: Facts


class Standoff(Struct, frozen=True):
    """A head to head on one basis: tokens of both sides, and whether the split is known there."""

    basis: Basis
    a: int
    b: int
    known: bool

    @property
    def ratio(self) -> float | None:
        """Tokens of a ÷ tokens of b; None where b has none or the split is unknown."""
        return self.a / self.b if self.known and self.b else None

    def order(self, sides: tuple[str, str]) -> tuple[str, str]:
        """The two sides, the one with more tokens first."""
        return sides if self.a >= self.b else (sides[1], sides[0])


class BasisLead(Struct, frozen=True):
    """A head to head on one basis, and who leads it there as of the last complete period."""

    standoff: Standoff
    lead: Lead


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


class Snapshot(Struct, frozen=True):
    """One period, read through one lens.

    as_of: the source's time of this period's figures; now: the newest of the cache. origin: whence they came. total: tokens.
    total_change: fraction, like for like in a running period. days: complete days and length. compared: how many of a running
    period's days are compared. before: what changes are on. missing: of several periods added up those that the record does not
    have whole; unfilled: those with fewer rows than the basis asks for. named: rows of the period; outside: tokens outside the
    basis. newest: the newest complete period; periods: of the record.
    first_vendors, standoffs: one a basis. vendors: of the basis, by tokens. prices_until: the midnight (UTC) before which the
    prices of a past period were seen; None: the newest.
    """

    source: str
    query: Query
    now: datetime
    as_of: datetime
    period: Period
    state: State
    composed: bool
    origin: Origin
    days: tuple[int, int]
    compared: int
    before: Period
    missing: tuple[Period, ...]
    unfilled: tuple[Period, ...]
    total: int
    total_change: float | None
    total_grew: Streak
    total_shrank: Streak
    models: tuple[ModelRow, ...]
    named: int
    outside: int
    outside_share: float
    outside_change: float | None
    split: Split
    lead: Lead
    standoffs: tuple[Standoff, ...]
    first_vendors: tuple[FirstVendor, ...]
    vendors: tuple[VendorRow, ...]
    newest: Period
    periods: int
    prices_until: datetime | None

    @property
    def lens(self) -> Lens:
        """How the listing was read."""
        return self.query.lens

    @property
    def standoff(self) -> Standoff:
        """The head to head on its basis."""
        return next(found for found in self.standoffs if found.basis is self.lens.basis)

    @property
    def back(self) -> int:
        """How many periods before lies what changes are on."""
        return self.query.back or self.period.count

    @property
    def is_newest(self) -> bool:
        """Whether it is the newest complete period, or one that is not complete yet."""
        return self.period >= self.newest

    @property
    def in_progress(self) -> bool:
        """Whether the period still runs, also where it lacks a day that has ended."""
        return not self.period.settled_by(self.now)

    @property
    def bases_disagree(self) -> bool:
        """Whether two bases name different leaders of the head to head."""
        leading = {s.a > s.b for s in self.standoffs if s.known and s.a != s.b}
        return len(leading) > 1

    @property
    def vendors_disagree(self) -> bool:
        """Whether two bases name different first vendors."""
        return len({v.vendor for v in self.first_vendors if v.vendor}) > 1
