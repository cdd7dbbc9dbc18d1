"""Prices as they are, or as the cache had seen them at the end of a past day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from orwatch.domain.catalogue import CatalogueModel
from orwatch.domain.hosts import with_discounts
from orwatch.domain.names import Catalogue
from orwatch.domain.prices import RECENT, recent_changes
from orwatch.store.cache import Cache


class Prices(Struct, frozen=True):
    """A catalogue at its prices.

    until: the midnight (UTC) before which they were seen; None: the newest. present: entries by id, in that order, with the
    discount that their hosts tell. moved: recent change of the input price by id. span: whole days that this change can look
    back: up to 21, less where the cache had not watched as long. seen_at: when the catalogue was seen; None where none was.
    since: when the cache first saw any.
    """

    until: datetime | None
    present: Mapping[str, CatalogueModel]
    moved: Mapping[str, Decimal]
    span: int
    seen_at: datetime | None
    since: datetime | None


def read_prices(cache: Cache, catalogue: Catalogue[CatalogueModel], until: datetime | None) -> Prices:
    """The prices that hold, or held before a midnight. catalogue: as last seen."""
    models: Iterable[CatalogueModel]
    if until is None:
        listed, seen = cache.catalogue.listed_ids(), cache.catalogue.seen_at()
        models = (model for model in catalogue.models if model.id in listed)
    else:
        models, seen = cache.catalogue.models_at(until)
    now = seen or until
    oldest = cache.catalogue.prices_since(until) or now
    hosts = cache.hosts.read_all(until)
    return Prices(
        until=until,
        present={
            model.id: replace(model, pricing=with_discounts(model.pricing, hosts[model.id]))
            if model.id in hosts
            else model
            for model in sorted(models, key=lambda model: model.id)
        },
        moved=recent_changes(cache.catalogue.moved_prices(now - RECENT, until), now) if now else {},
        span=min(RECENT, max(now - oldest, timedelta())).days if now and oldest else 0,
        seen_at=seen,
        since=cache.catalogue.first_seen(),
    )
