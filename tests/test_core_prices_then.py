"""Prices of a past period: those that the cache had seen by its end, never today's.

The market of `cli_market`, whose weeks begin on 1, 8 and 15 June. Input prices, in USD per million tokens, as they were seen:

    seen     deepseek/v4  openai/gpt  anthropic/opus
    9 June   0.40         3           -
    12 June  0.20         3           5
    22 June  0.10         2           5
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from cli_market import AS_OF, WEEKS, Cli
from orwatch.core.market import Market
from orwatch.core.views.prices import price_list
from orwatch.domain.catalogue import CatalogueModel, Override, Pricing
from orwatch.domain.hosts import Host
from orwatch.domain.periods import Grain
from orwatch.domain.prices import PriceList
from orwatch.domain.query import At, Query
from orwatch.domain.rankings import Lens
from orwatch.domain.records import Basis
from orwatch.domain.vendors import Attribution
from orwatch.store.cache import Cache
from test_core_views import put

WEEK_1, WEEK_2, WEEK_3 = (date(2026, 6, day) for day in (1, 8, 15))
SEEN: dict[int, dict[str, str]] = {
    9: {"deepseek/v4": "0.4", "openai/gpt": "3"},
    12: {"deepseek/v4": "0.2", "openai/gpt": "3", "anthropic/opus": "5"},
    22: {"deepseek/v4": "0.1", "openai/gpt": "2", "anthropic/opus": "5"},
}


def entry(id_: str, price: str) -> CatalogueModel:
    long = Override(Decimal(price) / 10**6 * 2, min_prompt_tokens=200_000)
    return CatalogueModel(
        id_, id_, id_, pricing=Pricing(Decimal(price) / 10**6, Decimal(price) / 10**5, overrides=(long,))
    )


def watch(cache: Cache) -> None:
    """Puts what was seen into a cache."""
    put(cache, Grain.WEEK, WEEKS)
    for day, prices in SEEN.items():
        cache.catalogue.put_models([entry(*item) for item in prices.items()], datetime(2026, 6, day, 2, tzinfo=UTC))


@pytest.fixture
def market() -> Market:
    cache = Cache.open(None, "https://openrouter.ai")
    watch(cache)
    return Market(cache, Attribution())


def look(market: Market, at: At, grain: Grain = Grain.WEEK) -> PriceList:
    return price_list(market.renewed(), Query(grain, at, Lens(Basis.CHART)))


def inputs(found: PriceList) -> dict[str, str]:
    return {row.figures.id: f"{row.figures.input:f}" for row in found.rows}


def test_a_past_week_has_the_prices_seen_by_its_end(market: Market) -> None:
    found = look(market, WEEK_2)
    assert inputs(found) == {"deepseek/v4": "0.2", "anthropic/opus": "5", "openai/gpt": "3"}
    assert found.seen_at == datetime(2026, 6, 12, 2, tzinfo=UTC)
    assert found.until == datetime(2026, 6, 15, tzinfo=UTC)
    assert {row.figures.discount for row in found.rows} == {None}


def test_the_newest_week_asked_for_by_date_is_then_too(market: Market) -> None:
    assert inputs(look(market, WEEK_3))["deepseek/v4"] == "0.2"
    assert inputs(look(market, "newest"))["deepseek/v4"] == "0.1"
    assert (look(market, "newest").until, look(market, "newest").seen_at) == (
        None, datetime(2026, 6, 22, 2, tzinfo=UTC),
    )  # fmt: skip


def test_before_the_cache_watched_there_are_no_prices(market: Market) -> None:
    found = look(market, WEEK_1)
    assert (len(found.rows), found.baseline, found.seen_at) == (0, None, None)
    assert found.since == datetime(2026, 6, 9, 2, tzinfo=UTC)
    assert found.gaps["input"].ratio is None


def test_the_recent_change_is_that_of_then(market: Market) -> None:
    def changes(at: At) -> dict[str, Decimal]:
        return {row.figures.id: row.figures.change for row in look(market, at).rows if row.figures.change is not None}

    assert changes(WEEK_2) == {"deepseek/v4": Decimal("-0.5")}
    assert changes("newest") == {"deepseek/v4": Decimal("-0.75"), "openai/gpt": Decimal(-1) / 3}
    assert (look(market, WEEK_2).span, look(market, "newest").span) == (3, 13)


def test_the_gap_is_that_of_the_week_that_was_newest_then(market: Market) -> None:
    """US: the medians of 3 and 5, then of 2 and 5."""
    then, now = look(market, WEEK_2).gaps["input"], look(market, "newest").gaps["input"]
    assert (then.cn, then.us, then.ratio) == (Decimal("0.2"), Decimal(4), Decimal(20))
    assert (now.cn, now.us, now.ratio) == (Decimal("0.1"), Decimal("3.5"), Decimal(35))


def test_a_day_asks_for_the_week_that_had_ended_by_it(market: Market) -> None:
    put(market.cache, Grain.DAY, {date(2026, 6, 13): {"openai/gpt": 1}})
    put(market.cache, Grain.WEEK, {WEEK_1: {**WEEKS[WEEK_1], "deepseek/v4": 0}}, AS_OF)
    found = look(market, date(2026, 6, 13), Grain.DAY)
    assert inputs(found)["deepseek/v4"] == "0.2"
    assert (found.gaps["input"].cn, found.gaps["input"].us) == (None, Decimal(4))


def test_hosts_seen_later_tell_no_discount_of_then(market: Market) -> None:
    def put_host(price: str, moment: datetime) -> None:
        whole = Pricing(Decimal(price) / 10**6, Decimal(price) / 10**5, None, Decimal("0.5"))
        market.cache.hosts.put("deepseek/v4", [Host("Lab", "lab", whole)], moment)

    put_host("0.1", datetime(2026, 6, 22, 3, tzinfo=UTC))
    now = next(row.figures for row in look(market, "newest").rows if row.figures.id == "deepseek/v4")
    assert (now.discount, now.list_input, now.list_output) == (Decimal("0.5"), Decimal("0.2"), Decimal(2))
    assert {row.figures.discount for row in look(market, WEEK_2).rows} == {None}
    put_host("0.2", datetime(2026, 6, 13, tzinfo=UTC))
    then = next(row.figures for row in look(market, WEEK_2).rows if row.figures.id == "deepseek/v4")
    assert (then.discount, then.list_input) == (Decimal("0.5"), Decimal("0.4"))


# The command


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Cli:
    made = Cli(tmp_path, monkeypatch, capsys, filled=False)
    with Cache.open(made.cache, "https://openrouter.ai") as cache:
        watch(cache)
        whole = Pricing(Decimal("0.0000001"), Decimal("0.000001"), None, Decimal("0.3"))
        cache.hosts.put("deepseek/v4", [Host("Lab", "lab", whole)], AS_OF)
    return made


def test_the_command_gives_the_prices_of_then(cli: Cli) -> None:
    meta, rows = cli.json("prices", "--at", "2026-06-10", "--basis", "chart")
    assert {row["id"]: row["input"] for row in rows} == {"deepseek/v4": "0.2", "anthropic/opus": "5", "openai/gpt": "3"}
    assert (meta["as_of"], meta["gap"]["input"]["ratio"]) == ("2026-06-12T02:00:00Z", 20)
    code, out, _ = cli("prices", "--at", "2026-06-10")
    assert (code, out.splitlines()[0].startswith("Prices · as of 12 Jun 2026 · ")) == (0, True)


def test_the_command_never_gives_todays_price_for_a_past_week(cli: Cli) -> None:
    code, out, err = cli("prices", "--at", "2026-06-03")
    assert (code, out) == (3, "")
    assert "No prices were seen then; the cache has watched them since 9 Jun 2026." in err


def test_the_command_gives_the_discounts_of_hosts_in_the_cache(cli: Cli) -> None:
    rows = {row["id"]: row for row in cli.json("prices")[1]}
    flash = rows["deepseek/v4"]
    assert (flash["input"], flash["discount"], flash["list_input"], flash["list_output"]) == (
        "0.1", 0.3, "0.142857", "1.428571",
    )  # fmt: skip
    assert (rows["openai/gpt"]["discount"], rows["openai/gpt"]["list_input"]) == (None, None)
