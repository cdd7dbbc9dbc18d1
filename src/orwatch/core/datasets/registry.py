"""Every dataset of the API, in the order in which a refresh asks for them."""

from __future__ import annotations

from typing import Final

from orwatch.core.datasets import (
    apps,
    benchmarks,
    exports,
    hosts,
    models,
    programming,
    providers,
    rankings,
    session_cost,
    tasks,
)
from orwatch.core.datasets.dataset import Dataset

DATASETS: Final[tuple[Dataset, ...]] = (
    models.MODELS,
    providers.PROVIDERS,
    *rankings.RANKINGS,
    exports.EXPORTS,
    tasks.TASKS,
    session_cost.SESSION_COST,
    benchmarks.BENCHMARKS,
    benchmarks.KEYLESS,
    programming.PROGRAMMING,
    *apps.APPS,
    hosts.HOSTS,
)

RANKED: Final = tuple(dataset for dataset in DATASETS if not dataset.beside)
"""Those without which a poll has failed: the rankings, the catalogue and its providers."""

BESIDE: Final = tuple(dataset for dataset in DATASETS if dataset.beside)
"""The others."""
