"""The catalogue of models, hourly."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from orwatch.api import models
from orwatch.core.datasets.dataset import Dataset, whole_list
from orwatch.domain.catalogue import CatalogueModel
from orwatch.store.cache import Cache


def _put(cache: Cache, found: tuple[CatalogueModel, ...] | None, seen: datetime) -> tuple[int, int]:
    """None: it is kept that the same models were seen again."""
    return cache.catalogue.put_models(cache.catalogue.models(present=True) if found is None else found, seen)


MODELS: Final = Dataset("models", None, timedelta(hours=1), whole_list(models.PATH, models.fetch, _put))
