"""What a message about several alerts says: each happening once, the gravest first, and whom it is about."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace

from orwatch.domain.alerts.alert import Alert, Severity, Standing
from orwatch.domain.alerts.repeats import joined_flips
from orwatch.domain.periods import Grain, Period
from orwatch.domain.records import Basis
from orwatch.notify.channel import named
from orwatch.present.alerts import notices
from test_present_sentences import NAMES, flip, streak

T = 10**12
DUEL = flip("versus", "CN", "US", (8 * T, 3 * T), (2, False))
FIRST = flip("country", "CN", "US", (8 * T, 3 * T), (2, False))
MODEL = flip("model", "tencent/hy3-preview", "deepseek/v4", (2 * T, T), (8, False))
GROWTH = Alert(
    "growth-streak", Severity.NOTABLE, "total", "total", None, DUEL.period, Standing.CONFIRMED,
    {"length": 5, "tokens": 3 * T, "tokens_before": 2 * T}, "5", "up",
)  # fmt: skip


def test_a_flip_of_the_watched_pair_that_is_one_of_the_first_place_is_told_in_one() -> None:
    (told,) = joined_flips([FIRST, DUEL])
    assert (told.id, told.values["leads"]) == (DUEL.id, "country")
    assert notices.title([told], {}) == "CN passes US"
    assert notices.lines([told], {}) == (
        "◆ CN passes US and leads the countries on chart: 8.00T to 3.00T, week of 27 April; US had led 2 weeks",
    )
    vendors = [flip(kind, "deepseek", "openai", (8 * T, 3 * T), (2, False)) for kind in ("versus", "vendor")]
    assert "deepseek passes openai and leads the vendors on chart" in notices.lines(joined_flips(vendors), {})[0]
    course = [replace(alert, state=Standing.ON_COURSE) for alert in (FIRST, DUEL)]
    assert "CN is on course to pass US and lead the countries on chart" in notices.lines(joined_flips(course), {})[0]


@pytest.mark.parametrize(
    "other",
    [
        flip("country", "CN", "FR", (8 * T, 3 * T), (2, False)),
        flip("country", "US", "CN", (8 * T, 3 * T), (2, False)),
        replace(FIRST, basis=Basis.TOP50),
        replace(FIRST, period=Period(Grain.WEEK, date(2026, 5, 4))),
        replace(FIRST, period=Period(Grain.DAY, date(2026, 4, 27))),
        replace(FIRST, state=Standing.ON_COURSE),
        MODEL,
    ],
    ids=["another loser", "the other way", "basis", "week", "grain", "on course", "model"],
)
def test_any_other_flip_is_told_apart(other: Alert) -> None:
    assert joined_flips([DUEL, other]) == (DUEL, other)
    assert notices.title([DUEL, other], NAMES) == "2 alerts, 2 of them major"
    assert len(notices.lines([DUEL, other], NAMES)) == 2


def test_a_flip_of_the_first_place_alone_is_told_as_it_is() -> None:
    assert notices.title([FIRST], {}) == "CN passes US as first country"
    assert notices.lines([FIRST], {})[0].startswith("◆ CN passes US on chart")


def test_whom_a_burst_is_about_stands_once_and_the_gravest_first() -> None:
    burst = [GROWTH, streak("versus", "CN", 4, "CN:US"), streak("model", "deepseek/v4", 4), DUEL, MODEL]
    assert notices.title(burst, NAMES) == "5 alerts, 2 of them major"
    assert notices.subjects(burst, NAMES) == (
        "CN passes US",
        "Hy3 preview passes DeepSeek V4 as first model",
        "all tokens",
        "DeepSeek V4",
    )


def test_a_model_whose_price_changed_is_called_by_its_name() -> None:
    day, values = (
        Period(Grain.DAY, date(2026, 7, 28)),
        {"model": "deepseek/v4-20260401", "input": "1", "input_before": "2"},
    )
    price = Alert("price-change", Severity.NOTABLE, "model", "deepseek/v4", None, day, Standing.CONFIRMED, values)
    names = {"deepseek/v4-20260401": "DeepSeek V4"}
    assert notices.title([price], names) == "Price change: DeepSeek V4"
    assert notices.subjects([price], names) == ("DeepSeek V4",)


@pytest.mark.parametrize(
    ("subjects", "length", "text"),
    [
        (["CN passes US"], 56, "CN passes US"),
        (["CN passes US", "A", "B"], 56, "CN passes US, A, B"),
        (["CN passes US", "A", "B", "C", "D"], 56, "CN passes US, A, B and 2 more"),
        (["CN passes US", "A long name of a model", "B"], 36, "CN passes US and 2 more"),
        (["A very long name of a model", "B"], 20, "A very l… and 1 more"),
        ([], 20, ""),
    ],
)
def test_three_are_named_where_there_is_room_and_the_rest_counted(subjects: list[str], length: int, text: str) -> None:
    assert named(subjects, length) == text
