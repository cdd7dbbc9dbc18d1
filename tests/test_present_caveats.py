"""Caveats, benchmarks and conditions as sentences."""

from __future__ import annotations

from datetime import date

import pytest

from orwatch.domain.catalogue import Override
from orwatch.domain.detail import Caveat, CaveatKind
from orwatch.domain.periods import Grain
from orwatch.domain.rankings import Lens
from orwatch.domain.records import Basis
from orwatch.present.benchmarks import category_words, through_openrouter
from orwatch.present.caveats import caveat_sentence
from orwatch.present.terms import condition_words

CHART = Lens(Basis.CHART)


@pytest.mark.parametrize("kind", list(CaveatKind))
def test_every_kind_is_a_plain_sentence(kind: CaveatKind) -> None:
    text = caveat_sentence(Caveat(kind, 3, 5, date(2026, 3, 30), "CN"), Grain.WEEK, CHART)
    assert text.endswith(".")
    assert text[0].isupper() or text[0].isdigit()
    assert "None" not in text
    assert len(text) < 150


@pytest.mark.parametrize(
    ("caveat", "sentence"),
    [
        (
            Caveat(CaveatKind.COUNTRY_ASSIGNED, text="FR"),
            "France is your own assignment, not that of the shipped table.",
        ),
        (
            Caveat(CaveatKind.RENAMED_FROM, day=date(2026, 3, 30), text="qwen/q-preview:free"),
            "Renamed in the week of 30 Mar 2026, before it was qwen/q-preview:free: that week is split between the two.",
        ),
        (
            Caveat(CaveatKind.RUNNING, 5, 7),
            "The week is in progress, day 5 of 7: only days that are over are compared.",
        ),
        (
            Caveat(CaveatKind.COMPOSED, 1, 9),
            "1 week of 9 is added up from days: what it had on days outside the daily top 50 is missing.",
        ),
        (Caveat(CaveatKind.PARTIAL, 1), "1 week (marked *) lacks days of the record, and is not compared."),
        (Caveat(CaveatKind.PARTIAL, 2), "2 weeks (marked *) lack days of the record, and are not compared."),
        (
            Caveat(CaveatKind.OUTSIDE_BASIS),
            "Only the nine largest models count on chart: what it has outside them stands in other.",
        ),
        (
            Caveat(CaveatKind.PRICE_ROTATES, 4, 3, date(2026, 7, 5)),
            "Its listed input price moved 4 times in 3 days to 5 Jul, up and down: it rotates between hosts.",
        ),
        (Caveat(CaveatKind.EXPIRES, day=date(2026, 12, 31)), "It is to be taken off on 31 Dec 2026."),
    ],
)
def test_sentences_with_their_facts(caveat: Caveat, sentence: str) -> None:
    assert caveat_sentence(caveat, Grain.WEEK, CHART) == sentence


@pytest.mark.parametrize(
    ("override", "words"),
    [
        (Override(min_prompt_tokens=272_000), "from 272,000 prompt tokens"),
        (Override(utc_start="1630", utc_end="0030"), "16:30–00:30 UTC"),
        (Override(min_prompt_tokens=0, utc_start="0000", utc_end="0600"), "from 0 prompt tokens, 00:00–06:00 UTC"),
    ],
)
def test_conditions_of_prices_in_words(override: Override, words: str) -> None:
    assert condition_words(override) == words


def test_categories_as_people_call_them() -> None:
    assert [category_words(*pair) for pair in (("gamedev", "models"), ("webapps", "agents"), ("chess", "models"))] == [
        "games", "web apps, agents", "chess",
    ]  # fmt: skip
    assert through_openrouter("Design Arena") == "Design Arena, through OpenRouter"
