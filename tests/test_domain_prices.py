"""Prices: USD per million tokens in decimal arithmetic, discounts, routers, ratios, changes and the gap between countries."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import astuple

from orwatch.domain.catalogue import CatalogueModel, ObservedPrice, Pricing, per_million
from orwatch.domain.prices import (
    Gap,
    PriceFigures,
    Rotation,
    country_gap,
    gap,
    list_price,
    price_figures,
    ratio,
    recent_changes,
    rotation,
)
from orwatch.domain.vendors import Attribution

COUNTRY_OF = Attribution().country


def usd(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def model(
    id_: str = "deepseek/v4",
    prompt: str | None = None,
    completion: str | None = None,
    cached: str | None = None,
    discount: str | None = None,
) -> CatalogueModel:
    """A catalogue entry with prices per token, as the API writes them."""
    pricing = Pricing(usd(prompt), usd(completion), usd(cached), usd(discount))
    return CatalogueModel(id=id_, canonical_slug=id_.partition(":")[0], name=id_, pricing=pricing)


def figures(
    prompt: str | None = None, completion: str | None = None, cached: str | None = None, discount: str | None = None
) -> PriceFigures:
    return price_figures(model("deepseek/v4", prompt, completion, cached, discount))


# Per million, exactly


@pytest.mark.parametrize(
    ("per_token", "price"),
    [
        ("0.00000009", "0.09"),
        ("0.000000098", "0.098"),
        ("0.0000000028", "0.0028"),
        ("0.0000003", "0.3"),  # in binary floats 0.3 is 0.299999… or 0.30000000000000004
        ("0.000005", "5"),
        ("0.000025", "25"),
        ("0.00015", "150"),
        ("0.0006", "600"),
        ("1e-7", "0.1"),
        ("0", "0"),
        ("0.00", "0"),
        ("-1", None),
        ("-0.000001", None),
        (None, None),
    ],
)
def test_a_price_is_the_per_token_string_times_a_million(per_token: str | None, price: str | None) -> None:
    assert per_million(usd(per_token)) == usd(price)


@pytest.mark.parametrize(
    ("per_token", "text"), [("0.00015", "150"), ("0.0000010", "1"), ("0.00000050", "0.5"), ("0", "0")]
)
def test_a_price_is_written_without_exponent_and_without_padding(per_token: str, text: str) -> None:
    assert str(per_million(Decimal(per_token))) == text


def test_tenths_add_up_as_they_do_on_paper() -> None:
    tenth, fifth = per_million(Decimal("0.0000001")), per_million(Decimal("0.0000002"))
    assert tenth is not None
    assert fifth is not None
    assert tenth + fifth == per_million(Decimal("0.0000003")) == Decimal("0.3")


@given(st.integers(0, 10**15))
def test_no_digit_is_lost(picodollars: int) -> None:
    assert per_million(Decimal(picodollars).scaleb(-12)) == Decimal(picodollars).scaleb(-6)


# Discounts and free


@pytest.mark.parametrize(
    ("price", "discount", "listed"),
    [
        ("0.09", "0.1", "0.1"),
        ("0.3", "0.25", "0.4"),
        ("0.098", "0.3", "0.14"),
        ("0.5", "0", "0.5"),
        ("0", "0.5", "0"),
        ("0.5", "1", None),  # nothing is left to divide by
        ("0.5", None, None),  # unknown, not zero
        (None, "0.5", None),
    ],
)
def test_the_list_price_is_the_price_over_one_less_the_discount(
    price: str | None, discount: str | None, listed: str | None
) -> None:
    assert list_price(usd(price), usd(discount)) == usd(listed)


def test_without_a_discount_the_list_price_is_unknown_not_the_price() -> None:
    row = figures("0.0000003", "0.0000009")
    assert (row.discount, row.list_input, row.list_output) == (None, None, None)


def test_with_a_discount_both_list_prices_are_told() -> None:
    row = figures("0.0000003", "0.0000009", discount="0.25")
    assert (row.discount, row.list_input, row.list_output) == (Decimal("0.25"), Decimal("0.4"), Decimal("1.2"))


@pytest.mark.parametrize(
    ("id_", "prompt", "completion", "discount", "free"),
    [
        ("a/x", "0", "0", None, True),
        ("a/x", "0.000001", "0.000002", "1", True),  # all of it taken off
        ("a/x:free", "0", "0", None, True),
        ("a/x:free", None, None, None, True),
        ("a/x", "0", "0.000002", None, False),
        ("a/x", "0.000001", "0", None, False),
        ("a/x", "0.000001", "0.000002", "0.99", False),
        ("a/x", None, None, None, False),  # unknown is not free
        ("openrouter/auto", "-1", "-1", None, False),
    ],
)
def test_free_is_a_price_of_zero_or_a_discount_of_one(
    id_: str, prompt: str | None, completion: str | None, discount: str | None, free: bool
) -> None:
    assert price_figures(model(id_, prompt, completion, discount=discount)).free is free


def test_cached_input_has_its_own_price() -> None:
    row = figures("0.0000003", "0.0000009", "0.00000003")
    assert (row.input, row.output, row.cached_input) == (Decimal("0.3"), Decimal("0.9"), Decimal("0.03"))


# Routers


@pytest.mark.parametrize(("prompt", "completion"), [("-1", "-1"), ("-1", "0.000002"), ("0.000002", "-1")])
@pytest.mark.parametrize("discount", [None, "0.5"])
def test_a_negative_price_varies_and_is_never_a_number(prompt: str, completion: str, discount: str | None) -> None:
    baseline = model("a/x", "0.000001", "0.000001")
    row = price_figures(model("openrouter/auto", prompt, completion, "0.0000001", discount), baseline)
    assert row.varies
    numbers = (row.input, row.output, row.cached_input, row.list_input, row.list_output)
    assert (*numbers, row.input_ratio, row.output_ratio) == (None,) * 7


def test_a_price_varies_only_where_one_is_negative() -> None:
    assert not figures("0", "0").varies
    assert not figures().varies


# Ratio


@pytest.mark.parametrize(
    ("price", "base", "times"),
    [
        ("5", "0.09", "55.55555555555555555555555556"),
        ("0.3", "0.1", "3"),
        ("0", "5", "0"),
        ("5", "0", None),
        ("5", None, None),
        (None, "5", None),
    ],
)
def test_a_ratio_is_the_price_over_the_baselines(price: str | None, base: str | None, times: str | None) -> None:
    assert ratio(usd(price), usd(base)) == usd(times)


def test_input_and_output_have_ratios_of_their_own() -> None:
    row = price_figures(model("a/x", "0.000005", "0.000025"), model("b/y", "0.000001", "0.000002"))
    assert (row.input_ratio, row.output_ratio) == (Decimal(5), Decimal("12.5"))


@pytest.mark.parametrize("baseline", [None, model("openrouter/auto", "-1", "-1"), model("b/y", "0", "0"), model("b/y")])
def test_there_is_no_ratio_to_a_baseline_without_a_price(baseline: CatalogueModel | None) -> None:
    row = price_figures(model("a/x", "0.000005", "0.000025"), baseline)
    assert (row.input_ratio, row.output_ratio) == (None, None)


def test_the_baseline_is_once_itself() -> None:
    base = model("a/x", "0.00000014", "0.00000028")
    assert price_figures(base, base).input_ratio == 1


@pytest.mark.parametrize("id_", ["anthropic/opus", "anthropic/opus:free", "~anthropic/opus"])
def test_the_vendor_is_the_author_whatever_stands_around_it(id_: str) -> None:
    assert price_figures(model(id_, "0.000001", "0.000001")).vendor == "anthropic"


# Country gap


@pytest.mark.parametrize(
    ("case", "cn", "us", "expected"),
    [
        ("odd numbers", ["0.1", "0.4", "0.2"], ["5", "1", "2"], ("0.2", "2", "10")),
        ("even numbers", ["0.1", "0.2"], ["1", "2", "3", "10"], ("0.15", "2.5", "16.66666666666666666666666667")),
        ("one each", ["0.2"], ["3"], ("0.2", "3", "15")),
        ("CN alone", ["0.2"], [], ("0.2", None, None)),
        ("US alone", [], ["3"], (None, "3", None)),
        ("free ones are left out", ["0", "0.2", "0"], ["0", "3"], ("0.2", "3", "15")),
        ("only free ones", ["0"], ["3"], (None, "3", None)),
    ],
)
def test_the_gap_is_the_ratio_of_the_medians_above_zero(
    case: str, cn: list[str], us: list[str], expected: tuple[str | None, str | None, str | None]
) -> None:
    found = gap([*(("CN", usd(price)) for price in cn), *(("US", usd(price)) for price in us)])
    assert (found.cn, found.us, found.ratio) == tuple(map(usd, expected)), case


def test_the_gap_names_the_lowest_and_highest_of_each() -> None:
    prices = [("CN", "0.4"), ("US", "25"), ("CN", "0.1"), ("US", "0.5"), ("CN", "0.2"), ("FR", "99"), (None, "0.01")]
    found = gap([(country, usd(price)) for country, price in prices])
    assert (found.cn_low, found.cn_high, found.us_low, found.us_high) == (*map(Decimal, ("0.1", "0.4", "0.5", "25")),)


def test_tenths_have_an_exact_median() -> None:
    assert gap([("CN", Decimal("0.1")), ("CN", Decimal("0.2"))]).cn == Decimal("0.15")


def test_input_and_output_have_gaps_of_their_own_and_routers_none() -> None:
    found = country_gap(
        [
            model("deepseek/v4", "0.0000001", "0.0000004"),
            model("qwen/max", "0.0000003", "0.0000012"),
            model("openai/gpt", "0.000002", "0.000008"),
            model("openai/auto", "-1", "-1"),
            model("google/flash:free", "0", "0"),
            model("mistralai/large", "0.000009", "0.000009"),
            model("nobody/x", "0.000009", "0.000009"),
        ],
        COUNTRY_OF,
    )
    assert astuple(found["input"]) == (*map(Decimal, ("0.2", "2", "10", "0.1", "0.3", "2", "2")), 2, 1)
    assert astuple(found["output"]) == (*map(Decimal, ("0.8", "8", "10", "0.4", "1.2", "8", "8")), 2, 1)


def test_a_gap_of_nothing_is_unknown() -> None:
    assert gap([]) == Gap(None, None, None, None, None, None, None)


# Recent changes

NOW = datetime(2026, 8, 22, 2, tzinfo=UTC)


def seen(*prices: tuple[int, str | None], id_: str = "a/x") -> list[ObservedPrice]:
    """(days ago, USD per token), oldest first."""
    return [ObservedPrice(id_, NOW - timedelta(days), usd(price), None, None) for days, price in prices]


@pytest.mark.parametrize(
    ("case", "prices", "changed"),
    [
        ("once, within three weeks", [(40, "0.000002"), (5, "0.000001")], "-0.5"),
        ("twice: against the one that held three weeks ago", [(40, "4e-6"), (10, "2e-6"), (5, "1e-6")], "-0.75"),
        ("the one that held then is the newest before", [(90, "8e-6"), (40, "4e-6"), (5, "1e-6")], "-0.75"),
        ("longer ago", [(90, "0.000002"), (40, "0.000001")], None),
        ("first seen within three weeks", [(10, "0.000002"), (5, "0.000003")], "0.5"),
        ("seen once", [(10, "0.000002")], None),
        ("back where it was", [(40, "0.000002"), (10, "0.000001"), (5, "0.000002")], None),
        ("became free", [(40, "0.000002"), (5, "0")], "-1"),
        ("was free: no infinite change", [(40, "0"), (5, "0.000002")], None),
        ("became unknown", [(40, "0.000002"), (5, None)], None),
        ("was unknown", [(40, None), (5, "0.000002")], None),
        ("became a router", [(40, "0.000002"), (5, "-1")], None),
        ("was a router", [(40, "-1"), (5, "0.000002")], None),
        ("exactly three weeks ago", [(30, "9e-6"), (21, "2e-6"), (5, "1e-6")], "-0.5"),
    ],
)
def test_the_recent_change_is_on_the_price_that_held_three_weeks_ago(
    case: str, prices: list[tuple[int, str | None]], changed: str | None
) -> None:
    assert recent_changes(seen(*prices), NOW) == ({} if changed is None else {"a/x": Decimal(changed)}), case


def test_each_model_changes_by_itself() -> None:
    history = seen((40, "2e-6"), (5, "1e-6"), id_="a/x") + seen((30, "1e-6"), (4, "3e-6"), id_="b/y")
    assert recent_changes(history, NOW) == {"a/x": Decimal("-0.5"), "b/y": Decimal(2)}


# Prices that rotate


def july(*steps: tuple[int, str]) -> list[ObservedPrice]:
    """Input prices by day of July 2026."""
    return [
        ObservedPrice("lab/a", datetime(2026, 7, day, tzinfo=UTC), Decimal(price), None, None) for day, price in steps
    ]


@pytest.mark.parametrize(
    ("steps", "found"),
    [
        (((1, "0.93"), (2, "0.29"), (3, "0.25"), (4, "0.96"), (5, "0.81")), Rotation(4, 3, date(2026, 7, 5))),
        (((1, "1"), (5, "0.5"), (9, "0.1"), (12, "0.05")), None),
        (((1, "1"), (2, "2"), (3, "1")), None),
        (((1, "1"), (2, "2"), (12, "1"), (20, "2")), None),
        (((1, "1"), (2, "2"), (3, "1"), (4, "2"), (30, "1")), None),
        (((1, "1"),), None),
        ((), None),
    ],
    ids=[
        "four in four days",
        "true cuts",
        "two moves",
        "too far apart",
        "long before its last move",
        "one price",
        "none",
    ],
)
def test_a_price_rotates_where_it_moves_up_and_down_within_days(
    steps: tuple[tuple[int, str], ...], found: Rotation | None
) -> None:
    assert rotation(july(*steps)) == found
