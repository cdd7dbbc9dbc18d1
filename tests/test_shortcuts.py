"""Short ways give what the long ones give: leads walked back, filters made ready, listings read when they are looked at."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from orwatch.domain.filters import Facts, Filter, parse_words
from orwatch.domain.leads import Kind, Leadership, Subject
from orwatch.domain.periods import Grain, Period
from orwatch.domain.rankings import Lens, Rankings, rank
from orwatch.domain.records import OTHER, Basis, Listing, Record, Row
from orwatch.domain.shares import parts
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


@pytest.mark.parametrize("seed", range(12))
def test_a_lead_walked_back_is_the_lead_of_the_whole_record(seed: int) -> None:
    record = Record.build(Grain.WEEK, NOW, listings(seed), [])
    for basis in (Basis.CHART, Basis.TOP50):
        for subject in SUBJECTS:
            whole = Leadership(Rankings(record, Lens(basis)), subject, VENDORS.get)
            assert whole.leaders is not None
            for period in record.listings:
                walked = Leadership(Rankings(record, Lens(basis)), subject, VENDORS.get)
                assert walked.lead(period) == whole.lead(period), (basis, subject, period)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("lens", [Lens(), Lens(Basis.CHART, free=False), Lens(Basis.TOP10, merged=True)])
def test_sums_by_vendor_and_country_are_those_of_the_rows(seed: int, lens: Lens) -> None:
    for listing in listings(seed):
        ranking = rank(listing, lens)
        tokens, models = parts(ranking, VENDORS.get)
        for key in VENDORS.values():
            mine = [row for row in ranking.on_basis if VENDORS.get(row.vendor) == key]
            assert tokens.get(key, 0) == sum(row.tokens for row in mine)
            assert models.get(key, 0) == len(mine)
        assert ranking.outside + sum(row.tokens for row in ranking.on_basis) == listing.total
        assert [row.tokens for row in ranking.rows] == sorted((row.tokens for row in ranking.rows), reverse=True)


def test_a_filter_selects_the_rows_that_it_matches() -> None:
    rows = [
        Facts("qwen/qwen3:free", "Qwen3", "CN", "China", free=True),
        Facts("openai/gpt-5", "GPT-5", "US", "United States", open_weights=False),
        Facts("stealth/bunny", "Space Bunny", None, "unattributed"),
        Facts("mistralai/cnn", "CNN", "FR", "France"),
    ]
    typed = (
        "",
        "q",
        "qwen",
        "cn",
        "CN",
        "!CN",
        "!qwen",
        "US",
        "us",
        "??",
        "vendor:openai",
        "free:yes",
        "gpt,qwen",
        "n 5",
        "!cn",
        "fr !gpt",
        "ie",
        "FRA",
    )
    for text in typed:
        for picked in (frozenset[str](), frozenset({"CN"})):
            chosen = Filter(text, parse_words(text), countries=picked)
            assert chosen.select(rows, rows) == [row for row in rows if chosen.matches(row)], (text, picked)


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
    assert found[0].rows == (Row('c/"q\\', 7), Row("a/a", 5), Row("b/b", 5))


def test_the_stamp_moves_with_every_write_and_only_then(tmp_path: Path) -> None:
    with Cache.open(tmp_path / "c.sqlite3", ORIGIN) as mine, Cache.open(tmp_path / "c.sqlite3", ORIGIN) as other:
        before = mine.stamp()
        mine.rankings.read(Grain.DAY)
        assert mine.stamp() == before
        other.journal.set("note", "1")
        after = mine.stamp()
        assert after != before
        mine.journal.set("note", "2")
        assert mine.stamp() != after
