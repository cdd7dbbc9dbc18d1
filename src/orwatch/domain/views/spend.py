"""What a period's tokens cost, by model and by country."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from msgspec import Struct

from orwatch.domain.catalogue import Pricing
from orwatch.domain.periods import Period
from orwatch.domain.spend import Band, SpendSettings, added
from orwatch.domain.views.overview import ModelRow


class SpendRow(Struct, frozen=True):
    """A model, or a country with what its models cost.

    key: a permaslug or a country; None: unattributed rows. share: of all tokens. band: None where no price of it is known; covered:
    tokens of it that have one. free: it costs nothing. token_rank: by tokens, of a country None. blend: USD per million tokens,
    nothing read from a cache. pricing: that it is estimated by. model: its row of the rankings, of a country None. rank: by what it
    costs at most. share_low, share_high: of all spend, at both ends.
    """

    key: str | None
    name: str
    country: str | None
    tokens: int
    share: float
    band: Band | None
    covered: int
    free: bool
    token_rank: int | None = None
    blend: Decimal | None = None
    pricing: Pricing | None = None
    model: ModelRow | None = None
    rank: int = 0
    share_low: Decimal | None = None
    share_high: Decimal | None = None


class Spend(Struct, frozen=True):
    """The estimate of a period.

    today: at prices that the cache saw only after the period. seen_at: when the prices were seen; None where none were by then.
    input: the part of a blend that is input (0 to 1).
    total, named: tokens, of all and of the rows of the basis. rows: by their high end, those without a price last. countries: the
    same by country, unattributed rows under None.
    """

    period: Period
    settings: SpendSettings
    today: bool
    seen_at: datetime | None
    input: float
    total: int
    named: int
    rows: tuple[SpendRow, ...]
    countries: tuple[SpendRow, ...]

    @property
    def whole(self) -> Band:
        """Of all rows that have a price."""
        return added(row.band for row in self.rows if row.band is not None)

    @property
    def known(self) -> bool:
        """Whether the price of anything that is not free is known."""
        return any(row.band is not None and not row.free for row in self.rows)

    @property
    def covered(self) -> int:
        """Tokens that have a price, or are free."""
        return sum(row.covered for row in self.rows)

    @property
    def coverage(self) -> float:
        """Their part of all tokens."""
        return self.covered / self.total if self.total else 0.0

    @property
    def unpriced(self) -> Sequence[SpendRow]:
        """Rows of the basis that are left out."""
        return [row for row in self.rows if row.band is None]
