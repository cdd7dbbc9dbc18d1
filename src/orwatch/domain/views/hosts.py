"""Where a period's models could be served from: by the country that made them, by seat, by host, by model."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from msgspec import Struct

from orwatch.domain.hosts import Bracket, Group, Host, Reach
from orwatch.domain.views.overview import ModelRow


class MadeRow(Struct, frozen=True):
    """Models of a country. key: the country; None: unattributed; `all` and `other`: all tokens, and those outside the basis."""

    key: str | None
    bracket: Bracket


class ServedRow(Struct, frozen=True):
    """A model and its hosts.

    seats: of each of its hosts, side by side. inside: how many of them are in the group. cheapest, cheapest_inside: USD per million
    tokens of the blend, None where unknown. premium: a fraction, None of what is free or unknown.
    """

    model: ModelRow
    hosts: tuple[Host, ...]
    seats: tuple[str | None, ...]
    reach: Reach
    inside: int
    cheapest: Decimal | None
    cheapest_inside: Decimal | None
    premium: Decimal | None


class SeatRow(Struct, frozen=True):
    """The hosts of a country. seat: None where they state none.

    hosts, models: how many. could: the part of all tokens whose models one of them lists; only: those that no other country lists.
    premium: the middle one of their models, of the cheapest of them against the cheapest of all.
    """

    seat: str | None
    hosts: int
    models: int
    could: float
    only: float
    premium: Decimal | None


class HostUse(Struct, frozen=True):
    """A host. seat: its country, None where it states none; assigned: the user gave it. The others as of a seat."""

    name: str
    seat: str | None
    assigned: bool
    models: int
    could: float
    premium: Decimal | None


class HostMap(Struct, frozen=True):
    """Where the models of a period could be served from.

    group: the countries that brackets are of. input: the part of a blend that is input (0 to 1). day: of the host lists. listed:
    how many models have one.
    made: all tokens, countries by tokens, unattributed, `other`. models: by tokens. seats, hosts: by what they could serve.
    """

    group: Group
    input: float
    day: date | None
    listed: int
    made: tuple[MadeRow, ...]
    models: tuple[ServedRow, ...]
    seats: tuple[SeatRow, ...]
    hosts: tuple[HostUse, ...]
