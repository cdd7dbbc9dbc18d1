"""All that is known of a model, vendor or country as of the period on screen, and what an alert rests on.

With what a reader must know before quoting it: caveats, and models that were renamed while they were ranked.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from msgspec import Struct, field

from orwatch.domain.alerts.alert import Alert
from orwatch.domain.catalogue import CatalogueModel, ObservedPrice, Override
from orwatch.domain.leads import Kind
from orwatch.domain.names import variant_of, without_variant
from orwatch.domain.periods import Period, Streak
from orwatch.domain.prices import PriceFigures
from orwatch.domain.rankings import Rankings, Status
from orwatch.domain.scores import Benchmarks
from orwatch.domain.series import Point
from orwatch.domain.vendors import Vendor


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
    def change(self) -> float | None:
        """The change of its tokens in the period on screen."""
        return self.points[-1].change if self.points else None

    @property
    def count(self) -> int:
        """How many models are its own."""
        return len(self.models)

    @property
    def times_first(self) -> int:
        """Known periods in first place."""
        return sum(point.first for point in self.points)

    @property
    def best(self) -> int | None:
        """The best rank of its known periods."""
        return min((point.rank for point in self.points if point.rank), default=None)


class CaveatKind(StrEnum):
    """What there is to know. Whose row it is, what it is called, how its figures came about, what its price is worth."""

    CLOAKED = "cloaked"
    UNATTRIBUTED = "unattributed"
    COUNTRY_UNKNOWN = "country-unknown"
    COUNTRY_ASSIGNED = "country-assigned"
    SLUG_NAMED = "slug-named"
    VARIANT_UNLISTED = "variant-unlisted"
    LEFT_CATALOGUE = "left-catalogue"
    RENAMED_FROM = "renamed-from"
    RENAMED_TO = "renamed-to"
    FREE_COUNTED = "free-counted"
    FREE_OUT = "free-out"
    MERGED = "merged"
    OUTSIDE_BASIS = "outside-basis"
    SPLIT_UNKNOWN = "split-unknown"
    RUNNING = "running"
    COMPOSED = "composed"
    PARTIAL = "partial"
    GAPS = "gaps"
    ABSENT = "absent"
    RESTATED = "restated"
    ARCHIVED = "archived"
    PRICE_VARIES = "price-varies"
    PRICE_ROTATES = "price-rotates"
    EXPIRES = "expires"
    FACTS_OF_NOW = "facts-of-now"


class Caveat(Struct, frozen=True):
    """One thing to know. count, of: periods, changes or days; day: a date; text: a slug, a name or a country; by kind."""

    kind: CaveatKind
    count: int = 0
    of: int = 0
    day: date | None = None
    text: str = ""


class Side(Struct, frozen=True):
    """One contender in one period. tokens: on the basis, None where unknown. change: fraction, on the period before."""

    key: str
    name: str
    country: str | None
    tokens: int | None
    change: float | None


class TokenMove(Struct, frozen=True):
    """What a model's tokens on the basis changed by. entered, left: it came onto the basis, or left it."""

    permaslug: str
    name: str
    country: str | None
    tokens: int
    entered: bool
    left: bool


class LeadTurn(Struct, frozen=True):
    """One flip. number: from the oldest. ratio: of the new leader to the old one, None where unknown. held: complete periods.

    stands: the leader still led in the newest period that was known.
    """

    number: int
    period: Period
    leader: str
    ratio: float | None
    held: int
    stands: bool


class Evidence(Struct, frozen=True):
    """Of a period's alert: both periods, the larger side first; what moved; the flips, newest first.

    days: the complete days of a period in progress that are compared, to which both are then cut; None for two whole periods.
    """

    alert: Alert
    before: Period
    now: Period
    sides_before: tuple[Side, ...]
    sides_now: tuple[Side, ...]
    moves: tuple[TokenMove, ...]
    flips: tuple[LeadTurn, ...]
    days: int | None = None


_PREVIEW = re.compile(r"-(?:preview|beta|alpha|exp|experimental)(?=-|$)")
_DATE = re.compile(r"-(?:20\d{6}|(?:20\d\d-)?\d\d-\d\d|\d{4})$")


class Rename(Struct, frozen=True):
    """A permaslug goes on as another. period: the one that has rows of both."""

    before: str
    after: str
    period: Period


def goes_on_as(before: str, after: str) -> bool:
    """Whether the first is a preview of the second by name: same author, variant and slug, but for dates and `preview`."""
    first, second = without_variant(before), without_variant(after)
    return (
        first != second
        and variant_of(before) == variant_of(after)
        and _PREVIEW.search(first) is not None
        and _stem(first) == _stem(second)
    )


def renamed(rankings: Rankings, slug: str, until: Period) -> Rename | None:
    """The rename that a row came out of or ended in, by `until`: the period in which one ends and the other begins.

    None where the record does not tell: no period has both, or either goes on beside the other.
    """
    periods = [period for period in rankings.record.listings if period <= until]
    mine = _present(rankings, slug, periods)
    if not mine:
        return None
    for period, old in ((mine[0], False), (mine[-1], True)):
        ranking = rankings.at(period)
        for other in ranking.slugs if ranking else ():
            pair = (slug, other) if old else (other, slug)
            if not goes_on_as(*pair):
                continue
            ends, begins = _present(rankings, pair[0], periods), _present(rankings, pair[1], periods)
            if ends[-1] == begins[0] == period and periods[0] < period < begins[-1]:
                return Rename(*pair, period)
    return None


def _present(rankings: Rankings, slug: str, periods: list[Period]) -> list[Period]:
    return [period for period in periods if (ranking := rankings.at(period)) is not None and slug in ranking.slugs]


def _stem(slug: str) -> str:
    return _DATE.sub("", _PREVIEW.sub("", slug))
