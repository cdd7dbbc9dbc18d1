"""The demo meets every published figure, recomputed here from its daily rows.

Levels are met to the token, growth rates to the printed digit; streaks, counts, flips and the order of the nine exactly.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from orwatch.demo import dataset
from orwatch.demo.figures import FIGURES, PRICES, Quantity, weekly_order
from orwatch.demo.models import models
from orwatch.domain.periods import Grain, Period

T = 10**12
MONDAYS = [date(2026, 1, 26) + timedelta(weeks=n) for n in range(22)]
CHINESE = {"deepseek", "minimax", "moonshotai", "qwen", "stepfun", "tencent", "xiaomi", "z-ai"}
AMERICAN = {"anthropic", "arcee-ai", "google", "meta-llama", "nvidia", "openai", "poolside", "x-ai"}
FLASH = "deepseek/deepseek-v4-flash-20260423"
HY3 = "tencent/hy3-preview-20260421"
M3 = "minimax/minimax-m3-20260531"


@cache
def rows(monday: date) -> list[tuple[str, int]]:
    """The named rows of a week, largest first, added up from its seven days."""
    total: Counter[str] = Counter()
    for n in range(7):
        total.update(dict(dataset.day(monday + timedelta(days=n))))
    del total["other"]
    return sorted(total.items(), key=lambda row: (-row[1], row[0]))


def total(monday: date) -> int:
    return sum(tokens for n in range(7) for _, tokens in dataset.day(monday + timedelta(days=n)))


def country(slug: str) -> str | None:
    vendor = slug.split("/")[0]
    return "CN" if vendor in CHINESE else "US" if vendor in AMERICAN else None


def tokens(monday: date, subject: str, size: int = 9) -> int:
    """Tokens of all, of a country among the `size` largest rows, or of one model."""
    if subject == "total":
        return total(monday)
    if subject in ("CN", "US"):
        return sum(n for slug, n in rows(monday)[:size] if country(slug) == subject)
    return dict(rows(monday))[subject]


def growth(monday: date, subject: str, weeks: int = 1) -> float:
    before = tokens(monday - timedelta(weeks=weeks), subject)
    return (tokens(monday, subject) - before) / before


def leader(monday: date, size: int = 9) -> str:
    return "CN" if tokens(monday, "CN", size) > tokens(monday, "US", size) else "US"


def streak(held: list[bool]) -> int:
    """The length of the run of trues at the end."""
    return next((n for n, value in enumerate(reversed(held)) if not value), len(held))


def until(week: str) -> list[date]:
    return [monday for monday in MONDAYS if monday <= date.fromisoformat(week)]


@pytest.mark.parametrize(
    ("id_", "week", "subject", "expected"),
    [
        ("F02", "2026-02-09", "CN", 4_120_000_000_000),
        ("F03", "2026-02-09", "US", 2_940_000_000_000),
        ("F05", "2026-02-16", "CN", 5_160_000_000_000),
        ("F40", "2026-03-09", "CN", 4_690_000_000_000),
        ("F42", "2026-03-09", "US", 3_294_000_000_000),
        ("F45", "2026-03-30", "CN", 12_960_000_000_000),
        ("F47", "2026-03-30", "US", 3_030_000_000_000),
        ("F50", "2026-05-04", "total", 25_700_000_000_000),
        ("F51", "2026-05-04", "CN", 7_941_000_000_000),
        ("F52", "2026-05-04", "US", 3_760_000_000_000),
        ("F12", "2026-05-18", "total", 28_900_000_000_000),
        ("F15", "2026-05-18", "CN", 9_223_000_000_000),
        ("F17", "2026-05-18", "US", 4_930_000_000_000),
        ("F20", "2026-06-01", "total", 36_100_000_000_000),
        ("F23", "2026-06-01", "CN", 14_190_000_000_000),
        ("F25", "2026-06-01", "US", 3_200_000_000_000),
        ("F28", "2026-06-01", FLASH, 3_690_000_000_000),
        ("F31", "2026-06-01", HY3, 2_940_000_000_000),
        ("F33", "2026-06-01", M3, 2_500_000_000_000),
        ("F54", "2026-06-22", "total", 46_700_000_000_000),
        ("F55", "2026-06-22", "CN", 20_390_000_000_000),
        ("F56", "2026-06-22", "US", 4_250_000_000_000),
    ],
)
def test_published_level_is_met_to_the_token(id_: str, week: str, subject: str, expected: int) -> None:
    assert tokens(date.fromisoformat(week), subject) == expected


@pytest.mark.parametrize(
    ("id_", "week", "subject", "expected"),
    [
        ("F41", "2026-03-09", "CN", "0.1183"),
        ("F43", "2026-03-09", "US", "-0.0933"),
        ("F46", "2026-03-30", "CN", "0.315"),
        ("F48", "2026-03-30", "US", "0.0076"),
        ("F13", "2026-05-18", "total", "0.074"),
        ("F16", "2026-05-18", "CN", "0.1989"),
        ("F18", "2026-05-18", "US", "0.1627"),
        ("F21", "2026-06-01", "total", "0.135"),
        ("F24", "2026-06-01", "CN", "0.2749"),
        ("F26", "2026-06-01", "US", "-0.2453"),
        ("F29", "2026-06-01", FLASH, "0.19"),
        ("F32", "2026-06-01", HY3, "-0.03"),
    ],
)
def test_published_growth_is_met_to_the_printed_digit(id_: str, week: str, subject: str, expected: str) -> None:
    digits = len(expected.partition(".")[2])
    assert f"{growth(date.fromisoformat(week), subject):.{digits}f}" == expected


def test_chinese_tokens_grew_by_127_percent_from_the_week_of_2_february_to_that_of_16_february_f07() -> None:
    assert f"{growth(date(2026, 2, 16), 'CN', weeks=2):.2f}" == "1.27"


def test_ten_largest_exceed_the_published_floor_f08() -> None:
    assert sum(n for _, n in rows(date(2026, 2, 16))[:10]) > 8_700_000_000_000


def test_us_tokens_without_arcee_read_as_published_f06() -> None:
    week = date(2026, 2, 16)
    assert tokens(week, "US") - tokens(week, "arcee-ai/trinity-large-preview:free") == 2_700_000_000_000


@pytest.mark.parametrize(("subject", "expected"), [("US", 6_442_000_000_000), ("CN", 5_415_000_000_000)])
def test_week_of_the_overtaking_reads_the_other_way_on_top50(subject: str, expected: int) -> None:
    assert tokens(date(2026, 2, 9), subject, size=50) == expected


@pytest.mark.parametrize(
    ("id_", "week", "expected"),
    [
        ("F04", "2026-02-09", 1),
        ("F44", "2026-03-09", 2),
        ("F49", "2026-03-30", 5),
        ("F53", "2026-05-04", 2),
        ("F19", "2026-05-18", 4),
        ("F27", "2026-06-01", 6),
        ("F57", "2026-06-22", 9),
    ],
)
def test_chinese_lead_lasts_as_published(id_: str, week: str, expected: int) -> None:
    assert streak([leader(monday) == "CN" for monday in until(week)]) == expected


def test_lead_flips_in_the_published_weeks_and_in_no_others() -> None:
    leaders = [leader(monday) for monday in MONDAYS]
    flips = {
        str(week): now for week, before, now in zip(MONDAYS[1:], leaders, leaders[1:], strict=False) if now != before
    }
    assert leaders[0] == "US"
    assert flips == {
        "2026-02-09": "CN",
        "2026-02-23": "US",
        "2026-03-02": "CN",
        "2026-04-13": "US",
        "2026-04-27": "CN",
    }


@pytest.mark.parametrize(("id_", "week", "expected"), [("F14", "2026-05-18", 5), ("F22", "2026-06-01", 7)])
def test_total_grew_for_the_published_weeks(id_: str, week: str, expected: int) -> None:
    totals = [total(monday) for monday in until(week)]
    assert streak([now > before for before, now in pairwise(totals)]) == expected


def test_v4_flash_is_first_for_three_weeks_f30() -> None:
    assert streak([rows(monday)[0][0] == FLASH for monday in until("2026-06-01")]) == 3


def test_four_chinese_models_head_the_list_f34() -> None:
    head = [country(slug) for slug, _ in rows(date(2026, 6, 1))[:5]]
    assert head == ["CN", "CN", "CN", "CN", None]


def test_minimax_m3_is_first_listed_in_the_week_of_1_june_f33() -> None:
    assert min(monday for monday in MONDAYS if M3 in dict(rows(monday))) == date(2026, 6, 1)


def test_every_binding_figure_of_the_sources_is_in_the_table() -> None:
    left_out = {"F01", "F06", "F09", "F10", "F11", *(f"F{n}" for n in range(35, 40))}
    wanted = {f"F{n:02}" for n in range(1, 58)} - left_out | {"N01", "N02"}
    assert {figure.id for figure in FIGURES} == wanted
    assert {price.id for price in PRICES} == {"P01", "P02", "P03", "P04", "P05"}


def test_figures_of_the_table_are_the_figures_checked_here() -> None:
    for figure in FIGURES:
        if figure.quantity is Quantity.TOKENS:
            assert tokens(figure.week, figure.subject, figure.basis.size if figure.basis else 50) == figure.value
        if figure.quantity is Quantity.GROWTH:
            assert figure.base
            grown = growth(figure.week, figure.subject, (figure.week - figure.base).days // 7)
            assert Decimal(grown).quantize(figure.value) == figure.value


@pytest.mark.parametrize("monday", MONDAYS, ids=str)
def test_nine_largest_stand_in_the_recorded_order(monday: date) -> None:
    found = rows(monday)
    assert tuple(slug for slug, _ in found[:9]) == weekly_order()[monday]
    assert all(one[1] > two[1] for one, two in pairwise(found[:10]))


@pytest.mark.parametrize("monday", MONDAYS, ids=str)
def test_week_has_fifty_named_rows_and_a_plausible_rest(monday: date) -> None:
    assert len(rows(monday)) == 50
    assert all(n > 0 for _, n in rows(monday))
    other = total(monday) - sum(n for _, n in rows(monday))
    assert 0.07 < other / total(monday) < 0.12


@pytest.mark.parametrize("monday", MONDAYS, ids=str)
def test_every_day_of_a_week_names_the_same_fifty_models(monday: date) -> None:
    named = {slug for slug, _ in rows(monday)} | {"other"}
    for n in range(7):
        assert {slug for slug, _ in dataset.day(monday + timedelta(days=n))} == named


def test_total_never_falls_below_what_it_falls_from_in_the_weeks_after_the_published_ones() -> None:
    later = [total(monday) for monday in MONDAYS if monday >= date(2026, 6, 1)]
    assert later == sorted(later)
    assert later[-1] == 46_700_000_000_000


def test_weekend_is_quieter_than_the_week() -> None:
    days = [sum(n for _, n in dataset.day(date(2026, 5, 18) + timedelta(days=n))) for n in range(7)]
    assert max(days[5:]) < min(days[:5])


def test_model_dated_in_its_slug_is_in_no_tail_before_that_date() -> None:
    for monday in MONDAYS:
        for slug, _ in rows(monday)[9:]:
            dated = re.search(r"-(2026\d{4})(?::|$)", slug)
            assert dated is None or datetime.strptime(dated[1], "%Y%m%d").replace(tzinfo=UTC).date() <= monday, slug


def test_every_row_is_a_model_of_the_table() -> None:
    used = {slug for monday in MONDAYS for slug, _ in rows(monday)}
    assert used == set(models())


def test_dataset_ends_where_it_says() -> None:
    assert dataset.day(date(2026, 1, 25)) == ()
    assert dataset.day(date(2026, 1, 26))
    assert dataset.day(date(2026, 6, 28))
    assert dataset.day(date(2026, 6, 29)) == ()


def test_week_of_the_api_is_the_sum_of_its_days() -> None:
    week = dataset.period(Period(Grain.WEEK, date(2026, 6, 1)), datetime(2026, 6, 29, tzinfo=UTC))
    assert [row for row in week if row[0] != "other"] == rows(date(2026, 6, 1))
    assert sum(n for _, n in week) == 36_100_000_000_000


def test_month_is_cut_to_fifty_and_keeps_its_total() -> None:
    month = dataset.period(Period(Grain.MONTH, date(2026, 3, 1)), datetime(2026, 6, 29, tzinfo=UTC))
    whole = sum(n for day in range(31) for _, n in dataset.day(date(2026, 3, 1) + timedelta(days=day)))
    assert len(month) == 51
    assert month[-1][0] == "other"
    assert sum(n for _, n in month) == whole


def test_month_that_begins_before_the_dataset_is_not_given() -> None:
    assert dataset.period(Period(Grain.MONTH, date(2026, 1, 1)), datetime(2026, 6, 29, tzinfo=UTC)) == ()


def test_running_day_stands_in_proportion() -> None:
    so_far = dict(dataset.until(date(2026, 2, 10), datetime(2026, 2, 10, 7, 12, 36, tzinfo=UTC)))
    whole = dict(dataset.day(date(2026, 2, 10)))
    assert so_far == {slug: n * 25956 // 86400 for slug, n in whole.items()}


def test_first_model_of_each_week_is_the_recorded_one() -> None:
    firsts = [rows(monday)[0][0].partition("/")[2] for monday in MONDAYS]
    assert firsts == [
        "claude-4.5-sonnet-20250929",
        "kimi-k2.5-0127",
        *["minimax-m2.5-20260211"] * 5,
        *["mimo-v2-pro-20260318"] * 2,
        *["qwen3.6-plus-04-02:free"] * 2,
        "claude-4.6-sonnet-20260217",
        "kimi-k2.6-20260420",
        *["hy3-preview-20260421:free"] * 2,
        "hy3-preview-20260421",
        *["deepseek-v4-flash-20260423"] * 6,
    ]


def test_package_carries_no_recorded_data() -> None:
    folder = Path(dataset.__file__).parent
    assert {path.name for path in folder.iterdir() if path.suffix not in (".py", "")} == {
        "models.csv",
        "weekly_order.csv",
    }
