"""What the cache knows of the catalogue of a past day, and of the benchmarks in the newest one."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from orwatch.domain.catalogue import CatalogueModel, Pricing
from orwatch.domain.scores import ArenaScore, Benchmarks, Index
from orwatch.store.cache import Cache
from orwatch.store.database import upgrade
from orwatch.store.migrations import MIGRATIONS

MONDAY_15 = datetime(2026, 6, 15, tzinfo=UTC)


def listed(id_: str, price: str, benchmarks: Benchmarks | None = None) -> CatalogueModel:
    return CatalogueModel(id_, id_, id_, pricing=Pricing(Decimal(price)), benchmarks=benchmarks)


def test_prices_of_then_are_those_observed_by_then() -> None:
    """Seen on the 10th at noon, the 14th at 23:00 and the 20th; `lab/late` came with the last, `lab/gone` left with the second."""
    with Cache.open(None, "https://openrouter.ai") as cache:
        cache.catalogue.put_models(
            [listed("lab/a", "1"), listed("lab/gone", "5")], datetime(2026, 6, 10, 12, tzinfo=UTC)
        )
        cache.catalogue.put_models([listed("lab/a", "2")], datetime(2026, 6, 14, 23, tzinfo=UTC))
        cache.catalogue.put_models([listed("lab/a", "3"), listed("lab/late", "9")], datetime(2026, 6, 20, tzinfo=UTC))

        def then(day: int) -> tuple[dict[str, int], datetime | None]:
            found, seen = cache.catalogue.models_at(datetime(2026, 6, day, tzinfo=UTC))
            return {model.id: int(model.pricing.prompt or 0) for model in found}, seen

        assert then(10) == ({}, None)
        assert then(11) == ({"lab/a": 1, "lab/gone": 5}, datetime(2026, 6, 10, 12, tzinfo=UTC))
        assert then(14) == then(11)
        assert then(15) == ({"lab/a": 2}, datetime(2026, 6, 14, 23, tzinfo=UTC))
        assert then(20) == then(15)
        assert then(21) == ({"lab/a": 3, "lab/late": 9}, datetime(2026, 6, 20, tzinfo=UTC))
        assert cache.catalogue.first_seen() == datetime(2026, 6, 10, 12, tzinfo=UTC)


def test_a_catalogue_seen_twice_a_day_is_that_of_the_evening() -> None:
    with Cache.open(None, "https://openrouter.ai") as cache:
        cache.catalogue.put_models([listed("lab/a", "1")], MONDAY_15.replace(hour=9))
        cache.catalogue.put_models([listed("lab/a", "1")], MONDAY_15.replace(hour=21))
        assert cache.catalogue.models_at(MONDAY_15.replace(day=16))[1] == MONDAY_15.replace(hour=21)


def test_a_cache_from_before_sightings_were_kept_knows_them_from_what_it_saw(tmp_path: Path) -> None:
    path = tmp_path / "cache.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as old:
        upgrade(old, "The cache", MIGRATIONS[:3])
        first, last = (int(datetime(2026, 6, day, 8, tzinfo=UTC).timestamp()) for day in (10, 20))
        old.execute("INSERT INTO meta VALUES ('origin', 'https://openrouter.ai')")
        old.execute(
            "INSERT INTO catalogue VALUES ('lab/a', 'lab/a', 'A', NULL, NULL, 0, '2', NULL, NULL, NULL, '[]', NULL, ?, ?, 1)",
            (first, last),
        )
        old.executemany(
            "INSERT INTO price VALUES ('lab/a', ?, ?, NULL, NULL)", [(first, "1"), (first + 3 * 86_400, "2")]
        )
    with Cache.open(path, "https://openrouter.ai") as cache:
        for day, price, seen in ((11, "1", 10), (13, "1", 10), (14, "2", 13), (30, "2", 20)):
            (found,), at = cache.catalogue.models_at(datetime(2026, 6, day, tzinfo=UTC))
            assert (found.pricing.prompt, at) == (Decimal(price), datetime(2026, 6, seen, 8, tzinfo=UTC))


SCORES = Benchmarks(
    (ArenaScore("models", "3d", 36, 1244.0, 0.493), ArenaScore("agents", "svg")), (Index("coding", 71.8),)
)


def test_benchmarks_come_back_as_they_were_put() -> None:
    with Cache.open(None, "https://openrouter.ai") as cache:
        cache.catalogue.put_models([listed("lab/a", "1", SCORES), listed("lab/b", "1")], MONDAY_15)
        assert (cache.catalogue.benchmarks("lab/a"), cache.catalogue.benchmarks("lab/b")) == (SCORES, Benchmarks())


def test_a_catalogue_put_again_from_the_cache_keeps_benchmarks_and_one_without_them_takes_them() -> None:
    with Cache.open(None, "https://openrouter.ai") as cache:
        cache.catalogue.put_models([listed("lab/a", "1", SCORES)], MONDAY_15)
        cache.catalogue.put_models(cache.catalogue.models(present=True), MONDAY_15 + timedelta(hours=1))
        assert cache.catalogue.benchmarks("lab/a") == SCORES
        cache.catalogue.put_models([listed("lab/a", "1", Benchmarks())], MONDAY_15 + timedelta(hours=2))
        assert cache.catalogue.benchmarks("lab/a") == Benchmarks()
