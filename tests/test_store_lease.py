"""Of several processes on one cache, only one polls at a time."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from orwatch.store.cache import Cache

ORIGIN = "https://openrouter.ai"
NOON = datetime(2026, 6, 8, 12, tzinfo=UTC)


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[tuple[Cache, Cache]]:
    """One file, opened twice."""
    path = tmp_path / "openrouter.db"
    with Cache.open(path, ORIGIN) as one, Cache.open(path, ORIGIN) as two:
        yield one, two


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def test_one_holds_it_and_the_other_does_not(pair: tuple[Cache, Cache]) -> None:
    one, two = pair
    assert one.leases.acquire("poll", "one", NOON, 60)
    assert not two.leases.acquire("poll", "two", after(59), 60)


def test_an_expired_lease_can_be_taken(pair: tuple[Cache, Cache]) -> None:
    one, two = pair
    assert one.leases.acquire("poll", "one", NOON, 60)
    assert two.leases.acquire("poll", "two", after(60), 60)
    assert not one.leases.acquire("poll", "one", after(61), 60)
    assert not one.leases.renew("poll", "one", after(61), 60)


def test_its_holder_extends_it(pair: tuple[Cache, Cache]) -> None:
    one, two = pair
    assert one.leases.acquire("poll", "one", NOON, 60)
    assert one.leases.acquire("poll", "one", after(30), 60)
    assert not two.leases.acquire("poll", "two", after(61), 60)
    assert one.leases.renew("poll", "one", after(80), 60)
    assert not two.leases.acquire("poll", "two", after(139), 60)


def test_a_holder_that_was_late_keeps_what_nobody_took(pair: tuple[Cache, Cache]) -> None:
    one, two = pair
    one.leases.acquire("poll", "one", NOON, 60)
    assert one.leases.renew("poll", "one", after(300), 60)
    assert not two.leases.acquire("poll", "two", after(301), 60)


def test_a_released_lease_can_be_taken_at_once(pair: tuple[Cache, Cache]) -> None:
    one, two = pair
    one.leases.acquire("poll", "one", NOON, 60)
    one.leases.release("poll", "one")
    assert not one.leases.renew("poll", "one", NOON, 60)
    assert two.leases.acquire("poll", "two", NOON, 60)


def test_what_another_holds_is_not_released(pair: tuple[Cache, Cache]) -> None:
    one, two = pair
    one.leases.acquire("poll", "one", NOON, 60)
    two.leases.release("poll", "two")
    assert not two.leases.acquire("poll", "two", NOON, 60)


def test_leases_of_other_names_are_apart(pair: tuple[Cache, Cache]) -> None:
    one, two = pair
    assert one.leases.acquire("poll", "one", NOON, 60)
    assert two.leases.acquire("deliver", "two", NOON, 60)


def test_a_part_of_a_second_counts_as_a_whole_one(pair: tuple[Cache, Cache]) -> None:
    one, two = pair
    assert one.leases.acquire("poll", "one", NOON, 0.2)
    assert not two.leases.acquire("poll", "two", after(0.9), 0.2)
    assert two.leases.acquire("poll", "two", after(1), 0.2)


def test_a_lease_from_before_the_clock_was_set_back_is_over(pair: tuple[Cache, Cache]) -> None:
    one, two = pair
    assert one.leases.acquire("poll", "one", after(86_400), 60)
    assert two.leases.acquire("poll", "two", NOON, 60)


def test_one_that_waited_for_the_lock_does_not_take_what_was_taken_meanwhile(pair: tuple[Cache, Cache]) -> None:
    one, two = pair
    assert one.leases.acquire("poll", "one", after(5), 60)
    assert not two.leases.acquire("poll", "two", NOON, 60)


def test_of_many_that_ask_at_once_one_gets_it(tmp_path: Path) -> None:
    path = tmp_path / "openrouter.db"

    def ask(holder: int) -> bool:
        with Cache.open(path, ORIGIN) as cache:
            return cache.leases.acquire("poll", str(holder), NOON, 60)

    with ThreadPoolExecutor(8) as threads:
        assert sorted(threads.map(ask, range(8))) == [False] * 7 + [True]
