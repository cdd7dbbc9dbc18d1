"""Short ways give what the long ones give: leads walked back, filters made ready, listings read when they are looked at."""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from orwatch.domain.leads import Kind, Subject
from orwatch.domain.names import vendor_of
from orwatch.domain.periods import Grain, Period
from orwatch.domain.rankings import Lens, rank
from orwatch.domain.records import OTHER, Basis, Listing
from orwatch.store.cache import Cache

NOW = datetime(2026, 7, 1, 2, tzinfo=UTC)
VENDORS = {"deepseek": "CN", "qwen": "CN", "openai": "US", "google": "US", "mistralai": "FR", "stealth": None}
SUBJECTS = (Subject(Kind.MODEL), Subject(Kind.VENDOR), Subject(Kind.COUNTRY), Subject.versus("CN", "US"))
ORIGIN = "https://openrouter.ai"


def listings(seed: int) -> list[Listing]:
    """Forty weeks of nine to twelve models, with ties, gaps, and weeks that have too few rows for the basis."""
    dice = random.Random(seed)
    first = Period.of(Grain.WEEK, NOW.date() - timedelta(weeks=40))
    out, period = [], first
    while period.start <= NOW.date():
        names = [
            f"{dice.choice(list(VENDORS))}/m{n}{dice.choice(['', '', ':free'])}" for n in range(dice.choice([7, 9, 12]))
        ]
        rows = [(name, dice.choice([100, 200, 200, 300, 400])) for name in names]
        if dice.random() > 0.08:
            out.append(Listing.build(period, NOW, [*rows, (OTHER, dice.choice([0, 50]))]))
        period = period.next()
    return out


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("lens", [Lens(), Lens(Basis.CHART, free=False), Lens(Basis.TOP10, merged=True)])
def test_sums_by_vendor_and_country_are_those_of_the_rows(seed: int, lens: Lens) -> None:
    for listing in listings(seed):
        ranking = rank(listing, lens)
        country_of = {row.permaslug: VENDORS.get(vendor_of(row.permaslug)) for row in ranking.rows}
        tokens, models = ranking.by_key(country_of.get), Counter(map(country_of.get, ranking.slugs_on_basis))
        for key in VENDORS.values():
            mine = [row for row in ranking.on_basis if country_of[row.permaslug] == key]
            assert tokens.get(key, 0) == sum(row.tokens for row in mine)
            assert models.get(key, 0) == len(mine)
        assert ranking.outside + sum(row.tokens for row in ranking.on_basis) == listing.total
        assert [row.tokens for row in ranking.rows] == sorted((row.tokens for row in ranking.rows), reverse=True)


def test_a_stored_listing_is_the_one_that_was_put(tmp_path: Path) -> None:
    week = Period(Grain.WEEK, date(2026, 6, 1))
    # Equal totals, a name that sorts oddly, and a tail: the order is that of the ranking.
    put = Listing.build(week, NOW, [("b/b", 5), ("a/a", 5), ('c/"q\\', 7), (OTHER, 3)])
    bare = Listing.build(week.next(), NOW, [("a/a", 1)])
    with Cache.open(tmp_path / "c.sqlite3", ORIGIN) as cache:
        cache.rankings.put([put, bare])
        found = cache.rankings.read(Grain.WEEK)
    assert found == (put, bare)
    assert [(x.total, x.other) for x in found] == [(20, 3), (1, 0)]
    assert found[0].rows == (('c/"q\\', 7), ("a/a", 5), ("b/b", 5))
