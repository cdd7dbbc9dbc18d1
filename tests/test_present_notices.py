"""What a message about several alerts says: each happening once, the gravest first, and whom it is about."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace

from orwatch.domain.alerts.alert import Alert, Severity, Standing, Value
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
    "growth-streak", Severity.NOTABLE, "total", "total", DUEL.period,
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
    assert notices.title([DUEL, other], NAMES) == "CN passes US, and 1 more alert"
    assert len(notices.lines([DUEL, other], NAMES)) == 2


def test_a_flip_of_the_first_place_alone_is_told_as_it_is() -> None:
    assert notices.title([FIRST], {}) == "CN passes US as first country"
    assert notices.lines([FIRST], {})[0].startswith("◆ CN passes US on chart")


def test_whom_a_burst_is_about_stands_once_and_the_gravest_first() -> None:
    burst = [GROWTH, streak("versus", "CN", 4, "CN:US"), streak("model", "deepseek/v4", 4), DUEL, MODEL]
    assert notices.title(burst, NAMES) == "CN passes US, and 4 more alerts"
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
    price = Alert("price-change", Severity.NOTABLE, "model", "deepseek/v4", day, values)
    names = {"deepseek/v4-20260401": "DeepSeek V4"}
    assert notices.title([price], names) == "Price change: DeepSeek V4"
    assert notices.subjects([price], names) == ("DeepSeek V4",)


def stale() -> Alert:
    day = Period(Grain.DAY, date(2026, 4, 27))
    values: dict[str, Value] = {"what": "poll", "since": "2026-05-03T18:00:00Z", "hours": 6.0}
    return Alert("stale", Severity.MAJOR, "total", "total", day, values, "6", "poll")


def test_a_flip_goes_before_everything_and_that_of_the_watched_pair_before_others() -> None:
    burst = [stale(), GROWTH, MODEL, DUEL]
    assert notices.title(burst, NAMES) == "CN passes US, and 3 more alerts"
    assert [line[:9] for line in notices.lines(burst, NAMES)] == ["◆ CN pass", "◆ Hy3 pre", "◆ No poll", "• All tok"]
    assert notices.title([stale(), GROWTH], NAMES) == "2 alerts, 1 of them major"


def prices_of_august() -> list[Alert]:
    """Some of the prices that changed on 1 August 2026, as the catalogues of that day and the one before have them."""
    day = Period(Grain.DAY, date(2026, 8, 1))
    found = {
        "z-ai/glm-5.2": ("0.717", "0.797", -0.1), "openai/luna": ("0.1", "0.5", -0.8), "openai/terra": ("1", "1.25", -0.2),
    }  # fmt: skip
    return [
        Alert(
            "price-change", Severity.NOTABLE, "model", slug, day,
            {"model": slug, "input": now, "input_before": before, "input_change": change},
        )
        for slug, (now, before, change) in found.items()
    ]  # fmt: skip


def test_several_price_alerts_are_one_line_and_the_largest_change_goes_first() -> None:
    names = {"z-ai/glm-5.2": "GLM 5.2", "openai/luna": "GPT-5.6 Luna"}
    alerts = prices_of_august()
    line = "• 3 price changes: GPT-5.6 Luna −80% to 0.10, openai/terra −20% to 1.00, GLM 5.2 −10% to 0.717"
    assert (notices.title(alerts, names), notices.lines(alerts, names)) == ("3 price changes", (line,))
    assert notices.subjects([*alerts, GROWTH], names) == ("all tokens", "3 price changes")
    assert notices.title([*alerts, GROWTH], names) == "4 alerts"
    assert notices.lines([DUEL, *alerts], names)[1:] == (line,)
    many = [replace(alerts[0], subject=f"a/{n}", values={**alerts[0].values, "model": f"a/{n}"}) for n in range(9)]
    assert notices.lines(many, {})[0].endswith("a/4 −10% to 0.717 and 4 more")


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
