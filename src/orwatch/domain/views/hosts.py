"""The table of the hosts of a model."""

from __future__ import annotations

from msgspec import Struct

from orwatch.domain.hosts import Host


class HostRow(Struct, frozen=True):
    """A row of the table of hosts. country: of the provider's headquarters, None where unknown."""

    host: Host
    country: str | None
