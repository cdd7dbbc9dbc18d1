"""What a quoted sentence is made from, beside the views of the screen: who leads on each basis, and how a group stands there."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from orwatch.domain.alerts.alert import Alert
from orwatch.domain.detail import Detail, Evidence
from orwatch.domain.overview import BasisLead, Snapshot
from orwatch.domain.prices import PriceFigures
from orwatch.domain.records import Basis
from orwatch.domain.series import Duel


class OnBasis(Struct, frozen=True):
    """A vendor or country on a basis. tokens: None where the split is unknown there. rank: None where it has no row."""

    basis: Basis
    tokens: int | None
    rank: int | None


class PairQuote(Struct, frozen=True):
    """A head to head. here: who leads it on the basis; others: on the other bases, where that is known."""

    snapshot: Snapshot
    duel: Duel
    here: BasisLead
    others: tuple[BasisLead, ...]


class RankedQuote(Struct, frozen=True):
    """A model, vendor or country. passed: the name of whom it took the first place from in this period. others: of a group."""

    snapshot: Snapshot
    detail: Detail
    passed: str | None
    others: tuple[OnBasis, ...]


class PriceQuote(Struct, frozen=True):
    """The price of a catalogue entry. seen_at: when it was last seen. baseline: the name of the model that it is compared with."""

    snapshot: Snapshot
    detail: Detail
    price: PriceFigures
    seen_at: datetime | None
    baseline: str | None


class AlertQuote(Struct, frozen=True):
    """An alert with what it rests on, None where it rests on no two periods. names: of the models it speaks of."""

    snapshot: Snapshot
    alert: Alert
    evidence: Evidence | None
    names: dict[str, str]
