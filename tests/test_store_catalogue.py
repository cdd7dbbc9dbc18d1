"""What the cache keeps of the model catalogue, its prices and the providers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from msgspec.structs import replace

from orwatch.domain.catalogue import (
    CatalogueModel,
    ObservedDiscount,
    ObservedPrice,
    Override,
    Pricing,
    Provider,
    Sighting,
)
from orwatch.domain.hosts import Host
from orwatch.store.cache import Cache

ORIGIN = "https://openrouter.ai"
MONDAY = datetime(2026, 6, 8, 2, tzinfo=UTC)
LATER = MONDAY + timedelta(hours=1)


@pytest.fixture
def cache() -> Iterator[Cache]:
    with Cache.open(None, ORIGIN) as cache:
        yield cache


def model(id_: str, prompt: str | None = "0.000001", completion: str | None = "0.000002") -> CatalogueModel:
    pricing = Pricing(None if prompt is None else Decimal(prompt), None if completion is None else Decimal(completion))
    return CatalogueModel(id_, id_, id_.upper(), pricing=pricing)


class TestModels:
    def test_an_entry_comes_back_as_it_was_put(self, cache: Cache) -> None:
        entry = CatalogueModel(
            id="lab/a:free",
            canonical_slug="lab/a-20260601",
            name="Lab: A [b]",
            created=datetime(2026, 6, 1, 12, tzinfo=UTC),
            context=1_048_576,
            open_weights=True,
            pricing=Pricing(
                Decimal("0.00000010"),
                Decimal("-1"),
                Decimal("0"),
                Decimal("0.25"),
                (
                    Override(prompt=Decimal("0.000002"), min_prompt_tokens=200_000),
                    Override(completion=Decimal("0.5"), cache_read=Decimal(0), utc_start="1630", utc_end="0030"),
                ),
            ),
            expires=date(2026, 12, 31),
        )
        bare = CatalogueModel("lab/b", "lab/b", "B")
        cache.catalogue.put_models([bare, entry], MONDAY)
        assert cache.catalogue.models() == (entry, bare)
        assert str(cache.catalogue.models()[0].pricing.prompt) == str(Decimal("0.00000010"))

    def test_models_that_left_the_catalogue_are_kept_behind_the_others(self, cache: Cache) -> None:
        a, b, c = model("lab/a"), model("lab/b"), model("lab/c")
        cache.catalogue.put_models([a, b], MONDAY)
        cache.catalogue.put_models([c, b], LATER)
        assert cache.catalogue.models() == (b, c, a)
        assert cache.catalogue.models(present=True) == (b, c)
        cache.catalogue.put_models([a], LATER)
        assert cache.catalogue.models(present=True) == (a,)

    def test_an_empty_catalogue_changes_nothing(self, cache: Cache) -> None:
        assert cache.catalogue.put_models([], MONDAY) == (0, 0)
        assert cache.catalogue.seen_at() is None
        cache.catalogue.put_models([model("lab/a")], MONDAY)
        revision = cache.revision()
        assert cache.catalogue.put_models(iter(()), LATER) == (0, 0)
        assert cache.catalogue.models(present=True) == (model("lab/a"),)
        assert (cache.catalogue.seen_at(), cache.revision()) == (MONDAY, revision)

    def test_seen_at_is_when_the_newest_catalogue_was_observed(self, cache: Cache) -> None:
        cache.catalogue.put_models([model("lab/a")], LATER)
        cache.catalogue.put_models([model("lab/b")], MONDAY)
        assert cache.catalogue.seen_at() == MONDAY

    def test_of_an_id_given_twice_the_last_entry_counts(self, cache: Cache) -> None:
        cache.catalogue.put_models([model("lab/a", "0.1"), model("lab/a", "0.2")], MONDAY)
        assert cache.catalogue.models() == (model("lab/a", "0.2"),)


class TestSightings:
    def test_an_id_is_seen_from_its_first_to_its_last_catalogue(self, cache: Cache) -> None:
        cache.catalogue.put_models([model("lab/a"), model("lab/b")], MONDAY)
        cache.catalogue.put_models([model("lab/a"), model("lab/c")], LATER)
        assert cache.catalogue.sightings() == {
            "lab/a": Sighting(MONDAY, LATER, True),
            "lab/b": Sighting(MONDAY, MONDAY, False),
            "lab/c": Sighting(LATER, LATER, True),
        }


class TestDiscounts:
    def put(self, cache: Cache, discount: str | None, at: datetime) -> None:
        pricing = Pricing(Decimal("0.1"), Decimal("0.2"), discount=None if discount is None else Decimal(discount))
        cache.catalogue.put_models([CatalogueModel("lab/a", "lab/a", "A", pricing=pricing)], at)

    def test_a_discount_is_recorded_when_it_changes_and_kept_while_nobody_tells(self, cache: Cache) -> None:
        for hour, discount in enumerate(("0", "0.0", None, "0.5", "0.5", None, "0.25")):
            self.put(cache, discount, MONDAY + timedelta(hours=hour))
        assert [
            (found.id, (found.observed_at - MONDAY).seconds // 3600, found.discount)
            for found in cache.catalogue.discounts()
        ] == [
            ("lab/a", 0, Decimal(0)),
            ("lab/a", 3, Decimal("0.5")),
            ("lab/a", 6, Decimal("0.25")),
        ]

    def test_hosts_that_ask_the_listed_price_tell_it(self, cache: Cache) -> None:
        self.put(cache, None, MONDAY)
        asking = Pricing(Decimal("0.1"), Decimal("0.2"), discount=Decimal("0.5"))
        dear = Pricing(Decimal("0.3"), Decimal("0.4"), discount=Decimal("0.1"))
        cache.hosts.put("lab/a", [Host("B", "b", dear), Host("C", "c", asking)], LATER)
        cache.hosts.put("lab/unlisted", [Host("C", "c", asking)], LATER)
        assert cache.catalogue.discounts() == (ObservedDiscount("lab/a", LATER, Decimal("0.5")),)


class TestPrices:
    def test_a_price_is_recorded_when_it_differs_from_the_latest(self, cache: Cache) -> None:
        assert cache.catalogue.put_models([model("lab/a", "0.1"), model("lab/b", "0.1")], MONDAY) == (2, 0)
        assert cache.catalogue.put_models([model("lab/a", "0.2"), model("lab/b", "0.10")], LATER) == (0, 1)
        assert cache.catalogue.prices("lab/a") == (
            ObservedPrice("lab/a", MONDAY, Decimal("0.1"), Decimal("0.000002"), None),
            ObservedPrice("lab/a", LATER, Decimal("0.2"), Decimal("0.000002"), None),
        )
        assert [(seen.id, seen.observed_at) for seen in cache.catalogue.prices()] == [
            ("lab/a", MONDAY),
            ("lab/b", MONDAY),
            ("lab/a", LATER),
        ]
        assert [seen.id for seen in cache.catalogue.prices(until=LATER)] == ["lab/a", "lab/b"]
        assert cache.catalogue.prices("lab/b", until=MONDAY) == ()

    def test_a_price_that_comes_back_is_a_change(self, cache: Cache) -> None:
        for hour, prompt in enumerate(["0.1", "0.2", "0.1", "0.1", None, "0.1"]):
            cache.catalogue.put_models([model("lab/a", prompt)], MONDAY + timedelta(hours=hour))
        assert [seen.prompt for seen in cache.catalogue.prices()] == [
            Decimal("0.1"),
            Decimal("0.2"),
            Decimal("0.1"),
            None,
            Decimal("0.1"),
        ]

    def test_a_clock_that_was_set_back_keeps_the_order_and_loses_no_price(self, cache: Cache) -> None:
        cache.catalogue.put_models([model("lab/a", "0.1")], LATER)
        assert cache.catalogue.put_models([model("lab/a", "0.2")], MONDAY) == (0, 1)
        assert cache.catalogue.put_models([model("lab/a", "0.3")], MONDAY) == (0, 1)
        assert [(seen.prompt, seen.observed_at - LATER) for seen in cache.catalogue.prices()] == [
            (Decimal("0.1"), timedelta(0)),
            (Decimal("0.2"), timedelta(seconds=1)),
            (Decimal("0.3"), timedelta(seconds=2)),
        ]

    def test_prices_of_models_that_left_are_kept(self, cache: Cache) -> None:
        cache.catalogue.put_models([model("lab/a", "0.1")], MONDAY)
        cache.catalogue.put_models([model("lab/b", "0.1")], LATER)
        assert len(cache.catalogue.prices("lab/a")) == 1
        assert cache.catalogue.put_models([model("lab/a", "0.1")], LATER + timedelta(days=9)) == (0, 0)


def test_providers_are_kept_and_renewed(cache: Cache) -> None:
    a, b = Provider("a", "A", "US"), Provider("b", "B")
    assert cache.catalogue.put_providers([b, a], MONDAY) == (2, 0)
    assert cache.catalogue.providers() == (a, b)
    assert cache.catalogue.put_providers([a, replace(b, headquarters="FR")], LATER) == (0, 1)
    assert cache.catalogue.put_providers([], LATER) == (0, 0)
    assert cache.catalogue.providers() == (a, Provider("b", "B", "FR"))
