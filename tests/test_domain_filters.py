"""The filter language: words, `!`, commas, fields, two capitals, prices and context; read while it is typed."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orwatch.domain.catalogue import CatalogueModel, Pricing
from orwatch.domain.filters import BadWord, Facts, Fault, Filter, make_filter
from orwatch.domain.leads import NOBODY
from orwatch.domain.overview import model_rows
from orwatch.domain.periods import Grain, Period
from orwatch.domain.rankings import Lens, Rankings
from orwatch.domain.records import Listing, Record

# key: permaslug, name, country, its name, free, open weights
MODELS = {
    "V4": Facts("deepseek/deepseek-v4-flash-20260731", "DeepSeek V4 Flash 0731", "CN", False, True),
    "V4 free": Facts("deepseek/deepseek-v4-flash-20260423:free", "DeepSeek V4 Flash", "CN", True, True),
    "K2": Facts("moonshotai/kimi-k2.6-20260420", "Kimi K2.6", "CN", False, True),
    "Opus": Facts("anthropic/claude-5-opus-20260601", "Claude Opus 5", "US", False, False),
    "GPT": Facts("openai/gpt-5.6-luna-20260710", "GPT-5.6 Luna", "US", False, False),
    "Large": Facts("mistralai/mistral-large-3", "Mistral Large 3", "FR", False, None),
    "ox": Facts("stealth/ox-alpha", "ox-alpha", None, None, None),
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
        # blanks around a comma change nothing; before a ! it separates
        ("claude, gpt", "Opus, GPT"),
        ("kimi , opus", "K2, Opus"),
        ("CN, !deepseek", "K2"),
        ("country:FR, US", "Opus, GPT, Large"),
        ("vendor:openai, name:kimi", "K2, GPT"),
        ("open:no, FR", "Opus, GPT"),
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
    assert make_filter(text).words == ()
    assert shown(make_filter(text)) == ALL
    assert shown(make_filter(f"kimi {text}")) == "K2"


@pytest.mark.parametrize(
    ("text", "rows"), [("kimi,", "K2"), (",kimi", "K2"), ("vendor:openai,", "GPT"), ("!CN,", "Opus, GPT, Large, ox")]
)
def test_an_alternative_not_yet_typed_matches_nothing_more(text: str, rows: str) -> None:
    assert shown(make_filter(text)) == rows


# Figures


def entry(prompt: str | None, completion: str | None, context: int | None) -> CatalogueModel:
    """Prices in USD per million tokens."""
    given, out = (None if price is None else Decimal(price) / 1_000_000 for price in (prompt, completion))
    return CatalogueModel("a/b", "a/b", "B", context=context, pricing=Pricing(given, out))


ENTRIES = {
    MODELS["V4"].permaslug: entry("0.14", "0.28", 163_840),
    MODELS["V4 free"].permaslug: entry("0", "0", 163_840),
    MODELS["K2"].permaslug: entry("1", "3", 262_144),
    MODELS["Opus"].permaslug: entry("15", "75", 200_000),
    MODELS["GPT"].permaslug: entry("1.25", None, 1_048_576),
    MODELS["Large"].permaslug: entry("-1000000", "-1000000", None),
}


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("in<1", "V4, V4 free"),
        ("in<=1", "V4, V4 free, K2"),
        ("in=1", "K2"),
        ("in>1", "Opus, GPT"),
        ("in>=1.25", "Opus, GPT"),
        ("in > 1.25", "Opus"),
        ("IN<.2", "V4, V4 free"),
        ("in=0", "V4 free"),
        # unknown, varying and unlisted never match
        ("out>0", "V4, K2, Opus"),
        ("out>=0", "V4, V4 free, K2, Opus"),
        ("ctx>0", "V4, V4 free, K2, Opus, GPT"),
        # units; with one, a context is the round number that vendors name
        ("ctx>=200k", "K2, Opus, GPT"),
        ("ctx>=200000", "K2, Opus, GPT"),
        ("ctx=256K", "K2"),
        ("ctx<=256k", "V4, V4 free, K2, Opus"),
        ("ctx=262144", "K2"),
        ("ctx=1m", "GPT"),
        ("ctx>1M", ""),
        ("ctx>256k", "GPT"),
        ("ctx<=163k", ""),
        ("ctx=0.2M", "Opus"),
        # with other words
        ("in<1 ctx>=160k out<=5", "V4, V4 free"),
        ("CN in>0", "V4, K2"),
        ("in<1, opus", "V4, V4 free, Opus"),
        ("CN !in<1", "K2"),
    ],
)
def test_prices_and_context_are_compared(text: str, rows: str) -> None:
    found = make_filter(text)
    assert not found.faults
    assert ", ".join(found.select(MODELS, zip(MODELS.values()), ENTRIES.get)) == rows


def test_prices_are_asked_for_only_of_rows_that_the_other_words_leave() -> None:
    asked: list[str] = []

    def offers(slug: str) -> CatalogueModel | None:
        asked.append(slug)
        return ENTRIES.get(slug)

    for text in ("kimi", "kimi in<1", "in<1 kimi"):
        make_filter(text).select(MODELS, zip(MODELS.values()), offers)
    assert asked == [MODELS["K2"].permaslug] * 2


@pytest.mark.parametrize(
    ("text", "word", "fault"),
    [
        ("price<1", "price<1", Fault.FIGURE),
        ("<1", "<1", Fault.FIGURE),
        ("CN in<abc", "in<abc", Fault.NUMBER),
        ("ctx>=200q", "ctx>=200q", Fault.NUMBER),
        ("in<-1", "in<-1", Fault.NUMBER),
        ("in<1<2", "in<1<2", Fault.NUMBER),
        ("in<", "in<", Fault.UNFINISHED),
        ("in < .", "in<.", Fault.UNFINISHED),
        ("free:maybe", "free:maybe", Fault.YES_NO),
        ("open:", "open:", Fault.UNFINISHED),
        ("vendor: kimi", "vendor:", Fault.UNFINISHED),
        ("!", "!", Fault.UNFINISHED),
    ],
)
def test_a_word_that_cannot_be_read_is_told(text: str, word: str, fault: Fault) -> None:
    assert make_filter(text).faults == (BadWord(word, fault),)


# What is near


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("antropic", ("antropic", "anthropic")),
        ("gtp", ("gtp", "GPT")),
        ("kimmi opus", ("kimmi", "Kimi")),
        ("vendor:deepsek", ("deepsek", "deepseek")),
        ("country:chna", ("chna", "China")),
        ("name:lunna", ("lunna", "Luna")),
        ("model:kimi-k3", ("kimi-k3", "kimi-k2.6")),
        # of some row, or of none by far
        ("kimi opus", None),
        ("qqqqqq", None),
        ("!antropic", None),
        ("in<0.01", None),
    ],
)
def test_a_word_that_nothing_has_is_told_with_the_nearest_name(text: str, near: tuple[str, str] | None) -> None:
    assert make_filter(text).nearest(list(MODELS.values())) == near


# What is picked


def test_picked_vendors_are_whole_slugs() -> None:
    assert shown(make_filter(vendors=["openai", "moonshotai"])) == "K2, GPT"
    assert shown(make_filter(vendors=["OpenAI"])) == "GPT"
    assert shown(make_filter(vendors=["open"])) == ""


def test_picked_vendors_can_be_excluded() -> None:
    assert shown(make_filter(vendors=["!deepseek", "!stealth"])) == "K2, Opus, GPT, Large"


def test_picked_countries_are_codes_and_two_question_marks_the_unattributed() -> None:
    assert shown(make_filter(countries=["FR"])) == "Large"
    assert shown(make_filter(countries=["FR", "??"])) == "Large, ox"
    assert shown(make_filter(countries=["!CN", "!??"])) == "Opus, GPT, Large"


def test_what_is_picked_and_what_is_typed_must_both_match() -> None:
    assert shown(make_filter("free", countries=["CN"], vendors=["!moonshotai"])) == "V4 free"


def test_an_empty_filter_is_false_and_any_other_true() -> None:
    assert not make_filter("! vendor:")
    assert all(map(bool, [make_filter("a"), make_filter(vendors=["a"]), make_filter(vendors=["!a"])]))
    assert all(map(bool, [make_filter(countries=["CN"]), make_filter(countries=["!CN"])]))


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
    st.sampled_from([True, False, None]),
    st.sampled_from([True, False, None]),
)
TYPED = st.text(alphabet="!,: abCNvendor\u0130ßctx<>=.12k", max_size=20)


@given(FACTS)
def test_a_filter_without_words_matches_all(facts: Facts) -> None:
    assert make_filter("").matches(facts)


@given(TYPED, FACTS)
def test_whatever_is_typed_can_be_read(text: str, facts: Facts) -> None:
    assert make_filter(text).matches(facts) is all(word.matches(facts) for word in make_filter(text).words)


@given(st.text(alphabet="abCNUS:,", min_size=1, max_size=12), FACTS)
def test_an_exclamation_mark_shows_exactly_what_the_word_hides(word: str, facts: Facts) -> None:
    if make_filter(word).words:
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
    by_slug = {facts.permaslug: facts for facts in MODELS.values()}
    rows = model_rows(rankings, week, NOBODY, lambda row: by_slug[row.permaslug])
    left = [row for row in rows if make_filter("!deepseek").matches(row.facts)]
    assert [(row.rank, row.rank_change, row.tokens, row.share, row.change, row.streak.length) for row in left] == [
        (2, -1, 50, 50 / 160, 0.0, 2),
        (3, 1, 30, 30 / 160, 2.0, 2),
        (4, -1, 20, 20 / 160, 0.0, 2),
    ]
