"""The list of providers, daily."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from orwatch.api import providers
from orwatch.core.datasets.dataset import Dataset, whole_list
from orwatch.domain.catalogue import Provider
from orwatch.store.cache import Cache


def _put(cache: Cache, found: tuple[Provider, ...] | None, seen: datetime) -> tuple[int, int]:
    return cache.catalogue.put_providers(found or (), seen)


PROVIDERS: Final = Dataset("providers", None, timedelta(days=1), whole_list(providers.PATH, providers.fetch, _put))
