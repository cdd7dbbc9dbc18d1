"""The migrations of the cache, in the order in which its tables were added; the statements are beside the tables.

A change of the tables is a new entry at the end of MIGRATIONS; an entry that was released is never edited.
Times are INTEGER epoch seconds (UTC), dates ISO text, prices decimal text in USD per token.
"""

from __future__ import annotations

from typing import Final

from orwatch.store import alerts, catalogue, deliveries, hosts, journal, lease, rankings, snapshots
from orwatch.store.database import Migration

MIGRATIONS: Final[tuple[Migration, ...]] = (
    (*rankings.CREATE, *catalogue.CREATE, *journal.CREATE),
    lease.CREATE,
    hosts.CREATE,
    (*catalogue.CREATE_SIGHTINGS, *catalogue.CREATE_BENCHMARKS),
    catalogue.CREATE_DISCOUNTS,
    (*alerts.CREATE, *deliveries.CREATE),
    rankings.ADD_ORIGIN,
    snapshots.CREATE,
    rankings.FOLD,
)
