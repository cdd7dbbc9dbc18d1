"""What is asked of the market: a grain, a period, a lens, a head to head."""

from __future__ import annotations

from datetime import date
from typing import Literal

from msgspec import Struct, field

from orwatch.domain.leads import Kind, Subject
from orwatch.domain.periods import Grain
from orwatch.domain.rankings import Lens


class Between(Struct, frozen=True):
    """The whole periods between two days, both included; None: from the first of the record, to the newest complete one."""

    since: date | None
    until: date | None


At = date | Between | Literal["newest", "now"]
"""Which period: the one that holds a date, several added up, the newest complete one, or the one in progress."""


class Query(Struct, frozen=True):
    """What to look at.

    versus: the head to head, two countries or two vendors. baseline: the id whose price is 1. back: how many periods before lies
    what changes are on; None: the one before, of several periods as many before.
    """

    grain: Grain = Grain.WEEK
    at: At = "newest"
    lens: Lens = field(default_factory=Lens)
    versus: tuple[str, str] = ("CN", "US")
    baseline: str | None = None
    back: int | None = None

    def subject(self, kind: Kind) -> Subject:
        """Whose lead is meant by a kind: of a head to head its two sides."""
        return Subject.versus(*self.versus) if kind is Kind.VERSUS else Subject(kind)
