"""The filter language: words, `!`, commas, fields, two capitals; read while it is typed; it hides rows and changes no figure."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orwatch.domain.figures import model_figures
from orwatch.domain.filters import Facts, Filter, make_filter, parse_words
from orwatch.domain.periods import Grain, Period
from orwatch.domain.rankings import Lens, Rankings
from orwatch.domain.records import Listing, Record

# key: permaslug, name, country, its name, free, open weights
MODELS = {
    "V4": Facts("deepseek/deepseek-v4-flash-20260731", "DeepSeek V4 Flash 0731", "CN", "China", False, True),
    "V4 free": Facts("deepseek/deepseek-v4-flash-20260423:free", "DeepSeek V4 Flash", "CN", "China", True, True),
    "K2": Facts("moonshotai/kimi-k2.6-20260420", "Kimi K2.6", "CN", "China", False, True),
    "Opus": Facts("anthropic/claude-5-opus-20260601", "Claude Opus 5", "US", "United States", False, False),
    "GPT": Facts("openai/gpt-5.6-luna-20260710", "GPT-5.6 Luna", "US", "United States", False, False),
    "Large": Facts("mistralai/mistral-large-3", "Mistral Large 3", "FR", "France", False, None),
    "ox": Facts("stealth/ox-alpha", "ox-alpha", None, "unattributed", None, None),
}
ALL = "V4, V4 free, K2, Opus, GPT, Large, ox"


def shown(chosen: Filter) -> str:
    return ", ".join(key for key, facts in MODELS.items() if chosen.matches(facts))


# What is typed


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("", ALL),
        ("   ", ALL),
        # part of the permaslug, the name or the country's name, whatever the case
        ("deepseek", "V4, V4 free"),
        ("DeepSeek", "V4, V4 free"),
        ("flash", "V4, V4 free"),
        ("20260731", "V4"),
        ("k2.6", "K2"),
        ("united", "Opus, GPT"),
        ("china", "V4, V4 free, K2"),
        ("unattributed", "ox"),
        ("nobody", ""),
        # two capitals are a country code
        ("CN", "V4, V4 free, K2"),
        ("US", "Opus, GPT"),
        ("FR", "Large"),
        ("JP", ""),
        # small letters are text as well as a code
        ("us", "Opus, GPT"),
        ("fr", "V4 free, Large"),
        # words must all match
        ("deepseek free", "V4 free"),
        ("CN kimi", "K2"),
        ("CN US", ""),
        # a comma means or
        ("kimi,opus", "K2, Opus"),
        ("FR,US", "Opus, GPT, Large"),
        ("FR,kimi", "K2, Large"),
        ("deepseek,kimi 2026042", "V4 free, K2"),
        # ! excludes
        ("!CN", "Opus, GPT, Large, ox"),
        ("!deepseek", "K2, Opus, GPT, Large, ox"),
        ("!CN !US", "Large, ox"),
        ("!CN,US", "Large, ox"),
        ("CN !free", "V4, K2"),
        ("!deepseek CN", "K2"),
        # fields
        ("vendor:openai", "GPT"),
        ("vendor:open,moon", "K2, GPT"),
        ("vendor:kimi", ""),
        ("model:opus", "Opus"),
        ("model:anthropic/", "Opus"),
        ("name:luna", "GPT"),
        ("name:moonshotai", ""),
        ("country:CN", "V4, V4 free, K2"),
        ("country:cn", "V4, V4 free, K2"),
        ("country:china", "V4, V4 free, K2"),
        ("country:france,US", "Opus, GPT, Large"),
        ("!country:us", "V4, V4 free, K2, Large, ox"),
        ("VENDOR:openai", "GPT"),
        ("free:yes", "V4 free"),
        ("free:no", "V4, K2, Opus, GPT, Large"),
        ("!free:yes", "V4, K2, Opus, GPT, Large, ox"),
        ("open:yes", "V4, V4 free, K2"),
        ("open:no", "Opus, GPT"),
        # a colon that belongs to the permaslug
        ("deepseek-v4-flash-20260423:free", "V4 free"),
        (":free", "V4 free"),
    ],
)
def test_a_filter_shows(text: str, rows: str) -> None:
    assert shown(make_filter(text)) == rows


@pytest.mark.parametrize(("text", "rows"), [("V4", "V4, V4 free"), ("K2", "K2"), ("kimi K2", "K2"), ("!K2 kimi", "")])
def test_a_capital_and_a_digit_are_no_country_code(text: str, rows: str) -> None:
    assert shown(make_filter(text)) == rows


@pytest.mark.parametrize(
    "text", ["!", ",", "!,", "vendor:", "!vendor:", "country:,", "free:", "open:", "name: !", "! , model:"]
)
def test_an_incomplete_word_is_passed_over_while_it_is_typed(text: str) -> None:
    assert parse_words(text) == ()
    assert shown(make_filter(text)) == ALL
    assert shown(make_filter(f"{text} kimi")) == "K2"


@pytest.mark.parametrize(
    ("text", "rows"), [("kimi,", "K2"), (",kimi", "K2"), ("vendor:openai,", "GPT"), ("!CN,", "Opus, GPT, Large, ox")]
)
def test_an_alternative_not_yet_typed_matches_nothing_more(text: str, rows: str) -> None:
    assert shown(make_filter(text)) == rows


# What is picked


def test_picked_vendors_are_whole_slugs() -> None:
    assert shown(make_filter(vendors=["openai", "moonshotai"])) == "K2, GPT"
    assert shown(make_filter(vendors=["OpenAI"])) == "GPT"
    assert shown(make_filter(vendors=["open"])) == ""


def test_picked_vendors_can_be_excluded() -> None:
    assert shown(make_filter(not_vendors=["deepseek", "stealth"])) == "K2, Opus, GPT, Large"


def test_picked_countries_are_codes_and_two_question_marks_the_unattributed() -> None:
    assert shown(make_filter(countries=["FR"])) == "Large"
    assert shown(make_filter(countries=["FR", "??"])) == "Large, ox"
    assert shown(make_filter(not_countries=["CN", "??"])) == "Opus, GPT, Large"


def test_what_is_picked_and_what_is_typed_must_both_match() -> None:
    assert shown(make_filter("free", countries=["CN"], not_vendors=["moonshotai"])) == "V4 free"


def test_an_empty_filter_is_false_and_any_other_true() -> None:
    assert not make_filter("! vendor:")
    assert all(map(bool, [make_filter("a"), make_filter(vendors=["a"]), make_filter(not_vendors=["a"])]))
    assert all(map(bool, [make_filter(countries=["CN"]), make_filter(not_countries=["CN"])]))


def test_one_word_can_be_taken_away_and_what_is_picked_stays() -> None:
    chosen = make_filter("deepseek GPT", countries=["CN"])
    assert shown(chosen) == ""
    assert shown(chosen.without(1)) == "V4, V4 free"
    assert shown(chosen.without(0)) == ""


# Any filter

FACTS = st.builds(
    Facts,
    st.text(max_size=20),
    st.text(max_size=20),
    st.sampled_from(["CN", "US", None]),
    st.sampled_from(["China", "United States", ""]),
    st.sampled_from([True, False, None]),
    st.sampled_from([True, False, None]),
)
TYPED = st.text(alphabet="!,: abCNvendor\u0130ß", max_size=20)


@settings(max_examples=50, deadline=None)
@given(FACTS)
def test_a_filter_without_words_matches_all(facts: Facts) -> None:
    assert make_filter("").matches(facts)


@settings(max_examples=50, deadline=None)
@given(TYPED, FACTS)
def test_whatever_is_typed_can_be_read(text: str, facts: Facts) -> None:
    assert make_filter(text).matches(facts) is all(word.matches(facts) for word in parse_words(text))


@settings(max_examples=50, deadline=None)
@given(st.text(alphabet="abCNUS:,", min_size=1, max_size=12), FACTS)
def test_an_exclamation_mark_shows_exactly_what_the_word_hides(word: str, facts: Facts) -> None:
    if parse_words(word):
        assert make_filter(f"!{word}").matches(facts) is not make_filter(word).matches(facts)


# Filters hide rows and change no figure


def test_rows_that_are_left_keep_rank_share_change_and_streak() -> None:
    now = datetime(2026, 1, 19, tzinfo=UTC)
    tokens = {"V4": (40, 60), "Opus": (50, 50), "K2": (10, 30), "GPT": (20, 20)}
    own = [
        Listing.build(Period(Grain.WEEK, day), now, [(MODELS[key].permaslug, pair[n]) for key, pair in tokens.items()])
        for n, day in enumerate([date(2026, 1, 5), date(2026, 1, 12)])
    ]
    rankings = Rankings(Record.build(Grain.WEEK, now, own, []), Lens())
    week = own[1].period
    rows = model_figures(rankings, week, {})
    by_slug = {facts.permaslug: facts for facts in MODELS.values()}
    left = [row for row in rows if make_filter("!deepseek").matches(by_slug[row.permaslug])]
    assert [(row.rank, row.rank_change, row.tokens, row.share, row.change, row.streak.length) for row in left] == [
        (2, -1, 50, 50 / 160, 0.0, 2),
        (3, 1, 30, 30 / 160, 2.0, 2),
        (4, -1, 20, 20 / 160, 0.0, 2),
    ]
