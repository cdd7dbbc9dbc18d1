"""A head to head of two countries or two vendors, period by period."""

from __future__ import annotations

from msgspec import Struct

from orwatch.domain.periods import Period


class Duel(Struct, frozen=True):
    """One period of a head to head. a, b: tokens of both sides. leader: of the two; flip: it changed with this period."""

    period: Period
    a: int
    b: int
    known: bool
    complete: bool
    leader: str | None
    flip: bool
