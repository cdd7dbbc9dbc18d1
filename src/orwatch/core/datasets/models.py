"""The catalogue of models, hourly."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from orwatch.api import models
from orwatch.core.datasets.dataset import Dataset, whole_list
from orwatch.domain.catalogue import CatalogueModel
from orwatch.store.cache import Cache


def _put(cache: Cache, found: tuple[CatalogueModel, ...] | None, seen: datetime) -> tuple[int, int]:
    if found is None:  # it is kept that the same models were seen again
        cache.catalogue.put_models(cache.catalogue.models(present=True), seen)
        return 0, 0
    known = {model.id for model in cache.catalogue.models()}
    changed_prices = cache.catalogue.put_models(found, seen)
    return sum(model.id not in known for model in found), changed_prices


MODELS: Final = Dataset("models", None, timedelta(hours=1), whole_list(models.PATH, models.fetch, _put))
