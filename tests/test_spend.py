"""Estimated spend, free and discounted share, open weights: on figures in sight, then on the recorded week of 3 August 2026."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

import standin as recorded
from cli_market import CITATION, ORIGIN, Cli, fill
from orwatch.domain.catalogue import CatalogueModel, Pricing
from orwatch.domain.hosts import Host
from orwatch.domain.spend import Band, Row, SpendSettings, added, estimate, skew
from orwatch.present import formats
from orwatch.store.cache import Cache

SETTINGS = SpendSettings()
MILLION = 10**6


def pricing(given: str, out: str, cached: str | None = None, discount: str | None = None) -> Pricing:
    """USD per million tokens."""
    prompt, completion, read = (None if text is None else Decimal(text) / MILLION for text in (given, out, cached))
    return Pricing(prompt, completion, read, None if discount is None else Decimal(discount))


@pytest.mark.parametrize(
    ("slug", "price", "low", "high"),
    [
        # 0.98 × (0.8 × 0.50 + 0.2 × 5) + 0.02 × 25, and 0.9 × 5 + 0.1 × 25
        ("anthropic/opus", pricing("5", "25", "0.5"), "1.872", "7"),
        # no price for cached input: all of it at the whole price
        ("qwen/max", pricing("0.4", "1.2"), "0.416", "0.48"),
        ("openai/gpt:free", None, "0", "0"),
        ("stealth/bunny", pricing("0", "0"), "0", "0"),
    ],
)
def test_a_million_tokens(slug: str, price: Pricing | None, low: str, high: str) -> None:
    assert estimate(slug, MILLION, price, SETTINGS) == Band(Decimal(low), Decimal(high))


@pytest.mark.parametrize("price", [None, pricing("-1", "-1"), Pricing(Decimal(1))])
def test_a_row_without_a_price_is_no_zero(price: Pricing | None) -> None:
    assert estimate("openrouter/auto", MILLION, price, SETTINGS) is None


def test_the_four_constants_are_settings() -> None:
    other = SpendSettings(low_input=0.5, low_cached=0.5, high_input=0.5, high_cached=0.25)
    found = estimate("a/b", MILLION, pricing("2", "10", "0"), other)
    assert found == Band(Decimal("5.5"), Decimal("5.75"))


def test_shares_are_of_both_ends() -> None:
    parts = [Band(Decimal(1), Decimal(9)), Band(Decimal(3), Decimal(1))]
    assert parts[0].of(added(parts)) == (Decimal("0.25"), Decimal("0.9"))
    assert Band().of(Band()) == (None, None)


def host(discount: str) -> Host:
    return Host("P", "p", Pricing(discount=Decimal(discount)))


def test_free_and_discounted_tokens_are_told_apart() -> None:
    rows = [
        Row("a/free:free", 10, None, (host("0.5"),)),
        Row("a/listed", 20, pricing("1", "1", discount="0.5"), (host("0.5"), host("0"))),
        Row("a/some", 30, pricing("1", "1", discount="0"), (host("0.5"), host("0"))),
        Row("a/every", 5, pricing("1", "1"), (host("0.1"), host("0.2"))),
        Row("a/none", 15, pricing("1", "1"), ()),
    ]
    found = skew(rows, 100, None)
    assert (found.free, found.shown, found.some, found.every) == (0.1, 0.2, 0.55, 0.05)


def test_discounts_are_unknown_before_hosts_are() -> None:
    assert skew([Row("a/b", 10, pricing("1", "1"), ())], 10, None).shown is None


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        ("16169687", "58307989", "$16–58M"),
        ("3200000", "9800000", "$3.2–9.8M"),
        ("0", "0", "$0"),
        ("500", "500", "$500"),
    ],
)
def test_a_band_in_words(low: str, high: str, text: str) -> None:
    assert formats.usd_range(Decimal(low), Decimal(high)) == text


# On the market of three weeks, whose prices were seen on 22 June


def test_the_newest_week_at_prices_seen_after_it_is_marked(cli: Cli) -> None:
    meta, rows = cli.json("spend")
    assert meta["prices"] == "2026-06-22"
    assert meta["citation"] == f"{CITATION} Source: OpenRouter (openrouter.ai/models), seen 2026-06-22T02:00:00Z."
    opus = next(row for row in rows if row["permaslug"] == "anthropic/opus")
    # 110 billion tokens
    assert (opus["rank"], opus["low"], opus["high"]) == (1, 205920.0, 770000.0)
    assert set(meta["unpriced"]) >= {"stealth/bunny", "google/flash"}
    # deepseek 300, opus 110, qwen 100, gpt 80, of 900
    assert meta["coverage"] == pytest.approx(590 / 900)
    assert sum(row["share_high"] or 0 for row in rows) == pytest.approx(1)
    assert "at prices of 22 Jun" in cli("spend")[1]


def test_a_past_week_of_which_no_price_was_seen_has_none(cli: Cli) -> None:
    meta, rows = cli.json("spend", "--at", "2026-06-08")
    assert (meta["prices"], meta["low"], meta["high"]) == ("period", None, None)
    assert {row["permaslug"] for row in rows if row["low"] is not None} == {"openai/gpt:free"}
    meta, rows = cli.json("spend", "--at", "2026-06-08", "--today")
    assert meta["prices"] == "2026-06-22"
    assert next(row["low"] for row in rows if row["permaslug"] == "anthropic/opus") == 187200.0


def test_by_period_each_has_the_prices_seen_by_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    cli = Cli(tmp_path, monkeypatch, capsys, filled=False)
    with Cache.open(cli.cache, ORIGIN) as cache:
        entry = CatalogueModel("deepseek/v4", "deepseek/v4", "DeepSeek: DeepSeek V4", pricing=pricing("1", "1"))
        cache.catalogue.put_models([entry], datetime(2026, 6, 10, tzinfo=UTC))
    fill(cli.cache)  # whose prices were seen on 22 June
    _, rows = cli.json("spend", "--by", "period")
    # 200 thousand million tokens at a dollar a million
    assert [(row["start"], row["high"], row["prices"]) for row in rows] == [
        ("2026-06-15", 300000.0, "period"),
        ("2026-06-08", 200000.0, "period"),
    ]


def test_the_demos_week_of_3_august_at_the_prices_seen_in_it(cli: Cli) -> None:
    meta, _ = cli.json("spend", "--demo", "--at", "2026-08-05")
    assert (meta["prices"], meta["prices_seen"][:10]) == ("period", "2026-08-07")
    assert (meta["low"], meta["high"]) == (pytest.approx(16.17e6, rel=1e-3), pytest.approx(58.31e6, rel=1e-3))
    assert meta["coverage"] == pytest.approx(0.934, abs=5e-4)
    assert "openrouter.ai/models), seen 2026-08-07" in meta["citation"]


def test_by_country_rows_are_sums(cli: Cli) -> None:
    _, models = cli.json("spend")
    _, countries = cli.json("spend", "--by", "country")
    us = next(row for row in countries if row["country"] == "US")
    assert us["high"] == pytest.approx(sum(row["high"] or 0 for row in models if row["country"] == "US"))
    assert cli("spend", "--by", "host")[0] == 2


def test_merged_variants_cost_what_their_rows_do(cli: Cli) -> None:
    _, apart = cli.json("spend", "--today", "--at", "2026-06-08")
    _, merged = cli.json("spend", "--today", "--at", "2026-06-08", "--merge-variants")
    high = {row["permaslug"]: row["high"] for row in apart}
    assert next(row["high"] for row in merged if row["permaslug"] == "openai/gpt") == high["openai/gpt"]


def test_open_weights(cli: Cli) -> None:
    _, rows = cli.json("share", "--by", "openness")
    assert {row["weights"]: row["tokens"] // 10**9 for row in rows} == {
        "open": 300,
        "closed": 290,
        None: 250,
        "other": 60,
    }
    assert rows[0]["share_of_known"] == pytest.approx(300 / 590)


def test_prices_cite_the_page_they_stand_on_without_a_licence(cli: Cli) -> None:
    text = cli("prices", "--format", "csv")[1]
    assert "Source: OpenRouter (openrouter.ai/models), seen 2026-06-22T02:00:00Z." in text
    assert "CC BY" not in text
    assert "openrouter.ai/rankings" not in text


# The checks of the definitions, on the recorded week of 3 to 9 August 2026


@pytest.fixture(scope="module")
def august() -> Iterator[str]:
    reason = recorded.absent()
    if reason is not None:
        pytest.skip(reason)
    with recorded.serve("2026-08-10T09:00:00Z") as url:
        yield url


@pytest.fixture
def polled(august: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Cli:
    cli = Cli(tmp_path, monkeypatch, capsys, filled=False)
    monkeypatch.setenv("ORWATCH_BASE_URL", august)
    monkeypatch.setenv("OPENROUTER_API_KEY", recorded.KEY)
    for _ in range(2):  # the hosts that a first start leaves come with the second poll
        assert cli("poll")[0] == 0
    return cli


@pytest.mark.recorded
def test_the_recorded_week(polled: Cli) -> None:
    meta, _ = polled.json("spend")
    assert (meta["low"], meta["high"]) == (pytest.approx(16.17e6, rel=1e-3), pytest.approx(58.31e6, rel=1e-3))
    assert meta["coverage"] == pytest.approx(0.934, abs=5e-4)
    assert meta["coverage_of_named"] == 1

    _, rows = polled.json("spend", "--by", "country")
    ends = {row["country"]: (row["share_low"], row["share_high"]) for row in rows}
    assert ends["CN"] == (pytest.approx(0.301, abs=1e-3), pytest.approx(0.279, abs=1e-3))
    assert ends["US"] == (pytest.approx(0.699, abs=1e-3), pytest.approx(0.721, abs=1e-3))

    meta, _ = polled.json("share")
    assert meta["free_share"] == pytest.approx(0.081, abs=5e-4)
    assert meta["discounted_share"] == pytest.approx(0.092, abs=5e-4)
    assert meta["discounted_share_some_host"] == pytest.approx(0.548, abs=5e-4)
    assert meta["discounted_share_every_host"] == pytest.approx(0.003, abs=5e-4)
