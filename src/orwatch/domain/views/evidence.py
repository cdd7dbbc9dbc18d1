"""What an alert rests on: the two periods side by side, what moved between them, and every flip of the lead it is about."""

from __future__ import annotations

from msgspec import Struct

from orwatch.domain.alerts.alert import Alert
from orwatch.domain.periods import Period


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
