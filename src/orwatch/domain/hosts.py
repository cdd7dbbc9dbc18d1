"""The hosts of a model: who runs it, from which seat, at what price, how fast. Prices are USD per token, as the hosts list them.

Which host served a token is not published: what is told is where a model could be served from, by the seats of those who list it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from msgspec import Struct, field
from msgspec.structs import replace

from orwatch.domain.catalogue import Pricing
from orwatch.domain.overview import ModelRow


class Host(Struct, frozen=True):
    """One offer to run a model; a provider may have several, even under one tag.

    provider: the company that runs it, by its name in the list of providers.
    tag: the provider's slug, with a region or a service level after a slash where it has one (`wafer/fast`).
    pricing: USD per token, with the host's own discount.
    quantization: number format of the weights (`fp8`), None where the host does not say.
    context: tokens, None where unknown.
    uptime_30m: fraction of requests answered in the last 30 minutes, None where unknown.
    latency_p50_s: median seconds to the first token in the last 30 minutes, None where unknown.
    throughput_p50: median tokens per second of one answer in the last 30 minutes, None where unknown.
    """

    provider: str
    tag: str
    pricing: Pricing = field(default_factory=Pricing)
    quantization: str | None = None
    context: int | None = None
    uptime_30m: float | None = None
    latency_p50_s: float | None = None
    throughput_p50: float | None = None


class HostRow(Struct, frozen=True):
    """A row of the table of hosts. country: of the provider's headquarters, None where unknown."""

    host: Host
    country: str | None


def by_input_price(hosts: Iterable[Host]) -> tuple[Host, ...]:
    """The cheapest input first, ties by output price, provider and tag; unknown and varying (negative) prices last."""
    return tuple(
        sorted(
            hosts,
            key=lambda host: (
                *_ascending(host.pricing.prompt),
                *_ascending(host.pricing.completion),
                host.provider.casefold(),
                host.tag,
            ),
        )
    )


def listed_discount(pricing: Pricing, hosts: Sequence[Host]) -> Decimal | None:
    """The discount in a model's listed price, from the hosts that ask exactly that price.

    The catalogue lists the price of one of the hosts and does not say whose: those with the same input and output price
    can be meant, and where some of them have the same cached input too, only these. None where no host asks the listed
    price (either has changed since), where those that do disagree or do not say, and where the price varies.
    """
    prompt, completion = pricing.prompt, pricing.completion
    if prompt is None or completion is None or prompt < 0 or completion < 0:
        return None
    asking = [host.pricing for host in hosts if (host.pricing.prompt, host.pricing.completion) == (prompt, completion)]
    alike = [price for price in asking if price.cache_read == pricing.cache_read]
    discounts = {price.discount for price in alike or asking}
    return discounts.pop() if len(discounts) == 1 else None


def with_discounts(pricing: Pricing, hosts: Sequence[Host]) -> Pricing:
    """A model's prices with the discount that its hosts tell; one that the catalogue gives itself stands."""
    if pricing.discount is not None:
        return pricing
    return replace(pricing, discount=listed_discount(pricing, hosts))


def _ascending(price: Decimal | None) -> tuple[bool, Decimal]:
    known = price is not None and price >= 0
    return not known, price if price is not None and known else Decimal(0)


_EU = "AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE"
_WEST = f"US CA GB CH AU NZ NO IS LI {_EU}"

GROUPS: Final[Mapping[str, frozenset[str]]] = {
    name: frozenset(codes.split()) for name, codes in {"West": _WEST, "EU": _EU, "US": "US", "CN": "CN"}.items()
}
"""The groups of countries that have a name. West: US CA GB CH AU NZ, the EU, and the rest of the European Economic Area."""


class Group(Struct, frozen=True):
    """Countries from which a model could be served. name: as they are told together."""

    name: str
    countries: frozenset[str]

    @classmethod
    def of(cls, text: str) -> Group:
        """A group by its name, in whatever case, or by its codes with blanks between them."""
        named = next((name for name in GROUPS if name.casefold() == text.casefold()), None)
        if named is not None:
            return cls(named, GROUPS[named])
        codes = text.upper().split()
        return cls(" ".join(codes), frozenset(codes))


class Seats:
    """The countries of companies that run models: the seat that each states, overridden by the user's own assignments.

    Companies are looked up by name whatever its case, and by their slug where no name is alike.
    """

    def __init__(self, stated: Mapping[str, str | None], assigned: Mapping[str, str]) -> None:
        """stated: by name or slug in lower case. assigned: alpha-2 codes by name, which the config has checked."""
        self._stated = stated
        self._assigned = {name.casefold(): code.upper() for name, code in assigned.items()}

    def of(self, host: Host) -> str | None:
        """The seat of a host; None where it is not known."""
        name = host.provider.casefold()
        slug = host.tag.partition("/")[0].casefold()
        return self._assigned.get(name) or self._stated.get(name) or self._stated.get(slug)

    def is_assigned(self, provider: str) -> bool:
        """Whether the user gave a company its country."""
        return provider.casefold() in self._assigned


class Reach(StrEnum):
    """How a model could be served from a group of countries.

    ALL: all of its hosts have their seat in it. SOME: at least one has. NONE: none has, and all seats are known. SEAT_UNKNOWN: none
    is known to have, and a seat is not known. NO_LIST: its hosts are not known.
    """

    ALL = "all"
    SOME = "some"
    NONE = "none"
    SEAT_UNKNOWN = "seat-unknown"
    NO_LIST = "no-list"


def reach(seats: Collection[str | None], group: Group) -> Reach:
    """seats: of the hosts of a model, None for one that is not known; empty where there is no list."""
    if not seats:
        return Reach.NO_LIST
    inside = [seat in group.countries for seat in seats]
    if any(inside):
        return Reach.ALL if all(inside) else Reach.SOME
    return Reach.SEAT_UNKNOWN if None in seats else Reach.NONE


class Bracket(Struct, frozen=True):
    """Tokens by how they could be served from a group. tokens: all of them. The others: of models that reach it so."""

    tokens: int
    every: int
    some: int
    none: int

    @property
    def at_least(self) -> float | None:
        """The part that no host outside the group can have served."""
        return self.every / self.tokens if self.tokens else None

    @property
    def at_most(self) -> float | None:
        """The part that a host of the group can have served."""
        return (self.every + self.some) / self.tokens if self.tokens else None

    @property
    def nowhere(self) -> float | None:
        """The part that no host of the group can have served."""
        return self.none / self.tokens if self.tokens else None

    @property
    def unknown(self) -> float | None:
        """The part of which this is not known: no host list, no seat, or outside the named rows."""
        return (self.tokens - self.every - self.some - self.none) / self.tokens if self.tokens else None


def bracket(rows: Iterable[tuple[int, Reach]], outside: int = 0) -> Bracket:
    """Of tokens with the reach of their model. outside: tokens of nobody knows which models."""
    listed = [*rows]
    every, some, none = (sum(n for n, how in listed if how is which) for which in (Reach.ALL, Reach.SOME, Reach.NONE))
    return Bracket(sum(n for n, _ in listed) + outside, every, some, none)


def cheapest(hosts: Iterable[Host], price: Callable[[Host], Decimal | None]) -> Decimal | None:
    """The lowest price of some hosts; None where none of them has one. price: what a host asks."""
    return min((found for host in hosts if (found := price(host)) is not None), default=None)


def premium(inside: Decimal | None, of_all: Decimal | None) -> Decimal | None:
    """How much dearer the cheapest host of a group is than the cheapest of all, as a fraction; None of what is free or unknown."""
    return inside / of_all - 1 if inside is not None and of_all else None


class HostLists(Struct, frozen=True, tag="hosts"):
    """The hosts of models as they were seen on a day (UTC), its identity.

    hosts: by the id of the catalogue, with its variant; without uptime, latency and throughput, which are of a moment.
    """

    day: date
    hosts: Mapping[str, tuple[Host, ...]]


ALL = "all"
"""The row of all tokens."""


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


class HostUse(Struct, frozen=True):
    """A host, or all hosts of a seat: what they could serve.

    name: of the host; empty of a seat. seat: the country, None where none is stated; assigned: the user gave it to the host. hosts,
    models: how many. could: the part of all tokens whose models one of them lists; only: those that no other seat lists, of a host
    None. premium: the middle one of their models, of the cheapest of them against the cheapest of all.
    """

    name: str
    seat: str | None
    assigned: bool
    hosts: int
    models: int
    could: float
    only: float | None
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
    seats: tuple[HostUse, ...]
    hosts: tuple[HostUse, ...]
