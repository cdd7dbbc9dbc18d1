"""Alerts as sentences."""

from __future__ import annotations

from datetime import date

import pytest

from orwatch.domain.alerts.alert import Alert, Severity, Standing, Value
from orwatch.domain.periods import Grain, Period
from orwatch.domain.records import Basis
from orwatch.present.alerts import message
from orwatch.present.alerts.leads import verb_phrase
from orwatch.present.alerts.words import Told
from orwatch.present.sentences import models_of
from orwatch.present.terms import country_words, group_words

NAMES = {"tencent/hy3-preview": "Hy3 preview", "deepseek/v4": "DeepSeek V4"}
WEEK = Period(Grain.WEEK, date(2026, 4, 27))
T = 10**12


def flip(
    kind: str, to: str, from_: str, tokens: tuple[int, int], held: tuple[int, bool], *, period: Period = WEEK,
    state: Standing = Standing.CONFIRMED, basis: Basis = Basis.CHART,
) -> Alert:  # fmt: skip
    values: dict[str, Value] = {
        "from": from_,
        "to": to,
        "from_tokens": tokens[1],
        "to_tokens": tokens[0],
        "ratio": tokens[0] / tokens[1] if tokens[1] else None,
        "held": held[0],
        "held_is_floor": held[1],
    }
    subject = "CN:US" if kind == "versus" else to
    return Alert("lead-flip", Severity.MAJOR, kind, subject, period, values, "", to, basis, state)


def streak(kind: str, leader: str, length: int, subject: str | None = None, period: Period = WEEK) -> Alert:
    values: dict[str, Value] = {"leader": leader, "length": length}
    confirmed = Standing.CONFIRMED
    return Alert(
        "streak", Severity.NOTABLE, kind, subject or leader, period, values, basis=Basis.TOP50, state=confirmed
    )


@pytest.mark.parametrize(
    ("alert", "sentence"),
    [
        (
            flip("versus", "CN", "US", (7_930_000_000_000, 3_250_000_000_000), (2, False)),
            "CN passes US on chart: 7.93T to 3.25T, week of 27 April; US had led 2 weeks",
        ),
        (
            flip("versus", "US", "CN", (5 * T, 4 * T), (1, False), state=Standing.ON_COURSE),
            "US is on course to pass CN on chart: 5.00T to 4.00T, week of 27 April; CN had led 1 week",
        ),
        (
            flip("model", "tencent/hy3-preview", "deepseek/v4", (2 * T, T), (8, True), basis=Basis.TOP50),
            "Hy3 preview passes DeepSeek V4 on top50: 2.00T to 1.00T, week of 27 April; DeepSeek V4 had led at least 8 weeks",
        ),
        (
            flip("model", "lab/new", "deepseek/v4", (2 * T, 0), (8, False)),
            "lab/new passes DeepSeek V4 on chart: 2.00T to 0, week of 27 April; DeepSeek V4 had led 8 weeks",
        ),
        (
            flip("vendor", "openai", "deepseek", (2 * T, T), (3, False), period=Period(Grain.DAY, date(2026, 4, 3))),
            "openai passes deepseek on chart: 2.00T to 1.00T, 3 April; deepseek had led 3 days",
        ),
        (
            flip("country", "CN", "US", (2 * T, T), (1, True), period=Period(Grain.MONTH, date(2026, 4, 1))),
            "CN passes US on chart: 2.00T to 1.00T, April 2026; US had led at least 1 month",
        ),
        (
            streak("versus", "CN", 4, "CN:US"),
            "CN leads US on top50 for the 4th week in a row, week of 27 April",
        ),
        (
            streak("versus", "US", 13, "CN:US"),
            "US leads CN on top50 for the 13th week in a row, week of 27 April",
        ),
        (
            streak("versus", "anthropic", 8, "anthropic:openai"),
            "anthropic leads openai on top50 for the 8th week in a row, week of 27 April",
        ),
        (
            streak("model", "deepseek/v4", 52, period=Period(Grain.DAY, date(2026, 4, 27))),
            "DeepSeek V4 leads the models on top50 for the 52nd day in a row, 27 April",
        ),
        (
            streak("vendor", "deepseek", 26),
            "deepseek leads the vendors on top50 for the 26th week in a row, week of 27 April",
        ),
        (
            streak("country", "CN", 4, period=Period(Grain.MONTH, date(2026, 4, 1))),
            "CN leads the countries on top50 for the 4th month in a row, April 2026",
        ),
    ],
)
def test_an_alert_is_one_sentence_with_its_figures(alert: Alert, sentence: str) -> None:
    assert message(alert, NAMES) == sentence


@pytest.mark.parametrize(
    ("alert", "phrase"),
    [
        (flip("versus", "CN", "US", (2, 1), (1, False)), "CN passes US"),
        (
            flip("model", "tencent/hy3-preview", "deepseek/v4", (2, 1), (1, False)),
            "Hy3 preview passes DeepSeek V4 as first model",
        ),
        (flip("vendor", "openai", "deepseek", (2, 1), (1, False)), "openai passes deepseek as first vendor"),
        (flip("country", "CN", "US", (2, 1), (1, False)), "CN passes US as first country"),
    ],
)
def test_a_flip_in_a_few_words(alert: Alert, phrase: str) -> None:
    assert verb_phrase(alert, NAMES) == phrase


@pytest.mark.parametrize(
    ("grain", "text"), [(Grain.DAY, "1 June"), (Grain.WEEK, "week of 1 June"), (Grain.MONTH, "June 2026")]
)
def test_when(grain: Grain, text: str) -> None:
    assert Told(streak("country", "CN", 4, period=Period(grain, date(2026, 6, 1))), {}).when == text


@pytest.mark.parametrize(("code", "name"), [("CN", "China"), ("US", "United States"), (None, "unattributed")])
def test_countries_in_words(code: str | None, name: str) -> None:
    assert country_words(code) == name


@pytest.mark.parametrize(
    ("side", "text"),
    [
        ("CN", "models of Chinese companies"),
        ("PL", "models of companies in Poland"),
        ("NL", "models of companies in the Netherlands"),
        ("deepseek", "models of deepseek"),
    ],
)
def test_a_country_takes_its_article_within_a_sentence(side: str, text: str) -> None:
    assert models_of(side) == text


@pytest.mark.parametrize(("group", "text"), [("West", "the West"), ("EU", "the EU"), ("CN", "CN"), ("DE FR", "DE FR")])
def test_a_group_of_countries_takes_its_article_within_a_sentence(group: str, text: str) -> None:
    assert group_words(group) == text
