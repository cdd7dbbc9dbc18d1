"""Everything known of one model, vendor or country, as of the period on screen: its periods, ranks, streaks, prices, alerts."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from msgspec import Struct, field

from orwatch.domain.alerts.alert import Alert
from orwatch.domain.catalogue import CatalogueModel, ObservedPrice, Override
from orwatch.domain.caveats import Caveat
from orwatch.domain.leads import Kind
from orwatch.domain.prices import PriceFigures
from orwatch.domain.rankings import Status
from orwatch.domain.scores import Benchmarks
from orwatch.domain.streaks import Streak
from orwatch.domain.vendors import Vendor
from orwatch.domain.views.series import Point


class PriceMove(Struct, frozen=True):
    """One price and what it was before. now, before: USD per million; changed_at: when the change was observed, if one was.

    listed: what it was without the discount; None where that is unknown.
    """

    name: str
    now: Decimal | None
    before: Decimal | None
    changed_at: datetime | None
    listed: Decimal | None = None

    @property
    def change(self) -> Decimal | None:
        """The change as a fraction."""
        return None if self.now is None or not self.before else (self.now - self.before) / self.before


class Part(Struct, frozen=True):
    """One model or vendor of a vendor or country.

    id: a permaslug or an author slug. share: of the vendor's or country's tokens; change: fraction. None where unknown. models:
    rows of the basis in it. status: new or back, of one that has no change.
    """

    id: str
    name: str
    tokens: int
    share: float | None
    change: float | None
    models: int = 1
    status: Status | None = None


class Detail(Struct, frozen=True):
    """What the detail of a row shows. kind, id: a permaslug, an author slug, a country code or `UNATTRIBUTED`.

    points: oldest first, from the first period that has it. of: among how many it is ranked now. lead, top_ten, grew, shrank:
    streaks as of that period; lead None where it is not known who leads, top_ten None where it has none. entry: the
    catalogue's, for models, or another variant's; listed_as: the id of its own, None where it has none. price: None where it
    has none (then). moves: prices and what they were before. observed: its price history until then, oldest first. hosts_at:
    when its hosts were last seen. models, vendors: of a vendor or country, by tokens. alerts: newest first. status: new or back
    in the period on screen.
    """

    kind: Kind
    id: str
    name: str
    country: str | None
    vendor: Vendor | None
    points: tuple[Point, ...]
    of: int
    lead: Streak | None
    top_ten: Streak | None
    grew: Streak
    shrank: Streak
    alerts: tuple[Alert, ...]
    caveats: tuple[Caveat, ...]
    entry: CatalogueModel | None = None
    listed_as: str | None = None
    price: PriceFigures | None = None
    moves: tuple[PriceMove, ...] = ()
    observed: tuple[ObservedPrice, ...] = ()
    overrides: tuple[Override, ...] = ()
    benchmarks: Benchmarks = field(default_factory=Benchmarks)
    hosts_at: datetime | None = None
    models: tuple[Part, ...] = ()
    vendors: tuple[Part, ...] = ()
    status: Status | None = None

    @property
    def place(self) -> int | None:
        """Its rank in the period on screen."""
        return self.points[-1].rank if self.points else None

    @property
    def tokens(self) -> int | None:
        """Its tokens in the period on screen."""
        return self.points[-1].tokens if self.points else None

    @property
    def share(self) -> float | None:
        """Its share of all tokens in the period on screen."""
        return self.points[-1].share if self.points else None

    @property
    def times_first(self) -> int:
        """Known periods in first place."""
        return sum(point.first for point in self.points)

    @property
    def best(self) -> int | None:
        """The best rank of its known periods."""
        return min((point.rank for point in self.points if point.rank), default=None)
