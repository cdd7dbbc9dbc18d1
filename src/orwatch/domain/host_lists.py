"""Who could serve the ranked models on a day: their hosts, as far as they were asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

from msgspec import Struct

from orwatch.domain.columns import Columns
from orwatch.domain.hosts import Host


class HostLists(Struct, frozen=True, tag="hosts"):
    """The hosts of models as they were seen on a day (UTC), its identity.

    hosts: by the id of the catalogue, with its variant; without uptime, latency and throughput, which are of a moment.
    """

    day: date
    hosts: Mapping[str, tuple[Host, ...]]

    @staticmethod
    def columns() -> Columns:
        """Those of its rows."""
        return {
            "day": date,
            "id": str,
            "provider": str,
            "tag": str,
            "prompt": Decimal,
            "completion": Decimal,
            "cache_read": Decimal,
            "discount": Decimal,
            "quantization": str,
            "context": int,
        }

    def rows(self) -> Iterator[Mapping[str, object]]:
        """A host of a model a row; prices in USD per token."""
        for id_, hosts in self.hosts.items():
            for host in hosts:
                price = host.pricing
                yield {
                    "day": self.day,
                    "id": id_,
                    "provider": host.provider,
                    "tag": host.tag,
                    "prompt": price.prompt,
                    "completion": price.completion,
                    "cache_read": price.cache_read,
                    "discount": price.discount,
                    "quantization": host.quantization,
                    "context": host.context,
                }
