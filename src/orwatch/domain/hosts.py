"""The hosts of a model: who runs it, at what price, how fast. Prices are USD per token, as the hosts list them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from msgspec import Struct, field
from msgspec.structs import replace

from orwatch.domain.catalogue import Pricing


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
