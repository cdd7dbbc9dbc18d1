"""What the cache keeps of the hosts of models."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from orwatch.domain.catalogue import CatalogueModel, Override, Pricing
from orwatch.domain.hosts import Host
from orwatch.store.cache import Cache
from orwatch.store.database import upgrade
from orwatch.store.migrations import MIGRATIONS

ORIGIN = "https://openrouter.ai"
MONDAY = datetime(2026, 6, 8, 2, tzinfo=UTC)
LATER = MONDAY + timedelta(hours=1)
LAB, ALIBABA = Host("Lab", "lab", Pricing(Decimal("0.1"))), Host("Alibaba", "alibaba", Pricing(Decimal("0.2")))


@pytest.fixture
def cache() -> Iterator[Cache]:
    with Cache.open(None, ORIGIN) as cache:
        yield cache


def test_hosts_come_back_as_they_were_put_and_in_the_sources_order(cache: Cache) -> None:
    dear = Override(prompt=Decimal("0.000002"), min_prompt_tokens=200_000)
    night = Override(completion=Decimal("0.5"), cache_read=Decimal(0), utc_start="1630", utc_end="0030")
    pricing = Pricing(Decimal("0.00000010"), Decimal(-1), Decimal(0), Decimal("0.511"), (dear, night))
    whole = Host("Lab [b]", "lab/eu", pricing, "fp8", 1_048_576, 0.9951, 0.677, 1294.5)
    # The same host twice under one tag, as a provider may have two offers.
    hosts = (whole, Host("Alibaba", "alibaba"), whole)
    assert cache.hosts.put("lab/a:free", hosts, MONDAY)
    assert cache.hosts.read("lab/a:free") == hosts
    assert str(cache.hosts.read("lab/a:free")[0].pricing.prompt) == str(Decimal("0.00000010"))
    assert cache.hosts.seen_at("lab/a:free") == MONDAY


def test_hosts_of_a_model_that_was_never_asked_for(cache: Cache) -> None:
    cache.hosts.put("lab/a", [LAB], MONDAY)
    assert (cache.hosts.read("lab/a:free"), cache.hosts.seen_at("lab/a:free")) == ((), None)


def test_the_newest_list_stands_whole(cache: Cache) -> None:
    cache.hosts.put("lab/a", [LAB, ALIBABA], MONDAY)
    cache.hosts.put("lab/b", [LAB], MONDAY)
    assert cache.hosts.put("lab/a", [ALIBABA], LATER)
    assert (cache.hosts.read("lab/a"), cache.hosts.seen_at("lab/a")) == ((ALIBABA,), LATER)
    assert (cache.hosts.read("lab/b"), cache.hosts.seen_at("lab/b")) == ((LAB,), MONDAY)


def test_the_same_hosts_again_are_seen_later_and_no_news(cache: Cache) -> None:
    cache.hosts.put("lab/a", [LAB, ALIBABA], MONDAY)
    revision = cache.revision()
    assert not cache.hosts.put("lab/a", iter([LAB, ALIBABA]), LATER)
    assert (cache.hosts.read("lab/a"), cache.hosts.seen_at("lab/a")) == ((LAB, ALIBABA), LATER)
    assert cache.revision() > revision


def test_another_order_is_news(cache: Cache) -> None:
    cache.hosts.put("lab/a", [LAB, ALIBABA], MONDAY)
    assert cache.hosts.put("lab/a", [ALIBABA, LAB], LATER)
    assert cache.hosts.read("lab/a") == (ALIBABA, LAB)


def test_an_empty_list_withdraws_nothing_that_was_seen(cache: Cache) -> None:
    cache.hosts.put("lab/a", [LAB], MONDAY)
    revision = cache.revision()
    assert not cache.hosts.put("lab/a", [], LATER)
    assert (cache.hosts.read("lab/a"), cache.hosts.seen_at("lab/a"), cache.revision()) == ((LAB,), MONDAY, revision)


def test_that_a_model_has_no_hosts_is_kept_where_none_were_seen(cache: Cache) -> None:
    assert cache.hosts.put("lab/a", [], MONDAY)
    assert (cache.hosts.read("lab/a"), cache.hosts.seen_at("lab/a"), cache.revision()) == ((), MONDAY, 1)
    assert not cache.hosts.put("lab/a", [], LATER)
    assert cache.hosts.seen_at("lab/a") == LATER
    assert cache.hosts.put("lab/a", [LAB], LATER)


def test_after_a_clock_was_set_back_the_later_put_stands(cache: Cache) -> None:
    cache.hosts.put("lab/a", [LAB], LATER)
    assert cache.hosts.put("lab/a", [ALIBABA], MONDAY)
    assert (cache.hosts.read("lab/a"), cache.hosts.seen_at("lab/a")) == ((ALIBABA,), MONDAY)


def test_a_time_without_a_zone_is_refused_and_changes_nothing(cache: Cache) -> None:
    cache.hosts.put("lab/a", [LAB], MONDAY)
    with pytest.raises(ValueError, match="no time zone"):
        cache.hosts.put("lab/a", [ALIBABA], datetime(2026, 6, 8))  # noqa: DTZ001
    assert cache.hosts.read("lab/a") == (LAB,)


@pytest.mark.parametrize("had", range(1, len(MIGRATIONS)))
def test_a_file_from_before_hosts_were_kept_takes_them(tmp_path: Path, had: int) -> None:
    path = tmp_path / "cache.db"
    listed = "0.000002"
    with closing(sqlite3.connect(path, isolation_level=None)) as old:
        upgrade(old, "The cache", MIGRATIONS[:had])
        old.execute("INSERT INTO meta VALUES ('origin', ?)", (ORIGIN,))
        old.execute(
            "INSERT INTO catalogue VALUES ('lab/a', 'lab/a', 'A', NULL, NULL, 0, '1', NULL, NULL, NULL, ?, NULL, 1, 1, 1)",
            (f'[["{listed}", null, null, 200000, null, null]]',),
        )
    dear = Override(prompt=Decimal(listed), min_prompt_tokens=200_000)
    with Cache.open(path, ORIGIN) as cache:
        assert cache.catalogue.models() == (
            CatalogueModel("lab/a", "lab/a", "A", pricing=Pricing(Decimal(1), overrides=(dear,))),
        )
        assert cache.hosts.seen_at("lab/a") is None
        assert cache.hosts.put("lab/a", [LAB], MONDAY)
    with Cache.open(path, ORIGIN) as cache:
        assert (cache.hosts.read("lab/a"), cache.hosts.seen_at("lab/a")) == ((LAB,), MONDAY)
