"""Who could serve the ranked models on a day: their hosts, as far as they were asked for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from msgspec import Struct

from orwatch.domain.hosts import Host


class HostLists(Struct, frozen=True, tag="hosts"):
    """The hosts of models as they were seen on a day (UTC), its identity.

    hosts: by the id of the catalogue, with its variant; without uptime, latency and throughput, which are of a moment.
    """

    day: date
    hosts: Mapping[str, tuple[Host, ...]]
