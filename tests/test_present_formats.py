"""Figures as text, each with the text that is expected."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orwatch.domain.periods import Grain, Period, Streak
from orwatch.present import formats
from orwatch.present.citation import citation, export_citation

T, B = 10**12, 10**9


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "—"),
        (0, "0"),
        (999, "999"),
        (1000, "1.00K"),
        (868 * B, "868B"),
        (9_223 * B, "9.22T"),
        (9_994 * B, "9.99T"),
        (9_996 * B, "10.0T"),
        (28_920 * B, "28.9T"),
        (75_341 * B, "75.3T"),
        (99_940 * B, "99.9T"),
        (99_960 * B, "100T"),
        (999_400_000, "999M"),
        (999_600_000, "1.00B"),
        (T - 1, "1.00T"),
        (12_345 * T, "12345T"),
    ],
)
def test_tokens(value: int | None, text: str) -> None:
    assert formats.tokens(value) == text


@given(st.integers(1000, 10**15 - 10**12))
def test_tokens_have_three_digits(value: int) -> None:
    text = formats.tokens(value)
    assert len([char for char in text if char.isdigit()]) == 3
    size = {"T": T, "B": B, "M": 10**6, "K": 1000}[text[-1]]
    assert float(text[:-1]) * size == pytest.approx(value, rel=0.0051)


@pytest.mark.parametrize(
    ("values", "unit"),
    [
        ([], (1, "")),
        ([0, 999], (1, "")),
        ([5, 1000], (1000, "K")),
        ([T - 1], (B, "B")),
        ([1, T], (T, "T")),
    ],
)
def test_the_unit_of_a_column_is_that_of_its_largest_value(values: list[int], unit: tuple[int, str]) -> None:
    assert formats.unit_of(values) == unit


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [(None, T, "—"), (11_184 * B, T, "11.18"), (4 * B, T, "0.00"), (7, 1, "7")],
)
def test_tokens_in_a_columns_unit(value: int | None, unit: int, text: str) -> None:
    assert formats.tokens_in(value, unit) == text


@pytest.mark.parametrize(
    ("value", "text"), [(None, "—"), (0.0, "0.0"), (0.569, "56.9"), (1.0, "100.0"), (0.0004, "0.0")]
)
def test_percent(value: float | None, text: str) -> None:
    assert formats.percent(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "—"),
        (0.267, "+26.7"),
        (-0.179, "−17.9"),
        (0.0, "0.0"),
        (-0.0, "0.0"),
        (0.0004, "0.0"),
        (-0.0004, "0.0"),
        (-0.0006, "−0.1"),
        (12.5, "+1250.0"),
        (Decimal("-0.5"), "−50.0"),
    ],
)
def test_a_change_has_its_sign_and_never_one_at_zero(value: float | Decimal | None, text: str) -> None:
    assert formats.signed(value) == text


@pytest.mark.parametrize(("value", "sign"), [(None, "·"), (0.0, "·"), (0.2, "▲"), (-0.2, "▼")])
def test_arrows(value: float | None, sign: str) -> None:
    assert formats.arrow(value) == sign


@pytest.mark.parametrize(
    ("value", "larger", "two"),
    [
        (None, "—", "—"),
        (0.0, "—", "—"),
        (1.0, "1.0 : 1", "1.0 : 1"),
        (1.04, "1.04 : 1", "CN 1.04 : 1"),
        (1 / 1.003, "1.003 : 1", "US 1.003 : 1"),
        (2.4, "2.4 : 1", "CN 2.4 : 1"),
        (1 / 1.3, "1.3 : 1", "US 1.3 : 1"),
        (123.4, "123 : 1", "CN 123 : 1"),
    ],
)
def test_ratios(value: float | None, larger: str, two: str) -> None:
    assert formats.ratio(value) == larger
    assert formats.led("CN", "US", value) == two


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "—"),
        ("0", "0.00"),
        ("0E-9", "0.00"),
        ("15", "15.00"),
        ("0.14", "0.14"),
        ("0.140", "0.14"),
        ("0.028", "0.028"),
        ("1.125", "1.125"),
        ("0.0996", "0.10"),
        ("0.0983", "0.098"),
        ("0.0036", "0.0036"),
        ("0.00105", "0.00105"),
        ("0.0142857", "0.0143"),
        ("0.012", "0.012"),
        ("0.0125", "0.0125"),
        ("0.001", "0.001"),
        ("0.0005", "0.0005"),
        ("0.00005", "0.00005"),
        ("0.0000001", "0.0000001"),
        ("1E+3", "1000.00"),
    ],
)
def test_prices(value: str | None, text: str) -> None:
    assert formats.price(None if value is None else Decimal(value)) == text


@pytest.mark.parametrize("thousandths", [1, 7, 36, 99, 105, 149, 1049, 9949, 123_456])
@pytest.mark.parametrize("power", [-6, -4, -3])
def test_a_price_is_within_one_percent_of_what_it_is(thousandths: int, power: int) -> None:
    value = Decimal(thousandths).scaleb(power)
    assert abs(Decimal(formats.price(value)) - value) <= value / 100


@pytest.mark.parametrize(
    ("figures", "texts"),
    [
        ((7_930_000_000_000, 3_250_000_000_000), ("7.93T", "3.25T")),
        ((1_521_000_000_000, 1_517_000_000_000), ("1.521T", "1.517T")),
        ((999_000_001, 999_000_000), ("999.000001M", "999.000000M")),
        ((5, 5), ("5", "5")),
    ],
)
def test_figures_of_one_sentence_have_the_digits_that_tell_them_apart(
    figures: tuple[int, int], texts: tuple[str, str]
) -> None:
    assert formats.told_apart(formats.tokens, *figures) == texts


def test_decimal_points_stand_in_line_when_the_column_is_set_right() -> None:
    column = [Decimal("15"), Decimal("0.028"), Decimal("0.14"), None]
    assert [formats.aligned_price(value) for value in column] == ["15.00 ", "0.028", "0.14 ", "— "]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "—"),
        ("5.55", "5.6"),
        ("33.31", "33.3"),
        ("0.996", "1.0"),
        ("0.994", "0.99"),
        ("0.7", "0.70"),
        ("0.655", "0.66"),
        ("0.0375", "0.038"),
        ("0.00101", "0.0010"),
        ("0", "0.0"),
        ("999.97", "1000"),
        ("1234.5", "1234"),
    ],
)
def test_multiples(value: str | None, text: str) -> None:
    assert formats.multiple(None if value is None else Decimal(value)) == text


@pytest.mark.parametrize(
    ("tokens", "text"),
    [
        (None, "—"),
        (0, "—"),
        (512, "512"),
        (4_096, "4K"),
        (8_191, "8K"),
        (32_000, "32K"),
        (65_536, "64K"),
        (128_000, "128K"),
        (131_072, "128K"),
        (163_840, "160K"),
        (200_000, "200K"),
        (204_800, "200K"),
        (256_000, "256K"),
        (262_144, "256K"),
        (512_000, "512K"),
        (524_288, "512K"),
        (999_999, "1M"),
        (1_000_000, "1M"),
        (1_024_000, "1M"),
        (1_048_576, "1M"),
        (1_050_000, "1M"),
        (1_310_720, "1.3M"),
        (1_500_000, "1.5M"),
        (2_000_000, "2M"),
        (10_000_000, "10M"),
    ],
)
def test_context_lengths(tokens: int | None, text: str) -> None:
    """Every length that the recorded catalogue has more than a few times, as its vendor names it."""
    assert formats.context(tokens) == text


@pytest.mark.parametrize(
    ("grain", "start", "short", "long"),
    [
        (Grain.DAY, date(2026, 8, 17), "17 Aug", "17 Aug 2026"),
        (Grain.WEEK, date(2026, 8, 10), "10–16 Aug", "10–16 Aug 2026"),
        (Grain.WEEK, date(2026, 4, 27), "27 Apr–3 May", "27 Apr–3 May 2026"),
        (Grain.WEEK, date(2025, 12, 29), "29 Dec–4 Jan", "29 Dec 2025–4 Jan 2026"),
        (Grain.MONTH, date(2026, 8, 1), "Aug 2026", "Aug 2026"),
    ],
)
def test_periods_by_their_days(grain: Grain, start: date, short: str, long: str) -> None:
    period = Period(grain, start)
    assert formats.span(period) == short
    assert formats.span(period, year=True) == long


@pytest.mark.parametrize(
    ("grain", "start", "first", "long", "sentence"),
    [
        (Grain.DAY, date(2026, 8, 7), "7 Aug", "7 August", "7 August 2026"),
        (Grain.WEEK, date(2026, 8, 10), "10 Aug", "week of 10 August", "week of 10 to 16 August 2026"),
        (Grain.MONTH, date(2026, 8, 1), "Aug 2026", "August 2026", "August 2026"),
    ],
)
def test_periods_by_their_first_day_and_in_a_sentence(
    grain: Grain, start: date, first: str, long: str, sentence: str
) -> None:
    period = Period(grain, start)
    assert formats.first_day(period) == first
    assert formats.long_first_day(period) == long
    assert formats.long_span(period) == sentence


class Further(str):
    """A grain that nobody declares: so many calendar months, or days."""

    months, days, trailing = 0, 0, False


def further(name: str, *, months: int = 0, days: int = 0) -> Any:
    grain = Further(name)
    grain.months, grain.days = months, days
    return grain


@pytest.mark.parametrize(
    ("grain", "start", "span", "long", "column", "head", "count"),
    [
        (
            further("quarter", months=3), date(2026, 7, 1), "Jul–Sep 2026", "July to September 2026", "Jul–Sep 2026",
            "QoQ %", "2 quarters",
        ),
        (
            further("year", months=12), date(2026, 1, 1), "Jan–Dec 2026", "January to December 2026", "Jan–Dec 2026",
            "YoY %", "2 years",
        ),
        (
            further("fortnight", days=14), date(2026, 8, 3), "3–16 Aug", "fortnight of 3 to 16 August 2026", "3 Aug",
            "FoF %", "2 fortnights",
        ),
    ],
)  # fmt: skip
def test_a_further_grain_needs_no_words_of_its_own(
    grain: Any, start: date, span: str, long: str, column: str, head: str, count: str
) -> None:
    period = Period.of(grain, date(2026, 8, 12))
    assert (period.start, period.previous().next(), period.previous().steps_to(period)) == (start, period, 1)
    assert (formats.span(period), formats.long_span(period)) == (span, long)
    assert formats.first_day(period) == column
    assert len(column) <= formats.first_day_width(grain)
    assert (formats.change_head(grain), formats.plural(2, grain)) == (head, count)


@given(st.sampled_from(Grain), st.dates(date(2025, 1, 1), date(2030, 1, 1)))
def test_no_first_day_is_wider_than_its_column(grain: Grain, any_day: date) -> None:
    assert len(formats.first_day(Period.of(grain, any_day))) <= formats.first_day_width(grain)


def test_moments_are_utc_and_whole_seconds() -> None:
    moment = datetime(2026, 8, 17, 4, 1, 0, 999_000, timezone(timedelta(hours=2)))
    assert formats.moment(moment) == "2026-08-17T02:01:00Z"
    assert formats.short_moment(moment) == "17 Aug 02:01Z"


@pytest.mark.parametrize(
    ("streak", "text", "words"),
    [
        (Streak(1), "1 week", "1st week"),
        (Streak(6), "6 weeks", "6th week"),
        (Streak(16), "16 weeks", "16th week"),
        (Streak(22), "22 weeks", "22nd week"),
        (Streak(8, is_floor=True), "≥ 8 weeks", "at least 8 weeks"),
        (Streak(1, is_floor=True), "≥ 1 week", "at least 1 week"),
    ],
)
def test_streaks(streak: Streak, text: str, words: str) -> None:
    assert formats.streak(streak, Grain.WEEK) == text
    assert formats.streak_words(streak, Grain.WEEK) == words


@pytest.mark.parametrize(
    ("number", "text"),
    [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (12, "12th"), (13, "13th"), (21, "21st"), (111, "111th")],
)  # fmt: skip
def test_ordinals(number: int, text: str) -> None:
    assert formats.ordinal(number) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-5, "0 s"),
        (0, "0 s"),
        (59.9, "59 s"),
        (60, "1 min"),
        (3599, "59 min"),
        (3600, "1 h"),
        (86_399, "23 h"),
        (200_000, "2 d"),
    ],
)
def test_ages(seconds: float, text: str) -> None:
    assert formats.age(seconds) == text


@pytest.mark.parametrize(
    ("seconds", "text"), [(-1, "0:00"), (0, "0:00"), (9, "0:09"), (288, "4:48"), (3599, "59:59"), (3720, "1:02:00")]
)
def test_countdowns(seconds: float, text: str) -> None:
    assert formats.countdown(seconds) == text


@pytest.mark.parametrize(
    ("text", "width", "cut"),
    [
        ("DeepSeek V4", 11, "DeepSeek V4"),
        ("DeepSeek V4 Flash 0731", 16, "DeepSeek V4…0731"),
        ("DeepSeek V4 Flash", 6, "Deep…h"),
        ("DeepSeek", 1, "…"),
        ("DeepSeek", 0, ""),
        ("", 5, ""),
    ],
)
def test_long_names_are_cut_in_the_middle(text: str, width: int, cut: str) -> None:
    assert formats.middle_cut(text, width) == cut


@given(st.text(), st.integers(0, 40))
def test_a_cut_name_fits(text: str, width: int) -> None:
    assert formats.cell_width(formats.middle_cut(text, width)) <= width
    assert formats.cell_width(formats.end_cut(text, width)) <= width


@pytest.mark.parametrize(
    ("text", "width", "cut"), [("你好世界模型", 8, "你好…型"), ("模型", 4, "模型"), ("Ünlü-7B-2026", 9, "Ünlü-…026")]
)
def test_wide_glyphs_are_cut_by_cells(text: str, width: int, cut: str) -> None:
    assert formats.middle_cut(text, width) == cut


@pytest.mark.parametrize("source", ["openrouter", "replay"])
def test_the_citation_names_source_and_time(source: str) -> None:
    as_of = datetime(2026, 6, 8, 2, tzinfo=UTC)
    line = "Source: OpenRouter (openrouter.ai/rankings), as of 2026-06-08T02:00:00Z."
    assert citation(source, as_of) == line
    assert export_citation(source, as_of, computed=False) == f"{line} Licensed under CC BY 4.0."
    assert export_citation(source, as_of, computed=True) == f"{line} Licensed under CC BY 4.0. Aggregated by orwatch."


def test_the_demo_cites_when_its_figures_were_taken() -> None:
    line = "Source: OpenRouter (openrouter.ai/rankings), as of 2026-08-22T02:01:37Z, replayed."
    assert citation("demo", datetime(2026, 6, 8, 2, tzinfo=UTC)) == line


@pytest.mark.parametrize(
    ("weeks_per_second", "said"),
    [
        (1 / 7, "a day a second"),
        (2 / 7, "2 days a second"),
        (8 / 7, "8 days a second"),
        (1, "a week a second"),
        (2, "2 weeks a second"),
        (1 / 14, "a week in 14 s"),
        (0, "not at all"),
    ],
)
def test_the_pace_of_the_demo_is_said_in_days_or_weeks(weeks_per_second: float, said: str) -> None:
    assert formats.pace(weeks_per_second) == said
